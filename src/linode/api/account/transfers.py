"""Transfers: Linodes that move to another account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Required, TypeAlias, TypedDict

from linode._model import BaseClient, Call, DeprecatedMany, Nested, ReadOnly, action, deprecated, deprecated_action
from linode._model.objects import Struct
from linode._model.options import body
from linode._model.relations import Many
from linode._model.resources import Resource

if TYPE_CHECKING:
    from ..linodes.linode import Linode

TransferStatus: TypeAlias = Literal["accepted", "canceled", "completed", "failed", "pending", "stale"] | str
"""Status of a transfer; a ``pending`` one becomes ``stale`` when it expires."""


class NewTransferEntities(TypedDict, total=False):
    """Services to transfer to another account."""

    linodes: Required[Sequence[Linode | int]]
    """Linodes."""


class TransferEntities(Struct):
    """Services of a transfer."""

    linodes: ReadOnly[list[int]]
    """IDs of the Linodes."""


class ServiceTransfer(Resource):
    """A transfer of Linodes, with their disks and backups, to another account. Deleting a pending one cancels it."""

    path = "/account/service-transfers/{token}"
    scope = "account"
    savable = False
    filterable = ("is_sender", "status")

    token: ReadOnly[str]
    """Token, which the other account needs to accept the transfer."""
    status: ReadOnly[TransferStatus]
    entities: Nested[TransferEntities]
    """Services that are transferred."""
    is_sender: ReadOnly[bool]
    """Whether this account gives the services away."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]
    expiry: ReadOnly[datetime]
    """Time at which a pending transfer expires (UTC)."""

    @action
    def accept(self) -> Call[None]:
        """Accept the transfer of another account; the Linodes arrive within three hours.

        Raises `InvalidRequestError` when the account has no payment method, or the transfer is not pending.
        """
        return self._posts("accept", outdated=("status", "updated"))


@deprecated("use ServiceTransfer")
class EntityTransfer(ServiceTransfer):
    """A transfer under its deprecated path; use `ServiceTransfer`."""

    path = "/account/entity-transfers/{token}"

    @deprecated_action("use ServiceTransfer.accept()")
    def accept(self) -> Call[None]:
        """Accept the transfer under its deprecated path; use `ServiceTransfer.accept`."""
        return self._posts("accept", outdated=("status", "updated"))


class TransfersMixin(BaseClient):
    """Methods of a client for transfers to and from other accounts."""

    get_service_transfers: Many[ServiceTransfer] = Many("/account/service-transfers")
    """Transfers that this account has created or accepted."""
    get_entity_transfers: DeprecatedMany[EntityTransfer] = DeprecatedMany(
        "/account/entity-transfers", "use get_service_transfers"
    )
    """Transfers under their deprecated path; use `get_service_transfers`."""

    @action
    def create_service_transfer(self, entities: NewTransferEntities) -> Call[ServiceTransfer]:
        """Offer *entities* (``{"linodes": [linode]}``) to another account; returns the transfer with its token.

        Raises `InvalidRequestError` for a Linode that has volumes, a firewall or a VPC, or that another part of the
        account uses.
        """
        return self._creates(ServiceTransfer, "/account/service-transfers", body(entities=entities))

    @deprecated_action("use create_service_transfer()")
    def create_entity_transfer(self, entities: NewTransferEntities) -> Call[EntityTransfer]:
        """Offer *entities* to another account under the deprecated path; use `create_service_transfer`."""
        return self._creates(EntityTransfer, "/account/entity-transfers", body(entities=entities))
