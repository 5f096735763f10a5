"""A forgotten ``await`` is a type error, and so is one too many: every verb and every list of every family.

The programs are written from the classes themselves, so a new family is in them without a line here.
"""

from __future__ import annotations

import pytest
from type_checkers import CHECKERS
from usage_programs import Program, forms, owners

import linode


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
    text, wrong = made.text()
    path.write_text(text)
    said = CHECKERS[checker](path)
    lines = text.splitlines()
    assert len(wrong) > 150
    assert {wrong[line]: lines[line - 1] for line in wrong.keys() - said.keys()} == {}
    assert {lines[line - 1]: said[line] for line in said.keys() - wrong.keys()} == {}
