"""Cloud firewalls: rules for the traffic of Linodes and NodeBalancers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Bounds, Call, Entry, Field, Nested, ReadOnly, Resource, Struct, action
from linode._model.options import Options, body
from linode._model.relations import Many, Parent

from .firewall_rules import FirewallRule, FirewallRules, NewFirewallRule, NewFirewallRules, Policy

if TYPE_CHECKING:
    from ..linodes.interfaces import LinodeInterface
    from ..linodes.linode import Linode
    from ..nodebalancers.nodebalancers import NodeBalancer

FirewallLabel: TypeAlias = Annotated[
    str, Bounds(min_length=3, max_length=32, pattern=r"^[a-zA-Z]((?!--|__|\.\.)[a-zA-Z0-9-_.])+$")
]
FirewallEntityType: TypeAlias = Literal["linode", "linode_interface", "nodebalancer"]


class FirewallDevices(TypedDict, total=False):
    """Entities that a new firewall protects."""

    linodes: Sequence[Linode | int]
    """Linodes whose interfaces belong to their configurations."""
    linode_interfaces: Sequence[LinodeInterface | int]
    """Interfaces of Linodes."""
    nodebalancers: Sequence[NodeBalancer | int]
    """NodeBalancers."""


class NewFirewallEntity(TypedDict, total=False):
    """An entity that a new firewall protects, by its type and ID."""

    id: Linode | LinodeInterface | NodeBalancer | int
    type: FirewallEntityType


class FirewallOptions(Options, total=False):
    """Options of `create_firewall` besides the label and the rules."""

    devices: FirewallDevices
    """Entities to protect, by kind."""
    entities: Sequence[NewFirewallEntity]
    """Entities to protect, as a list."""
    tags: Sequence[str]


class FirewallRulesOptions(Options, total=False):
    """Options of `Firewall.update_rules`; a list replaces all rules of its direction."""

    inbound: Sequence[NewFirewallRule | FirewallRule]
    inbound_policy: Policy
    outbound: Sequence[NewFirewallRule | FirewallRule]
    outbound_policy: Policy


class FirewallEntity(Struct):
    """Entity that a firewall protects."""

    id: ReadOnly[int]
    label: ReadOnly[str | None]
    """Label; None for interfaces."""
    type: ReadOnly[Literal["linode", "linode_interface", "nodebalancer", "interface"] | str]
    """Type; an interface is a ``linode_interface``, rarely an ``interface``."""
    url: ReadOnly[str]
    parent_entity: Nested[FirewallEntity | None]
    """Linode of an interface; None for other entities."""


class FirewallDevice(Resource):
    """The protection of one entity by a firewall. Deleting it removes the protection."""

    path = "/networking/firewalls/{firewall}/devices/{id}"
    filterable = ("created", "id", "updated")
    scope = "firewall"
    savable = False
    shown = ("id", "entity.type", "entity.label", "entity.id")

    firewall: Parent[Firewall]
    id: ReadOnly[int]
    entity: Nested[FirewallEntity]
    """Entity that the firewall protects."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]


class FirewallVersion(Entry):
    """A firewall as it was with an earlier version of its rules."""

    scope = "firewall"
    filterable = ("created", "id", "label", "tags", "updated")

    id: ReadOnly[int]
    """Numeric ID of the firewall."""
    label: ReadOnly[str]
    status: ReadOnly[Literal["enabled", "disabled", "deleted"] | str]
    rules: Nested[FirewallRules]
    """Rules; `FirewallRules.version` is the number of the version."""
    entities: ReadOnly[list[FirewallEntity]]
    """Entities that the firewall protected."""
    tags: ReadOnly[list[str]]
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]


class Firewall(Resource):
    """A firewall: rules that protect Linodes and NodeBalancers."""

    path = "/networking/firewalls/{id}"
    unique = "label"
    scope = "firewall"
    filterable = ("created", "id", "label", "tags", "updated")

    id: ReadOnly[int]
    label: Field[FirewallLabel]
    """Label: 3 to 32 letters, digits, ``-``, ``_`` and ``.``, starting with a letter."""
    status: Field[Literal["enabled", "disabled", "deleted"] | str]
    """Status of the rules; can be set to ``enabled`` and ``disabled``."""
    rules: Nested[FirewallRules]
    entities: ReadOnly[list[FirewallEntity]]
    """Entities that the firewall protects."""
    tags: Field[list[str]]
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]
    devices: Many[FirewallDevice]
    """Entities that the firewall protects, each with the ID to delete it by."""
    history: Many[FirewallVersion]
    """Versions of the rules."""

    @action
    def create_device(
        self, id: Linode | LinodeInterface | NodeBalancer | int, type: FirewallEntityType | None = None
    ) -> Call[FirewallDevice]:
        """Protect the entity *id* with this firewall and return the device; a number needs its *type*.

        Raises `InvalidRequestError` when another firewall protects the entity, or when it is a Linode whose interfaces
        have firewalls of their own.
        """
        found = type or ENTITY_TYPES.get(_class_name(id))
        json = body(id=id, type=found) if found else body(id=id)
        return self._creates(FirewallDevice, "devices", json)

    @action
    def get_rules(self) -> Call[FirewallRules]:
        """Return the rules, read from the API."""
        return self._gets("rules", FirewallRules)

    @action
    def expanded_rules(self) -> Call[FirewallRules]:
        """Return the rules with those of their rule sets in the place of each rule set."""
        return self._gets("rules/expansion", FirewallRules)

    @action
    def update_rules(self, **options: Unpack[FirewallRulesOptions]) -> Call[FirewallRules]:
        """Replace the rules or the policies given; returns the rules, whose version has grown by one.

        Raises `InvalidRequestError` when a rule is not valid or there are more than 25.
        """
        return self._creates(FirewallRules, "rules", body(**options), method="PUT", outdated=("rules", "updated"))

    @action
    def get_version(self, version: int) -> Call[FirewallRules]:
        """Return the rules of the firewall as they were in *version*. Raises `NotFoundError` for an unknown one."""
        return self._gets(f"history/rules/{version}", FirewallRules)


class FirewallsMixin(BaseClient):
    """Methods of a client for firewalls."""

    get_firewalls: Many[Firewall] = Many("/networking/firewalls")
    """Firewalls of the account."""

    @action
    def create_firewall(
        self, label: FirewallLabel, rules: NewFirewallRules, **options: Unpack[FirewallOptions]
    ) -> Call[Firewall]:
        """Create a firewall and return it; it protects nothing until devices are given or created.

        Raises `InvalidRequestError` when the label is taken, a policy is missing or a rule is not valid.
        """
        return self._creates(Firewall, "/networking/firewalls", body(label=label, rules=rules, **options))


ENTITY_TYPES = {"Linode": "linode", "LinodeInterface": "linode_interface", "NodeBalancer": "nodebalancer"}


def _class_name(entity: Any) -> str:
    return type(entity).__name__
