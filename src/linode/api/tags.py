"""Tags: labels that group objects of the account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias, Unpack

from linode._model import BaseClient, Bounds, Call, Entry, Many, Options, ReadOnly, Resource, action, body

from .domains import Domain
from .linodes.linode import Linode
from .networking.ips import IPAddress
from .networking.reserved_ips import ReservedIPAddress
from .nodebalancers.nodebalancers import NodeBalancer
from .volumes import Volume

TagLabel: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=50)]
TaggedType: TypeAlias = Literal["linode", "domain", "nodebalancer", "volume", "reserved_ipv4_address"] | str

_CLASSES: dict[str, type[Any]] = {
    "linode": Linode,
    "domain": Domain,
    "nodebalancer": NodeBalancer,
    "volume": Volume,
    "reserved_ipv4_address": ReservedIPAddress,
}


class TagOptions(Options, total=False):
    """Options of `create_tag`: the objects that get the tag."""

    linodes: Sequence[Linode | int]
    """Linodes to tag."""
    domains: Sequence[Domain | int]
    """Domains to tag."""
    nodebalancers: Sequence[NodeBalancer | int]
    """NodeBalancers to tag."""
    volumes: Sequence[Volume | int]
    """Volumes to tag."""
    reserved_ipv4_addresses: Sequence[ReservedIPAddress | IPAddress | str]
    """Reserved IPv4 addresses to tag."""


class TaggedObject(Entry):
    """An object with a tag."""

    type: ReadOnly[TaggedType]
    """Type of the object."""
    data: ReadOnly[dict[str, Any]]
    """The object's JSON."""

    @property
    def object(self) -> Linode | Domain | NodeBalancer | Volume | ReservedIPAddress:
        """The object, loaded. Raises TypeError when its type is newer than this library; `data` has it then."""
        cls = _CLASSES.get(self.type)
        if cls is None:
            raise TypeError(f"this library has no class for a tagged {self.type}; read its data")
        found: Linode | Domain | NodeBalancer | Volume | ReservedIPAddress = cls._of(self._client, self.data)
        return found


class Tag(Resource):
    """A tag. Giving an object a new tag creates the tag. Set the ``tags`` of an object to change which tags it has."""

    path = "/tags/{label}"
    scope = "account"
    savable = False
    loadable = False
    id_key = "label"

    label: ReadOnly[str]
    """Label: 3 to 50 characters."""
    objects: Many[TaggedObject] = Many(".")
    """Linodes, domains, NodeBalancers, volumes and reserved IPv4 addresses with this tag."""


class TagsMixin(BaseClient):
    """Methods of a client for tags."""

    get_tags: Many[Tag] = Many("/tags")
    """Tags of the account, by label."""

    @action
    def create_tag(self, label: TagLabel, **options: Unpack[TagOptions]) -> Call[Tag]:
        """Create a tag, add it to the objects in *options*, and return it.

        Raises `InvalidRequestError` when one of the objects does not exist; none of them is tagged then.
        """
        return self._creates(Tag, "/tags", body(label=label, **options))
