"""The lines that point programs at a sandbox on a port, ready to paste. docs/clients.md explains each."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

__all__ = ["ClientSnippet", "snippets_for"]


IN_PYTHON = 'os.environ["LINODE_TOKEN"]'
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 - nothing listens there
"""Addresses at which a server listens on all of the machine's, and one of these."""


class ClientSnippet(NamedTuple):
    """A client, and the lines that it needs."""

    client: str
    text: str


def snippets_for(address: str, token: str, ca_file: str | None = None) -> list[ClientSnippet]:
    """The lines of each client for the sandbox at *address*; all but the first take the token from the environment."""
    address = _reachable(address)
    url = urlsplit(address)
    secure = url.scheme == "https"
    host, port = url.hostname, url.port or (443 if secure else 80)
    ca = f"export LINODE_CA={ca_file}\n" if ca_file else ""
    cacert = f" --cacert {ca_file}" if ca_file else ""
    quoted = "$LINODE_TOKEN"
    return [
        ClientSnippet(
            "this library, linodego, Terraform",
            f"export LINODE_URL={address}\nexport LINODE_TOKEN={token}\n{ca}",
        ),
        ClientSnippet(
            "linode-cli",
            f"export LINODE_CLI_TOKEN={quoted} LINODE_CLI_API_HOST={url.netloc} LINODE_CLI_API_SCHEME={url.scheme}\n"
            + (f"export LINODE_CLI_CA={ca_file}\n" if ca_file else ""),
        ),
        ClientSnippet(
            "Ansible (linode.cloud)",
            f"export LINODE_API_TOKEN={quoted} LINODE_API_URL={address}/\n"
            + (f"export REQUESTS_CA_BUNDLE={ca_file}\n" if ca_file else ""),
        ),
        ClientSnippet(
            "libcloud",
            (f"export SSL_CERT_FILE={ca_file}\n" if ca_file else "")
            + f'get_driver(Provider.LINODE)({IN_PYTHON}, host="{host}", port={port}, secure={secure})\n',
        ),
        ClientSnippet(
            "linode_api4",
            f'LinodeClient({IN_PYTHON}, base_url="{address}/v4"'
            + (f', ca_path="{ca_file}"' if ca_file else "")
            + ")\n",
        ),
        ClientSnippet("curl", f'curl{cacert} -H "Authorization: Bearer {quoted}" {address}/v4/linode/instances\n'),
    ]


def _reachable(address: str) -> str:
    """*address*, as a program on the same machine reaches it."""
    url = urlsplit(address)
    host, port = (url.netloc, "") if url.port is None else url.netloc.rsplit(":", 1)
    return f"{url.scheme}://{EVERYWHERE.get(host, host)}{port and f':{port}'}"
