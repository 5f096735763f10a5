"""The vendor's command line over the families that infrastructure stands on: a few commands a family."""

from __future__ import annotations

import functools
import sys

from command_line import refused, settings_for, shown
from patience import until

REGION = "us-sea"


def main(address, token):
    settings = settings_for(address, token)
    cli, no = functools.partial(shown, settings), functools.partial(refused, settings)

    new = ("linodes", "create", "--type", "g6-nanode-1", "--region", REGION, "--image", "linode/debian12")
    (linode,) = cli(*new, "--label", "web", "--root_pass", "correct-Horse-9-battery", "--private_ip", "true")
    number = str(linode["id"])
    until("running", lambda: cli("linodes", "view", number)[0]["status"])

    (volume,) = cli("volumes", "create", "--label", "data", "--linode_id", number, "--size", "20")
    disk = str(volume["id"])
    until("active", lambda: cli("volumes", "view", disk)[0]["status"])
    assert [each["id"] for each in cli("linodes", "volumes", number)] == [volume["id"]]
    assert "Storage volumes can only be resized up" in no("volumes", "resize", disk, "--size", "10")
    cli("volumes", "detach", disk)
    until(None, lambda: cli("volumes", "view", disk)[0]["linode_id"])
    cli("volumes", "delete", disk)
    assert cli("volumes", "list", "--label", "data") == []

    policies = ("--rules.inbound_policy", "DROP", "--rules.outbound_policy", "ACCEPT")
    (wall,) = cli("firewalls", "create", "--label", "wall", *policies)
    assert "Label must be unique among your Cloud Firewalls" in no("firewalls", "create", "--label", "wall", *policies)
    (device,) = cli("firewalls", "device-create", str(wall["id"]), "--id", number, "--type", "linode")
    assert device["entity"]["id"] == linode["id"]
    cli("firewalls", "delete", str(wall["id"]))

    (vpc,) = cli("vpcs", "create", "--label", "net", "--region", REGION)
    (subnet,) = cli("vpcs", "subnet-create", str(vpc["id"]), "--label", "front", "--ipv4", "10.0.4.0/24")
    assert subnet["ipv4"] == "10.0.4.0/24"
    assert no("vpcs", "subnet-create", str(vpc["id"]), "--label", "over", "--ipv4", "10.0.4.0/25")
    assert [each["label"] for each in cli("vpcs", "list", "--label", "net")] == ["net"]
    cli("vpcs", "delete", str(vpc["id"]))

    (balancer,) = cli("nodebalancers", "create", "--region", REGION, "--label", "balancer")
    (config,) = cli("nodebalancers", "config-create", str(balancer["id"]), "--port", "80")
    private = cli("linodes", "ips-list", number)[0]["ipv4"]["private"][0]["address"]
    at = (str(balancer["id"]), str(config["id"]))
    (node,) = cli("nodebalancers", "node-create", *at, "--label", "one", "--address", f"{private}:80")
    until("UP", lambda: cli("nodebalancers", "node-view", *at, str(node["id"]))[0]["status"])
    cli("nodebalancers", "update", at[0], "--label", "balancer-2")
    assert [each["id"] for each in cli("nodebalancers", "list", "--label", "balancer-2")] == [balancer["id"]]
    assert no("nodebalancers", "config-create", at[0], "--port", "80")
    cli("nodebalancers", "delete", at[0])

    kind = ("--placement_group_type", "anti_affinity:local", "--placement_group_policy", "flexible")
    (group,) = cli("placement", "group-create", "--label", "apart", "--region", REGION, *kind)
    cli("placement", "assign-linode", str(group["id"]), "--linode", number)
    assert no("placement", "group-delete", str(group["id"]))
    cli("placement", "unassign-linode", str(group["id"]), "--linode", number)
    cli("placement", "group-delete", str(group["id"]))

    cli("tags", "create", "--label", "green", "--linodes", number)
    assert [each["label"] for each in cli("tags", "list")] == ["green"]

    kind = ("--type", "g6-nanode-1", "--engine", "mysql/8", "--region", REGION)
    (database,) = cli("databases", "mysql-create", "--label", "store", *kind)
    until("active", lambda: cli("databases", "mysql-view", str(database["id"]))[0]["status"])
    cli("databases", "mysql-delete", str(database["id"]))

    version = cli("lke", "versions-list")[0]["id"]
    pool = ("--node_pools.type", "g6-standard-1", "--node_pools.count", "1")
    (cluster,) = cli("lke", "cluster-create", "--label", "kube", "--region", REGION, "--k8s_version", version, *pool)
    until("ready", lambda: cli("lke", "pools-list", str(cluster["id"]))[0]["nodes"][0]["status"])
    cli("lke", "cluster-delete", str(cluster["id"]))

    (address,) = cli("linodes", "ip-add", number, "--type", "ipv4", "--public", "true")
    assert address["address"] in {each["address"] for each in cli("networking", "ips-list")}
    assert no("managed", "contacts-list")
    cli("account", "enable-managed")
    (contact,) = cli("managed", "contact-create", "--name", "Ada", "--email", "ada@example.com", "--group", "ops")
    assert [each["id"] for each in cli("managed", "contacts-list", "--group", "ops")] == [contact["id"]]
    cli("managed", "contact-delete", str(contact["id"]))

    root = str(cli("linodes", "disks-list", number)[0]["id"])
    (image,) = cli("images", "create", "--disk_id", root, "--label", "golden")
    until("available", lambda: cli("images", "view", image["id"])[0]["status"])
    cli("images", "update", image["id"], "--description", "the first")
    assert [each["id"] for each in cli("images", "list", "--label", "golden")] == [image["id"]]
    cli("images", "delete", image["id"])
    assert no("images", "view", image["id"])

    (watcher,) = cli("longview", "create", "--label", "watcher")
    cli("longview", "delete", str(watcher["id"]))
    (key,) = cli("object-storage", "keys-create", "--label", "key")
    assert len(key["secret_key"]) == 40
    cli("object-storage", "keys-delete", str(key["id"]))
    (ticket,) = cli("tickets", "create", "--summary", "Help", "--description", "It is slow", "--linode_id", number)
    assert cli("tickets", "view", str(ticket["id"]))[0]["status"] == "new"

    (user,) = cli("users", "create", "--username", "ada", "--email", "ada@example.com", "--restricted", "true")
    assert user["username"] in {each["username"] for each in cli("users", "list")}
    assert no("users", "create", "--username", "ada", "--email", "ada@example.com", "--restricted", "true")
    cli("users", "delete", "ada")
    print("the story is told")


if __name__ == "__main__":
    main(*sys.argv[1:])
