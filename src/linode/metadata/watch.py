"""Watches: the values of the Metadata service as they change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from linode._model import Flow, Steps
from linode._model.names import PublicNames
from linode.errors import NotLoadedError
from linode.waiting.polling import PollTimer, with_deadline

__all__ = ["MetadataWatch"]

T = TypeVar("T")


class MetadataWatch(PublicNames, Generic[T]):
    """The values of a part of the service as they change: ``for network in metadata.watch_network(): ...``."""

    def __init__(self, client: Any, asking: Callable[[], Flow[T]], poll_interval: float, timeout: float | None) -> None:
        self._client = client
        self._asking = asking
        self._timer = PollTimer(client._now, float("inf") if timeout is None else timeout, poll_interval)
        self._latest: list[T] = []
        """The latest value, if there is one yet."""

    def __iter__(self) -> Iterator[T]:
        if self._client.awaited:
            raise NotLoadedError("the client is async; write: async for value in metadata.watch_network()")
        while fresh := self._client.execute(self._next()):
            yield from fresh

    if not TYPE_CHECKING:  # linode.aio declares it

        async def __aiter__(self) -> AsyncIterator[T]:
            while fresh := await self._client.execute(self._next()):
                for value in fresh:
                    yield value

    def _next(self) -> Steps[list[T]]:
        """Wait for the next value; nothing after the timeout."""
        while not self._latest or (yield from self._timer.wait()):
            value = yield from with_deadline(self._asking(), self._timer)
            if [value] != self._latest:
                self._latest = [value]
                return self._latest
        return []
