"""Mistakes that both type checkers must find in async code, with a piece of what each has to say about it."""

from __future__ import annotations

import linode as sync
from linode.aio import Linode, LinodeClient, LinodeLoginClient, MetadataClient
from linode.sandbox import Sandbox


async def main(client: LinodeClient, login: LinodeLoginClient) -> None:
    linode = Linode(client, 123)
    linode.boot()  # mypy: Are you missing an await? | pyright: Result of async function call is not used
    linode.save()  # mypy: Are you missing an await? | pyright: Result of async function call is not used
    linode.status = "running"  # mypy: variable has type "ReadOnlyField" | pyright: attribute "status"
    for _ in client.get_linodes():  # mypy: maybe "__aiter__" | pyright: not iterable
        pass
    client.get_linodes()[0]  # mypy: not indexable | pyright: __getitem__
    linode.load().label  # mypy: Maybe you forgot to use "await" | pyright: attribute "label"
    await linode.boot(confg_id=1)  # mypy: Unexpected keyword argument "confg_id" | pyright: "confg_id"
    client.bind(sync.Linode(None, 1))  # mypy: Value of type variable "B" | pyright: "Linode"
    login.revoke("token")  # mypy: Are you missing an await? | pyright: Result of async function call is not used
    await login.finish_oauth("code", verifier="v")  # mypy: Unexpected keyword argument "verifier" | pyright: "verifier"
    login.finish_oauth("code").token  # mypy: Maybe you forgot to use "await" | pyright: attribute "token"


async def in_a_sandbox(sandbox: Sandbox) -> None:
    client = sandbox.async_client()
    client.get_types().first()  # mypy: Are you missing an await? | pyright: Result of async function call is not used
    client.get_types()[0]  # mypy: not indexable | pyright: __getitem__
    sync.AsyncLinodeClient("t").create_domain("example.com")  # mypy: missing an await? | pyright: Result of async
    sync.Linode(client, 123)  # mypy: expected "BaseClient | None" | pyright: "client"
    Linode(sandbox.client(), 123)  # mypy: expected "BaseClient | None" | pyright: "client"


async def inside(metadata: MetadataClient) -> None:
    metadata.instance().label  # mypy: Maybe you forgot to use "await" | pyright: attribute "label"
    for _ in metadata.watch_network():  # mypy: maybe "__aiter__" | pyright: not iterable
        pass
    sync.MetadataClient().user_data(decode=True)  # mypy: Unexpected keyword | pyright: "decode"
