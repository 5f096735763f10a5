"""The public class of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from .. import aio
from .._model.names import PublicNames
from .._model.options import misspelt
from .._secrets import AsyncToken, Token, checked_token, redact_tracebacks
from ..client import LinodeClient
from .accounts import Accounts
from .core import durations as lasting
from .core.refusals import Refused, SandboxError
from .core.seed import seed_world
from .core.world import FIRST_ID, World
from .engine.registry import load as load_families
from .failures.faults import Faults
from .failures.limits import Limits, api_limits
from .families.linodes import plan_availability
from .gateways import server
from .gateways.clock import checked_speed
from .gateways.control import Control
from .gateways.gateway import STEP, Gateway, RecordedRequest
from .gateways.in_process import InProcess
from .gateways.in_process_async import AsyncInProcess, Pauses
from .metadata_clients import MetadataClients
from .options import checked_data, checked_numbers
from .power_callbacks import OnBoot, OnShutdown, PowerCallbacks
from .state.import_export import ImportExport
from .state.snapshots import Snapshot
from .timing import Timing, checked_durations, moment_of

__all__ = ["Sandbox"]


class Sandbox(PublicNames, Timing, Accounts, MetadataClients, ImportExport):
    """The Linode API in this process: no account, no network, no bill.

    ``data`` is a file that stores the world (None: it is discarded at the end). ``seed`` makes the IDs, addresses
    and secrets that the API generates reproducible; ``start`` is the start time of a new world (None: now), a
    datetime or ``"2026-01-31T12:00"``, in UTC where it has no zone, so two worlds with the same seed and start are
    equal. ``speed`` is the speed of the clock as a multiple of the real one (None: the clock advances only by
    ``step`` seconds with every request, by the pauses of its clients, and by `advance`). ``durations`` is the share
    of their time that jobs take, such as 0.05, or a mapping of seconds by kind of job (see `durations`); expiries
    and schedules are not affected. ``first_id`` is the first ID of each kind of object.
    A new world begins with ``load``, a file of `save`, and the objects of ``seed_file``: see `seed_from`.
    ``token`` is a token with all scopes (None: a random one). ``limits`` enables the API's rate limits. A new world has
    one user, ``sandbox``, and one OAuth client, ``my-client-id``.

    Raises `SandboxError` if the data file cannot be used.
    """

    @redact_tracebacks
    def __init__(
        self,
        data: str | None = None,
        seed: int | None = None,
        speed: float | None = None,
        token: str | None = None,
        *,
        limits: bool = False,
        step: float = STEP,
        start: datetime | str | None = None,
        durations: lasting.DurationsLike = 1.0,
        first_id: int = FIRST_ID,
        load: str | None = None,
        seed_file: str | None = None,
    ) -> None:
        checked_numbers(step, first_id)
        checked_speed(speed)
        self._data = checked_data(data)
        self._seed = seed
        self._start = None if start is None else moment_of(start)
        self._first_id = first_id
        self._seed_file = None if seed_file is None else str(seed_file)
        self._load = None if load is None else str(load)
        load_families()  # the catalogue needs the records, and the jobs in a data file must be known
        self._durations = checked_durations(durations)
        self.world = self._new_world()
        self.token = seed_world(self.world, checked_token(token, "token"))
        self.gateway = Gateway(self.world, speed, step=step, seed=seed)
        self.gateway.control = Control(self)
        self._power_callbacks = PowerCallbacks(self)
        self.gateway.afterwards = self._power_callbacks.report
        self.gateway.limits.extend(api_limits() if limits else ())
        self.requests: list[RecordedRequest] = self.gateway.requests
        """The requests so far, in order, at most the latest 100,000."""
        self.faults: Faults = self.gateway.faults
        """The active faults: a list of `Fault` that can be appended to."""
        self.limits: Limits = self.gateway.limits
        """The active rate limits: a list of `Limit`; the first that matches a call applies."""
        self._pauses = Pauses(self.gateway)
        self._applications: dict[str, dict[str, Any]] = {}
        self._fill()

    if not TYPE_CHECKING:  # a type checker that sees it lets every name pass

        def __getattr__(self, name: str) -> Any:
            known = [each for each in dir(type(self)) if not each.startswith("_")]
            if name.startswith("_") or name not in dir(LinodeClient):
                raise misspelt("a Sandbox", name, known, "attribute", error=AttributeError)
            raise AttributeError(f"a Sandbox has no attribute {name!r}; its clients have it: sandbox.client().{name}")

    @redact_tracebacks
    def client(self, token: Token | None = None, **options: Any) -> LinodeClient:
        """A client of this sandbox; *token* is by default the sandbox's own.

        *options* are those of `LinodeClient`; ``base_url="http://sandbox/alpha/v4"`` selects the API of 2016.
        """
        options.setdefault("base_url", "http://sandbox/v4")
        return LinodeClient(token or self.token, transport=self.transport(), **options)

    @redact_tracebacks
    def async_client(self, token: AsyncToken | None = None, **options: Any) -> aio.LinodeClient:
        """An async client of this sandbox. Concurrent pauses of its tasks advance the clock only once."""
        options.setdefault("base_url", "http://sandbox/v4")
        return aio.LinodeClient(token or self.token, transport=self.async_transport(), **options)

    def transport(self) -> InProcess:
        """A transport to this sandbox, for clients that are created elsewhere."""
        return InProcess(self.gateway)

    def async_transport(self) -> AsyncInProcess:
        """A transport to this sandbox for async clients."""
        return AsyncInProcess(self.gateway, self._pauses)

    @contextmanager
    def serve(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
        """Serve this sandbox on a port, from a thread, until the end of the block; yields the address.

        Port 0 selects a free port. The address is ``http://HOST:PORT``, which is the base URL of the login service;
        that of the API has ``/v4`` after it. Clients in process and on the port use the same world. A client on the
        port pauses in real time, which advances the clock only if the sandbox has a ``speed``.

        Raises `SandboxError` if the port cannot be opened, and ModuleNotFoundError without uvicorn.
        """
        opened = server.listen(host, port)
        with server.serving(self.gateway, opened):
            yield server.address(opened)

    def on_boot(self, callback: OnBoot) -> OnBoot:
        """Call ``callback(linode, user_data)`` whenever a Linode has booted; returns *callback*, so it can decorate.

        ``linode`` is a loaded `Linode` of a client of its account, ``user_data`` its decoded user data (None: it has
        none). A rescue system is no boot. The callback runs after the request, pause or `advance` that made the Linode
        boot, in its thread, and may use clients of the sandbox; while it runs, what happens by other requests is noted,
        and reported after it. What it raises is raised from that request or `advance`, which has been carried out; on a
        port it is printed, and the response is 500. The other callbacks for that boot are then not called.
        """
        with self.gateway.lock:
            self._power_callbacks.on_boot.append(callback)
            self._power_callbacks.watch()
        return callback

    def on_shutdown(self, callback: OnShutdown) -> OnShutdown:
        """Call ``callback(linode)`` whenever a Linode that had booted stops; otherwise like `on_boot`.

        It stops when it is shut down, rebooted, rescued, rebuilt, deleted, and while it is resized or migrated cold.
        ``linode`` has the members at that time, also when it has been deleted.
        """
        with self.gateway.lock:
            self._power_callbacks.on_shutdown.append(callback)
            self._power_callbacks.watch()
        return callback

    def snapshot(self) -> Snapshot:
        """Take a snapshot for `restore`; as a context manager it is restored at the end of the block.

        It has the objects, the time, the random numbers, the faults, the limits with their counts, the requests and the
        settings of the clock. Functions of `on_boot` and `on_shutdown` are not part of it. Raises `SandboxError` within
        a transaction of the world.
        """
        with self.gateway.lock:
            return Snapshot(self)

    def restore(self, saved: Snapshot) -> None:
        """Go back to *saved*, any number of times; the clock goes back too. A data file is rewritten.

        Raises `SandboxError` if the data file cannot be written.
        """
        with self.gateway.lock:
            saved.restore(self)

    def reset(self) -> None:
        """Replace the world by a new one, without faults and recorded requests, and reset the counts of the limits.

        The token, the limits and the applications of `add_oauth_client` are kept.
        """
        with self.gateway.lock:
            self.world.close()
            if self._data is not None:
                Path(self._data).unlink()
            self.world = self._new_world()
            self.token = seed_world(self.world, self.token)
            self.gateway.open(self.world)
            self._fill()
            self._power_callbacks.watch()
            for members in self._applications.values():
                self._register(members)
            self.faults.clear()
            self.requests.clear()
            self.limits.forget()

    def _fill(self) -> None:
        """Give a new world its contents; if that fails, there is no data file either."""
        try:
            if self._load is not None and self.world.new:
                self.load(self._load)
            if self._seed_file is not None and self.world.new:
                self.seed_from(self._seed_file)
        except BaseException:
            self.world.close()
            if self._data is not None:
                Path(self._data).unlink()
            raise

    def _new_world(self) -> World:
        return World(self._data, seed=self._seed, now=self._start, durations=self._durations, first_id=self._first_id)

    def sold_out(self, region: str, type: str) -> None:
        """Make Linodes of *type* (its ID) unavailable in *region*: creates are refused, and the availability shows it.

        Raises `SandboxError` if the region or the type does not exist.
        """
        self._set_available(region, type, available=False)

    def in_stock(self, region: str, type: str) -> None:
        """Undo `sold_out`."""
        self._set_available(region, type, available=True)

    def _set_available(self, region: str, type: str, *, available: bool) -> None:
        try:
            with self.gateway.lock, self.world.transaction():
                plan_availability.set_available(self.world, region, type, available=available)
        except Refused as no:
            raise SandboxError(str(no)) from None

    def __repr__(self) -> str:
        return f"Sandbox({self.world.stamp()})"

    def close(self) -> None:
        """Close the data file."""
        self.world.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
