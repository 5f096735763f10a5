"""The text of a zone's file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linode.sandbox.engine.registry import Row

__all__ = ["lines"]

NAME_SERVERS = tuple(f"ns{number}.linode.com" for number in range(1, 6))
TTL, REFRESH, RETRY, EXPIRE, NEGATIVE_TTL = 864000, 14400, 14400, 1209600, 86400
"""Default seconds for members of a domain that are 0, and the TTL of negative responses."""
MAX_BYTES = 255
"""Maximum bytes of one string in a TXT record; a longer target is split."""


def lines(domain: Row, records: Iterable[Row]) -> Iterator[str]:
    """The lines of the file of *domain*, which has *records*."""
    yield f"; {domain['domain']} [{domain['id']}]"
    yield f"$TTL {domain['ttl_sec'] or TTL}"
    times = (domain["refresh_sec"] or REFRESH, domain["retry_sec"] or RETRY, domain["expire_sec"] or EXPIRE)
    numbers = " ".join(map(str, (_serial(domain), *times, NEGATIVE_TTL)))
    yield f"@  IN  SOA  {NAME_SERVERS[0]}. {_mailbox(domain['soa_email'])}. {numbers}"
    yield from (f"@    NS  {server}." for server in NAME_SERVERS)
    for record in records:
        ttl = record["ttl_sec"] or ""
        yield f"{record['name'] or '@'}  {ttl}  {record['type']}  {_data(record, domain)}"


def _serial(domain: Row) -> int:
    """The year that the domain was made in, and the count of its changes: it grows with each."""
    changes: int = domain.get("_changes", 0)
    return int(domain["created"][:4]) * 10**6 + changes + 1


def _mailbox(email: str) -> str:
    """An address as zones write it: a dot for the @, and dots before it escaped."""
    local, _, host = email.partition("@")
    return f"{local.replace('.', chr(92) + '.')}.{host}"


def _data(record: Row, domain: Row) -> str:
    """The data of *record* in the format of zone files."""
    target, kind = record["target"], record["type"]
    if kind == "TXT":
        return _quoted(target)
    if kind == "CAA":
        return f"0 {record['tag']} {_quoted(target)}"
    if kind in ("A", "AAAA"):
        return str(target)
    numbers = {"MX": ("priority",), "SRV": ("priority", "weight", "port")}.get(kind, ())
    return " ".join([*(str(record[name]) for name in numbers), _host(target, domain)])


def _host(name: str, domain: Row) -> str:
    """The whole of a host's *name*; one without a dot is below the domain, and no name is the root (a null MX)."""
    return f"{name}." if "." in name or not name else f"{name}.{domain['domain']}."


def _quoted(text: str) -> str:
    """*text* in quotes, as strings of at most 255 bytes."""
    data = text.encode()
    parts = [data[at : at + MAX_BYTES] for at in range(0, len(data), MAX_BYTES)]
    return " ".join(f'"{"".join(map(_escaped, part))}"' for part in parts)


def _escaped(byte: int) -> str:
    if chr(byte) in '"\\':
        return f"\\{chr(byte)}"
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03}"
