"""No secret in what is emitted: every verb that the declarations know, and everything that is handed a secret."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import socket
import struct
import threading
import traceback
from contextlib import contextmanager
from types import FunctionType

import pytest
from emitted_text import Kept, emissions
from fakes import Fake

import linode
from linode import AsyncLinodeClient, LinodeClient, LinodeLoginClient, Retry
from linode._http.network import AsyncHttpTransport, HttpTransport
from linode._http.transport import Response
from linode._model import Call, Entry, Fields, Resource
from linode._model.actions import action
from linode._model.options import options_of
from linode.api import MEMBERS
from linode.errors import OAuthError, OutcomeUnknownError, TransportError, UnexpectedResponseError

KEPT = Kept(secret="s3cret-nobody-may-see", token="t0ken-nobody-may-see")
ONCE = Retry(attempts=1)
ADDRESS = "http://api.test/v4"
UPLOAD = {"image": {"id": "private/7"}, "upload_to": f"http://uploads.test/{KEPT.secret}"}


class AsyncFake(Fake):
    """A `Fake` for awaited clients."""

    async def send(self, request, timeout):  # noqa: ASYNC109 - as transports have it
        return super().send(request, timeout)

    async def sleep(self, seconds):
        super().sleep(seconds)

    async def close(self):
        pass


IN_PATHS = {"entity_id", "entity_type", "euuid", "filesystem_id", "image", "month", "version", "year"}
"""Values in URLs, which are shown."""
SHOWN = {"download.name"}
"""Values that the message of an error has to name."""


def verbs():
    """Every function that a user can call, once: its owner's class (None: a client), its name, and itself."""
    client = {name: getattr(LinodeClient, name) for name in MEMBERS}
    found = {function: (None, name) for name, function in client.items() if isinstance(function, FunctionType)}
    for cls in (getattr(linode, name) for name in linode.__all__):
        if isinstance(cls, type) and issubclass(cls, Fields):
            for name in dir(cls):
                if isinstance(inspect.getattr_static(cls, name), (action, FunctionType)):
                    found.setdefault(getattr(cls, name), (cls, name))
    for function, (cls, name) in found.items():
        if not name.startswith("_"):
            yield pytest.param(cls, name, function, id=name if cls is None else f"{cls.__name__}.{name}")


def owner(client, cls):
    """An object of *cls*, or the client."""
    if cls is None:
        return client
    if issubclass(cls, Resource):
        ids = [] if cls.id_key is None else [7]
        return cls(client, *ids, *range(1, 1 + len(cls._parent_names)))
    return cls._of(linode.Image(client, "private/7"), UPLOAD)


def given(function, value):
    """Arguments for *function*, each of them *value*."""
    known = options_of(inspect.unwrap(function)) - {"self", "extra"}
    plain = {name for name in known if name in IN_PATHS or f"{function.__name__}.{name}" in SHOWN}
    options = {name: 7 if name in plain else value for name in known}
    return {**options, "extra": {"x": value}} if "extra" in options_of(inspect.unwrap(function)) else options


def shows(seen, result):
    """Somebody prints *result*, unless it is plain data, which is as it is."""
    if isinstance(result, Fields):
        seen.shows(result)


