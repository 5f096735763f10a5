"""Public SSH keys in the format of OpenSSH: a type, the key's parts in base64, and an optional comment."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable

from linode.sandbox.engine.registry import Refused

__all__ = ["refuse_broken", "refuse_wrong"]

PARTS = {
    "ssh-rsa": 2,
    "ssh-dss": 4,
    "ssh-ed25519": 1,
    "ecdsa-sha2-nistp256": 2,
    "ecdsa-sha2-nistp384": 2,
    "ecdsa-sha2-nistp521": 2,
    "sk-ssh-ed25519@openssh.com": 2,
    "sk-ecdsa-sha2-nistp256@openssh.com": 3,
}
"""The number of parts after the type's name in a key of each type."""


def refuse_broken(keys: Iterable[str], field: str) -> None:
    """Raise the API's refusal of the member *field* if one of *keys* is not a public key."""
    for at, key in enumerate(keys, 1):
        refuse_wrong(key, field, f"SSH Key {at}")


def refuse_wrong(key: str, field: str, name: str = "SSH Key") -> None:
    """Raise the API's refusal of the member *field* if *key* is not a public key; the reason names it *name*."""
    kind, _, rest = key.strip().partition(" ")
    if kind not in PARTS:
        reason = f"{name} key-type must be ssh-dss, ssh-rsa, ecdsa-sha2-nistp, or ssh-ed25519."
        raise Refused(reason, field=field)
    if "\n" in rest or not _is_whole(kind, rest.partition(" ")[0]):
        raise Refused(f"{name} is not valid", field=field)


def _is_whole(kind: str, text: str) -> bool:
    """Whether *text* is base64 of the name of *kind* and as many parts as it has, each with its length before it."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    parts = []
    while data:
        length = int.from_bytes(data[:4], "big")
        if not 0 < length <= len(data) - 4:
            return False
        parts.append(data[4 : 4 + length])
        data = data[4 + length :]
    return len(parts) == PARTS[kind] + 1 and parts[0] == kind.encode()
