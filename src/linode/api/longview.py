"""Longview: statistics that a client on a Linode reports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias, Unpack

from linode._model import BaseClient, Bounds, Call, Entry, Field, Nested, ReadOnly, Resource, Struct, action
from linode._model.options import Options, body
from linode._model.relations import Many

from .types import Price, _PricedFields

LongviewLabel: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=32, pattern="[a-zA-Z0-9-_]{3,32}")]
LongviewPlan: TypeAlias = Literal["longview-3", "longview-10", "longview-40", "longview-100"]


class LongviewOptions(Options, total=False):
    """Options of `create_longview_client`."""

    label: LongviewLabel
    """Label, unique in the account; ``longview`` and the ID by default."""


class LongviewApps(Struct):
    """Applications for which a client reports statistics."""

    apache: ReadOnly[bool]
    """Whether Apache reports."""
    mysql: ReadOnly[bool]
    """Whether MySQL reports."""
    nginx: ReadOnly[bool]
    """Whether NGINX reports."""


class LongviewClient(Resource):
    """A client of Longview, to be installed on a Linode."""

    path = "/longview/clients/{id}"
    unique = "label"
    scope = "longview"
    filterable = ("label",)

    id: ReadOnly[int]
    label: Field[LongviewLabel]
    """Label, unique in the account: 3 to 32 letters, digits, ``-`` and ``_``."""
    api_key: ReadOnly[str]
    """API key of the client; redacted for users with read-only access."""
    install_code: ReadOnly[str]
    """Install code, part of the install command's URL; redacted for users with read-only access."""
    apps: Nested[LongviewApps]
    """Applications for which the client reports statistics."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]


class LongviewSubscription(Resource):
    """A plan of Longview Pro."""

    path = "/longview/subscriptions/{id}"
    scope = "longview"
    public = True
    read_only = True

    id: ReadOnly[LongviewPlan | str]
    label: ReadOnly[str]
    clients_included: ReadOnly[int]
    """Number of clients."""
    price: Nested[Price]


class LongviewType(_PricedFields, Entry):
    """A kind of Longview plan, with its price. The API returns kinds in a list only."""

    public = True
    filterable = ("label", "price.hourly", "price.monthly", "transfer")


class LongviewMixin(BaseClient):
    """Methods of a client for Longview."""

    get_longview_clients: Many[LongviewClient] = Many("/longview/clients")
    """Longview clients of the account."""
    get_longview_subscriptions: Many[LongviewSubscription] = Many("/longview/subscriptions")
    """Plans of Longview Pro."""
    get_longview_types: Many[LongviewType] = Many("/longview/types")
    """Kinds of Longview plans on sale."""

    @action
    def create_longview_client(self, **options: Unpack[LongviewOptions]) -> Call[LongviewClient]:
        """Create a Longview client and return it.

        Raises `InvalidRequestError` when the label is taken or the plan does not include another client.
        """
        return self._creates(LongviewClient, "/longview/clients", body(**options))

    @action
    def get_longview_plan(self) -> Call[LongviewSubscription | None]:
        """Return the plan of the account; None for the free one."""
        return Call("GET", "/longview/plan", read=lambda data: _plan(self, data))

    @action
    def set_longview_plan(
        self, longview_subscription: LongviewSubscription | LongviewPlan | None = None
    ) -> Call[LongviewSubscription | None]:
        """Change the plan of the account, None for the free one; returns the plan."""
        sent = body(longview_subscription=longview_subscription)
        return Call("PUT", "/longview/plan", sent, read=lambda data: _plan(self, data))


def _plan(client: Any, data: Any) -> LongviewSubscription | None:
    return LongviewSubscription._of(client, data) if data else None
