"""Servers with Apache Libcloud, whose driver has settings for the sandbox's host and port."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

from libcloud.common.types import InvalidCredsError, LibcloudError
from libcloud.compute.base import NodeImage
from libcloud.compute.providers import get_driver
from libcloud.compute.types import NodeState, Provider, StorageVolumeState
from patience import refused, retried, until

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJlYWxseSBub3QgYSBrZXkgYnV0IHZhbGlkIHRleHQh ada@example.com"


def main(address, token):
    where = urlsplit(address)
    own = {"host": where.hostname, "port": where.port, "secure": False}
    driver = get_driver(Provider.LINODE)(token, **own)
    refused(get_driver(Provider.LINODE)("wrong", **own).list_nodes, InvalidCredsError, "Invalid Token")

    sizes = {size.id: size for size in driver.list_sizes()}
    assert (sizes["g6-nanode-1"].ram, sizes["g6-nanode-1"].disk) == (1024, 25600)
    images = {image.id: image for image in driver.list_images()}
    assert images["linode/debian12"].extra["vendor"] == "Debian"
    assert driver.get_image("linode/debian12").name == images["linode/debian12"].name
    locations = {location.id: location for location in driver.list_locations()}
    assert locations["us-east"].country == "US"
    assert "Linodes" in locations["us-east"].extra["capabilities"]
    key = driver.create_key_pair("laptop", KEY)
    assert [(each.name, each.public_key) for each in driver.list_key_pairs()] == [("laptop", key.public_key)]

    node = driver.create_node(
        locations["us-east"],
        "web-1",
        sizes["g6-nanode-1"],
        images["linode/debian12"],
        root_pass="correct-Horse-9-battery",
        ex_authorized_keys=[KEY],
        ex_tags=["web"],
        ex_private_ip=True,
    )
    ((running, addresses),) = driver.wait_until_running([node], wait_period=0.05, timeout=60)
    assert addresses == running.public_ips == node.public_ips
    assert len(addresses) == len(running.private_ips) == 1
    assert (running.state, running.extra["tags"]) == (NodeState.RUNNING, ["web"])

    def state():
        return driver.ex_get_node(node.id).state

    assert driver.reboot_node(node)
    until(NodeState.REBOOTING, state)
    until(NodeState.RUNNING, state)
    assert driver.ex_rename_node(node, "web-2").name == "web-2"
    assert {each.inet for each in driver.ex_list_node_addresses(node)} == {*node.public_ips, *node.private_ips}
    assert {*node.public_ips} < {each.inet for each in driver.ex_list_addresses()}

    volumes(driver, running, locations["us-east"])

    assert driver.stop_node(node)
    until(NodeState.STOPPED, state)
    off = driver.ex_get_node(node.id)
    system, swap = driver.ex_list_disks(off)
    assert (system.filesystem, swap.filesystem) == ("ext4", "swap")
    assert retried(lambda: driver.ex_destroy_disk(off, swap), LibcloudError)
    until(1, lambda: len(driver.ex_list_disks(off)))
    data = retried(lambda: driver.ex_create_disk(256, "data", off, "ext4"), LibcloudError)
    until([256], lambda: [each.size for each in driver.ex_list_disks(off) if each.id == data.id])
    until(
        StorageVolumeState.AVAILABLE,
        lambda: next(each.state for each in driver.ex_list_disks(off) if each.id == data.id),
    )
    image = retried(lambda: driver.create_image(system, "golden", "A copy."), LibcloudError)
    until("golden", lambda: driver.get_image(image.id).name)
    assert driver.delete_image(NodeImage(image.id, image.name, driver))
    assert retried(lambda: driver.ex_resize_node(off, sizes["g6-standard-1"]), LibcloudError)
    until("g6-standard-1", lambda: driver.ex_get_node(node.id).size)
    retried(lambda: driver.start_node(off), LibcloudError)
    until(NodeState.RUNNING, state)
    assert retried(lambda: driver.destroy_node(off), LibcloudError)
    assert driver.list_nodes() == []
    print("the story is told")


def volumes(driver, node, location):
    """A volume is made, attached, detached, resized, copied and destroyed."""
    volume = driver.create_volume("data", 20, location=location, tags=["web"])

    def fresh():
        return driver.ex_get_volume(volume.id)

    until(StorageVolumeState.AVAILABLE, lambda: fresh().extra["state"])
    retried(lambda: driver.attach_volume(node, fresh()), LibcloudError)
    until(int(node.id), lambda: fresh().extra["linode_id"])
    assert retried(lambda: driver.detach_volume(fresh()), LibcloudError)
    until(None, lambda: fresh().extra["linode_id"])
    assert retried(lambda: driver.ex_resize_volume(fresh(), 30), LibcloudError)
    until((30, StorageVolumeState.AVAILABLE), lambda: (fresh().size, fresh().extra["state"]))
    copy = retried(lambda: driver.ex_clone_volume(fresh(), "data-2"), LibcloudError)
    until(StorageVolumeState.AVAILABLE, lambda: driver.ex_get_volume(copy.id).extra["state"])
    assert sorted(each.name for each in driver.list_volumes()) == ["data", "data-2"]
    for each in driver.list_volumes():
        assert driver.destroy_volume(each)
    until([], driver.list_volumes)


main(*sys.argv[1:])
