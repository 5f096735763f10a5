"""Engines and types that databases are made of, and the parameters of the engines."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from linode._model import BaseClient, Call, Many, Nested, ReadOnly, Resource, Struct, action

from ..types import Price

EngineName: TypeAlias = Literal["mysql", "postgresql", "valkey"] | str


class DatabaseEngine(Resource):
    """An engine in one major version."""

    path = "/databases/engines/{id}"
    filterable = ("engine", "version")
    public = True
    read_only = True

    id: ReadOnly[str]
    """ID, such as ``mysql/8``."""
    engine: ReadOnly[EngineName]
    version: ReadOnly[str]
    """Major version."""


class DatabaseTypePrice(Struct):
    """The price of a database, by its number of nodes."""

    quantity: ReadOnly[Literal[1, 2, 3]]
    """Number of nodes."""
    price: Nested[Price]
    """Price of all nodes."""


class DatabaseTypeEngines(Struct):
    """Prices of a type, by engine and number of nodes."""

    mysql: ReadOnly[list[DatabaseTypePrice]]
    """Prices of MySQL databases."""
    postgresql: ReadOnly[list[DatabaseTypePrice]]
    """Prices of PostgreSQL databases."""


class DatabaseType(Resource):
    """A plan of databases: the resources of each node, and their price."""

    path = "/databases/types/{id}"
    filterable = ("disk",)
    public = True
    read_only = True

    id: ReadOnly[str]
    """ID, such as ``g6-nanode-1``."""
    label: ReadOnly[str]
    class_: ReadOnly[Literal["dedicated", "nanode", "premium", "standard"] | str] = ReadOnly("class")
    """Class of the plan; ``class`` in the API, a keyword in Python."""
    memory: ReadOnly[int]
    """Memory in MB."""
    disk: ReadOnly[int]
    """Disk size in MB."""
    vcpus: ReadOnly[int]
    """Number of vCPUs."""
    deprecated: ReadOnly[bool | None]
    """Whether no new database can be created with it; None when the API does not send it."""
    engines: Nested[DatabaseTypeEngines]
    """Prices, by engine and number of nodes."""


class ConfigParameter(Struct):
    """A parameter of an engine: the values that ``engine_config`` takes for it."""

    description: ReadOnly[str]
    type: ReadOnly[str | list[str]]
    """JSON type: ``integer``, ``number``, ``string``, ``boolean``, or several."""
    requires_restart: ReadOnly[bool]
    """Whether a change restarts the database."""
    default: ReadOnly[int | float | str | bool | None]
    """Default value; None when the API does not send one."""
    example: ReadOnly[int | float | str | bool | None]
    """Example of a value; None where there is none."""
    minimum: ReadOnly[int | float | None]
    """Minimum of a number; None when there is no bound."""
    maximum: ReadOnly[int | float | None]
    """Maximum of a number; None when there is no bound."""
    min_length: ReadOnly[int | None] = ReadOnly("minLength")
    """Minimum number of characters of a string; None when there is no bound."""
    max_length: ReadOnly[int | None] = ReadOnly("maxLength")
    """Maximum number of characters of a string; None when there is no bound."""
    pattern: ReadOnly[str | None]
    """Regular expression that a string matches; None when there is none."""
    enum: ReadOnly[list[str] | None]
    """Allowed values; None when the value is not limited to some."""


class DatabaseCatalogueMixin(BaseClient):
    """Methods of a client for engines, their parameters, and types of databases."""

    get_database_engines: Many[DatabaseEngine] = Many("/databases/engines")
    """Engines, each in one major version."""
    get_database_types: Many[DatabaseType] = Many("/databases/types")
    """Types on sale."""

    @action
    def get_mysql_config(self) -> Call[dict[str, ConfigParameter]]:
        """Return the parameters of MySQL by their paths in ``engine_config``, such as ``mysql.connect_timeout``."""
        return _parameters(self, "/databases/mysql/config")

    @action
    def get_postgresql_config(self) -> Call[dict[str, ConfigParameter]]:
        """Return the parameters of PostgreSQL by their paths in ``engine_config``, such as ``pg.timezone``."""
        return _parameters(self, "/databases/postgresql/config")

    @action
    def get_valkey_config(self) -> Call[dict[str, ConfigParameter]]:
        """Return the parameters of Valkey by their names in ``engine_config``, such as ``valkey_timeout``."""
        return _parameters(self, "/databases/valkey/config")


def _parameters(client: Any, path: str) -> Call[dict[str, ConfigParameter]]:
    return Call("GET", path, read=lambda data: dict(_flat(client, data, "")))


def _flat(client: Any, data: dict[str, Any], section: str) -> Any:
    """The parameters in *data*, with their paths: an object without a type is a section with parameters in it."""
    for name, each in data.items():
        if isinstance(each, dict) and "type" not in each and any(isinstance(inner, dict) for inner in each.values()):
            yield from _flat(client, each, f"{section}{name}.")
        else:
            yield f"{section}{name}", ConfigParameter._of(client, each)
