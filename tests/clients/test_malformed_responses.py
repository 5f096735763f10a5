"""Answers that no server should give, over a real socket: each is a value or an error of this library's, and short."""

from __future__ import annotations

import asyncio
import gzip
import inspect
import json
import socket
import threading
import time
from contextlib import contextmanager

import pytest

from linode import AsyncLinodeClient, Linode, LinodeClient, Retry
from linode.errors import (
    ApiError,
    AuthorizationError,
    ConflictError,
    InvalidRequestError,
    LinodeError,
    RateLimitedError,
    RequestTimeoutError,
    ServerError,
    TransportError,
    UnexpectedResponseError,
)

MANY = 100
LINODE = json.dumps({"id": 123, "label": "web", "status": "running"}).encode()


def answer(status=200, body=LINODE, *headers, length=None):
    """The bytes of an answer; *length* is what it announces, where that is not what it has."""
    size = len(body) if length is None else length
    head = [b"HTTP/1.1 %d Said" % status, b"Content-Length: %d" % size, *headers]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def error(status, body, *headers):
    return answer(status, json.dumps(body).encode(), *headers)


class Server:
    """Answers every request with the next of *answers*, and then the last again; a function may do as it likes.

    A connection ends with its answer where that leaves no other way to tell that it is over.
    """

    def __init__(self, *answers):
        self.answers = answers
        self.heard = []
        self.over, self.reached = threading.Event(), threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/v4"
        self.open = 0
        self._threads = []

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def serve(self, connection):
        self.open += 1
        with connection:
            try:
                while heard := connection.recv(65536):
                    self.heard.append(heard)
                    if len(self.heard) == MANY + 1:
                        self.reached.set()
                    given = self.answers[min(len(self.heard), len(self.answers)) - 1]
                    if callable(given):
                        given(self, connection)
                        return
                    connection.sendall(given)
                    if b"Connection: close" in given:
                        return
            except OSError:
                pass
            finally:
                self.open -= 1

    @contextmanager
    def running(self):
        thread = threading.Thread(target=self.accept, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            for each in (thread, *self._threads):
                each.join(5)


@pytest.fixture(params=["sync", "async"])
def ask(request):
    """The result of *operation* with a client of the server at *url*."""

    def asked(url, operation, **options):
        options = {"retry": Retry(attempts=1), "timeout": 5.0, **options}
        if request.param == "sync":
            with LinodeClient("the-token", url, **options) as client:
                return operation(client)

        async def awaited():
            async with AsyncLinodeClient("the-token", url, **options) as client:
                found = operation(client)
                return await found if inspect.isawaitable(found) else found

        return asyncio.run(awaited())

    return asked


def load(client):
    return Linode(client, 123).load()


def delete(client):
    return Linode(client, 123).delete()


CLOSE = b"Connection: close"
JSON = b"Content-Type: application/json"
PAGE = b"<html><head><title>403 Forbidden</title></head>" + b"<p>go away</p>" * 300
GOOD = {
    "as it should be": answer(),
    "no content type, and blanks around": answer(200, b" \r\n" + LINODE + b"\r\n"),
    "header values that are not ASCII": answer(200, LINODE, "X-Wer: Jörg".encode("latin-1"), "X-Ou: é".encode()),
    "headers that come twice": answer(200, LINODE, JSON, b"Content-Type: text/html", b"X-A: 1", b"X-A: 2", b"x-a: 3"),
    "limits that make no sense": answer(200, LINODE, b"X-RateLimit-Limit: -1", b"X-RateLimit-Remaining: many"),
    "a date that is none": answer(200, LINODE, b"Date: yesterday"),
    "compressed": answer(200, gzip.compress(LINODE), b"Content-Encoding: gzip"),
    "compressed by what nobody knows": answer(200, LINODE, b"Content-Encoding: rot13"),
    "hints first": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + answer(),
    "in pieces": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(LINODE), LINODE),
    "without a length": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + LINODE,
    "of an older HTTP": b"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n" + LINODE,
    "huge": answer(200, LINODE[:-1] + b', "rest": "' + b"x" * 5_000_000 + b'"}'),
    "created": answer(201),
}


