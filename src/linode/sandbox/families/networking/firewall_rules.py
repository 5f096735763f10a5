"""Rules of firewalls with their versions, rule sets and templates."""

from __future__ import annotations

import copy
import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linode.api.networking.firewall_rules import FirewallRuleSet, FirewallTemplate
from linode.api.networking.firewalls import Firewall, FirewallVersion
from linode.sandbox.core.kind import Access, Events, Kind, Operations, Source
from linode.sandbox.core.refusals import missing_members
from linode.sandbox.engine import rules as generic
from linode.sandbox.engine.registry import NotFound, Refused, Row, World, on

__all__ = ["keep_version", "new_rules"]

MAX_RULES, MAX_ADDRESSES, MAX_PORTS = 25, 255, 15
MEMBERS = ("inbound", "inbound_policy", "outbound", "outbound_policy")
PORTLESS = ("ICMP", "IPENCAP")
FAMILIES = {"ipv4": 4, "ipv6": 6}
"""The members of a rule's addresses, and the version of IP of each."""
PREFIX_LIST = "pl:"
_PORTS = re.compile(r"([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?")

on.kind(
    Kind(
        of=FirewallTemplate,
        source=Source("/networking/firewalls/templates", keys=("slug",)),
        access=Access(scopes={"list": (), "get": ()}),
    )
)
on.kind(Kind(of=FirewallVersion))
on.kind(
    Kind(
        of=FirewallRuleSet,
        events=Events("firewall_ruleset", notify=("create", "update", "delete")),
        operations=Operations(left_by_null=("label",)),
    )
)


# -- the rules of a firewall -----------------------------------------------------------------------------------------


def new_rules(world: World, wanted: Mapping[str, Any]) -> Row:
    """The rules of a new firewall. Raises `Refused` when a policy is missing or a rule is not valid."""
    if set(wanted) - set(MEMBERS):
        raise Refused(f"Keys must be one of: {', '.join(MEMBERS)}", field="rules")
    generic.refuse_for(missing_members(wanted, ("inbound_policy", "outbound_policy"), "rules."))
    found = {"inbound": [], "outbound": [], **copy.deepcopy(dict(wanted))}
    generic.refuse_for([*_wrong(world, found, "rules.")])
    return {**found, "version": 1, "fingerprint": world.hex(8)}


@on(Firewall.get_rules)
def get_rules(world: World, firewall: Row) -> Row:  # noqa: ARG001  every behaviour takes the world
    """The rules of the firewall."""
    found: Row = firewall["rules"]
    return found


@on(Firewall.update_rules)
def update_rules(world: World, firewall: Row, **changes: Any) -> Row:
    """Replace the members that were sent; the rules get a new version, unless they are as before (vendor's tests)."""
    found: Row = {**firewall["rules"], **copy.deepcopy(changes)}
    generic.refuse_for([*_wrong(world, found, "")])
    if found == firewall["rules"]:
        return found
    found |= {"version": found["version"] + 1, "fingerprint": world.hex(8)}
    firewall |= {"rules": found, "updated": world.stamp()}
    keep_version(world, firewall)
    world.events.notify("firewall_rules_update", firewall)
    return found


@on(Firewall.expanded_rules)
def expanded_rules(world: World, firewall: Row) -> Row:
    """The rules, with those of rule sets in the place of their references."""
    found = copy.deepcopy(firewall["rules"])
    for direction in ("inbound", "outbound"):
        found[direction] = [each for rule in found[direction] or [] for each in _expanded(world, rule)]
    return found  # type: ignore[no-any-return]


def _expanded(world: World, rule: Row) -> list[Row]:
    return (
        [rule] if rule.get("ruleset") is None else copy.deepcopy(world.get(FirewallRuleSet, rule["ruleset"])["rules"])
    )


def _wrong(world: World, found: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str | None]]:
    """The reasons to refuse the rules of both directions."""
    for direction in ("inbound", "outbound"):
        for at, rule in enumerate(found[direction] or []):
            if rule.get("ruleset") is not None:
                yield from _wrong_reference(world, rule, direction, f"{prefix}{direction}[{at}]")
            else:
                yield from _wrong_rule(rule, f"{prefix}{direction}[{at}]")
    if sum(len(found[direction] or []) for direction in ("inbound", "outbound")) > MAX_RULES:
        yield f"A firewall has at most {MAX_RULES} rules", prefix.rstrip(".") or None  # in words of the sandbox's own


def _wrong_reference(world: World, rule: Row, direction: str, field: str) -> Iterator[tuple[str, str]]:
    ruleset = world.find(FirewallRuleSet, rule["ruleset"])
    if ruleset is None or ruleset["deleted"] is not None or ruleset["type"] != direction:
        yield "ruleset is not valid", f"{field}.ruleset"


