"""Rows and requests of one's own, for the tests of Linodes."""

from __future__ import annotations

from typing import Any

from machines import PASSWORD, raw

from linode.sandbox import Sandbox

__all__ = ["DEBIAN", "NANODE", "PASSWORD", "REGION", "change", "jobs", "make", "refused"]

NANODE, REGION, DEBIAN = "g6-nanode-1", "us-east", "linode/debian12"


def refused(sandbox: Sandbox, method: str, path: str, body: Any = None) -> list[tuple[str, str | None]]:
    """The reasons, with the fields they are about, for which the request is refused."""
    status, answer = raw(sandbox, method, path, body)
    assert status == 400, answer
    return [(each["reason"], each.get("field")) for each in answer["errors"]]


def make(sandbox: Sandbox, kind: Any, *parents: Any, **members: Any) -> Any:
    """A row put into the world from behind."""
    with sandbox.world.transaction():
        return sandbox.world.add(kind, *parents, **members)


def change(sandbox: Sandbox, kind: Any, id: Any, **members: Any) -> None:
    """Change a row from behind."""
    with sandbox.world.transaction():
        sandbox.world.get(kind, id).update(members)


def jobs(client: Any, *, of: Any) -> list[tuple[str, str]]:
    """Action and status of the events about *of*, oldest first."""
    events = [each for each in client.get_events() if each.entity and each.entity.id == of.id]
    return [(each.action, each.status) for each in sorted(events, key=lambda each: each.id)]
