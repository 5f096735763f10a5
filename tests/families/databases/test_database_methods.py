"""Verbs of a database: credentials, certificate, patch, suspend, resume; pools; private networks."""

from __future__ import annotations

import asyncio
import base64
import ssl
from datetime import UTC, datetime

import pytest
from asking import NANODE, actions, jobs, raw, refusal, said

from linode import DatabaseConnectionPool
from linode.errors import NotFoundError
from linode.sandbox import Sandbox

REGION = "us-iad"
"""A region with databases and VPCs."""

# -- access ----------------------------------------------------------------------------------------------------------


def test_credentials_are_reset(client, database):
    first = database.get_credentials()
    assert first.username == "akmadmin"
    assert len(first.password) > 16
    assert database.reset_credentials() is None
    second = database.get_credentials()
    assert (second.username, second.password != first.password) == (first.username, True)
    assert actions(client)[-1] == "database_credentials_reset"
    assert first.password not in repr(first)


def test_a_password_is_nowhere_but_in_the_credentials(sandbox, client, database):
    secret = database.get_credentials().password
    for path in (database.url, "/databases/instances", "/account/events"):
        assert secret not in str(raw(sandbox, "GET", path))


def test_the_certificate_can_be_loaded(database):
    text = base64.b64decode(database.get_ssl().ca_certificate).decode()
    (found,) = _loaded(text)
    assert found["subject"][0][0][1] == "Sandbox of linode: Project CA"


def _loaded(text):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=text)
    return context.get_ca_certs()


@pytest.mark.parametrize("verb", ["get_credentials", "reset_credentials", "get_ssl", "patch", "suspend"])
def test_an_active_database_is_needed(create, verb):
    made = create()
    assert said(getattr(made, verb)) == [("The database must be active; it is provisioning", None)]


# -- patching, suspending, resuming ----------------------------------------------------------------------------------


def test_a_patch_applies_the_pending_updates(sandbox, client, database):
    pending = [{"description": "Security", "deadline": None, "planned_for": None}]
    with sandbox.world.transaction():
        sandbox.world.get(type(database), database.id)["updates"]["pending"] = pending
    assert [each.description for each in database.load().updates.pending] == ["Security"]
    assert database.patch() is None
    assert (database.status, database.updates.pending) == ("updating", [])
    sandbox.advance(20)
    assert database.load().status == "updating"
    database.wait()
    assert jobs(client, of=database)[-1] == ("database_upgrade", "notification")


def test_a_suspended_database_is_resumed(sandbox, client, create):
    made = create(cluster_size=3)
    sandbox.advance(601)
    made.load().suspend()
    assert made.status == "suspended"
    assert jobs(client, of=made)[-1] == ("database_update", "finished")
    assert said(made.suspend) == [("The database must be active; it is suspended", None)]
    made.resume()
    assert (made.status, [*made.members.values()]) == ("suspended", ["failover", "failover"])
    assert said(made.resume) == [("The database must be suspended", None)]
    sandbox.advance(61)
    assert (made.load().status, made.members) == ("resuming", {})
    made.wait()
    assert len(made.load().members) == 3
    assert actions(client)[-1] == "database_resume"
    assert said(made.resume) == [("The database must be suspended", None)]


def test_a_database_that_nobody_resumes_is_deleted(sandbox, client, create, database):
    other = create("other")
    sandbox.advance(601)
    for each in (database, other.load()):
        each.suspend()
    other.resume()
    sandbox.advance(181 * 86_400)
    with pytest.raises(NotFoundError):
        database.load()
    assert other.load().status == "active"
    assert actions(client)[-1] == "database_delete"


# -- connection pools ------------------------------------------------------------------------------------------------


def test_a_pool_is_created_changed_listed_and_deleted(client, postgresql):
    pool = postgresql.create_connection_pool("web", "transaction", 10, None)
    assert pool.url == f"{postgresql.url}/connection-pools/web"
    assert (pool.label, pool.mode, pool.size, pool.username, pool.database) == (
        "web",
        "transaction",
        10,
        None,
        "defaultdb",
    )
    pool.size = 20
    pool.username = "app"
    pool.mode = "session"
    pool.save()
    (found,) = postgresql.connection_pools
    assert (found, found.size, found.username, found.mode) == (pool, 20, "app", "session")
    assert DatabaseConnectionPool(client, "web", postgresql).load().size == 20
    assert found.instance == postgresql
    taken = [("Label must be unique among your connection pools", "label")]
    assert said(postgresql.create_connection_pool, "web", "session", 1, "app") == taken
    pool.delete()
    assert len(postgresql.load().connection_pools) == 0


@pytest.mark.parametrize(
    ("options", "reasons"),
    [
        ({"size": 0}, [("Must be at least 1", "size")]),
        ({"label": "p" * 64}, [("Length must be 1-63 characters", "label")]),
        ({"mode": "always"}, [("Must be one of transaction, session, statement", "mode")]),
    ],
)
def test_pools_are_checked(postgresql, options, reasons):
    given = {"label": "web", "mode": "session", "size": 1, "username": None, **options}
    assert said(postgresql.create_connection_pool, **given) == reasons


