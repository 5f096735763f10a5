"""Sources of a client's settings: arguments, the environment, files of the vendor's tools, functions."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from emitted_text import Kept, emissions
from fakes import AwaitedFake, Fake

from linode import AsyncLinodeClient, ConnectionFailedError, LinodeClient, Retry
from linode._http.transport import Response
from linode._model import Call
from linode.sandbox import Sandbox

ANSWERS = {"GET /x": {}, "POST /x": {}}
GO = """
# of Terraform
[default]
token = go-token-1
api_version = v4beta

[Work]
token = go-token-2  # a comment
api_url = api.test

[bare]
api_url = https://api.test/v4
"""
CLI = """
[DEFAULT]
default-user = ann

[ann]
token = cli-token-1
region = us-east

[bob]
token = cli-token-2
api_host = api.test:8080
api_scheme = http
"""
KEPT = Kept(token="T0ken-nobody-may-see")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home directory without files."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / ".config").mkdir()
    return tmp_path


@pytest.fixture(params=[LinodeClient, AsyncLinodeClient], ids=["sync", "awaited"])
def kind(request):
    """Either class of clients."""
    return request.param


def keep(file, text, mode=0o600):
    """*file* with *text*, which its owner alone can read."""
    file.write_text(text)
    file.chmod(mode)
    return file


def told(client):
    """The address and the token of a request of *client*."""
    wire = client._wire
    request = wire.request(Call("GET", "/x"))
    return request.url.removesuffix("/x"), request.headers.get("Authorization")


# -- the environment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "version", "expected"),
    [
        (None, None, "https://api.linode.com/v4"),
        (None, "v4beta", "https://api.linode.com/v4beta"),
        ("https://api.test", None, "https://api.test/v4"),
        ("https://api.test/v4beta/", None, "https://api.test/v4beta"),
        ("https://api.test/v4beta", "v4", "https://api.test/v4"),
        ("http://127.0.0.1:1/below", "v4beta", "http://127.0.0.1:1/below/v4beta"),
        ("api.test", None, "https://api.test/v4"),
        ("https://api.alpha.test/v4", None, "https://api.alpha.test/v4"),
        ("", "", "https://api.linode.com/v4"),
    ],
)
def test_the_environment_sets_the_address(kind, monkeypatch, url, version, expected):
    """LINODE_URL with or without its version, LINODE_API_VERSION, and neither where base_url is given."""
    for name, value in (("LINODE_URL", url), ("LINODE_API_VERSION", version)):
        if value is not None:
            monkeypatch.setenv(name, value)
    assert kind("t").base_url == expected
    assert kind("t", "https://given.test/v4").base_url == "https://given.test/v4"


@pytest.mark.parametrize(
    ("name", "value"), [("LINODE_URL", "ftp://api.test"), ("LINODE_URL", "https://"), ("LINODE_API_VERSION", "4")]
)
def test_a_wrong_variable_is_named(kind, monkeypatch, name, value):
    """The error names the variable, not the argument."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=f"^{name} is '{value}'; it must be "):
        kind()
    assert kind(base_url="https://given.test/v4").base_url == "https://given.test/v4"


def test_the_environment_names_the_file_of_certificates(kind, monkeypatch, tmp_path):
    """LINODE_CA is verify= where that is not given; a missing file is named with the variable."""
    monkeypatch.setenv("LINODE_CA", str(keep(tmp_path / "ca.pem", "")))
    assert kind()._transport._verify == str(tmp_path / "ca.pem")
    assert kind(verify=True)._transport._verify is True
    assert kind(verify=False)._transport._verify is False
    monkeypatch.setenv("LINODE_CA", "/nowhere.pem")
    with pytest.raises(FileNotFoundError, match=r"^LINODE_CA='/nowhere\.pem': the file of CA certificates"):
        kind()
    monkeypatch.delenv("LINODE_CA")
    assert kind()._transport._verify is True


