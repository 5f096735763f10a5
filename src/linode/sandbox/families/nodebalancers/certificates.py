"""Certificates in PEM format: the fingerprint and the name that a configuration of HTTPS shows."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime

__all__ = ["fingerprint", "is_private_key", "subject_name", "validity"]

CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
PRIVATE_KEY = re.compile(r"\s*-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[^-]+-----END (?:[A-Z]+ )?PRIVATE KEY-----\s*")
COMMON_NAME = bytes.fromhex("0603550403")
"""The object identifier 2.5.4.3, as DER has it."""
SEQUENCE, VERSION, UTC_TIME = 0x30, 0xA0, 0x17
VALIDITY, SUBJECT = 3, 4
"""Places of members of a certificate."""


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


def validity(pem: str) -> tuple[str, str] | None:
    """The beginning and the end of the validity of the first certificate in *pem*; None when it is no certificate."""
    der = _der(pem)
    if der is None:
        return None
    try:
        begins, ends = _parts(_members(der)[VALIDITY][1])
        return _moment(*begins), _moment(*ends)
    except (ValueError, IndexError, StopIteration):  # no certificate, or one that is cut off
        return None


def _moment(tag: int, content: bytes) -> str:
    """A time in a certificate, whose year has two digits or four, as the API writes it."""
    form = "%y%m%d%H%M%SZ" if tag == UTC_TIME else "%Y%m%d%H%M%SZ"
    return datetime.strptime(content.decode(), form).replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%S")


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
    """The name of the subject in a certificate."""
    return _members(der)[SUBJECT][1]


def _members(der: bytes) -> list[tuple[int, bytes]]:
    """Of a certificate the serial number, the algorithm, the issuer, the validity, the subject, and what follows."""
    parts = list(_parts(next(_parts(next(_parts(der))[1]))[1]))
    return parts[1:] if parts[0][0] == VERSION else parts


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
