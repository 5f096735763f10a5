"""Which scopes an operation needs, and whether a token has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["NO_SCOPE", "accepted", "covers"]

NO_SCOPE = "Your OAuth token is not authorized to use this endpoint."


def accepted(method: str, about: Any) -> tuple[str, ...]:
    """The scopes that *method* needs, all of them, by the rule; *about* is the class (None: about what is open)."""
    if about is None or about._scope is None:
        return ()
    return (f"{about._scope}:{'read_only' if method == 'GET' else 'read_write'}",)


def covers(granted: str, needed: Iterable[str]) -> bool:
    """Whether a token whose scopes are *granted* may do what needs *needed*."""
    held = set(granted.replace(",", " ").split())
    if "*" in held:
        return True
    return all(
        each in held or each.replace(":read_only", ":read_write") in held or each.partition(":")[0] + ":*" in held
        for each in needed
    )
