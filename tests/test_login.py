"""Logging in, from the application's side: addresses, forms, answers good and bad, scopes."""

from __future__ import annotations

import asyncio
import inspect
import json
import pickle
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandbox_process import served

import linode
import linode.aio
from linode._http.transport import Request, Response
from linode.errors import ConnectionFailedError, OAuthError, TransportError
from linode.login import AsyncLinodeLoginClient, LinodeLoginClient
from linode.oauth import OAuthGrant, OAuthRedirect, Pkce
from linode.sandbox import Sandbox
from linode.scopes import OAuthScopes

OLD = "https://login.alpha.linode.com"
GOOD = {
    "access_token": "a" * 64,
    "token_type": "bearer",
    "expires_in": 7200,
    "refresh_token": "r" * 64,
    "scope": "linodes:read_write volumes:read_only",
}


class Script:
    """A transport that gives one answer and remembers what it was asked."""

    parallel = False

    def __init__(self, content: object = GOOD, status: int = 200) -> None:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.answer = Response(status, {"Content-Type": "application/json"}, raw)
        self.asked: list[Request] = []
        self.closed = False

    def send(self, request: Request, timeout: float | None) -> Response:
        self.asked.append(request)
        return self.answer

    def sleep(self, seconds: float) -> None:
        raise AssertionError("a login does not wait")

    def close(self) -> None:
        self.closed = True

    @property
    def form(self) -> dict[str, str]:
        (request,) = self.asked
        return {name: value for name, (value,) in parse_qs((request.content or b"").decode(), True).items()}


def client(script: Script | None = None, base_url: str = "https://login.linode.com", **options) -> LinodeLoginClient:
    return LinodeLoginClient("my-client-id", "my-secret", base_url, transport=script or Script(), **options)


def query(url: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}


# -- the address -------------------------------------------------------------------------------------------------------


def test_the_guides_address_is_made_byte_for_byte():
    login = LinodeLoginClient("my-client-id", "my-client-secret", base_url=OLD)
    url = login.generate_login_url(scopes=OAuthScopes.all)
    assert url == "https://login.alpha.linode.com/oauth/authorize?client_id=my-client-id&scopes=%2A"


def test_todays_service_gets_response_type_and_scopes_divided_by_spaces():
    url = client().generate_login_url([OAuthScopes.Linodes.read_write, "volumes:read_only"], state="s&t")
    assert url == (
        "https://login.linode.com/oauth/authorize?client_id=my-client-id"
        "&scopes=linodes%3Aread_write%20volumes%3Aread_only&response_type=code&state=s%26t"
    )


def test_the_service_of_2016_gets_commas_and_no_response_type():
    scopes = [OAuthScopes.Linodes.all, OAuthScopes.StackScripts.all]
    assert query(client(base_url=OLD).generate_login_url(scopes)) == {
        "client_id": "my-client-id",
        "scopes": "linodes:*,stackscripts:*",
    }


@pytest.mark.parametrize("base_url", ["http://localhost:8080/alpha", "http://localhost:8080/alpha/", OLD + ":443"])
def test_the_service_of_2016_is_known_by_its_address(base_url):
    assert "response_type" not in client(base_url=base_url).generate_login_url()


@pytest.mark.parametrize("base_url", ["https://alphabet.example.com", "https://login.linode.com/alphabet"])
def test_an_address_that_merely_begins_like_alpha_is_todays(base_url):
    assert query(client(base_url=base_url).generate_login_url())["response_type"] == "code"


def test_the_clients_redirect_address_is_used_unless_another_is_given():
    login = client(redirect_uri="https://app.example.com/a")
    assert query(login.generate_login_url())["redirect_uri"] == "https://app.example.com/a"
    other = login.generate_login_url(redirect_uri="https://app.example.com/b")
    assert query(other)["redirect_uri"] == "https://app.example.com/b"


def test_a_challenge_is_sent_with_its_method_and_refused_where_it_would_be_ignored():
    asked = query(client().generate_login_url(code_challenge="abc"))
    assert (asked["code_challenge"], asked["code_challenge_method"]) == ("abc", "S256")
    with pytest.raises(ValueError, match="PKCE"):
        client(base_url=OLD).generate_login_url(code_challenge="abc")


