"""Node pools: the Linodes of a cluster, in groups of the same plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal, Required, TypeAlias, TypedDict

from linode._model import Bounds, Call, Field, Nested, Options, ReadOnly, Resource, Steps, Struct, action, flow
from linode._model.relations import Parent, Ref, RefField
from linode.waiting.reports import Progress
from linode.waiting.waitable import Waitable

from ..linodes.values import DiskEncryption
from .readiness import wait_for_nodes

if TYPE_CHECKING:
    from ..linodes.linode import Linode
    from ..networking.firewalls import Firewall
    from ..types import Type
    from .clusters import LKECluster

NodeCount: TypeAlias = Annotated[int, Bounds(ge=0, le=100)]
ScaleLimit: TypeAlias = Annotated[int, Bounds(ge=1, le=100)]
LabelValue: TypeAlias = Annotated[
    str, Bounds(min_length=0, max_length=63, pattern=r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
]
TaintKey: TypeAlias = Annotated[
    str,
    Bounds(
        min_length=1, max_length=63, pattern=r"^([A-Za-z0-9][-A-Za-z0-9_.]*)?(\/)?([A-Za-z0-9][-A-Za-z0-9_.]{1,63})?$"
    ),
]
TaintEffect: TypeAlias = Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | str
UpdateStrategy: TypeAlias = Literal["rolling_update", "on_recycle"] | str
DiskFormat: TypeAlias = Literal["raw", "ext4"] | str
NodeStatus: TypeAlias = Literal["ready", "not_ready"] | str


class NewLKEAutoscaler(TypedDict, total=False):
    """Autoscaler of a new pool."""

    enabled: bool
    """Whether the autoscaler changes the number of nodes; it needs both limits."""
    min: ScaleLimit
    max: ScaleLimit


class NewLKEPoolDisk(TypedDict, total=False):
    """A custom disk of each node of a new pool."""

    size: int
    type: DiskFormat


class NewLKETaint(TypedDict, total=False):
    """A taint of each node of a new pool."""

    key: Required[TaintKey]
    """Key: up to 63 letters, digits, ``-``, ``_`` and ``.``, with an optional ``/``."""
    value: Required[LabelValue]
    effect: Required[TaintEffect]


class NewLKEIsolation(TypedDict, total=False):
    """Public addresses of the nodes of a new enterprise pool."""

    public_ipv4: bool
    """Whether the nodes have public IPv4 addresses; True by default."""
    public_ipv6: bool
    """Whether the nodes have public IPv6 addresses; True by default."""


class _PoolMembers(TypedDict, total=False):
    """Members of a new pool besides its type and its number of nodes."""

    label: str
    tags: Sequence[str]
    labels: Mapping[str, LabelValue]
    """Kubernetes labels of the nodes."""
    taints: Annotated[Sequence[NewLKETaint], Bounds(min_length=0)]
    """Kubernetes taints of the nodes."""
    autoscaler: NewLKEAutoscaler
    """Autoscaler; off by default."""
    disks: Sequence[NewLKEPoolDisk]
    """Custom disks of each node, 7 at most; they cannot be changed."""
    disk_encryption: Literal["enabled", "disabled"] | str
    """Whether the disks are encrypted; enabled where the region has it, unless given."""
    k8s_version: str
    """Version of Kubernetes, in enterprise clusters; by default that of the cluster."""
    update_strategy: UpdateStrategy
    """Strategy of updates to another version, in enterprise clusters; ``on_recycle`` by default."""
    firewall_id: Firewall | int
    """Firewall that protects the nodes, in enterprise clusters."""
    isolation: NewLKEIsolation | None
    """Public addresses of the nodes, in enterprise clusters; it cannot be changed."""


class NewLKENodePool(_PoolMembers, total=False):
    """A pool of a new cluster."""

    type: Required[Type | str]
    count: Required[NodeCount]
    """Number of nodes: 1 to 100, in enterprise clusters 0 too."""


class LKENodePoolOptions(Options, _PoolMembers, total=False):
    """Options of `LKECluster.create_pool` besides the type and the number of nodes."""


class LKEAutoscaler(Struct):
    """Autoscaler of a pool."""

    enabled: Field[bool]
    """Whether the autoscaler changes the number of nodes."""
    min: Field[ScaleLimit]
    """Minimum number of nodes."""
    max: Field[ScaleLimit]
    """Maximum number of nodes."""


class LKEPoolDisk(Struct):
    """A custom disk of each node of a pool."""

    size: ReadOnly[int]
    """Size in MB."""
    type: ReadOnly[DiskFormat]
    """File system, or ``raw``."""


class LKETaint(Struct):
    """A taint of each node of a pool: pods that do not tolerate the taint keep away."""

    key: Field[TaintKey]
    value: Field[LabelValue]
    effect: Field[TaintEffect]
    """Effect on pods that do not tolerate the taint."""


class LKEIsolation(Struct):
    """Public addresses of the nodes of an enterprise pool."""

    public_ipv4: ReadOnly[bool]
    """Whether the nodes have public IPv4 addresses."""
    public_ipv6: ReadOnly[bool]
    """Whether the nodes have public IPv6 addresses."""


class LKENode(Waitable):
    """A node of a cluster, which is a Linode. Deleting a node deletes its Linode, and its pool has one node less."""

    path = "/lke/clusters/{cluster}/nodes/{id}"
    scope = "lke"
    savable = False
    listed = False
    wait_status = "ready"
    wait_timeout = 900

    cluster: Parent[LKECluster]
    id: ReadOnly[str]
    """ID: the pool's, ``-`` and 12 hexadecimal digits."""
    linode: Ref[Linode | None] = Ref("instance_id")
    """Linode that the node runs on; None until it is created."""
    pool_id: ReadOnly[int]
    status: ReadOnly[NodeStatus]
    """Status: ``ready`` once the node takes pods."""

    @property
    def pool(self) -> LKENodePool:
        """Pool of the node, not loaded."""
        return LKENodePool(self._client, self.id.partition("-")[0], *self._parents)

    @action
    def recycle(self) -> Call[None]:
        """Replace the node with a new one: its Linode is deleted, and another one is created."""
        return self._posts("recycle")


