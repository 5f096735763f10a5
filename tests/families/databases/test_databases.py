"""Databases of every engine: created, listed, waited for, changed, forked and deleted."""

from __future__ import annotations

import pytest
from asking import NANODE, actions, jobs, raw, refusal, refused, said

from linode import Database, MySQLDatabase, PostgreSQLDatabase
from linode.api.databases.engines import INSTANCES
from linode.errors import AuthorizationError, NotFoundError, ServerError

REGION = "us-iad"
"""A region with databases and VPCs."""

STANDARD, DEDICATED = "g6-standard-1", "g6-dedicated-2"
WITHOUT = "us-den-1"
"""A region without databases."""


# -- creating --------------------------------------------------------------------------------------------------------


def test_a_member_that_the_api_once_had_is_refused(sandbox):
    """In the words that are on record; other unknown members are ignored."""
    body = {"label": "data", "region": "us-east", "type": "g6-nanode-1", "engine": "mysql/8", "unknown": 1}
    reason = "Configuring replication_type is no longer supported"
    for engine in ("mysql", "postgresql"):
        wrong = {**body, "engine": f"{engine}/8", "replication_type": "none"}
        assert refused(sandbox, "POST", f"/databases/{engine}/instances", wrong) == [(reason, "replication_type")]
    assert raw(sandbox, "POST", "/databases/mysql/instances", body)[0] == 200


def test_a_database_is_created_and_becomes_active(sandbox, client, name, engines, create):
    made = create(allow_list=["203.0.113.0/24", "192.0.2.1"])
    assert type(made) is INSTANCES[name]
    assert (made.status, made.members, made.used_disk_size_gb, made.fork) == ("provisioning", {}, None, None)
    assert (made.engine, made.version) == (name, engines[name].partition("/")[2])
    size = 0 if name == "valkey" else 9  # recorded: its data are in memory
    assert (made.region.id, made.type.id, made.total_disk_size_gb, made.cluster_size) == (REGION, NANODE, size, 1)
    assert made.allow_list == ["192.0.2.1/32", "203.0.113.0/24"]
    assert made.hosts.primary.startswith(f"a{made.id}-akamai-")
    assert made.hosts.standby is None
    assert jobs(client, of=made) == [("database_create", "notification")]
    before = sandbox.now
    made.wait()
    assert 590 <= (sandbox.now - before).total_seconds() <= 610
    assert made.status == "active"
    assert made.load().used_disk_size_gb == 0
    assert [*made.members.values()] == ["primary"]
    (event,) = client.get_events()
    assert (event.action, event.status, event.duration) == ("database_create", "finished", 600)
    assert (event.entity.type, event.entity.url) == ("database", f"/v4{made.url}")


VERSIONS = [("mysql/8", "8", "8.0.35"), ("postgresql/17", "17", "17.4"), ("valkey/8.1", "8.1", "8.1.10")]


@pytest.mark.parametrize(("engine", "before", "after"), VERSIONS)
def test_an_active_database_has_a_full_version(client, engine, before, after):
    create = getattr(client, f"create_{engine.partition('/')[0]}_database")
    made = create("shop", REGION, NANODE, engine)
    assert made.version == before
    client.wait_for([made], "active", timeout=1200)
    assert made.version == after


def test_a_cluster_has_standby_nodes(sandbox, create):
    made = create(cluster_size=3)
    sandbox.advance(601)
    assert sorted(made.load().members.values()) == ["failover", "failover", "primary"]
    assert made.hosts.standby == f"replica-{made.hosts.primary}"
    assert {each.role for each in made.hosts.endpoints} >= {"primary", "standby"}
    assert all(each.public_access for each in made.hosts.endpoints)


