"""The world: rows, IDs, the clock and its jobs, without HTTP.

families/README.md describes its use.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from . import jobs, kinds
from .addresses import Addresses
from .durations import Durations
from .events import Events
from .identity import Identity
from .kinds import Row, Table
from .meters import Meters
from .queue import Queue
from .refusals import NotFound
from .rows import Rows
from .store import SavedStore, Store
from .tables import Table as Kept

__all__ = ["FIRST_ID", "Row", "SavedWorld", "World"]

FIRST_ID = 123


class World:
    """The rows and the clock of an account.

    ``path`` is an SQLite file that outlives the process (None: memory); ``seed`` makes random values reproducible.
    ``durations`` says how long jobs take; expiries are not affected. ``first_id`` is the first ID of each table.
    ``beta`` is whether the current request is one of ``/v4beta``. ``reports_machines`` is whether boots and stops of
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
        self.reports_machines = False
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

    def stamp(self, seconds: float = 0) -> str:
        """The time in *seconds* from now, in the API's format."""
        return datetime.fromtimestamp(self.now + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")

    def seconds_until(self, stamp: str) -> float:
        """Seconds from now to the time *stamp*; negative if it is past."""
        return datetime.fromisoformat(stamp).replace(tzinfo=UTC).timestamp() - self.now

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

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep the changes made in the block, and the time with them; undo them if it raises."""
        with self._store.transaction(last=self._last):
            yield

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

    def _table(self, kind: Table) -> Kept:
        name = kinds.table_of(kind)
        return self._store.table(name, "" if kinds.is_common(name) else self.account)

    # -- rows ----------------------------------------------------------------------------------------------------

    def next_id(self, table: str) -> int:
        """The next ID of *table*."""
        counter = self.one("_Counter", next=self.first_id, id=table)
        counter["next"] += 1
        return int(counter["next"]) - 1

    def read(self, kind: Table, *parents: Row, **members: Any) -> Rows:
        """The same rows as `rows`, which must not be changed."""
        found = self._table(kind).all()
        if parents:
            members = {kinds.link(kind, parents[0]["_kind"]): self.id_of(parents[0]), **members}
        return found.where(members) if members else found

    def rows(self, kind: Table, *parents: Row, **members: Any) -> list[Row]:
        """The rows of *kind*, below the nearest of *parents* if given, with the values *members*."""
        table = self._table(kind)
        return [row for each in self.read(kind, *parents, **members) if (row := table.take(each["_key"])) is not None]

    def find(self, kind: Table, id: Any, *parents: Row) -> Row | None:
        """The row with the ID *id* (an int or a str), below the nearest of *parents* if given, or None."""
        above = [self.id_of(each) for each in parents]
        if parents and not isinstance(kind, str):
            above += [parents[-1][f"_{name}"] for name in kind._parent_names[len(parents) :]]
        row = self._table(kind).take(kinds.key_of(kind, id, above))
        if row is not None and parents and row.get(kinds.link(kind, parents[0]["_kind"])) != above[0]:
            return None
        return row

    def has(self, kind: Table, id: Any) -> bool:
        """Whether a row of *kind*, whose IDs are unique without a parent, has the ID *id*."""
        return str(id) in self._table(kind)

    def get(self, kind: Table, id: Any, *parents: Row) -> Row:
        """The row of `find`. Raises `NotFound` if there is none."""
        row = self.find(kind, id, *parents)
        if row is None:
            raise NotFound
        return row

    def at(self, table: str, key: str) -> Row | None:
        """The row with the *key* in *table*, or None."""
        return self._table(table).take(key)

    def only(self, kind: Table, parent: Row) -> Row:
        """The only row of *kind* below *parent*. Raises `NotFound` if there is none."""
        found = self.rows(kind, parent)
        if not found:
            raise NotFound
        return found[0]

    def one(self, kind: Table, **defaults: Any) -> Row:
        """The only row of *kind* (or that with the ``id`` in *defaults*), created with *defaults* if it is missing."""
        table = kinds.table_of(kind)
        key = str(defaults.get("id", ""))
        row = self._table(table).take(key)
        if row is None:
            row = {
                **({} if isinstance(kind, str) else kinds.empty_members(kind)),
                **defaults,
                "_kind": table,
                "_key": key,
            }
            self._table(table).put(key, row)
        return row

    def add(self, kind: Table, *parents: Row, **members: Any) -> Row:
        """Add a row of *kind* below *parents* (nearest first); members that are not given are empty."""
        table, id_key = kinds.table_of(kind), kinds.id_key(kind)
        row: Row = {} if isinstance(kind, str) else kinds.empty_members(kind)
        for stamp in ("created", "updated"):
            if stamp in row:
                row[stamp] = self.stamp()
        above = kinds.parent_members(kind, parents)
        row |= {**members, **above, "_kind": table}
        if id_key not in members:
            row[id_key] = self.next_id(table)
        row["_key"] = kinds.key_of(kind, row[id_key], list(above.values()))
        self._table(table).put(row["_key"], row)
        return row

    def remove(self, row: Row) -> None:
        """Delete *row* and all rows that belong to it."""
        for each in self.belonging(row):
            self.remove(each)
        self._table(row["_kind"]).drop(row["_key"])

    def hand_over(self, row: Row, other: World) -> None:
        """Move *row* and all rows that belong to it to the *other* account, with the same IDs."""
        for each in self.belonging(row):
            self.hand_over(each, other)
        self._table(row["_kind"]).drop(row["_key"])
        other.put(row)

    def put(self, row: Row) -> None:
        """Add *row* as it is, with its table and its key."""
        self._table(row["_kind"]).put(row["_key"], row)

    def belonging(self, row: Row) -> list[Row]:
        """The children of *row*, and the rows that name it as their holder."""
        children = [each for cls in kinds.children_of(row["_kind"]) for each in self.rows(cls, row)]
        return [*children, *(each for name in kinds.held() for each in self.rows(name, _holder=self.holder(row)))]

    def holder(self, row: Row) -> str:
        """The value of ``_holder`` for rows that belong to *row*, in a table with `Storage.held`."""
        return f"{row['_kind']}/{row['_key']}"

    def id_of(self, row: Row) -> Any:
        """The ID of *row*."""
        return kinds.id_of(row)

    def parent(self, row: Row) -> Row:
        """The nearest parent of *row*. Raises LookupError if it has none."""
        name, target, key = kinds.parent_of(row)
        found = self._table(target).take(key)
        if found is None:
            raise LookupError(f"the {name} of {row['_key']} was deleted")
        return found

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
        """Go back to *saved*. Raises `NotKept` if the data file cannot be written."""
        self._store.restore(saved.rows)
        self.now = saved.now
        self.random.setstate(saved.random)
        self._queue.forget()

    def check_file(self) -> None:
        """Store the time in the data file, if there is one. Raises `NotKept` if it cannot be written."""
        if self._store.filed:
            with self._store.transaction(last=self._keep_time):
                self._keep_time()

    def close(self) -> None:
        """Store the time in the data file, which has all changes, and close it. Raises `NotKept`."""
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
