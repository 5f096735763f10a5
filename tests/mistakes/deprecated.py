"""Deprecated operations, which both type checkers report when they are configured to (PEP 702)."""

# mypy: enable-error-code="deprecated"
# pyright: reportDeprecated=error

from __future__ import annotations

import linode.aio as awaited
from linode import LinodeClient
from linode.api.account.child_accounts import ChildAccount

client = LinodeClient("token")
client.get_entity_transfers  # mypy: deprecated | pyright: deprecated
client.create_entity_transfer({"linodes": [1]})  # mypy: deprecated | pyright: deprecated
client.get_service_transfers
client.create_service_transfer({"linodes": [1]})
client.get_object_storage_clusters  # mypy: deprecated | pyright: deprecated
ChildAccount(client, "A1BC").create_token()  # mypy: deprecated | pyright: deprecated


async def main(client: awaited.LinodeClient) -> None:
    client.get_child_accounts  # mypy: deprecated | pyright: deprecated
    await client.create_entity_transfer({"linodes": [1]})  # mypy: deprecated | pyright: deprecated
    await client.create_service_transfer({"linodes": [1]})
