"""The part of the sandbox for programs that run on one of its Linodes: the Metadata service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linode import aio
from linode.api.linodes.linode import Linode

if TYPE_CHECKING:
    from linode.metadata import MetadataClient

    from .gateways.in_process import InProcess
    from .gateways.in_process_async import AsyncInProcess

__all__ = ["MetadataClients"]


class MetadataClients:
    """The methods of `Sandbox` for programs that run on a Linode."""

    if TYPE_CHECKING:  # the sandbox has them

        def transport(self) -> InProcess: ...
        def async_transport(self) -> AsyncInProcess: ...

    def metadata_url(self, linode: Linode | int, address: str = "http://sandbox") -> str:
        """The address at which this sandbox is the Metadata service of *linode*, a Linode or its ID.

        *address* is that of a port, as `serve` yields it; the default is for clients in process. As on a Linode, the
        service needs no token of the API.
        """
        id = linode._identity() if isinstance(linode, Linode) else linode
        return f"{address.rstrip('/')}/metadata/{id}/v1"

    def metadata_client(self, linode: Linode | int, **options: Any) -> MetadataClient:
        """A client of the Metadata service, as a program on *linode* has it; *options* are those of the class."""
        from linode.metadata import MetadataClient  # noqa: PLC0415 - takes milliseconds, and few sandboxes need it

        return MetadataClient(self.metadata_url(linode), transport=self.transport(), **options)

    def async_metadata_client(self, linode: Linode | int, **options: Any) -> aio.MetadataClient:
        """An async client of the Metadata service, otherwise like `metadata_client`."""
        return aio.MetadataClient(self.metadata_url(linode), transport=self.async_transport(), **options)
