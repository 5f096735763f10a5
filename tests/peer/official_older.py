"""Older versions of the official client, over the families that they knew."""

from __future__ import annotations

import base64
import datetime as dt
import inspect
import sys
import warnings

from patience import refused, retried, until

with warnings.catch_warnings():
    warnings.simplefilter("ignore", UserWarning)  # it asks pkg_resources for its own version
    from linode_api4 import Image, Instance, LinodeClient, NodeBalancer, Region, Type, Volume
    from linode_api4.errors import ApiError

PASSWORD = "correct-Horse-9-battery"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJlYWxseSBub3QgYSBrZXkgYnV0IHZhbGlkIHRleHQh ada@example.com"
REGION = "us-sea"


def fresh(obj, name):
    """A field of *obj*, read anew."""
    obj.invalidate()
    return getattr(obj, name)


def busy(operation):
    """Run *operation* as soon as the Linode is not busy any more."""
    return retried(operation, ApiError)


def catalogue(client):
    assert len(client.regions()) > 20
    assert client.regions(Region.country == "us").first().country == "us"
    assert client.linode.types(Type.label == "Nanode 1GB").first().id == "g6-nanode-1"
    assert client.linode.types(Type.memory >= 4096).first().memory >= 4096
    assert len(client.linode.kernels()) > 300
    assert client.images(Image.vendor == "Debian")[0].vendor == "Debian"


def machine(client, label, **options):
    options = {"image": "linode/debian12", "root_pass": PASSWORD, **options}
    linode = client.linode.instance_create("g6-standard-1", REGION, label=label, **options)
    until("running", lambda: fresh(linode, "status"))
    return linode


def instances(client):
    """Boots and stops, disks, configurations, a rebuild, a rescue, a clone, backups, statistics."""
    made, password = client.linode.instance_create("g6-nanode-1", REGION, image="linode/debian12", label="keyless")
    assert len(password) > 10
    made.delete()
    script = client.linode.stackscript_create("setup", "#!/bin/sh\necho hello\n", "linode/debian12", desc="greets")
    linode = machine(client, "old", stackscript=script, authorized_keys=KEY, tags=["old"], private_ip=True)
    assert client.linode.instances(Instance.label == "old").first().id == linode.id
    assert (linode.type.memory, linode.region.country, linode.image.vendor) == (2048, "us", "Debian")
    assert sorted(each.filesystem for each in linode.disks) == ["ext4", "swap"]
    assert linode.configs[0].devices.sda.id in {each.id for each in linode.disks}
    linode.label, linode.tags = "older", ["old", "web"]
    linode.save()
    assert (fresh(linode, "label"), linode.tags) == ("older", ["old", "web"])
    busy(linode.reboot)
    until("running", lambda: fresh(linode, "status"))
    assert {"linode_boot", "linode_reboot"} <= {each.action for each in client.account.events()}
    event = client.account.events()[0]
    client.account.events_mark_seen(event)
    assert fresh(event, "seen") is True

    busy(lambda: linode.rebuild("linode/debian12", root_pass=PASSWORD))
    until("running", lambda: fresh(linode, "status"))
    busy(linode.shutdown)
    until("offline", lambda: fresh(linode, "status"))
    busy(linode.disks[1].delete)
    until(1, lambda: len(fresh(linode, "disks")))
    disk = busy(lambda: linode.disk_create(256, label="data", filesystem="ext4"))
    until("ready", lambda: fresh(disk, "status"))
    busy(lambda: disk.resize(300))
    until((300, "ready"), lambda: (fresh(disk, "size"), disk.status))
    config = linode.config_create(kernel="linode/grub2", label="both", disks=list(linode.disks))
    config.comments = "two disks"
    config.save()
    assert fresh(config, "comments") == "two disks"
    busy(lambda: linode.boot(config))
    until("running", lambda: fresh(linode, "status"))
    busy(lambda: linode.rescue(linode.disks[0].id))
    until("running", lambda: fresh(linode, "status"))
    copy = busy(lambda: linode.clone(region=REGION, service="g6-standard-1", label="copy"))
    until("offline", lambda: fresh(copy, "status"))
    assert len(copy.disks) == 2

    linode.enable_backups()
    busy(lambda: linode.snapshot("before"))
    until(None, lambda: Instance(client, linode.id).available_backups.snapshot.in_progress)
    assert Instance(client, linode.id).available_backups.snapshot.current.label == "before"
    linode.cancel_backups()
    busy(lambda: linode.resize("g6-standard-2"))
    until("g6-standard-2", lambda: fresh(linode, "type").id)
    until("running", lambda: fresh(linode, "status"))
    assert "data" in retried(lambda: linode.stats, ApiError, "unavailable")
    script.delete()
    return linode, copy


