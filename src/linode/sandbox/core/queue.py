"""The queue of jobs, in the order of their times."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from . import jobs
from .refusals import NotSaved

if TYPE_CHECKING:
    from .store import Store
    from .tables import Table
    from .world import World

__all__ = ["LATEST", "Queue"]

LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
"""The end of the clock: later jobs still need a year of four digits."""


class Queue:
    """The jobs of all accounts, each a row of ``_Job``. *root* is the world of the sandbox's own account."""

    def __init__(self, root: World, store: Store) -> None:
        self._root = root
        self._store = store
        self._due: list[tuple[float, int]] | None = None
        """The times and IDs as a heap, with those of jobs that were cancelled or undone; None until the first use."""

    @property
    def _table(self) -> Table:
        """The rows of the jobs; another table once a world has been loaded."""
        return self._store.table("_Job")

    def add(self, due: float, call: Callable[..., None], args: Sequence[Any], account: str) -> int:
        """Add the job *call* at the time *due*; returns its ID."""
        row = self._root.add(
            "_Job", due=due, call=jobs.name_of(call), args=jobs.stored_arguments(call, args), account=account
        )
        if self._due is not None:
            heapq.heappush(self._due, (due, row["id"]))
        return int(row["id"])

    def cancel(self, job_id: int) -> None:
        """Remove a job, unless it has already run."""
        self._table.drop(str(job_id))

    def forget(self) -> None:
        """Read the jobs again at the next use, because the rows have been replaced."""
        self._due = None

    def run_until(self, moment: float) -> None:
        """Run the jobs that are due by *moment* in their order, each at its time."""
        if not moment < LATEST:
            raise ValueError("the clock cannot go past the year 9998")
        while (due := self._next()) is not None and due[0] <= moment:
            self._root.now = max(self._root.now, due[0])
            self._run(due[1])
        self._root.now = max(self._root.now, moment)

    def _next(self) -> tuple[float, int] | None:
        """The time and ID of the next job."""
        if self._due is None:
            self._due = [(row["due"], row["id"]) for row in self._table.all()]
            heapq.heapify(self._due)
        while self._due and (self._table.get(str(self._due[0][1])) or {}).get("due") != self._due[0][0]:
            heapq.heappop(self._due)
        return self._due[0] if self._due else None

    def _run(self, job_id: int) -> None:
        row = self._root.get("_Job", job_id)
        world = self._root.in_account(row.get("account", ""))
        world.user = world.token = None
        try:
            with self._root.transaction():
                self.cancel(job_id)
                jobs.call(world, row["call"], row["args"])
        except NotSaved:
            raise
        except Exception:
            with self._root.transaction():  # a job that fails must not block the jobs after it
                self.cancel(job_id)
            raise
