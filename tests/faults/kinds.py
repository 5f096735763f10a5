"""The kinds of broken answers, each by its name: what is sent in place of the right answer."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import zlib
from functools import cache
from typing import Any

from broken_server import TOKEN, Fault, Heard, ok

__all__ = ["KINDS"]

CLOSE = b"Connection: close"
GZIP = b"Content-Encoding: gzip"
PAGE = b"<html><head><title>oops</title></head><body>" + b"<p>go away</p>" * 300 + b"</body></html>"
HEAD = b"HTTP/1.1 200 OK\r\n"
BOMB = 200 * 2**20


@cache
def bomb() -> bytes:
    """200 MB of spaces in less than one MB."""
    packer = zlib.compressobj(1, wbits=31)
    return b"".join([*(packer.compress(b" " * 2**20) for _ in range(BOMB // 2**20)), packer.flush()])


def chunked(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content)


def reset(heard: Heard, begun: bytes = b"") -> None:
    """Send what was *begun*, and reset the connection."""
    heard.connection.sendall(begun)
    heard.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    heard.connection.close()


def silence(heard: Heard, begun: bytes = b"") -> None:
    """Send what was *begun*, and no more while the test lasts."""
    heard.connection.sendall(begun)
    heard.over.wait(30)


def trickle(heard: Heard, begun: bytes, drop: bytes) -> None:
    """Send what was *begun*, and a *drop* now and then for ever."""
    heard.connection.sendall(begun)
    while not heard.over.wait(0.02):
        heard.connection.sendall(drop)


def flood(heard: Heard, begun: bytes, wave: bytes) -> None:
    """Send what was *begun*, and *wave* after *wave* for ever."""
    heard.connection.sendall(begun)
    while not heard.over.is_set():
        heard.connection.sendall(wave)


def whole(body: bytes, *headers: bytes, status: bytes = b"200 OK", length: int | None = None) -> Fault:
    """The same answer to every request."""
    return lambda _heard: ok(body, *headers, status=status, length=length)


def closing(answer: bytes) -> Fault:
    """*answer*, and the end of the connection."""

    def fault(heard: Heard) -> None:
        heard.connection.sendall(answer)

    return fault


def told(**members: Any) -> Fault:
    """The right answer, in which *members* lie."""

    def fault(heard: Heard) -> bytes:
        answer = json.loads(heard.right)
        return ok(json.dumps({**answer, **members} if "data" in answer else answer).encode())

    return fault


def rows(change: Any) -> Fault:
    """The right answer with other rows: *change* makes them of the right ones."""

    def fault(heard: Heard) -> bytes:
        answer = json.loads(heard.right)
        if "data" in answer:
            answer["data"] = change(answer["data"])
        return ok(json.dumps(answer).encode())

    return fault


def echoed(heard: Heard) -> bytes:
    """The request in one line, without what ends lines."""
    return b" ".join(heard.raw.split())


def errors(heard: Heard) -> bytes:
    """An error that repeats the request in every place that errors have."""
    said = echoed(heard).decode("latin-1")
    content = json.dumps({"errors": [{"reason": said, "field": said}, {"field": TOKEN}]})
    return ok(content.encode(), b"X-Said: " + echoed(heard), status=b"400 Bad " + echoed(heard)[:2000])


LENGTHS: dict[str, Fault] = {
    "both lengths": lambda heard: (
        HEAD + b"Content-Length: 500000\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(heard.right)
    ),
    "short body": lambda heard: ok(heard.right, CLOSE, length=len(heard.right) + 99),
    "a body longer than it says": lambda heard: ok(heard.right, length=len(heard.right) - 9),
    "bytes behind the answer": lambda heard: ok(heard.right) + b"and more",
    "two answers in one segment": lambda heard: ok(heard.right) + ok(heard.right.replace(b"web", b"bad")),
    "64 MB announced, one byte sent": lambda heard: silence(heard, ok(b"{", length=2**26)),
    "a length of 10**30": closing(ok(b"{}", length=10**30)),
    "a negative length": closing(ok(b"{}", length=-1)),
    "a length that is no number": closing(HEAD + b"Content-Length: many\r\n\r\n{}"),
    "two lengths that differ": closing(ok(b"{}", b"Content-Length: 7")),
    "no length, and no end": lambda heard: silence(heard, HEAD + b"\r\n" + heard.right),
    "a broken chunk": closing(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
    "a huge chunk": lambda heard: silence(heard, HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\n{"),
    "a chunk of minus one": closing(HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n"),
    "no last chunk": lambda heard: closing(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(heard.right).removesuffix(b"0\r\n\r\n")
    )(heard),
    "another transfer encoding": closing(HEAD + b"Transfer-Encoding: gzip\r\n\r\n{}"),
    "chunks for ever": lambda heard: flood(
        heard, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"100000\r\n" + b" " * 2**20 + b"\r\n"
    ),
}
PACKED: dict[str, Fault] = {
    "a bomb of 200 MB": lambda _heard: ok(bomb(), GZIP),
    "a broken packing": lambda heard: ok(b"\x1f\x8b" + heard.right, GZIP),
    "half a packing": lambda heard: ok(gzip.compress(heard.right)[:30], GZIP),
    "garbage behind the packing": lambda heard: ok(gzip.compress(heard.right) + b"more", GZIP),
    "a packing that is none": lambda heard: ok(heard.right, GZIP),
    "a packing nobody asked for": lambda heard: ok(heard.right, b"Content-Encoding: br"),
    "packed twice": lambda heard: ok(gzip.compress(gzip.compress(heard.right)), b"Content-Encoding: gzip, gzip"),
}
HEADS: dict[str, Fault] = {
    "a header without a colon": closing(HEAD + b"no colon here\r\nContent-Length: 2\r\n\r\n{}"),
    "a header that repeats the request": lambda heard: closing(HEAD + echoed(heard) + b"\x00\r\n\r\n{}")(heard),
    "a header with a null byte": closing(HEAD + b"X-A: a\x00b\r\nContent-Length: 2\r\n\r\n{}"),
    "a header of 1 MB": closing(HEAD + b"X-A: " + b"a" * 2**20 + b"\r\nContent-Length: 2\r\n\r\n{}"),
    "headers without end": lambda heard: trickle(heard, HEAD + b"X-A: ", b"a"),
    "a body without end": lambda heard: trickle(heard, ok(b"{", length=100_000), b" "),
    "no status line": closing(b"what do you want\r\n\r\n{}"),
    "a status line that repeats the request": lambda heard: closing(echoed(heard) + b"\r\n\r\n")(heard),
    "a status that is no number": closing(b"HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\n{}"),
    "a status of five digits": closing(b"HTTP/1.1 20000 OK\r\nContent-Length: 2\r\n\r\n{}"),
    "another protocol": closing(b"\x15\x03\x01\x00\x02\x02\x28"),
    "HTTP/2": closing(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00"),
    "HTTP/1.0": lambda heard: closing(b"HTTP/1.0 200 OK\r\n\r\n" + heard.right)(heard),
    "1xx before the answer": lambda heard: b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hint\r\n\r\n" + ok(heard.right),
    "1xx without end": lambda heard: flood(heard, b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 100),
    "101": closing(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: close, Upgrade\r\n\r\n"),
    "a date that is none": lambda heard: ok(heard.right).replace(b"Date: ", b"Date: not "),
    "limits that lie": lambda heard: ok(
        heard.right, b"X-RateLimit-Limit: 10", b"X-RateLimit-Remaining: 99999", b"X-RateLimit-Reset: NaN"
    ),
}
STATUSES: dict[str, Fault] = {
    "204 with a body": whole(b'{"id": 1}', status=b"204 No Content"),
    "301": whole(b"", b"Location: http://127.0.0.1:9/v4/away", status=b"301 Moved Permanently"),
    "302 without Location": whole(b"", status=b"302 Found"),
    "303": whole(b"", b"Location: /v4/linode/instances/1", status=b"303 See Other"),
    "304": closing(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "307": whole(b"", b"Location: http://127.0.0.1:9/v4/away", status=b"307 Temporary Redirect"),
    "HTML with 200": whole(PAGE, b"Content-Type: text/html"),
    "HTML with 502": whole(PAGE, b"Content-Type: text/html", status=b"502 Bad Gateway"),
    "an error that repeats the request": errors,
    "a 500 that repeats the request": lambda heard: ok(
        json.dumps({"errors": [{"reason": echoed(heard).decode("latin-1")}]}).encode(), status=b"500 Oops"
    ),
    "a content type that repeats the request": lambda heard: ok(b"no", b"Content-Type: " + echoed(heard)),
    "a page that repeats the request": lambda heard: ok(b"<pre>" + heard.raw + b"</pre>", b"Content-Type: text/html"),
    "errors of another shape": whole(b'{"errors": {"a": [1, null]}}', status=b"400 Bad Request"),
    "an error that is a list": whole(b"[1, 2]", status=b"403 Forbidden"),
    "an empty error": whole(b"", status=b"500 Oops"),
    "a status of 999": whole(b"{}", status=b"999 What"),
}
CONTENTS: dict[str, Fault] = {
    "a list": whole(b"[1, 2]"),
    "a list of lists": whole(b"[[[]]]"),
    "a number": whole(b"7"),
    "null": whole(b"null"),
    "a text": whole(b'"hello"'),
    "true": whole(b"true"),
    "an empty object": whole(b"{}"),
    "NaN": whole(b'{"id": NaN, "data": [NaN]}'),
    "infinity": whole(b'{"id": 1e999, "data": [1e999], "pages": 1e999}'),
    "a number of a thousand digits": whole(b'{"pages": ' + b"9" * 1000 + b', "data": []}'),
    "no UTF-8": whole(b'{"label": "\xff\xfe", "data": ["\xff"]}'),
    "UTF-16": lambda heard: ok(heard.right.decode().encode("utf-16")),
    "half a surrogate": whole(b'{"id": 123, "label": "\\ud800", "data": [{"id": 1, "label": "\\ud800"}]}'),
    "deep nesting": whole(b"[" * 200_000),
    "a deep member": whole(b'{"id": 1, "data": [' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"]}"),
    "nothing with 200": whole(b""),
    "blanks with 200": whole(b" \r\n\t"),
    "half of the JSON": lambda heard: ok(heard.right[: len(heard.right) // 2]),
    "two JSON texts": lambda heard: ok(heard.right * 2),
    "ids of another type": whole(b'{"id": [1], "data": [{"id": {}}, {"id": null}], "pages": 1, "results": 2}'),
    "no pages": told(pages=0),
    "minus one page": told(pages=-1, results=-1),
    "a text of pages": told(pages="x"),
    "10**12 pages": told(pages=10**12),
    "10**12 results": told(results=10**12),
    "results that are no number": told(results=None),
    "another page than was asked for": told(page=7),
    "a hundred pages where there are three": told(pages=100, results=2500),
    "data that is no list": told(data={"id": 1}),
    "rows that are none": rows(lambda found: [None, 7, *found]),
    "no rows": rows(lambda _found: []),
    "ids that repeat": rows(lambda found: found[:1] * len(found)),
    "one page for all": lambda heard: ok(
        json.dumps({"data": [json.loads(heard.right)], "page": 1, "pages": 9, "results": 9}).encode()
        if b'"data"' not in heard.right
        else heard.right.replace(b'"page": 2', b'"page": 1')
    ),
}
BROKEN_OFF: dict[str, Fault] = {
    "nothing at all": lambda _heard: None,
    "a reset before the answer": reset,
    "a reset in the status line": lambda heard: reset(heard, b"HTTP/1.1 2"),
    "a reset in the headers": lambda heard: reset(heard, HEAD + b"Content-Le"),
    "a reset in the body": lambda heard: reset(heard, ok(heard.right)[:-5]),
    "silence": silence,
    "silence after the headers": lambda heard: silence(heard, ok(b"", length=10)),
}
KINDS: dict[str, Fault] = {**LENGTHS, **PACKED, **HEADS, **STATUSES, **CONTENTS, **BROKEN_OFF}
