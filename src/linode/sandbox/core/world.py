"""The world: rows, IDs, the clock and its jobs, without HTTP.

families/README.md describes its use.
"""

from __future__ import annotations

import heapq
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from . import kinds
from .accounts import Accounts
from .addresses import Addresses
from .events import Events
from .jobs import job_called, name_of, refuse_unknown
from .kind import record
from .kinds import Row, Table
from .meters import CHARGES, read_meters
from .refusals import NotFound, NotKept
from .store import Store
from .tables import Rows
from .tables import Table as Kept

__all__ = ["FIRST_ID", "Row", "World"]

FIRST_ID = 123
LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
"""The end of the clock: later jobs still need a year of four digits."""


class World(Events, Accounts, Addresses):
    """The rows and the clock of an account.

    ``path`` is an SQLite file that outlives the process (None: memory); ``seed`` makes random values reproducible.
    ``durations`` is the share of their time that jobs take; expiries are not affected. ``beta`` is whether the current
    request is one of ``/v4beta``. ``reports_machines`` is whether boots and stops of Linodes are noted, to be reported.
    """

    account = ""
    """The ID of the account; ``""`` is the sandbox's own."""

    def __init__(
        self, path: str | None = None, *, seed: int | None = None, now: float | None = None, durations: float = 1.0
    ) -> None:
        self.durations = durations
        self._store = Store(path)
        self._others: dict[str, World] = {}
        if path is not None:
            self._refuse_unknown_jobs(path)
        self.user: Row | None = None
        self.token: Row | None = None
        self.beta = False
        self.reports_machines = False
        self.base_url = "http://sandbox"
        self._due: list[tuple[float, int]] | None = None
        self.now = datetime.now(UTC).timestamp() if now is None else now
        self._start(seed)

    def _refuse_unknown_jobs(self, path: str) -> None:
        words = ("scheduled", "started")
        under_way = [each for world in self.accounts() for word in words for each in world.read("Event", status=word)]
        try:
            named = [each.get(name) for each in under_way for name in ("_begin", "_then")]
            refuse_unknown([*(each["call"] for each in self.read("_Job")), *named], path)
        except BaseException:
            self._store.close()
            raise

    def _start(self, seed: int | None) -> None:
        """Continue at the time in the data file; ``downtime`` is the number of real seconds since it was closed.

        The seed is combined with the number of starts, so that random values are not repeated after a restart.
        """
        self.downtime = 0.0
        if kept := self._store.table("_Clock").get(""):
            self.now = kept["now"]
            self.downtime = max(time.time() - kept["real"], 0.0)
        with self.transaction():
            clock = self.one("_Clock", starts=0)
            clock["starts"] += 1
        self.random = random.Random(None if seed is None else f"{seed}/{clock['starts']}")

    # -- time ----------------------------------------------------------------------------------------------------

    def stamp(self, seconds: float = 0) -> str:
        """The time in *seconds* from now, in the API's format."""
        return datetime.fromtimestamp(self.now + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")

    def seconds_until(self, stamp: str) -> float:
        """Seconds from now to the time *stamp*; negative if it is past."""
        return datetime.fromisoformat(stamp).replace(tzinfo=UTC).timestamp() - self.now

    def duration(self, seconds: float) -> float:
        """The seconds that something takes in this world that takes *seconds* at Linode."""
        return seconds * self.durations

    def takes(self, seconds: float, call: Callable[..., None], *args: Any) -> int:
        """Call the job *call* when something is done that takes *seconds* at Linode; otherwise like `later`."""
        return self.later(self.duration(seconds), call, *args)

    def later(self, seconds: float, call: Callable[..., None], *args: Any) -> int:
        """Call the job *call* with this world and *args* in exactly *seconds*: an expiry, a schedule, another attempt.

        What takes time is for `takes`. Returns the job's ID for `cancel`.
        """
        due = self.now + max(seconds, 0.0)
        row = self.add("_Job", due=due, call=name_of(call), args=list(args), account=self.account)
        if self._due is not None:
            heapq.heappush(self._due, (due, row["id"]))
        return int(row["id"])

    def cancel(self, job_id: int) -> None:
        """Cancel a job of `later`, unless it has already run."""
        self._store.table("_Job").drop(str(job_id))

    def advance(self, seconds: float) -> None:
        """Advance the clock by *seconds*: jobs that become due run in order, each at its time."""
        if seconds < 0:
            raise ValueError("seconds must not be negative: the clock cannot be set back")
        self.run_until(self.now + seconds)

    def run_until(self, moment: float) -> None:
        """Advance the clock to *moment* (seconds since 1970), unless it is past."""
        if not moment < LATEST:
            raise ValueError("the clock cannot go past the year 9998")
        while (due := self._next_due()) is not None and due[0] <= moment:
            self.now = max(self.now, due[0])
            self._run(due[1])
        self.now = max(self.now, moment)

    def _next_due(self) -> tuple[float, int] | None:
        """The time and ID of the next job; cancelled and undone jobs in the queue are skipped."""
        jobs = self._store.table("_Job")
        if self._due is None:
            self._due = [(row["due"], row["id"]) for row in jobs.all()]
            heapq.heapify(self._due)
        while self._due and (jobs.get(str(self._due[0][1])) or {}).get("due") != self._due[0][0]:
            heapq.heappop(self._due)
        return self._due[0] if self._due else None

    def _run(self, job_id: int) -> None:
        row = self.get("_Job", job_id)
        world = self.in_account(row.get("account", ""))
        world.user = world.token = None
        try:
            with self.transaction():
                self.cancel(job_id)
                job_called(row["call"])(world, *row["args"])
        except NotKept:
            raise
        except Exception:
            with self.transaction():  # a job that fails must not block the jobs after it
                self.cancel(job_id)
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep the changes made in the block, and the time with them; undo them if it raises."""
        with self._store.transaction(last=self._last):
            yield

    def _last(self) -> None:
        """Update the meters of the rows that the transaction has taken, and store the time."""
        for world in self.accounts():
            for table, charges in CHARGES.items():
                for key, row in self._store.taken(table, world.account).items():
                    read_meters(world, table, key, () if row is None else charges(world, row))
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
        return self._store.table(name, "" if name in SHARED or _is_common(name) else self.account)

    # -- rows ----------------------------------------------------------------------------------------------------

    def next_id(self, table: str) -> int:
        """The next ID of *table*."""
        counter = self.one("_Counter", next=FIRST_ID, id=table)
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
        above = self._parent_members(kind, parents)
        row |= {**members, **above, "_kind": table}
        if id_key not in members:
            row[id_key] = self.next_id(table)
        row["_key"] = kinds.key_of(kind, row[id_key], list(above.values()))
        self._table(table).put(row["_key"], row)
        return row

    def _parent_members(self, kind: Table, parents: tuple[Row, ...]) -> Row:
        """The hidden members with the IDs of all parents, nearest first."""
        if isinstance(kind, str):
            return {kinds.link(kind, each["_kind"]): self.id_of(each) for each in parents}
        names = kind._parent_names if parents else ()
        found = {}
        for at, name in enumerate(names):
            found[f"_{name}"] = self.id_of(parents[at]) if at < len(parents) else parents[-1][f"_{name}"]
        if kinds.table_of(kind) != kind.__name__:
            return {f"{name[1:]}_id": value for name, value in found.items()}
        return found

    def remove(self, row: Row) -> None:
        """Delete *row* and all rows that belong to it."""
        for each in self._belonging(row):
            self.remove(each)
        self._table(row["_kind"]).drop(row["_key"])

    def hand_over(self, row: Row, other: World) -> None:
        """Move *row* and all rows that belong to it to the *other* account, with the same IDs."""
        for each in self._belonging(row):
            self.hand_over(each, other)
        self._table(row["_kind"]).drop(row["_key"])
        other._table(row["_kind"]).put(row["_key"], row)

    def _belonging(self, row: Row) -> list[Row]:
        """The children of *row*, and the rows that name it as their holder."""
        children = [each for cls in kinds.children_of(row["_kind"]) for each in self.rows(cls, row)]
        return [*children, *(each for name in kinds.held() for each in self.rows(name, _holder=self.holder(row)))]

    def holder(self, row: Row) -> str:
        """The value of ``_holder`` for rows that belong to *row*, in a table with `Kind.held`."""
        return f"{row['_kind']}/{row['_key']}"

    def id_of(self, row: Row) -> Any:
        """The ID of *row*."""
        return row[kinds.id_key(row["_kind"])]

    def parent(self, row: Row) -> Row:
        """The nearest parent of *row*. Raises LookupError if it has none."""
        cls = next((each for each in kinds.classes_of(row["_kind"]) if each._parent_names), None)
        if cls is None:
            raise LookupError(f"a {row['_kind']} has no parent")
        name, target = next(iter(kinds.parents_of(cls).items()))
        ids = [row[f"_{each}"] for each in cls._parent_names]
        found = self._table(target).take(kinds.key_of(target, ids[0], ids[1:]))
        if found is None:
            raise LookupError(f"the {name} of {row['_key']} was deleted")
        return found

    def hex(self, digits: int) -> str:
        """Random hexadecimal digits, as many as *digits*."""
        return f"{self.random.getrandbits(4 * digits):0{digits}x}"

    def uuid(self) -> str:
        """A random UUID."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def close(self) -> None:
        """Store the time in the data file, which has all changes, and close it. Raises `NotKept`."""
        try:
            if self._store.filed:
                with self._store.transaction(last=self._keep_time):
                    self._keep_time()
        finally:
            self._store.close()


class AccountWorld(World):
    """The world of another account than the sandbox's own: it has its own rows, and shares the rest with *root*."""

    def __init__(self, root: World, account: str) -> None:
        self._root = root
        self.account = account
        self.user = self.token = None
        self.beta = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._root, name)  # the clock, the random numbers and the store

    def transaction(self) -> Any:
        """The transaction of all accounts."""
        return self._root.transaction()

    def in_account(self, account: str) -> World:
        """The world of the account *account*."""
        return self._root.in_account(account)


SHARED = frozenset(
    {"_AccountOf", "_Block", "_Blocks", "_Clock", "_Counter", "_Job", "_Networks", "_Private", "_Report", "_Secret"}
)
"""The tables that all accounts share: IDs, addresses and tokens are unique among accounts."""


def _is_common(table: str) -> bool:
    """Whether all accounts have the same rows of *table*: it is shared, or is of the catalogue."""
    kind = record(table)
    return kind.shared or (kind.source is not None and not kind.grant)