@pytest.mark.parametrize("base_url", ["login.linode.com", "ftp://login.linode.com", "", "https://"])
def test_a_base_url_that_is_none_is_refused_at_once(base_url):
    with pytest.raises(ValueError, match="must be the address of a login service"):
        client(base_url=base_url)


def test_an_empty_client_id_is_refused_at_once():
    with pytest.raises(ValueError, match="client_id must not be empty"):
        LinodeLoginClient("")


# -- state and PKCE ----------------------------------------------------------------------------------------------------


def test_the_challenge_is_that_of_the_standards_example():
    pair = Pkce.of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert pair.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_states_and_verifiers_are_fresh_and_long_enough():
    assert LinodeLoginClient.new_state() != LinodeLoginClient.new_state()
    assert 43 <= len(LinodeLoginClient.new_pkce().verifier) <= 128
    assert LinodeLoginClient.new_pkce() != LinodeLoginClient.new_pkce()


@pytest.mark.parametrize("returned", [None, "", "other", "täglich"])
def test_another_state_is_refused_with_what_to_do(returned):
    with pytest.raises(OAuthError, match="to a new generate_login_url") as caught:
        LinodeLoginClient.check_state("mine", returned)
    assert caught.value.error == "state_mismatch"
    assert "mine" not in str(caught.value)


def test_an_empty_state_never_matches():
    with pytest.raises(OAuthError):
        LinodeLoginClient.check_state("", "")


# -- the redirect ------------------------------------------------------------------------------------------------------


def test_a_redirect_is_read_from_the_whole_address_or_its_query():
    login = client()
    expected = OAuthRedirect("c0de", "s", "jane", "jane@example.com")
    said = "code=c0de&state=s&username=jane&email=jane%40example.com"
    assert login.read_redirect(f"https://app.example.com/back?{said}", state="s") == expected
    assert login.read_redirect(said, state="s") == expected
    assert login.read_redirect(said + "#top", state="s") == expected


def test_a_redirect_with_another_state_is_refused():
    with pytest.raises(OAuthError) as caught:
        client().read_redirect("code=c0de&state=theirs", state="mine")
    assert caught.value.error == "state_mismatch"


def test_a_refusal_in_the_redirect_is_told():
    with pytest.raises(OAuthError, match=r"access_denied.*No, thanks") as caught:
        client().read_redirect("error=access_denied&error_description=No,+thanks")
    assert caught.value.error == "access_denied"


def test_a_redirect_without_a_code_is_refused():
    with pytest.raises(OAuthError, match="no code"):
        client().read_redirect("https://app.example.com/back")


# -- the exchange ------------------------------------------------------------------------------------------------------


def test_a_code_is_exchanged_for_token_and_scopes():
    script = Script()
    before = datetime.now(UTC)
    grant = client(script).finish_oauth("c0de")
    token, scopes = grant
    assert token == grant.token == "a" * 64
    assert scopes == grant.scopes == OAuthScopes("linodes:read_write volumes:read_only")
    assert len(grant) == 2
    assert grant.expires_in == 7200
    assert grant.expiry is not None
    assert timedelta(0) <= grant.expiry - before - timedelta(seconds=7200) < timedelta(seconds=60)
    assert (grant.refresh_token, grant.token_type) == ("r" * 64, "bearer")
    assert (grant.username, grant.user, grant.email) == (None, None, None)
    assert script.asked[0].url == "https://login.linode.com/oauth/token"
    assert script.asked[0].headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert script.form == {
        "grant_type": "authorization_code",
        "code": "c0de",
        "client_id": "my-client-id",
        "client_secret": "my-secret",
    }


def test_the_exchange_of_2016_sends_and_reads_what_there_was():
    script = Script({"access_token": "t", "scopes": "linodes:create"})
    login = client(script, OLD, redirect_uri="https://app.example.com/")
    grant = login.finish_oauth(OAuthRedirect("c0de", username="jane", email="jane@example.com"))
    token, scopes = grant
    assert (token, scopes) == ("t", OAuthScopes(OAuthScopes.Linodes.create))
    assert (grant.user, grant.email) == ("jane", "jane@example.com")
    assert (grant.expires_in, grant.expiry, grant.refresh_token, grant.token_type) == (None, None, None, None)
    assert script.form == {"code": "c0de", "client_id": "my-client-id", "client_secret": "my-secret"}


