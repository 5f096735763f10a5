"""Calls functions of the user when Linodes have booted or stopped, outside of the sandbox's lock."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from linode.api.linodes.linode import Linode

from .families.linodes.power_reports import TABLE

if TYPE_CHECKING:
    from .core.schema import Row
    from .core.world import World
    from .sandbox import Sandbox

__all__ = ["OnBoot", "OnShutdown", "PowerCallbacks"]

OnBoot: TypeAlias = Callable[[Linode, bytes | None], Any]
OnShutdown: TypeAlias = Callable[[Linode], Any]


class PowerCallbacks:
    """The functions to call, and their calls.

    What has happened stands in the world's rows, so a refused request reports nothing. One thread at a time reports, in
    order; what happens meanwhile, also by requests of the functions themselves, is reported by that thread.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._reporting = False
        self.on_boot: list[OnBoot] = []
        self.on_shutdown: list[OnShutdown] = []

    def watch(self) -> None:
        """Let the sandbox's world note from now on what is to be reported, if there is a function to call."""
        self._sandbox.world.reports_power = bool(self.on_boot or self.on_shutdown)

    def report(self) -> None:
        """Call the functions for what has happened. Raises what a function raises; the rest is reported next time."""
        with self._sandbox.gateway.lock:
            if self._reporting or not self._sandbox.world.reports_power:
                return
            self._reporting = True
        try:
            while (row := self._next()) is not None:
                self._call(row)
        except BaseException:
            self._reporting = False
            raise

    def _next(self) -> Row | None:
        """Take the oldest report; when there is none, this thread reports no longer."""
        world = self._sandbox.world
        with self._sandbox.gateway.lock:
            oldest = min(world.read(TABLE), key=lambda each: each["id"], default=None)
            if oldest is None:
                self._reporting = False
                return None
            with world.transaction():
                world.remove(oldest)
            return dict(oldest)

    def _call(self, row: Row) -> None:
        linode = Linode(self._sandbox.client(self._token(row["account"])), row["shown"]["id"])
        linode._merge(row["shown"], complete=True)
        if row["booted"]:
            data = None if (text := row.get("user_data")) is None else base64.b64decode(text)
            for boot in tuple(self.on_boot):
                boot(linode, data)
        else:
            for shutdown in tuple(self.on_shutdown):
                shutdown(linode)

    def _token(self, account: str) -> str:
        """A token with all scopes for *account*: the sandbox's own, or one that no list of tokens shows."""
        if not account:
            return self._sandbox.token
        with self._sandbox.gateway.lock:
            return _hidden_token(self._sandbox.world.in_account(account))


def _hidden_token(world: World) -> str:
    known = world.read("Token", _type="machines")
    if known:
        return str(next(iter(known))["_secret"])
    owner = next(each for each in world.read("User") if not each["restricted"])
    with world.transaction():
        return str(world.identity.issue_token(owner["username"], label="machines", kind="machines")["_secret"])
