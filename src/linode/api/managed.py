"""Managed: Linode's staff watches services of the account and solves problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Nested, ReadOnly, Resource, Statistics, Struct, action
from linode._model.options import Options, body
from linode._model.relations import IDsField, Many
from linode.waiting.waitable import Waitable

if TYPE_CHECKING:
    from .regions import Region

ContactGroup: TypeAlias = Annotated[str, Bounds(min_length=2, max_length=50)]
ContactName: TypeAlias = Annotated[str, Bounds(min_length=2, max_length=64, pattern="[a-zA-Z0-9-_ ]{2,64}")]
CredentialLabel: TypeAlias = Annotated[str, Bounds(min_length=2, max_length=75, pattern=r"[a-zA-Z0-9-_ \.]{2,75}")]
CredentialUsername: TypeAlias = Annotated[str, Bounds(min_length=0, max_length=5000)]
ServiceLabel: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=64, pattern=r"[a-zA-Z0-9-_ \.]{3,64}")]
ServiceAddress: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=100)]
ServiceBody: TypeAlias = Annotated[str, Bounds(min_length=0, max_length=100)]
ServiceTimeout: TypeAlias = Annotated[int, Bounds(ge=1, le=255)]
ConsultationGroup: TypeAlias = Annotated[str, Bounds(min_length=0, max_length=50)]


class NewContactPhone(TypedDict, total=False):
    """Phone numbers of a contact."""

    primary: str | None
    """Primary number."""
    secondary: str | None
    """Secondary number."""


class ManagedContactOptions(Options, total=False):
    """Options of `create_managed_contact`."""

    name: ContactName
    email: str
    phone: NewContactPhone
    group: ContactGroup | None
    """Group, which services name as their consultation group."""


class ManagedCredentialOptions(Options, total=False):
    """Options of a credential besides its label and password."""

    username: CredentialUsername


class ManagedServiceOptions(Options, total=False):
    """Options of `create_managed_service` besides the required ones."""

    body: ServiceBody | None
    """Text that the response must contain for the service to be ``ok``."""
    consultation_group: ConsultationGroup
    credentials: Sequence[ManagedCredential | int]
    """Credentials for solving problems."""
    notes: str | None
    region: Region | str | None


class ContactPhone(Struct):
    """Phone numbers of a contact."""

    primary: Field[str | None]
    """Primary number; None for none."""
    secondary: Field[str | None]
    """Secondary number; None for none."""


class ManagedContact(Resource):
    """A person whom Linode's staff contacts about problems."""

    path = "/managed/contacts/{id}"
    scope = "account"
    filterable = ("group",)

    id: ReadOnly[int]
    name: Field[ContactName]
    email: Field[str]
    """E-mail address."""
    phone: Nested[ContactPhone]
    """Phone numbers."""
    group: Field[ContactGroup | None]
    """Group; None for none."""
    updated: ReadOnly[datetime]


class ManagedCredential(Resource):
    """A user name and a password with which Linode's staff solves problems; no response contains them."""

    path = "/managed/credentials/{id}"
    scope = "account"
    deletable = False

    id: ReadOnly[int]
    label: Field[CredentialLabel]
    last_decrypted: ReadOnly[datetime | None]
    """Time at which Linode's staff last read the credential (UTC); None for never."""

    @action
    def set_password(self, password: str, **options: Unpack[ManagedCredentialOptions]) -> Call[None]:
        """Change the password, and the user name when it is given."""
        return self._posts("update", body(password=password, **options))

    @action
    def revoke(self) -> Call[None]:
        """Delete the credential; services no longer use it."""
        return self._posts("revoke")


class ManagedIssueEntity(Struct):
    """The support ticket of an issue."""

    id: ReadOnly[int]
    """ID of the ticket."""
    label: ReadOnly[str]
    """Summary of the ticket."""
    type: ReadOnly[Literal["ticket"] | str]
    url: ReadOnly[str]


class ManagedIssue(Resource):
    """A problem of a service, which Linode's staff solves in a support ticket."""

    path = "/managed/issues/{id}"
    scope = "account"
    read_only = True

    id: ReadOnly[int]
    services: ReadOnly[list[int]]
    """IDs of the services."""
    entity: Nested[ManagedIssueEntity]
    """Support ticket."""
    created: ReadOnly[datetime]


class ManagedLinodeSsh(Struct):
    """SSH access of Linode's staff to a Linode."""

    access: Field[bool]
    """Whether access is allowed."""
    ip: Field[str]
    """Address; ``any`` for every address of the Linode."""
    port: Field[Annotated[int, Bounds(ge=1, le=65535)] | None]
    """Port; None for 22."""
    user: Field[Annotated[str, Bounds(min_length=0, max_length=32)] | None]
    """User; None for root."""


class ManagedLinodeSetting(Resource):
    """The settings of a Linode for Managed."""

    path = "/managed/linode-settings/{id}"
    scope = "account"
    deletable = False

    id: ReadOnly[int]
    """ID of the Linode."""
    label: ReadOnly[str]
    """Label of the Linode."""
    group: ReadOnly[str]
    """Group of the Linode; superseded by tags."""
    ssh: Nested[ManagedLinodeSsh]
    """SSH access of Linode's staff."""


