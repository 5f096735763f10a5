"""Two ways to keep a secret for a while: sealed for one browser, or locked with the application's key."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from typing import Any

from nacl.encoding import URLSafeBase64Encoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from pydantic import SecretStr


def box_of(session: MutableMapping[str, Any]) -> bytes:
    """The public key of this browser's box. The private one is in its session cookie and nowhere else."""
    if "box" not in session:
        session["box"] = PrivateKey.generate().encode(URLSafeBase64Encoder).decode()
    return bytes(_private(session).public_key)


def seal(box: bytes, secret: str) -> bytes:
    """*secret*, to be opened by the browser of *box* alone: not by who takes the database, not by this application."""
    return bytes(SealedBox(PublicKey(box)).encrypt(secret.encode()))


def unseal(session: MutableMapping[str, Any], sealed: bytes) -> str | None:
    """The secret, or None when it was sealed for another browser."""
    if "box" not in session:
        return None
    try:
        return SealedBox(_private(session)).decrypt(sealed).decode()
    except CryptoError:
        return None


def _private(session: MutableMapping[str, Any]) -> PrivateKey:
    return PrivateKey(session["box"].encode(), URLSafeBase64Encoder)


class Vault:
    """Locks what jobs need for a while, so that the database alone gives nothing away."""

    def __init__(self, key: SecretStr) -> None:
        derived = hashlib.blake2b(key.get_secret_value().encode(), digest_size=SecretBox.KEY_SIZE, person=b"vault")
        self._box = SecretBox(derived.digest())

    def lock(self, secret: str) -> bytes:
        """*secret*, encrypted and sealed against changes."""
        return bytes(self._box.encrypt(secret.encode()))

    def unlock(self, locked: bytes) -> str:
        """The secret; raises `CryptoError` when it was locked with another key."""
        return self._box.decrypt(locked).decode()
