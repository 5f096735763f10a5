"""Domains: DNS zones and their records."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, TypedDict, Unpack, overload

from linode._model import BaseClient, Bounds, Call, Field, ReadOnly, Resource, ResourceList, Steps, action, flow
from linode._model.options import Options, body
from linode._model.relations import Many, Parent

from .domain_records import delete_records, parent_domains, set_record, typed_record

if TYPE_CHECKING:
    from .networking.ips import IPAddress, LinodeIP

DomainName: TypeAlias = Annotated[
    str,
    Bounds(
        min_length=1,
        max_length=253,
        pattern=r"^(\*\.)?([a-zA-Z0-9-_]{1,63}\.)+([a-zA-Z]{2,3}\.)?([a-zA-Z]{2,16}|xn--[a-zA-Z0-9]+)$",
    ),
]
DomainDescription: TypeAlias = Annotated[str, Bounds(max_length=253)]
DomainGroup: TypeAlias = Annotated[str, Bounds(max_length=50)]
DomainStatus: TypeAlias = Literal["active", "disabled", "edit_mode", "has_errors"] | str
"""Status of a domain: served by the name servers, or the reason why not."""
DomainType: TypeAlias = Literal["master", "slave"] | str
"""Type of a domain: edited here (master), or copied from other name servers (slave)."""
RecordName: TypeAlias = Annotated[str, Bounds(max_length=100)]
RecordTarget: TypeAlias = Annotated[str, Bounds(max_length=65535)]
Target: TypeAlias = "RecordTarget | IPv4Address | IPv6Address | LinodeIP | IPAddress"
RecordType: TypeAlias = Literal["A", "AAAA", "NS", "MX", "CNAME", "TXT", "SRV", "PTR", "CAA"] | str
"""Types of domain records."""
RecordTag: TypeAlias = Literal["issue", "issuewild", "iodef"] | str
"""Tags of CAA records: certificates, wildcard certificates, or the address for reports."""
Port: TypeAlias = Annotated[int, Bounds(ge=0, le=65535)]
Priority: TypeAlias = Annotated[int, Bounds(ge=0, le=255)]
Weight: TypeAlias = Annotated[int, Bounds(ge=0, le=65535)]


class DomainOptions(Options, total=False):
    """Options of a new domain."""

    type: DomainType
    """Type: ``master`` when the records are edited here, ``slave`` when they are copied from other name servers."""
    soa_email: str
    """Email address of the zone's administrator; required for a master domain."""
    master_ips: list[str]
    """Name servers to copy a slave domain from; required for a slave domain."""
    axfr_ips: list[str]
    """IP addresses allowed to transfer the whole zone (AXFR)."""
    description: DomainDescription | None
    """Description: up to 253 characters."""
    group: DomainGroup | None
    """Group, for display; superseded by tags."""
    tags: list[str]
    status: Literal["active", "disabled"]
    """Status; name servers do not serve a ``disabled`` domain."""
    ttl_sec: int
    """Time to live of the records, in seconds; 0 for the API's default."""
    refresh_sec: int
    """Refresh interval of secondary name servers, in seconds; 0 for the API's default."""
    retry_sec: int
    """Retry interval of secondary name servers after a failed refresh, in seconds; 0 for the API's default."""
    expire_sec: int
    """Time after which secondary name servers drop an unrefreshed zone, in seconds; 0 for the API's default."""


class RecordSettings(TypedDict, total=False):
    """Options of a record that is set; members that are not given stay as they are."""

    priority: Priority
    """Priority of an MX or SRV record; the lowest is tried first."""
    weight: Weight
    """Weight of an SRV record among records of the same priority."""
    port: Port
    """Port of the service of an SRV record."""
    service: str | None
    """Service of an SRV record, without the underscore."""
    protocol: str | None
    """Protocol of an SRV record, without the underscore."""
    tag: RecordTag | None
    """Tag of a CAA record."""
    ttl_sec: int
    """Time to live of the record, in seconds; 0 for the domain's."""


class RecordOptions(RecordSettings, Options, total=False):
    """Options of a new record."""

    name: RecordName
    """Host name, relative to the domain; empty for the domain itself. The API generates the names of SRV records."""
    target: RecordTarget
    """Value: an address, a host name or a string, depending on the type."""