@pytest.mark.parametrize(
    ("options", "reasons"),
    [
        ({"region": "nowhere"}, [("region is not valid", "region")]),
        ({"region": WITHOUT}, [("Managed Databases are not available in this region", "region")]),
        ({"type": "g6-nothing"}, [("type is not valid", "type")]),
        ({"cluster_size": 2}, [("Must be one of 1, 3", "cluster_size")]),
        ({"cluster_size": 4}, [("Must be one of 1, 2, 3", "cluster_size")]),
        ({"allow_list": ["192.0.2.300"]}, [("Invalid CIDR format", "allow_list")]),
        ({"allow_list": ["2001:db8::/64"]}, [("Invalid CIDR format", "allow_list")]),
        ({"fork": {"source": 9}}, [("fork.source is not valid", "fork.source")]),
        (
            {"private_network": {"vpc_id": 1, "subnet_id": 2}},
            [("private_network.vpc_id is not valid", "private_network.vpc_id")],
        ),
        ({"private_network": {"subnet_id": 2}}, [("subnet_id is not valid", "private_network.subnet_id")]),
        (
            {"region": "nowhere", "type": "g6-nothing"},
            [("region is not valid", "region"), ("type is not valid", "type")],
        ),
    ],
)
def test_what_cannot_be_created_is_refused(client, create, options, reasons):
    assert said(create, **options) == reasons
    assert len(client.get_databases()) == 0


@pytest.mark.parametrize("engine", ["mysql/5", "postgresql/17", "mysql"])
def test_an_engine_that_does_not_exist_is_refused_in_the_words_of_the_api(client, engine):
    assert said(client.create_mysql_database, "shop", REGION, NANODE, engine) == [("invalid engine", "engine")]


def test_what_a_database_needs_is_required_unless_it_is_a_fork(sandbox, name):
    needed = [(f"{each} is required", each) for each in ("label", "region", "type", "engine")]
    assert raw(sandbox, "POST", f"/databases/{name}/instances", {}) == refusal(400, *needed)


def test_two_nodes_come_with_dedicated_types_alone(create):
    assert create(type=DEDICATED, cluster_size=2).cluster_size == 2


def test_labels_are_unique_among_the_databases_of_an_engine(client, engines, database):
    taken = [("Label must be unique among your databases", "label")]
    for engine in ("mysql", "postgresql"):
        create = getattr(client, f"create_{engine}_database")
        if engine == database.engine:
            assert said(create, "shop", REGION, NANODE, engines[engine]) == taken
        else:
            assert create("shop", REGION, NANODE, engines[engine]).label == "shop"


# -- lists -----------------------------------------------------------------------------------------------------------


def test_the_list_of_all_leads_to_the_classes_of_the_engines(client):
    mysql = client.create_mysql_database("shop", REGION, NANODE, "mysql/8")
    postgresql = client.create_postgresql_database("data", REGION, NANODE, "postgresql/16")
    assert mysql.id != postgresql.id
    assert [each.id for each in client.get_databases()] == [mysql.id, postgresql.id]
    (found,) = client.get_databases(Database.engine == "postgresql")
    assert found.instance == postgresql
    assert isinstance(found.instance, PostgreSQLDatabase)
    assert found.instance_uri == f"/v4{postgresql.url}"
    assert found.instance.connection_pool_port == postgresql.connection_pool_port
    assert [each.instance for each in client.get_databases(Database.label == "shop")] == [mysql]
    assert [each.id for each in client.get_mysql_databases(MySQLDatabase.status == "provisioning")] == [mysql.id]
    assert len(client.get_valkey_databases()) == 0
    with pytest.raises(NotFoundError):
        MySQLDatabase(client, postgresql.id).load()


def test_fields_of_a_shared_base_are_those_of_the_class(client):
    """Filters and errors name the class that users know, whichever class declares the field."""
    with pytest.raises(TypeError, match="the API cannot filter Database by 'port'"):
        _ = Database.port == 5
    with pytest.raises(TypeError, match="the API cannot filter DatabaseInstance by 'port'"):
        _ = MySQLDatabase.port == 5
    assert Database.port is not MySQLDatabase.port


def test_an_engine_that_the_library_does_not_know_has_no_class(client):
    row = Database._of(client, {"id": 5, "engine": "oracle"})
    with pytest.raises(LookupError, match="no class for databases of the engine 'oracle', only for mysql"):
        _ = row.instance


# -- changing --------------------------------------------------------------------------------------------------------


