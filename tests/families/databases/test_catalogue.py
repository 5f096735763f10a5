"""Engines, types and parameters, and what ``engine_config`` takes."""

from __future__ import annotations

import pytest
from asking import NANODE, ask

from linode import DatabaseEngine, DatabaseType
from linode.errors import ServerError

REGION = "us-iad"
"""A region with databases and VPCs."""


def test_engines_are_listed_filtered_and_read_without_a_token(sandbox, client):
    assert {"mysql/8", "postgresql/17"} <= {each.id for each in client.get_database_engines()}
    assert client.get_database_engines(DatabaseEngine.engine == "mysql").one().version == "8"
    assert DatabaseEngine(client, "postgresql/16").version == "16"
    for path in ("/databases/engines/mysql/8", "/databases/engines", "/databases/types", f"/databases/types/{NANODE}"):
        assert ask(sandbox, "GET", f"/v4{path}", token=None)[0] == 200
    assert ask(sandbox, "GET", "/v4/databases/mysql/config", token=None)[0] == 401


def test_types_tell_prices_by_engine_and_number_of_nodes(client):
    nanode = DatabaseType(client, NANODE)
    assert (nanode.class_, nanode.memory, nanode.disk, nanode.deprecated) == ("nanode", 1024, 9216, None)
    assert {each.quantity: each.price.monthly for each in nanode.engines.mysql} == {1: 16.0, 3: 37.0}
    assert len(client.get_database_types()) > 10


def test_parameters_stand_by_their_paths(client):
    mysql = client.get_mysql_config()
    assert (mysql["binlog_retention_period"].minimum, mysql["binlog_retention_period"].maximum) == (600, 2**53 - 1)
    timeout = mysql["mysql.connect_timeout"]
    assert (timeout.type, timeout.minimum, timeout.maximum, timeout.requires_restart) == ("integer", 2, 3600, False)
    zone = mysql["mysql.default_time_zone"]
    assert (zone.min_length, zone.max_length, zone.minimum) == (2, 100, None)
    assert mysql["mysql.internal_tmp_mem_storage_engine"].enum == ["TempTable", "MEMORY"]
    assert mysql["mysql.innodb_ft_server_stopword_table"].type == ["null", "string"]
    postgresql = client.get_postgresql_config()
    assert postgresql["pg.pg_partman_bgw.interval"].maximum == 604800
    assert postgresql["pglookout.max_failover_replication_time_lag"].default == 60
    assert postgresql["pg.password_encryption"].enum == ["md5", "scram-sha-256"]
    valkey = client.get_valkey_config()
    assert valkey["valkey_timeout"].maximum == 2073600
    assert valkey["valkey_pubsub_client_output_buffer_limit"].maximum == 262144
    restarting = {path for path, each in valkey.items() if each.requires_restart}
    assert restarting == {"valkey_number_of_databases", "valkey_persistence"}
    assert all(each.description for each in (*mysql.values(), *postgresql.values(), *valkey.values()))


def test_a_new_valkey_database_shows_the_parameters_that_have_a_default(client):
    """As linodego recorded it in September 2026."""
    defaults = {path: each.default for path, each in client.get_valkey_config().items() if each.default is not None}
    assert len(defaults) == 7
    assert client.create_valkey_database("shop", REGION, NANODE, "valkey/8.1").engine_config == defaults


def test_the_engines_of_valkey_have_a_minor_version(client):
    known = [each.id for each in client.get_database_engines() if each.engine == "valkey"]
    assert known == ["valkey/8.1", "valkey/9.0"]
    for each in known:
        assert client.create_valkey_database(each.replace("/", "-"), REGION, NANODE, each).version == each[7:]


def test_saved_parameters_are_merged_and_none_resets_one(client, postgresql):
    assert postgresql.engine_config["pg"] == {"password_encryption": "md5"}
    postgresql.engine_config = {
        "pg": {"password_encryption": "scram-sha-256", "jit": False, "pg_partman_bgw.role": "batch"},
        "work_mem": 8,
    }
    postgresql.save()
    assert postgresql.load().engine_config == {
        "pg": {"password_encryption": "scram-sha-256", "jit": False, "pg_partman_bgw.role": "batch"},
        "pg_stat_monitor_enable": False,
        "pglookout": {"max_failover_replication_time_lag": 60},
        "work_mem": 8,
    }
    postgresql.engine_config["pg"]["jit"] = True
    postgresql.save()
    assert postgresql.load().engine_config["pg"]["jit"] is True
    postgresql.engine_config = {"pg": {"password_encryption": None, "jit": None}, "work_mem": None}
    postgresql.save()
    assert postgresql.load().engine_config["pg"] == {"password_encryption": "md5", "pg_partman_bgw.role": "batch"}
    assert "work_mem" not in postgresql.engine_config


@pytest.mark.parametrize(
    ("engine", "good", "bad"),
    [
        ("mysql/8", {"mysql": {"connect_timeout": 3600}}, {"mysql": {"connect_timeout": 3601}}),
        ("mysql/8", {"mysql": {"connect_timeout": 2}}, {"mysql": {"connect_timeout": "2"}}),
        ("mysql/8", {"mysql": {"sql_require_primary_key": False}}, {"mysql": {"sql_require_primary_key": 0}}),
        ("mysql/8", {"mysql": {"net_read_timeout": 1}}, {"mysql": {"net_read_timeout": True}}),
        ("mysql/8", {"mysql": {"sql_mode": "ANSI"}}, {"mysql": {"sql_mode": "ansi;"}}),
        ("mysql/8", {"mysql": {"default_time_zone": "+03:00"}}, {"mysql": {"default_time_zone": "x"}}),
        ("mysql/8", {"binlog_retention_period": 600}, {"binlog_retention_period": 599}),
        (
            "mysql/8",
            {"mysql": {"internal_tmp_mem_storage_engine": "MEMORY"}},
            {"mysql": {"internal_tmp_mem_storage_engine": "DISK"}},
        ),
        ("postgresql/17", {"shared_buffers_percentage": 20}, {"shared_buffers_percentage": 61.5}),
        ("postgresql/17", {"pg": {"bgwriter_lru_multiplier": 9.5}}, {"pg": {"timezone": "Europe Berlin"}}),
        ("postgresql/17", {"synchronous_replication": "off"}, {"synchronous_replication": 1}),
        ("valkey/8.1", {"valkey_timeout": 0}, {"valkey_timeout": -1}),
        ("valkey/8.1", {"valkey_persistence": "rdb"}, {"valkey_persistence": "aof"}),
        ("valkey/8.1", {"frequent_snapshots": True}, {"mysql": {"connect_timeout": 20}}),
    ],
)
def test_values_are_checked_against_the_catalogue(sandbox, client, engine, good, bad):
    create = getattr(client, f"create_{engine.partition('/')[0]}_database")
    made = create("good", REGION, NANODE, engine, engine_config=good)
    for name, value in good.items():
        kept = made.engine_config[name]
        assert kept == value if not isinstance(value, dict) else kept.items() >= value.items()
    with pytest.raises(ServerError, match="An error occurred"):
        create("bad", REGION, NANODE, engine, engine_config=bad)
    sandbox.advance(601)
    made.load().engine_config = bad
    with pytest.raises(ServerError, match="An error occurred"):
        made.save()
    assert len(client.get_databases()) == 1


def test_types_are_filtered_by_their_disk(client):
    """The vendor's tests filter by it."""
    size = client.get_database_types()[0].disk
    found = client.get_database_types(DatabaseType.disk == size)
    assert {each.disk for each in found} == {size}
    assert len(found) < len(client.get_database_types())
