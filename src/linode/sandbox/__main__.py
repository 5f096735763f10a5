"""``python -m linode.sandbox``: the sandbox on a port."""

from __future__ import annotations

import argparse
import sys

from . import server
from .box import Sandbox
from .refusals import SandboxError

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. Prints one line, ``ready http://HOST:PORT token=TOKEN``, when it serves."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        import uvicorn  # noqa: F401  asked for before anything is opened
    except ImportError:
        return _fail("serving needs uvicorn: pip install 'linode-api[sandbox]'")
    try:
        sandbox = Sandbox(asked.data, asked.seed, asked.speed, asked.token, limits=asked.limits)
    except SandboxError as error:
        return _fail(str(error))
    with sandbox:
        try:
            opened = server.listen(asked.host, asked.port)
        except OSError as error:
            return _fail(f"cannot listen on {asked.host} port {asked.port}: {error.strerror or error}")
        server.serve(sandbox.door, opened, f"ready {server.address(opened)} token={sandbox.token}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m linode.sandbox",
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


def _fail(why: str) -> int:
    print(f"python -m linode.sandbox: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
