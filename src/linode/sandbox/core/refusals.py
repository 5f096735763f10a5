"""What the sandbox says no with."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["NotFound", "NotKept", "Refused", "SandboxError"]


class SandboxError(Exception):
    """The sandbox cannot be set up as asked: its data file is broken, in use, or made by another version."""


class NotKept(SandboxError):
    """The data file cannot be written, as on a full disk; what it was to keep has been undone."""


class Refused(Exception):
    """An answer of the API that is not success: a status, and reasons with the fields they are about."""

    def __init__(self, reason: str, field: str | None = None, *, status: int = 400) -> None:
        self.status = status
        self.reasons: list[tuple[str, str | None]] = [(reason, field)]
        super().__init__(reason)

    @classmethod
    def all(cls, reasons: Iterable[tuple[str, str | None]], *, status: int = 400) -> Refused:
        """One answer with several reasons, in their order."""
        first, *more = reasons
        made = Refused(*first, status=status)
        made.reasons += more
        return made


class NotFound(Refused):
    """404: there is no such object, or none that the asker may see."""

    def __init__(self, reason: str = "Not found") -> None:
        super().__init__(reason, status=404)
