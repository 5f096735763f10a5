"""Support tickets: questions to Linode's staff, with replies and attachments."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, Unpack

from linode._model import BaseClient, Bounds, Call, Entry, Nested, ReadOnly, Resource, Steps, Struct, action, flow
from linode._model.options import Options, body
from linode._model.relations import Many

if TYPE_CHECKING:
    from .databases.engines import MySQLDatabase, PostgreSQLDatabase, ValkeyDatabase
    from .domains import Domain
    from .linodes.linode import Linode
    from .lke.clusters import LKECluster
    from .longview import LongviewClient
    from .networking.firewalls import Firewall
    from .nodebalancers.nodebalancers import NodeBalancer
    from .regions import Region
    from .volumes import Volume
    from .vpcs.vpcs import VPC

TicketSummary: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=64)]
TicketDescription: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=65000)]
ReplyDescription: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=65535)]


class SupportTicketOptions(Options, total=False):
    """Options of `create_support_ticket`; at most one entity can be given."""

    severity: Literal[1, 2, 3] | None
    """Severity, 1 the highest, for accounts that may set it."""
    bucket: str | None
    """Label of a bucket, with its region."""
    database_id: MySQLDatabase | PostgreSQLDatabase | ValkeyDatabase | int | None
    """Database."""
    domain_id: Domain | int | None
    """Domain."""
    firewall_id: Firewall | int | None
    """Firewall."""
    linode_id: Linode | int | None
    """Linode."""
    lkecluster_id: LKECluster | int | None
    """Kubernetes cluster."""
    longviewclient_id: LongviewClient | int | None
    """Longview client."""
    managed_issue: bool
    """Whether the ticket is about Managed; False by default."""
    nodebalancer_id: NodeBalancer | int | None
    """NodeBalancer."""
    region: Region | str | None
    """Region of a bucket or a VLAN."""
    vlan: str | None
    """Label of a VLAN, with its region."""
    volume_id: Volume | int | None
    """Volume."""
    vpc_id: VPC | int | None
    """VPC."""


class SupportTicketEntity(Struct):
    """The entity that a ticket is about."""

    id: ReadOnly[int]
    label: ReadOnly[str | None]
    type: ReadOnly[
        Literal[
            "database",
            "domain",
            "firewall",
            "linode",
            "lkecluster",
            "managed_service",
            "nodebalancer",
            "vlan",
            "volume",
            "vpc",
        ]
        | str
    ]
    url: ReadOnly[str]


class SupportTicketReply(Entry):
    """A reply to a ticket, by a user or by Linode's staff."""

    scope = "account"

    id: ReadOnly[int]
    description: ReadOnly[str]
    """Text."""
    created: ReadOnly[datetime]
    created_by: ReadOnly[str]
    """Name of the author."""
    from_linode: ReadOnly[bool]
    """Whether Linode's staff wrote the reply."""
    gravatar_id: ReadOnly[str]
    """Hash of the author's e-mail address, for a picture at gravatar.com."""


class SupportTicket(Resource):
    """A question to Linode's staff."""

    path = "/support/tickets/{id}"
    scope = "account"
    filterable = ("closed", "opened", "opened_by", "status", "updated")
    read_only = True

    id: ReadOnly[int]
    summary: ReadOnly[TicketSummary]
    """Title."""
    description: ReadOnly[TicketDescription]
    """Text."""
    status: ReadOnly[Literal["closed", "new", "open"] | str]
    """Status; ``new`` until Linode's staff works on the ticket."""
    severity: ReadOnly[Literal[1, 2, 3] | None]
    """Severity, 1 the highest; None where it was not set."""
    entity: Nested[SupportTicketEntity | None]
    """Entity that the ticket is about; None for none."""
    attachments: ReadOnly[list[str]]
    """Names of the attachments."""
    closable: ReadOnly[bool]
    """Whether `close` can close the ticket."""
    opened: ReadOnly[datetime]
    """Creation time (UTC)."""
    opened_by: ReadOnly[str]
    """Name of the user who created the ticket."""
    closed: ReadOnly[datetime | None]
    """Time at which the ticket was closed (UTC); None for an open ticket."""
    updated: ReadOnly[datetime]
    updated_by: ReadOnly[str | None]
    """Name of the user who last changed the ticket."""
    gravatar_id: ReadOnly[str]
    """Hash of the e-mail address of the user who created the ticket, for a picture at gravatar.com."""
    replies: Many[SupportTicketReply]

    @action
    def reply(self, description: ReplyDescription) -> Call[SupportTicketReply]:
        """Add a reply of up to 65535 characters and return it."""
        return self._creates(SupportTicketReply, "replies", body(description=description))

    @action
    def close(self) -> Call[None]:
        """Close the ticket. Raises `InvalidRequestError` unless it is `closable`."""
        return self._posts("close", outdated=("closed", "closable", "status", "updated", "updated_by"))

    @flow
    def attach(self, file: bytes | os.PathLike[str], *, name: str = "") -> Steps[None]:
        """Attach a file: bytes with a *name*, or the `pathlib.Path` of a file, whose name is used unless one is given.

        The API takes images (gif, jpg, jpeg, pjpg, pjpeg, tif, tiff, png), pdf and txt, by the end of the name.
        Raises `InvalidRequestError` for others and for a closed ticket, ValueError for bytes without a name, and
        OSError when the file cannot be read.
        """
        if isinstance(file, os.PathLike):
            name = name or Path(file).name
            file = Path(file).read_bytes()
        if not isinstance(file, bytes):
            raise TypeError(
                f"an attachment is bytes or a pathlib.Path, not {type(file).__name__}; "
                "give pathlib.Path(path) for a file"
            )
        if not name:
            raise ValueError("bytes need a name: attach(content, name='trace.txt')")
        yield from SupportTicket._attach(self, *_form(file, name))

    @action
    def _attach(self, form: bytes, boundary: str) -> Call[None]:
        return Call(
            "POST",
            f"{self.url}/attachments",
            content=form,
            content_type=f"multipart/form-data; boundary={boundary}",
            shape=None,
            read=lambda _: self._expire(("attachments", "updated", "updated_by")),
        )


def _form(content: bytes, name: str) -> tuple[bytes, str]:
    """A multipart form with the file *content*, and the boundary, which the content does not have in it."""
    boundary = "linode-attachment"
    while boundary.encode() in content:
        boundary += f"-{len(boundary)}"
    quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return b"".join((head.encode(), content, f"\r\n--{boundary}--\r\n".encode())), boundary


class SupportMixin(BaseClient):
    """Methods of a client for support tickets."""

    get_support_tickets: Many[SupportTicket] = Many("/support/tickets")
    """Tickets of the account."""

    @action
    def create_support_ticket(
        self, summary: TicketSummary, description: TicketDescription, **options: Unpack[SupportTicketOptions]
    ) -> Call[SupportTicket]:
        """Create a ticket, which Linode's staff reads, and return it."""
        sent = body(summary=summary, description=description, **options)
        return self._creates(SupportTicket, "/support/tickets", sent)
