"""What the tests of the sandbox's core ask it, below any client."""

from __future__ import annotations

import json
from typing import Any

from linode._http.transport import Request
from linode.sandbox import Sandbox

__all__ = ["add", "ask", "refusal"]


def ask(sandbox: Sandbox, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, Any]:
    """Status, JSON and headers of the answer to a request with the sandbox's token, unless a header says otherwise."""
    sent = {
        "Authorization": f"Bearer {sandbox.token}",
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    answer = sandbox.gateway.handle(Request(method, f"http://sandbox{path}", sent, content))
    return answer.status, json.loads(answer.content) if answer.content else None, answer.headers


def add(sandbox: Sandbox, kind: Any, *parents: Any, **members: Any) -> Any:
    with sandbox.world.transaction():
        return sandbox.world.add(kind, *parents, **members)


def refusal(status: int, *reasons: tuple[str, str | None]) -> tuple[int, Any]:
    return status, {"errors": [{"reason": why, **({"field": name} if name else {})} for why, name in reasons]}