@pytest.mark.parametrize("name", GOOD)
def test_unusual_but_valid_responses_are_read(ask, name):
    """However oddly it is said."""
    with Server(GOOD[name]).running() as server:
        assert ask(server.url, load).label == "web"


BAD = {
    "nothing, and 204": (answer(204, b""), UnexpectedResponseError),
    "an empty body": (answer(200, b""), UnexpectedResponseError),
    "half of the JSON": (answer(200, LINODE[:20]), UnexpectedResponseError),
    "no JSON": (answer(200, PAGE, b"Content-Type: text/html"), UnexpectedResponseError),
    "another shape": (answer(200, b"[1, 2]"), UnexpectedResponseError),
    "no UTF-8": (answer(200, b'{"label": "\xff\xfe"}'), UnexpectedResponseError),
    "a very deep one": (answer(200, b"[" * 100_000), UnexpectedResponseError),
    "less than announced": (answer(200, LINODE, CLOSE, length=1000), TransportError),
    "nothing at all": (lambda _server, _connection: None, TransportError),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n" + CLOSE, TransportError),
    "two lengths": (answer(200, LINODE, b"Content-Length: 7", CLOSE), TransportError),
    "a piece of no length": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + CLOSE, TransportError),
    "a broken compression": (answer(200, b"\x1f\x8b not gzip", b"Content-Encoding: gzip"), TransportError),
    "half a compression": (answer(200, gzip.compress(LINODE)[:20], b"Content-Encoding: gzip"), LinodeError),
    "a page for an error": (answer(403, PAGE, b"Content-Type: text/html"), AuthorizationError),
    "a page of nginx for a bad request": (answer(400, PAGE, b"Content-Type: text/html"), InvalidRequestError),
    "an error without a reason": (error(400, {"errors": [{"field": "label"}]}), InvalidRequestError),
    "an error without errors": (error(409, {"errors": []}), ConflictError),
    "errors that are none": (error(400, {"errors": {"reason": ["x"]}}), InvalidRequestError),
    "an endless reason": (error(400, {"errors": [{"reason": "x" * 100_000}]}), InvalidRequestError),
    "a thousand reasons": (error(400, {"errors": [{"reason": "no", "field": "f"}] * 1000}), InvalidRequestError),
    "an hour to wait": (error(429, {"errors": []}, b"Retry-After: 3600"), RateLimitedError),
    "a negative time to wait": (error(429, {"errors": []}, b"Retry-After: -1509450059"), RateLimitedError),
    "an error of 3xx": (answer(300, b""), ApiError),
    "not modified": (b"HTTP/1.1 304 Not Modified\r\n\r\n", ApiError),
    "a status of 999": (answer(999, b""), ServerError),
    "another protocol": (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: close, Upgrade\r\n\r\n",
        LinodeError,
    ),
    "a header without end": (b"HTTP/1.1 200 OK\r\nX-A: " + b"x" * 300_000, TransportError),
}


@pytest.mark.parametrize("name", BAD)
def test_invalid_responses_are_errors_of_the_library(ask, name):
    """Of the right class, a few words long, without the token; and soon."""
    given, kind = BAD[name]
    began = time.monotonic()
    with Server(given).running() as server, pytest.raises(kind) as caught:
        ask(server.url, load)
    assert len(str(caught.value)) < 1000
    assert "the-token" not in repr(caught.value) + str(caught.value)
    assert time.monotonic() - began < 6


def test_a_deletion_is_answered_with_nothing(ask):
    """With 204, which has no body, as well as with an empty object."""
    for given in (answer(204, b""), answer(200, b"{}"), answer(200, b"")):
        with Server(given).running() as server:
            assert ask(server.url, delete) is None
            assert len(server.heard) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_does_not_get_the_token(ask, status):
    """Nobody is asked but who was to be asked; it is an error that tells the status."""
    with Server(answer()).running() as other:
        elsewhere = answer(status, b"", b"Location: " + other.url.encode())
        with Server(elsewhere).running() as server, pytest.raises(ApiError, match=str(status)):
            ask(server.url, load)
        assert other.heard == []


