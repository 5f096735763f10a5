"""A request, and the results of the steps so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from linode._http.transport import Request

from ..core.world import Row, World
from ..failures.limits import Allowance, Limits
from . import rules
from .route import Route

__all__ = ["EarlyResponse", "Exchange"]


@dataclass
class Exchange:
    """A request, and the results of the steps so far."""

    world: World
    request: Request
    limits: Limits | None = None
    method: str = ""
    beta: bool = False
    parts: tuple[str, ...] = ()
    query: dict[str, str] = field(default_factory=dict)
    route: Route | None = None
    names: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    """The path's row, and those of its parents, nearest first."""
    members: Row = field(default_factory=dict)
    listing: rules.Listing | None = None
    result: Any = None
    scopes: str = "unknown"
    accepted: str = "*"
    allowance: Allowance | None = None

    @property
    def found(self) -> Route:
        """The route, which an earlier step has found."""
        if self.route is None:
            raise LookupError("find_route has not run yet")
        return self.route


class EarlyResponse(Exception):
    """Ends the steps early with a response."""