class LKENodePool(Resource):
    """A pool: nodes of a cluster with the same plan. Deleting a pool deletes its Linodes."""

    path = "/lke/clusters/{cluster}/pools/{id}"
    scope = "lke"
    filterable = ("id", "tags")
    shown = ("id", "label", "type", "count", "tags")

    cluster: Parent[LKECluster]
    id: ReadOnly[int]
    label: Field[str | None]
    """Label; empty for none."""
    type: Ref[Type]
    """Plan of the nodes."""
    count: Field[NodeCount]
    """Number of nodes; saving another number creates nodes, or deletes nodes with their Linodes."""
    nodes: ReadOnly[list[LKENode]]
    autoscaler: Nested[LKEAutoscaler]
    labels: Field[dict[str, LabelValue]]
    """Kubernetes labels of the nodes; saving replaces all, and nodes are kept."""
    taints: Field[list[LKETaint]]
    """Kubernetes taints of the nodes; saving replaces all, and nodes are kept."""
    tags: Field[list[str]]
    disks: ReadOnly[list[LKEPoolDisk]]
    """Custom disks of each node."""
    disk_encryption: ReadOnly[DiskEncryption]
    k8s_version: Field[str | None]
    """Version of Kubernetes in enterprise clusters; None in standard ones."""
    update_strategy: Field[UpdateStrategy | None]
    """Strategy of updates in enterprise clusters: nodes are replaced at once one by one, or when they are recycled;
    None in standard ones."""
    firewall: RefField[Firewall | None] = RefField("firewall_id")
    """Firewall that protects the nodes of an enterprise cluster; None for none."""
    isolation: Nested[LKEIsolation | None]
    """Public addresses of the nodes of an enterprise cluster."""
    locks: ReadOnly[list[Literal["cannot_delete"] | str]]
    """Locks that prevent its deletion."""

    @action
    def recycle(self) -> Call[None]:
        """Replace all nodes, one after another, with new ones that have the version of the cluster."""
        return self._posts("recycle", outdated=("nodes",))

    @flow
    def wait(
        self, *, timeout: float = 900, poll_interval: float | None = None, progress: Progress | bool = False
    ) -> Steps[None]:
        """Wait until there are `count` nodes and all are ready, for *timeout* seconds at most.

        *poll_interval* is the number of seconds between polls (default: 1, growing to 5); *progress* is called as
        ``progress(pool, percent, status)``, True draws a progress bar. Raises `EventFailedError` when the pool is gone,
        `WaitTimeoutError` after *timeout* seconds.
        """
        return wait_for_nodes(self._client, [self], timeout, poll_interval, progress)
