"""Programs that use every class of the API, every method and every list, with right and with wrong lines."""

from __future__ import annotations

from typing import get_overloads

import linode
from linode._model import Many, Resource, action
from linode.api import MEMBERS

__all__ = ["Program", "forms", "owners"]

HELD = {"ResourceList": "ResourceList[lib.Linode]"}


def members(cls):
    """The verbs and the lists that *cls* itself declares."""
    found = vars(cls).items()
    return (
        [name for name, each in found if not name.startswith("_") and (isinstance(each, action) or forms(each))],
        [name for name, each in found if isinstance(each, Many)],
    )


def forms(each):
    """The overloads of a verb with several result types."""
    return get_overloads(each) if hasattr(each, "__qualname__") and hasattr(each, "__module__") else []


def owners():
    """Every class that users hold, with its verbs and lists; the client, which has those of all families."""
    classes = {getattr(linode, name) for name in linode.__all__}
    for cls in sorted((each for each in classes if isinstance(each, type)), key=lambda each: each.__name__):
        verbs, lists = members(cls)
        if verbs or lists or (issubclass(cls, Resource) and cls is not Resource):
            yield cls.__name__, verbs, lists
    yield "MetadataClient", [name for base in linode.MetadataClient.__mro__ for name in members(base)[0]], []
    held = {name: getattr(linode.LinodeClient, name) for name in MEMBERS if not name.startswith("_")}
    yield "LinodeClient", *([name for name, each in held.items() if kind(each)] for kind in (is_verb, is_list))


def is_list(each):
    return isinstance(each, Many)


def is_verb(each):
    return callable(each) and not is_list(each) and each.__name__ != "events"  # a stream, which is not awaited


class Program:
    """A program under a package's names, with its right and its wrong lines."""

    def __init__(self, package):
        self.lines = ["from typing import Any", f"import {package} as lib"]
        self.wrong = {}

    def function(self, cls):
        self.lines.append(
            f"async def use_{cls.lower()}_{len(self.lines)}(it: lib.{HELD.get(cls, cls)}, a: Any, k: Any) -> None:"
        )

    def right(self, line):
        self.lines.append(f"    {line}")

    def mistake(self, line, what):
        self.lines.append(f"    {line}")
        self.wrong[len(self.lines)] = what

    def text(self):
        """The program, and the mistakes in it by their lines."""
        head = ["from __future__ import annotations", ""]
        return "\n".join([*head, *self.lines]) + "\n", {line + len(head): what for line, what in self.wrong.items()}
