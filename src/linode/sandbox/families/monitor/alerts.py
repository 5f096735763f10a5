"""Alert definitions: checked against the metrics of their service, and enabled some minutes after their creation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from linode.api.monitor.alerts import AlertDefinition, AlertDefinitionsMixin
from linode.api.monitor.channels import AlertChannel
from linode.sandbox.core.kind import Events, Kind, Source
from linode.sandbox.core.refusals import missing_members
from linode.sandbox.engine import rules as generic
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from .dashboards import metrics_of
from .services import unknown_entities, visible_entity

__all__: list[str] = []

PROVISION = 120
"""Seconds until a new definition watches: up to six minutes at Linode."""
FIRST = 20000
"""The IDs of the account's own definitions are above it, and so behind Linode's: a guess."""
SETTABLE = ("enabled", "disabled")
OF_SYSTEM = {"entity_ids"}
"""Members of Linode's own definitions that can be updated."""
COPIED = ("description", "severity", "scope", "group_by", "rule_criteria", "trigger_conditions")
RULE = ("metric", "aggregate_function", "operator", "threshold")
CONDITION = ("dimension_label", "operator", "value")

Reasons: TypeAlias = Iterator[tuple[str, str | None]]

on.kind(Kind(of=AlertDefinition, source=Source("/monitor/alert-definitions"), events=Events("alert_definition")))


@on.create(AlertDefinition, unchecked=("entity_ids",))
def create(world: World, service: Row, label: str, channel_ids: Sequence[int], **members: Any) -> Row:
    """Create a definition, which watches a little later."""
    scope = members.get("scope")
    members = {"scope": "entity", **members, "label": label, "channel_ids": list(channel_ids)}
    generic.refuse_for([*_wrong(world, service, members), *_lacks(members, scope)])
    return _add(world, service, members)


def _add(world: World, service: Row, members: Row) -> Row:
    channels, entities = members.pop("channel_ids"), members.pop("entity_ids", ())
    alert = world.add(
        AlertDefinition,
        service,
        id=FIRST + world.next_id("AlertDefinition"),
        **{"description": "", "group_by": [], "regions": [], **members},
        service_type=service["service_type"],
        type="user",
        status="provisioning",
        created_by=world.username,
        updated_by=world.username,
        _channels=list(channels),
        _entity_ids=[str(each) for each in entities],
    )
    alert["rule_criteria"] = _criteria(world, service, alert["rule_criteria"])
    alert["trigger_conditions"] = {"criteria_condition": "ALL", **alert["trigger_conditions"]}
    world.takes(PROVISION, enable, alert)
    return alert


@job("monitor.enable_alert", AlertDefinition)
def enable(_world: World, alert: Row) -> None:
    """The definition watches."""
    if alert["status"] == "provisioning":
        alert["status"] = "enabled"


@on(AlertDefinition.clone, unchecked=("entity_ids",))
def clone(world: World, alert: Row, service: Row, label: str, **changes: Any) -> Row:
    """Create another one with rules, conditions, dimensions and channels of this one."""
    copied = {name: alert[name] for name in COPIED}
    members = {**copied, "channel_ids": _channels(alert), **changes, "label": label}
    generic.refuse_for(list(_wrong(world, service, members)))
    return _add(world, service, members)


@on.update(AlertDefinition)
def update(world: World, alert: Row, service: Row, **changes: Any) -> Row:
    """Update the members that were sent; lists are replaced. An enabled definition stays enabled."""
    if alert["type"] == "system" and changes.keys() - OF_SYSTEM:
        # Refused for certain, in words of the sandbox's own.
        raise Refused("Only entity_ids of a system alert can be changed", field=min(changes.keys() - OF_SYSTEM))
    if changes.get("status", alert["status"]) not in (*SETTABLE, alert["status"]):
        raise Refused(f"Must be one of {', '.join(SETTABLE)}", field="status")
    generic.refuse_for(list(_wrong(world, service, {"scope": alert["scope"], **changes}, besides=alert)))
    if "channel_ids" in changes:
        alert["_channels"] = list(changes.pop("channel_ids"))
    if "entity_ids" in changes:
        alert["_entity_ids"] = [str(each) for each in changes.pop("entity_ids") or ()]
    if "rule_criteria" in changes:
        alert["rule_criteria"] = _criteria(world, service, changes.pop("rule_criteria"))
    return generic.update(world, alert, **changes, updated_by=world.username)


@on.delete(AlertDefinition)
def delete(world: World, alert: Row) -> None:
    """Delete a definition of the account's own."""
    if alert["type"] == "system":
        raise Refused("A system alert cannot be deleted")  # refused for certain, own words
    world.remove(alert)


# -- checks ----------------------------------------------------------------------------------------------------------


def _lacks(members: Row, scope: str | None) -> Reasons:
    """The missing members of a new definition: that rules and conditions are required is a guess.

    The vendor's tests create one without a scope and without entities.
    """
    for name in ("rule_criteria", "trigger_conditions"):
        if not members.get(name):
            yield f"{name} is required", name
    needed = {"entity": "entity_ids", "region": "regions"}.get(scope or "")
    if needed and not members.get(needed):
        yield f"{needed} is required", needed


