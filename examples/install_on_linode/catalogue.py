"""What can be chosen: lists that Linode shows to everybody, without a token."""

from __future__ import annotations

import threading
import time
from typing import Any, NamedTuple, TypeAlias

from linode import LinodeClient, LinodeError, Retry, Type

from .settings import Settings

FRESH_SECONDS, AGAIN_SECONDS = 300.0, 10.0
"""How long an offer holds, and how long a failure to get the first."""
Choices: TypeAlias = list[tuple[str, str]]


class Offer(NamedTuple):
    """Ids and names, in the order to show them in."""

    plans: Choices
    regions: Choices
    images: Choices


class Catalogue:
    """The offer of the moment: asked for at most every five minutes, and kept while Linode does not answer."""

    def __init__(self, settings: Settings, transport: Any = None) -> None:
        self.settings = settings
        self.transport = transport
        self._lock = threading.Lock()
        self._asked = -FRESH_SECONDS
        self._offer: Offer | None = None
        self._trouble = LinodeError("not asked yet")

    def offer(self) -> Offer:
        """What can be chosen now. Raises `LinodeError` when it was never learnt."""
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

    def _ask(self) -> Offer:
        url, retry = self.settings.linode_api_url, Retry(attempts=2, seconds=2, max_rate_limit_wait=2)
        with LinodeClient(base_url=url, timeout=5, retry=retry, transport=self.transport) as client:
            plans = [each for each in client.get_types() if self._suits(each)]
            regions = [each for each in client.get_regions() if {"Linodes", "StackScripts"} <= set(each.capabilities)]
            images = {each.id: each for each in client.get_images()}
        return Offer(
            [(each.id, _words(each)) for each in sorted(plans, key=_price)],
            sorted(((each.id, each.label) for each in regions), key=lambda choice: choice[1]),
            [(id, images[id].label) for id in self.settings.images if id in images],
        )

    def _suits(self, plan: Type) -> bool:
        return plan.class_ in ("nanode", "standard", "dedicated") and plan.memory >= self.settings.min_memory


def _price(plan: Type) -> float:
    return plan.price.monthly or 0.0


def _words(plan: Type) -> str:
    return f"{plan.label}: ${_price(plan):g} a month ({plan.vcpus} CPU, {plan.disk // 1024} GB disk)"
