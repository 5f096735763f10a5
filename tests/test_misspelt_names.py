"""A misspelt option, a misspelt field and a value of another type are type errors, in every class of every family.

The programs are written from the classes themselves, so a new family is in them without a line here.
"""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from type_checkers import CHECKERS
from usage_programs import Program, owners

import linode
from linode._model import Field, ReadOnly, Resource
from linode._model.fields import Described

ANYTHING = ("Any", "dict[str, Any]")


def program(package: str) -> Program:
    """Every method with an option that it does not have, and fields that are misspelt or given another type."""
    made = Program(package)
    awaits = "await " if package == "linode.aio" else ""
    for name, verbs, _ in owners():
        cls = getattr(linode, name)
        made.function(name)
        made.right("pass")
        for verb in verbs:
            if not takes_anything(getattr(cls, verb)):
                made.mistake(f"{awaits}it.{verb}(*a, no_such_option=a)", f"{name}.{verb}")
        if issubclass(cls, Resource):
            made.right("_ = it.raw")
            made.mistake("_ = it.no_such_field", f"a field of {name}")
        for kind in (ReadOnly, Field):
            if field := next((each for each in own(cls) if type(each) is kind), None):
                made.right(f"_ = it.{field.name}")
                made.mistake(f"it.{field.name} = object()", f"{name}.{field.name}")
    return made


def own(cls: type) -> list[Described]:
    """The fields of *cls* that have one type."""
    fields = [each for each in getattr(cls, "_fields", {}).values() if isinstance(each, Described)]
    return [each for each in fields if written(each) not in ANYTHING]


def written(field: Described) -> str:
    """The type of *field* as its declaration spells it."""
    owner = next(cls for cls in field.owner.__mro__ if field.name in vars(cls).get("__annotations__", {}))
    return str(owner.__annotations__[field.name]).partition("[")[2][:-1]


def takes_anything(describe: Any) -> bool:
    """Whether a method takes keywords of any name."""
    parameters = inspect.signature(inspect.unwrap(describe), follow_wrapped=False).parameters.values()
    return any(each.kind is each.VAR_KEYWORD and "Unpack" not in str(each.annotation) for each in parameters)


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("package", ["linode", "linode.aio"])
def test_misspelt_names_are_type_errors(package, checker, tmp_path):
    """Both checkers accept the right lines and complain of every wrong one."""
    text, wrong = program(package).text()
    path = tmp_path / "program.py"
    path.write_text(text)
    said = CHECKERS[checker](path)
    lines = text.splitlines()
    assert len(wrong) > 400
    assert {wrong[line]: lines[line - 1] for line in wrong.keys() - said.keys()} == {}
    assert {lines[line - 1]: said[line] for line in said.keys() - wrong.keys()} == {}


def test_every_family_has_a_right_and_a_wrong_line():
    """No family is left out: each that has methods, lists or resources is used."""
    used = {getattr(linode, name).__module__ for name, *_ in owners() if name != "LinodeClient"}
    families = {each.split(".")[2] for each in used if each.startswith("linode.api.")}
    declared = {cls.__module__.split(".")[2] for cls in resources()}
    assert declared - families == set()


def resources() -> list[type]:
    """The public classes of the families' objects."""
    classes = [each for name in linode.__all__ if isinstance(each := getattr(linode, name), type)]
    return [each for each in classes if issubclass(each, Resource) and each.__module__.startswith("linode.api.")]
