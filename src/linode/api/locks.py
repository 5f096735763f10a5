"""Locks, which keep objects from being deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from linode._model import BaseClient, Call, Many, Nested, ReadOnly, Resource, Struct, action, body

if TYPE_CHECKING:
    from .linodes.linode import Linode
    from .lke.clusters import LKECluster
    from .lke.pools import LKENodePool
    from .nodebalancers.nodebalancers import NodeBalancer
    from .volumes import Volume

LockType: TypeAlias = Literal["cannot_delete", "cannot_delete_with_subresources"] | str
LockedEntityType: TypeAlias = Literal["linode", "lkecluster", "lkenodepool", "nodebalancer", "volume"] | str


class LockedEntity(Struct):
    """Object that a lock protects."""

    id: ReadOnly[int]
    label: ReadOnly[str]
    type: ReadOnly[LockedEntityType]
    url: ReadOnly[str]


class ResourceLock(Resource):
    """A lock, which protects an object from being deleted, rebuilt or transferred.

    Deleting the lock ends the protection.
    """

    path = "/locks/{id}"
    scope = "account"
    beta = True
    savable = False
    filterable = ("entity.id", "entity.type", "id", "lock_type")

    id: ReadOnly[int]
    lock_type: ReadOnly[LockType]
    """Type: ``cannot_delete`` protects the object, ``cannot_delete_with_subresources`` also what belongs to it: the
    disks, configurations, interfaces and addresses of a Linode, the configurations and nodes of a NodeBalancer."""
    entity: Nested[LockedEntity]
    """Object that the lock protects."""


class LocksMixin(BaseClient):
    """Methods of a client for locks."""

    get_locks: Many[ResourceLock] = Many("/locks", beta=True)
    """Locks of the account."""

    @action
    def create_lock(
        self,
        entity_id: Linode | NodeBalancer | Volume | LKECluster | LKENodePool | int,
        lock_type: LockType = "cannot_delete",
        entity_type: LockedEntityType | None = None,
    ) -> Call[ResourceLock]:
        """Lock the object *entity_id* and return the lock; a number needs its *entity_type*.

        Only unrestricted users can create locks. Raises `InvalidRequestError` when the object has a lock already, or
        cannot have one of that type.
        """
        found = entity_type or ENTITY_TYPES.get(type(entity_id).__name__)
        json = body(entity_id=entity_id, entity_type=found or ..., lock_type=lock_type)
        return self._creates(ResourceLock, "/locks", json)


ENTITY_TYPES = {
    "LKECluster": "lkecluster",
    "LKENodePool": "lkenodepool",
    "Linode": "linode",
    "NodeBalancer": "nodebalancer",
    "Volume": "volume",
}
