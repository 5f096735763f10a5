"""The scopes that an operation needs, and those of a token."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["NO_SCOPE", "covers", "required_scopes"]

NO_SCOPE = "Your OAuth token is not authorized to use this endpoint."


def required_scopes(method: str, about: Any) -> tuple[str, ...]:
    """The scopes that *method* needs by the rule, all of them; *about* is the class, None for a public operation."""
    if about is None or about._scope is None:
        return ()
    return (f"{about._scope}:{'read_only' if method == 'GET' else 'read_write'}",)


def covers(granted: str, needed: Iterable[str]) -> bool:
    """Whether the scopes *granted* of a token include all of *needed*."""
    held = set(granted.replace(",", " ").split())
    if "*" in held:
        return True
    return all(
        each in held or each.replace(":read_only", ":read_write") in held or each.partition(":")[0] + ":*" in held
        for each in needed
    )
