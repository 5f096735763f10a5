"""Domains: DNS zones and their records."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Call, Field, Many, Meta, Options, Parent, ReadOnly, Resource, action, given

__all__ = [
    "Domain",
    "DomainOptions",
    "DomainRecord",
    "DomainStatus",
    "DomainType",
    "DomainsMixin",
    "RecordOptions",
    "RecordTag",
    "RecordType",
    "Zone",
    "ZoneRecord",
]

DomainName: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=253,
        pattern=r"^(\*\.)?([a-zA-Z0-9-_]{1,63}\.)+([a-zA-Z]{2,3}\.)?([a-zA-Z]{2,16}|xn--[a-zA-Z0-9]+)$",
    ),
]
DomainDescription: TypeAlias = Annotated[str, Meta(max_length=253)]
DomainGroup: TypeAlias = Annotated[str, Meta(max_length=50)]
DomainStatus: TypeAlias = Literal["active", "disabled", "edit_mode", "has_errors"]
"""Whether the name servers answer for a domain, and what keeps them from it."""
DomainType: TypeAlias = Literal["master", "slave"]
"""Whether a domain is edited here, or copied from servers elsewhere."""
RecordName: TypeAlias = Annotated[str, Meta(max_length=100)]
RecordTarget: TypeAlias = Annotated[str, Meta(max_length=65535)]
RecordType: TypeAlias = Literal["A", "AAAA", "NS", "MX", "CNAME", "TXT", "SRV", "PTR", "CAA"]
"""Types of domain records."""
RecordTag: TypeAlias = Literal["issue", "issuewild", "iodef"]
"""Tags of CAA records: certificates, wildcard certificates, or the address for reports."""
Port: TypeAlias = Annotated[int, Meta(ge=0, le=65535)]
Priority: TypeAlias = Annotated[int, Meta(ge=0, le=255)]
Weight: TypeAlias = Annotated[int, Meta(ge=0, le=65535)]


class DomainOptions(Options, total=False):
    """Options of a new domain."""

    type: DomainType
    """Whether it is kept here (``master``) or copied from other name servers (``slave``)."""
    soa_email: str
    """The address of who runs it; a master domain needs one."""
    master_ips: list[str]
    """The name servers that a slave domain is copied from; a slave domain needs one."""
    axfr_ips: list[str]
    """The addresses that may copy the whole zone."""
    description: DomainDescription | None
    """A note, up to 253 characters."""
    group: DomainGroup | None
    """A group for display; tags have replaced it."""
    tags: list[str]
    """Tags."""
    status: Literal["active", "disabled"]
    """``disabled`` keeps it from being served."""
    ttl_sec: int
    """How long others may remember its records, in seconds; 0 for the API's default."""
    refresh_sec: int
    """How often copies look for changes, in seconds; 0 for the API's default."""
    retry_sec: int
    """How long copies wait after a failure, in seconds; 0 for the API's default."""
    expire_sec: int
    """How long copies live without contact, in seconds; 0 for the API's default."""


class RecordOptions(Options, total=False):
    """Options of a new record."""

    name: RecordName
    """The host, relative to the domain; empty for the domain itself. The API names SRV records by itself."""
    target: RecordTarget
    """Value: an address, a host name or a string, depending on the type."""
    priority: Priority
    """Which of several MX or SRV records comes first: the lowest."""
    weight: Weight
    """How often an SRV record is chosen among those of its priority."""
    port: Port
    """The port of an SRV record's service."""
    service: str | None
    """The service of an SRV record, without the underscore."""
    protocol: str | None
    """The protocol of an SRV record, without the underscore."""
    tag: RecordTag | None
    """Tag of a CAA record."""
    ttl_sec: int
    """How long others may remember it, in seconds; 0 for the domain's."""


