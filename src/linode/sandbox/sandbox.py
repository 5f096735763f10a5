"""The public class of the sandbox."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from .. import aio
from .._secrets import Token, redact_tracebacks
from ..client import LinodeClient
from .core.refusals import Refused, SandboxError
from .core.seed import seed_world
from .core.world import World
from .engine.registry import load
from .failures.faults import Faults
from .failures.limits import Limits, api_limits
from .families.account import other_accounts
from .families.linodes import stock
from .families.profile.grants import give
from .gateways import server
from .gateways.control import Control
from .gateways.gateway import STEP, Gateway, InProcess, RecordedRequest
from .gateways.in_process_async import AsyncInProcess, Pauses
from .machines import Machines, OnBoot, OnShutdown

if TYPE_CHECKING:
    from .core.kinds import Row

__all__ = ["Sandbox"]


class Sandbox:
    """The Linode API in this process: no account, no network, no bill.

    ``data`` is a file that stores the world (None: it is discarded at the end). ``seed`` makes the IDs, addresses and
    secrets that the API generates reproducible; ``start`` is the start time of a new world (None: now), so two worlds
    with the same seed and start are equal. ``speed`` is the speed of the clock as a multiple of the real one (None: the
    clock advances only by ``step`` seconds with every request, by the pauses of its clients, and by `advance`).
    ``durations`` is the share of their time that jobs take, such as 0.05; expiries and schedules are not affected.
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
        start: datetime | None = None,
        durations: float = 1.0,
    ) -> None:
        if speed is not None and not speed > 0:
            raise ValueError(f"speed must be above 0, not {speed}")
        if not step >= 0:
            raise ValueError(f"step must be 0 or more, not {step}")
        if not 0 < durations < math.inf:
            raise ValueError(f"durations must be a number above 0, such as 0.05, not {durations}")
        self._data = None if data is None else str(data)
        self._seed = seed
        self._start = None if start is None else _moment(start)
        self._durations = durations
        load()  # the catalogue needs the records, and the jobs in a data file must be known
        self.world = self._new_world()
        self.token = seed_world(self.world, token)
        self.gateway = Gateway(self.world, speed, step=step, seed=seed)
        self.gateway.control = Control(self)
        self._machines = Machines(self)
        self.gateway.afterwards = self._machines.report
        self.gateway.limits.extend(api_limits() if limits else ())
        self.requests: list[RecordedRequest] = self.gateway.requests
        """The requests so far, in order, at most the latest 100,000."""
        self.faults: Faults = self.gateway.faults
        """The active faults: a list of `Fault` that can be appended to."""
        self.limits: Limits = self.gateway.limits
        """The active rate limits: a list of `Limit`; the first that matches a call applies."""
        self._pauses = Pauses(self.gateway)
        self._applications: dict[str, dict[str, Any]] = {}

    @property
    def now(self) -> datetime:
        """The time in the sandbox, in UTC."""
        return datetime.fromtimestamp(self.world.now, UTC)

    @redact_tracebacks
    def client(self, token: Token | None = None, **options: Any) -> LinodeClient:
        """A client of this sandbox; *token* is by default the sandbox's own.

        *options* are those of `LinodeClient`; ``base_url="http://sandbox/alpha/v4"`` selects the API of 2016.
        """
        options.setdefault("base_url", "http://sandbox/v4")
        return LinodeClient(token or self.token, transport=self.transport(), **options)

    @redact_tracebacks
    def async_client(self, token: Token | None = None, **options: Any) -> aio.LinodeClient:
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
            self._machines.on_boot.append(callback)
            self._machines.watch()
        return callback

    def on_shutdown(self, callback: OnShutdown) -> OnShutdown:
        """Call ``callback(linode)`` whenever a Linode that had booted stops; otherwise like `on_boot`.

        It stops when it is shut down, rebooted, rescued, rebuilt, deleted, and while it is resized or migrated cold.
        ``linode`` has the members at that time, also when it has been deleted.
        """
        with self.gateway.lock:
            self._machines.on_shutdown.append(callback)
            self._machines.watch()
        return callback

    def advance(self, seconds: float) -> None:
        """Advance the sandbox's clock by *seconds*: boots finish, tokens expire."""
        self.gateway.advance(seconds)

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
            self._machines.watch()
            for members in self._applications.values():
                self._register(members)
            self.faults.clear()
            self.requests.clear()
            self.limits.forget()

    def _new_world(self) -> World:
        return World(self._data, seed=self._seed, now=self._start, durations=self._durations)

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
                stock.set_available(self.world, region, type, available=available)
        except Refused as no:
            raise SandboxError(str(no)) from None

    def add_oauth_client(
        self,
        label: str,
        redirect_uri: str,
        *,
        public: bool = False,
        id: str | None = None,
        secret: str | None = None,
    ) -> tuple[str, str]:
        """Register an application with the login service; returns its client ID and secret.

        ``id`` and ``secret`` are random by default; an existing application with the ID is replaced. ``public`` is
        whether the application has no secret, and must use PKCE.
        """
        members = {"label": label, "redirect_uri": redirect_uri, "public": public, "id": id, "secret": secret}
        with self.gateway.lock:
            row = self._register(members)
            members |= {"id": row["id"], "secret": row["_secret"]}
            self._applications[row["id"]] = members
        return row["id"], row["_secret"]

    def _register(self, members: dict[str, Any]) -> Row:
        with self.world.transaction():
            if members["id"] is not None and (known := self.world.find("OAuthClient", members["id"])):
                self.world.remove(known)
            return self.world.identity.add_oauth_client(**members)

    def add_user(self, username: str, email: str, *, restricted: bool = False) -> None:
        """Add a user to the account, who can then sign in. A restricted user needs `grant`."""
        with self.gateway.lock, self.world.transaction():
            if self.world.find("User", username) is not None:
                raise SandboxError(f"the user {username!r} already exists")
            self.world.identity.add_user(username, email, restricted=restricted)

    def add_account(self, company: str, *, child: bool = False) -> str:
        """Add another account to this sandbox; returns a token of its user, for `client`.

        The account shares the clock and the catalogue, and has its own Linodes, users and invoices. ``child`` is
        whether it is a child account of the sandbox's own account.

        Raises `SandboxError` if an account of the company already exists.
        """
        with self.gateway.lock, self.world.transaction():
            return other_accounts.open_account(self.world, company, child=child)

    def grant(self, username: str, **grants: Any) -> None:
        """Give grants to a restricted user: ``grant("ada", add_linodes=True, linode={123: "read_only"})``.

        General grants have the API's names; those for objects are levels (``"read_only"``, ``"read_write"``, None) by
        ID for each kind of object.

        Raises `SandboxError` if the user or a grant does not exist.
        """
        with self.gateway.lock, self.world.transaction():
            user = self.world.find("User", username)
            if user is None:
                raise SandboxError(f"the user {username!r} does not exist")
            give(user, grants)

    def __repr__(self) -> str:
        return f"Sandbox({self.world.stamp()})"

    def close(self) -> None:
        """Close the data file."""
        self.world.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _moment(start: datetime) -> float:
    """*start* in seconds since 1970; a time without a zone is in UTC, as everywhere in the API."""
    return (start if start.tzinfo is not None else start.replace(tzinfo=UTC)).timestamp()
