"""Transfers of Linodes between accounts. The two accounts are worlds of one sandbox, and the transfers are both's.

The API's words for what cannot be transferred are not on record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from linode.api.account.payments import PaymentMethod
from linode.api.account.transfers import EntityTransfer, ServiceTransfer, TransfersMixin
from linode.api.linodes.linode import Linode
from linode.api.networking.ips import IPAddress
from linode.sandbox.core.kind import Access, Events, Exports, Kind, Operations, Storage
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import NotFound, Refused, Row, World, job, on
from linode.sandbox.families.linodes.backups import schedule_next
from linode.sandbox.families.placement import leave

from .billing import balance
from .transfer_checks import obstacles

__all__ = ["accept", "cancel", "create", "transfers"]

LIFE = 24 * 3600
"""Seconds until a pending transfer is stale: a guess."""
MOVE = 30 * 60
"""Seconds from the acceptance until the Linodes are moved: up to three hours, by the API's documentation."""
OPEN = ("pending", "accepted")

on.kind(
    Kind(
        of=ServiceTransfer,
        storage=Storage(shared=True),
        exports=Exports(("token",)),
        events=Events("entity_transfer", label="token"),
        operations=Operations(limits={ServiceTransfer.accept: ((2, 60),)}),
        access=Access(general={"*": "unrestricted"}),
    )
)
on.kind(Kind(of=EntityTransfer, storage=Storage("ServiceTransfer"), access=Access(general={"*": "unrestricted"})))


@on.list(ServiceTransfer)
def transfers(world: World) -> Sequence[Row]:
    """List the transfers that the account has created or accepted."""
    return [row for row in world.rows(ServiceTransfer) if world.account in (row["_sender"], row["_receiver"])]


@on.get(ServiceTransfer)
def transfer(world: World, transfer: Row) -> Row:
    """A transfer of the account's own, or one of another that is pending."""
    if world.account in (transfer["_sender"], transfer["_receiver"]) or transfer["status"] == "pending":
        return transfer
    raise NotFound


@on.show(ServiceTransfer, "is_sender")
def shown(world: World, transfer: Row) -> Row:
    """The account's own side of it."""
    return {**transfer, "is_sender": transfer["_sender"] == world.account}


@on(TransfersMixin.create_service_transfer)
def create(world: World, entities: Mapping[str, Sequence[int]]) -> Row:
    """Offer Linodes that nothing else of the account needs."""
    ids = list(dict.fromkeys(entities["linodes"]))
    if not ids:
        raise Refused("Must contain at least one item", field="entities.linodes")  # own words
    if balance(world) > 0:
        raise Refused("The account has a past due balance")  # own words
    rules.refuse_for(list(_obstacles(world, ids)))
    made = world.add(
        ServiceTransfer,
        token=world.uuid(),
        status="pending",
        expiry=world.stamp(LIFE),
        entities={"linodes": ids},
        _sender=world.account,
        _receiver=None,
    )
    world.later(LIFE, expire, made)
    world.events.notify("entity_transfer_create", made)
    return made


@on(TransfersMixin.create_entity_transfer)
def create_entity_transfer(world: World, entities: Mapping[str, Sequence[int]]) -> Row:
    """The same under the path of old."""
    return create(world, entities)


def _obstacles(world: World, ids: Sequence[int], besides: str = "") -> Iterator[tuple[str, str]]:
    """Why Linodes cannot be transferred; *besides* is the transfer that they may be in."""
    for at, id in enumerate(ids):
        linode = world.find(Linode, id)
        if linode is None:
            found = ["is not there"]
        else:
            offers = world.read(ServiceTransfer).where({"entities.linodes": id})
            taken = any(each["status"] in OPEN and each["token"] != besides for each in offers)
            found = [*(["is in another transfer"] if taken else []), *obstacles(world, linode)]
        yield from ((f"The Linode {id} {each}", f"entities.linodes[{at}]") for each in found)


@on.delete(ServiceTransfer)
def cancel(world: World, transfer: Row) -> None:
    """Cancel a pending transfer of the account."""
    if transfer["_sender"] != world.account:
        raise NotFound
    _refuse_over(transfer)
    _end(world, transfer, "canceled", "cancel")


def _refuse_over(transfer: Row) -> None:
    if transfer["status"] != "pending":
        raise Refused("The transfer is not pending")  # own words


@job("transfers.expire", ServiceTransfer)
def expire(world: World, transfer: Row) -> None:
    """Nobody has accepted it in time."""
    if transfer["status"] == "pending":
        _end(world, transfer, "stale", "stale")


def _end(sender: World, transfer: Row, status: str, action: str) -> None:
    transfer |= {"status": status, "updated": sender.stamp()}
    sender.events.notify(f"entity_transfer_{action}", transfer)


# -- accepting -------------------------------------------------------------------------------------------------------


@on(ServiceTransfer.accept)
@on(EntityTransfer.accept)
def accept(world: World, transfer: Row) -> None:
    """Accept the offer of another account, with a payment method to pay for it."""
    _refuse_over(transfer)
    if transfer["_sender"] == world.account:
        raise Refused("A transfer cannot be accepted by its sender")  # own words
    if not world.read(PaymentMethod):
        raise Refused("The account has no payment method")  # own words
    sender = _sender_of(world, transfer)
    reasons = list(_obstacles(sender, transfer["entities"]["linodes"], transfer["token"]))
    rules.refuse_for([(why, None) for why, _ in reasons])
    transfer |= {"status": "accepted", "_receiver": world.account, "updated": world.stamp()}
    world.events.notify("entity_transfer_accept_recipient", transfer)
    sender.events.notify("entity_transfer_accept", transfer)
    world.takes(MOVE, finish, transfer, action="entity_transfer_accept")


def _sender_of(world: World, transfer: Row) -> World:
    """The world of the sending account, without a current user."""
    sender = world.in_account(transfer["_sender"])
    sender.user = sender.token = None
    return sender


@job("transfers.finish", ServiceTransfer)
def finish(world: World, transfer: Row) -> None:
    """Move the Linodes to the other account, or fail the transfer if one cannot be moved any more."""
    sender = _sender_of(world, transfer)
    ids = transfer["entities"]["linodes"]
    if list(_obstacles(sender, ids, transfer["token"])):
        _end(sender, transfer, "failed", "fail")
        return
    for id in ids:
        _move(sender, world, sender.get(Linode, id))
    transfer |= {"status": "completed", "updated": world.stamp()}


def _move(sender: World, receiver: World, linode: Row) -> None:
    """Give *linode* away with its disks, configurations, backups and addresses."""
    leave(sender, linode)
    for address in sender.rows(IPAddress, linode_id=linode["id"]):
        sender.hand_over(address, receiver)
    sender.hand_over(linode, receiver)
    if receiver.read(Linode, label=linode["label"])[1:]:
        linode["label"] = f"{linode['label'][:50]}-{linode['id']}"  # a guess at what labels that are taken become
    if linode["backups"]["enabled"]:
        schedule_next(receiver, linode)
