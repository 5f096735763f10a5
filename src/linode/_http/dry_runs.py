"""Dry runs: reads are sent, writes are recorded instead of being sent.

A write has no response, and none is invented. A creation returns an object with the members that would be sent and an
ID of the dry run; its other fields are unknown. Other writes return what they return without a response (the object
itself, a job, None), or raise `DryRunError` when their result is in the response. A pre-signed URL that is needed for
an upload is a placeholder.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from email.utils import formatdate
from typing import Any

from linode._model import Call, NotSent, Resource
from linode._model.calls import read_of
from linode._secrets import is_name_of_secret
from linode.errors import DryRunError

from .hooks import RequestInfo

__all__ = ["DryRun", "dry_run"]

PREFIX = "dry-run-"
"""The beginning of the IDs of objects that a dry run would create."""
ACTIVE: ContextVar[DryRun | None] = ContextVar("linode_dry_run", default=None)
"""The dry run of this thread or task."""


class DryRun:
    """The calls that were not sent, and the IDs of the objects that they would create."""

    def __init__(self) -> None:
        self.calls: list[RequestInfo] = []
        self.ids: set[str] = set()
        self.paths: set[str] = set()
        """The paths of objects that are created with their names; a name may be a word of other paths too."""

    def holds(self, call: Call[Any]) -> bool:
        """Whether *call* is not to be sent: a write, or a read of an object that does not exist."""
        return not call.reads or self._unknown(call) is not None

    def _unknown(self, call: Call[Any]) -> str | None:
        """The ID in the path of *call* that an object of this dry run has, or the path of such an object."""
        ids = (each for each in call.path.split("/") if each in self.ids)
        return next(ids, None) or next((each for each in self.paths if f"{call.path}/".startswith(f"{each}/")), None)

    def planned(self, call: Call[Any], wire: Any) -> Any:
        """Record *call*; returns its result without a response.

        Raises `DryRunError` for a read of an object that does not exist, for a result that only a response has, and
        for a call of another thread or task than that of the dry run: it is neither sent nor recorded.
        """
        if ACTIVE.get() is not self:
            raise DryRunError(
                f"{call.method} {call.shown} was not sent: another thread or task has a dry run of this client; "
                "use a client of its own for the dry run"
            )
        if call.reads:
            raise DryRunError(
                f"{call.method} {call.shown} was not sent: {self._unknown(call)} is an object of the dry run, "
                "which does not exist"
            )
        self.calls.append(RequestInfo(call, wire.request(call), 1))
        return self._created(call) if _is_resource(call.creates) else _without_response(call)

    def _created(self, call: Call[Any]) -> Any:
        """The object that *call* would create: with the members of its body, and all others unknown."""
        cls: Any = call.creates
        sent = call.json if isinstance(call.json, dict) else {}
        parents = [getattr(cls, name).key for name in cls._parent_names]
        keys = {*(each.key for each in cls._fields.values()), *parents, *(f"{each}_id" for each in parents)}
        members = {key: value for key, value in sent.items() if key in keys and not is_name_of_secret(key)}
        # The "id" in a body is that of another object, such as the Linode of a device; a user is created with its name.
        name = members.get(cls.id_key) if cls.id_key != "id" else None
        identity = name or f"{PREFIX}{len(self.ids) + 1}"
        made = call.read(NotSent({**members, cls.id_key: identity}))
        if isinstance(made, Resource):
            made._complete = False
        if name is None:
            self.ids.add(identity)
        else:
            self.paths.add(made.url)
        return made


def _is_resource(cls: Any) -> bool:
    return isinstance(cls, type) and issubclass(cls, Resource) and cls.id_key is not None


def _without_response(call: Call[Any]) -> Any:
    """The result of *call* if it is known without a response. Raises `DryRunError`."""
    unknown = DryRunError(f"{call.method} {call.shown} was not sent: its result is unknown in a dry run")
    try:
        result = call.read(*read_of(call, NotSent(), formatdate(time.time(), usegmt=True)))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise unknown from error
    if not (result is None or isinstance(result, Resource) or call.dated):
        raise unknown
    return result


@contextmanager
def dry_run(traffic: Any) -> Iterator[list[RequestInfo]]:
    """The calls that are not sent in a ``with`` block, whose requests share *traffic*. Raises RuntimeError for two."""
    if traffic.dry_run is not None:
        raise RuntimeError("this client is in a dry run already; leave its with block before another one")
    traffic.dry_run = own = DryRun()
    token = ACTIVE.set(own)
    try:
        yield own.calls
    finally:
        ACTIVE.reset(token)
        traffic.dry_run = None
