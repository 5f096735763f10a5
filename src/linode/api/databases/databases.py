"""Managed databases: all that MySQL, PostgreSQL and Valkey share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from linode._model import Call, Entry, Field, Nested, ReadOnly, Ref, RefField, Resource, action, body
from linode._model.call_builders import create_call
from linode.waiting.waitable import Waitable

from .catalogue import DatabaseType, EngineName
from .values import (
    ClusterSize,
    DatabaseCredentials,
    DatabaseFork,
    DatabaseHosts,
    DatabaseLabel,
    DatabasePrivateNetwork,
    DatabaseSSL,
    DatabaseUpdates,
)

if TYPE_CHECKING:
    from ..regions import Region
    from .engines import MySQLDatabase, PostgreSQLDatabase, ValkeyDatabase

I = TypeVar("I", bound="DatabaseInstance")  # noqa: E741

DatabaseStatus: TypeAlias = (
    Literal[
        "provisioning",
        "active",
        "suspending",
        "suspended",
        "resuming",
        "failed",
        "degraded",
        "updating",
        "resizing",
        "migrated",
        "migrating",
        "restoring",
    ]
    | str
)
NodeRole: TypeAlias = Literal["primary", "failover"] | str


class _DatabaseFields(Resource):
    """Fields of a database that nobody can set, wherever it is listed."""

    id: ReadOnly[int]
    """Numeric ID, unique among the databases of all engines."""
    engine: ReadOnly[EngineName]
    status: ReadOnly[DatabaseStatus]
    """Status; ``active`` is ready for use."""
    region: Ref[Region]
    hosts: Nested[DatabaseHosts | None]
    """Host names to connect to."""
    port: ReadOnly[int]
    """Port to connect to."""
    members: ReadOnly[dict[str, NodeRole]]
    """Addresses of the nodes, each with its role."""
    ssl_connection: ReadOnly[bool]
    """Whether connections are encrypted."""
    encrypted: ReadOnly[bool]
    """Whether the disks are encrypted."""
    platform: ReadOnly[Literal["rdbms-legacy", "rdbms-default"] | str]
    """Platform that the database runs on."""
    total_disk_size_gb: ReadOnly[int]
    """Disk size in GB."""
    used_disk_size_gb: ReadOnly[int | None]
    """Used part of the disk in GB; None while the database is being created."""
    fork: Nested[DatabaseFork | None]
    """Origin of the data of a fork; None for other databases."""
    oldest_restore_time: ReadOnly[datetime | None]
    """Oldest time to which the data can be restored (UTC); None before the first backup."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]


class Database(_DatabaseFields, Entry):
    """A database of any engine, as the list of all databases shows it; `instance` is its own object."""

    scope = "databases"
    filterable = ("engine", "label", "platform", "region", "status", "type", "version")

    label: ReadOnly[DatabaseLabel]
    type: Ref[DatabaseType]
    """Type of the nodes."""
    version: ReadOnly[str]
    """Version of the engine."""
    cluster_size: ReadOnly[ClusterSize]
    """Number of nodes."""
    allow_list: ReadOnly[list[str]]
    """IPv4 ranges that may connect."""
    engine_config: ReadOnly[dict[str, Any]]
    """Parameters of the engine, in their sections."""
    private_network: Nested[DatabasePrivateNetwork | None]
    """VPC; None for a database outside of any."""
    updates: Nested[DatabaseUpdates]
    """Maintenance window."""
    available_restore_times: ReadOnly[list[str]]
    """Times to which the data can be restored."""
    instance_uri: ReadOnly[str]
    """Path of the database in the API."""

    @property
    def instance(self) -> MySQLDatabase | PostgreSQLDatabase | ValkeyDatabase:
        """The database as an object of its engine's class, which can be changed. It costs no request.

        Raises LookupError when the library has no class for the engine.
        """
        from .engines import INSTANCES  # which imports this module

        if self.engine not in INSTANCES:
            known = ", ".join(INSTANCES)
            raise LookupError(f"there is no class for databases of the engine {self.engine!r}, only for {known}")
        found: MySQLDatabase | PostgreSQLDatabase | ValkeyDatabase = INSTANCES[self.engine]._of(self._client, self.raw)
        return found


