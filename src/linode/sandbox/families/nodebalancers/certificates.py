"""Certificates in PEM format: the fingerprint and the name that a configuration of HTTPS shows."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator

__all__ = ["fingerprint", "is_private_key", "subject_name"]

CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
PRIVATE_KEY = re.compile(r"\s*-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[^-]+-----END (?:[A-Z]+ )?PRIVATE KEY-----\s*")
COMMON_NAME = bytes.fromhex("0603550403")
"""The object identifier 2.5.4.3, as DER has it."""
SEQUENCE, VERSION = 0x30, 0xA0


def is_private_key(pem: str) -> bool:
    """Whether *pem* is a private key. That it is the key of a certificate is not checked."""
    return PRIVATE_KEY.fullmatch(pem) is not None


def fingerprint(pem: str) -> str:
    """The SHA-1 fingerprint of the first certificate in *pem*, as ``00:01:02…``; empty when there is none."""
    der = _der(pem)
    return "" if der is None else hashlib.sha1(der, usedforsecurity=False).digest().hex(":").upper()


def subject_name(pem: str) -> str:
    """The common name of the subject of the first certificate in *pem*; empty when it has none."""
    der = _der(pem)
    if der is None:
        return ""
    try:
        subject = _subject(der)
        at = subject.find(COMMON_NAME)
        return "" if at < 0 else next(_parts(subject[at + len(COMMON_NAME) :]))[1].decode()
    except (ValueError, IndexError, StopIteration):  # no certificate, or one that is cut off
        return ""


def _der(pem: str) -> bytes | None:
    found = CERTIFICATE.search(pem)
    if found is None:
        return None
    try:
        der = base64.b64decode("".join(found[1].split()), validate=True)
    except binascii.Error:
        return None
    return der if der[:1] == bytes([SEQUENCE]) else None


def _subject(der: bytes) -> bytes:
    """The name of the subject in a certificate: version (if any), serial, algorithm, issuer, validity, subject."""
    certificate = next(_parts(der))[1]
    parts = list(_parts(next(_parts(certificate))[1]))
    return parts[5 if parts[0][0] == VERSION else 4][1]


def _parts(der: bytes) -> Iterator[tuple[int, bytes]]:
    """The tags and contents of the values that stand in *der* one after the other."""
    at = 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length & 0x80:
            digits = length & 0x7F
            length, at = int.from_bytes(der[at : at + digits]), at + digits
        yield tag, der[at : at + length]
        at += length
