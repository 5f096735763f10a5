"""IDs and objects of 2016 for those of the world: ``linode_123`` for 123, ``datacenter_6`` for ``us-east``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from linode._http.alpha import to_alpha
from linode._http.alpha_tables import FAMILIES
from linode._http.alpha_values import Ids

from ..core.refusals import Refused
from ..core.world import Row, World

__all__ = ["Records"]

PREFIXES = {
    "Linode": ("linode", "lnde"),
    "Disk": ("disk",),
    "Config": ("config", "conf"),
    "Image": ("distro", "dist"),
    "Region": ("datacenter", "dctr"),
    "Type": ("service", "serv"),
    "Kernel": ("kernel", "krnl", "kern"),
    "StackScript": ("stackscript", "stck"),
    "Domain": ("zone",),
    "DomainRecord": ("record", "zrcd"),
}
"""Prefixes of IDs: the one that is sent, then those from before 7 April 2016, which are accepted."""
_PRESENT = {old: names[0] for names in PREFIXES.values() for old in names}

NUMBERS = {
    "Region": {
        "us-central": 2,
        "us-west": 3,
        "us-southeast": 4,
        "us-east": 6,
        "eu-west": 7,
        "ap-northeast": 8,
        "ap-south": 9,
        "eu-central": 10,
    },
    "Type": {
        "g6-nanode-1": 112,
        "g6-standard-1": 113,
        "g6-standard-2": 114,
        "g6-standard-4": 115,
        "g6-standard-6": 116,
        "g6-standard-8": 117,
        "g6-standard-16": 119,
        "g6-standard-20": 120,
    },
    "Image": {"linode/centos7": 129, "linode/gentoo": 137, "linode/arch": 142, "linode/slackware14.1": 117},
    "Kernel": {
        "linode/latest-32bit": 137,
        "linode/latest-64bit": 138,
        "linode/grub2": 210,
        "linode/direct-disk": 213,
        "linode/grub-legacy": 216,
    },
}
"""The numbers in 2016 of objects whose IDs are words today; newer objects get the following numbers."""

_SHORT = {"Image": ("label", "vendor", "x64"), "Kernel": ("label", "created"), "Disk": ("label", "size", "type")}
_MEMBERS = {"Disk": "devices", "Config": "config_id", "StackScript": "stackscript_id"}
"""The members of today's bodies with an ID whose names are not that of the class."""
_ALWAYS: dict[str, Row] = {
    "Kernel": {"description": None, "updates": None},
    "Image": {"x64": True, "experimental": False},
    "Config": {"root_device_ro": False},
}
"""The members of 2016 that are the same for all objects of a kind."""


class Records(Ids):
    """Converts the IDs and the objects of *world* to those of 2016, for one request."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers: dict[str, dict[str, int]] = {}

    def _numbers_of(self, kind: str) -> dict[str, int]:
        if kind not in self._numbers:
            known = NUMBERS[kind]
            all_of_them = {row["id"] for row in self._world.read(kind) if row.get("is_public", True)}
            later = enumerate(sorted(all_of_them - known.keys()), max(known.values()) + 1)
            self._numbers[kind] = {**known, **{id: number for number, id in later}}
        return self._numbers[kind]

    def number(self, kind: str, id: Any) -> int:
        """The number in the ID of 2016 for today's *id*; 0 for an image of the account, which did not exist in 2016."""
        return self._numbers_of(kind).get(id, 0) if kind in NUMBERS else int(id)

    def alpha_id(self, kind: str, id: Any) -> str | None:
        """The ID of 2016 for today's *id*; None if there is none."""
        return f"{PREFIXES[kind][0]}_{number}" if (number := self.number(kind, id)) else None

    def id(self, kind: str, alpha: Any) -> Any:
        """Today's ID for the ID *alpha* of 2016; None if there is none."""
        found = re.fullmatch(r"([a-z]+)_([0-9]{1,18})", alpha) if isinstance(alpha, str) else None
        if found is None or found[1] not in PREFIXES[kind]:
            return None
        number = int(found[2])
        if kind not in NUMBERS:
            return number
        return next((id for id, each in self._numbers_of(kind).items() if each == number), None)

    def renamed(self, value: Any) -> Any:
        """*value* with the current prefix if it is an ID with an older one; anything else is unchanged."""
        prefix, mark, number = value.partition("_") if isinstance(value, str) else ("", "", "")
        return f"{_PRESENT[prefix]}_{number}" if mark and number.isdecimal() and prefix in _PRESENT else value

    def alpha(self, kind: str, value: Any) -> Any:
        """The object with the ID *value* in its short form."""
        row = self._world.find(kind, value)
        if row is None or (alpha := self.alpha_id(kind, value)) is None:
            return None
        shown = self.shown(kind, row)
        return {"id": alpha, **{name: shown.get(name) for name in _SHORT.get(kind, ("label",))}}

    def today(self, kind: str, value: Any) -> Any:
        """Today's ID for *value*, an ID or an object of 2016. Raises `Refused` if it does not exist."""
        found = self.id(kind, value.get("id") if isinstance(value, Mapping) else value)
        if found is None:
            raise Refused("Record not found", field=_MEMBERS.get(kind, kind.lower()))
        return found

    def absent(self, what: str) -> Any:  # noqa: ARG002
        """None for *what*, which did not exist in 2016."""
        return None

    def shown(self, kind: str, row: Row) -> Row:
        """The object of 2016 for *row*."""
        made = to_alpha(FAMILIES[kind].members, row, self)
        return {**made, "id": self.alpha_id(kind, row["id"]), **self._besides(kind, row)}

    def _besides(self, kind: str, row: Row) -> Row:
        """The members of 2016 without an equivalent today."""
        if kind == "Linode":
            plan = self._world.find("Type", row["type"]) if row.get("type") else None
            return {"services": {"linode": _plan_label(plan)} if plan else {}}
        if kind == "Type":
            return {"label": _plan_label(row), "service_type": "linode"}
        if kind == "StackScript":  # the clients of 2016 read the example of each question
            return {"user_defined_fields": [{"example": "", **each} for each in row["user_defined_fields"]]}
        return _ALWAYS.get(kind, {})


def _plan_label(row: Row) -> str:
    """The label of a plan, which in 2016 contained its memory."""
    return f"Linode {row['memory']}" if row["class"] in ("nanode", "standard") else str(row["label"])
