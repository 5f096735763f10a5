"""All that a program emits, as one text to look for secrets in."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

__all__ = ["Emissions", "Kept", "chain", "emissions"]


class Kept:
    """Secrets by name, as attributes: a frame that has this among its locals shows none of them."""

    def __init__(self, **secrets: str) -> None:
        self.__dict__ |= secrets

    def __repr__(self) -> str:
        return "Kept()"


def chain(error: BaseException) -> list[BaseException]:
    """*error* and all that led to it, what is suppressed too."""
    found: dict[int, BaseException] = {}
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is not None and id(each) not in found:
            found[id(each)] = each
            left += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]
    return list(found.values())


class Emissions(logging.Handler):
    """Log lines, and what programs make of errors and objects."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []
        self.errors = 0
        self.kinds: set[type[BaseException]] = set()
        self.frames: set[str] = set()
        """The modules of the frames that were looked at."""

    def emit(self, record: logging.LogRecord) -> None:
        self.texts += [self.format(record), *(repr(each) for each in record.args if not isinstance(each, float))]

    def shows(self, *values: object) -> None:
        """Print *values*."""
        self.texts += [f"{each} {each!r}" for each in values]

    def fails(self, error: BaseException) -> None:
        """*error* reaches one of those who render tracebacks with their locals."""
        self.errors += 1
        for each in chain(error):
            self.kinds.add(type(each))
            self.shows(each, vars(each))
            told = traceback.TracebackException.from_exception(each, capture_locals=True)
            self.texts += told.format(chain=False)
            for frame, _ in traceback.walk_tb(each.__traceback__):
                self.frames.add(str(frame.f_globals.get("__name__")).partition(".")[0])
                self.texts += [text for value in frame.f_locals.values() for text in _within(value, 4)]

    @contextmanager
    def error(self, kind: type[Exception] = Exception) -> Iterator[None]:
        """Record the exception of the block, and suppress it."""
        try:
            yield
        except kind as error:
            self.fails(error)

    def leaks(self, *secrets: str | None) -> list[str]:
        """The outputs that show one of *secrets*."""
        sought = [each for each in secrets if each]
        assert len(sought) == len(secrets), "a secret that is not there is found nowhere"
        return [text for text in self.texts if any(each in text for each in sought)]


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001 - what renders locals goes on, whatever they are
        return f"<{error!r}>"


def _within(value: Any, depth: int) -> Iterator[str]:
    """The reprs of *value* and of what is in it, as those show it who look into containers by themselves."""
    yield _shown(value)
    if depth and isinstance(value, Mapping):
        for each in value.values():
            yield from _within(each, depth - 1)
    elif depth and isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from _within(each, depth - 1)


@contextmanager
def emissions() -> Iterator[Emissions]:
    """The output in the block, with the lines of all loggers at DEBUG."""
    heard, root = Emissions(), logging.getLogger()
    level = root.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(heard)
        root.setLevel(level)
