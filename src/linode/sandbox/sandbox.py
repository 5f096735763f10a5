"""The sandbox as users see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from .. import aio
from .._secrets import redact_tracebacks
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

if TYPE_CHECKING:
    from .core.kinds import Row

__all__ = ["Sandbox"]


class Sandbox:
    """The Linode API in this process: no account, no network, no bill.

    ``data`` is a file that keeps the world (None: it is forgotten at the end); ``seed`` makes ids, addresses and
    secrets of the API's own come out the same each time; ``start`` is the first moment of a new world (None: now), so
    that with a seed two worlds are the same in all; ``speed`` lets the clock run that many times as fast as the
    real one (None: it stands still but for ``step`` seconds with every request, for the pauses of its clients, and for
    `advance`); ``token`` is the token that may do everything (None: one is made up); ``limits`` puts the API's rate
    limits in force. A new world has one user, ``sandbox``, and an OAuth client ``my-client-id``.

    Raises `SandboxError` when the data file cannot be used.
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
    ) -> None:
        if speed is not None and not speed > 0:
            raise ValueError(f"speed must be above 0, not {speed}")
        if not step >= 0:
            raise ValueError(f"step must be 0 or more, not {step}")
        self._data = None if data is None else str(data)
        self._seed = seed
        self._start = None if start is None else _moment(start)
        load()  # the records tell what is in the catalogue, and the jobs what a data file may wait for
        self.world = World(self._data, seed=seed, now=self._start)
        self.token = seed_world(self.world, token)
        self.gateway = Gateway(self.world, speed, step=step, seed=seed)
        self.gateway.control = Control(self)
        self.gateway.limits.extend(api_limits() if limits else ())
        self.requests: list[RecordedRequest] = self.gateway.requests
        """What has been asked, in order; the latest 100,000 at most."""
        self.faults: Faults = self.gateway.faults
        """What is to go wrong: a list of `Fault`, to append to."""
        self.limits: Limits = self.gateway.limits
        """The rate limits in force: a list of `Limit`; the first that fits a call holds."""
        self._pauses = Pauses(self.gateway)
        self._applications: dict[str, dict[str, Any]] = {}

    @property
    def now(self) -> datetime:
        """The time in the sandbox, in UTC."""
        return datetime.fromtimestamp(self.world.now, UTC)

    @redact_tracebacks
    def client(self, token: str | None = None, **options: Any) -> LinodeClient:
        """A client of this sandbox, with its token unless another is given.

        *options* are those of `LinodeClient`; ``base_url="http://sandbox/alpha/v4"`` speaks the API of 2016.
        """
        options.setdefault("base_url", "http://sandbox/v4")
        return LinodeClient(token or self.token, transport=self.transport(), **options)

    @redact_tracebacks
    def async_client(self, token: str | None = None, **options: Any) -> aio.LinodeClient:
        """What `client` gives, awaited. Tasks that wait at the same time let the clock move once for all of them."""
        options.setdefault("base_url", "http://sandbox/v4")
        return aio.LinodeClient(token or self.token, transport=self.async_transport(), **options)

    def transport(self) -> InProcess:
        """What carries requests to this sandbox, for clients that are made elsewhere."""
        return InProcess(self.gateway)

    def async_transport(self) -> AsyncInProcess:
        """What `transport` gives, for awaited clients."""
        return AsyncInProcess(self.gateway, self._pauses)

    @contextmanager
    def serve(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
        """Serve this sandbox on a port until the end of the block, from a thread; gives the address.

        Port 0 takes a free one, and the address is ``http://HOST:PORT``: of the API with ``/v4`` behind it, of the
        login service as it is. Clients in process and on the port see one world. What waits on the port waits in real
        time, which moves the clock only of a sandbox with a ``speed``.

        Raises `SandboxError` when it cannot listen there, and ModuleNotFoundError without uvicorn.
        """
        opened = server.listen(host, port)
        with server.serving(self.gateway, opened):
            yield server.address(opened)

    def advance(self, seconds: float) -> None:
        """Let *seconds* of the sandbox's time go by: boots finish, tokens expire."""
        self.gateway.advance(seconds)

    def reset(self) -> None:
        """Begin anew: no rows, no faults, no requests, no limit used up.

        The token, the limits and the applications of `add_oauth_client` stay as they are.
        """
        with self.gateway.lock:
            self.world.close()
            if self._data is not None:
                Path(self._data).unlink()
            self.world = World(self._data, seed=self._seed, now=self._start)
            self.token = seed_world(self.world, self.token)
            self.gateway.open(self.world)
            for members in self._applications.values():
                self._register(members)
            self.faults.clear()
            self.requests.clear()
            self.limits.forget()

    def sold_out(self, region: str, type: str) -> None:
        """From now on Linodes of *type* (its id) cannot be had in *region*: the API refuses them, and lists it.

        Raises `SandboxError` when there is no such region or type.
        """
        self._set_available(region, type, available=False)

    def in_stock(self, region: str, type: str) -> None:
        """The opposite of `sold_out`."""
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
        """Register an application with the login service; returns its client id and secret.

        ``id`` and ``secret`` are made up unless they are given; an application that has the id already is replaced.
        ``public``: it keeps no secret, and logs in with PKCE alone.
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
            return self.world.add_oauth_client(**members)

    def add_user(self, username: str, email: str, *, restricted: bool = False) -> None:
        """Add a user to the account, who can then sign in. One who is restricted may do what `grant` says."""
        with self.gateway.lock, self.world.transaction():
            if self.world.find("User", username) is not None:
                raise SandboxError(f"there is a user {username!r} already")
            self.world.add_user(username, email, restricted=restricted)

    def add_account(self, company: str, *, child: bool = False) -> str:
        """Open another account in this sandbox; returns a token of its user, for `client`.

        The account shares the clock and the catalogue, and has Linodes, users and bills of its own. ``child``: a child
        account of the sandbox's own, which is its parent from now on.

        Raises `SandboxError` when there is an account of that company already.
        """
        with self.gateway.lock, self.world.transaction():
            return other_accounts.open_account(self.world, company, child=child)

    def grant(self, username: str, **grants: Any) -> None:
        """Let a restricted user do something: ``grant("ada", add_linodes=True, linode={123: "read_only"})``.

        General grants have the API's names; those to things are levels by id (``"read_only"``, ``"read_write"``, None)
        for each kind.

        Raises `SandboxError` when there is no such user, or no such grant.
        """
        with self.gateway.lock, self.world.transaction():
            user = self.world.find("User", username)
            if user is None:
                raise SandboxError(f"there is no user {username!r}")
            give(user, grants)

    def __repr__(self) -> str:
        return f"Sandbox({self.world.stamp()})"

    def close(self) -> None:
        """Let go of the data file."""
        self.world.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _moment(start: datetime) -> float:
    """*start* in seconds since 1970; a time without a zone is UTC, as everywhere in the API."""
    return (start if start.tzinfo is not None else start.replace(tzinfo=UTC)).timestamp()
