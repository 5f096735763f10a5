"""Cloud firewalls: what may reach a Linode or a NodeBalancer, and what it may reach."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from linode._model import BaseClient, Field, Many, Meta, Nested, ReadOnly, Resource, Struct

__all__ = ["Firewall", "FirewallAddresses", "FirewallEntity", "FirewallRule", "FirewallRules", "FirewallsMixin"]

FirewallLabel: TypeAlias = Annotated[
    str, Meta(min_length=3, max_length=32, pattern=r"^[a-zA-Z]((?!--|__|\.\.)[a-zA-Z0-9-_.])+$")
]
RuleLabel: TypeAlias = Annotated[str, Meta(min_length=3, max_length=32)]
RuleDescription: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
Policy: TypeAlias = Literal["ACCEPT", "DROP"]


class FirewallAddresses(Struct):
    """The addresses that a rule is about."""

    ipv4: Field[list[str] | None]
    """Addresses and ranges of IPv4."""
    ipv6: Field[list[str] | None]
    """Addresses and ranges of IPv6."""


class FirewallRule(Struct):
    """Rules."""

    action: Field[Policy | None]
    """Whether what meets the rule passes."""
    protocol: Field[Literal["TCP", "UDP", "ICMP", "IPENCAP", "ALL", "50", "6"] | None]
    """The protocol, by its name or number."""
    ports: Field[str | None]
    """Ports and ranges of them with commas between, such as ``22,80,8000-8080``; None for all."""
    addresses: Field[FirewallAddresses | None]
    """Where it comes from, or goes to."""
    label: Field[RuleLabel | None]
    """A name for people."""
    description: Field[RuleDescription | None]
    """A note for people."""
    ruleset: Field[int | None]
    """The number of a set of rules that stands here in place of one."""


class FirewallRules(Struct):
    """All the rules of a firewall; the first that is met decides."""

    inbound: ReadOnly[list[FirewallRule] | None]
    """For what comes in."""
    inbound_policy: ReadOnly[Policy]
    """For what comes in and meets none of them."""
    outbound: ReadOnly[list[FirewallRule] | None]
    """For what goes out."""
    outbound_policy: ReadOnly[Policy]
    """For what goes out and meets none of them."""
    version: ReadOnly[int]
    """Counts the changes of the rules."""
    fingerprint: ReadOnly[str]
    """Tells one set of rules from another."""


class FirewallEntity(Struct):
    """Entity that a firewall protects."""

    id: ReadOnly[int]
    """Numeric ID."""
    label: ReadOnly[str | None]
    """Its name; interfaces have none."""
    type: ReadOnly[Literal["linode", "linode_interface", "nodebalancer"]]
    """Type."""
    url: ReadOnly[str]
    """Path in the API."""
    parent_entity: Nested[FirewallEntity | None]
    """The Linode that an interface belongs to."""


class Firewall(Resource):
    """A set of rules in front of Linodes and NodeBalancers."""

    path = "/networking/firewalls/{id}"
    unique = "label"
    scope = "firewall"
    filterable = ("created", "id", "label", "tags", "updated")

    id: ReadOnly[int]
    """Numeric ID."""
    label: Field[FirewallLabel]
    """Its name: 3 to 32 letters, digits, ``-``, ``_`` and ``.``, a letter first."""
    status: Field[Literal["enabled", "disabled", "deleted"]]
    """Whether its rules are in force; can be set to ``enabled`` and ``disabled``."""
    rules: Nested[FirewallRules]
    """Its rules."""
    entities: ReadOnly[list[FirewallEntity]]
    """Entities that it protects."""
    tags: Field[list[str]]
    """Tags."""
    created: ReadOnly[datetime]
    """Creation time (UTC)."""
    updated: ReadOnly[datetime]
    """Time of the last change (UTC)."""


class FirewallsMixin(BaseClient):
    """Firewalls, from a client."""

    get_firewalls: Many[Firewall] = Many("/networking/firewalls")
    """The firewalls of the account."""
