"""The official client over the families that came later: interfaces, reserved addresses, shares, locks, monitoring."""

from __future__ import annotations

import sys

from linode_api4 import LinodeClient
from linode_api4.errors import ApiError
from linode_api4.objects import (
    ImageShareGroupImagesToAdd,
    ImageShareGroupImageToAdd,
    InterfaceGeneration,
    LinodeInterfaceOptions,
    LinodeInterfacePublicOptions,
    LinodeInterfaceVLANOptions,
    LinodeInterfaceVPCOptions,
    ReservedIPAddress,
)
from patience import refused, retried, until

REGION, PASSWORD = "us-sea", "correct-Horse-9-battery"


def fresh(obj, name):
    """A field of *obj*, read anew."""
    obj.invalidate()
    return getattr(obj, name)


def interfaces(client):
    """Of the Linode itself: added before it boots, one of each kind; upgraded ones; the settings."""
    vpc = client.vpcs.create("net", REGION, ipv6=[{"range": "auto"}])
    subnet = vpc.subnet_create("front", ipv4="10.0.4.0/24", ipv6=[{"range": "auto"}])
    linode = client.linode.instance_create(
        "g6-nanode-1", REGION, label="bare", interface_generation=InterfaceGeneration.LINODE, booted=False
    )
    public = linode.interface_create(firewall_id=-1, public=LinodeInterfacePublicOptions())
    assert public.public.ipv4.addresses[0].address == linode.ipv4[0]
    inner = linode.interface_create(firewall_id=-1, vpc=LinodeInterfaceVPCOptions(subnet_id=subnet.id))
    assert len(inner.vpc.ipv6.slaac) == 1
    linode.interface_create(vlan=LinodeInterfaceVLANOptions(vlan_label="lan", ipam_address="10.0.0.5/24"))
    assert [each.label for each in client.networking.vlans()] == ["lan"]
    assert len(fresh(linode, "linode_interfaces")) == 3
    settings = linode.interfaces_settings
    assert settings.default_route.ipv4_interface_id == public.id
    settings.network_helper = False
    settings.save()
    public.delete()
    assert len(fresh(linode, "ipv4")) == 1, "the address stays"
    old = client.linode.instance_create(
        "g6-nanode-1", REGION, label="old", image="linode/debian12", root_pass=PASSWORD, booted=False
    )
    assert old.upgrade_interfaces(dry_run=True).interfaces[0].mac_address
    assert old.upgrade_interfaces(config=old.configs[0], dry_run=False).interfaces[0].public is not None
    for each in (linode, old):
        until("offline", lambda each=each: fresh(each, "status"))
        each.delete()
    retried(subnet.delete, ApiError)
    vpc.delete()


def reserved_addresses(client):
    reserved = client.networking.reserved_ip_create(region=REGION, tags=["kept"])
    options = LinodeInterfaceOptions(
        public=LinodeInterfacePublicOptions.from_json({"ipv4": {"addresses": [{"address": reserved.address}]}}),
        firewall_id=-1,
    )
    linode = client.linode.instance_create(
        "g6-nanode-1", REGION, label="fixed", interface_generation=InterfaceGeneration.LINODE, interfaces=[options]
    )
    assert linode.ipv4 == [reserved.address]
    linode.delete()
    assert client.networking.reserved_ips(ReservedIPAddress.address == reserved.address).first().linode_id is None
    (tag,) = client.tags()
    assert [each.address for each in tag.objects] == [reserved.address]
    reserved.delete()
    assert len(client.networking.reserved_ips()) == 0
    assert len(client.networking.ipv6_ranges()) == 0


def images_and_locks(client):
    linode = client.linode.instance_create(
        "g6-nanode-1", REGION, label="web", image="linode/debian12", root_pass=PASSWORD
    )
    until("running", lambda: fresh(linode, "status"))
    image = client.images.create(linode.disks[0], label="golden")
    until("available", lambda: fresh(image, "status"))
    assert client.images()[0].id == image.id, "new images are on top"
    group = client.sharegroups.create_sharegroup(label="shared", description="for all")
    group.add_images(ImageShareGroupImagesToAdd(images=[ImageShareGroupImageToAdd(id=image.id, label="gold")]))
    assert [each.label for each in group.get_image_shares()] == ["gold"]
    group.delete()
    image.delete()
    lock = client.locks.create("linode", linode.id, "cannot_delete")
    refused(linode.delete, ApiError, "lock")
    lock.delete()
    retried(linode.delete, ApiError)


def monitoring(client):
    assert "dbaas" in {each.service_type for each in client.monitor.services()}
    channel = client.monitor.alert_channels()[0]
    rule = {"aggregate_function": "avg", "metric": "memory_usage", "operator": "gt", "threshold": 90}
    condition = {"criteria_condition": "ALL", "polling_interval_seconds": 300, "trigger_occurrences": 1}
    alert = client.monitor.create_alert_definition(
        "dbaas",
        label="memory",
        severity=1,
        channel_ids=[channel.id],
        rule_criteria={"rules": [rule]},
        trigger_conditions={**condition, "evaluation_period_seconds": 300},
    )
    assert "memory" in {each.label for each in client.monitor.alert_definitions(service_type="dbaas")}
    alert.delete()
    assert len(client.monitor.destinations()) == 0


def profile_and_catalogues(client):
    assert client.profile().username
    assert len(client.regions.availability()) > 100
    assert {each.slug for each in client.maintenance.maintenance_policies()} >= {"linode/migrate"}
    assert client.beta.betas()[0].label
    assert len(client.account.enrolled_betas()) == 0
    assert len(client.account.availabilities()) > 20
    assert len(client.account.logins()) >= 0
    app = client.account.oauth_client_create("shop", "https://shop.example.com/back")
    assert app.reset_secret()
    app.delete()
    template = client.networking.firewall_templates()[0]
    assert template.rules.inbound_policy
    assert client.networking.firewall_settings().default_firewall_ids is not None
    assert client.networking.transfer_prices()[0].id
    assert client.linode.types()[0].id
    assert client.volumes.types()[0].price.monthly


def main(address, token):
    client = LinodeClient(token, base_url=f"{address}/v4beta")
    interfaces(client)
    reserved_addresses(client)
    images_and_locks(client)
    monitoring(client)
    profile_and_catalogues(client)
    print("the story is told")


main(*sys.argv[1:])
