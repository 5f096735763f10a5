"""Grants: what a restricted user may do."""

from __future__ import annotations

from typing import Literal, TypeAlias

from linode._model import Nested, ReadOnly, Struct

__all__ = ["GlobalGrants", "Grant", "GrantLevel", "Grants"]

GrantLevel: TypeAlias = Literal["read_only", "read_write"]
"""How much a restricted user may do with a thing."""


class Grant(Struct):
    """Grant of a user to one object of the account."""

    id: ReadOnly[int]
    """The object's number."""
    label: ReadOnly[str]
    """The object's name."""
    permissions: ReadOnly[GrantLevel | None]
    """How far the user may go; None for not at all."""


class GlobalGrants(Struct):
    """Grants of a user that concern no single object."""

    account_access: ReadOnly[GrantLevel | None]
    """How far the user may go with billing, users and settings; None for not at all."""
    child_account_access: ReadOnly[bool | None]
    """Whether the user may act for child accounts; None where there are none."""
    add_databases: ReadOnly[bool]
    """Whether the user may make databases."""
    add_domains: ReadOnly[bool]
    """Whether the user may make domains."""
    add_firewalls: ReadOnly[bool]
    """Whether the user may make firewalls."""
    add_images: ReadOnly[bool]
    """Whether the user may make images."""
    add_linodes: ReadOnly[bool]
    """Whether the user may make Linodes."""
    add_longview: ReadOnly[bool]
    """Whether the user may make Longview clients and see the plan."""
    add_nodebalancers: ReadOnly[bool]
    """Whether the user may make NodeBalancers."""
    add_stackscripts: ReadOnly[bool]
    """Whether the user may make StackScripts."""
    add_volumes: ReadOnly[bool]
    """Whether the user may make volumes."""
    add_vpcs: ReadOnly[bool]
    """Whether the user may make VPCs."""
    cancel_account: ReadOnly[bool]
    """Whether the user may close the account."""
    longview_subscription: ReadOnly[bool]
    """Whether the user may change the Longview plan."""


class Grants(Struct):
    """All that a restricted user may do: in general, and with each object of the account."""

    global_: Nested[GlobalGrants] = Nested("global")
    """Grants that concern no single object; ``global`` in the API."""
    database: ReadOnly[list[Grant]]
    """For each database."""
    domain: ReadOnly[list[Grant]]
    """For each domain."""
    firewall: ReadOnly[list[Grant]]
    """For each firewall."""
    image: ReadOnly[list[Grant]]
    """For each image of the account."""
    linode: ReadOnly[list[Grant]]
    """For each Linode."""
    longview: ReadOnly[list[Grant]]
    """For each Longview client."""
    nodebalancer: ReadOnly[list[Grant]]
    """For each NodeBalancer."""
    stackscript: ReadOnly[list[Grant]]
    """For each StackScript of the account."""
    volume: ReadOnly[list[Grant]]
    """For each volume."""
    vpc: ReadOnly[list[Grant]]
    """For each VPC."""
