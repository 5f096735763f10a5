"""Grants: the permissions of a restricted user."""

from __future__ import annotations

from typing import Literal, TypeAlias

from linode._model import Nested, ReadOnly, Struct

GrantLevel: TypeAlias = Literal["read_only", "read_write"] | str
"""Access level of a restricted user: ``read_only`` or ``read_write``."""


class Grant(Struct):
    """Grant of a user to one object of the account."""

    id: ReadOnly[int]
    """ID of the object."""
    label: ReadOnly[str]
    """Label of the object."""
    permissions: ReadOnly[GrantLevel | None]
    """Access level; None for no access."""


class GlobalGrants(Struct):
    """Grants of a user that apply to no single object."""

    account_access: ReadOnly[GrantLevel | None]
    """Access level for billing, users and settings; None for no access."""
    child_account_access: ReadOnly[bool | None]
    """Whether the user can act for child accounts; None for accounts without any."""
    add_databases: ReadOnly[bool]
    """Whether the user can create databases."""
    add_domains: ReadOnly[bool]
    """Whether the user can create domains."""
    add_firewalls: ReadOnly[bool]
    """Whether the user can create firewalls."""
    add_images: ReadOnly[bool]
    """Whether the user can create images."""
    add_linodes: ReadOnly[bool]
    """Whether the user can create Linodes."""
    add_longview: ReadOnly[bool]
    """Whether the user can create Longview clients and see the plan."""
    add_nodebalancers: ReadOnly[bool]
    """Whether the user can create NodeBalancers."""
    add_stackscripts: ReadOnly[bool]
    """Whether the user can create StackScripts."""
    add_volumes: ReadOnly[bool]
    """Whether the user can create volumes."""
    add_vpcs: ReadOnly[bool]
    """Whether the user can create VPCs."""
    cancel_account: ReadOnly[bool]
    """Whether the user can cancel the account."""
    longview_subscription: ReadOnly[bool]
    """Whether the user can change the Longview plan."""


class Grants(Struct):
    """The permissions of a restricted user: global grants, and a grant per object of the account."""

    global_: Nested[GlobalGrants] = Nested("global")
    """Grants that apply to no single object; ``global`` in the API, a keyword in Python."""
    database: ReadOnly[list[Grant]]
    """Grants to databases."""
    domain: ReadOnly[list[Grant]]
    """Grants to domains."""
    firewall: ReadOnly[list[Grant]]
    """Grants to firewalls."""
    image: ReadOnly[list[Grant]]
    """Grants to the account's images."""
    linode: ReadOnly[list[Grant]]
    """Grants to Linodes."""
    longview: ReadOnly[list[Grant]]
    """Grants to Longview clients."""
    nodebalancer: ReadOnly[list[Grant]]
    """Grants to NodeBalancers."""
    stackscript: ReadOnly[list[Grant]]
    """Grants to the account's StackScripts."""
    volume: ReadOnly[list[Grant]]
    """Grants to volumes."""
    vpc: ReadOnly[list[Grant]]
    """Grants to VPCs."""