def addresses(client, linode, copy):
    first = linode.ips.ipv4.public[0]
    assert first.address == linode.ipv4[0]
    assert first.linode_id == linode.id
    assert len(linode.ips.ipv4.private) == 1
    more = linode.ip_allocate(public=True)
    assert more.address in {each.address for each in client.networking.ips()}
    assert client.networking.ip_allocate(linode, public=True).linode_id == linode.id
    client.networking.ips_assign(REGION, more.to(copy))
    assert more.address in fresh(copy, "ipv4")
    assert len(client.networking.ipv6_ranges()) == 0
    assert len(client.networking.ipv6_pools()) == 0


def volumes(client, linode):
    volume = client.volume_create("data", region=REGION, size=20)
    until("active", lambda: fresh(volume, "status"))
    busy(lambda: volume.attach(linode))
    until(linode.id, lambda: fresh(volume, "linode_id"))
    busy(volume.detach)
    until(None, lambda: fresh(volume, "linode_id"))
    volume.resize(30)
    until((30, "active"), lambda: (fresh(volume, "size"), volume.status))
    copy = volume.clone("copy")
    until("active", lambda: fresh(copy, "status"))
    assert client.volumes(Volume.label == "copy").first().size == 30
    for each in (volume, copy):
        busy(each.delete)
    assert len(client.volumes()) == 0


def domains(client):
    domain = client.domain_create("example.com", master=True, soa_email="admin@example.com")
    record = domain.record_create("A", name="www", target="192.0.2.10")
    domain.record_create("MX", target="mail.example.com", priority=10)
    assert sorted(each.type for each in fresh(domain, "records")) == ["A", "MX"]
    record.target = "192.0.2.11"
    record.save()
    assert fresh(record, "target") == "192.0.2.11"
    slave = client.domain_create("example.net", master=False, master_ips=["192.0.2.1"])
    assert slave.type == "slave"
    for each in (domain, slave):
        each.delete()
    assert len(client.domains()) == 0


def nodebalancers(client, linode):
    balancer = client.nodebalancer_create(REGION, label="balancer")
    config = balancer.config_create(port=80, protocol="http")
    node = config.node_create("one", f"{linode.ips.ipv4.private[0].address}:80", weight=50)
    until("UP", lambda: fresh(node, "status"))
    assert [each.id for each in config.nodes] == [node.id]
    assert config.algorithm == "roundrobin", "a change before the fields are read is lost in these versions"
    config.algorithm = "leastconn"
    config.save()
    assert fresh(config, "algorithm") == "leastconn"
    assert balancer.client_conn_throttle == 0
    balancer.client_conn_throttle = 5
    balancer.save()
    assert client.nodebalancers(NodeBalancer.label == "balancer").first().client_conn_throttle == 5
    for each in (node, config, balancer):
        each.delete()


def images_and_tags(client, linode):
    image = busy(lambda: client.image_create(linode.disks[0], label="golden", description="the first"))
    until(True, lambda: fresh(image, "size") > 0)
    image.label = "gold"
    image.save()
    assert client.images(Image.label == "gold").first().id == image.id
    image.delete()
    tag = client.tag_create("green", instances=[linode])
    assert [each.id for each in tag.objects] == [linode.id]
    tag.delete()
    assert "green" not in fresh(linode, "tags")


