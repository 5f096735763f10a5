"""Prefix lists: named lists of networks for firewall rules."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from linode._model import BaseClient, Many, ReadOnly, Resource


class PrefixList(Resource):
    """A named list of networks, which firewall rules refer to by name."""

    path = "/networking/prefixlists/{id}"
    scope = "firewall"
    filterable = ("name",)
    read_only = True

    id: ReadOnly[int]
    name: ReadOnly[str]
    """Name in firewall rules, such as ``pl::offices``; those of Linode's services begin with ``pl:system:``."""
    description: ReadOnly[str]
    visibility: ReadOnly[Literal["public", "private", "restricted"] | str]
    ipv4: ReadOnly[list[str] | None]
    """IPv4 networks."""
    ipv6: ReadOnly[list[str] | None]
    """IPv6 networks."""
    version: ReadOnly[int]
    """Version, incremented by every change."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]
    deleted: ReadOnly[datetime | None]
    """Deletion time (UTC); None while the list can be used."""


class PrefixListsMixin(BaseClient):
    """Methods of a client for prefix lists."""

    get_prefix_lists: Many[PrefixList] = Many("/networking/prefixlists")
    """Prefix lists of Linode's services and of the account."""
