"""Connections to the API: proxies, certificates, redirects, sizes, and paths written by hand."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from broken_server import TOKEN, Broken, ok
from fakes import LINODE, AwaitedFake, Fake
from kinds import KINDS, echoed

from linode import AsyncLinodeClient, AsyncLinodeLoginClient, Image, Linode, LinodeClient, LinodeLoginClient, Retry
from linode.errors import (
    ApiError,
    CertificateError,
    LinodeError,
    OAuthError,
    OutcomeUnknownError,
    UnexpectedResponseError,
)

CLIENTS = {"sync": LinodeClient, "async": AsyncLinodeClient}
LOGINS = {"sync": LinodeLoginClient, "async": AsyncLinodeLoginClient}
UNTRUSTED = Path(__file__).parents[1] / "support" / "untrusted.pem"
"""A certificate for 127.0.0.1 that nobody has signed, and its key."""


@pytest.fixture(params=["sync", "async"])
def kind(request):
    return request.param


def done_by(kind, address, operation, **options):
    """The result of *operation* with a client of *address*."""
    if kind == "sync":
        with LinodeClient(TOKEN, address, **options) as client:
            return operation(client)

    async def work():
        async with AsyncLinodeClient(TOKEN, address, **options) as client:
            return await operation(client)

    return asyncio.run(work())


def load(client):
    return Linode(client, 123).load()


def create(client):
    return client.create_linode("g6-nanode-1", "us-east", label="new")


def create_nameless(client):
    return client.create_linode("g6-nanode-1", "us-east")


# -- proxies -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def no_proxies(monkeypatch):
    """An environment that names no proxy."""
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_proxy".upper(), raising=False)


def test_a_proxy_without_a_scheme_is_one_of_http(kind, no_proxies):
    """``host:3128``, as most programs take it, given or in the environment."""
    with Broken(lambda heard: ok(heard.right)).running() as proxy:
        bare = proxy.address.removeprefix("http://")
        assert done_by(kind, "http://api.test/v4", load, proxy=bare).id == 123


REFUSED = {
    "socks5://127.0.0.1:1080": "SOCKS.*pip install socksio",
    "socks5h://127.0.0.1:1080": "SOCKS.*pip install socksio",
    "socks4://127.0.0.1:1080": "'socks4'",
    "ftp://127.0.0.1:21": "'ftp'",
    "http://": "no valid host",
    "http://host:port": "no valid host and port",
}


@pytest.mark.parametrize("url", REFUSED)
@pytest.mark.parametrize("maker", ["client", "login"])
def test_a_proxy_that_cannot_be_used_is_refused_when_the_client_is_made(kind, maker, url, no_proxies, monkeypatch):
    """By name, with the cure; not at the first request."""
    monkeypatch.setitem(sys.modules, "socksio", None)  # as where the extra is not installed
    makers = CLIENTS if maker == "client" else LOGINS
    if maker == "client":
        with pytest.raises(ValueError, match=rf"^proxy.*{REFUSED[url]}"):
            makers[kind](TOKEN, "https://api.test/v4", proxy=url)
    for name in ("https_proxy", "all_proxy"):
        monkeypatch.setenv(name, url)
        with pytest.raises(ValueError, match=rf"the environment's {name}.*{REFUSED[url]}"):
            makers[kind](TOKEN, base_url="https://api.test/v4")
        monkeypatch.delenv(name)


def test_a_socks_proxy_is_used_with_the_extra(kind, no_proxies):
    """The SOCKS proxy gets the host name, and connects to the API."""
    with Broken(lambda heard: ok(heard.right)).running() as api, socks_to(api.address) as (proxy, names):
        assert done_by(kind, "http://api.test/v4", load, proxy=proxy).id == 123
    assert names == ["api.test:80"]


@contextmanager
def socks_to(address):
    """A SOCKS 5 proxy that leads to *address* whatever it is asked for, and the names that it was asked for."""
    listener = socket.create_server(("127.0.0.1", 0))
    names = []

    def serve():
        connection, _ = listener.accept()
        with connection:
            connection.recv(3)
            connection.sendall(b"\x05\x00")
            asked = connection.recv(1000)
            names.append(f"{asked[5:-2].decode()}:{int.from_bytes(asked[-2:], 'big')}")
            connection.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            host, _, port = address.removeprefix("http://").partition(":")
            with socket.create_connection((host, int(port))) as other:
                other.sendall(connection.recv(65536))
                connection.sendall(other.recv(65536))
                connection.recv(1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"socks5://127.0.0.1:{listener.getsockname()[1]}", names
    finally:
        thread.join(5)
        listener.close()


# -- certificates, redirects, sizes ------------------------------------------------------------------------------------


@contextmanager
def untrusted():
    """A server whose certificate nobody trusts, and how often somebody tried."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(UNTRUSTED)
    listener = socket.create_server(("127.0.0.1", 0))
    tries = []

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            tries.append(connection)
            with connection:
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except (ssl.SSLError, OSError):
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/v4", tries
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


