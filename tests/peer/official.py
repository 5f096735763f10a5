"""The official client, with the sandbox's address as its ``base_url``."""

from __future__ import annotations

import sys

from linode_api4 import Domain, Instance, LinodeClient, Region, Type
from linode_api4.errors import ApiError
from patience import retried, until


def fresh(obj, name):
    """A field of *obj*, read anew."""
    obj.invalidate()
    return getattr(obj, name)


def main(address, token):
    client = LinodeClient(token, base_url=f"{address}/v4")
    types = client.linode.types()
    assert len(types) > 20
    nanode = client.linode.types(Type.label == "Nanode 1GB").first()
    assert nanode.id == "g6-nanode-1"
    assert nanode.price.monthly == 5.0
    assert client.regions(Region.country == "us").first().country == "us"
    assert len(client.linode.kernels()) > 300

    linode = client.linode.instance_create(
        "g6-nanode-1", "us-east", image="linode/debian12", label="peer", root_pass="correct-Horse-9-battery"
    )
    assert linode.status == "provisioning"
    poller = client.polling.event_poller_create("linode", "linode_reboot", entity_id=linode.id)
    until("running", lambda: fresh(linode, "status"))
    assert client.linode.instances(Instance.label == "peer").first().id == linode.id
    assert [disk.filesystem for disk in linode.disks] == ["ext4", "swap"]
    assert linode.configs[0].devices.sda.id == linode.disks[0].id
    assert linode.ips.ipv4.public[0].address == linode.ipv4[0]

    linode.reboot()
    event = poller.wait_for_next_event_finished(timeout=60, interval=0.1)
    assert event.action == "linode_reboot"

    linode.label = "peer-2"
    linode.save()
    assert fresh(linode, "label") == "peer-2"
    linode.shutdown()
    until("offline", lambda: fresh(linode, "status"))
    swap = linode.disks[1]
    retried(swap.delete, ApiError)
    until(1, lambda: len(fresh(linode, "disks")))
    disk = retried(lambda: linode.disk_create(256, filesystem="ext4", label="data"), ApiError)
    until("ready", lambda: fresh(disk, "status"))
    retried(lambda: disk.resize(300), ApiError)
    until(300, lambda: fresh(disk, "size"))
    retried(lambda: linode.resize("g6-standard-1"), ApiError)
    until("g6-standard-1", lambda: fresh(linode, "type").id)
    until("offline", lambda: fresh(linode, "status"))
    retried(linode.boot, ApiError)
    until("running", lambda: fresh(linode, "status"))
    retried(linode.delete, ApiError)
    try:
        Instance(client, linode.id)._api_get()
    except ApiError as error:
        assert error.status == 404
    else:
        raise AssertionError("the deleted Linode is still there")

    domain = client.domain_create("example.com", soa_email="admin@example.com")
    record = domain.record_create("A", name="www", target="192.0.2.10")
    domain.record_create("MX", target="mail.example.com", priority=10)
    assert sorted(each.type for each in fresh(domain, "records")) == ["A", "MX"]
    record.target = "192.0.2.11"
    record.save()
    assert fresh(record, "target") == "192.0.2.11"
    assert client.domains(Domain.domain == "example.com").first().id == domain.id
    domain.delete()
    assert len(client.domains()) == 0
    print("the story is told")


main(*sys.argv[1:])
