"""The Metadata service: what a program on a Linode can learn about that Linode, without a token of the API.

::

    with MetadataClient() as metadata:
        print(metadata.instance().label, metadata.network().ipv4.public)

In `linode.aio` the client of the same name has coroutines for its methods.
"""

from __future__ import annotations

from .async_client import AsyncMetadataClient
from .sync_client import MetadataClient
from .values import (
    InstanceMetadata,
    InstanceMetadataBackups,
    InstanceMetadataImage,
    InstanceMetadataSpecs,
    NetworkMetadata,
    NetworkMetadataInterface,
    NetworkMetadataIPv4,
    NetworkMetadataIPv6,
)
from .watch import MetadataWatch

__all__ = [
    "AsyncMetadataClient",
    "InstanceMetadata",
    "InstanceMetadataBackups",
    "InstanceMetadataImage",
    "InstanceMetadataSpecs",
    "MetadataClient",
    "MetadataWatch",
    "NetworkMetadata",
    "NetworkMetadataIPv4",
    "NetworkMetadataIPv6",
    "NetworkMetadataInterface",
]
