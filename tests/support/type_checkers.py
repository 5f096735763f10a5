"""The type checkers, and what they say of a file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def said_by_mypy(path):
    """The messages of mypy --strict about *path*, by line."""
    command = [sys.executable, "-m", "mypy", "--show-absolute-path", "--no-error-summary", "-O", "json", str(path)]
    lines = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).stdout.splitlines()
    reports = [json.loads(line) for line in lines if line.startswith("{")]
    said = {}
    for each in reports:
        if Path(each["file"]).name == path.name:
            said[each["line"]] = said.get(each["line"], "") + f"{each['message']} {each.get('hint') or ''}\n"
    return said


def said_by_pyright(path):
    """The messages of pyright about *path*, by line."""
    command = [sys.executable, "-m", "pyright", "--outputjson", str(path)]
    output = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).stdout
    said = {}
    for each in json.loads(output[output.index("{") :])["generalDiagnostics"]:
        line = each["range"]["start"]["line"] + 1
        said[line] = said.get(line, "") + each["message"].replace("\xa0", " ") + "\n"
    return said


CHECKERS = {"mypy": said_by_mypy, "pyright": said_by_pyright}
