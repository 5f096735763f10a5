"""Records that are set by their type and name: created, changed or left as they are, without doubles.

The API gives a record no unique name, so an answer that is lost is settled by reading the records: an equal record is
as good as one's own. A record is read back after it was created. Of several that should be one, the lowest ID stays,
whoever sees them, so that programs that set a record at the same time agree.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from linode._model import ResourceList, Steps
from linode._model.convert import to_api
from linode.errors import InvalidRequestError, NotFoundError, OutcomeUnknownError, UnexpectedResponseError

if TYPE_CHECKING:
    from .domains import Domain, DomainRecord

ALLOWED_SECONDS = (30, 120, 300, 3600, 7200, 14400, 28800, 57600, 86400, 172800, 345600, 604800, 1209600, 2419200)
"""Times of records and domains that the API has, in seconds; it rounds others up."""
HOST_TARGET_TYPES = frozenset({"CNAME", "MX", "NS", "PTR", "SRV"})
"""Types whose target is the name of a host: without the final dot, in any case of letters."""
RECORD_TYPES = frozenset({"A", "AAAA", "NS", "MX", "CNAME", "TXT", "SRV", "PTR", "CAA"})
"""Types of records: in capitals, none of them is taken for a name."""
MAX_READS = 5
"""Maximum number of times that the records are read: others change them meanwhile, or answers are lost."""


def round_seconds(seconds: int) -> int:
    """The time that the API has for *seconds*: the next longer one; 0 stands for its default."""
    return next((each for each in (0, *ALLOWED_SECONDS) if each >= seconds), ALLOWED_SECONDS[-1])


def relative_name(name: str, domain: str) -> str:
    """The *name* of a record relative to *domain*, as the API stores it: full names are cut, also with a final dot."""
    host = name.removesuffix(".")
    if host.lower() == domain.lower():
        return ""
    return host[: -len(domain) - 1] if host.lower().endswith(f".{domain.lower()}") else name


GENERIC_TLDS = frozenset({"com", "net", "org", "info", "biz", "edu", "gov", "mil", "int", "arpa"})
"""Top-level domains that no host inside a domain is named after."""


def checked_relative_name(name: str, domain: str) -> str:
    """`relative_name`, if the *name* is not a full name outside *domain*. Raises ValueError.

    A name that ends with a dot is a full one, and one that ends like another domain (``www.example.org`` in
    ``example.com``) is taken for one: as a relative name it would become ``www.example.org.example.com``.
    """
    relative = relative_name(name, domain)
    above, _, last = relative.lower().rpartition(".")
    if relative.endswith(".") or (above and last in GENERIC_TLDS | {domain.lower().rpartition(".")[2]}):
        raise not_in_domain(name, domain)
    return relative


def not_in_domain(name: str, domain: str, owner: str = "") -> ValueError:
    """The error for the full *name*, which is not in *domain*, but in the domain *owner* of the account (if given)."""
    host = name.removesuffix(".")
    cure = f"use the domain {owner}" if owner else f"client.find_domain({host!r}) finds the domain of a name"
    return ValueError(f"{name!r} is not in {domain}: {cure}; if {host}.{domain} is meant, give that name")


def typed_record(verb: str, record_type: Any, name: Any, target: Any) -> tuple[Any, Any, Any]:
    """The type, name and target of a record; without a type, that of an address. Raises TypeError and ValueError.

    The name and the target may have been given as the first two arguments.
    """
    if target is None and record_type is not None:
        if name is None or record_type in RECORD_TYPES:
            raise TypeError(f"{verb}() needs a name and a target: {verb}('www', '192.0.2.1'); '' is the domain itself")
        record_type, name, target = None, record_type, name
    if name is None or target is None:
        raise TypeError(f"{verb}() needs a name and a target: {verb}('www', '192.0.2.1')")
    if record_type is None:
        text = to_api(target)
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            raise ValueError(
                f"{text!r} is not an IP address: give the type of the record, as in {verb}('CNAME', {name!r}, {text!r})"
            ) from None
        record_type = "AAAA" if address.version == 6 else "A"
    return record_type, name, target


def parent_domains(name: str) -> list[str]:
    """The names of all domains that a host of the full *name* may be in, the longest first. Raises ValueError."""
    host = name.lower().removesuffix(".")
    if not host.isascii():
        raise ValueError(f"{name!r} is not in ASCII; give the form that DNS has, which begins with xn--")
    labels = host.split(".")
    if not all(labels) or len(host) > 253:
        raise ValueError(f"{name!r} is not the name of a host, such as 'www.example.com'")
    return [".".join(labels[number:]) for number in range(len(labels))]


def set_record(domain: Domain, wanted: dict[str, Any], *, alone: bool) -> Steps[DomainRecord]:
    """Let *domain* have one record like *wanted*; returns it.

    *alone*: no other record has its type and name. Otherwise records with another target stay.
    """
    if "domain" not in domain.raw:
        yield from domain._loading()
    name = wanted.get("name", "")
    wanted["name"] = checked_relative_name(name, domain.domain)
    trouble: Exception | None = None
    for _ in range(MAX_READS):
        found: list[DomainRecord] = yield from matching_records(domain, wanted, with_target=not alone)
        if found:
            trouble = None
            try:
                yield from _update_record(found[0], wanted)
            except NotFoundError as error:  # somebody has deleted it
                trouble = error
                continue
            for double in found[1:]:
                yield from _delete_record(double)
            return found[0]
        if isinstance(trouble, InvalidRequestError):  # and not because somebody else has created the record
            raise trouble
        yield from _refuse_elsewhere(domain, name, wanted["name"])
        try:
            created = yield from _create_record(domain, wanted)
        except (OutcomeUnknownError, InvalidRequestError) as error:
            trouble = error
        else:
            if domain._client._in_dry_run:  # there is nothing to read back
                return created
    raise trouble or UnexpectedResponseError(
        f"{domain!r} has no record {wanted['type']} {wanted['name']!r} after {MAX_READS} attempts to create it; "
        "does another program delete it?"
    )


def _refuse_elsewhere(domain: Domain, name: str, relative: str) -> Steps[None]:
    """Raise ValueError if *name* is the full name of a host in another domain of the account."""
    is_full = name != relative  # and in this domain
    if is_full or "." not in name or not name.isascii() or not all(name.split(".")):
        return
    above = [each for each in parent_domains(name) if "." in each]
    elsewhere = domain._client.get_domains(type(domain).domain.in_(above))
    others: Any = yield from ResourceList.all(elsewhere)
    if others:
        raise not_in_domain(name, domain.domain, max((each.domain for each in others), key=len))


def matching_records(domain: Domain, wanted: Mapping[str, Any], *, with_target: bool) -> Steps[list[DomainRecord]]:
    """The records of *domain* that are the record *wanted*, by type and name (and target), those of low IDs first."""
    records: Any = yield from ResourceList.all(domain.records())
    key = _key(wanted, with_target=with_target)
    found = [each for each in records if _key(each.raw, with_target=with_target) == key]
    return sorted(found, key=lambda each: each.id)


def _key(members: Mapping[str, Any], *, with_target: bool) -> tuple[Any, ...]:
    """The members that tell records apart: the name of an SRV record is made of its service and protocol."""
    kind = members["type"]
    if kind == "SRV":
        named = tuple(str(members.get(name) or "").lstrip("_").lower() for name in ("service", "protocol"))
    else:
        named = (members.get("name") or "").lower(), (members.get("tag") or "") if kind == "CAA" else ""
    return (kind, *named, comparable_target(kind, members.get("target") or "") if with_target else None)


def comparable_target(kind: str, target: str) -> str:
    """The *target* of a record of the type *kind* in the form in which equal ones are equal."""
    if kind in HOST_TARGET_TYPES:
        return target.removesuffix(".").lower()
    if kind in ("A", "AAAA"):
        try:
            return str(ipaddress.ip_address(target))
        except ValueError:  # the API refuses it, in its own words
            return target
    return target


def _update_record(record: DomainRecord, wanted: Mapping[str, Any]) -> Steps[None]:
    """Save the members of *wanted* that *record* has otherwise."""
    kind = wanted["type"]
    for key, value in wanted.items():
        now = record.raw.get(key)
        if key in ("type", "name") or (kind == "SRV" and key in ("service", "protocol")):
            continue
        same = now == value
        if key == "target":
            same = comparable_target(kind, now or "") == comparable_target(kind, value)
        elif key == "ttl_sec":
            same = now == round_seconds(value)
        if not same:
            setattr(record, key, value)
    yield from type(record).save(record)


def _create_record(domain: Domain, wanted: Mapping[str, Any]) -> Steps[DomainRecord]:
    options = {key: value for key, value in wanted.items() if key != "type"}
    created: Any = yield from type(domain).create_record(domain, wanted["type"], **options)
    return created  # type: ignore[no-any-return]


def _delete_record(record: DomainRecord) -> Steps[None]:
    try:
        yield from type(record).delete(record)
    except NotFoundError:  # somebody else has deleted it
        return


def delete_records(domain: Domain, wanted: dict[str, Any], *, with_target: bool) -> Steps[int]:
    """Delete the records of *domain* that *wanted* describes; returns the number of them."""
    if "domain" not in domain.raw:
        yield from domain._loading()
    wanted["name"] = checked_relative_name(wanted.get("name", ""), domain.domain)
    found = yield from matching_records(domain, wanted, with_target=with_target)
    for each in found:
        yield from _delete_record(each)
    return len(found)