class Domain(Resource):
    """A DNS zone, served by Linode's name servers.

    Times in seconds are rounded up by the API to one that it has, from 30 to 2419200 (four weeks).
    """

    path = "/domains/{id}"
    unique = "domain"
    filterable = ("domain", "group", "tags")
    scope = "domains"
    shown = ("id", "domain", "type", "status", "soa_email", "tags")

    id: ReadOnly[int]
    domain: Field[DomainName]
    """Domain name, such as ``example.com``; unique among all accounts."""
    zone: Field[DomainName] = Field("domain")
    """Alias of ``domain``."""
    type: Field[DomainType]
    """Type: ``master`` when the records are edited here, ``slave`` when they are copied from other name servers."""
    status: Field[DomainStatus]
    """Status. Only ``active`` and ``disabled`` can be set."""
    errors: ReadOnly[str]
    """Errors, when the status is ``has_errors``."""
    soa_email: Field[str]
    """Email address of the zone's administrator; required for a master domain."""
    description: Field[DomainDescription | None]
    group: Field[DomainGroup | None]
    """Group, for display; superseded by tags."""
    display_group: Field[DomainGroup | None] = Field("group")
    """Alias of ``group``."""
    tags: Field[list[str]]
    master_ips: Field[list[str]]
    """Name servers that a slave domain is copied from."""
    axfr_ips: Field[list[str]]
    """IP addresses allowed to transfer the whole zone (AXFR)."""
    ttl_sec: Field[int]
    """Time to live of the records, in seconds; 0 for the API's default."""
    refresh_sec: Field[int]
    """Refresh interval of secondary name servers, in seconds; 0 for the API's default."""
    retry_sec: Field[int]
    """Retry interval of secondary name servers after a failed refresh, in seconds; 0 for the API's default."""
    expire_sec: Field[int]
    """Time after which secondary name servers drop an unrefreshed zone, in seconds; 0 for the API's default."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]
    records: Many[DomainRecord]
    """Records of the domain."""

    @action
    def create_record(self, record_type: RecordType, **options: Unpack[RecordOptions]) -> Call[DomainRecord]:
        """Add a record of the type *record_type* and return it.

        Raises `InvalidRequestError` when the options do not fit the type.
        """
        return self._creates(DomainRecord, "records", body(type=record_type, **options))

    @overload
    def set_record(
        self, record_type: RecordType, name: RecordName, target: Target, **options: Unpack[RecordSettings]
    ) -> DomainRecord: ...
    @overload
    def set_record(self, name: RecordName, target: Target, **options: Unpack[RecordSettings]) -> DomainRecord: ...
    @flow
    def set_record(
        self,
        record_type: str | None = None,
        name: Target | None = None,
        target: Target | None = None,
        **options: Unpack[RecordSettings],
    ) -> Steps[DomainRecord]:
        """Make *target* the value of the only record with the type *record_type* and the name *name*.

        Returns the record.

        The record is created or changed, or left unchanged if it is correct; others of the same type and name are
        deleted. Without a type, ``set_record("www", address)`` sets an A or an AAAA record, depending on the address.
        *name* is relative to the domain (empty: the domain itself) or a full name in it. The call can be repeated
        safely, even if a response was lost or other programs set the record at the same time. SRV records are found by
        ``service`` and ``protocol``, CAA records also by ``tag``.

        Raises `InvalidRequestError` when the options do not fit the type, or a CNAME conflicts with another record;
        ValueError if *name* is a full name outside the domain, or if neither a type nor an address is given.
        """
        kind, name, target = typed_record("set_record", record_type, name, target)
        return set_record(self, body(type=kind, name=name, target=target, **options), alone=True)

    @overload
    def add_record(
        self, record_type: RecordType, name: RecordName, target: Target, **options: Unpack[RecordSettings]
    ) -> DomainRecord: ...
    @overload
    def add_record(self, name: RecordName, target: Target, **options: Unpack[RecordSettings]) -> DomainRecord: ...
    @flow
    def add_record(
        self,
        record_type: str | None = None,
        name: Target | None = None,
        target: Target | None = None,
        **options: Unpack[RecordSettings],
    ) -> Steps[DomainRecord]:
        """Make sure that a record with this type, name and *target* exists, beside others of the same name.

        Returns the record.

        Like `set_record`, but other targets stay: several addresses of a host, mail servers, the TXT records of ACME.
        """
        kind, name, target = typed_record("add_record", record_type, name, target)
        return set_record(self, body(type=kind, name=name, target=target, **options), alone=False)

    @flow
    def delete_records(self, record_type: RecordType, name: RecordName, target: Target | None = None) -> Steps[int]:
        """Delete the records of the type *record_type* and the name *name*, with this *target* if one is given.

        Returns the number of records; 0 when there were none. Raises ValueError if *name* is a full name outside the
        domain.
        """
        return delete_records(self, body(type=record_type, name=name, target=target), with_target=target is not None)

    @action
    def clone(self, domain: DomainName) -> Call[Domain]:
        """Create a domain named *domain* with the settings and records of this one; returns the new domain."""
        return self._creates(Domain, "clone", body(domain=domain))

    @action
    def zone_file(self) -> Call[list[str]]:
        """Return the lines of the zone file as served; empty until the zone is rendered (minutes at most)."""
        return Call("GET", f"{self.url}/zone-file", shape=_ZoneFile, read=lambda data: data["zone_file"])


class _ZoneFile(TypedDict):
    zone_file: list[str]


class DomainRecord(Resource):
    """A record of a domain."""

    path = "/domains/{domain}/records/{id}"
    filterable = ("name", "tag", "target", "type")
    scope = "domains"
    shown = ("id", "type", "name", "target", "priority", "ttl_sec")

    domain: Parent[Domain]
    id: ReadOnly[int]
    type: ReadOnly[RecordType]
    """Type of the record."""
    name: Field[RecordName]
    """Host name, relative to the domain; empty for the domain itself."""
    target: Field[RecordTarget]
    """Value: an address, a host name or a string, depending on the type."""
    priority: Field[Priority]
    """Priority of an MX or SRV record; the lowest is tried first."""
    weight: Field[Weight]
    """Weight of an SRV record among records of the same priority."""
    port: Field[Port]
    """Port of the service of an SRV record."""
    service: Field[str | None]
    """Service of an SRV record, without the underscore."""
    protocol: Field[str | None]
    """Protocol of an SRV record, without the underscore."""
    tag: Field[RecordTag | None]
    """Tag of a CAA record."""
    ttl_sec: Field[int]
    """Time to live of the record, in seconds; 0 for the domain's."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]


