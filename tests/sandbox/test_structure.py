"""The structure of the sandbox: core and engine name no family, and records have the facts of the families."""

from __future__ import annotations

import ast
from pathlib import Path

from linode import sandbox
from linode._model import Resource
from linode.sandbox.engine.registry import load

HOUSE = Path(sandbox.__file__).parent
OF_THE_WORLD = {"Event", "User", "Token", "OAuthClient"}
"""The tables that the world itself keeps, whatever the families."""


def classes() -> set[str]:
    load()
    found: set[str] = set()
    waiting: list[type[Resource]] = [Resource]
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            if each.__module__.startswith("linode.api."):
                found.add(each.__name__)
    return found


def names(path: Path) -> set[str]:
    """The identifiers in a file, and its texts that are one word."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return (
        texts
        | {node.id for node in nodes if isinstance(node, ast.Name)}
        | {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    )


def test_the_core_and_the_engine_name_no_class_of_a_family():
    known = classes() - OF_THE_WORLD
    assert "Firewall" in known
    for room in ("core", "engine"):
        for path in (HOUSE / room).glob("*.py"):
            assert not names(path) & known, path


def test_the_model_the_wire_the_failures_and_the_login_name_no_class_of_a_family():
    """Besides the tables of the API of 2016, which are about its families, and the logins that the service keeps."""
    known = classes() - OF_THE_WORLD - {"Login"}
    rooms = [HOUSE.parent / "_model", HOUSE.parent / "_http", HOUSE / "failures", HOUSE / "login"]
    for path in (path for room in rooms for path in room.glob("*.py") if not path.stem.startswith("alpha")):
        assert not names(path) & known, path


def test_the_core_the_engine_and_the_failures_import_nothing_of_a_family():
    for room in ("core", "engine", "failures"):
        for path in (HOUSE / room).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
                assert not module.startswith(("linode.api.", "linode.sandbox.families")), path
                assert "families." not in module, path