def test_the_client_says_where_its_token_is_from(kind, monkeypatch):
    """The argument wins over the environment; no secret is shown."""
    assert kind().source == "no token"
    monkeypatch.setenv("LINODE_TOKEN", KEPT.token)
    assert kind().source == "LINODE_TOKEN"
    assert told(kind())[1] == f"Bearer {KEPT.token}"
    assert kind("t").source == "the argument token"


def test_a_sandbox_is_not_moved_by_the_environment(monkeypatch):
    """Clients of a sandbox keep its address."""
    monkeypatch.setenv("LINODE_URL", "https://api.alpha.test/v4")
    with Sandbox(seed=1) as sandbox:
        assert sandbox.client().base_url == sandbox.async_client().base_url == "http://sandbox/v4"


def test_a_client_without_such_settings_imports_nothing_for_them():
    """Neither the module of configuration files nor the INI parser is loaded by the first client."""
    code = "import sys, linode; linode.LinodeClient('t'); print({'linode._config', 'configparser'} & {*sys.modules})"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "set()"


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "profile", "section", "expected"),
    [
        ("linode", GO, None, "default", ("https://api.linode.com/v4beta", "Bearer go-token-1")),
        ("linode", GO, "work", "Work", ("https://api.test/v4beta", "Bearer go-token-2")),
        ("linode", GO, "bare", "bare", ("https://api.test/v4beta", "Bearer go-token-1")),
        ("linode-cli", CLI, None, "ann", ("https://api.linode.com/v4", "Bearer cli-token-1")),
        ("linode-cli", CLI, "bob", "bob", ("http://api.test:8080/v4", "Bearer cli-token-2")),
    ],
)
def test_a_profile_of_the_vendors_tools(kind, home, monkeypatch, name, text, profile, section, expected):
    """Each form of file, by its place, by LINODE_CONFIG and by path=; the profile as argument and as variable."""
    file = keep(home / ".config" / name, text)
    made = kind.from_config(profile)
    assert (told(made), made.source) == (expected, f"{file} [{section}]")
    moved = file.rename(home / "elsewhere")
    assert told(kind.from_config(profile, moved)) == told(kind.from_config(profile, "~/elsewhere")) == expected
    monkeypatch.setenv("LINODE_CONFIG", str(moved))
    monkeypatch.setenv("LINODE_PROFILE", profile or "")
    assert told(kind.from_config()) == expected


def test_which_source_wins(kind, home, monkeypatch):
    """The file wins over the environment, options win over the file, and the Go tools' file over linode-cli's."""
    keep(home / ".config/linode-cli", CLI)
    keep(home / ".config/linode", GO)
    monkeypatch.setenv("LINODE_TOKEN", "of-the-environment")
    monkeypatch.setenv("LINODE_URL", "http://environment.test")
    monkeypatch.setenv("LINODE_PROFILE", "work")
    assert told(kind.from_config("default")) == ("http://environment.test/v4beta", "Bearer go-token-1")
    assert told(kind.from_config()) == ("https://api.test/v4beta", "Bearer go-token-2")
    made = kind.from_config(token="given", base_url="http://given.test/v4", page_size=7)
    assert (told(made), made.page_size) == (("http://given.test/v4", "Bearer given"), 7)
    assert made.source == "the argument token"
    assert told(kind.from_config(token=None, base_url=None))[1] == "Bearer go-token-2"


