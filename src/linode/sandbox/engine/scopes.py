"""Which scopes an operation needs, and whether a token has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["accepted", "covers"]

ANY: tuple[str, ...] = ()
# What does not follow from the class and the method.
EXCEPTIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("GET", "/profile"): ANY,
    ("GET", "/profile/grants"): ANY,
    ("GET", "/images/sharegroups/{id}/members"): ("images:read_write",),
    ("GET", "/linode/instances/{id}/interfaces"): ("linodes:read_write",),
    ("GET", "/linode/instances/{linode}/interfaces/{id}"): ("linodes:read_write",),
    ("GET", "/linode/stackscripts"): ("stackscripts:read_only",),
    ("GET", "/linode/stackscripts/{id}"): ("stackscripts:read_only",),
    ("POST", "/images"): ("images:read_write", "linodes:read_only"),
    ("POST", "/volumes/{id}/attach"): ("volumes:read_write", "linodes:read_write"),
    ("POST", "/volumes/{id}/detach"): ("volumes:read_write", "linodes:read_write"),
    ("POST", "/account/events/{id}/seen"): ("events:read_only",),
    ("POST", "/account/events/{id}/read"): ("events:read_only",),
}


def accepted(method: str, path: str, about: Any) -> tuple[str, ...]:
    """The scopes that *method* on *path*, which is *about* a class (None: about what is open), needs: all of them."""
    if (method, path) in EXCEPTIONS:
        return EXCEPTIONS[method, path]
    if about is None or about._scope is None:
        return ANY
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