class DatabaseInstance(_DatabaseFields, Waitable):
    """A managed database, whatever its engine: the base of `MySQLDatabase`, `PostgreSQLDatabase`, `ValkeyDatabase`.

    `save` changes the label, the allow list, the parameters, the maintenance window and the private network. A change
    of ``type`` or ``cluster_size`` resizes the database, a change of ``version`` upgrades it. The API changes active
    databases only, and takes ``allow_list`` and a new size in different requests. A new database is ``active`` after 10
    to 30 minutes.
    """

    unique = "label"
    wait_timeout = 3600
    scope = "databases"
    filterable = ("engine", "label", "platform", "region", "status", "type", "version")

    label: Field[DatabaseLabel]
    """Label, unique among the databases of the engine: 3 to 32 characters."""
    type: RefField[DatabaseType]
    """Type of the nodes; can be set to one with as much disk or more."""
    version: Field[str]
    """Version of the engine; can be set to a later major version, such as ``17``."""
    cluster_size: Field[ClusterSize]
    """Number of nodes: 1, 3, or, with a dedicated type, 2."""
    allow_list: Field[list[str]]
    """IPv4 ranges that may connect; an empty list blocks all, ``0.0.0.0/0`` lets all connect."""
    engine_config: Field[dict[str, Any]]
    """Parameters of the engine, in their sections: ``{"mysql": {"connect_timeout": 20}}``.

    Saved parameters are merged with the others; None resets a parameter to its default. `ConfigParameter` describes the
    values of each.
    """
    private_network: Field[DatabasePrivateNetwork | None]
    """VPC; None for a database outside of any."""
    updates: Nested[DatabaseUpdates]
    """Maintenance window."""

    @action
    def get_credentials(self) -> Call[DatabaseCredentials]:
        """Return the user name and the password of the administrator.

        Raises `InvalidRequestError` when the database is not ``active``.
        """
        return self._gets("credentials", DatabaseCredentials)

    @action
    def reset_credentials(self) -> Call[None]:
        """Reset the password of the administrator to a new one, which `get_credentials` returns.

        Raises `InvalidRequestError` when the database is not ``active``.
        """
        return self._posts("credentials/reset")

    @action
    def get_ssl(self) -> Call[DatabaseSSL]:
        """Return the CA certificate that verifies the certificates of the hosts.

        Raises `InvalidRequestError` when the database is not ``active``.
        """
        return self._gets("ssl", DatabaseSSL)

    @action
    def patch(self) -> Call[None]:
        """Apply the pending updates now instead of in the maintenance window; the database is ``updating`` meanwhile.

        Raises `InvalidRequestError` when the database is not ``active``.
        """
        return self._posts("patch", outdated=("status", "updates", "version"))

    @action
    def suspend(self) -> Call[None]:
        """Suspend the database: it costs nothing, and is deleted after 180 days. Its data is kept in the backups.

        Raises `InvalidRequestError` when the database is not ``active``.
        """
        return self._posts("suspend", outdated=("status",))

    @action
    def resume(self) -> Call[None]:
        """Resume the database, which is billed again; it takes some minutes to become ``active``.

        Raises `InvalidRequestError` when the database is not ``suspended``.
        """
        return self._posts("resume", outdated=("status", "members"))


def fork_of(
    origin: DatabaseInstance, cls: type[I], restore_time: datetime | None, options: Mapping[str, Any]
) -> Call[I]:
    """A call that creates a fork of *origin*, one of *cls*."""
    fork = body(source=origin) if restore_time is None else body(source=origin, restore_time=restore_time)
    return create_call(origin, cls, (), origin.url.rpartition("/")[0], body(fork=fork, **options))
