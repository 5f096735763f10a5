"""Type hints are behaviour: what is right passes, what is wrong is found, by mypy --strict and by pyright."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MISTAKES = sorted((ROOT / "tests" / "mistakes").glob("*.py"))


def expected(path, checker):
    """The line numbers that *checker* must complain of, and a piece of what it has to say."""
    found = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if match := re.search(rf"[#|] {checker}: (.*?)(?: \| |$)", line):
            found[number] = match[1]
    return found


def said_by_mypy(path):
    command = [sys.executable, "-m", "mypy", "--show-absolute-path", "--no-error-summary", "-O", "json", str(path)]
    lines = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).stdout.splitlines()
    reports = [json.loads(line) for line in lines if line.startswith("{")]
    said = {}
    for each in reports:
        if Path(each["file"]).name == path.name:
            said[each["line"]] = said.get(each["line"], "") + f"{each['message']} {each.get('hint') or ''}\n"
    return said


def said_by_pyright(path):
    command = [sys.executable, "-m", "pyright", "--outputjson", str(path)]
    output = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).stdout
    said = {}
    for each in json.loads(output[output.index("{") :])["generalDiagnostics"]:
        line = each["range"]["start"]["line"] + 1
        said[line] = said.get(line, "") + each["message"].replace("\xa0", " ") + "\n"
    return said


@pytest.mark.parametrize("checker", [said_by_mypy, said_by_pyright], ids=["mypy", "pyright"])
@pytest.mark.parametrize("path", MISTAKES, ids=[path.stem for path in MISTAKES])
def test_mistakes_are_found(path, checker):
    """Every marked line is complained of, in the words expected; nothing else is."""
    wanted = expected(path, checker.__name__.rpartition("_")[2])
    said = checker(path)
    assert wanted
    for number, piece in wanted.items():
        assert piece in said.get(number, ""), f"{path.name}:{number}: {piece!r} not in {said.get(number)!r}"
    unmarked = set(said) - set(wanted)
    assert not unmarked, {number: said[number] for number in unmarked}
