"""A certificate for a sandbox on a port, made for one run."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ..core.refusals import SandboxError

__all__ = ["Certificate", "issue_certificate"]

LOCAL = ("localhost", "127.0.0.1", "::1")


class Certificate(NamedTuple):
    """The context of a server, and the file with the certificate of the authority that clients have to trust."""

    context: ssl.SSLContext
    ca_file: str


@contextmanager
def issue_certificate(host: str, ca_file: str | None = None) -> Iterator[Certificate]:
    """A certificate for *host* and this machine, which ends with the block.

    The authority's certificate is written to *ca_file*, which must not exist yet (None: in a temporary folder), and
    removed at the end. Its private key stays in memory; that of the server is in a file, readable by the user only,
    for the moment in which the server's context reads it. Raises `SandboxError`, and ModuleNotFoundError
    without trustme.
    """
    try:
        import trustme  # noqa: PLC0415 - an extra, which takes time to import
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("--tls needs trustme: pip install trustme", name="trustme") from error
    authority = trustme.CA(organization_name="Linode sandbox")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*LOCAL, *_also(host), organization_name="Linode sandbox").configure_cert(context)
    with tempfile.TemporaryDirectory(prefix="linode-sandbox-") as folder:
        path = Path(folder) / "ca.pem" if ca_file is None else Path(ca_file).absolute()
        try:
            with path.open("xb") as opened:
                opened.write(authority.cert_pem.bytes())
        except FileExistsError:
            raise SandboxError(f"{path} exists already: --tls needs the name of a new file") from None
        except OSError as error:
            raise SandboxError(f"cannot write {path}: {error.strerror}") from error
        try:
            yield Certificate(context, str(path))
        finally:
            path.unlink(missing_ok=True)


def _also(host: str) -> list[str]:
    """*host*, if the certificate can be for it: not if it stands for all addresses of the machine."""
    try:
        unspecified = ipaddress.ip_address(host).is_unspecified
    except ValueError:
        unspecified = False
    return [] if unspecified or host in LOCAL else [host]