class DomainsMixin(BaseClient):
    """Methods of a client for domains."""

    get_domains: Many[Domain] = Many("/domains")
    """All domains of the account."""
    get_zones = get_domains

    @action
    def create_domain(self, domain: DomainName, master: bool = True, **options: Unpack[DomainOptions]) -> Call[Domain]:
        """Create the domain *domain* and return it.

        A master domain needs ``soa_email``; one that is not copies another and needs ``master_ips``. The option
        ``type`` has the same meaning as *master*. Raises ValueError when the two disagree.
        """
        if not master and options.get("type") == "master":
            raise ValueError("master=False and type='master' disagree; leave one out")
        members: dict[str, Any] = {"type": "master" if master else "slave", **options}
        return self._creates(Domain, "/domains", body(domain=domain, **members))

    create_zone = create_domain

    @flow
    def find_domain(self, name: str) -> Steps[Domain]:
        """Return the domain of the account that a host of the full name *name* is in: the longest that matches.

        ``find_domain("www.example.co.uk")`` finds ``example.co.uk``; `Domain.set_record` takes the full name. Raises
        LookupError if the account has no such domain, and ValueError if *name* is not the name of a host.
        """
        names = parent_domains(name)
        found: Any = yield from ResourceList.all(self.get_domains(Domain.domain.in_(names)))
        if not found:  # the API filters with regard to case, and keeps the case of names
            every: Any = yield from ResourceList.all(self.get_domains())
            found = [each for each in every if each.domain.lower() in names]
        if not found:
            raise LookupError(f"the account has no domain for {name!r}: none of {', '.join(names)}")
        longest: Domain = max(found, key=lambda each: len(each.domain))
        return longest

    @action
    def import_domain(self, domain: str, remote_nameserver: str) -> Call[Domain]:
        """Copy the zone *domain* from *remote_nameserver*, which must allow it (AXFR), and return the new domain."""
        return self._creates(Domain, "/domains/import", body(domain=domain, remote_nameserver=remote_nameserver))


Zone = Domain
ZoneRecord = DomainRecord
