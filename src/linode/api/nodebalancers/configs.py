"""Configurations of NodeBalancers: a port, a protocol, health checks, and nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal, Required, TypeAlias, TypedDict, Unpack

from linode._model import Bounds, Call, Field, Many, Nested, Options, Parent, ReadOnly, Resource, Struct, action, body

from .nodes import NewNodeBalancerNode, NodeBalancerNode, NodeBalancerNodeOptions, NodeLabel, RebuiltNodeBalancerNode

if TYPE_CHECKING:
    from .nodebalancers import NodeBalancer

BalancerAlgorithm: TypeAlias = Literal["roundrobin", "leastconn", "ring_hash", "source"] | str
BalancerCheck: TypeAlias = Literal["none", "connection", "http", "http_body"] | str
BalancerPort: TypeAlias = Annotated[int, Bounds(ge=1, le=65535)]
BalancerProtocol: TypeAlias = Literal["udp", "tcp", "http", "https"] | str
CheckAttempts: TypeAlias = Annotated[int, Bounds(ge=1, le=30)]
CheckInterval: TypeAlias = Annotated[int, Bounds(ge=2, le=3600)]
CheckPath: TypeAlias = Annotated[str, Bounds(pattern=r"^[a-zA-Z0-9\/\-%?&=.]*$")]
CheckTimeout: TypeAlias = Annotated[int, Bounds(ge=1, le=30)]
CipherSuite: TypeAlias = Literal["recommended", "legacy"] | str
ProxyProtocol: TypeAlias = Literal["none", "v1", "v2"] | str
Stickiness: TypeAlias = Literal["none", "session", "source_ip", "table", "http_cookie"] | str


class _NewNodeBalancerConfig(TypedDict, total=False):
    """Members of a configuration, as they are created."""

    port: BalancerPort
    """Port: 1 to 65,535; 80 by default. A port has one configuration of TCP, HTTP or HTTPS, and one of UDP."""
    protocol: BalancerProtocol
    """Protocol; ``http`` by default."""
    algorithm: BalancerAlgorithm
    """Distribution of the connections; ``roundrobin`` by default. ``ring_hash`` is for UDP, ``source`` for others."""
    stickiness: Stickiness
    """Stickiness of sessions; ``none`` by default, ``session`` for UDP. ``session`` and ``source_ip`` are for UDP,
    ``table`` and ``http_cookie`` for other protocols."""
    check: BalancerCheck
    """Active health check; ``none`` by default."""
    check_interval: CheckInterval
    """Seconds between health checks: 2 to 3,600; more than ``check_timeout``."""
    check_timeout: CheckTimeout
    """Seconds after which a health check fails: 1 to 30."""
    check_attempts: CheckAttempts
    """Failed health checks after which a node is down: 1 to 30; 3 by default."""
    check_path: CheckPath
    """Path that the checks ``http`` and ``http_body`` request, starting with ``/``."""
    check_body: str
    """Regular expression that the body must match in the check ``http_body``."""
    check_passive: bool
    """Whether failed connections take a node down; True by default, False for UDP."""
    udp_check_port: BalancerPort
    """Port of the health checks of UDP; 80 by default."""
    proxy_protocol: ProxyProtocol
    """Version of the PROXY protocol, for TCP; ``none`` by default."""
    cipher_suite: CipherSuite
    """TLS ciphers of HTTPS; ``recommended`` by default."""
    ssl_cert: str | None
    """Certificate of HTTPS, in PEM format, with its chain; required for HTTPS."""
    ssl_key: str | None
    """Private key of the certificate, in PEM format and without a passphrase; required for HTTPS."""


class NodeBalancerConfigOptions(_NewNodeBalancerConfig, Options, total=False):
    """Options of `NodeBalancer.create_config` and `NodeBalancerConfig.rebuild`."""


class NewNodeBalancerConfig(_NewNodeBalancerConfig, total=False):
    """A configuration of a new NodeBalancer, with its nodes."""

    nodes: Required[Sequence[NewNodeBalancerNode]]


class NodeBalancerNodesStatus(Struct):
    """Numbers of nodes by the results of their health checks."""

    up: ReadOnly[int]
    """Number of nodes that are up."""
    down: ReadOnly[int]
    """Number of other nodes: those that are down, and those that have not been checked yet."""


class NodeBalancerConfig(Resource):
    """A configuration of a NodeBalancer: a port, and how its connections are distributed to the nodes.

    ``NodeBalancerConfig(client, 7, 123)`` is configuration 7 of NodeBalancer 123.
    """

    path = "/nodebalancers/{nodebalancer}/configs/{id}"
    scope = "nodebalancers"

    nodebalancer: Parent[NodeBalancer]
    id: ReadOnly[int]
    port: Field[BalancerPort]
    """Port: 1 to 65,535."""
    protocol: Field[BalancerProtocol]
    algorithm: Field[BalancerAlgorithm]
    """Distribution of the connections."""
    stickiness: Field[Stickiness]
    """Stickiness of sessions."""
    check: Field[BalancerCheck]
    """Active health check."""
    check_interval: Field[CheckInterval]
    """Seconds between health checks."""
    check_timeout: Field[CheckTimeout]
    """Seconds after which a health check fails."""
    check_attempts: Field[CheckAttempts]
    """Failed health checks after which a node is down."""
    check_path: Field[CheckPath]
    """Path that the checks ``http`` and ``http_body`` request."""
    check_body: Field[str]
    """Regular expression that the body must match in the check ``http_body``."""
    check_passive: Field[bool]
    """Whether failed connections take a node down."""
    udp_check_port: Field[BalancerPort]
    """Port of the health checks of UDP."""
    udp_session_timeout: ReadOnly[int]
    """Seconds after which a UDP session without traffic ends."""
    proxy_protocol: Field[ProxyProtocol]
    """Version of the PROXY protocol."""
    cipher_suite: Field[Literal["recommended", "legacy", "none"] | str]
    """TLS ciphers of HTTPS; ``none`` for UDP."""
    ssl_cert: Field[str | None]
    """Certificate of HTTPS, in PEM format. The API does not return it: None, or ``<REDACTED>``."""
    ssl_key: Field[str | None]
    """Private key of the certificate, in PEM format. The API does not return it: None, or ``<REDACTED>``."""
    ssl_commonname: ReadOnly[str]
    """Common name of the certificate; empty for none."""
    ssl_fingerprint: ReadOnly[str]
    """Fingerprint of the certificate; empty for none."""
    nodes_status: Nested[NodeBalancerNodesStatus]
    """Numbers of nodes that are up and down."""
    nodebalancer_id: ReadOnly[int]
    nodes: Many[NodeBalancerNode]

    @action
    def create_node(
        self, label: NodeLabel, address: str, **options: Unpack[NodeBalancerNodeOptions]
    ) -> Call[NodeBalancerNode]:
        """Add a node at *address*, such as ``192.168.128.1:80``, and return it.

        The address is the private IPv4 address of a Linode of the same region, its address in the VPC of the
        NodeBalancer (with ``subnet_id``), or its public IPv6 address: ``[2600:3c00::1]:80``.
        Raises `InvalidRequestError` when it is none of these, or of another kind than those of the other nodes.
        """
        return self._creates(NodeBalancerNode, "nodes", body(label=label, address=address, **options))

    @action
    def rebuild(
        self, nodes: Sequence[RebuiltNodeBalancerNode], **options: Unpack[NodeBalancerConfigOptions]
    ) -> Call[NodeBalancerConfig]:
        """Replace the nodes with *nodes*, and change the options given; returns the configuration.

        A node with the ID of an existing one keeps it; nodes that are not in *nodes* are deleted.
        Raises `InvalidRequestError` when an ID is unknown, or an address or an option is not valid.
        """
        return self._updates("rebuild", body(nodes=list(nodes), **options))
