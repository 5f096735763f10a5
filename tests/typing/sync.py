"""Code with the sync names that type checkers must accept, with the types that they must find. Checked, not run."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv4Address
from typing import assert_type

from linode import (
    ConfigDevice,
    Datacenter,
    Devices,
    Disk,
    Domain,
    DomainRecord,
    Event,
    EventAction,
    EventEntity,
    Filter,
    Firewall,
    FirewallRules,
    Image,
    InstanceMetadata,
    Job,
    Linode,
    LinodeClient,
    LinodeLoginClient,
    MetadataClient,
    MetadataWatch,
    NetworkMetadata,
    NetworkMetadataInterface,
    OAuthGrant,
    ObjectStorageBucket,
    RateLimit,
    Region,
    RequestInfo,
    ResourceList,
    ResponseInfo,
    StoredObject,
    Type,
    Volume,
    and_,
    or_,
)
from linode._model import Attribute

client = LinodeClient("token")
assert_type(LinodeClient(lambda: "token"), LinodeClient)
assert_type(LinodeClient.from_config("work", page_size=100), LinodeClient)
linode = Linode(client, 123)


def add_header(request: RequestInfo) -> dict[str, str]:
    """A hook that adds a header."""
    assert_type((request.method, request.path, request.attempt), tuple[str, str, int])
    return {"X-Trace": request.method}


def measure(response: ResponseInfo) -> None:
    """A hook that reads what there is to read."""
    assert_type((response.status, response.elapsed), tuple[int | None, float])
    assert_type(response.rate_limit, RateLimit | None)
    assert_type(response.error, Exception | None)


assert_type(LinodeClient(on_request=add_header, on_response=[measure, measure]), LinodeClient)
assert_type(client.with_options(timeout=5, headers={"X-Trace": "1"}), LinodeClient)
assert_type(client.with_options(timeout=None).get_types().first(), Type | None)
with client.responses() as responses:
    assert_type(responses, list[ResponseInfo])

# On the class: descriptions that make filters.
assert_type(Linode.label, Attribute[str])
assert_type(Linode.label == "web", Filter)
assert_type(Linode.label != "web", Filter)
assert_type(Linode.label.contains("web"), Filter)
assert_type(Linode.tags.contains("web"), Filter)
assert_type(Linode.tags == "web", Filter)
assert_type((Linode.label == "web") & (Linode.id > 10), Filter)
assert_type(or_(Linode.label == "a", Linode.label == "b", Linode.label == "c"), Filter)
assert_type(and_(Linode.label == "a") | (Linode.label == "b"), Filter)
assert_type(Linode.region == "us-east", Filter)
assert_type(Linode.datacenter == "dctr_1", Filter)
assert_type(Linode.region == linode.region, Filter)
assert_type(Linode.specs.memory > 2048, Filter)
assert_type(Linode.label.desc(), Filter)

# On an object: values.
assert_type(linode.id, int)
assert_type(linode.label, str)
assert_type(linode.created, datetime)
assert_type(linode.region, Region)
assert_type(linode.datacenter.label, str)
assert_type(linode.image, Image | None)
assert_type(linode.type, Type)
assert_type(linode.type.price.monthly, float)
assert_type(linode.alerts.cpu, int)
assert_type(linode.specs.memory, int)
assert_type(linode.disks, ResourceList[Disk])
assert_type(linode.disks[0].linode.label, str)
assert_type(linode.disks[1:], list[Disk])
for disk in linode.disks(Disk.label == "swap"):
    assert_type(disk, Disk)

# Words that the library does not know yet compare and match like the known ones, and what was read can be sent.
if linode.status == "resizing" or linode.status != "teleporting":
    linode.load()
if linode.status in ("running", "teleporting") or "Teleporting" in linode.region.capabilities:
    linode.load()
match linode.status:
    case "running":
        linode.shutdown()
    case "offline" | "teleported":
        linode.boot()
    case other:
        assert_type(other, str)
assert_type(Linode.status == "teleporting", Filter)
status: str = linode.status
action: EventAction = client.get_events()[0].action
if action == "linode_teleport":
    client.get_events(Event.action == action)
domain = client.create_domain("example.com", type=client.get_domains()[0].type)
domain.type = client.get_domains()[0].type
domain.create_record(domain.records[0].type, tag=domain.records[0].tag)
client.create_volume("data", encryption=client.get_volumes()[0].encryption)
linode.create_disk(1024, filesystem=linode.disks[0].filesystem)

# Slots that came later than others are known too.
assert_type(linode.configs[0].devices.sdbl, ConfigDevice | None)
linode.create_config(devices={"sda": {"disk_id": 1}, "sdaa": {"volume_id": 2}, "sdb": None})
devices: Devices = {"sdm": {"disk_id": linode.disks[0]}}
devices["sdbl"] = {"disk_id": 5}
for stream in client.get_log_streams():
    if stream.details is not None:
        stream.details.cluster_ids = [client.get_lke_clusters()[0], 5]
        assert_type(stream.details.cluster_ids, list[int])
for alert in client.get_alert_definitions():
    alert.entity_ids = [linode, "5"]
    assert_type(alert.entity_ids, list[str] | None)
linode.create_config(devices=devices)

# None only where the API sends null.
assert_type(client.get_firewalls()[0].rules, FirewallRules)
assert_type(client.get_events()[0].entity, EventEntity | None)
assert_type(linode.specs.disk, int)

linode.label = "web-1"
linode.tags = ["a"]
linode.alerts.cpu = 90
linode.save()
assert_type(linode.load(), Linode)

# Verbs: operations on objects, descriptions on classes.
linode.boot()
assert_type(client.execute(Linode.boot(linode)), Job)
assert_type(linode.reboot().wait(progress=True), Event | None)
for event in client.events(Event.action == "linode_boot"):
    assert_type(event, Event)
assert_type(linode.disks[0].clone(), Disk)
assert_type(client.get_volumes()[0].resize(40), Volume)
client.wait_for([linode], "running", progress=True)

# Lists and creation from the client.
assert_type(client.get_linodes(Linode.label == "web"), ResourceList[Linode])
assert_type(client.get_linodes()[0], Linode)
assert_type(client.get_datacenters(Datacenter.label.contains("Newark"))[0], Region)
assert_type(client.get_linodes().first(), Linode | None)
assert_type(client.create_linode("g6-nanode-1", "us-east"), Linode)
assert_type(client.create_linode("g6-nanode-1", "us-east", image="linode/debian12"), tuple[Linode, str])
assert_type(client.create_linode("g6-nanode-1", "us-east", source="linode/debian12"), tuple[Linode, str])
assert_type(client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", root_pass="x"), Linode)
assert_type(client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", root_pass=False), Linode)
assert_type(client.create_zone("example.com", soa_email="a@example.com"), Domain)
assert_type(client.create_domain("example.com").create_record("A", target="192.0.2.1"), DomainRecord)

assert_type(client.execute(Disk.clone(linode.disks[0])), Disk)

# Logging in.
with LinodeLoginClient("id", "secret", redirect_uri="https://app.example.com/") as login:
    assert_type(login, LinodeLoginClient)
    assert_type(login.finish_oauth("code"), OAuthGrant)
    assert_type(login.refresh("r").scopes.covers("linodes:read_only"), bool)
    login.revoke("t")

# The Metadata service.
with MetadataClient(timeout=None) as metadata:
    assert_type(metadata, MetadataClient)
    assert_type(metadata.instance(), InstanceMetadata)
    assert_type(metadata.instance().specs.memory, int)
    assert_type(metadata.network().ipv6.slaac, str | None)
    assert_type(metadata.network().interfaces, list[NetworkMetadataInterface])
    assert_type(metadata.ssh_keys(), dict[str, list[str]])
    assert_type(metadata.user_data(), bytes | None)
    assert_type(metadata.watch_network(), MetadataWatch[NetworkMetadata])
    for network in metadata.watch_network(poll_interval=5):
        assert_type(network, NetworkMetadata)
    assert_type(metadata.execute(MetadataClient.instance(metadata)), InstanceMetadata)

# Creating what does not exist: the arguments and the result are those of the creation.
assert_type(client.ensure(client.create_volume, "data", region="us-east", size=20), Volume)
assert_type(client.ensure(client.create_linode, "g6-nanode-1", "us-east", root_pass=False, label="web"), Linode)
client.ensure(client.create_volume, "data", siez=20)  # type: ignore[call-arg, arg-type]  # pyright: ignore[reportCallIssue]

with client.dry_run() as calls:
    assert_type(calls, list[RequestInfo])


def everyday(domain: Domain, bucket: ObjectStorageBucket, linode: Linode, plan: Type, firewall: Firewall) -> None:
    assert_type(domain.set_record("A", "www", "192.0.2.1", ttl_sec=300), DomainRecord)
    assert_type(domain.set_record("www", IPv4Address("192.0.2.1")), DomainRecord)
    assert_type(bucket.upload(b"text", "a.txt"), StoredObject)
    assert_type(bucket.download("a.txt").content, bytes)
    assert_type(bucket.download("a.txt", "a.txt"), StoredObject)
    assert_type(linode.rebuild("linode/debian12", root_pass=False), Job)
    assert_type(linode.rebuild("linode/debian12"), tuple[Job, str])
    assert_type((linode.private_ipv4, linode.public_ipv4), tuple[str | None, list[str]])
    assert_type(plan.price_in(linode.region).monthly, float)
    defaults = client.get_firewall_settings().default_firewall_ids
    assert_type(defaults.linode, int | None)
    defaults.linode = firewall
    defaults.linode = 5
    defaults.linode = None
