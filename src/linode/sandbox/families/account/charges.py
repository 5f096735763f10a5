"""Charges of services by the prices in the catalogue: Linodes and backups, volumes, addresses, NodeBalancers, clusters.

Object Storage and Longview are charged to the account as a whole. The labels of invoice items are guesses. Not charged
are Managed and images, whose prices no record has, and traffic and storage beyond what is included, which no world of
the sandbox reaches.
"""

from __future__ import annotations

from collections.abc import Iterator

from linode.api.account.settings import AccountSettings
from linode.api.linodes.linode import Linode
from linode.api.lke.clusters import LKECluster
from linode.api.lke.versions import LKEType
from linode.api.longview import LongviewSubscription
from linode.api.networking.ips import IPAddress
from linode.api.networking.reserved_ips import ReservedIPType
from linode.api.nodebalancers.nodebalancers import NodeBalancer, NodeBalancerType
from linode.api.object_storage.keys import ObjectStorageType
from linode.api.types import Type
from linode.api.volumes import Volume, VolumeType
from linode.sandbox.core.meters import Charge
from linode.sandbox.engine.registry import Row, World, on

__all__ = ["cluster", "linode", "longview", "nodebalancer", "object_storage", "reserved_address", "volume"]

PREMIUM = ("premium", "premium_40gb")


def _price(priced: Row, region: str | None) -> tuple[float, float | None]:
    """The price of an hour, and of a month, of what is *priced* so in the *region*."""
    own = next((each for each in priced["region_prices"] if each["id"] == region), priced.get("price", priced))
    return own["hourly"], own["monthly"]


@on.charges(Linode)
def linode(world: World, linode: Row) -> Iterator[Charge]:
    """The plan, whether the Linode runs or not, and its backups."""
    for plan in world.read(Type, id=linode["type"]):
        name = f"{plan['label']} - {linode['label']} ({linode['id']})"
        region = linode["region"]
        yield Charge("linode", name, region, *_price(plan, region))
        if linode["backups"]["enabled"]:
            yield Charge("backups", f"Backup Service - {name}", region, *_price(plan["addons"]["backups"], region))


@on.charges(Volume)
def volume(world: World, volume: Row) -> Iterator[Charge]:
    """Each GB of it."""
    (priced,) = world.read(VolumeType, id="volume")
    hourly, monthly = _price(priced, volume["region"])
    size = volume["size"]
    name = f"{priced['label']} - {volume['label']} ({volume['id']}) - {size} GB"
    yield Charge("volume", name, volume["region"], round(hourly * size, 6), round((monthly or 0) * size, 6))


@on.charges(NodeBalancer)
def nodebalancer(world: World, balancer: Row) -> Iterator[Charge]:
    """The charge for the NodeBalancer's type; that both premium types have the same price is a guess."""
    wanted = "nodebalancer-pr100" if balancer.get("type") in PREMIUM else "nodebalancer"
    (priced,) = world.read(NodeBalancerType, id=wanted)
    name = f"{priced['label']} - {balancer['label']} ({balancer['id']})"
    yield Charge("nodebalancer", name, balancer["region"], *_price(priced, balancer["region"]))


@on.charges(IPAddress)
def reserved_address(world: World, address: Row) -> Iterator[Charge]:
    """The hours for which an address is reserved, also while something uses it: a guess."""
    if address["reserved"]:
        (priced,) = world.read(ReservedIPType, id="reserved-ipv4")
        name = f"{priced['label']} - {address['address']}"
        yield Charge("reserved_ip", name, address["region"], *_price(priced, address["region"]))


@on.charges(LKECluster)
def cluster(world: World, cluster: Row) -> Iterator[Charge]:
    """The control plane of an enterprise cluster, or of a standard one with high availability."""
    enterprise = cluster["tier"] != "standard"
    if enterprise or cluster["control_plane"]["high_availability"]:
        (priced,) = world.read(LKEType, id="lke-e" if enterprise else "lke-ha")
        name = f"{priced['label']} - {cluster['label']} ({cluster['id']})"
        yield Charge("lke", name, cluster["region"], *_price(priced, cluster["region"]))


@on.charges(AccountSettings)
def object_storage(world: World, settings: Row) -> Iterator[Charge]:
    """The price of Object Storage, once for all regions, from the first bucket or key until it is canceled."""
    if settings.get("object_storage") == "active":
        (priced,) = world.read(ObjectStorageType, id="objectstorage")
        yield Charge("object_storage", priced["label"], None, *_price(priced, None))


@on.charges("_LongviewPlan")
def longview(world: World, chosen: Row) -> Iterator[Charge]:
    """The subscription of Longview; the free plan costs nothing."""
    if chosen["plan"] is not None:
        plan = world.get(LongviewSubscription, chosen["plan"])
        yield Charge("longview", plan["label"], None, plan["price"]["hourly"], plan["price"]["monthly"])
