"""``linode-sandbox``, or ``python -m linode.sandbox``: the sandbox on a port."""

from __future__ import annotations

import argparse
import functools
import sys
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from .core.refusals import SandboxError
from .core.world import FIRST_ID
from .gateways import server
from .sandbox import LAST_ID, Sandbox

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. Prints ``ready http://HOST:PORT token=TOKEN`` when it accepts connections."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        with Sandbox(
            asked.data,
            asked.seed,
            asked.speed,
            asked.token,
            limits=asked.limits,
            start=asked.start,
            durations=asked.durations,
            first_id=asked.first_id,
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
        epilog="Paths: / (a page for a browser), /v4, /v4beta (today's API), /oauth (login), "
        "/alpha/v4, /alpha/oauth (the API of 2016), /sandbox (faults, limits, requests, state, advance, reset).",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8080, help="port; 0 takes a free one (default: %(default)s)")
    parser.add_argument("--data", metavar="FILE", help="keep the world in this file over restarts")
    parser.add_argument("--token", type=_token, help="a token with all scopes (default: a random one)")
    parser.add_argument("--speed", type=_above_0, default=1.0, help="speed of the clock (default: %(default)s)")
    parser.add_argument(
        "--durations",
        type=_above_0,
        default=1.0,
        metavar="SHARE",
        help="share of their time that boots and other jobs take, such as 0.05; expiries keep theirs",
    )
    parser.add_argument("--seed", type=int, help="make IDs, addresses and secrets reproducible")
    parser.add_argument(
        "--first-id",
        type=_id,
        default=FIRST_ID,
        metavar="N",
        help="first ID of each kind of object (default: %(default)s)",
    )
    parser.add_argument(
        "--start", type=_time, metavar="TIME", help="start time of a new world in UTC, such as 2026-01-31T12:00"
    )
    parser.add_argument(
        "--app",
        type=_app,
        action="append",
        default=[],
        metavar="ID:SECRET=REDIRECT_URI",
        help="register an application with the login service; leave out :SECRET for a public one; repeatable",
    )
    parser.add_argument("--no-limits", dest="limits", action="store_false", help="disable the API's rate limits")
    return parser


def _port(value: str) -> int:
    if not value.isdecimal() or int(value) > 65535:
        raise argparse.ArgumentTypeError(f"{value!r} must be a number from 0 to 65535")
    return int(value)


def _token(value: str) -> str:
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise argparse.ArgumentTypeError("a token must be printable ASCII without spaces")
    return value


def _above_0(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{value!r} must be a number above 0")
    return number


def _id(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= LAST_ID:
        raise argparse.ArgumentTypeError(f"{value!r} must be a number from 1 to {LAST_ID}")
    return int(value)


def _time(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} must be a time such as 2026-01-31T12:00 (UTC)") from None


class _App(NamedTuple):
    """An OAuth application; a public one has no secret."""

    id: str
    secret: str | None
    redirect_uri: str


def _app(value: str) -> _App:
    name, _, redirect_uri = value.partition("=")
    id, colon, secret = name.partition(":")
    there = urlsplit(redirect_uri)
    if not id or bool(colon) != bool(secret) or not there.scheme or not (there.netloc or there.path):
        raise argparse.ArgumentTypeError("must be ID:SECRET=REDIRECT_URI, or ID=REDIRECT_URI for a public application")
    return _App(id, secret or None, redirect_uri)


def _fail(why: str) -> int:
    print(f"linode-sandbox: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
