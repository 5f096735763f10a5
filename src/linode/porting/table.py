"""The table of the calls of linode_api4 and of the new calls, read from ``calls.toml``."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["New", "Table", "table"]

FILE = Path(__file__).with_name("calls.toml")


class New(NamedTuple):
    """A new call, empty if there is none, and a note on it."""

    call: str
    note: str

    def __str__(self) -> str:
        if not self.call:
            return f"not there: {self.note}"
        return f"{self.call} ({self.note})" if self.note else self.call

    def differs(self, old: str) -> bool:
        """Whether code with the call *old* has to change: another name, or something to note."""
        return bool(self.note) or self.call.removesuffix("()").rpartition(".")[2] != old


class Table(NamedTuple):
    """The rows by the places in which the old names stand."""

    version: str
    """Version of linode_api4."""
    client: dict[str, New]
    """Methods of its client."""
    groups: dict[str, dict[str, New]]
    """Methods of the groups of its client; ``()`` is a call of the group itself."""
    names: dict[str, New]
    """Names that are imported from it, classes included."""
    classes: dict[str, dict[str, New]]
    """Methods and properties of its classes."""
    returns: dict[str, str]
    """Classes of the results of calls; with ``*`` behind them, of the objects of a list."""
    instances: dict[str, str]
    """Classes of the variables in the new calls."""

    def rows(self) -> Iterator[tuple[str, New]]:
        """Every old call, as it is written, with the new one."""
        for name, new in self.client.items():
            yield f"client.{name}", new
        for group, methods in self.groups.items():
            for name, new in methods.items():
                yield (f"client.{group}()" if name == "()" else f"client.{group}.{name}"), new
        for cls, members in self.classes.items():
            for name, new in members.items():
                yield f"{cls}.{name}", new
        yield from self.names.items()


@functools.cache
def table() -> Table:
    """The table of the package."""
    read = tomllib.loads(FILE.read_text())
    groups = {name: _news(rows) for name, rows in read["client"].items() if isinstance(rows, dict)}
    client = _news({name: value for name, value in read["client"].items() if not isinstance(value, dict)})
    classes = {
        cls: _news({name: new for name, new in rows.items() if name != "class"})
        for cls, rows in read["classes"].items()
    }
    names = {cls: _new(rows["class"]) for cls, rows in read["classes"].items()} | _news(read["names"])
    return Table(read["version"], client, groups, names, classes, read["returns"], read["instances"])


def _news(rows: Mapping[str, Any]) -> dict[str, New]:
    return {name: _new(value) for name, value in rows.items()}


def _new(value: str | list[str]) -> New:
    return New(value, "") if isinstance(value, str) else New(*value)
