"""Type hints are behaviour: what is right passes, what is wrong is found, by mypy --strict and by pyright."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from type_checkers import CHECKERS

ROOT = Path(__file__).parent.parent
MISTAKES = sorted((ROOT / "tests" / "mistakes").glob("*.py"))


def expected(path, checker):
    """The line numbers that *checker* must complain of, and a piece of what it has to say."""
    found = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("#"):  # a setting of the checker
            continue
        if match := re.search(rf"[#|] {checker}: (.*?)(?: \| |$)", line):
            found[number] = match[1]
    return found


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("path", MISTAKES, ids=[path.stem for path in MISTAKES])
def test_mistakes_are_found(path, checker):
    """Every marked line is complained of, in the words expected; nothing else is."""
    wanted = expected(path, checker)
    said = CHECKERS[checker](path)
    assert wanted
    for number, piece in wanted.items():
        assert piece in said.get(number, ""), f"{path.name}:{number}: {piece!r} not in {said.get(number)!r}"
    unmarked = set(said) - set(wanted)
    assert not unmarked, {number: said[number] for number in unmarked}