def test_settings_change_at_once(client, database):
    database.label = "store"
    database.allow_list = ["0.0.0.0/0"]
    database.updates.day_of_week = 3
    database.updates.hour_of_day = 22
    database.save()
    assert database.label == ("shop" if database.engine == "postgresql" else "store")
    assert (database.load().label, database.status, database.allow_list) == ("store", "active", ["0.0.0.0/0"])
    assert (database.updates.day_of_week, database.updates.hour_of_day, database.updates.duration) == (3, 22, 4)
    event = max(client.get_events(), key=lambda each: each.id)
    assert (event.action, event.status, event.duration) == ("database_update", "finished", 0)


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"label": "ab"}, [("Length must be 3-32 characters", "label")]),
        ({"type": "g6-nothing"}, [("type is not valid", "type")]),
        ({"cluster_size": 2}, [("Must be one of 1, 3", "cluster_size")]),
        ({"allow_list": ["x"]}, [("Invalid CIDR format", "allow_list")]),
        ({"updates": {"hour_of_day": 24}}, [("Must be 0-23", "updates.hour_of_day")]),
        ({"updates": {"frequency": "monthly"}}, [("Must be one of weekly", "updates.frequency")]),
        (
            {"type": DEDICATED, "allow_list": []},
            [("allow_list cannot be changed together with type or cluster_size", "allow_list")],
        ),
        ({"version": "5"}, [("version must be a later major version of the engine", "version")]),
        (
            {"private_network": {"vpc_id": 1, "subnet_id": 2}},
            [("subnet_id is not valid", "private_network.subnet_id")],
        ),
    ],
)
def test_what_cannot_be_changed_is_refused(sandbox, client, create, changes, reasons):
    database = create(allow_list=["192.0.2.1"])
    sandbox.advance(601)
    before = database.load().raw
    assert raw(sandbox, "PUT", database.url, changes) == refusal(400, *reasons)
    assert database.load().raw == before


def test_an_active_database_alone_is_changed(create):
    made = create()
    made.label = "store"
    assert said(made.save) == [("The database must be active; it is provisioning", None)]


@pytest.mark.parametrize(
    ("change", "event"), [({"type": STANDARD}, "database_resize"), ({"cluster_size": 3}, "database_scale")]
)
def test_a_resize_takes_a_while(client, database, change, event):
    for member, value in change.items():
        setattr(database, member, value)
    database.save()
    assert database.status == "resizing"
    assert jobs(client, of=database)[-3:] == [
        ("database_update", "finished"),
        ("database_resize_create", "notification"),
        (event, "scheduled"),
    ]
    database.wait()
    assert len(database.load().members) == database.cluster_size
    assert database.total_disk_size_gb == (0 if database.engine == "valkey" else 30 if "type" in change else 9)
    assert jobs(client, of=database)[-1] == (event, "finished")


def test_a_database_gets_no_smaller_disk(sandbox, create):
    made = create(type=STANDARD)
    sandbox.advance(601)
    made.load().type = NANODE
    assert said(made.save) == [("The disk of the new type must not be smaller", "type")]


def test_a_later_version_is_installed(client):
    made = client.create_postgresql_database("shop", REGION, NANODE, "postgresql/16")
    made.wait()
    made.load().version = "17"
    made.save()
    assert made.status == "updating"
    made.wait()
    assert made.load().version == "17.4"


# -- forks -----------------------------------------------------------------------------------------------------------


def test_a_fork_is_a_new_database_with_the_settings_of_its_origin(sandbox, client, database):
    fork = database.create_fork()
    assert type(fork) is type(database)
    assert (fork.id != database.id, fork.label, fork.status) == (True, "shop-fork", "provisioning")
    assert (fork.fork.source, fork.fork.restore_time) == (database.id, sandbox.now.replace(microsecond=0))
    assert (fork.region, fork.type) == (database.region, database.type)
    assert f"{database.version}.".startswith(f"{fork.version}.")
    other = database.create_fork(database.created, label="second", cluster_size=3, type=STANDARD)
    assert (other.cluster_size, other.type.id, other.fork.restore_time) == (3, STANDARD, database.created)
    client.wait_for([fork, other], "active", timeout=1200)
    assert actions(client).count("database_create") == 3


