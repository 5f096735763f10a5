"""Linodes for the tests of what they have, what refusals say, and whether every operation is answered."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from facts import operations

from linode import Linode, LinodeClient
from linode._http.transport import Request
from linode.errors import ApiError
from linode.sandbox import Sandbox

PASSWORD = "Correct-horse-7-battery"


def machine(sandbox: Sandbox, client: LinodeClient, *, image: str | None = "linode/debian12", **options: Any) -> Linode:
    """A Linode of 50 GB that has been made and is off, unless it is told to boot."""
    if image is not None:
        options = {"booted": False, "image": image, "root_pass": PASSWORD, **options}
    linode = client.create_linode("g6-standard-1", "us-east", **options)
    sandbox.advance(90)
    linode.load()
    return linode


def said(verb: Any, *args: Any, **options: Any) -> list[tuple[str, str | None]]:
    """What the refusal of the call says: reasons and the fields they are about."""
    with pytest.raises(ApiError) as caught:
        verb(*args, **options)
    return [tuple(each) for each in caught.value.reasons]


def actions(client: LinodeClient) -> list[str]:
    """What the events tell of, in the order in which they came about."""
    return [event.action for event in sorted(client.get_events(), key=lambda event: event.id)]


def raw(sandbox: Sandbox, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Status and JSON of the answer to a request that the client would not make."""
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    content = None if body is None else json.dumps(body).encode()
    answer = sandbox.gateway.handle(Request(method, f"http://sandbox/v4{path}", headers, content))
    return answer.status, json.loads(answer.content)


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
