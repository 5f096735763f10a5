"""Secrets in an exported world: they are withheld unless they are asked for, and an import makes others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ..core.kind import KINDS
from ..core.schema import Row, classes_of
from .texts import each_text

__all__ = ["redact", "replace_placeholders"]

PLACEHOLDER = re.compile(r"<withheld:\d+>")
MIN_LENGTH_ANYWHERE = 16
"""The least number of characters of a secret that is looked for everywhere, such as in the arguments of jobs.

A shorter one, such as a password that a person chose, is also an ordinary word; it is withheld in its member only.
"""


def redact(rows: list[tuple[str, Row]]) -> list[tuple[str, Row]]:
    """Copies of *rows* (each with its table) in which each secret is a placeholder, the same one wherever it stands."""
    known: dict[str, str] = {}
    for table, row in rows:
        for name in _members(table, "secrets"):
            if isinstance(value := row.get(name), str):
                known.setdefault(value, f"<withheld:{len(known) + 1}>")
    everywhere = [re.escape(each) for each in known if len(each) >= MIN_LENGTH_ANYWHERE]
    pattern = re.compile("|".join(everywhere)) if everywhere else None
    return [(table, _redact_row(table, row, known, pattern)) for table, row in rows]


def _redact_row(table: str, row: Row, known: dict[str, str], pattern: re.Pattern[str] | None) -> Row:
    secrets, private = _members(table, "secrets"), _members(table, "private")
    found = {name: value for name, value in row.items() if name not in private}
    for name in secrets:
        if isinstance(secret := found.get(name), str):
            found[name] = known[secret]
            if found["_key"] == secret:  # it is the ID of the row
                found["_key"] = known[secret]
    if pattern is None:
        return found
    changed: Row = each_text(found, lambda text: pattern.sub(lambda met: known[met[0]], text))
    return changed


def replace_placeholders(rows: Iterable[Row], make: Callable[[], str]) -> list[Row]:
    """Copies of *rows* with a value of *make* for each placeholder, the same one wherever it stands."""
    made: dict[str, str] = {}

    def value(met: re.Match[str]) -> str:
        return made[met[0]] if met[0] in made else made.setdefault(met[0], make())

    return [each_text(row, lambda text: PLACEHOLDER.sub(value, text)) for row in rows]


def _members(table: str, which: str) -> tuple[str, ...]:
    """The members of rows of *table* that the records name as *which*, ``secrets`` or ``private``."""
    names = {table, *(cls.__name__ for cls in classes_of(table))}
    return tuple(dict.fromkeys(each for name in names if name in KINDS for each in getattr(KINDS[name].exports, which)))
