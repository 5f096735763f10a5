"""``linode-sandbox``, or ``python -m linode.sandbox``: the sandbox on a port."""

from __future__ import annotations

import argparse
import functools
import sys
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from .core.refusals import SandboxError
from .gateways import server
from .sandbox import Sandbox

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. Prints one line, ``ready http://HOST:PORT token=TOKEN``, when it serves."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        with Sandbox(
            asked.data, asked.seed, asked.speed, asked.token, limits=asked.limits, start=asked.start
        ) as sandbox:
            for app in asked.app:
                public = app.secret is None
                sandbox.add_oauth_client(app.id, app.redirect_uri, public=public, id=app.id, secret=app.secret)
            opened = server.listen(asked.host, asked.port)
            line = f"ready {server.address(opened)} token={sandbox.token}"
            server.serve(sandbox.gateway, opened, functools.partial(print, line, flush=True))
    except (SandboxError, ModuleNotFoundError) as error:
        return _fail(str(error))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="linode-sandbox",
        description="Serve the Linode API without an account, a network or a bill.",
        epilog="Paths: /v4, /v4beta (today's API), /oauth (login), /alpha/v4, /alpha/oauth (the API of 2016), "
        "/sandbox (faults, limits, requests, state, advance, reset).",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8080, help="port; 0 takes a free one (default: %(default)s)")
    parser.add_argument("--data", metavar="FILE", help="keep the world in this file over restarts")
    parser.add_argument("--token", type=_token, help="the token that may do everything (default: one is made up)")
    parser.add_argument("--speed", type=_speed, default=1.0, help="how fast the clock runs (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="make ids, addresses and secrets the same each time")
    parser.add_argument(
        "--start", type=_time, metavar="TIME", help="first moment of a new world, such as 2026-01-31T12:00"
    )
    parser.add_argument(
        "--app",
        type=_app,
        action="append",
        default=[],
        metavar="ID:SECRET=REDIRECT_URI",
        help="register an application with the login service; a public one without :SECRET; repeatable",
    )
    parser.add_argument("--no-limits", dest="limits", action="store_false", help="without the API's rate limits")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 0 to 65535")
    return int(text)


def _token(text: str) -> str:
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise argparse.ArgumentTypeError("a token is printable ASCII without blanks")
    return text


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no speed: a number above 0")
    return speed


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-01-31T12:00 (UTC)") from None


class _App(NamedTuple):
    """An application that can log users in; a public one has no secret."""

    id: str
    secret: str | None
    redirect_uri: str


def _app(text: str) -> _App:
    name, _, redirect_uri = text.partition("=")
    id, colon, secret = name.partition(":")
    there = urlsplit(redirect_uri)
    if not id or bool(colon) != bool(secret) or not there.scheme or not (there.netloc or there.path):
        raise argparse.ArgumentTypeError("an application is ID:SECRET=REDIRECT_URI, a public one ID=REDIRECT_URI")
    return _App(id, secret or None, redirect_uri)


def _fail(why: str) -> int:
    print(f"linode-sandbox: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
