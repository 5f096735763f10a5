"""A world with one of everything, for tests that look at the whole API."""

from __future__ import annotations

from typing import Any

from linode import Linode, LinodeClient, NewInterface, NewNodeBalancerNode, NewVPCInterfaceIPv6, NewVPCSubnet
from linode.sandbox import Sandbox
from linode.sandbox.families.linodes.rows import settings

__all__ = ["furnish"]

RULES: Any = {
    "inbound": [{"action": "ACCEPT", "protocol": "TCP", "ports": "22"}],
    "inbound_policy": "DROP",
    "outbound_policy": "ACCEPT",
}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@example.com"


def furnish(sandbox: Sandbox) -> LinodeClient:
    """Create one object of most kinds, and let what takes time be done; returns a client."""
    with sandbox.world.transaction():
        settings(sandbox.world)["managed"] = True
    client = sandbox.client()
    _linodes(client)
    _vpcs(client)
    domain = client.create_domain("example.edu", soa_email="admin@example.edu")
    domain.create_record("A", name="www", target="198.51.100.7")
    client.create_firewall("wall", RULES)
    client.create_firewall_ruleset("shared", "inbound", RULES["inbound"])
    client.create_stackscript("script", "#!/bin/bash\necho", ["any/all"])
    client.create_bucket("bucket", region="us-sea")
    client.create_object_storage_key(label="key")
    _databases(client)
    client.create_longview_client(label="watch")
    client.create_managed_contact(name="Ada", group="ops")
    client.create_managed_credential("root", "secret")
    client.create_managed_service("service", "tcp", "example.com:80", 5)
    profile = client.get_profile()
    profile.create_sshkey("laptop", KEY)
    profile.create_token(label="ci")
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    sandbox.add_oauth_client("app", "https://example.com/callback")
    sandbox.advance(3600)
    return client


def _linodes(client: LinodeClient) -> None:
    linode, _ = client.create_linode("g6-standard-1", "us-east", image="linode/debian12", label="one", private_ip=True)
    client.create_linode("g6-nanode-1", "us-sea", label="empty")
    client.create_linode(
        "g6-nanode-1", "us-sea", label="own", interface_generation="linode", interfaces=[{"public": {}}]
    )
    client.create_volume("disk", region="us-east")
    client.create_placement_group("apart", "us-east", "anti_affinity:local", "flexible")
    linode.wait()
    linode.enable_backups()
    _nodebalancers(client, linode)
    client.create_image(linode.disks[0], label="image")


def _vpcs(client: LinodeClient) -> None:
    """A VPC with IPv6, and a Linode of each generation in it and in a VLAN."""
    subnets: list[NewVPCSubnet] = [{"label": "home", "ipv4": "10.0.0.0/24", "ipv6": [{"range": "auto"}]}]
    subnet = client.create_vpc("inside", "us-iad", ipv6=[{"range": "auto"}], subnets=subnets).subnets[0]
    old = client.create_linode("g6-nanode-1", "us-iad", label="in-vpc")
    config = old.create_config(label="vpc")
    ipv6: NewVPCInterfaceIPv6 = {"slaac": [{"range": "auto"}]}
    config.create_interface("vpc", subnet_id=subnet, ipv4={"nat_1_1": "any"}, ipv6=ipv6, ip_ranges=["10.0.0.64/28"])
    config.create_interface("vlan", label="lan")
    wanted: list[NewInterface] = [{"public": {}}, {"vpc": {"subnet_id": subnet}}, {"vlan": {"vlan_label": "lan"}}]
    client.create_linode("g6-nanode-1", "us-iad", label="own-vpc", interface_generation="linode", interfaces=wanted)


def _nodebalancers(client: LinodeClient, linode: Linode) -> None:
    """One with *linode* for its node, and one in a VPC."""
    private = next(each for each in linode.load().ipv4 if each.startswith("192.168."))
    nodes: list[NewNodeBalancerNode] = [{"label": "one", "address": f"{private}:80"}]
    client.create_nodebalancer("us-east", label="front", configs=[{"port": 80, "nodes": nodes}])
    vpc = client.create_vpc("behind", "us-iad", subnets=[{"label": "back", "ipv4": "10.0.0.0/24"}])
    client.create_nodebalancer("us-iad", label="private", vpcs=[{"subnet_id": vpc.subnets[0]}]).create_config()


def _databases(client: LinodeClient) -> None:
    client.create_mysql_database("shop", "us-east", "g6-nanode-1", "mysql/8")
    client.create_valkey_database("cache", "us-east", "g6-nanode-1", "valkey/8.1", cluster_size=3)
    postgresql = client.create_postgresql_database("data", "us-east", "g6-dedicated-2", "postgresql/16", cluster_size=2)
    postgresql.wait()
    postgresql.create_connection_pool("web", "session", 5, None)