@pytest.mark.parametrize("what", ["read", "create", "wait"])
def test_a_certificate_that_is_refused_is_an_error_at_once(kind, what):
    """One connection: it will be refused the next time too."""
    operation = {"read": load, "create": create, "wait": lambda client: Linode(client, 123).wait("offline")}[what]
    with untrusted() as (address, tries):
        began = time.monotonic()
        with pytest.raises(CertificateError, match="name its file with verify= or LINODE_CA"):
            done_by(kind, address, operation)
        assert len(tries) == 1
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("status", ["301", "302 without Location", "303", "304", "307"])
def test_redirects_are_errors_of_the_api(kind, status):
    """A redirect is not followed; after a 303 a creation may have been carried out, after the others it was not."""
    with Broken(KINDS[status]).running() as server:
        with pytest.raises(ApiError, match=status[:3]):
            done_by(kind, f"{server.address}/v4", load)
        wanted = OutcomeUnknownError if status == "303" else ApiError
        with pytest.raises(wanted):
            done_by(kind, f"{server.address}/v4", create_nameless)
    assert server.requests == ["GET /v4/linode/instances/123", "POST /v4/linode/instances"]


def test_a_creation_behind_a_303_is_settled_by_its_name(kind):
    """The created object is found by its name, and is not created again."""
    with Broken(KINDS["303"], times=1).running() as server:
        assert done_by(kind, f"{server.address}/v4", create).id == 200
    assert len(server.made) == 1


def test_transfer_encoding_wins_over_content_length(kind):
    """RFC 9112, 6.3: Transfer-Encoding wins, however much Content-Length says."""
    with Broken(KINDS["both lengths"]).running() as server:
        assert done_by(kind, f"{server.address}/v4", load).label == "web-123"
        assert done_by(kind, f"{server.address}/v4", create).label == "new"
    assert len(server.requests) == 2


def test_the_maximum_size_of_a_response_can_be_set(kind):
    """Less than the answer has is an error that says the cure, more lets it through; packed or not."""
    with Broken(lambda heard: ok(heard.right)).running() as server:
        with pytest.raises(UnexpectedResponseError, match=r"more than 200 bytes.*max_response_bytes"):
            done_by(kind, f"{server.address}/v4", load, max_response_bytes=200, retry=Retry(attempts=1))
        assert done_by(kind, f"{server.address}/v4", load, max_response_bytes=20_000).id == 123


@pytest.mark.parametrize(("most", "error"), [(0, ValueError), (-1, ValueError), (True, TypeError), ("1", TypeError)])
def test_an_invalid_maximum_size_is_refused(kind, most, error):
    """Invalid bounds are refused when the client is created."""
    with pytest.raises(error, match="max_response_bytes"):
        CLIENTS[kind](TOKEN, max_response_bytes=most)