@pytest.mark.parametrize(
    ("text", "profile", "message"),
    [
        (GO, "wrok", r"/file has no section \[wrok\] \(profile\); its sections are \[default\], \[Work\], \[bare\]$"),
        (CLI.replace("= ann", "= eve"), None, r"no section \[eve\] \(default-user in .*/file\); .* \[ann\], \[bob\]$"),
        ("", None, r"/file has no section \[default\] \(the default\); file has no sections$"),
        ("[default]\napi_version=v4\n", None, r"/file \[default\] has no token; its sections are \[default\]$"),
        (f"[default]\ntoken={KEPT.token} x\n", None, r"^the token in .*/file \[default\] must be printable ASCII"),
        (f"token={KEPT.token}\n", None, r"/file is not an INI file: line 1 is neither"),
        (f"[default]\ntoken {KEPT.token}\n", None, r"/file is not an INI file: line 2 is neither"),
        (f"[default]\ntoken={KEPT.token}\napi_version=4\n", None, r"^api_version in .* \[default\] is '4'; it must be"),
        (f"[default]\ntoken={KEPT.token}\napi_url=x://y\n", None, r"^api_url in .* \[default\] is 'x://y'; it must be"),
    ],
)
def test_a_wrong_file_is_named_and_no_token_shown(kind, home, text, profile, message):
    """The error names file and sections; neither its text nor its frames show the token."""
    file = keep(home / "file", text)
    del text
    with emissions() as seen, pytest.raises(ValueError, match=message) as caught:
        kind.from_config(profile, file)
    seen.fails(caught.value)
    assert seen.leaks(KEPT.token) == []


def test_a_missing_file_is_named(kind, home, monkeypatch):
    """Each place that was looked at is named, and a variable that names the file."""
    with pytest.raises(FileNotFoundError, match=rf"neither {home}/\.config/linode nor {home}/\.config/linode-cli exis"):
        kind.from_config()
    with pytest.raises(FileNotFoundError, match=r"^path='/nowhere': the configuration file does not exist"):
        kind.from_config(path="/nowhere")
    monkeypatch.setenv("LINODE_CONFIG", "/no/file")
    with pytest.raises(FileNotFoundError, match=r"^LINODE_CONFIG='/no/file': the configuration file does not exist"):
        kind.from_config()
    with pytest.raises(IsADirectoryError, match=str(home)):
        kind.from_config(path=home)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_can_use_is_warned_of(kind, home, mode):
    """The warning names the file and the remedy, and the line of the caller."""
    file = keep(home / "file", GO, mode)
    with pytest.warns(
        UserWarning, match=rf"^{file} has a token and other users .*\(mode 0{mode:o}\); run: chmod 600"
    ) as w:
        kind.from_config(path=file)
    assert [each.filename for each in w] == [__file__]


# -- functions ---------------------------------------------------------------------------------------------------------


def ask(kind, token, answers, times=1, **options):
    """The headers of *times* requests of a client with the token *token*."""
    fake = (Fake if kind is LinodeClient else AwaitedFake)(answers)
    client = kind(token, "http://api.test/v4", transport=fake, **options)

    async def awaited():
        for _ in range(times):
            await client.request("GET", "/x")

    if kind is LinodeClient:
        for _ in range(times):
            client.request("GET", "/x")
    else:
        asyncio.run(awaited())
    return [each.headers["Authorization"] for each in fake.requests]


def test_a_function_returns_the_token_of_each_request(kind):
    """The function is called once for each request, and for each attempt of a retried one."""
    tokens = iter(["one", "two", "three", "four"])
    assert ask(kind, lambda: next(tokens), ANSWERS, 3) == ["Bearer one", "Bearer two", "Bearer three"]
    answers = iter([Response(503, {}, b"{}"), Response(200, {}, b"{}")])
    rotated = iter(["old", "new"])
    assert ask(kind, lambda: next(rotated), lambda _: next(answers)) == ["Bearer old", "Bearer new"]


def test_a_function_returns_the_token_for_the_api_of_2016():
    """The header has the word of that API, in translated requests and in unchanged ones."""
    wire = LinodeClient(lambda: "the-token", "https://api.alpha.linode.com/v4")._wire
    for path in ("/regions", "/datacenters"):
        request = wire.request(wire.authorized(Call("GET", path), wire.ask()))
        assert request.url == "https://api.alpha.linode.com/v4/datacenters"
        assert request.headers["Authorization"] == "token the-token"