class ManagedService(Waitable):
    """A service that Linode's staff monitors."""

    path = "/managed/services/{id}"
    scope = "account"
    wait_status = "ok"

    id: ReadOnly[int]
    label: Field[ServiceLabel]
    service_type: Field[Literal["url", "tcp"] | str]
    """Kind of check: a request for a URL, or a TCP connection."""
    address: Field[ServiceAddress]
    """URL or host and port."""
    timeout: Field[ServiceTimeout]
    """Seconds to wait for a response."""
    status: ReadOnly[Literal["disabled", "pending", "ok", "problem"] | str]
    """Status; ``pending`` until the first check."""
    body: Field[ServiceBody | None]
    """Text that the response must contain; None for any."""
    consultation_group: Field[ConsultationGroup]
    """Group of the contacts for problems."""
    credentials: IDsField[ManagedCredential, int]
    """IDs of the credentials with which Linode's staff solves problems."""
    notes: Field[str | None]
    """Notes for the staff who solve problems."""
    region: Field[str | None]
    """Region of a service on a private address."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]

    @action
    def enable(self) -> Call[ManagedService]:
        """Start monitoring the service; returns the service."""
        return self._updates("enable")

    @action
    def disable(self) -> Call[ManagedService]:
        """Stop monitoring the service; returns the service."""
        return self._updates("disable")


class ManagedStatsPoint(Struct):
    """A point of a statistic."""

    x: ReadOnly[int]
    """Time, in milliseconds since 1970."""
    y: ReadOnly[float]
    """Value."""


class ManagedStatsData(Struct):
    """Series of a `ManagedStats`, over all Linodes of the account."""

    cpu: ReadOnly[list[ManagedStatsPoint]]
    """CPU usage, in percent."""
    disk: ReadOnly[list[ManagedStatsPoint]]
    """Disk operations per second."""
    net_in: ReadOnly[list[ManagedStatsPoint]]
    """Inbound traffic, in bits per second."""
    net_out: ReadOnly[list[ManagedStatsPoint]]
    """Outbound traffic, in bits per second."""
    swap: ReadOnly[list[ManagedStatsPoint]]
    """Swap operations per second."""


class ManagedStats(Statistics, Struct):
    """Statistics of the last 24 hours. `plot` draws them."""

    _units: ClassVar[Mapping[str, str]] = {
        "cpu": "%",
        "disk": "operations/s",
        "net_in": "bits/s",
        "net_out": "bits/s",
        "swap": "operations/s",
    }

    data: Nested[ManagedStatsData]
    """Series."""


class ManagedSSHKey(Struct):
    """The SSH key that Linode's staff logs in with."""

    ssh_key: ReadOnly[str]
    """Public key, as one line in OpenSSH's format."""


class ManagedMixin(BaseClient):
    """Methods of a client for Managed, which the account must have enabled."""

    get_managed_contacts: Many[ManagedContact] = Many("/managed/contacts")
    """Contacts of the account."""
    get_managed_credentials: Many[ManagedCredential] = Many("/managed/credentials")
    """Credentials of the account."""
    get_managed_issues: Many[ManagedIssue] = Many("/managed/issues")
    """Issues of the last 30 days."""
    get_managed_linode_settings: Many[ManagedLinodeSetting] = Many("/managed/linode-settings")
    """Settings of every Linode."""
    get_managed_services: Many[ManagedService] = Many("/managed/services")
    """Services of the account."""

    @action
    def create_managed_contact(self, **options: Unpack[ManagedContactOptions]) -> Call[ManagedContact]:
        """Create a contact and return it."""
        return self._creates(ManagedContact, "/managed/contacts", body(**options))

    @action
    def create_managed_credential(
        self, label: CredentialLabel, password: str, **options: Unpack[ManagedCredentialOptions]
    ) -> Call[ManagedCredential]:
        """Create a credential and return it; no response contains user name and password."""
        sent = body(label=label, password=password, **options)
        return self._creates(ManagedCredential, "/managed/credentials", sent)

    @action
    def get_managed_ssh_key(self) -> Call[ManagedSSHKey]:
        """Return the public SSH key of the account, which Linode's staff logs in with."""
        return self._gets("/managed/credentials/sshkey", ManagedSSHKey)

    @action
    def create_managed_service(
        self,
        label: ServiceLabel,
        service_type: Literal["url", "tcp"],
        address: ServiceAddress,
        timeout: ServiceTimeout,
        **options: Unpack[ManagedServiceOptions],
    ) -> Call[ManagedService]:
        """Create a monitored service and return it; its status is ``pending`` until the first check."""
        sent = body(label=label, service_type=service_type, address=address, timeout=timeout, **options)
        return self._creates(ManagedService, "/managed/services", sent)

    @action
    def managed_stats(self) -> Call[ManagedStats | None]:
        """Return the statistics of the account's Linodes over the last 24 hours; None while there are none."""
        return Call("GET", "/managed/stats", shape=_Stats, read=lambda data: _stats(self, data))


class _Stats(TypedDict):
    data: Any


def _stats(client: Any, data: Any) -> ManagedStats | None:
    """The statistics; where there are none the API sends a list of words in the place of the series."""
    return None if isinstance(data["data"], list) else ManagedStats._of(client, data)
