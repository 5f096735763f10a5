"""The options of ``linode-sandbox``, and its help."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from .core.world import FIRST_ID, LAST_ID

__all__ = ["parser"]

DESCRIPTION = (
    "Serve the Linode API without an account, a network or a bill: Linodes boot, have disks, and cost nothing."
)
EXAMPLES = """\
examples:
  linode-sandbox                                 on port 8080; prints the settings of other programs
  linode-sandbox --speed 20                      a Linode boots in a second or two
  linode-sandbox --data world.db                 the objects are there again after a restart
  linode-sandbox --port 0 --seed 1 --start 2026-01-31T12:00
                                                 for tests: a free port, and the same world each time
  linode-sandbox --tls ca.pem                    HTTPS, for programs that need it
  linode-sandbox --host 0.0.0.0 --token secret   for other machines and containers

paths:
  /                    a page for a browser: the objects, the requests as they come, faults, the clock
  /v4, /v4beta         today's API
  /oauth               the login service
  /alpha/v4, /alpha/oauth
                       the API of 2016
  /sandbox             control: faults, limits, requests, state, advance, reset, export, load (with the token)
  /sandbox/health      200 while the sandbox serves (without a token)

When the sandbox accepts connections it prints one line on standard output, for programs:
  ready http://127.0.0.1:8080 token=TOKEN        with --tls followed by ca=FILE
The settings of other programs are printed on standard error, if that is a terminal. It ends at Ctrl-C or SIGTERM.
"""


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    made = argparse.ArgumentParser(
        prog="linode-sandbox",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _address(made.add_argument_group("address"))
    _world(made.add_argument_group("objects"))
    _clock(made.add_argument_group("clock"))
    _access(made.add_argument_group("access"))
    return made


def _address(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    group.add_argument("--port", type=_port, default=8080, help="port; 0 takes a free one (default: %(default)s)")
    group.add_argument(
        "--tls",
        nargs="?",
        const="",
        metavar="CA_FILE",
        help="serve HTTPS with a certificate made for this run, and write that of its authority to CA_FILE, a new file "
        "that is removed at the end (default: one in the folder for temporary files); needs trustme",
    )


def _world(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--data", metavar="FILE", help="keep the objects in this file over restarts")
    group.add_argument(
        "--load", metavar="FILE", help="begin a new world with the one in this file, exported by another sandbox"
    )
    group.add_argument(
        "--seed-file",
        metavar="FILE",
        help="begin a new world with the objects in this file, JSON or YAML (needs pyyaml)",
    )
    group.add_argument("--seed", type=int, help="make IDs, addresses and secrets the same each time")
    group.add_argument(
        "--first-id",
        type=_id,
        default=FIRST_ID,
        metavar="N",
        help="first ID of each kind of object (default: %(default)s)",
    )


def _clock(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--speed", type=_above_0, default=1.0, help="speed of the clock (default: %(default)s)")
    group.add_argument(
        "--durations",
        type=_above_0,
        default=1.0,
        metavar="SHARE",
        help="share of their time that boots and other jobs take, such as 0.05; expiries keep theirs",
    )
    group.add_argument(
        "--start", type=_time, metavar="TIME", help="start time of a new world in UTC, such as 2026-01-31T12:00"
    )


def _access(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--token", type=_token, help="a token with all scopes (default: a random one)")
    group.add_argument(
        "--app",
        type=_app,
        action="append",
        default=[],
        metavar="ID:SECRET=REDIRECT_URI",
        help="register an application with the login service; leave out :SECRET for a public one; repeatable",
    )
    group.add_argument("--no-limits", dest="limits", action="store_false", help="disable the API's rate limits")


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