def test_a_public_client_sends_its_verifier_and_no_secret():
    script = Script()
    LinodeLoginClient("my-client-id", transport=script).finish_oauth("c0de", code_verifier="v" * 43)
    assert script.form["code_verifier"] == "v" * 43
    assert "client_secret" not in script.form


def test_a_public_client_without_verifier_is_refused_before_any_request():
    script = Script()
    with pytest.raises(ValueError, match="code_verifier"):
        LinodeLoginClient("my-client-id", transport=script).finish_oauth("c0de")
    assert script.asked == []


def test_a_grant_without_rights_has_no_scopes():
    assert client(Script({"access_token": "t", "scope": None})).finish_oauth("c").scopes == OAuthScopes()


def test_refresh_and_its_other_name_send_the_refresh_token():
    for name in ("refresh", "refresh_oauth_token"):
        script = Script()
        token, _ = getattr(client(script), name)("r0", scopes="linodes:read_only")
        assert token == "a" * 64
        assert script.form["grant_type"] == "refresh_token"
        assert script.form["refresh_token"] == "r0"
        assert script.form["scope"] == "linodes:read_only"


def test_there_is_nothing_to_refresh_in_2016():
    script = Script()
    with pytest.raises(OAuthError, match="no refresh tokens"):
        client(script, OLD).refresh("r0")
    assert script.asked == []


@pytest.mark.parametrize(
    ("base_url", "address"),
    [
        ("https://login.linode.com", "https://login.linode.com/oauth/revoke"),
        (OLD, f"{OLD}/oauth/token/expire"),
    ],
)
@pytest.mark.parametrize("name", ["revoke", "expire_token"])
def test_revoke_goes_where_its_time_has_it(base_url, address, name):
    script = Script({})
    getattr(client(script, base_url), name)("t0")
    assert script.asked[0].url == address
    assert script.form == {"token": "t0", "client_id": "my-client-id", "client_secret": "my-secret"}


# -- answers that are no grant -----------------------------------------------------------------------------------------


def test_a_refusal_carries_the_services_words_and_codes():
    script = Script({"error": "invalid_grant", "error_description": "The code was used before."}, 400)
    with pytest.raises(OAuthError, match=r"400 invalid_grant.*The code was used before\.") as caught:
        client(script).finish_oauth("c0de")
    assert (caught.value.status, caught.value.error) == (400, "invalid_grant")


def test_a_refusal_in_the_words_of_the_api_is_read_too():
    with pytest.raises(OAuthError, match="Invalid client; Really"):
        client(Script({"errors": [{"reason": "Invalid client"}, {"reason": "Really"}]}, 401)).finish_oauth("c0de")


@pytest.mark.parametrize("status", [201, 302, 400, 500, 503])
@pytest.mark.parametrize("content", [b"<html>Bad gateway</html>", b"", b"[1]", b"\xff", b'{"error": {}}', b"[" * 9999])
def test_unreadable_refusals_are_errors_of_ours(status, content):
    with pytest.raises(OAuthError, match=str(status)) as caught:
        client(Script(content, status)).finish_oauth("c0de")
    assert caught.value.status == status


@pytest.mark.parametrize(
    "content",
    [
        b"<html>Welcome</html>",
        b'{"access_token": "t", "sco',
        b"",
        b"null",
        b'["t"]',
        b"{}",
        b'{"access_token": ""}',
        b'{"access_token": 5, "scope": "*"}',
        b'{"access_token": "t"}',
        b'{"access_token": "t", "scope": 5}',
        b'{"access_token": "t", "scope": "*", "expires_in": "soon"}',
        b'{"access_token": "t", "scope": "*", "expires_in": true}',
        b'{"access_token": "t", "scope": "*", "expires_in": -1}',
        b'{"access_token": "t", "scope": "*", "expires_in": 99999999999999999999}',
        b'{"access_token": "t", "scope": "*", "refresh_token": {}}',
        b"[" * 100_000,
    ],
)
def test_successes_that_are_no_grant_are_errors_of_ours(content):
    with pytest.raises(OAuthError) as caught:
        client(Script(content)).finish_oauth("c0de")
    assert caught.value.status == 200