class Domain(Resource):
    """A DNS zone, served by Linode's name servers.

    Times in seconds are rounded up by the API to one that it has, from 300 (five minutes) to 2419200 (four weeks).
    """

    path = "/domains/{id}"
    unique = "domain"
    filterable = ("domain", "group", "tags")
    scope = "domains"

    id: ReadOnly[int]
    """The number of this domain."""
    domain: Field[DomainName]
    """The name, such as ``example.com``; no two domains on the service have the same."""
    zone: Field[DomainName] = Field("domain")
    """The same as ``domain``."""
    type: Field[DomainType]
    """Whether it is kept here (``master``) or copied from other name servers (``slave``)."""
    status: Field[DomainStatus]
    """Whether it is served. ``active`` and ``disabled`` can be set; the others the API sets."""
    errors: ReadOnly[str]
    """Errors, when its status is ``has_errors``."""
    soa_email: Field[str]
    """The address of who runs it; a master domain needs one."""
    description: Field[DomainDescription | None]
    """A note."""
    group: Field[DomainGroup | None]
    """A group for display; tags have replaced it."""
    display_group: Field[DomainGroup | None] = Field("group")
    """The same as ``group``."""
    tags: Field[list[str]]
    """Tags."""
    master_ips: Field[list[str]]
    """The name servers that a slave domain is copied from."""
    axfr_ips: Field[list[str]]
    """The addresses that may copy the whole zone."""
    ttl_sec: Field[int]
    """How long others may remember its records, in seconds; 0 for the API's default."""
    refresh_sec: Field[int]
    """How often copies look for changes, in seconds; 0 for the API's default."""
    retry_sec: Field[int]
    """How long copies wait after a failure, in seconds; 0 for the API's default."""
    expire_sec: Field[int]
    """How long copies live without contact, in seconds; 0 for the API's default."""
    created: ReadOnly[datetime]
    """Creation time."""
    updated: ReadOnly[datetime]
    """Time of the last change."""
    records: Many[DomainRecord]
    """Lines of the zone file."""

    @action
    def create_record(self, record_type: RecordType, **options: Unpack[RecordOptions]) -> Call[DomainRecord]:
        """Add a record of the type *record_type* and return it.

        Raises `InvalidRequestError` when the options do not suit the type.
        """
        return self.made(DomainRecord, "POST", "records", given(type=record_type, **options))

    @action
    def clone(self, domain: DomainName) -> Call[Domain]:
        """Make a domain named *domain* with the settings and records of this one, and return it."""
        return self.made(Domain, "POST", "clone", given(domain=domain))

    @action
    def zone_file(self) -> Call[list[str]]:
        """The zone as the name servers have it, a line each; empty until it has been rendered, minutes at most."""
        return Call("GET", f"{self.url}/zone-file", shape=_ZoneFile, read=lambda data: data["zone_file"])


class _ZoneFile(TypedDict):
    zone_file: list[str]


class DomainRecord(Resource):
    """An entry of a domain: what one of its names means."""

    path = "/domains/{domain}/records/{id}"
    filterable = ("name", "tag", "target", "type")
    scope = "domains"

    domain: Parent[Domain]
    """The domain that it is in."""
    id: ReadOnly[int]
    """The number of this record."""
    type: ReadOnly[RecordType]
    """Type of the record."""
    name: Field[RecordName]
    """The host, relative to the domain; empty for the domain itself."""
    target: Field[RecordTarget]
    """Value: an address, a host name or a string, depending on the type."""
    priority: Field[Priority]
    """Which of several MX or SRV records comes first: the lowest."""
    weight: Field[Weight]
    """How often an SRV record is chosen among those of its priority."""
    port: Field[Port]
    """The port of an SRV record's service."""
    service: Field[str | None]
    """The service of an SRV record, without the underscore."""
    protocol: Field[str | None]
    """The protocol of an SRV record, without the underscore."""
    tag: Field[RecordTag | None]
    """Tag of a CAA record."""
    ttl_sec: Field[int]
    """How long others may remember it, in seconds; 0 for the domain's."""
    created: ReadOnly[datetime]
    """Creation time."""
    updated: ReadOnly[datetime]
    """Time of the last change."""


class DomainsMixin(BaseClient):
    """Methods of a client for domains."""

    get_domains: Many[Domain] = Many("/domains")
    """All domains of the account."""
    get_zones = get_domains

    @action
    def create_domain(self, domain: DomainName, master: bool = True, **options: Unpack[DomainOptions]) -> Call[Domain]:
        """Make the domain named *domain* and return it.

        A master domain needs ``soa_email``; one that is not copies another and needs ``master_ips``. The option
        ``type`` says the same as *master*. Raises ValueError when the two disagree.
        """
        if not master and options.get("type") == "master":
            raise ValueError("master=False and type='master' disagree; leave one out")
        body: dict[str, Any] = {"type": "master" if master else "slave", **options}
        return self.made(Domain, "POST", "/domains", given(domain=domain, **body))

    create_zone = create_domain

    @action
    def import_domain(self, domain: str, remote_nameserver: str) -> Call[Domain]:
        """Copy the zone *domain* from *remote_nameserver*, which must allow it (AXFR), and return the new domain."""
        return self.made(Domain, "POST", "/domains/import", given(domain=domain, remote_nameserver=remote_nameserver))


Zone = Domain
ZoneRecord = DomainRecord
