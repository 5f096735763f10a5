"""What `dir()` shows, and what messages and help say."""

from __future__ import annotations

import pytest
from fakes import client_of

from linode import Disk, Linode, Volume, aio

INTERNALS = {
    *("path", "beta", "savable", "deletable", "read_only", "unique", "id_key", "filterable", "client_side", "awaited"),
    *("scope", "public", "forget", "mark", "now", "writes", "made", "narrowed"),
}


def shown(obj):
    return {name for name in dir(obj) if not name.startswith("__")}


@pytest.mark.parametrize("owner", ["sync client", "async client", "linode", "disk", "list", "nested object"])
def test_dir_shows_no_internals(owner):
    """Names that only declarations use are not offered to those who explore an object."""
    client, _ = client_of({})
    linode = Linode._of(client, {"id": 1, "alerts": {}})
    found = {
        "sync client": client,
        "async client": aio.LinodeClient("t"),
        "linode": linode,
        "disk": Disk(client, 1, linode),
        "list": client.get_linodes,
        "nested object": linode.alerts,
    }[owner]
    assert not {name for name in shown(found) if name.startswith("_") or name in INTERNALS}


def test_dir_shows_fields_relations_and_verbs():
    """All that users can read, call or list is offered."""
    client, _ = client_of({})
    assert {"label", "status", "disks", "boot", "save", "delete", "load", "raw", "url"} <= shown(Linode(client, 1))
    assert {"get_linodes", "create_linode", "request", "close", "page_size", "base_url"} <= shown(client)
    assert {"all", "first", "one", "total", "index"} <= shown(client.get_linodes)
    assert {"cpu", "io", "raw"} <= shown(Linode._of(client, {"id": 1, "alerts": {}}).alerts)
    assert set(Volume._fields) <= shown(Volume(client, 1))