def _wrong_rule(rule: Row, field: str) -> Iterator[tuple[str, str]]:
    for name in ("action", "protocol"):
        if rule.get(name) is None:
            yield f"{name} is required", f"{field}.{name}"
    addresses = rule.get("addresses") or {}
    if sum(len(each or []) for each in addresses.values()) > MAX_ADDRESSES:
        yield f"A rule has at most {MAX_ADDRESSES} addresses", f"{field}.addresses"  # in words of the sandbox's own
    for name, version in FAMILIES.items():
        for at, address in enumerate(addresses.get(name) or ()):
            if not _is_network(address, version):
                yield f"{name}[{at}] is not valid", f"{field}.addresses.{name}[{at}]"  # in words of the sandbox's own
    ports = rule.get("ports")
    if ports and rule.get("protocol") in PORTLESS:
        yield f"Ports are not allowed for {rule['protocol']}", f"{field}.ports"  # in words of the sandbox's own
    elif ports and not _are_ports(ports):
        yield "ports is not valid", f"{field}.ports"


def _is_network(text: str, version: int) -> bool:
    """Whether *text* is an address or a network of IP of that *version*, or the name of a prefix list."""
    if text.startswith(PREFIX_LIST):
        return True
    try:
        return ipaddress.ip_network(text, strict=False).version == version
    except ValueError:
        return False


def _are_ports(text: str) -> bool:
    pieces = [_PORTS.fullmatch(piece.strip()) for piece in text.split(",")]
    numbers = [[int(each) for each in piece.groups() if each] for piece in pieces if piece is not None]
    ordered = all(each == sorted(each) and each[-1] <= 65535 for each in numbers)
    return len(pieces) <= MAX_PORTS and len(numbers) == len(pieces) and ordered


# -- versions --------------------------------------------------------------------------------------------------------


def keep_version(world: World, firewall: Row) -> None:
    """Keep the firewall as it is now, for its history."""
    kept = {name: copy.deepcopy(firewall[name]) for name in ("id", "label", "status", "rules", "tags", "created")}
    firewall["_history"] = [*firewall.get("_history", []), {**kept, "updated": world.stamp(), "entities": []}]


@on(Firewall.history)
def history(world: World, firewall: Row) -> list[Row]:  # noqa: ARG001  every behaviour takes the world
    """All versions, the oldest first; what the firewall protected then is not kept."""
    found: list[Row] = firewall.get("_history", [])
    return found


@on(Firewall.get_version)
def get_version(world: World, firewall: Row, version: Any) -> Row:
    """The rules of one version."""
    for each in history(world, firewall):
        if str(each["rules"]["version"]) == str(version):
            found: Row = each["rules"]
            return found
    raise NotFound


# -- rule sets -------------------------------------------------------------------------------------------------------


@on.create(FirewallRuleSet)
def create_ruleset(
    world: World, type: str, rules: Sequence[Row] = (), label: str | None = None, description: str = ""
) -> Row:
    """Create a rule set."""
    generic.refuse_for([*_wrong_set(rules)])
    return world.add(
        FirewallRuleSet,
        label=label,
        description=description,
        type=type,
        rules=copy.deepcopy(list(rules)),
        is_service_defined=False,
        version=1,
        deleted=None,
    )


@on.update(FirewallRuleSet)
def update_ruleset(world: World, ruleset: Row, **changes: Any) -> Row:
    """Change it, for all firewalls that refer to it."""
    _refuse_fixed(ruleset)
    generic.refuse_for([*_wrong_set(changes.get("rules", ()))])
    generic.update(world, ruleset, **changes)
    ruleset["version"] += 1
    for firewall in _users(world, ruleset):
        world.events.notify("firewall_ruleset_firewall_update", firewall)
    return ruleset


@on.delete(FirewallRuleSet)
def delete_ruleset(world: World, ruleset: Row) -> None:
    """Mark it as deleted, unless a firewall refers to it."""
    _refuse_fixed(ruleset)
    if any(_users(world, ruleset)):
        raise Refused("The rule set is in use by a firewall")  # a guess
    ruleset["deleted"] = world.stamp()


def _refuse_fixed(ruleset: Row) -> None:
    if ruleset["is_service_defined"]:
        raise Refused("A rule set of a service cannot be changed")  # read only, in words of the sandbox's own
    if ruleset["deleted"] is not None:
        raise NotFound


def _wrong_set(rules: Sequence[Row]) -> Iterator[tuple[str, str]]:
    for at, rule in enumerate(rules):
        if rule.get("ruleset") is not None:
            yield "ruleset is not valid", f"rules[{at}].ruleset"
        else:
            yield from _wrong_rule(rule, f"rules[{at}]")


def _users(world: World, ruleset: Row) -> Iterator[Row]:
    """The firewalls that refer to *ruleset*."""
    yield from world.read(Firewall, **{f"rules.{ruleset['type']}.ruleset": ruleset["id"]})