def _wrong(world: World, service: Row, members: Row, *, besides: Row | None = None) -> Reasons:
    label = members.get("label")
    if label and any(row is not besides for row in world.read(AlertDefinition, label=label)):
        yield "An alert with this label already exists", "label"
    if members["scope"] not in service["alert"]["scope"]:
        yield f"Must be one of {', '.join(service['alert']['scope'])}", "scope"
    if "channel_ids" in members and not members["channel_ids"]:
        yield "Must contain at least 1 items", "channel_ids"
    if wrong := unknown_entities(world, service, members.get("entity_ids") or ()):
        yield f"The following entity_ids are not valid - [{', '.join(map(str, wrong))}]", "entity_ids"  # a guess
    if "rule_criteria" in members:
        yield from _wrong_rules(world, service, members["rule_criteria"].get("rules", ()))
    if "trigger_conditions" in members:
        yield from _wrong_conditions(service, members["trigger_conditions"], whole=besides is None)


def _wrong_rules(world: World, service: Row, given: Sequence[Mapping[str, Any]]) -> Reasons:
    if not given:
        yield "Must contain at least 1 items", "rule_criteria.rules"
    known = metrics_of(world, service)
    for at, rule in enumerate(given):
        field = f"rule_criteria.rules[{at}]"
        yield from missing_members(rule, RULE, f"{field}.")
        if rule.get("metric") is None:
            continue
        metric = known.get(rule["metric"])
        if metric is None or not metric["is_alertable"]:
            yield "metric is not valid", f"{field}.metric"
            continue
        dimensions = [each["dimension_label"] for each in metric["dimensions"]]
        for number, each in enumerate(rule.get("dimension_filters") or ()):
            if each.get("dimension_label") not in dimensions:
                yield "dimension_label is not valid", f"{field}.dimension_filters[{number}].dimension_label"


def _wrong_conditions(service: Row, given: Mapping[str, Any], *, whole: bool) -> Reasons:
    for name in ("evaluation_period_seconds", "polling_interval_seconds"):
        allowed = service["alert"][name]
        if name in given and given[name] not in allowed:
            yield f"Must be one of {', '.join(map(str, allowed))}", f"trigger_conditions.{name}"
    if whole:
        needed = ("evaluation_period_seconds", "polling_interval_seconds", "trigger_occurrences")
        yield from missing_members(given, needed, "trigger_conditions.")


# -- JSON ------------------------------------------------------------------------------------------------------------


def _criteria(world: World, service: Row, given: Mapping[str, Any]) -> Row:
    """The criteria with the titles and units of metrics and dimensions."""
    known = metrics_of(world, service)
    return {"rules": [_rule(known[rule["metric"]], rule) for rule in given["rules"]]}


def _rule(metric: Mapping[str, Any], rule: Mapping[str, Any]) -> Row:
    titles = {each["dimension_label"]: each["label"] for each in metric["dimensions"]}
    filters = [
        {"label": titles[each["dimension_label"]], **{name: each.get(name) for name in CONDITION}}
        for each in rule.get("dimension_filters") or ()
    ]
    own = {name: rule[name] for name in RULE}
    return {"label": metric["label"], "unit": metric["unit"], **own, "dimension_filters": filters}


def _channels(alert: Row) -> list[int]:
    return list(alert.get("_channels", [each["id"] for each in alert["alert_channels"]]))


def _watched(world: World, alert: Row) -> list[Row]:
    """The entities that the definition watches; those that were deleted are left out."""
    found = [visible_entity(world, alert["service_type"], each) for each in alert.get("_entity_ids", ())]
    return [each for each in found if each is not None]


@on(AlertDefinitionsMixin.get_alert_definitions)
def everywhere(world: World) -> list[Row]:
    """The definitions of all services, which tell their entities here alone."""
    return [{**row, "_whole": True} for row in world.rows(AlertDefinition)]


@on(AlertDefinition.watched_entities)
def entities(world: World, alert: Row) -> list[Row]:
    """The entities."""
    shown = [world.events.entity(each) or {} for each in _watched(world, alert)]
    return [
        {"id": str(each["id"]), "label": each["label"], "url": each["url"], "type": alert["service_type"]}
        for each in shown
    ]


@on.show(AlertDefinition, "alert_channels", "entities", "entity_ids", "has_more_resources")
def _show(world: World, alert: Row) -> Row:
    url = f"/monitor/services/{alert['service_type']}/alert-definitions/{alert['id']}/entities"
    count = len(_watched(world, alert))
    shown = {
        **alert,
        "alert_channels": [_link(world, each) for each in _channels(alert)],
        "entities": {"url": url, "count": count, "has_more_resources": False},
    }
    for name in ("entity_ids", "has_more_resources"):
        shown.pop(name, None)
    if alert.get("_whole"):
        shown |= {"entity_ids": list(alert.get("_entity_ids", ())), "has_more_resources": False}
    return shown


def _link(world: World, id: int) -> Row:
    channel = world.get(AlertChannel, id)
    return {
        "id": id,
        "label": channel["label"],
        "type": "alert-channels",
        "url": f"/monitor/alert-channels/{id}",
    }
