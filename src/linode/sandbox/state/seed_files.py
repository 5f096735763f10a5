"""Reading of seed files: JSON, or YAML with pyyaml, with the line of each member."""

from __future__ import annotations

import importlib
import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from ..core.refusals import SandboxError

__all__ = ["Place", "SeedError", "Source", "read", "too_deep"]

Place: TypeAlias = tuple[str | int, ...]
"""The place of a value: ``("linodes", 0, "region")``."""
VARIABLE = re.compile(r"\$\{(\w+)\}")
ALIASES = 100_000
"""Number of values that the aliases of a YAML file may repeat: a few lines of aliases of aliases repeat millions."""


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
        return SeedError(f"{self._name}{line}: {place_text(place) + ': ' if place else ''}{reason}")

    def variables(self, value: Any, place: Place) -> Any:
        """*value* with the environment variable of each text that is ``${NAME}``.

        Raises `SeedError` without the variable, and for a value that JSON cannot have, such as the ``.nan`` of YAML.
        """
        if isinstance(value, dict):
            return {name: self.variables(each, (*place, name)) for name, each in value.items()}
        if isinstance(value, list):
            return [self.variables(each, (*place, at)) for at, each in enumerate(value)]
        if not (value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))):
            kind = value if isinstance(value, float) else type(value).__name__
            raise self.error(place, f"JSON has no such value ({kind})")
        met = VARIABLE.fullmatch(value) if isinstance(value, str) else None
        if met is None:
            return value
        if met[1] not in os.environ:
            raise self.error(place, f"the environment variable {met[1]} is not set")
        return os.environ[met[1]]


def place_text(place: Place) -> str:
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
        except RecursionError:
            raise too_deep(path) from None
        except msgspec.DecodeError as error:
            raise SandboxError(f"{path} is not JSON: {error}") from None
    return _yaml(text, str(path))


def too_deep(name: object) -> SandboxError:
    """The error for the file or the seed *name*, which cannot be read for the depth of its lists and members."""
    return SandboxError(f"{name} has too many lists or members inside one another")


def _yaml(text: str, name: str) -> Source:
    try:
        yaml = importlib.import_module("yaml")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "a seed file in YAML needs pyyaml: pip install pyyaml; one in JSON needs nothing", name="yaml"
        ) from error
    reader = _Yaml(yaml.SafeLoader(text), name, ALIASES + len(text))
    try:
        node = reader.loader.get_single_node()
        contents = None if node is None else reader.value(node, (), ())
    except yaml.MarkedYAMLError as error:  # its own text quotes the line, which may have a password
        line = f" line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise SeedError(f"{name}{line} is not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise SeedError(f"{name} is not YAML: {error}") from None
    except RecursionError:
        raise too_deep(name) from None
    finally:
        reader.loader.dispose()
    return Source(contents, name, reader.lines)


class _Yaml:
    """Reads the nodes that *loader* has composed of the file *name*, at most *most* of them, and notes their lines."""

    def __init__(self, loader: Any, name: str, most: int) -> None:
        self.loader = loader
        self.lines: dict[Place, int] = {}
        self._name = name
        self._left = most
        self._merged: dict[int, dict[str, tuple[Any, Any]]] = {}

    def value(self, node: Any, place: Place, inside: tuple[Any, ...]) -> Any:
        """The value of a *node* of YAML, which is in the nodes *inside*, as JSON has it."""
        self.lines.setdefault(place, node.start_mark.line + 1)
        self._left -= 1
        if self._left < 0:
            raise self._error(node, f"the aliases repeat more than {ALIASES} values; write fewer")
        if node.id == "scalar":
            return self._scalar(node, place)
        inside = self._within(node, inside)
        if node.id == "sequence":
            return [self.value(each, (*place, at), inside) for at, each in enumerate(node.value)]
        found: dict[str, Any] = {}
        for member, (key, value) in self._members(node, place, inside[:-1]).items():
            self.lines[*place, member] = key.start_mark.line + 1
            found[member] = self.value(value, (*place, member), inside)
        return found

    def _members(self, node: Any, place: Place, inside: tuple[Any, ...]) -> dict[str, tuple[Any, Any]]:
        """The members of a mapping: those of a ``<<`` come first, and are replaced by those of the mapping itself."""
        if id(node) in self._merged:
            return self._merged[id(node)]
        inside = self._within(node, inside)
        merged: dict[str, tuple[Any, Any]] = {}
        own: dict[str, tuple[Any, Any]] = {}
        names: set[str] = set()
        for key, value in node.value:
            member = str(key.value)
            if member in names:
                raise self._error(key, f"{place_text((*place, member))} is there twice")
            names.add(member)
            if key.tag != "tag:yaml.org,2002:merge":
                own[member] = (key, value)
                continue
            for each in reversed(value.value if value.id == "sequence" else [value]):  # the first one wins
                if each.id != "mapping":
                    raise self._error(
                        key, f"{place_text((*place, member))} must be an alias of members, or a list of these"
                    )
                merged |= self._members(each, place, inside)
        self._merged[id(node)] = merged | own
        return self._merged[id(node)]

    def _within(self, node: Any, inside: tuple[Any, ...]) -> tuple[Any, ...]:
        if any(each is node for each in inside):
            raise self._error(node, "an alias contains itself")
        return (*inside, node)

    def _scalar(self, node: Any, place: Place) -> Any:
        if node.tag == "tag:yaml.org,2002:timestamp":
            return node.value  # the API's times are texts
        try:
            return self.loader.construct_object(node)
        except (ValueError, KeyError):  # of tags such as !!int; the text may be a secret
            raise self._error(node, f"{place_text(place)} is not of the type {node.tag}") from None

    def _error(self, node: Any, reason: str) -> SeedError:
        return SeedError(f"{self._name} line {node.start_mark.line + 1}: {reason}")
