"""Headers that users add to requests: which are possible, and how they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from linode._secrets import is_name_of_secret

__all__ = ["checked_headers", "is_secret", "shown_headers"]

OWN = frozenset(
    {
        *("authorization", "host", "content-type", "content-length", "transfer-encoding", "accept", "accept-encoding"),
        *("connection", "x-filter", "user-agent"),
    }
)
"""Headers that the library sets."""
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_SECRET = ("auth", "cookie", "key", "signature")
"""Words in the names of headers that are secret, besides those of members."""


def checked_headers(headers: Any, source: str) -> dict[str, str]:
    """*headers*, if they can be added to a request. Raises TypeError and ValueError, which do not show the values.

    *source* begins the messages.
    """
    if not isinstance(headers, Mapping):
        raise TypeError(f"{source} must be a mapping of names to values, not {type(headers).__name__}")
    for name, value in headers.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError(f"{source}: the name and the value of a header must be of type str")
        if not _NAME.fullmatch(name):
            raise ValueError(f"{source}: {name!r} is not the name of a header")
        if name.lower() in OWN:
            raise ValueError(f"{source}: the library itself sets the header {name}; leave it out")
        if not value.isascii() or not value.isprintable():
            raise ValueError(f"{source}: the value of {name} must be printable ASCII")
    return dict(headers)


def is_secret(name: str) -> bool:
    """Whether the name of a header is that of a secret."""
    lower = name.lower()
    return is_name_of_secret(lower.replace("-", "_")) or any(word in lower for word in _SECRET)


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """A copy of *headers* for people to read, with ``***`` for secrets."""
    return {name: "***" if is_secret(name) else value for name, value in headers.items()}
