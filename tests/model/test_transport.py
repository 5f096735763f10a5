"""The transport on a real socket: what a server may do to a client."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import threading
from contextlib import contextmanager

import pytest
from fakes import LINODE

from linode import Linode, LinodeClient, Retry
from linode.errors import ApiError, ConnectionFailedError, OutcomeUnknownError, RequestTimeoutError, TransportError

BODY = json.dumps(LINODE).encode()
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
ONCE = Retry(attempts=1)


@contextmanager
def serving(*answers):
    """A server that gives each connection the next of *answers* (None: silence) and keeps what it was sent."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []
    over = threading.Event()

    def serve():
        for answer in answers:
            connection, _ = listener.accept()
            with connection:
                heard.append(connection.recv(65536))
                if answer is None:
                    over.wait(10)
                else:
                    connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v4", heard
    finally:
        over.set()
        listener.close()
        thread.join(5)


def test_a_request_is_as_the_api_wants_it():
    """The token in its header, JSON, a name for the client; nothing else that tells."""
    with serving(OK) as (url, heard), LinodeClient("the-token", url) as client:
        assert Linode(client, 123).label == "web"
    head = heard[0].decode().lower()
    assert head.startswith("get /v4/linode/instances/123 http/1.1\r\n")
    assert "\r\nauthorization: bearer the-token\r\n" in head
    assert "\r\nuser-agent: linode-api/" in head
    assert heard[0].count(b"the-token") == 1


def test_an_id_reaches_its_own_place_over_the_wire():
    """One segment stays one segment on the way."""
    with serving(OK) as (url, heard), LinodeClient("t", url) as client:
        Linode(client, "../account?x#y").load()
    assert heard[0].startswith(b"GET /v4/linode/instances/..%2Faccount%3Fx%23y HTTP/1.1")


def test_a_silent_server_ends_in_an_error_in_time():
    """No request waits for ever."""
    with (
        serving(None) as (url, _),
        LinodeClient("t", url, timeout=0.2, retry=ONCE) as client,
        pytest.raises(RequestTimeoutError, match="no response in time"),
    ):
        Linode(client, 123).load()


@pytest.mark.parametrize(
    "answer",
    [b"", OK[:-5], b"HTTP/1.1 200 OK\r\nContent-Le", b"no http at all\r\n\r\n"],
    ids=["closed", "short", "cut in the head", "another protocol"],
)
def test_a_broken_response_is_a_transport_error(answer):
    """With its cause attached; a read is tried again, a POST has an unknown outcome."""
    with serving(answer) as (url, _), LinodeClient("t", url, retry=ONCE) as client:
        with pytest.raises(TransportError) as caught:
            Linode(client, 123).load()
        assert caught.value.__cause__ is not None
    with serving(answer) as (url, heard), LinodeClient("t", url) as client:
        with pytest.raises(OutcomeUnknownError):
            Linode(client, 123).boot()
        assert len(heard) == 1
    with serving(answer, OK) as (url, heard), LinodeClient("t", url) as client:
        assert Linode(client, 123).label == "web"
        assert len(heard) == 2


def test_a_refused_connection_has_sent_nothing():
    """A refused connection may be tried again even for a POST."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with LinodeClient("t", f"http://127.0.0.1:{port}/v4", retry=ONCE) as client, pytest.raises(ConnectionFailedError):
        Linode(client, 123).boot()


def test_redirects_are_not_followed():
    """The token goes nowhere that the caller did not name."""
    away = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with serving(away) as (url, _), LinodeClient("t", url, retry=ONCE) as client, pytest.raises(ApiError) as caught:
        Linode(client, 123).load()
    assert caught.value.status == 302


def test_an_own_http_client_is_used_and_left_open():
    """The caller closes a client of its own."""
    import httpx2

    with httpx2.Client(headers={"X-Mine": "yes"}) as http:
        with serving(OK) as (url, heard), LinodeClient("t", url, http=http) as client:
            Linode(client, 123).load()
        assert b"x-mine: yes" in heard[0].lower()
        assert not http.is_closed


def test_a_netrc_file_does_not_replace_the_token(tmp_path, monkeypatch):
    """Credentials for another program stay with it."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    with serving(OK) as (url, heard), LinodeClient("the-token", url) as client:
        Linode(client, 123).load()
    assert b"bearer the-token" in heard[0].lower()