def test_a_fork_needs_a_database_and_a_time_that_exist(sandbox, create, database):
    other = create("other")
    assert said(other.create_fork) == [
        ("The database to fork must be active, degraded or failed; it is provisioning", None)
    ]
    too_old = database.created.replace(year=2010)
    assert said(database.create_fork, too_old) == [("restore_time is not valid", "fork.restore_time")]


@pytest.mark.parametrize("name", ["mysql", "postgresql"])
def test_backups_are_daily_and_seven_are_kept(sandbox, database, listed):
    assert database.oldest_restore_time is None
    sandbox.advance(86_400)
    first = database.load().oldest_restore_time
    assert first is not None
    assert len(listed(database).available_restore_times) == 1
    sandbox.advance(9 * 86_400)
    assert (database.load().oldest_restore_time - first).days == 3
    assert len(listed(database).available_restore_times) == 7


@pytest.mark.parametrize("name", ["valkey"])
def test_valkey_shows_each_time_to_which_it_can_be_restored(sandbox, create, database, listed):
    """Recorded in September 2026: no ``oldest_restore_time``, and a ``fork`` only where there is one."""
    assert create("new").available_restore_times == []
    assert len(database.available_restore_times) == 1
    assert not database.raw.keys() & {"oldest_restore_time", "fork"}
    assert (database.oldest_restore_time, database.fork) == (None, None)
    sandbox.advance(86_400)
    assert database.load().available_restore_times == listed(database).available_restore_times
    assert len(database.available_restore_times) == 2
    assert "fork" in database.create_fork().raw


@pytest.mark.parametrize("name", ["valkey"])
def test_valkey_shows_the_hosts_that_it_has(sandbox, create):
    """Recorded for one node: no ``standby``; MySQL and PostgreSQL show null there."""
    assert create().raw["hosts"].keys() == {"primary", "endpoints"}
    assert create("more", cluster_size=3).raw["hosts"].keys() == {"primary", "standby", "endpoints"}


# -- deleting --------------------------------------------------------------------------------------------------------


def test_a_database_is_deleted(client, database):
    database.delete()
    with pytest.raises(NotFoundError):
        database.load()
    assert len(client.get_databases()) == 0
    assert actions(client) == ["database_create", "database_delete"]


def test_a_new_database_can_be_deleted_and_a_resized_one_cannot(sandbox, client, create):
    create("new").delete()
    sandbox.advance(601)
    assert len(client.get_databases()) == 0
    made = create()
    sandbox.advance(601)
    made.load().cluster_size = 3
    made.save()
    assert said(made.delete) == [
        ("A database can be deleted when it is active, failed or degraded; it is resizing", None)
    ]


# -- restricted users ------------------------------------------------------------------------------------------------


def test_restricted_users_see_and_change_what_they_were_granted(sandbox, client, create, database):
    second = create("other")
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    sandbox.grant("ada", database={database.id: "read_only"})
    with sandbox.world.transaction():
        ada = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    assert [each.id for each in ada.get_databases()] == [database.id]
    theirs = type(database)(ada, database.id)
    assert theirs.get_credentials().username == "akmadmin"
    for forbidden in (theirs.suspend, theirs.delete, type(second)(ada, second.id).load):
        with pytest.raises(AuthorizationError):
            forbidden()
    with pytest.raises(AuthorizationError):
        theirs.create_fork()
    sandbox.grant("ada", add_databases=True, database={database.id: "read_write"})
    fork = theirs.create_fork()
    assert {each.id for each in ada.get_databases()} == {database.id, fork.id}
    assert {each.id: each.permissions for each in ada.get_profile().grants().database} == {
        database.id: "read_write",
        second.id: None,
        fork.id: "read_write",
    }


def test_what_the_sandbox_does_not_know_of_an_engine_is_refused_without_a_word(database):
    database.engine_config = {"nothing": {"at": "all"}}
    with pytest.raises(ServerError, match="An error occurred"):
        database.save()