def test_what_the_function_raises_reaches_the_caller(kind):
    """Nothing is sent or retried, also for an error that would be retried if the API had sent it."""
    asked = []

    def fails(error):
        def store():
            asked.append(error)
            raise error

        return store

    for error in (KeyError("the vault is shut"), ConnectionFailedError("no vault"), OSError("no vault")):
        asked.clear()
        with pytest.raises(type(error)) as caught:
            ask(kind, fails(error), lambda _: pytest.fail("a request was sent"))
        assert caught.value is error
        assert asked == [error]


@pytest.mark.parametrize(
    ("returned", "error", "message"),
    [
        (None, TypeError, "returns must be a str, not None"),
        (b"bytes", TypeError, "returns must be a str, not bytes"),
        ("a b", ValueError, "returns must be printable ASCII"),
        ("", ValueError, "returns is empty"),
    ],
)
def test_what_the_function_returns_is_checked(kind, returned, error, message):
    """As the token is that is given as a string."""
    with pytest.raises(error, match=f"^what the function given as token {message}"):
        ask(kind, lambda: returned, ANSWERS)


def test_an_async_function_is_for_the_async_client():
    """The function is awaited for each request; the sync client refuses it, even inside of another function."""
    tokens = iter(["one", "two"])

    async def store():
        await asyncio.sleep(0)
        return next(tokens)

    def within():
        return store()

    assert ask(AsyncLinodeClient, store, ANSWERS, 2) == ["Bearer one", "Bearer two"]
    with pytest.raises(TypeError, match=r"not an async function; only the client of linode\.aio takes that"):
        LinodeClient(store)
    with pytest.raises(
        TypeError, match=r"^the function given as token returned an awaitable; only the client of linod"
    ):
        ask(LinodeClient, within, ANSWERS)


def test_what_an_async_function_raises_or_returns_is_treated_alike():
    """Errors of the function reach the caller and are not retried; its result is checked."""

    async def fails():
        raise ConnectionFailedError("no vault")

    async def nothing():
        return None

    with pytest.raises(ConnectionFailedError, match=r"^no vault$"):
        ask(AsyncLinodeClient, fails, lambda _: pytest.fail("a request was sent"))
    with pytest.raises(TypeError, match=r"^what the function given as token returns must be a str, not None"):
        ask(AsyncLinodeClient, nothing, ANSWERS)


@pytest.mark.parametrize("status", [400, 500])
def test_the_token_of_a_function_is_hidden(kind, status):
    """In what a response repeats of it, though the function returns another by then; and in every frame."""
    number = iter(range(9))
    kept = Kept(make=lambda: f"{KEPT.token}-{next(number)}")

    def echo(request):
        kept.make()
        sent = request.headers["Authorization"].partition(" ")[2]
        return Response(status, {}, b'{"errors": [{"reason": "no %s"}]}' % sent.encode())

    with emissions() as seen:
        with seen.error():
            ask(kind, kept.make, echo, retry=Retry(attempts=1))
        with seen.error():
            ask(kind, lambda: f"{KEPT.token} x", echo)
    assert seen.errors == 2
    assert any("<hidden>" in each for each in seen.texts)
    assert seen.leaks(KEPT.token) == []


def test_quotes_around_values_are_no_part_of_them(kind, home):
    """As the Go tools read them."""
    file = keep(home / "file", "[default]\ntoken = \"go-token-1\"\napi_url = 'https://api.test/v4'\n")
    client = kind.from_config(path=file)
    assert (client.base_url, client._token.value) == ("https://api.test/v4", "go-token-1")


def test_an_invalid_token_of_the_environment_is_named(kind, monkeypatch):
    """The variable is what the user has to correct."""
    monkeypatch.setenv("LINODE_TOKEN", f"{KEPT.token}\n")
    with pytest.raises(
        ValueError,
        match=r"^LINODE_TOKEN must be printable ASCII without spaces or newlines; strip\(\) removes those at its ends$",
    ):
        kind()
