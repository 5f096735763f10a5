"""Seed files that create what recorded changes have created."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..core import schema
from ..core.kind import KINDS, record
from ..core.refusals import SandboxError
from ..core.schema import Row
from ..engine import hints
from .scripts import SECRET
from .seeding import CHANGED, SECTIONS

if TYPE_CHECKING:
    from ..core.world import World
    from ..engine.routes import Route
    from .recording import Change, Recording

__all__ = ["SeedWriter"]

NAMES = {path: name for name, path in SECTIONS.items()}
GRANTS = "/account/users/{username}/grants"
STATES = {"boot": "running", "reboot": "running", "shutdown": "offline"}


class SeedWriter:
    """The contents for *recording* of *world*."""

    def __init__(self, world: World, recording: Recording) -> None:
        self._world, self._recording = world, recording
        self._entries: dict[tuple[str, str], tuple[list[Row], Row, Route]] = {}
        """The objects by table and key: the list in which each is, its members, and how it was created."""
        self._found: dict[str, Any] = {}
        self._impossible: list[str] = list(recording.left_out)

    def contents(self) -> dict[str, Any]:
        """The contents. Raises `SandboxError`."""
        for change in self._recording.changes:
            if not self._written(change):
                self._impossible.append(f"{change.route.method} {change.path}")
        if self._impossible:
            raise SandboxError(
                f"a seed file cannot have these changes: {', '.join(self._impossible)}; write a script, which can"
            )
        order = [*CHANGED, *SECTIONS]
        return {name: self._found[name] for name in order if self._found.get(name)}

    def _written(self, change: Change) -> bool:
        """Write *change*; returns whether a seed file can have it."""
        route = change.route
        if route.operation == "create":
            return self._create(change)
        section = next((name for name, path in CHANGED.items() if path == route.path), None)
        if route.operation == "update" and section is not None:
            self._found.setdefault(section, {}).update(self._members(change.body, route))
            return True
        entry = self._entries.get(self._place(change)) if route.cls is not None else None
        return entry is not None and self._changed(change, *entry)

    def _changed(self, change: Change, among: list[Row], entry: Row, made: Route) -> bool:
        route, verb = change.route, change.path.rpartition("/")[2]
        if route.operation == "delete":
            among.remove(entry)
            del self._entries[self._place(change)]
        elif route.operation == "update" and change.body.keys() <= made.types.keys():
            entry |= self._members(change.body, made)
        elif route.path == GRANTS:
            entry["grants"] = self._grants(change.body)
        elif made.path == SECTIONS["linodes"] and verb in STATES and not change.body and "image" in entry:
            entry["status"] = STATES[verb]
        else:
            return False
        return True

    def _create(self, change: Change) -> bool:
        route, cls = change.route, change.route.target
        row = change.row
        if cls is None or not isinstance(row, dict) or cls.id_key not in row:
            return False
        if route.path in NAMES:
            among = self._found.setdefault(NAMES[route.path], [])
        elif route.cls is not None and (owner := self._entries.get(self._place(change))) is not None:
            among = owner[1].setdefault(route.path.rpartition("/")[2].replace("-", "_"), [])
        else:
            return False
        entry = self._members(change.body or {}, route)
        among.append(entry)
        above = [change.names[each] for each in change.names]
        key = schema.key_of(cls, row[cls.id_key], above[::-1])
        self._entries[schema.table_of(cls), key] = (among, entry, route)
        return True

    def _place(self, change: Change) -> tuple[str, str]:
        """The table and the key of the object in the path of *change*."""
        cls: Any = change.route.cls
        if cls.id_key is None:
            return schema.table_of(cls), ""
        parents = [change.names[each] for each in cls._parent_names]
        return schema.table_of(cls), schema.key_of(cls, change.names[cls.id_key], parents)

    # -- values ------------------------------------------------------------------------------------------------------

    def _members(self, body: Row, route: Route) -> Row:
        return {name: self._value(each, route.types.get(name), (name,)) for name, each in body.items()}

    def _value(self, value: Any, hint: Any, place: tuple[str, ...]) -> Any:
        if isinstance(value, dict):
            inner = hints.inner_types(hint)
            return {name: self._value(each, inner.get(name), (*place, name)) for name, each in value.items()}
        if isinstance(value, list):
            return [self._value(each, hints.item_type(hint), place) for each in value]
        if isinstance(value, str) and SECRET.search(place[-1]):
            return f"${{{place[-1].upper()}}}"
        if isinstance(value, str):
            return self._node(value) if place[-1] == "address" and "nodes" in place else value
        *above, name = place
        if name == "id" and above:
            name = f"{above[-1]}_id"
        if isinstance(value, int) and not isinstance(value, bool):
            for cls, _ in hints.named_in(value, hint, name):
                if (row := self._world.find(cls, value)) is not None:
                    return self._label(cls, row)
        return value

    def _label(self, cls: Any, row: Row) -> str:
        member = record(cls).events.label
        same = [each for each in self._world.read(schema.table_of(cls)) if each.get(member) == row[member]]
        if len(same) > 1 and not cls._parent_names:
            raise SandboxError(f"{len(same)} objects of {cls.__name__} have the label {row[member]!r}; write a script")
        parent = self._world.parent(row) if len(same) > 1 else None
        return str(row[member]) if parent is None else f"{parent[record(parent['_kind']).events.label]}/{row[member]}"

    def _node(self, address: str) -> str:
        host, _, port = address.rpartition(":")
        private = re.match(r"192\.168\.", host)
        linode = next((each for each in self._world.read("Linode") if host in each["ipv4"]), None) if private else None
        return address if linode is None else f"{linode['label']}:{port}"

    def _grants(self, body: Row) -> Row:
        found = dict(body)
        for name, entries in body.items():
            cls = next((each.of for each in KINDS.values() if each.grant.type == name), None)
            if cls is not None and not isinstance(cls, str) and isinstance(entries, list):
                rows = [self._world.find(cls, each["id"]) for each in entries]
                found[name] = [
                    {**each, "id": each["id"] if row is None else self._label(cls, row)}
                    for each, row in zip(entries, rows, strict=True)
                ]
        return found
