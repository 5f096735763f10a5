"""The objects of one cluster in the account: a VPC, a firewall, and Linodes with the cluster's tag.

The VPC comes first and goes before the firewall, and it holds the cluster together. The API creates no Linode in a
subnet that is gone, and deletes no VPC with a Linode in it. So once the VPC is deleted there is no Linode of the
cluster, and there will be none, whatever a stalled program still sends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress

from linode import InvalidRequestError, NotFoundError
from linode.aio import (
    VPC,
    Firewall,
    Linode,
    LinodeClient,
    NewFirewallAddresses,
    NewFirewallRule,
    NewVPCSubnet,
)

__all__ = ["ANYWHERE", "NETWORK", "TAG", "Resources"]

TAG = "dask-cluster"
"""Tag of all Linodes and firewalls of all clusters."""
NETWORK = "10.0.0.0/16"
ANYWHERE = ("0.0.0.0/0", "::/0")
TRIES, PAUSE = 60, 2.0
"""Tries to delete the VPC, and the seconds between them: an address may be free only some time after its Linode."""


class Resources:
    """The objects of the cluster *id* in the account of *client*."""

    def __init__(self, client: LinodeClient, id: str) -> None:
        self.client = client
        self.label = f"dask-{id}"
        self.beats = 0
        self._vpc: VPC | None = None
        self._firewall: Firewall | None = None

    # -- creating --------------------------------------------------------------------------------------------------

    async def create(self, region: str, period: float, sources: Sequence[str], port: int) -> None:
        """Create the VPC and the firewall, which lets *sources* reach the scheduler's *port*."""
        self._period = period
        subnets: list[NewVPCSubnet] = [{"label": "machines", "ipv4": NETWORK}]
        self._vpc = await self.client.create_vpc(self.label, region, description=self._description, subnets=subnets)
        self._firewall = await self.client.create_firewall(
            self.label,
            {
                "inbound": [_accept("1-65535", [NETWORK]), _accept(str(port), sources)],
                "inbound_policy": "DROP",
                "outbound_policy": "ACCEPT",
            },
            tags=[TAG, self.label],
        )

    async def create_linode(self, label: str, type: str, image: str, user_data: str, address: str) -> Linode:
        """Create one machine with *address* in the VPC (``auto``: any).

        A create whose answer is lost is settled by the label. Nobody keeps the root password, so nobody logs in.
        """
        if self._vpc is None or self._firewall is None:
            raise RuntimeError("the cluster has not been started")
        subnet = self._vpc.subnet_list[0].id
        linode, _password = await self.client.create_linode(
            type,
            self._vpc.region,
            image=image,
            label=label,
            tags=[TAG, self.label],
            metadata={"user_data": user_data},
            interface_generation="linode",
            interfaces=[
                {"public": {}, "firewall_id": self._firewall.id},
                {
                    "vpc": {"subnet_id": subnet, "ipv4": {"addresses": [{"address": address}]}},
                    "firewall_id": self._firewall.id,
                },
            ],
        )
        return linode

    # -- living ----------------------------------------------------------------------------------------------------

    async def beat(self) -> None:
        """Show that the program lives. Raises `NotFoundError` when the cluster was deleted by another one."""
        if self._vpc is None:
            raise RuntimeError("the cluster has not been started")
        self.beats += 1
        self._vpc.description = self._description
        await self._vpc.save()

    @property
    def _description(self) -> str:
        return f"LinodeCluster, beat {self.beats}, one every {self._period:g} s"

    async def linodes(self) -> list[Linode]:
        """The machines that there are."""
        return await self.client.get_linodes(Linode.tags == self.label)

    # -- deleting --------------------------------------------------------------------------------------------------

    async def delete_linode(self, label: str, linode: Linode | None = None) -> None:
        """Delete the machine *label*, also when its create was not answered. It may be gone already."""
        linode = linode or await self.client.get_linodes(Linode.label == label).first()
        if linode is not None:
            await delete_all([linode])

    async def delete(self) -> None:
        """Delete all that the cluster has, also what nobody knows of. Raises `LinodeError` when something stays."""
        for left in reversed(range(TRIES)):
            await delete_all(await self.linodes())
            try:
                await delete_all(await self.client.get_vpcs(VPC.label == self.label))
            except InvalidRequestError:
                if not left:
                    raise
                await asyncio.sleep(PAUSE)
            else:
                break
        await delete_all(await self.client.get_firewalls(Firewall.label == self.label))


async def delete_all(objects: Iterable[Linode | VPC | Firewall]) -> None:
    """Delete *objects* at the same time; those that are gone already are no error."""

    async def delete(each: Linode | VPC | Firewall) -> None:
        with suppress(NotFoundError):
            await each.delete()

    await asyncio.gather(*map(delete, objects))


def _accept(ports: str, sources: Sequence[str]) -> NewFirewallRule:
    addresses: NewFirewallAddresses = {}
    if ipv4 := [each for each in sources if ":" not in each]:
        addresses["ipv4"] = ipv4
    if ipv6 := [each for each in sources if ":" in each]:
        addresses["ipv6"] = ipv6
    return {"action": "ACCEPT", "protocol": "TCP", "ports": ports, "addresses": addresses}
