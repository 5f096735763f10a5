"""Flows that threads carry out between them: threads are for waiting, and where there is none, one does it all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["Turns"]

STUCK = 0.005
"""Seconds without a result after which more threads cost less than they save."""


class Turns:
    """Takes *flows*, to be performed by *perform*, in their order, by any number of threads that call `work`."""

    def __init__(self, flows: Iterable[Any], execute: Callable[[Any], Any]) -> None:
        self._left = list(enumerate(flows))[::-1]
        self._execute = execute
        self._results: list[Any] = [None] * len(self._left)
        self._open = len(self._left)
        self._error: BaseException | None = None
        self._changed = threading.Condition()

    def work(self) -> None:
        """Take one flow after another, until none is left or one has failed."""
        while (turn := self._next()) is not None:
            at, flow = turn
            try:
                self._results[at] = self._execute(flow)
            except BaseException as error:  # noqa: BLE001 - raised by `outcome`, where it is waited for
                self._ended(error)
            else:
                self._ended()

    def _next(self) -> tuple[int, Any] | None:
        with self._changed:
            return self._left.pop() if self._left and self._error is None else None

    def _ended(self, error: BaseException | None = None) -> None:
        with self._changed:
            self._open -= 1
            self._error = self._error or error
            if not self._open or error is not None:
                self._changed.notify_all()

    def stuck(self) -> int:
        """Wait until there is no result for `STUCK` seconds; how many flows nobody has taken then: 0 at the end."""
        with self._changed:
            while self._left and self._error is None:
                before = self._open
                self._changed.wait(STUCK)
                if self._open == before:
                    return len(self._left)
        return 0

    def outcome(self) -> list[Any]:
        """The results in the order of the flows, when all are there; or raise the first error, when there is one."""
        with self._changed:
            self._changed.wait_for(lambda: self._error is not None or not self._open)
        if self._error is not None:
            raise self._error
        return self._results
