"""Versions of Kubernetes, the tiers that offer them, and the prices of control planes."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from linode._model import Bounds, Entry, Many, Parent, ReadOnly, Resource

from ..types import _PricedFields

LKEVersionId: TypeAlias = Annotated[str, Bounds(min_length=1)]
LKETierName: TypeAlias = Literal["standard", "enterprise"] | str


class LKEVersion(Resource):
    """A version of Kubernetes for standard clusters."""

    path = "/lke/versions/{id}"
    scope = "lke"
    read_only = True

    id: ReadOnly[LKEVersionId]
    """Version, such as ``1.30``."""


class LKETier(Resource):
    """A tier of clusters: ``LKETier(client, "enterprise").versions`` lists its versions of Kubernetes."""

    path = "/lke/tiers/{id}"
    scope = "lke"
    read_only = True
    loadable = False
    beta = True

    id: ReadOnly[LKETierName]
    """Name: ``standard`` or ``enterprise``."""
    versions: Many[LKETierVersion]
    """Versions of Kubernetes for clusters of the tier, the newest first."""


class LKETierVersion(Resource):
    """A version of Kubernetes for clusters of one tier."""

    path = "/lke/tiers/{tier}/versions/{id}"
    scope = "lke"
    read_only = True
    beta = True

    tier: Parent[LKETier]
    id: ReadOnly[LKEVersionId]
    """Version, such as ``1.35``, or ``v1.33.6+lke7`` in the tier ``enterprise``."""


class LKEType(_PricedFields, Entry):
    """A kind of control plane, with its price: ``lke-sa``, or ``lke-ha`` for high availability.

    The API returns kinds in a list only.
    """

    public = True
    filterable = ("label", "price.hourly", "price.monthly", "transfer")
