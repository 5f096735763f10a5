"""The exceptions of the sandbox, and the API's refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["NotFound", "NotSaved", "Refused", "SandboxError", "missing_members"]


class SandboxError(Exception):
    """The sandbox cannot be set up: its data file is broken, in use, or of another version."""


class NotSaved(SandboxError):
    """The data file cannot be written, for example on a full disk; the changes were undone."""


class Refused(Exception):
    """An error response of the API: a status, and reasons with their fields."""

    def __init__(self, reason: str, field: str | None = None, *, status: int = 400) -> None:
        self.status = status
        self.reasons: list[tuple[str, str | None]] = [(reason, field)]
        super().__init__(reason)

    @classmethod
    def all(cls, reasons: Iterable[tuple[str, str | None]], *, status: int = 400) -> Refused:
        """One refusal with several reasons, in their order."""
        first, *more = reasons
        made = Refused(*first, status=status)
        made.reasons += more
        return made


class NotFound(Refused):
    """404: the object does not exist, or the current user may not see it."""

    def __init__(self, reason: str = "Not found") -> None:
        super().__init__(reason, status=404)


def missing_members(members: Mapping[str, Any], names: Iterable[str], prefix: str = "") -> list[tuple[str, str | None]]:
    """The reasons to refuse *members* that lack some of *names*; *prefix* is before the fields."""
    return [(f"{name} is required", f"{prefix}{name}") for name in names if members.get(name) is None]