ANSWERS = {
    "nothing": None,
    "refused": Response(400, {}, b'{"errors":[{"reason":"no","field":"root_pass"}]}'),
    "trouble": Response(500),
    "html": Response(200, {"content-type": "text/html"}, b"<html>"),
    "not unicode": Response(200, {}, b'{"id":1,"token":"%s\xff"}' % KEPT.secret.encode()),
    "broken": Response(200, {}, b'{"id":1,"token":"%s' % KEPT.secret.encode()),
    "another": Response(200, {}, b'["%s"]' % KEPT.secret.encode()),
    "scarce": Response(200, {}, b'{"token":"%s"}' % KEPT.secret.encode()),
}


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
@pytest.mark.parametrize("address", [ADDRESS, "http://api.test/alpha/v4"], ids=["today", "2016"])
@pytest.mark.parametrize(("cls", "name", "function"), list(verbs()))
def test_no_verb_shows_what_it_was_given(cls, name, function, address):
    """Whatever is answered, sync and async; and when an option is misspelt, or an argument missing."""
    with emissions() as seen:
        for answer in ANSWERS.values():

            def give(_request, answer=answer):
                return answer or TransportError("reset")

            with LinodeClient(KEPT.token, address, transport=Fake(give), retry=ONCE) as client, seen.error():
                shows(seen, getattr(owner(client, cls), name)(**given(function, KEPT.secret)))

            async def awaited(give=give):
                client = AsyncLinodeClient(KEPT.token, address, transport=AsyncFake(give), retry=ONCE)
                with seen.error():
                    shows(seen, await getattr(owner(client, cls), name)(**given(function, KEPT.secret)))

            asyncio.run(awaited())
        with seen.error(TypeError):
            getattr(owner(client, cls), name)(**given(function, KEPT.secret), pasword=KEPT.secret)
        with seen.error(TypeError):
            function(owner(client, cls), **given(function, KEPT.secret), pasword=KEPT.secret)
    assert seen.errors
    assert seen.leaks(KEPT.secret, KEPT.token) == []


def linode_wanted():
    """Options of a Linode with a password."""
    return {"image": "linode/debian12", "root_pass": KEPT.secret, "label": "web"}


def test_an_ensured_creation_does_not_show_its_password():
    """Whatever is answered, when an option is misspelt, and in the list of a dry run."""
    with emissions() as seen:
        for answer in ANSWERS.values():
            client = LinodeClient(
                KEPT.token, ADDRESS, transport=Fake(lambda _, answer=answer: answer or TransportError())
            )
            with seen.error():
                client.ensure(client.create_linode, "g6-nanode-1", "us-east", **linode_wanted())
            with seen.error(TypeError):
                client.ensure(client.create_linode, "g6-nanode-1", "us-east", pasword=KEPT.secret, **linode_wanted())
            with client.dry_run() as calls:
                client.create_linode("g6-nanode-1", "us-east", **linode_wanted())
            seen.shows(calls[0])
            assert "***" in repr(calls[0].json)
    assert seen.errors
    assert seen.leaks(KEPT.secret, KEPT.token) == []


# -- down to the socket ------------------------------------------------------------------------------------------------

HEAD = b"HTTP/1.1 %d Well\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"


def said(status, kind, body, more=b""):
    return HEAD % (status, kind, len(body), more) + body


SERVERS = {
    "closes": lambda _heard: b"",
    "is cut in the head": lambda _heard: b"HTTP/1.1 200 OK\r\nContent-Le",
    "is cut in the body": lambda _heard: said(200, b"application/json", b'{"token":"%s"}' % KEPT.secret.encode())[:-2],
    "speaks another protocol": lambda _heard: b"220 mail.test\r\n\r\n",
    "packs badly": lambda _heard: said(200, b"application/json", b"x" * 90, b"Content-Encoding: gzip\r\n"),
    "sends latin-1": lambda _heard: said(200, b"application/json", b'{"token":"%s\xff"}' % KEPT.secret.encode()),
    "sends half of the JSON": lambda _heard: said(200, b"application/json", b'{"token":"%s' % KEPT.secret.encode()),
    "repeats the request on a page": lambda heard: said(502, b"text/html", b"<p>" + heard),
    "repeats the request in a reason": lambda heard: said(
        400, b"application/json", json.dumps({"errors": [{"reason": heard.decode()}]}).encode()
    ),
    "is silent": None,
    "resets": "reset",
}


@contextmanager
def server(manner):
    """The address of a server that treats every connection in that *manner*."""
    over = threading.Event()

    def treat(connection):
        with connection:
            if manner == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            heard = connection.recv(65536)
            left = int(re.search(rb"Content-Length: (\d+)|$", heard)[1] or 0) - len(heard.partition(b"\r\n\r\n")[2])
            while left > 0 and (more := connection.recv(65536)):  # a connection closed on what it was sent is reset
                heard += more if len(heard) < 65536 else b""
                left -= len(more)
            if manner is None:
                over.wait(10)
            else:
                connection.sendall(manner(heard))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=treat, args=(connection,)))
            threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threads = [threading.Thread(target=serve)]
        threads[0].start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v4"
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
    for thread in threads:
        thread.join(10)


