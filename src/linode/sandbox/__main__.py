"""``linode-sandbox``, or ``python -m linode.sandbox``: the sandbox on a port."""

from __future__ import annotations

import functools
import gc
import sys
from argparse import Namespace
from contextlib import ExitStack

from .command_line import parser
from .core.refusals import SandboxError
from .gateways import server
from .gateways.certificate import Certificate, issue_certificate
from .gateways.clients import snippets_for
from .sandbox import Sandbox

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. Prints ``ready http://HOST:PORT token=TOKEN`` when it accepts connections.

    With ``--tls`` that line ends in ``ca=FILE``. If standard error is a terminal, the settings of other programs are
    printed there.
    """
    asked = parser().parse_args(arguments)
    gc.disable()  # objects made until the server is ready stay, and looking through them makes the start a tenth longer
    try:
        with ExitStack() as stack:
            _serve(asked, stack)
    except (SandboxError, ModuleNotFoundError) as error:
        print(f"linode-sandbox: {error}", file=sys.stderr)
        return 1
    finally:
        gc.enable()
    return 0


def _serve(asked: Namespace, stack: ExitStack) -> None:
    sandbox = stack.enter_context(
        Sandbox(
            asked.data,
            asked.seed,
            asked.speed,
            asked.token,
            limits=asked.limits,
            start=asked.start,
            durations=asked.durations,
            first_id=asked.first_id,
            load=asked.load,
            seed_file=asked.seed_file,
        )
    )
    for app in asked.app:
        public = app.secret is None
        sandbox.add_oauth_client(app.id, app.redirect_uri, public=public, id=app.id, secret=app.secret)
    certificate = None if asked.tls is None else stack.enter_context(issue_certificate(asked.host, asked.tls or None))
    opened = server.listen(asked.host, asked.port)
    address = server.address(opened, "http" if certificate is None else "https")
    ready = functools.partial(_print_ready, address, sandbox.token, certificate)
    server.serve(sandbox.gateway, opened, ready, None if certificate is None else certificate.context)


def _print_ready(address: str, token: str, certificate: Certificate | None) -> None:
    """Print the line for programs on standard output, and the lines for a person on a terminal."""
    ca_file = None if certificate is None else certificate.ca_file
    gc.freeze()
    gc.enable()
    print(f"ready {address} token={token}" + (f" ca={ca_file}" if ca_file else ""), flush=True)
    if sys.stderr.isatty():
        print(_taught(address, token, ca_file), file=sys.stderr, flush=True)


def _taught(address: str, token: str, ca_file: str | None) -> str:
    """The settings of programs, ready to paste into a shell."""
    lines = "\n".join(f"# {client}\n{text}" for client, text in snippets_for(address, token, ca_file))
    return f"\n{lines}\n# in a browser\n{address}/\n\nStop with Ctrl-C. More: linode-sandbox --help"


if __name__ == "__main__":
    sys.exit(main())