@given(
    st.binary()
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.dictionaries(st.sampled_from([*GOOD, "error", "error_description", "errors"]), inner),
    ),
    st.sampled_from([200, 400, 401, 500]),
)
def test_any_answer_is_a_grant_or_an_error_of_ours(content, status):
    try:
        grant = client(Script(content, status)).finish_oauth("c0de")
    except OAuthError:
        return
    assert status == 200
    assert isinstance(grant, OAuthGrant)


def test_errors_of_the_transport_stay_as_they_are():
    class Broken(Script):
        def send(self, request: Request, timeout: float | None) -> Response:
            raise TransportError("no route")

    with pytest.raises(TransportError):
        client(Broken()).finish_oauth("c0de")


# -- secrets -----------------------------------------------------------------------------------------------------------


def test_no_repr_shows_a_secret():
    script = Script()
    login = client(script)
    grant = login.finish_oauth("c0de")
    pair = login.new_pkce()
    shown = repr([login, grant, OAuthRedirect("c0de", "st4te"), pair, script.asked])
    for secret in ("my-secret", grant.token, grant.refresh_token, "c0de", "st4te", pair.verifier):
        assert secret not in shown
    assert grant.token not in str(grant)


def test_an_error_does_not_repeat_the_secrets_that_were_sent():
    words = {"error": "invalid_grant", "error_description": "the-c0de of my-secret is unknown"}
    with pytest.raises(OAuthError, match="<hidden> of <hidden> is unknown"):
        client(Script(words, 400)).finish_oauth("the-c0de")


def test_a_grant_can_be_pickled_and_a_client_cannot():
    grant = OAuthGrant("t", "linodes:view", expires_in=60, refresh_token="r", username="jane")
    again = pickle.loads(pickle.dumps(grant))
    assert type(again) is OAuthGrant
    assert again == grant
    assert vars(again) == vars(grant)
    with pytest.raises(TypeError, match="create one where"):
        pickle.dumps(client())


def test_only_a_transport_of_its_own_is_closed():
    script = Script()
    with client(script):
        pass
    assert not script.closed


# -- awaited -----------------------------------------------------------------------------------------------------------


class AsyncScript(Script):
    """A `Script` whose methods are awaited; each takes a turn of the event loop."""

    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109 - a transport's own
        await asyncio.sleep(0)
        return super().send(request, timeout)

    async def close(self) -> None:
        super().close()


def both(do, content: object = GOOD, status: int = 200, base_url: str = "https://login.linode.com"):
    """The result of *do* with a client, and the requests: first of a sync client, then of an async one."""

    async def awaited(result):
        assert isinstance(result, Coroutine)
        return await result

    for script, cls, come in (
        (Script(content, status), LinodeLoginClient, lambda result: result),
        (AsyncScript(content, status), AsyncLinodeLoginClient, lambda result: asyncio.run(awaited(result))),
    ):
        login = cls("my-client-id", "my-secret", base_url, redirect_uri="https://app.example.com/", transport=script)
        try:
            answer = come(do(login))
        except OAuthError as error:
            answer = str(error), error.status, error.error
        yield answer, [tuple(request) for request in script.asked]


@pytest.mark.parametrize("base_url", ["https://login.linode.com", OLD])
@pytest.mark.parametrize(
    "do",
    [
        lambda login: login.finish_oauth("c0de", redirect_uri="https://app.example.com/b", code_verifier="v" * 43),
        lambda login: login.finish_oauth(OAuthRedirect("c0de", username="jane")),
        lambda login: login.revoke("t0", token_type_hint="access_token"),
        lambda login: login.expire_token("t0"),
    ],
)
@pytest.mark.parametrize(
    ("content", "status"), [(GOOD, 200), ({"error": "invalid_grant", "error_description": "no c0de"}, 400), (b"", 502)]
)
def test_the_awaited_client_sends_and_reads_the_same(do, base_url, content, status):
    one, other = both(do, content, status, base_url)
    assert one == other
    assert len(one[1]) == 1


