"""The client of the Metadata service on its own: its requests, and responses that are not in the known format."""

from __future__ import annotations

import json

import pytest
from fakes import Fake

from linode import MetadataClient, Retry
from linode._http.proxies import proxy_for
from linode._http.transport import Response
from linode.errors import AuthenticationError, UnexpectedResponseError

TOKEN = "e80eb80986f17fcd3df8fcb6ea944774cae47b26ed6d68df63a15b294b7a6e3f"


def client(answers, token=TOKEN, **options):
    """A client of a service with these responses by path, and the transport that remembers its requests."""

    def answer(request):
        path = request.url.removeprefix("http://169.254.169.254/v1")
        found = token if path == "/token" else answers[path]
        return found if isinstance(found, Response) else Response(200, {}, found.encode())

    transport = Fake(answer)
    return MetadataClient(transport=transport, retry=Retry(attempts=1), **options), transport


def test_the_requests_are_those_of_the_service():
    """A token is asked for with its lifetime, and sent with each request; nothing else of the API is sent."""
    metadata, transport = client({"/ssh-keys": '{"users": {"root": ["key"]}}'}, token_seconds=120)
    assert metadata.ssh_keys() == {"root": ["key"]}
    first, second = transport.requests
    assert (first.method, first.url) == ("PUT", "http://169.254.169.254/v1/token")
    assert first.headers.pop("User-Agent").startswith("linode-api/")
    assert (first.headers, first.content) == ({"Accept": "text/plain", "Metadata-Token-Expiry-Seconds": "120"}, None)
    assert second.headers["Metadata-Token"] == TOKEN
    assert "Authorization" not in second.headers
    assert second.headers["Accept"] == "application/json"


@pytest.mark.parametrize("content", ["", "  ", "two words", "a\x00b", "é", "<html>"])
def test_a_response_that_is_no_token(content):
    """A response without a usable token is an error that does not show it."""
    metadata, _ = client({}, token=content)
    if content == "<html>":  # printable ASCII without spaces could be a token, which the service then refuses
        metadata, _ = client({"/instance": Response(401, {}, b'{"errors":[{"reason":"Unauthorized"}]}')}, token=content)
        with pytest.raises(AuthenticationError):
            metadata.instance()
        return
    with pytest.raises(UnexpectedResponseError, match=r"PUT /token: the response is no token: \d+ bytes"):
        metadata.instance()


@pytest.mark.parametrize("answer", [Response(404, {}, b"{}"), Response(204, {}, b""), "", "\n"])
def test_no_user_data_in_any_form(answer):
    """Status 404, 204 and an empty response mean that there is no user data."""
    assert client({"/user-data": answer})[0].user_data() is None


@pytest.mark.parametrize(
    ("path", "content"), [("/user-data", "not-base64!"), ("/ssh-keys", '{"users": {"root": "key"}}')]
)
def test_responses_in_another_format(path, content):
    """A response in another format is an error that names the request and does not show the content."""
    metadata, _ = client({path: content})
    with pytest.raises(UnexpectedResponseError, match=f"GET {path}") as caught:
        metadata.user_data() if path == "/user-data" else metadata.ssh_keys()
    assert content not in str(caught.value)


def test_unknown_members_stay_in_raw():
    """A member that the library has no field for does not raise, and is in `raw`."""
    metadata, _ = client({"/instance": json.dumps({"id": 1, "specs": {"npus": 2}, "image": None, "hue": "red"})})
    found = metadata.instance()
    assert (found.id, found.image, found.raw["hue"], found.specs.raw) == (1, None, "red", {"npus": 2})


def test_an_error_does_not_show_the_token():
    """A service that repeats the token in an error, or a header, does not bring it into messages."""
    body = json.dumps({"errors": [{"reason": f"bad token {TOKEN}"}]}).encode()
    metadata, _ = client({"/instance": Response(401, {"X-Token": TOKEN}, body)})
    with pytest.raises(AuthenticationError) as caught:
        metadata.instance()
    assert TOKEN not in f"{caught.value} {caught.value.headers}"


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"token_seconds": 0}, ValueError, "token_seconds=0"),
        ({"token_seconds": 1.5}, TypeError, "number of seconds"),
        ({"token_seconds": True}, TypeError, "number of seconds"),
        ({"base_url": "169.254.169.254"}, ValueError, "must be an address"),
        ({"retry": 3}, TypeError, "must be a Retry"),
    ],
)
def test_bad_settings_are_refused(options, error, words):
    """A setting that cannot be right raises when the client is made, and names itself."""
    with pytest.raises(error, match=words):
        MetadataClient(**options)


@pytest.mark.parametrize("poll_interval", [0, -1, float("nan")])
def test_a_watch_needs_an_interval(poll_interval):
    """An interval that is not more than 0 is refused."""
    with pytest.raises(ValueError, match="poll_interval"):
        client({})[0].watch_network(poll_interval=poll_interval)


@pytest.mark.parametrize("host", ["169.254.169.254", "[fd00:a9fe:a9fe::1]", "[fe80::a9fe:a9fe]"])
def test_the_service_is_asked_without_a_proxy(host, monkeypatch):
    """A proxy of the environment, which cannot reach the service, is not used for it, and not for it alone."""
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "")
    assert proxy_for(f"http://{host}") is None
    assert proxy_for("http://api.example") == "http://proxy.example:3128"
