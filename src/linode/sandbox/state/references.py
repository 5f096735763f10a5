"""References of seed files: members that the API takes an ID for may have a label instead."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from ..._model import Resource
from ..core import schema
from ..core.kind import record
from ..core.world import World
from ..engine import hints
from .seed_files import Place, SeedError, Source

__all__ = ["UnknownLabel", "resolve", "suggestion"]


class UnknownLabel(SeedError):
    """No object has the label; it may be one that the file has further on."""


def suggestion(name: str, known: Any) -> str:
    """A proposal for the misspelt *name*."""
    near = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(sorted(known))}"


def resolve(world: World, source: Source, value: Any, hint: Any, place: Place) -> Any:
    """*value* at *place*, of the declared type *hint*, with IDs for labels.

    Raises `UnknownLabel`, and `SeedError` for a member that the API does not have.
    """
    if isinstance(value, list):
        item = hints.item_type(hint)
        return [resolve(world, source, each, item, (*place, at)) for at, each in enumerate(value)]
    if isinstance(value, dict):
        return _members(world, source, value, hint, place)
    if isinstance(value, str) and place[-1] == "address" and "nodes" in place:
        return _address(world, source, value, place)
    if isinstance(value, str):
        for cls in _named(value, hint, place):
            return find(world, source, cls, value, place)
    return value


def _address(world: World, source: Source, value: str, place: Place) -> str:
    """The address of a NodeBalancer's node, where ``web-1:80`` is the private address of the Linode with the label."""
    label, _, port = value.rpartition(":")
    if not label[:1].isalpha():
        return value
    linode = world.get("Linode", find(world, source, schema.classes_of("Linode")[0], label, place))
    private = next((each for each in linode["ipv4"] if each.startswith("192.168.")), None)
    if private is None:
        raise source.error(place, f"the Linode {label!r} has no private address; create it with private_ip: true")
    return f"{private}:{port}"


def _members(world: World, source: Source, value: Mapping[str, Any], hint: Any, place: Place) -> dict[str, Any]:
    declared = hints.inner_types(hint)
    found = {}
    for name, each in value.items():
        if declared and name not in declared:
            raise source.error((*place, name), f"the API has no such member{suggestion(name, declared)}")
        found[name] = resolve(world, source, each, declared.get(name), (*place, name))
    return found


def _named(value: str, hint: Any, place: Place) -> list[type[Resource]]:
    """The classes with numeric IDs that a text *value* is the label of an object of."""
    if value.isdecimal():
        return []
    name, *above = [each for each in reversed(place) if isinstance(each, str)] or [""]
    if name == "id" and above:
        name = f"{above[0]}_id"  # placement_group: {id: apart}
    if any(arm is str for arm in hints.arms(hint)) and not any(schema.classes(arm) for arm in hints.arms(hint)):
        return []
    return list(dict.fromkeys(cls for cls, _ in hints.named_in(value, hint, name) if schema.has_numeric_ids(cls)))


def find(world: World, source: Source, cls: type[Resource], label: str, place: Place) -> Any:
    """The ID of the object of *cls* with the *label*, which may stand after that of its parent: ``inside/home``."""
    member, table = record(cls).events.label, schema.table_of(cls)
    above, _, own = label.rpartition("/")
    rows = [each for each in world.read(table) if each.get(member) == own]
    if above:
        rows = [each for each in rows if _label_of_parent(world, each) == above]
    if len(rows) > 1:
        raise source.error(place, f"{len(rows)} objects of {cls.__name__} have the label {own!r}; write PARENT/{own}")
    if not rows:
        known = [str(each.get(member)) for each in world.read(table)]
        near = difflib.get_close_matches(own, known, 1)
        cure = f"; did you mean {near[0]}?" if near else ""
        raise UnknownLabel(str(source.error(place, f"no {cls.__name__} has the label {label!r}{cure}")))
    return schema.id_of(rows[0])


def _label_of_parent(world: World, row: Any) -> Any:
    parent = world.at(schema.table_of(schema.parent_of(row)[1]), schema.parent_of(row)[2])
    return None if parent is None else parent.get(record(parent["_kind"]).events.label)