OPERATIONS = {
    "password": lambda client: linode.Linode(client, 7).reset_password(KEPT.secret),
    "answers": lambda client: linode.Profile(client).answer_security_questions(
        [{"question_id": 1, "response": KEPT.secret}]
    ),
    "script": lambda client: client.create_linode(
        "t", "r", image="i", root_pass=KEPT.secret, stackscript_data={"x": KEPT.secret}
    ),
    "token": lambda client: linode.Profile(client).create_token(label="x"),
    "request": lambda client: client.request("PUT", "/x", {"password": KEPT.secret}),
    "upload": lambda client: linode.ImageUpload._of(
        linode.Image(client, "private/7"),
        {"image": {"id": "private/7"}, "upload_to": f"{client.base_url}/{KEPT.secret}"},
    ).send(b"x" * 2_000_000),
    "load": lambda client: linode.Linode(client, 7).load(),
    "flow": lambda client: client.execute(linode.Linode.reset_password(linode.Linode(client, 7), KEPT.secret)),
}


def tried(seen, url, operation, transport=lambda kind: kind(), **options):
    """*operation* is tried with either client."""
    way = transport(HttpTransport)
    with LinodeClient(KEPT.token, url, retry=ONCE, transport=way, **options) as client, seen.error():
        operation(client)

    async def awaited():
        way = transport(AsyncHttpTransport)
        async with AsyncLinodeClient(KEPT.token, url, retry=ONCE, transport=way, **options) as client:
            with seen.error():
                await operation(client)

    asyncio.run(awaited())


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("manner", SERVERS)
def test_network_errors_do_not_show_the_body(manner, operation):
    """At every stage: the frames of what carries requests hold headers and bodies."""
    with emissions() as seen, server(SERVERS[manner]) as url:
        tried(seen, url, OPERATIONS[operation], timeout=0.2 if manner == "is silent" else 5)
    assert seen.errors == (0 if operation == "upload" and manner.startswith("sends") else 2)  # nobody reads the answer
    assert seen.leaks(KEPT.secret, KEPT.token) == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_connection_errors_do_not_show_the_body(operation):
    """Nobody listens, the server knows no TLS, the address is none, the proxy is none."""
    with emissions() as seen, server(SERVERS["speaks another protocol"]) as url:
        tried(seen, "http://127.0.0.1:1/v4", OPERATIONS[operation])
        tried(seen, url.replace("http", "https"), OPERATIONS[operation])
        tried(seen, "http://127.0.0.1:x/v4", OPERATIONS[operation])
        tried(seen, url, OPERATIONS[operation], lambda kind: kind(proxy=f"http://user:{KEPT.secret}@127.0.0.1:1"))
        for kind in (HttpTransport, AsyncHttpTransport):
            with seen.error(ValueError):
                kind(proxy=f"gopher://user:{KEPT.secret}@127.0.0.1:1")
    assert seen.errors == 10
    assert seen.leaks(KEPT.secret, KEPT.token) == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_cancelled_call_shows_no_secret(operation):
    """A time limit of the program's own ends in an error that was caused by the cancelling of ours."""

    async def given_up(url):
        async with AsyncLinodeClient(KEPT.token, url, retry=ONCE) as client:
            with seen.error(TimeoutError):
                async with asyncio.timeout(0.2):
                    await OPERATIONS[operation](client)

    with emissions() as seen, server(SERVERS["is silent"]) as url:
        asyncio.run(given_up(url))
    assert seen.errors == 1
    assert "test_secrets" in seen.frames
    assert seen.leaks(KEPT.secret, KEPT.token) == []


@pytest.mark.parametrize("kind", [LinodeClient, AsyncLinodeClient])
def test_no_client_that_cannot_be_made_shows_its_token(kind):
    """The token is none, the address is none, the file of certificates is not there, an option is misspelt."""
    with emissions() as seen:
        for url, options in [
            (ADDRESS, {}),
            ("api.test", {}),
            (ADDRESS, {"verify": "/nowhere"}),
            (ADDRESS, {"retries": 5}),
        ]:
            with seen.error():
                kind(f"{KEPT.token} " if (url, options) == (ADDRESS, {}) else KEPT.token, url, **options)
    assert seen.errors == 4
    assert seen.leaks(KEPT.token) == []


