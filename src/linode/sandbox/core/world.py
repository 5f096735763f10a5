"""The world: rows, IDs, the clock and its jobs, without HTTP.

families/README.md describes its use.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from . import jobs
from .addresses import Addresses
from .durations import Durations
from .events import Events
from .identity import Identity
from .meters import Meters
from .queue import Queue
from .records import Records
from .schema import Row
from .store import SavedStore, Store

__all__ = ["FIRST_ID", "LAST_ID", "Row", "SavedWorld", "World"]

FIRST_ID = 123
LAST_ID = 2**31 - 1
"""The highest first ID: a guess, since clients in other languages keep IDs in 32 bits."""


class World(Records):
    """The rows and the clock of an account.

    ``path`` is an SQLite file that outlives the process (None: memory); ``seed`` makes random values reproducible.
    ``durations`` says how long jobs take; expiries are not affected. ``first_id`` is the first ID of each table.
    ``beta`` is whether the current request is one of ``/v4beta``. ``reports_power`` is whether boots and stops of
    Linodes are noted, to be reported.
    """

    account = ""
    """The ID of the account; ``""`` is the sandbox's own."""

    def __init__(
        self,
        path: str | None = None,
        *,
        seed: int | None = None,
        now: float | None = None,
        durations: Durations | None = None,
        first_id: int = FIRST_ID,
    ) -> None:
        self.durations = durations or Durations()
        self.first_id = first_id
        self._store = Store(path)
        self._queue = Queue(self, self._store)
        self._others: dict[str, World] = {}
        self._hold()
        if path is not None:
            try:
                jobs.refuse_unknown(self.accounts(), path)
            except BaseException:
                self._store.close()
                raise
        self.user: Row | None = None
        self.token: Row | None = None
        self.beta = False
        self.reports_power = False
        self.base_url = "http://sandbox"
        self.now = datetime.now(UTC).timestamp() if now is None else now
        self._start(seed)

    def _hold(self) -> None:
        """Make the objects that hold what is neither rows nor time."""
        self.events = Events(self)
        self.identity = Identity(self)
        self.addresses = Addresses(self)
        self._meters = Meters(self)

    def _start(self, seed: int | None) -> None:
        """Continue at the time in the data file; ``downtime`` is the number of real seconds since it was closed.

        The seed is combined with the number of starts, so that random values are not repeated after a restart.
        """
        self.downtime = 0.0
        self.new = not self.read("_Clock")
        """Whether there was no data file with a world."""
        if kept := self._store.table("_Clock").get(""):
            self.now = kept["now"]
            self.downtime = max(time.time() - kept["real"], 0.0)
        with self.transaction():
            clock = self.one("_Clock", starts=0)
            clock["starts"] += 1
        self.random = random.Random(None if seed is None else f"{seed}/{clock['starts']}")

    @property
    def username(self) -> str:
        """The name of the user whose request it is; empty for a job."""
        return str(self.user["username"]) if self.user else ""

    # -- time ----------------------------------------------------------------------------------------------------

    def duration(self, seconds: float, *kinds: str) -> float:
        """The seconds that a job takes in this world that takes *seconds* at Linode.

        *kinds* are the job's name and the action of its event, by which `Sandbox` may have been given a duration.
        """
        return self.durations.of(seconds, *kinds)

    def takes(self, seconds: float, call: Callable[..., None], *args: Any, action: str = "") -> int:
        """Call the job *call* when something is done that takes *seconds* at Linode; otherwise like `later`.

        *action* is that of the event that tells of it: a duration may be set by it, or by the job's name.
        """
        return self.later(self.duration(seconds, action, jobs.name_of(call)), call, *args)

    def later(self, seconds: float, call: Callable[..., None], *args: Any) -> int:
        """Call the job *call* with this world and *args* in exactly *seconds*: an expiry, a schedule, another attempt.

        What takes time is for `takes`. Returns the job's ID for `cancel`.
        """
        return self._queue.add(self.now + max(seconds, 0.0), call, args, self.account)

    def cancel(self, job_id: int | None) -> None:
        """Cancel a job of `later`, unless it has already run, or there is none."""
        if job_id is not None:
            self._queue.cancel(job_id)

    def advance(self, seconds: float) -> None:
        """Advance the clock by *seconds*: jobs that become due run in order, each at its time."""
        if seconds < 0:
            raise ValueError("seconds must not be negative: the clock cannot be set back")
        self.run_until(self.now + seconds)

    def run_until(self, moment: float) -> None:
        """Advance the clock to *moment* (seconds since 1970), unless it is past."""
        self._queue.run_until(moment)

    def transaction(self) -> AbstractContextManager[None]:
        """Keep the changes made in the block, and the time with them; undo them if it raises."""
        return self._store.transaction(last=self._last)

    def _last(self) -> None:
        """Update the meters of the rows that the transaction has taken, and store the time."""
        for world in self.accounts():
            world._meters.read(functools.partial(self._store.taken, account=world.account))
        self._keep_time()

    def _keep_time(self) -> None:
        self.one("_Clock", starts=0).update(now=self.now, real=time.time())

    # -- accounts ------------------------------------------------------------------------------------------------

    def accounts(self) -> list[World]:
        """The worlds of all accounts, which share the clock, the catalogue and the file; the sandbox's own is first."""
        return [self.in_account(""), *(self.in_account(each["id"]) for each in self.read("_AccountOf"))]

    def in_account(self, account: str) -> World:
        """The world of the account *account*."""
        if account not in self._others:
            self._others[account] = self if account == "" else AccountWorld(self, account)
        return self._others[account]

    def hex(self, digits: int) -> str:
        """Random hexadecimal digits, as many as *digits*."""
        return f"{self.random.getrandbits(4 * digits):0{digits}x}"

    def uuid(self) -> str:
        """A random UUID."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def saved(self) -> SavedWorld:
        """The rows, the time and the state of the random numbers."""
        return SavedWorld(self._store.saved(), self.now, self.random.getstate())

    def restore(self, saved: SavedWorld) -> None:
        """Go back to *saved*. Raises `NotSaved` if the data file cannot be written."""
        self._store.restore(saved.rows)
        self.now = saved.now
        self.random.setstate(saved.random)
        self._queue.forget()

    def check_file(self) -> None:
        """Store the time in the data file, if there is one. Raises `NotSaved` if it cannot be written."""
        if self._store.filed:
            with self._store.transaction(last=self._keep_time):
                self._keep_time()

    def close(self) -> None:
        """Store the time in the data file, which has all changes, and close it. Raises `NotSaved`."""
        try:
            self.check_file()
        finally:
            self._store.close()


class SavedWorld(NamedTuple):
    """A world at a moment, which is not changed."""

    rows: SavedStore
    now: float
    random: tuple[Any, ...]


class AccountWorld(World):
    """The world of another account than the sandbox's own: it has its own rows, and shares the rest with *root*."""

    def __init__(self, root: World, account: str) -> None:
        self._root = root
        self.account = account
        self._hold()
        self.user = self.token = None
        self.beta = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._root, name)  # the clock, the random numbers and the store

    def in_account(self, account: str) -> World:
        """The world of the account *account*."""
        return self._root.in_account(account)
