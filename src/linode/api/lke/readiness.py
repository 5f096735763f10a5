"""Waiting until the nodes of pools are ready."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from linode._model import Steps
from linode.waiting.polling import PollTimer, poll_until
from linode.waiting.reports import Progress, reporter

if TYPE_CHECKING:
    from .pools import LKENodePool


def wait_for_nodes(
    client: Any, pools: Iterable[LKENodePool], timeout: float, poll_interval: float | None, progress: Progress | bool
) -> Steps[None]:
    """Wait until every one of *pools* has as many nodes as its count, all of them ready.

    A poll costs one request for each cluster. Raises `EventFailedError` when a pool is gone, `WaitTimeoutError` after
    *timeout* seconds.
    """
    waiting = list(pools)
    timer = PollTimer(client._now, timeout, poll_interval)
    report, close = reporter(progress)

    def is_over(_events: Any) -> bool:
        waiting[:] = [each for each in waiting if not _is_ready(each, report)]
        return not waiting

    def overdue() -> str:
        shown = ", ".join(map(repr, waiting[:5])) + (", ..." if len(waiting) > 5 else "")
        return f"{len(waiting)} without ready nodes after {timeout:g} s: {shown}"

    try:
        if waiting:
            yield from poll_until(client, timer, lambda _events: (tuple(waiting), lambda: False), is_over, overdue)
    finally:
        close()


def _is_ready(pool: LKENodePool, report: Progress) -> bool:
    """Whether all nodes of *pool* are ready; reports how many are."""
    ready = sum(each.status == "ready" for each in pool.nodes)
    over = ready == len(pool.nodes) >= pool.count
    report(pool, 100 if over else min(100 * ready // max(pool.count, 1), 99), "ready" if over else "not_ready")
    return over
