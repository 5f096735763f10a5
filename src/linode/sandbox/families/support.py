"""Support tickets. Nobody answers them: the sandbox has no staff."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from linode.api.domains import Domain
from linode.api.linodes.linode import Linode
from linode.api.lke.clusters import LKECluster
from linode.api.longview import LongviewClient
from linode.api.networking.firewalls import Firewall
from linode.api.nodebalancers.nodebalancers import NodeBalancer
from linode.api.object_storage.buckets import ObjectStorageBucket
from linode.api.regions import Region
from linode.api.support import SupportTicket, SupportTicketReply
from linode.api.volumes import Volume
from linode.api.vpcs.vpcs import VPC
from linode.sandbox.core.kind import Events, Kind, Operations, Storage
from linode.sandbox.engine.registry import Refused, Row, World, on

__all__: list[str] = []

KINDS = ("gif", "jpg", "jpeg", "pjpg", "pjpeg", "tif", "tiff", "png", "pdf", "txt")
"""The ends of the names of attachments."""
TABLES: dict[str, tuple[Any, ...]] = {
    "database_id": ("MySQLDatabase", "PostgreSQLDatabase", "ValkeyDatabase"),
    "domain_id": (Domain,),
    "firewall_id": (Firewall,),
    "linode_id": (Linode,),
    "lkecluster_id": (LKECluster,),
    "longviewclient_id": (LongviewClient,),
    "nodebalancer_id": (NodeBalancer,),
    "volume_id": (Volume,),
    "vpc_id": (VPC,),
}
LABELLED = ("bucket", "vlan")

on.kind(
    Kind(
        of=SupportTicket, events=Events("ticket", label="summary"), operations=Operations(limits={"create": ((2, 60),)})
    )
)
on.kind(Kind(of=SupportTicketReply, storage=Storage(held=True)))


@on.create(SupportTicket)
def create(
    world: World,
    summary: str,
    description: str,
    severity: int | None = None,
    region: str | None = None,
    managed_issue: bool = False,
    **entities: Any,
) -> Row:
    """Create a ticket, about one entity at most."""
    given = {name: value for name, value in entities.items() if value is not None}
    if len(given) + managed_issue > 1:
        raise Refused("A ticket can be about one entity", field=max(given))  # refused for certain, own words
    name = world.username
    ticket = world.add(
        SupportTicket,
        summary=summary,
        description=description,
        severity=severity,
        status="new",
        closable=True,  # a guess: tickets of users can be closed by users
        entity=_entity(world, region, **given),
        opened=world.stamp(),
        opened_by=name,
        updated_by=world.username,
        gravatar_id=_gravatar(world),
    )
    world.events.notify("ticket_create", ticket)
    return ticket


def _entity(world: World, region: str | None, **given: Any) -> Row | None:
    for name, value in given.items():
        if name in LABELLED:
            if region is None:
                raise Refused("region is required", field="region")
            return _labelled(world, name, value, region)
        found = [row for table in TABLES[name] if (row := world.find(table, value)) is not None]
        return world.events.entity(found[0])
    return None


def _labelled(world: World, kind: str, label: str, region: str) -> Row:
    """The entity of a bucket or a VLAN, which has no number: a guess."""
    if kind == "bucket" and world.find(ObjectStorageBucket, label, world.get(Region, region)) is None:
        raise Refused("bucket is not valid", field="bucket")
    return {"id": 0, "label": label, "type": kind, "url": ""}


def _gravatar(world: World) -> str:
    email = world.user["email"] if world.user else ""
    return hashlib.md5(email.strip().lower().encode(), usedforsecurity=False).hexdigest()


@on(SupportTicket.replies)
def replies(world: World, ticket: Row) -> Sequence[Row]:
    """The replies, oldest first. The ticket itself has those of data files of earlier versions."""
    found = world.read(SupportTicketReply, _holder=world.holder(ticket))
    return [*ticket["_replies"], *found] if ticket.get("_replies") else found


@on(SupportTicket.reply)
def reply(world: World, ticket: Row, description: str) -> Row:
    """Add a reply to a ticket that is not closed."""
    _refuse_closed(ticket)
    made = world.add(
        SupportTicketReply,
        _holder=world.holder(ticket),
        description=description,
        created_by=world.username,
        from_linode=False,
        gravatar_id=_gravatar(world),
    )
    _touch(world, ticket, "ticket_update")
    return made


@on(SupportTicket.close)
def close(world: World, ticket: Row) -> None:
    """Close the ticket."""
    _refuse_closed(ticket)
    if not ticket["closable"]:
        raise Refused("This ticket cannot be closed")  # refused for certain, own words
    ticket |= {"status": "closed", "closed": world.stamp(), "closable": False}
    _touch(world, ticket, "ticket_update")  # a guess at the event


@on(SupportTicket._attach)
def attach(world: World, ticket: Row, form: bytes) -> None:
    """Store the name of the attachment, but not its content, which cannot be read."""
    _refuse_closed(ticket)
    name = _file_name(form)
    if name is None:
        raise Refused("file is required", field="file")
    if name.rpartition(".")[2].lower() not in KINDS:
        raise Refused(f"Must be one of {', '.join(KINDS)}", field="file")
    ticket["attachments"] = [*ticket["attachments"], name]
    _touch(world, ticket, "ticket_attachment_upload")


def _file_name(form: bytes) -> str | None:
    """The name of the file in a multipart form, whose boundary is in its first line."""
    boundary = form.partition(b"\r\n")[0].removeprefix(b"--")
    head = b"Content-Type: multipart/form-data; boundary=" + boundary
    message = BytesParser(policy=HTTP).parsebytes(head + b"\r\n\r\n" + form)
    for part in message.iter_parts() if message.is_multipart() else ():
        if part.get_param("name", header="content-disposition") == "file":
            return part.get_filename() or None
    return None


def _refuse_closed(ticket: Row) -> None:
    if ticket["status"] == "closed":
        raise Refused("This ticket is closed")  # refused for certain for attachments, own words


def _touch(world: World, ticket: Row, event: str) -> None:
    ticket |= {"updated": world.stamp(), "updated_by": world.username}
    world.events.notify(event, ticket)
