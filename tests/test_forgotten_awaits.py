"""A forgotten ``await`` is a type error, and so is one too many: every verb and every list of every family.

The programs are written from the classes themselves, so a new family is in them without a line here.
"""

from __future__ import annotations

from typing import get_overloads

import pytest
from checkers import CHECKERS

import linode
from linode._model import Many, Resource, action
from linode.api import MEMBERS

HELD = {"ResourceList": "ResourceList[lib.Linode]"}


def members(cls):
    """The verbs and the lists that *cls* itself declares."""
    found = vars(cls).items()
    return (
        [name for name, each in found if not name.startswith("_") and (isinstance(each, action) or forms(each))],
        [name for name, each in found if isinstance(each, Many)],
    )


def forms(each):
    """The overloads of a verb that returns different things."""
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


def awaited_program():
    """Every verb and list awaited, and with the ``await`` forgotten."""
    program = Program("linode.aio")
    for cls, verbs, lists in owners():
        program.function(cls)
        program.right("pass")
        for verb in verbs:
            program.right(f"await it.{verb}(*a, **k)")
            program.mistake(f"it.{verb}(*a, **k)", f"{cls}.{verb}")
        for many in lists:
            program.right(f"_ = (await it.{many}.one()).raw, await it.{many}.total(), await it.{many}, it.{many}()")
            program.right(f"_ = [each.raw async for each in it.{many}]")
            program.mistake(f"it.{many}.first()", f"{cls}.{many}.first")
            program.mistake(f"[each.raw for each in it.{many}]", f"{cls}.{many}")
            program.mistake(f"len(it.{many})", f"len of {cls}.{many}")
    return program


def sync_program():
    """Every verb and list used at once, and with an ``await`` too many."""
    program = Program("linode")
    for cls, verbs, lists in owners():
        program.function(cls)
        program.right("pass")
        for verb in verbs:
            program.right(f"it.{verb}(*a, **k)")
            if is_told(getattr(getattr(linode, cls), verb)):
                program.mistake(f"await it.{verb}(*a, **k)", f"{cls}.{verb}")
        for many in lists:
            program.right(f"_ = it.{many}.one().raw, len(it.{many}), it.{many}[0], [each.raw for each in it.{many}]")
            program.mistake(f"await it.{many}.one()", f"{cls}.{many}.one")
            program.mistake(f"[each async for each in it.{many}]", f"{cls}.{many}")
    return program


def is_told(described):
    """Whether a verb's result is known here: not where the API's JSON is given, or the arguments choose an overload."""
    return described.__annotations__.get("return") not in ("Call[Any]", "Steps[Any]") and not forms(described)


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("program", [awaited_program, sync_program])
def test_every_family_is_awaited_where_it_must_be(program, checker, tmp_path):
    """Both checkers accept the right lines and complain of every wrong one."""
    made = program()
    path = tmp_path / "program.py"
    path.write_text("\n".join(["from __future__ import annotations", "", *made.lines]) + "\n")
    wrong = {number + 2: what for number, what in made.wrong.items()}
    said = CHECKERS[checker](path)
    assert len(wrong) > 150
    assert {wrong[line]: made.lines[line - 3] for line in wrong.keys() - said.keys()} == {}
    assert {made.lines[line - 3]: said[line] for line in said.keys() - wrong.keys()} == {}