# -- what is left ------------------------------------------------------------------------------------------------------


def test_reading_and_setting_fields_shows_no_other_field():
    """A token that was read already, when another field is broken; a value for what cannot be set."""
    client = LinodeClient(KEPT.token, ADDRESS, transport=Fake({}))
    token = linode.PersonalAccessToken._of(client, {"id": 1, "token": KEPT.secret, "created": 5})
    assert token.token == KEPT.secret
    with emissions() as seen:
        with seen.error(UnexpectedResponseError):
            _ = token.created
        for name in ("token", "tokn"):
            with seen.error(AttributeError):
                setattr(token, name, KEPT.secret)
        with seen.error(TypeError):
            linode.LinodeAlerts(cpu=1, password=KEPT.secret)
    assert seen.errors == 4
    assert seen.leaks(KEPT.secret, KEPT.token) == []


def test_reprs_hide_what_has_the_name_of_a_secret():
    """Calls with their bodies, queries and filters; entries of lists; nested objects."""
    secrets = {"root_pass": KEPT.secret, "stackscript_data": {"x": KEPT.secret}, "more": [{"api_key": KEPT.secret}]}
    with emissions() as seen:
        seen.shows(
            Call("POST", "/x", secrets, query=secrets, filter=secrets),
            Entry._of(None, secrets),
            linode.TFASecret._of(None, {"secret": KEPT.secret}),
            linode.ImageUpload._of(None, {"image": {"id": "private/7"}, "upload_to": KEPT.secret}),
            linode.SecurityQuestion._of(None, {"id": 1, "question": "?", "response": KEPT.secret}),
        )
    assert "'root_pass': '***'" in "".join(seen.texts)
    assert seen.leaks(KEPT.secret) == []


def test_the_frames_stay_and_so_do_the_callers_locals():
    """The origin of an error can be read; the exception that the caller was handling keeps its frames."""

    def mine():
        number = 42
        raise ValueError(f"{number} is wrong")

    client = LinodeClient(KEPT.token, ADDRESS, transport=Fake(lambda _: TransportError("reset")), retry=ONCE)
    try:
        try:
            mine()
        except ValueError:
            linode.Linode(client, 7).reset_password(KEPT.secret)
    except OutcomeUnknownError as error:
        told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert all(f"in {name}" in told for name in ("operation", "_settled", "send", "mine"))
    assert "number = 42" in told
    assert KEPT.secret not in told


def test_an_error_that_is_raised_again_within_a_call_is_no_exception():
    """The exception that the caller is handling may be raised again below the next call, here by a transport."""
    handled = ValueError("mine")

    def again(request):
        content = request.content
        raise handled if content else AssertionError

    client = LinodeClient(KEPT.token, ADDRESS, transport=Fake(again), retry=ONCE)
    with emissions() as seen, seen.error(ValueError):
        try:
            raise handled
        except ValueError:
            linode.Linode(client, 7).reset_password(KEPT.secret)
    assert seen.errors == 1
    assert seen.leaks(KEPT.secret, KEPT.token) == []


def test_an_error_that_could_not_read_a_text_still_says_where_and_why():
    """Only the text is gone from the cause, and from those that `json` raises."""
    client = LinodeClient(KEPT.token, ADDRESS, transport=Fake(lambda _: ANSWERS["not unicode"]), retry=ONCE)
    with pytest.raises(UnexpectedResponseError) as raised:
        linode.Linode(client, 7).load()
    cause = raised.value.__cause__
    assert isinstance(cause, UnicodeDecodeError)
    assert (cause.object, cause.args[1], cause.reason) == (b"", b"", "invalid start byte")
    login = LinodeLoginClient("id", KEPT.token, transport=Fake(lambda _: ANSWERS["broken"]))
    with pytest.raises(OAuthError) as raised:
        login.finish_oauth("c0de")
    assert raised.value.__cause__.doc == ""
    assert "line 1 column" in str(raised.value.__cause__)
