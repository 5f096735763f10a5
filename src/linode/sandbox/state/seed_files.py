"""Reading of seed files: JSON, or YAML with pyyaml, with the line of each member."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from ..core.refusals import SandboxError

__all__ = ["Place", "SeedError", "Source", "read"]

Place: TypeAlias = tuple[str | int, ...]
"""The place of a value: ``("linodes", 0, "region")``."""
VARIABLE = re.compile(r"\$\{(\w+)\}")


class SeedError(SandboxError):
    """A seed file has a mistake, which the message names with its place."""


class Source:
    """The contents of a seed file, and the places of what is in it. *name* is the file's."""

    def __init__(self, contents: Any, name: str, lines: Mapping[Place, int] | None = None) -> None:
        self.contents = contents
        self._name = name
        self._lines = lines or {}

    def error(self, place: Place, reason: str) -> SeedError:
        """The error for a mistake at *place*."""
        known = next((place[:size] for size in range(len(place), -1, -1) if place[:size] in self._lines), None)
        line = "" if known is None else f" line {self._lines[known]}"
        return SeedError(f"{self._name}{line}: {written(place) + ': ' if place else ''}{reason}")

    def variables(self, value: Any, place: Place) -> Any:
        """*value* with the environment variable of each text that is ``${NAME}``. Raises `SeedError` without it."""
        if isinstance(value, dict):
            return {name: self.variables(each, (*place, name)) for name, each in value.items()}
        if isinstance(value, list):
            return [self.variables(each, (*place, at)) for at, each in enumerate(value)]
        met = VARIABLE.fullmatch(value) if isinstance(value, str) else None
        if met is None:
            return value
        if met[1] not in os.environ:
            raise self.error(place, f"the environment variable {met[1]} is not set")
        return os.environ[met[1]]


def written(place: Place) -> str:
    """*place* as a path: ``linodes[0].region``."""
    return "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in place).lstrip(".")


def read(path: str | Path) -> Source:
    """Read the seed file *path*: JSON if its name ends in ``.json``, else YAML.

    Raises `SandboxError` if it cannot be read or parsed, and ModuleNotFoundError for YAML without pyyaml.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SandboxError(f"cannot read {path}: {reason or error}") from error
    if str(path).endswith(".json"):
        try:
            return Source(msgspec.json.decode(text), str(path))
        except (msgspec.DecodeError, RecursionError) as error:
            raise SandboxError(f"{path} is not JSON: {error}") from None
    return _yaml(text, str(path))


def _yaml(text: str, name: str) -> Source:
    try:
        yaml = importlib.import_module("yaml")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "a seed file in YAML needs pyyaml: pip install pyyaml; one in JSON needs nothing", name="yaml"
        ) from error
    lines: dict[Place, int] = {}
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        contents = None if node is None else _value(loader, node, (), lines, name)
    except yaml.YAMLError as error:
        raise SandboxError(f"{name} is not YAML: {error}") from None
    finally:
        loader.dispose()
    return Source(contents, name, lines)


def _value(loader: Any, node: Any, place: Place, lines: dict[Place, int], name: str) -> Any:
    """The value of a *node* of YAML as JSON has it; its lines are noted."""
    lines.setdefault(place, node.start_mark.line + 1)
    if node.id == "sequence":
        return [_value(loader, each, (*place, at), lines, name) for at, each in enumerate(node.value)]
    if node.id == "mapping":
        own: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in own:
                raise SeedError(f"{name} line {key.start_mark.line + 1}: {written((*place, key.value))} is there twice")
            own.add(str(key.value))
        loader.flatten_mapping(node)  # the members of a << come first, and are replaced by those of the mapping itself
        found: dict[str, Any] = {}
        for key, value in node.value:
            member = str(key.value)
            lines[*place, member] = key.start_mark.line + 1
            found[member] = _value(loader, value, (*place, member), lines, name)
        return found
    if node.tag == "tag:yaml.org,2002:timestamp":
        return node.value  # the API's times are texts
    return loader.construct_object(node)