def test_a_closed_idle_connection_is_replaced(ask):
    """The server says goodbye after each answer, or says nothing and goes."""

    def silently(_server, connection):
        connection.sendall(answer())

    def twice(client):
        if not client.awaited:
            return [load(client).label, time.sleep(0.1), load(client).label]

        async def awaited():
            return [(await load(client)).label, await asyncio.sleep(0.1), (await load(client)).label]

        return awaited()

    for given in (answer(200, LINODE, CLOSE), silently):
        with Server(given).running() as server:
            assert ask(server.url, twice) == ["web", None, "web"]


@pytest.mark.parametrize("begun", [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{", b"HTTP/1.1 200 OK\r\nX-A: "])
def test_a_trickling_response_ends_in_a_timeout(ask, begun):
    """A byte now and then for ever: after the timeout it is no answer, in the headers or in the body."""

    def trickle(server, connection):
        connection.sendall(begun)
        while not server.over.wait(0.05):
            connection.sendall(b" ")

    began = time.monotonic()
    with Server(trickle).running() as server, pytest.raises(RequestTimeoutError, match="no response in time"):
        ask(server.url, load, timeout=0.5, retry=Retry(attempts=2))
    assert len(server.heard) == 2
    assert time.monotonic() - began < 4


def test_a_slow_response_within_the_timeout_is_read(ask):
    """A response in pieces whose last piece arrives before the timeout is complete."""

    def slowly(server, connection):
        for byte in answer(200, LINODE, CLOSE):
            server.over.wait(0.003)
            connection.sendall(bytes([byte]))

    with Server(slowly).running() as server:
        assert ask(server.url, load, timeout=5.0).label == "web"


def test_the_timeout_is_in_seconds(ask):
    """A server that says nothing: it ends after the seconds, and the attempt that is then under way."""
    with Server(lambda server, _connection: server.over.wait(30)).running() as server:
        began = time.monotonic()
        with pytest.raises(RequestTimeoutError):
            ask(server.url, load, timeout=0.4, retry=Retry(attempts=1000, seconds=1.5))
        assert time.monotonic() - began < 1.5 + 0.4 + 1


def test_a_creation_is_sent_once_when_its_answer_is_lost(ask):
    """The connection breaks each time, after the request: nameless, it is not sent again."""
    with Server(lambda _server, _connection: None).running() as server, pytest.raises(LinodeError, match="unknown"):
        ask(server.url, lambda client: client.create_linode("g6-nanode-1", "us-east"))
    assert len(server.heard) == 1


def test_hundreds_of_cancelled_tasks_leave_no_connection():
    """The server never answers them; when they are cancelled it sees them go, and the next call is answered."""

    def silence(server, connection):
        connection.settimeout(10)
        connection.recv(1)
        server.over.wait(0)

    with Server(answer(), *[silence] * MANY, answer()).running() as server:

        async def cancelled():
            async with AsyncLinodeClient("the-token", server.url, timeout=30) as client:
                await load(client)
                tasks = [asyncio.ensure_future(load(client)) for _ in range(MANY)]
                await asyncio.to_thread(server.reached.wait, 10)
                for each in tasks:
                    each.cancel()
                done = await asyncio.gather(*tasks, return_exceptions=True)
                assert all(isinstance(each, asyncio.CancelledError) for each in done)
                assert asyncio.all_tasks() == {asyncio.current_task()}
                for _ in range(100):
                    if server.open <= 1:
                        break
                    await asyncio.sleep(0.05)
                assert server.open <= 1
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0):
                        await load(client)
                return (await load(client)).label

        assert asyncio.run(cancelled()) == "web"


def test_five_hundred_concurrent_requests(ask):
    """Gathered, on one client: each is answered."""
    with Server(answer()).running() as server:

        def many(client):
            if not client.awaited:
                return [load(client).label for _ in range(50)]

            async def gathered():
                return [each.label for each in await asyncio.gather(*(load(client) for _ in range(500)))]

            return gathered()

        assert set(ask(server.url, many)) == {"web"}
