"""Cloud firewalls: rules for the traffic of Linodes and NodeBalancers."""

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
    """The addresses that a firewall rule matches."""

    ipv4: Field[list[str] | None]
    """IPv4 addresses and ranges."""
    ipv6: Field[list[str] | None]
    """IPv6 addresses and ranges."""


class FirewallRule(Struct):
    """A firewall rule."""

    action: Field[Policy | None]
    """Action for matching traffic."""
    protocol: Field[Literal["TCP", "UDP", "ICMP", "IPENCAP", "ALL", "50", "6"] | None]
    """Protocol, by name or number."""
    ports: Field[str | None]
    """Ports and port ranges, separated by commas, such as ``22,80,8000-8080``; None for all."""
    addresses: Field[FirewallAddresses | None]
    """Addresses: sources of an inbound rule, destinations of an outbound one."""
    label: Field[RuleLabel | None]
    """Label, for display."""
    description: Field[RuleDescription | None]
    """Description, for display."""
    ruleset: Field[int | None]
    """ID of a rule set that replaces the rule; None for a plain rule."""


class FirewallRules(Struct):
    """Inbound and outbound rules of a firewall; the first match applies."""

    inbound: ReadOnly[list[FirewallRule] | None]
    """Rules for inbound traffic."""
    inbound_policy: ReadOnly[Policy]
    """Policy for inbound traffic that no rule matches."""
    outbound: ReadOnly[list[FirewallRule] | None]
    """Rules for outbound traffic."""
    outbound_policy: ReadOnly[Policy]
    """Policy for outbound traffic that no rule matches."""
    version: ReadOnly[int]
    """Version, incremented by every change of the rules."""
    fingerprint: ReadOnly[str]
    """Fingerprint of the rules."""


class FirewallEntity(Struct):
    """Entity that a firewall protects."""

    id: ReadOnly[int]
    """Numeric ID."""
    label: ReadOnly[str | None]
    """Label; None for interfaces."""
    type: ReadOnly[Literal["linode", "linode_interface", "nodebalancer"]]
    """Type."""
    url: ReadOnly[str]
    """Path in the API."""
    parent_entity: Nested[FirewallEntity | None]
    """Linode of an interface; None for other entities."""


class Firewall(Resource):
    """A firewall: rules that protect Linodes and NodeBalancers."""

    path = "/networking/firewalls/{id}"
    unique = "label"
    scope = "firewall"
    filterable = ("created", "id", "label", "tags", "updated")

    id: ReadOnly[int]
    """Numeric ID."""
    label: Field[FirewallLabel]
    """Label: 3 to 32 letters, digits, ``-``, ``_`` and ``.``, starting with a letter."""
    status: Field[Literal["enabled", "disabled", "deleted"]]
    """Status of the rules; can be set to ``enabled`` and ``disabled``."""
    rules: Nested[FirewallRules]
    """Rules."""
    entities: ReadOnly[list[FirewallEntity]]
    """Entities that the firewall protects."""
    tags: Field[list[str]]
    """Tags."""
    created: ReadOnly[datetime]
    """Creation time (UTC)."""
    updated: ReadOnly[datetime]
    """Time of the last change (UTC)."""


class FirewallsMixin(BaseClient):
    """Methods of a client for firewalls."""

    get_firewalls: Many[Firewall] = Many("/networking/firewalls")
    """Firewalls of the account."""
