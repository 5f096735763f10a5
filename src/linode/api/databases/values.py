"""Nested objects of managed databases, and options that hold some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Required, TypeAlias, TypedDict

from linode._model import Bounds, Field, IDField, Options, ReadOnly, Struct

if TYPE_CHECKING:
    from ..regions import Region
    from ..vpcs.subnets import VPCSubnet
    from ..vpcs.vpcs import VPC
    from .catalogue import DatabaseType
    from .engines import MySQLDatabase, PostgreSQLDatabase, ValkeyDatabase

DatabaseLabel: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=32)]
ClusterSize: TypeAlias = Literal[1, 2, 3]


class DatabaseFork(Struct):
    """The origin of a database that was forked."""

    source: ReadOnly[int]
    """ID of the database that was forked."""
    restore_time: ReadOnly[datetime]
    """Time of the data (UTC)."""


class DatabaseEndpoint(Struct):
    """A host and a port to connect to."""

    address: ReadOnly[str]
    """Host name."""
    port: ReadOnly[int]
    """Port."""
    public_access: ReadOnly[bool]
    """Whether the host can be reached from the Internet."""
    role: ReadOnly[Literal["primary", "primary-connection-pool", "standby", "standby-connection-pool"] | str]
    """Role of the nodes behind the host."""


class DatabaseHosts(Struct):
    """Host names of a database."""

    primary: ReadOnly[str | None]
    """Host of the primary node, which reads and writes."""
    secondary: ReadOnly[str | None]
    """Host of the standby nodes of a database of the former platform; None for others."""
    standby: ReadOnly[str | None]
    """Host of the standby nodes, which only read; None for a database of one node."""
    endpoints: ReadOnly[list[DatabaseEndpoint]]
    """Hosts with their ports and roles."""


class DatabasePrivateNetwork(Struct):
    """The VPC of a database."""

    vpc_id: IDField[VPC | None]
    subnet_id: IDField[VPCSubnet | None]
    """ID of the VPC's subnet."""
    public_access: Field[bool]
    """Whether the database can be reached from the Internet too."""


class DatabasePendingUpdate(Struct):
    """An update that the next maintenance window applies."""

    description: ReadOnly[str]
    deadline: ReadOnly[datetime | None]
    """Time by which the update is applied at the latest (UTC)."""
    planned_for: ReadOnly[datetime | None]
    """Time at which the update is planned (UTC)."""


class DatabaseUpdates(Struct):
    """The weekly maintenance window of a database."""

    day_of_week: Field[Annotated[int, Bounds(ge=1, le=7)]]
    """Day of the week: 1 is Monday, 7 is Sunday."""
    hour_of_day: Field[Annotated[int, Bounds(ge=0, le=23)]]
    """Hour at which the window begins (UTC)."""
    duration: Field[Annotated[int, Bounds(ge=1, le=4)]]
    """Duration in hours."""
    frequency: Field[Literal["weekly", "monthly"] | str]
    """Frequency; can be set to ``weekly`` alone."""
    pending: ReadOnly[list[DatabasePendingUpdate]]
    """Updates that the next window applies."""


class DatabaseCredentials(Struct):
    """User name and password of a database's administrator."""

    username: ReadOnly[str]
    password: ReadOnly[str]


class DatabaseSSL(Struct):
    """The CA certificate that signs the certificates of a database's hosts."""

    ca_certificate: ReadOnly[str]
    """Certificate in PEM form, encoded as Base64."""


class NewDatabaseFork(TypedDict, total=False):
    """The origin of a new database that is a fork of another."""

    source: Required[MySQLDatabase | PostgreSQLDatabase | ValkeyDatabase | int]
    """Database of the same engine to fork."""
    restore_time: datetime
    """Time of the data (UTC); now by default."""


class DatabasePrivateNetworkOptions(TypedDict, total=False):
    """The VPC of a new database."""

    vpc_id: VPC | int
    """VPC, in the region of the database."""
    subnet_id: VPCSubnet | int
    """Subnet of the VPC."""
    public_access: bool
    """Whether the database can be reached from the Internet too; False by default."""


class DatabaseOptions(Options, total=False):
    """Options of a new database besides its label, region, type and engine."""

    allow_list: Sequence[str]
    """IPv4 addresses and ranges that may connect: ``192.0.2.1``, ``203.0.113.0/24``; none by default."""
    cluster_size: ClusterSize
    """Number of nodes: 1, 3, or, with a dedicated type, 2; 1 by default."""
    engine_config: Mapping[str, Any]
    """Parameters that differ from their defaults, in their sections: ``{"mysql": {"connect_timeout": 20}}``."""
    fork: NewDatabaseFork
    """Database whose data is copied; `create_fork` of a database sets it."""
    private_network: DatabasePrivateNetworkOptions
    """VPC."""
    ssl_connection: bool
    """Whether connections are encrypted; True by default."""


class DatabaseForkOptions(Options, total=False):
    """Options of a fork; those left out are as in the database that is forked."""

    label: DatabaseLabel
    """Label of the new database."""
    region: Region | str
    type: DatabaseType | str
    """Type of the nodes."""
    allow_list: Sequence[str]
    """IPv4 addresses and ranges that may connect."""
    cluster_size: ClusterSize
    """Number of nodes: 1, 3, or, with a dedicated type, 2."""
    engine_config: Mapping[str, Any]
    """Parameters that differ from their defaults, in their sections."""
    private_network: DatabasePrivateNetworkOptions
    """VPC."""
    ssl_connection: bool
    """Whether connections are encrypted."""
