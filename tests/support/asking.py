"""Requests of tests to a sandbox without a client, objects for it, and its refusals and events."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from facts import operations

from linode import Linode, LinodeClient
from linode._http.transport import Request, Response
from linode.errors import ApiError
from linode.sandbox import Sandbox

__all__ = [
    "DEBIAN",
    "NANODE",
    "PASSWORD",
    "REGION",
    "actions",
    "add",
    "ask",
    "change",
    "jobs",
    "machine",
    "raw",
    "refusal",
    "refused",
    "said",
    "send",
    "unanswered",
]

NANODE, REGION, DEBIAN = "g6-nanode-1", "us-east", "linode/debian12"
PASSWORD = "Correct-horse-7-battery"


# -- requests that a client would not make -------------------------------------------------------------------------


def send(
    sandbox: Sandbox, method: str, path: str, body: Any = None, *, token: str | None = "", **headers: str
) -> Response:
    """The answer to a request with the sandbox's token, or another *token*, or none; *path* begins with a version."""
    sent = {} if token is None else {"Authorization": f"Bearer {token or sandbox.token}"}
    sent |= {name.replace("_", "-"): text for name, text in headers.items()}
    content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    return sandbox.gateway.handle(Request(method, f"http://sandbox{path}", sent, content))


def ask(sandbox: Sandbox, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Any, Any]:
    """Status, JSON (None where there is none) and headers of what `send` gives."""
    answer = send(sandbox, method, path, body, **options)
    return answer.status, json.loads(answer.content) if answer.content else None, answer.headers


def raw(sandbox: Sandbox, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
    """Status and JSON of the answer to a request below ``/v4``."""
    status, answer, _ = ask(sandbox, method, f"/v4{path}", body, **options)
    return status, answer


def unanswered(sandbox: Sandbox, ids: dict[str, Any], *below: str) -> list[str]:
    """The API's operations at or below the paths *below* that the sandbox does not know, with *ids* for parameters."""
    found = []
    for operation in sorted(operations().values(), key=_what_ends_things_last):
        if operation["path"].startswith(below):
            path = re.sub(r"\{(\w+)\}", lambda name: str(ids[name[1]]), operation["path"])
            status, _ = raw(sandbox, operation["method"], path, {} if operation["method"] in ("POST", "PUT") else None)
            if status in (404, 405, 500, 501):
                found.append(f"{status} {operation['method']} {operation['path']}")
    return found


def _what_ends_things_last(operation: dict[str, Any]) -> tuple[bool, int]:
    ends = operation["method"] == "DELETE" or operation["path"].endswith("/cancel")
    return ends, -operation["path"].count("/")


# -- refusals ------------------------------------------------------------------------------------------------------


def refused(sandbox: Sandbox, method: str, path: str, body: Any = None) -> list[tuple[str, str | None]]:
    """The reasons, with the fields they are about, for which the request below ``/v4`` is refused."""
    status, answer = raw(sandbox, method, path, body)
    assert status == 400, answer
    return [(each["reason"], each.get("field")) for each in answer["errors"]]


def refusal(status: int, *reasons: tuple[str, str | None]) -> tuple[int, Any]:
    """Status and JSON of a refusal."""
    return status, {"errors": [{"reason": why, **({"field": name} if name else {})} for why, name in reasons]}


def said(verb: Any, *args: Any, **options: Any) -> list[tuple[str, str | None]]:
    """The refusal of the call: reasons and their fields."""
    with pytest.raises(ApiError) as caught:
        verb(*args, **options)
    return [tuple(each) for each in caught.value.reasons]


# -- what is there -------------------------------------------------------------------------------------------------


def machine(
    sandbox: Sandbox, client: LinodeClient, *, image: str | None = DEBIAN, region: str = REGION, **options: Any
) -> Linode:
    """A new Linode of 50 GB, which is off unless the options boot it."""
    if image is not None:
        options = {"booted": False, "image": image, "root_pass": PASSWORD, **options}
    linode = client.create_linode("g6-standard-1", region, **options)
    sandbox.advance(90)
    linode.load()
    return linode


def add(sandbox: Sandbox, kind: Any, *parents: Any, **members: Any) -> Any:
    """A row that is there without anybody having asked for it."""
    with sandbox.world.transaction():
        return sandbox.world.add(kind, *parents, **members)


def change(sandbox: Sandbox, kind: Any, id: Any, **members: Any) -> None:
    """Change a row without a request."""
    with sandbox.world.transaction():
        sandbox.world.get(kind, id).update(members)


# -- events --------------------------------------------------------------------------------------------------------


def actions(client: LinodeClient) -> list[str]:
    """The actions of the events, oldest first."""
    return [event.action for event in sorted(client.get_events(), key=lambda event: event.id)]


def jobs(client: LinodeClient, *, of: Any) -> list[tuple[str, str]]:
    """Action and status of the events about *of*, oldest first."""
    events = [each for each in client.get_events() if each.entity and each.entity.id == of.id]
    return [(each.action, each.status) for each in sorted(events, key=lambda each: each.id)]