def test_a_pool_says_whose_connections_they_are(sandbox, postgresql):
    sent = {"label": "web", "mode": "session", "size": 1}
    path = f"{postgresql.url}/connection-pools"
    assert raw(sandbox, "POST", path, sent) == refusal(400, ("username is required", "username"))


def test_pools_need_an_active_database_and_go_with_it(sandbox, client, postgresql):
    pool = postgresql.create_connection_pool("web", "session", 1, None, database="shop")
    assert pool.database == "shop"
    postgresql.suspend()
    suspended = [("The database must be active; it is suspended", None)]
    assert said(postgresql.create_connection_pool, "other", "session", 1, None) == suspended
    pool.size = 2
    assert said(pool.save) == suspended
    assert said(pool.delete) == suspended
    postgresql.resume()
    sandbox.advance(601)
    postgresql.delete()
    again = client.create_postgresql_database("shop", REGION, NANODE, "postgresql/17")
    assert len(again.connection_pools) == 0


# -- private networks ------------------------------------------------------------------------------------------------


@pytest.fixture
def vpc(client):
    """A VPC with a subnet in the region of the databases."""
    return client.create_vpc("net", REGION, subnets=[{"label": "data", "ipv4": "10.0.0.0/24"}])


def test_a_database_in_a_subnet_has_private_hosts_unless_they_are_public(client, database, vpc):
    (subnet,) = vpc.subnets
    database.private_network = {"vpc_id": vpc.id, "subnet_id": subnet.id}
    database.save()
    assert database.load().private_network.public_access is False
    assert database.hosts.primary.startswith("private-")
    (used,) = subnet.load().databases
    assert (used.id, used.ipv4_range) == (database.id, "10.0.0.2/32")
    assert [(each.address, each.database_id) for each in client.get_vpc_ips()] == [("10.0.0.2", database.id)]
    assert said(subnet.delete) == [("Cannot delete a subnet with resources attached", None)]
    database.private_network.public_access = True
    database.save()
    assert database.load().hosts.primary.startswith(f"a{database.id}-")
    assert database.private_network.subnet_id == subnet.id
    database.private_network = None
    database.save()
    assert database.load().private_network is None
    assert subnet.load().databases == []


def test_a_deleted_database_leaves_its_subnet(client, create, vpc):
    (subnet,) = vpc.subnets
    made = create(private_network={"vpc_id": vpc, "subnet_id": subnet})
    assert made.private_network.vpc_id == vpc.id
    assert len(subnet.load().databases) == 1
    made.delete()
    vpc.delete()
    assert len(client.get_vpc_ips()) == 0


def test_a_subnet_belongs_to_the_vpc_and_the_vpc_to_the_region(client, create, vpc):
    (subnet,) = vpc.subnets
    other = client.create_vpc("other", REGION)
    network = {"subnet_id": subnet.id}
    assert said(create, private_network={**network, "vpc_id": other}) == [
        ("vpc_id is not valid", "private_network.vpc_id")
    ]
    elsewhere = [("subnet_id is not valid", "private_network.subnet_id")]
    assert said(create, region="us-ord", private_network=network) == elsewhere
    assert len(client.get_databases()) == 0


# -- prices ----------------------------------------------------------------------------------------------------------


def test_a_suspended_database_costs_nothing():
    """The price of MySQL on three nodes: 0.055 dollars for each hour that has begun."""
    with Sandbox(seed=1, start=datetime(2026, 6, 1, tzinfo=UTC), step=0) as sandbox:
        _suspend_for_hours(sandbox, sandbox.client())


def _suspend_for_hours(sandbox, client):
    made = client.create_mysql_database("shop", REGION, NANODE, "mysql/8", cluster_size=3)

    def cost():
        return client.get_account().balance_uninvoiced

    sandbox.advance(3 * 3600 - 60)
    assert cost() == round(3 * 0.055, 2)
    made.load().suspend()
    sandbox.advance(40 * 3600)
    assert cost() == round(3 * 0.055, 2)
    made.resume()
    sandbox.advance(2 * 3600 - 60)
    assert cost() == round(round(3 * 0.055, 2) + round(2 * 0.055, 2), 2)


# -- awaited ---------------------------------------------------------------------------------------------------------


def test_the_awaited_client_has_all_of_it():
    async def story(client):
        made = await client.create_postgresql_database("shop", REGION, NANODE, "postgresql/17")
        await made.wait()
        pool = await made.create_connection_pool("web", "session", 2, None)
        fork = await made.create_fork()
        (listed, _) = [each.instance async for each in client.get_databases()]
        assert (listed, (await listed).version) == (made, "17.4")
        assert [each.label async for each in made.connection_pools] == [pool.label]
        await client.wait_for([made, fork], "active", timeout=1200)
        return (await made.get_credentials()).username, (await client.get_valkey_config())["valkey_timeout"].minimum

    with Sandbox(seed=1) as sandbox:
        assert asyncio.run(story(sandbox.async_client())) == ("akmadmin", 0)
