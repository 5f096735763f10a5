"""The official client over the families that infrastructure stands on: one story a family."""

from __future__ import annotations

import base64
import sys

from linode_api4 import Firewall, Image, LinodeClient, NodeBalancer, Volume
from linode_api4.errors import ApiError
from linode_api4.objects import LKECluster, PlacementGroupPolicy, PlacementGroupType
from patience import retried, until

PASSWORD = "correct-Horse-9-battery"


def fresh(obj, name):
    """A field of *obj*, read anew."""
    obj.invalidate()
    return getattr(obj, name)


def refused(act, *words):
    """The status of the refusal of *act*."""
    try:
        act()
    except ApiError as error:
        assert all(each in str(error) for each in words), error
        return error.status
    raise AssertionError("not refused")


def machine(client, label, region="us-sea"):
    linode = client.linode.instance_create(
        "g6-standard-1", region, image="linode/debian12", label=label, root_pass=PASSWORD, private_ip=True
    )
    until("running", lambda: fresh(linode, "status"))
    return linode


def volumes(client, linode):
    volume = client.volume_create("data", linode=linode, size=20, tags=["disk"])
    until("active", lambda: fresh(volume, "status"))
    assert fresh(volume, "linode_id") == linode.id
    assert [each.id for each in linode.volumes()] == [volume.id]
    assert refused(volume.delete) == 400
    volume.detach()
    until(None, lambda: fresh(volume, "linode_id"))
    volume.resize(30)
    until("active", lambda: fresh(volume, "status"))
    copy = volume.clone("copy")
    until("active", lambda: fresh(copy, "status"))
    assert client.volumes(Volume.label == "copy").first().size == 30
    for each in (volume, copy):
        retried(each.delete, ApiError)
    assert len(client.volumes()) == 0


def firewalls(client, linode):
    rules = {
        "inbound": [
            {
                "action": "ACCEPT",
                "protocol": "TCP",
                "ports": "22",
                "addresses": {"ipv4": ["0.0.0.0/0"], "ipv6": ["::/0"]},
                "label": "ssh",
            }
        ],
        "inbound_policy": "DROP",
        "outbound": [],
        "outbound_policy": "ACCEPT",
    }
    wall = client.networking.firewall_create("wall", rules, devices={"linodes": [linode.id]})
    assert [each.entity.id for each in wall.devices] == [linode.id]
    wall.update_rules({**rules, "inbound": []})
    assert fresh(wall, "rules").version == 2
    assert len(wall.rule_versions["data"]) == 2
    assert wall.get_rule_version(1) is not None
    wall.status = "disabled"
    wall.save()
    wall.devices[0].delete()
    assert len(fresh(wall, "devices")) == 0
    assert client.networking.firewalls(Firewall.label == "wall").first().id == wall.id
    assert refused(lambda: client.networking.firewall_create("wall", rules), "Label must be unique") == 400
    wall.delete()


def vpcs(client):
    vpc = client.vpcs.create("net", "us-sea", description="a net")
    subnet = vpc.subnet_create("front", ipv4="10.0.4.0/24")
    assert refused(lambda: vpc.subnet_create("over", ipv4="10.0.4.0/25")) == 400
    linode = client.linode.instance_create(
        "g6-nanode-1",
        "us-sea",
        image="linode/debian12",
        label="inside",
        root_pass=PASSWORD,
        interfaces=[{"purpose": "vpc", "subnet_id": subnet.id, "primary": True}],
    )
    until("running", lambda: fresh(linode, "status"))
    assert [each.id for each in fresh(subnet, "linodes")] == [linode.id]
    assert vpc.ips[0].address == "10.0.4.2"
    assert refused(vpc.delete) == 400
    retried(linode.delete, ApiError)
    retried(subnet.delete, ApiError)
    retried(vpc.delete, ApiError)


