"""The offer: plans, regions and images, from lists that Linode shows to everybody, without a token."""

from __future__ import annotations

import threading
import time
from typing import Any, NamedTuple, TypeAlias

from common.formatting import counted, money
from linode import LinodeClient, LinodeError, Region, Retry, Type

from .settings import Settings

FRESH_SECONDS, AGAIN_SECONDS = 300.0, 10.0
"""Seconds for which an offer is used, and seconds to wait after the first one could not be loaded."""
Choices: TypeAlias = list[tuple[str, str]]


class Plan(NamedTuple):
    """A plan to choose. *elsewhere* holds its monthly price where a region has one of its own, by the region's ID."""

    id: str
    label: str
    size: str
    monthly: float
    elsewhere: dict[str, float]

    def price(self, region: str) -> float:
        """The price of a month in *region*, in dollars."""
        return self.elsewhere.get(region, self.monthly)


class Offer(NamedTuple):
    """The plans, cheapest first, and the names of regions and images by their IDs."""

    plans: list[Plan]
    regions: dict[str, str]
    images: dict[str, str]

    @property
    def plan_choices(self) -> Choices:
        """The plans with the price of a month that most regions have."""
        return [(each.id, f"{each.label}, {money(each.monthly)}") for each in self.plans]

    @property
    def region_choices(self) -> Choices:
        """The regions by name; those with prices of their own say so."""
        own = {region for plan in self.plans for region in plan.elsewhere}
        return [(id, f"{name} (other prices)" if id in own else name) for id, name in self.regions.items()]

    def price(self, plan: str, region: str) -> float | None:
        """The price of a month for *plan* in *region*, in dollars; None for a plan that is no longer offered."""
        return next((each.price(region) for each in self.plans if each.id == plan), None)


class Catalogue:
    """The current offer: asked for at most every five minutes, and kept while Linode does not answer."""

    def __init__(self, settings: Settings, transport: Any = None) -> None:
        self.settings = settings
        self.transport = transport
        self._lock = threading.Lock()
        self._asked = -FRESH_SECONDS
        self._offer: Offer | None = None
        self._trouble = LinodeError("not asked yet")

    def offer(self) -> Offer:
        """The current offer. Raises `LinodeError` when there has never been one."""
        with self._lock:
            if time.monotonic() - self._asked > (FRESH_SECONDS if self._offer else AGAIN_SECONDS):
                try:
                    self._offer = self._ask()
                except LinodeError as error:
                    self._trouble = error
                self._asked = time.monotonic()
            if self._offer is None:
                raise self._trouble.with_traceback(None)
            return self._offer

    def place(self, plan: str, region: str) -> tuple[str, str]:
        """The name of *region*, and the price of a month for *plan* there, as text; the ID and "" when not known."""
        try:
            offer = self.offer()
        except LinodeError:  # the page of an install is shown all the same
            return region, ""
        price = offer.price(plan, region)
        return offer.regions.get(region, region), "" if price is None else f"{money(price)} a month"

    def _ask(self) -> Offer:
        url, retry = self.settings.linode_api_url, Retry(attempts=2, seconds=2, max_rate_limit_wait=2)
        with LinodeClient(base_url=url, timeout=5, retry=retry, transport=self.transport) as client:
            plans = [each for each in client.get_types() if self._suits(each)]
            regions = [each for each in client.get_regions() if _has_what_is_needed(each)]
            images = {each.id: each.label for each in client.get_images()}
        names = {each.id: each.label.strip() for each in sorted(regions, key=lambda region: region.label)}
        return Offer(
            sorted((_plan(each, names) for each in plans), key=lambda plan: plan.monthly),
            names,
            {id: images[id] for id in self.settings.images if id in images},
        )

    def _suits(self, plan: Type) -> bool:
        return plan.class_ in ("nanode", "standard", "dedicated") and plan.memory >= self.settings.min_memory


def _has_what_is_needed(region: Region) -> bool:
    return {"Linodes", "StackScripts"} <= set(region.capabilities)


def _plan(plan: Type, regions: dict[str, str]) -> Plan:
    monthly = plan.price.monthly or 0.0
    own = {each.id: each.monthly or 0.0 for each in plan.region_prices if each.id in regions}
    size = f"{counted(plan.vcpus, 'CPU')}, {plan.memory // 1024} GB memory, {plan.disk // 1024} GB disk"
    return Plan(plan.id, plan.label, size, monthly, {id: price for id, price in own.items() if price != monthly})
