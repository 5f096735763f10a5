"""Credentials and certificate of a database: verbs of every engine."""

from __future__ import annotations

import base64

from linode.api.databases.databases import DatabaseInstance

from ...engine.registry import Row, World, on
from .rows import check_active, password

__all__: list[str] = []

USERNAME = "akmadmin"
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBpzCCAU2gAwIBAgIUBV3PBkY2J6Lsv2KsIqq4VDHEZs0wCgYIKoZIzj0EAwIw
KDEmMCQGA1UEAwwdU2FuZGJveCBvZiBsaW5vZGU6IFByb2plY3QgQ0EwIBcNMjYx
MTI5MTIwODM3WhgPMjEyNjExMDUxMjA4MzdaMCgxJjAkBgNVBAMMHVNhbmRib3gg
b2YgbGlub2RlOiBQcm9qZWN0IENBMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
fPm2INdE0tOIasOUOJnFIjCxNMlCx4k7rubHTDm6sLf2NUmQdEWPky/1GVyjofkm
dcpbKMfetLjLk2i1fUQsy6NTMFEwHQYDVR0OBBYEFAD5/+WGKzrPIwIXdW1ERSiA
FEMZMB8GA1UdIwQYMBaAFAD5/+WGKzrPIwIXdW1ERSiAFEMZMA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgfHw2xe9pDDL0vDelJ5kfN8eP05uItqko
inodClCKRLYCIQC/QFGV8UEZTs6KZJMqxs8i+xDiVfawNjaEXom9TQuSRA==
-----END CERTIFICATE-----
"""
"""The certificate of an authority whose key nobody has: programs can load it, and it has signed nothing."""


@on(DatabaseInstance.get_credentials)
def credentials(_world: World, row: Row) -> Row:
    """The name and the password of the administrator."""
    check_active(row)
    return {"username": USERNAME, "password": row["_password"]}


@on(DatabaseInstance.reset_credentials)
def reset_credentials(world: World, row: Row) -> None:
    """Give the administrator another password."""
    check_active(row)
    row["_password"] = password(world)
    world.events.notify("database_credentials_reset", row)


@on(DatabaseInstance.get_ssl)
def ssl(_world: World, row: Row) -> Row:
    """The certificate of the authority that has signed those of the hosts."""
    check_active(row)
    return {"ca_certificate": base64.b64encode(CERTIFICATE.encode()).decode()}