@pytest.mark.parametrize("name", ["refresh", "refresh_oauth_token"])
def test_the_awaited_client_refreshes_the_same(name):
    one, other = both(lambda login: getattr(login, name)("r0", scopes="linodes:read_only"))
    assert one == other
    assert other[0].token == "a" * 64


def test_what_cannot_be_right_is_refused_before_the_awaited_client_sends_it():
    script = AsyncScript()
    with pytest.raises(ValueError, match="code_verifier"):
        AsyncLinodeLoginClient("my-client-id", transport=script).finish_oauth("c0de")
    with pytest.raises(OAuthError, match="no refresh tokens"):
        AsyncLinodeLoginClient("my-client-id", "my-secret", OLD, transport=script).refresh("r0")
    assert script.asked == []


def test_a_login_with_the_awaited_client_gives_a_token_that_is_good():
    async def run(sandbox: Sandbox) -> str:
        async with linode.aio.LinodeLoginClient(
            "my-client-id", "my-client-secret", "http://sandbox", transport=sandbox.async_transport()
        ) as login:
            state, pair = login.new_state(), login.new_pkce()
            url = login.generate_login_url("account:read_only", state=state, code_challenge=pair.challenge)
            redirect = login.read_redirect(sandbox.log_in(url), state=state)
            first = await login.finish_oauth(redirect, code_verifier=pair.verifier)
            token, scopes = await login.refresh(first.refresh_token)
            assert scopes == OAuthScopes("account:read_only")
        async with sandbox.async_client(token) as client:
            return (await linode.aio.Profile(client)).username

    with Sandbox(seed=1) as sandbox:
        assert asyncio.run(run(sandbox)) == "sandbox"


def test_only_a_transport_of_its_own_is_closed_by_the_awaited_client():
    async def run() -> None:
        async with AsyncLinodeLoginClient("my-client-id", "my-secret", transport=script):
            pass

    script = AsyncScript()
    asyncio.run(run())
    assert not script.closed


def test_both_clients_have_a_transport_of_their_own(monkeypatch):
    """Without one given, requests go over the network, and the connections end with the client."""

    async def run(url: str) -> None:
        async with AsyncLinodeLoginClient("my-client-id", "my-client-secret", url) as login:
            with pytest.raises(OAuthError, match="401 invalid_client"):
                await AsyncLinodeLoginClient("other", "x", url, transport=login._transport).finish_oauth("c0de")
            await asyncio.gather(login.revoke("t0"), login.revoke("t1"))
            assert login._transport._by_origin
        assert not login._transport._by_origin

    monkeypatch.setenv("NO_PROXY", "*")
    with served() as sandbox:
        url = str(sandbox.base_url)
        asyncio.run(run(url))
        with LinodeLoginClient("my-client-id", "my-client-secret", url) as login:
            login.revoke("t0")
            assert login._transport._by_origin
        assert not login._transport._by_origin
    with LinodeLoginClient("my-client-id", "my-client-secret", url) as login, pytest.raises(ConnectionFailedError):
        login.revoke("t0")


def test_the_awaited_client_has_the_name_of_the_other_in_aio():
    assert linode.aio.LinodeLoginClient is linode.AsyncLinodeLoginClient is AsyncLinodeLoginClient
    awaited = {"AsyncLinodeClient", "AsyncLinodeLoginClient", "AsyncMetadataClient"}
    assert set(linode.__all__) - set(linode.aio.__all__) == awaited
    with pytest.raises(AttributeError, match="AsyncLinodeLoginClient"):
        _ = linode.aio.AsyncLinodeLoginClient


def test_the_awaited_client_hides_its_secrets_too():
    login = AsyncLinodeLoginClient("my-client-id", "my-secret", transport=AsyncScript())
    assert "my-secret" not in repr(login)
    with pytest.raises(TypeError, match="create one where"):
        pickle.dumps(login)


@pytest.mark.parametrize("name", ["finish_oauth", "refresh", "revoke"])
def test_help_shows_a_verb_as_it_is_called(name):
    verb = getattr(LinodeLoginClient("my-client-id"), name)
    assert "Raises ``OAuthError``" in verb.__doc__
    assert "self" not in inspect.signature(verb).parameters
    assert inspect.signature(verb).parameters
