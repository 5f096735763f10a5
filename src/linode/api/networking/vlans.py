"""VLANs: private networks of a region, which Linodes join by a label."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from linode._model import BaseClient, Many, Parent, ReadOnly, Resource

if TYPE_CHECKING:
    from ..regions import Region


class VLAN(Resource):
    """A VLAN: ``VLAN(client, "lan", "us-east")`` is the one labeled *lan* of that region.

    It is created by the first interface that names it (`Config.create_interface`, `Linode.create_interface`), and
    cannot be deleted while a Linode has such an interface. The API returns VLANs in a list only.
    """

    path = "/networking/vlans/{region}/{label}"
    scope = "linodes"
    filterable = ("label", "region")
    loadable = False
    savable = False

    region: Parent[Region]
    """Region; ``Filter({"region": "us-east"})`` filters by it."""
    label: ReadOnly[str]
    """Label, unique in the region."""
    linodes: ReadOnly[list[int]]
    """IDs of the Linodes in the VLAN."""
    created: ReadOnly[datetime]


class VLANsMixin(BaseClient):
    """Methods of a client for VLANs."""

    get_vlans: Many[VLAN] = Many("/networking/vlans")
    """VLANs of the account."""
