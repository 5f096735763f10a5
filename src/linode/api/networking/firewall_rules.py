"""Rules of cloud firewalls, and rule sets that several firewalls share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, Required, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Nested, Options, ReadOnly, Resource, Struct, action, body
from linode._model.relations import IDField, Many

if TYPE_CHECKING:
    from .firewalls import Firewall

RuleLabel: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=32)]
RuleDescription: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=100)]
Policy: TypeAlias = Literal["ACCEPT", "DROP"] | str
Protocol: TypeAlias = Literal["TCP", "UDP", "ICMP", "IPENCAP", "ALL", "50", "6"]
Direction: TypeAlias = Literal["inbound", "outbound"] | str


class NewFirewallAddresses(TypedDict, total=False):
    """The addresses that a new rule matches."""

    ipv4: Sequence[str] | None
    """IPv4 addresses, ranges and prefix lists: ``192.0.2.1/32``, ``pl::offices``."""
    ipv6: Sequence[str] | None
    """IPv6 addresses, ranges and prefix lists."""


class NewFirewallRule(TypedDict, total=False):
    """A new firewall rule."""

    action: Policy | None
    protocol: Protocol | None
    ports: str | None
    """Up to 15 ports and port ranges, separated by commas, such as ``22,80,8000-8080``; all by default."""
    addresses: NewFirewallAddresses | None
    """Addresses: sources of an inbound rule, destinations of an outbound one; 255 at most."""
    label: RuleLabel | None
    description: RuleDescription | None
    ruleset: FirewallRuleSet | int | None
    """Rule set, instead of all other members."""


class NewFirewallRules(TypedDict, total=False):
    """Rules of a new firewall; the first match applies."""

    inbound: Sequence[NewFirewallRule | FirewallRule] | None
    inbound_policy: Required[Policy]
    outbound: Sequence[NewFirewallRule | FirewallRule] | None
    outbound_policy: Required[Policy]


class RuleSetOptions(Options, total=False):
    """Options of `create_firewall_ruleset` besides the label, the type and the rules."""

    description: str


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
    protocol: Field[Literal["TCP", "UDP", "ICMP", "IPENCAP", "ALL", "50", "6"] | str | None]
    """Protocol, by name or number."""
    ports: Field[str | None]
    """Ports and port ranges, separated by commas, such as ``22,80,8000-8080``; None for all."""
    addresses: Field[FirewallAddresses | None]
    """Addresses: sources of an inbound rule, destinations of an outbound one."""
    label: Field[RuleLabel | None]
    """Label, for display."""
    description: Field[RuleDescription | None]
    """Description, for display."""
    ruleset: IDField[FirewallRuleSet | None]
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


class FirewallRuleSet(Resource):
    """Rules that firewalls refer to by ID; a change reaches all of them."""

    path = "/networking/firewalls/rulesets/{id}"
    filterable = ("created", "id", "label")
    scope = "firewall"

    id: ReadOnly[int]
    label: Field[str]
    description: Field[str]
    type: ReadOnly[Direction]
    """Direction of the traffic."""
    rules: Field[list[FirewallRule]]
    is_service_defined: ReadOnly[bool]
    """Whether a service of Linode's defines the rules, which then cannot be changed."""
    version: ReadOnly[int]
    """Version, incremented by every change."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]
    deleted: ReadOnly[datetime | None]
    """Deletion time (UTC); a deleted rule set is shown for a while."""


class FirewallTemplateRules(Struct):
    """Rules of a template."""

    inbound: ReadOnly[list[FirewallRule]]
    """Rules for inbound traffic."""
    inbound_policy: ReadOnly[Policy]
    """Policy for inbound traffic that no rule matches."""
    outbound: ReadOnly[list[FirewallRule]]
    """Rules for outbound traffic."""
    outbound_policy: ReadOnly[Policy]
    """Policy for outbound traffic that no rule matches."""


class FirewallTemplate(Resource):
    """Rules to copy into a firewall."""

    path = "/networking/firewalls/templates/{slug}"
    id_key = "slug"
    scope = "firewall"
    read_only = True

    slug: ReadOnly[Literal["vpc", "public"] | str]
    """ID."""
    rules: Nested[FirewallTemplateRules]


class DefaultFirewalls(Struct):
    """Default firewalls of the account; None for none."""

    linode: IDField[Firewall | None]
    """Firewall of Linodes whose interfaces belong to their configurations."""
    nodebalancer: IDField[Firewall | None]
    """Firewall of NodeBalancers."""
    public_interface: IDField[Firewall | None]
    """Firewall of public interfaces."""
    vpc_interface: IDField[Firewall | None]
    """Firewall of VPC interfaces."""


class FirewallSettings(Resource):
    """Firewalls that new Linodes, interfaces and NodeBalancers get when none is given."""

    path = "/networking/firewalls/settings"
    scope = "firewall"
    deletable = False

    default_firewall_ids: Nested[DefaultFirewalls]
    """Default firewalls, by kind."""


class FirewallRuleSetsMixin(BaseClient):
    """Methods of a client for rule sets, templates and default firewalls."""

    get_firewall_rulesets: Many[FirewallRuleSet] = Many("/networking/firewalls/rulesets")
    """Rule sets of the account, and those of Linode's services."""
    get_firewall_templates: Many[FirewallTemplate] = Many("/networking/firewalls/templates")
    """Templates with rules to copy."""

    @action
    def create_firewall_ruleset(
        self,
        label: str | None,
        type: Direction,
        rules: Sequence[NewFirewallRule | FirewallRule],
        **options: Unpack[RuleSetOptions],
    ) -> Call[FirewallRuleSet]:
        """Create a rule set for traffic of the direction *type* and return it.

        Raises `InvalidRequestError` when a rule is not valid or refers to another rule set.
        """
        json = body(label=label, type=type, rules=list(rules), **options)
        return self._creates(FirewallRuleSet, "/networking/firewalls/rulesets", json)

    @action
    def get_firewall_settings(self) -> Call[FirewallSettings]:
        """Return the default firewalls; a change is saved with ``save()``."""
        return Call("GET", FirewallSettings.path, read=lambda data: FirewallSettings(self)._merge(data, complete=True))