def account(client):
    assert "@" in client.account().email
    settings = client.account.settings()
    settings.network_helper = not settings.network_helper
    settings.save()
    assert len(client.account.invoices()) >= 0
    assert len(client.account.payments()) >= 0
    assert client.account.transfer().quota > 0
    app = client.account.oauth_client_create("shop", "https://shop.example.com/back")
    before = app.secret
    assert app.reset_secret() != before
    app.label = "market"
    app.save()
    assert "market" in {each.label for each in client.account.oauth_clients()}
    app.delete()
    user = client.account.user_create("ada@example.com", "ada", restricted=True)
    grants = user.grants
    grants.global_grants.add_linodes = True
    grants.save()
    assert user.grants.global_grants.add_linodes is True
    user.delete()
    assert "ada" not in {each.username for each in client.account.users()}


def profile(client):
    mine = client.profile()
    assert mine.username
    mine.timezone = "Europe/Vienna"
    mine.save()
    token = client.profile.token_create(
        "job", expiry=dt.datetime(2099, 1, 1, tzinfo=dt.UTC), scopes="linodes:read_only"
    )
    other = LinodeClient(token.token, base_url=client.base_url)
    assert len(other.linode.instances()) >= 0
    refused(other.domains, ApiError, "not authorized")
    token.delete()
    assert "job" not in {each.label for each in client.profile.tokens()}
    key = client.profile.ssh_key_upload(KEY, "laptop")
    assert [each.label for each in client.profile.ssh_keys()] == ["laptop"]
    key.delete()
    assert len(client.profile.apps()) == 0


def support_and_longview(client):
    ticket = client.support.ticket_open("Help", "It is slow")
    ticket.post_reply("It is fast again")
    assert [each.description for each in fresh(ticket, "replies")] == ["It is fast again"]
    watcher = client.longview.client_create(label="watcher")
    watcher.label = "eye"
    watcher.save()
    assert [each.label for each in client.longview.clients()] == ["eye"]
    watcher.delete()


def clusters(client):
    version = client.lke.versions()[0]
    cluster = client.lke.cluster_create(REGION, "kube", [client.lke.node_pool("g6-standard-1", 2)], version)
    until({"ready"}, lambda: {each.status for each in fresh(cluster, "pools")[0].nodes})
    assert "clusters" in base64.b64decode(retried(lambda: fresh(cluster, "kubeconfig"), ApiError, "503")).decode()
    cluster.node_pool_create("g6-standard-1", 1)  # pools know no cluster in these versions, and cannot be saved
    until([2, 1], lambda: [each.count for each in fresh(cluster, "pools")])
    assert cluster.api_endpoints[0].endpoint.startswith("https://")
    cluster.delete()


def storage(client):
    assert client.object_storage.clusters()[0].domain.endswith("linodeobjects.com")
    access = client.object_storage.keys_create("all")
    assert len(access.secret_key) == 40
    assert [each.label for each in list(client.object_storage.keys())] == ["all"]
    access.delete()


def main(address, token):
    client = LinodeClient(token, base_url=f"{address}/v4")
    refused(LinodeClient("wrong", base_url=client.base_url).linode.instances, ApiError, "Invalid Token")
    catalogue(client)
    linode, copy = instances(client)
    addresses(client, linode, copy)
    volumes(client, linode)
    domains(client)
    nodebalancers(client, linode)
    images_and_tags(client, linode)
    account(client)
    profile(client)
    support_and_longview(client)
    if hasattr(client, "object_storage"):  # since 3.0
        storage(client)
    if hasattr(client, "lke") and "kube_version" in inspect.signature(client.lke.cluster_create).parameters:
        clusters(client)  # in 3.0 it asks at addresses that are none
    for each in (linode, copy):
        busy(each.delete)
    assert len(client.linode.instances()) == 0
    print("the story is told")


main(*sys.argv[1:])
