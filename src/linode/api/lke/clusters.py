"""Kubernetes clusters."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Nested, ReadOnly, Resource, ResourceList, Steps, action, flow
from linode._model.options import Options, body
from linode._model.relations import Many, Ref
from linode.errors import UnexpectedResponseError
from linode.waiting.reports import Progress

from .control_plane import (
    LKEAPIEndpoint,
    LKEControlPlane,
    LKEControlPlaneACL,
    NewLKEControlPlane,
    NewLKEControlPlaneACL,
)
from .pools import LKENodePool, LKENodePoolOptions, NewLKENodePool, NodeCount
from .readiness import wait_for_nodes
from .versions import LKETierName, LKETierVersion, LKEType, LKEVersion

if TYPE_CHECKING:
    from ..regions import Region
    from ..types import Type
    from ..vpcs.subnets import VPCSubnet
    from ..vpcs.vpcs import VPC

ClusterLabel: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=32)]
StackType: TypeAlias = Literal["ipv4", "ipv4-ipv6"] | str


class LKEClusterOptions(Options, total=False):
    """Options of `create_lke_cluster` besides the required ones."""

    tier: LKETierName
    """Tier: ``standard``, the default, or ``enterprise``."""
    control_plane: NewLKEControlPlane
    """Control plane; not replicated by default, unless the tier is ``enterprise``."""
    apl_enabled: bool
    """Whether Akamai's application platform is installed; it replicates the control plane."""
    stack_type: StackType
    """Address families of an enterprise cluster; ``ipv4`` by default."""
    vpc_id: VPC | int
    """VPC of an enterprise cluster; by default the cluster gets a VPC of its own."""
    subnet_id: VPCSubnet | int
    """Subnet in that VPC."""
    tags: Sequence[str]


class _Kubeconfig(TypedDict):
    """The response with a kubeconfig."""

    kubeconfig: str


class _Dashboard(TypedDict):
    """The response with the address of a dashboard."""

    url: str


