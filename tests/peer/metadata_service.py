"""The vendor's client of the Metadata service, sync and async, with the address of a Linode's service."""

from __future__ import annotations

import asyncio
import sys

from linode_api4 import LinodeClient
from linode_metadata import AsyncMetadataClient, MetadataClient
from linode_metadata.objects.error import ApiError
from patience import until

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@example.com"


def status(linode):
    """The status of *linode*, read anew."""
    linode.invalidate()
    return linode.status


def blocking(url, linode):
    client = MetadataClient(base_url=url)
    client.check_connection()
    instance, network = client.get_instance(), client.get_network()
    assert (instance.id, instance.label, instance.region) == (linode.id, "inside", "us-east")
    assert (instance.specs.memory, instance.backups.enabled, instance.tags) == (1024, False, ["peer"])
    assert network.ipv4.public == [f"{linode.ipv4[0]}/32"]
    assert network.ipv6.slaac == linode.ipv6
    assert client.get_ssh_keys().users == {"root": [KEY]}
    assert client.get_user_data() == "#cloud-config\n"
    assert next(client.get_watcher().watch_instance(poll_interval=1)).label == "inside"
    client.set_token("not-a-token")
    try:
        client.get_network()
    except ApiError as error:
        assert (error.status, "Unauthorized" in str(error.json)) == (401, True)
    else:
        raise AssertionError("an unknown token is refused")


async def awaited(url, linode):
    client = AsyncMetadataClient(base_url=url)
    assert (await client.get_instance()).id == linode.id
    assert await client.get_user_data() == "#cloud-config\n"


def main(address, token):
    api = LinodeClient(token, base_url=f"{address}/v4")
    linode = api.linode.instance_create(
        "g6-nanode-1",
        "us-east",
        image="linode/debian12",
        label="inside",
        tags=["peer"],
        authorized_keys=[KEY],
        metadata=api.linode.build_instance_metadata(user_data="#cloud-config\n"),
    )
    until("running", lambda: status(linode))
    url = f"{address}/metadata/{linode.id}/v1"
    blocking(url, linode)
    asyncio.run(awaited(url, linode))
    print("the story is told")


main(*sys.argv[1:])
