"""Code with the async names that type checkers must accept, with the types that they must find. Checked, not run."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import assert_type

from linode import AsyncLinodeClient, AsyncLinodeLoginClient, AsyncMetadataClient, RequestInfo, ResponseInfo
from linode.aio import (
    Datacenter,
    Disk,
    Domain,
    DomainRecord,
    Event,
    InstanceMetadata,
    Linode,
    LinodeClient,
    LinodeLoginClient,
    MetadataClient,
    NetworkMetadata,
    OAuthGrant,
    ObjectStorageBucket,
    Region,
    ResourceList,
    StoredObject,
    Type,
    Volume,
)
from linode.sandbox import Sandbox


async def count(client: LinodeClient) -> int:
    return await client.get_linodes().total()


async def fetch_token() -> str:
    return "token"


async def in_a_sandbox(sandbox: Sandbox) -> None:
    async with sandbox.async_client() as client:
        assert_type(client, LinodeClient)
        assert_type(await count(client), int)
        assert_type(await client.get_types().first(), Type | None)
    async with AsyncLinodeClient("token") as client:
        assert_type(await count(client), int)
    async with LinodeClient.from_config(path="work.ini") as client:
        assert_type(client, LinodeClient)
    async with LinodeClient(fetch_token) as client:
        assert_type(client, LinodeClient)
    async with LinodeClient(lambda: "token") as client:
        assert_type(await count(client), int)


async def add_header(request: RequestInfo) -> dict[str, str]:
    return {"X-Trace": request.method}


async def measure(response: ResponseInfo) -> None:
    assert_type(response.status, int | None)


def count_attempts(response: ResponseInfo) -> None:
    assert_type(response.attempt, int)


assert_type(LinodeClient(on_request=add_header, on_response=[measure, count_attempts]), LinodeClient)


async def main() -> None:
    async with LinodeClient("token") as client:
        with client.responses() as responses:
            linode = await Linode(client.with_options(timeout=5), 123)
        assert_type(responses, list[ResponseInfo])
        assert_type(linode, Linode)
        assert_type(linode.label, str)
        assert_type(linode.created, datetime)
        assert_type(linode.region, Region)
        assert_type(linode.type, Type)
        assert_type((await linode.region).label, str)
        assert_type(linode.disks, ResourceList[Disk])
        async for disk in linode.disks(Disk.label == "swap"):
            assert_type(disk, Disk)
        linode.label = "web-1"
        await linode.save()
        job = await linode.boot()
        assert_type(await job.wait(), Event | None)
        async for event in client.events():
            assert_type(event, Event)
        assert_type(await client.get_linodes().all(), list[Linode])
        assert_type(await client.get_linodes(Linode.label == "web"), list[Linode])
        assert_type(await client.get_datacenters(Datacenter.label == "x").first(), Region | None)
        assert_type(await client.create_linode("t", "r"), Linode)
        assert_type(await client.create_linode("t", "r", image="i"), tuple[Linode, str])
        assert_type(await client.create_linode("t", "r", image="i", root_pass=False), Linode)
        assert_type(await client.create_zone("example.com"), Domain)
        await client.wait_for([linode], "running")
        assert_type(await Volume(client, 1).resize(40), Volume)
        if linode.status == "teleporting":
            await linode
        loaded = await asyncio.gather(linode.load(), linode.load())
        assert_type(loaded, tuple[Linode, Linode])
        await client.request("GET", "/x")
        volume = await client.ensure(client.create_volume, "data", region="us-east", size=20)
        await volume.resize(40)
    async with LinodeLoginClient("id", "secret") as login:
        assert_type(login, AsyncLinodeLoginClient)
        assert_type(login.generate_login_url("linodes:read_only"), str)
        token, _ = await login.finish_oauth(login.read_redirect("?code=c"), code_verifier="v")
        assert_type(token, str)
        assert_type(await login.refresh_oauth_token("r", scopes="linodes:read_only"), OAuthGrant)
        assert_type(await asyncio.gather(login.revoke(token), login.expire_token(token)), tuple[None, None])


async def inside(sandbox: Sandbox) -> None:
    async with MetadataClient() as metadata:
        assert_type(await metadata.instance(), InstanceMetadata)
        assert_type((await metadata.network()).ipv4.public, list[str])
        assert_type(await metadata.ssh_keys(), dict[str, list[str]])
        assert_type(await metadata.user_data(), bytes | None)
        async for network in metadata.watch_network(poll_interval=5):
            assert_type(network, NetworkMetadata)
    assert_type(sandbox.async_metadata_client(123), MetadataClient)
    assert_type(await AsyncMetadataClient().instance(), InstanceMetadata)


async def everyday(domain: Domain, bucket: ObjectStorageBucket, linode: Linode, plan: Type) -> None:
    assert_type(await domain.set_record("www", "192.0.2.1"), DomainRecord)
    assert_type(await bucket.upload(b"text", "a.txt"), StoredObject)
    assert_type((await bucket.download("a.txt")).content, bytes)
    assert_type((await linode.rebuild("linode/debian12"))[1], str)
    assert_type(plan.price_in(linode.region).monthly, float)