def test_a_proxy_is_used():
    """The proxy gets the request with its whole URL."""
    with serving(OK) as (url, heard):
        proxy = url.removesuffix("/v4")
        with LinodeClient("t", "http://api.test/v4", proxy=proxy) as client:
            Linode(client, 123).load()
    assert heard[0].startswith(b"GET http://api.test/v4/linode/instances/123 HTTP/1.1")


def test_the_proxy_of_the_environment_is_used_but_where_it_says_not(monkeypatch):
    """``HTTP_PROXY`` and ``NO_PROXY`` mean what they mean elsewhere, credentials among them."""
    for name in ("http_proxy", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving(OK) as (url, heard):
        monkeypatch.setenv("HTTP_PROXY", url.removesuffix("/v4").replace("://", "://somebody:p%40ss@"))
        with LinodeClient("t", "http://api.test/v4") as client:
            Linode(client, 123).load()
    credentials = base64.b64encode(b"somebody:p@ss")
    assert b"proxy-authorization: basic " + credentials.lower() in heard[0].lower()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(OK) as (url, heard), LinodeClient("t", url) as client:
        Linode(client, 123).load()
    assert heard[0].startswith(b"GET /v4/linode/instances/123 HTTP/1.1")


def packed(content: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)


def test_a_compressed_response_is_decompressed():
    """Gzip is asked for, and understood."""
    with serving(packed(gzip.compress(BODY, mtime=0))) as (url, heard), LinodeClient("t", url) as client:
        assert Linode(client, 123).label == "web"
    assert b"accept-encoding: gzip\r\n" in heard[0].lower()


def chunked(content: bytes, size: int = 50_000) -> bytes:
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    body = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in [*pieces, b""])
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body


LARGE = json.dumps({**LINODE, "tags": [f"{number:032x}" for number in range(10_000)]}).encode()


@pytest.mark.parametrize("how", ["as long as it says", "of no length it says", "packed", "lost before its end"])
def test_a_large_response_is_complete_or_an_error(how):
    """However it comes, every byte is in its place."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(LARGE)
    answers = {
        "as long as it says": head + LARGE,
        "of no length it says": chunked(LARGE),
        "packed": packed(gzip.compress(LARGE, 1, mtime=0)),
        "lost before its end": head + LARGE[:-1],
    }
    with serving(answers[how]) as (url, _), LinodeClient("t", url, retry=ONCE) as client:
        linode = Linode(client, 123)
        if how == "lost before its end":
            with pytest.raises(TransportError):
                linode.load()
        else:
            assert linode.load().raw == json.loads(LARGE)


@pytest.mark.parametrize("how", ["cut", "spoilt"])
def test_invalid_compression_is_a_transport_error(how):
    """A broken packing is an error of ours, whatever the one who unpacks calls it."""
    whole = gzip.compress(BODY, mtime=0)
    answers = {
        "cut": packed(whole[:-20]),
        "spoilt": packed(whole[:15] + b"\xff" * 8 + whole[23:]),
    }
    with (
        serving(answers[how]) as (url, _),
        LinodeClient("t", url, retry=ONCE) as client,
        pytest.raises(TransportError) as caught,
    ):
        Linode(client, 123).load()
    assert caught.value.__cause__ is not caught.value


def test_a_path_by_hand_is_quoted_where_it_must_be():
    """Characters that no request line can hold are escaped; escaped ones stay."""
    with serving(OK) as (url, heard), LinodeClient("t", url) as client:
        client.request("GET", "/tags/a b/ü%2F?x=1")
    assert heard[0].startswith(b"GET /v4/tags/a%20b/%C3%BC%2F?x=1 HTTP/1.1")


def test_a_missing_ca_file_is_named():
    """Bad input is said to be bad, by name."""
    with pytest.raises(FileNotFoundError, match=r"verify='no-such-file\.pem'"):
        LinodeClient("t", verify="no-such-file.pem")
