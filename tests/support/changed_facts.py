"""Facts that a test changes and puts back."""

from __future__ import annotations

import copy
from typing import Any

import answers
import conformance
import facts
from recorded_facts import Entries, merged

__all__ = ["Changeable"]

CACHED: tuple[Any, ...] = (
    *(facts._listed, facts.announced, facts.operations, facts.dated, facts.vocabularies),
    *(answers._uses, conformance._addresses),
)
"""Functions that keep what they have computed from the facts."""


class Changeable:
    """The facts, to be changed for one test."""

    def __init__(self) -> None:
        self.known = facts._facts()
        self._kept = copy.deepcopy(self.known)

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """The facts of an operation."""
        return next(each for each in self.known["operations"] if (each["method"], each["path"]) == (method, path))

    def shape(self, name: str) -> dict[str, Any]:
        """The members of the shape *name*."""
        members: dict[str, Any] = self.known["schemas"][name]["properties"]
        return members

    def record(self, recorded: Entries) -> None:
        """Take the document's facts, with what is *recorded* alone."""
        self.known.update(merged(facts.documented(), recorded))

    def differences(self, *families: str) -> set[str]:
        """All differences of *families* from the facts as they are now."""
        self.forget()
        return {line for family in families for check in conformance.CHECKS.values() for line in check(family)}

    def forget(self) -> None:
        """Forget what was computed from the facts."""
        for cached in CACHED:
            cached.cache_clear()

    def restore(self) -> None:
        """Put the facts back."""
        self.known.update(self._kept)
        self.forget()
