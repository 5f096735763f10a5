"""The wait of every object that the API changes by itself, over both clients."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION

import linode
from linode import LinodeClient, MonitorService, NFSFilesystem, NodeBalancerNode
from linode.errors import WaitTimeoutError
from linode.sandbox.families.linodes.rows import settings
from linode.waiting.waitable import Waitable

TIB = 2**40
WEB: Any = {"endpoint_url": "https://example.com/logs", "data_compression": "none"}


def waitable(cls: type[Waitable] = Waitable) -> Iterator[str]:
    """The names of the classes with a wait that are no base of others."""
    if not cls.__subclasses__():
        yield cls.__name__
    for each in cls.__subclasses__():
        yield from waitable(each)


def running(client: LinodeClient) -> Any:
    made = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, private_ip=True, boot_size=4000)
    made.wait()
    return made


def snapshot(client: LinodeClient) -> Any:
    linode = running(client)
    linode.enable_backups()
    return linode.snapshot("before")


def alert_definition(client: LinodeClient) -> Any:
    rule: Any = {"metric": "vm_cpu_time_total", "aggregate_function": "avg", "operator": "gt", "threshold": 90}
    trigger: Any = {
        "criteria_condition": "ALL",
        "evaluation_period_seconds": 300,
        "polling_interval_seconds": 300,
        "trigger_occurrences": 3,
    }
    service = MonitorService(client, "linode")
    return service.create_alert_definition(
        "busy", 1, [10000], rule_criteria={"rules": [rule]}, trigger_conditions=trigger
    )


def log_stream(client: LinodeClient) -> Any:
    return client.create_log_stream("audit", "audit_logs", [client.create_log_destination("web", "custom_https", WEB)])


def node_of_cluster(client: LinodeClient) -> Any:
    cluster = client.create_lke_cluster("prod", REGION, "1.29", [{"type": "g6-standard-1", "count": 1}])
    return cluster.pools.one().nodes[0]


def node_of_nodebalancer(client: LinodeClient) -> NodeBalancerNode:
    config = client.create_nodebalancer(REGION, label="front").create_config(port=80, check="connection")
    return config.create_node("web", f"{running(client).private_ipv4}:80")


def space(client: LinodeClient) -> Any:
    made = client.create_nfs_space("projects")
    made.wait()
    return made


def filesystem(client: LinodeClient) -> NFSFilesystem:
    made = space(client).create_filesystem("home", REGION, TIB)
    made.wait()
    return made


def changed_quota(client: LinodeClient) -> Any:
    quota = filesystem(client).create_quota("/team", TIB // 2, 5000)
    quota.max_file_count = 6000
    quota.save()
    return quota


def ldap_config(client: LinodeClient) -> Any:
    return space(client).update_ldap_config(url="ldaps://ldap.example.com", base_dn="dc=example")


MADE: dict[str, Any] = {
    "AlertDefinition": alert_definition,
    "Backup": snapshot,
    "Disk": lambda client: running(client).create_disk(2000),
    "Image": lambda client: client.create_image(running(client).disks[0], label="image"),
    "LKENode": node_of_cluster,
    "Linode": lambda client: client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD),
    "LogStream": log_stream,
    "ManagedService": lambda client: client.create_managed_service("web", "url", "https://example.com", 30),
    "MySQLDatabase": lambda client: client.create_mysql_database("shop", REGION, NANODE, "mysql/8"),
    "NFSFilesystem": lambda client: space(client).create_filesystem("home", REGION, TIB),
    "NFSFilesystemAccessPolicy": lambda client: filesystem(client).update_access_policy(enabled=True),
    "NFSLDAPConfig": ldap_config,
    "NFSQuota": changed_quota,
    "NFSSnapshot": lambda client: filesystem(client).create_snapshot("before"),
    "NFSSpace": lambda client: client.create_nfs_space("projects"),
    "NFSSpaceAccessPolicy": lambda client: space(client).update_access_policy(enabled=True),
    "NodeBalancerNode": node_of_nodebalancer,
    "PostgreSQLDatabase": lambda client: client.create_postgresql_database("data", REGION, NANODE, "postgresql/16"),
    "ValkeyDatabase": lambda client: client.create_valkey_database("cache", REGION, NANODE, "valkey/8.1"),
    "Volume": lambda client: client.create_volume("data", region=REGION),
}


def test_every_class_with_a_wait_is_tried():
    for name in linode.__all__:
        getattr(linode, name)
    assert sorted(waitable()) == sorted(MADE)


@pytest.mark.parametrize("name", MADE)
def test_a_wait_ends_when_the_object_is_ready(sandbox, name):
    """A new object has another status at first; its class names the status and the seconds to wait."""
    with sandbox.world.transaction():
        settings(sandbox.world)["managed"] = True
    made = MADE[name](sandbox.client())
    assert type(made).__name__ == name
    assert made.status != made.wait_status
    with pytest.raises(WaitTimeoutError):
        made.wait(timeout=0)
    made.wait()
    assert made.status == made.wait_status


def test_an_awaited_wait_ends_when_the_object_is_ready(sandbox):
    async def waited() -> Any:
        async with sandbox.async_client() as client:
            volume = await client.create_volume("data", region=REGION)
            await volume.wait()
            await volume.resize(40)
            await volume.wait(["resizing", "offline"], timeout=60)
            return volume

    assert asyncio.run(waited()).status == "resizing"


def test_facts_of_a_wait_are_no_names_for_users(sandbox):
    """``dir()`` has the method alone."""
    names = dir(sandbox.client().create_volume("data", region=REGION))
    assert "wait" in names
    assert not {"wait_status", "wait_timeout"} & {*names}