class LKECluster(Resource):
    """A Kubernetes cluster. Deleting it deletes its pools, its nodes and their Linodes.

    A new cluster is ``ready`` at once, while its Kubernetes API and its nodes take some minutes: `wait` waits for the
    nodes.
    """

    path = "/lke/clusters/{id}"
    unique = "label"
    scope = "lke"
    filterable = ("k8s_version", "label", "region", "tags", "tier")

    id: ReadOnly[int]
    label: Field[ClusterLabel]
    """Label, unique in the account: 1 to 32 letters, digits and ``-``."""
    region: Ref[Region]
    k8s_version: Field[str]
    """Version of Kubernetes. It can be set to the next minor version; nodes follow when they are recycled."""
    tier: ReadOnly[LKETierName]
    status: ReadOnly[Literal["ready", "not_ready"] | str]
    """Status of the cluster, not of its nodes."""
    control_plane: Nested[LKEControlPlane]
    apl_enabled: ReadOnly[bool]
    """Whether Akamai's application platform is installed."""
    stack_type: ReadOnly[StackType]
    """Address families."""
    vpc: Ref[VPC | None] = Ref("vpc_id")
    """VPC, which cannot be deleted before the cluster; None for a standard cluster."""
    subnet_id: ReadOnly[int | None]
    """ID of the subnet in the VPC; None for a standard cluster."""
    locks: ReadOnly[list[Literal["cannot_delete"] | str]]
    """Locks that prevent its deletion."""
    tags: Field[list[str]]
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]

    pools: Many[LKENodePool]
    """Node pools."""
    api_endpoints: Many[LKEAPIEndpoint] = Many("api-endpoints")
    """Addresses of the Kubernetes API; the API refuses to list them with status 503 until it runs."""

    @property
    def apl_console_url(self) -> str | None:
        """URL of the console of Akamai's application platform; None where it is not installed."""
        return f"https://console.lke{self.id}.akamai-apl.net" if self.apl_enabled else None

    @property
    def apl_auth_url(self) -> str | None:
        """URL of the authentication of Akamai's application platform; None where it is not installed."""
        return f"https://auth.lke{self.id}.akamai-apl.net" if self.apl_enabled else None

    @flow
    def wait(
        self, *, timeout: float = 900, poll_interval: float | None = None, progress: Progress | bool = False
    ) -> Steps[None]:
        """Wait until all nodes of all pools are ready, for *timeout* seconds at most; see `LKENodePool.wait`.

        A poll costs one request. *progress* is called for each pool.
        """
        pools: Any = yield from ResourceList.all(self.pools())
        yield from wait_for_nodes(self._client, pools, timeout, poll_interval, progress)

    @action
    def create_pool(
        self, type: Type | str, count: NodeCount, **options: Unpack[LKENodePoolOptions]
    ) -> Call[LKENodePool]:
        """Create a pool of *count* nodes of the plan *type* and return it; `LKENodePool.wait` waits for the nodes.

        Raises `InvalidRequestError` when the plan is unknown or sold out, the number is out of bounds, or an option is
        for enterprise clusters only.
        """
        return self._creates(LKENodePool, "pools", body(type=type, count=count, **options))

    @action
    def recycle(self) -> Call[None]:
        """Replace all nodes of all pools, one after another, with new ones that have the version of the cluster."""
        return self._posts("recycle")

    # -- access --------------------------------------------------------------------------------------------------

    @action
    def get_kubeconfig(self) -> Call[str]:
        """Return the kubeconfig, which gives full access to the cluster: YAML, as ``kubectl`` reads it from a file.

        The API has none for the first minutes, and responds with status 503: the client tries again, as its `Retry`
        allows. Raises `ServerError` when there is still none.
        """

        def read(data: _Kubeconfig) -> str:
            try:
                return base64.b64decode(data["kubeconfig"], validate=True).decode()
            except ValueError:  # the error would show the text
                raise UnexpectedResponseError("the API sent a kubeconfig that is not in base64") from None

        return Call("GET", f"{self.url}/kubeconfig", shape=_Kubeconfig, read=read)

    @action
    def delete_kubeconfig(self) -> Call[None]:
        """Revoke the kubeconfig; the API makes a new one, which takes a while."""
        return self._posts("kubeconfig", method="DELETE")

    @action
    def delete_service_token(self) -> Call[None]:
        """Revoke the service account token of the cluster; the API makes a new one."""
        return self._posts("servicetoken", method="DELETE")

    @action
    def regenerate(self, *, kubeconfig: bool = False, servicetoken: bool = False) -> Call[None]:
        """Revoke the *kubeconfig*, the service account token, or both; the API makes new ones.

        Raises `InvalidRequestError` when neither is True.
        """
        return self._posts("regenerate", body(kubeconfig=kubeconfig, servicetoken=servicetoken))

    @action
    def get_dashboard_url(self) -> Call[str]:
        """Return the URL of the Kubernetes dashboard of a standard cluster."""
        return Call("GET", f"{self.url}/dashboard", shape=_Dashboard, read=lambda data: str(data["url"]))

    @action
    def get_acl(self) -> Call[LKEControlPlaneACL]:
        """Return the access control list of the control plane."""
        return Call("GET", f"{self.url}/control_plane_acl", read=self._read_acl)

    @action
    def update_acl(self, acl: LKEControlPlaneACL | NewLKEControlPlaneACL) -> Call[LKEControlPlaneACL]:
        """Change the access control list of the control plane and return it; members that are left out are kept.

        Raises `InvalidRequestError` when an address is not valid.
        """
        return Call("PUT", f"{self.url}/control_plane_acl", body(acl=acl), read=self._read_acl)

    @action
    def delete_acl(self) -> Call[None]:
        """Delete the access control list of the control plane: every address has access."""
        return self._posts("control_plane_acl", method="DELETE")

    def _read_acl(self, data: dict[str, Any]) -> LKEControlPlaneACL:
        return LKEControlPlaneACL._of(self, data.get("acl"))


class LKEMixin(BaseClient):
    """Methods of a client for Kubernetes clusters."""

    get_lke_clusters: Many[LKECluster] = Many("/lke/clusters")
    """Kubernetes clusters of the account."""
    get_lke_versions: Many[LKEVersion] = Many("/lke/versions")
    """Versions of Kubernetes for standard clusters, the newest first; `LKETier.versions` lists those of each tier."""
    get_lke_types: Many[LKEType] = Many("/lke/types")
    """Kinds of control planes on sale."""

    @action
    def create_lke_cluster(
        self,
        label: ClusterLabel,
        region: Region | str,
        k8s_version: LKEVersion | LKETierVersion | str,
        node_pools: Sequence[NewLKENodePool],
        **options: Unpack[LKEClusterOptions],
    ) -> Call[LKECluster]:
        """Create a Kubernetes cluster with *node_pools* in *region* and return it.

        A standard cluster has at least one pool, such as ``{"type": "g6-standard-1", "count": 3}``.
        Raises `InvalidRequestError` when the version or a plan is unknown, or the region has no clusters of the tier.
        """
        json = body(label=label, region=region, k8s_version=k8s_version, node_pools=node_pools, **options)
        return self._creates(LKECluster, "/lke/clusters", json)
