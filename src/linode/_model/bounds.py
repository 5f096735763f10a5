"""Bounds of values, as the API states them: ``Annotated[int, Bounds(ge=10, le=16384)]``; and what is not sent."""

from __future__ import annotations

__all__ = ["LOCAL", "Bounds"]

LOCAL = "local"
"""Marks a parameter, or one type of its values, that no request contains: ``Annotated[Literal[False], LOCAL]``."""


class Bounds:
    """Bounds of a number, a string or a list: ``ge``/``le`` for numbers, lengths and a regular ``pattern`` for texts.

    Lengths hold for lists too. The API checks them, and so does the sandbox.
    """

    __slots__ = ("ge", "le", "max_length", "min_length", "pattern")

    def __init__(
        self,
        *,
        ge: float | None = None,
        le: float | None = None,
        min_length: int | None = None,
        max_length: int | None = None,
        pattern: str | None = None,
    ) -> None:
        self.ge = ge
        self.le = le
        self.min_length = min_length
        self.max_length = max_length
        self.pattern = pattern

    def _key(self) -> tuple[object, ...]:
        return (self.ge, self.le, self.min_length, self.max_length, self.pattern)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bounds) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name in self.__slots__ if (value := getattr(self, name)) is not None)
        return f"Bounds({shown})"
