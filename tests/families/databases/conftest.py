"""Databases of each engine, made through a client."""

from __future__ import annotations

import pytest
from asking import NANODE

from linode import Database

REGION = "us-iad"
"""A region with databases and VPCs."""

ENGINES = {"mysql": "mysql/8", "postgresql": "postgresql/17", "valkey": "valkey/8.1"}


@pytest.fixture(params=ENGINES)
def name(request):
    """The name of an engine."""
    return request.param


@pytest.fixture
def engines():
    """The IDs of engines, by their names."""
    return ENGINES


@pytest.fixture
def create(client, name):
    """A function that creates a database of the engine."""

    def made(label="shop", **options):
        verb = getattr(client, f"create_{name}_database")
        return verb(label, options.pop("region", REGION), options.pop("type", NANODE), ENGINES[name], **options)

    return made


@pytest.fixture
def database(sandbox, create):
    """An active database of the engine."""
    made = create()
    sandbox.advance(601)
    return made.load()


@pytest.fixture
def postgresql(sandbox, client):
    """An active PostgreSQL database."""
    made = client.create_postgresql_database("shop", REGION, NANODE, "postgresql/17")
    sandbox.advance(601)
    return made.load()


@pytest.fixture
def listed(client):
    """A function that finds a database in the list of all."""
    return lambda database: client.get_databases(Database.label == database.label).one()