def nodebalancers(client, linode):
    balancer = client.nodebalancer_create("us-sea", label="balancer")
    config = balancer.config_create(port=80, protocol="http")
    private = linode.ips.ipv4.private[0].address
    node = config.node_create("one", f"{private}:80", weight=50)
    until("UP", lambda: fresh(node, "status"))
    assert fresh(config, "nodes_status").up == 1
    balancer.label = "balancer-2"
    balancer.save()
    assert client.nodebalancers(NodeBalancer.label == "balancer-2").first().id == balancer.id
    node.delete()
    config.delete()
    balancer.delete()


def groups_and_tags(client, linode):
    group = client.placement.group_create(
        "apart", "us-sea", PlacementGroupType.anti_affinity_local, PlacementGroupPolicy.flexible
    )
    group.assign([linode])
    assert [each.linode_id for each in fresh(group, "members")] == [linode.id]
    assert refused(group.delete) == 400
    group.unassign([linode])
    group.delete()
    tag = client.tag_create("green", instances=[linode])
    assert [each.id for each in tag.objects] == [linode.id]
    assert "green" in {each.label for each in client.tags()}
    tag.delete()
    assert fresh(linode, "tags") == []


def clusters(client):
    version = client.lke.versions()[0].id
    pools = [client.lke.node_pool("g6-standard-1", 2)]
    cluster = client.lke.cluster_create("us-sea", "kube", version, pools)
    until({"ready"}, lambda: {each.status for each in fresh(cluster, "pools")[0].nodes})
    assert "clusters" in base64.b64decode(retried(lambda: fresh(cluster, "kubeconfig"), ApiError)).decode()
    pool = fresh(cluster, "pools")[0]
    pool.count = 3
    pool.save()
    until(3, lambda: len(fresh(cluster, "pools")[0].nodes))
    assert client.lke.clusters(LKECluster.label == "kube").first().id == cluster.id
    cluster.delete()


def databases(client):
    database = client.database.mysql_create("store", "us-sea", "mysql/8", "g6-nanode-1")
    until("active", lambda: fresh(database, "status"))
    before = database.credentials.password
    database.credentials_reset()
    database.invalidate()
    assert database.credentials.password != before
    assert [each.id for each in client.database.instances()] == [database.id]
    database.delete()


def images(client, linode):
    image = client.images.create(linode.disks[0], label="golden", description="the first")
    until("available", lambda: fresh(image, "status"))
    image.label = "gold"
    image.save()
    assert client.images(Image.label == "gold").first().id == image.id
    image.delete()
    assert refused(lambda: Image(client, image.id)._api_get()) == 404


def storage_and_account(client):
    bucket = client.object_storage.bucket_create("us-sea", "bucket")
    assert client.object_storage.buckets()[0].label == bucket.label
    keys = client.object_storage.keys_create("key")
    assert len(keys.secret_key) == 40
    keys.delete()
    bucket.delete()
    watcher = client.longview.client_create(label="watcher")
    watcher.delete()
    ticket = client.support.ticket_open("Help", "It is slow")
    ticket.post_reply("It is fast again")
    assert len(fresh(ticket, "replies")) == 1
    user = client.account.user_create("ada@example.com", "ada", restricted=True)
    assert "ada" in {each.username for each in client.account.users()}
    grants = user.grants
    grants.global_grants.add_linodes = True
    grants.save()
    user.delete()
    assert client.account().email
    assert client.account.settings().network_helper in (True, False)
    assert len(client.account.invoices()) >= 0


def main(address, token):
    client = LinodeClient(token, base_url=f"{address}/v4")
    linode = machine(client, "peer")
    volumes(client, linode)
    firewalls(client, linode)
    vpcs(client)
    nodebalancers(client, linode)
    groups_and_tags(client, linode)
    clusters(client)
    databases(client)
    images(client, linode)
    storage_and_account(client)
    print("the story is told")


if __name__ == "__main__":
    main(*sys.argv[1:])