# -- addresses and objects by hand -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/x?next=http://127.0.0.1:9/", "/x/http://127.0.0.1:9/", "//127.0.0.1:9/x"])
def test_a_path_with_a_url_in_it_is_a_path(kind, path):
    """A path that contains a URL is sent to the API, with the token, and no other host gets a request."""
    with Broken(lambda heard: ok(json.dumps({"at": heard.target, "by": heard.headers}).encode())).running() as server:
        found = done_by(kind, f"{server.address}/v4", lambda client: client.request("GET", path))
    assert found["at"] == f"/v4{path}"
    assert TOKEN in found["by"]["authorization"]


def test_one_object_is_waited_for_as_well_as_several(kind):
    """An image, without a list around it."""
    answers = {
        "GET /images/private/5": {"id": "private/5", "status": "available"},
        "GET /images/private%2F5": {"id": "private/5", "status": "available"},
        "GET /account/events": {"data": []},
        "GET /linode/instances/123": LINODE,
    }
    for one, status in (
        (lambda client: Image(client, "private/5"), "available"),
        (lambda c: Linode(c, 123), "running"),
    ):
        fake = Fake(answers) if kind == "sync" else AwaitedFake(answers)
        client = CLIENTS[kind](TOKEN, "http://api.test/v4", transport=fake)
        waited = client.wait_for(one(client), status)
        if kind == "async":
            asyncio.run(waited)
        assert len(fake.requests) == 1


# -- the login service -------------------------------------------------------------------------------------------------

CODE, SECRET, VERIFIER = "c0de-of-one-login-0123", "client-s3cret-012345678", "verifier-of-one-login-0123456789"


def login_errors(heard):
    """An error that repeats the request in every place that errors of OAuth have."""
    said = heard.content.decode()
    told = {"error": said, "error_description": said, "errors": [{"reason": said}]}
    return ok(json.dumps(told).encode(), b"X-Said: " + echoed(heard), status=b"400 Bad")


LOGIN_KINDS = {**KINDS, "an error of OAuth that repeats the request": login_errors}


@pytest.mark.parametrize("broken", LOGIN_KINDS)
def test_a_login_whose_answer_is_broken(kind, broken):
    """An error of ours, soon, that shows none of the secrets; or what it was, a refusal among others."""
    with Broken(LOGIN_KINDS[broken]).running() as server:
        began = time.monotonic()
        got = logged_in(kind, server.address)
        assert time.monotonic() - began < 4
    assert len(server.requests) == 1
    if isinstance(got, LinodeError):
        shown = f"{got!s} {got!r} {vars(got)!r} {got.__cause__!r}"
        assert not any(each in shown for each in (CODE, SECRET, VERIFIER))
        assert len(str(got)) < 2000
    else:
        assert got.token == "granted"


def logged_in(kind, address):
    """The grant that the service at *address* gives, or the error that is raised."""
    login = LOGINS[kind]("my-id", SECRET, address, timeout=0.25)
    try:
        if kind == "sync":
            with login:
                return login.finish_oauth(CODE, code_verifier=VERIFIER)

        async def work():
            async with login:
                return await login.finish_oauth(CODE, code_verifier=VERIFIER)

        return asyncio.run(work())
    except LinodeError as error:
        return error


def test_a_redirect_that_repeats_its_secrets(kind):
    """An error in the address that the user comes back to may name the code and the state: they are not shown."""
    state = "state-of-one-login-01234"
    address = f"https://my.test/back?state={state}&code={CODE}&error=no-{CODE}&error_description=not+{state}+{CODE}"
    with pytest.raises(OAuthError) as caught:
        LOGINS[kind]("my-id", SECRET).read_redirect(address, state=state)
    shown = f"{caught.value!s} {caught.value!r} {vars(caught.value)!r}"
    assert CODE not in shown
    assert state not in shown
    assert caught.value.error == "no-<hidden>"
