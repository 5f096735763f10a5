"""The async client: it awaits requests, in tasks where several may run at once."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from linode._http.content import MOST_BYTES
from linode._http.retrying import Retry
from linode._http.transport import TIMEOUT, AsyncHttpTransport, AsyncTransport, Request
from linode._model import Flow, Sleep
from linode._secrets import Token, clear_frames, redact_tracebacks

from .base import AT_ONCE, Client, empty, raw_call
from .settings import verified

__all__ = ["AsyncLinodeClient"]

T = TypeVar("T")


class AsyncLinodeClient(Client):
    """An async client of the API, for one token; import it from `linode.aio`, as `LinodeClient`.

    ``token`` is a personal access token or one from `LinodeLoginClient`, or a function that returns the token and is
    called for each request; the default is ``LINODE_TOKEN`` from the environment, and without a token only public
    operations are possible. ``base_url`` is the address of the API with its version; the default is what ``LINODE_URL``
    and ``LINODE_API_VERSION`` (``v4``, ``v4beta``) say, else today's API. ``timeout`` is in seconds, for connecting and
    then for the whole response (None: no limit). ``retry`` is the policy for retries. ``page_size`` is the number of
    objects on a page of a list (1 to 500; None: the API's maximum). ``http`` is an `httpx2.AsyncClient` of your own;
    without it, ``proxy`` and ``verify`` (a CA file, an `ssl.SSLContext`, True, False; the default is the
    file that ``LINODE_CA`` names, else True: the machine's certificates) configure the connections.
    ``max_response_bytes`` limits the decompressed content of a response; a longer one raises `UnexpectedResponseError`.
    A client may be shared by tasks and by event loops. A function ``token`` is not awaited and must return quickly.
    """

    awaited = True

    @redact_tracebacks
    def __init__(
        self,
        token: Token | None = None,
        base_url: str | None = None,
        *,
        timeout: float | None = TIMEOUT,
        retry: Retry = Retry(),  # noqa: B008 - immutable
        page_size: int | None = None,
        http: Any = None,
        proxy: str | None = None,
        verify: Any = None,
        max_response_bytes: int = MOST_BYTES,
        transport: AsyncTransport | None = None,
    ) -> None:
        self._transport: AsyncTransport = transport or AsyncHttpTransport(
            http, proxy=proxy, verify=verified(verify), max_response_bytes=max_response_bytes
        )
        super().__init__(token, base_url, timeout, retry, page_size, self._transport)
        if isinstance(self._transport, AsyncHttpTransport):
            self._transport.check(self.base_url)

    async def execute(self, flow: Flow[T], *, until: float | None = None) -> T:
        """Run *flow*: execute each of its steps and send the result back, until it returns. Errors are thrown into it.

        Its calls end at the latest at the time *until* of the transport's clock (None: only the client's ``timeout``
        and ``retry`` limit them).
        """
        outer = sys.exception()
        answer: Any = None
        steps, step = self._run(flow, until), None
        try:
            step = next(steps)
            while True:
                try:
                    if isinstance(step, Request):
                        answer = await self._transport.send(step, step.within(self.timeout))
                    elif isinstance(step, Sleep):
                        answer = None
                        await self._transport.sleep(step.seconds)
                    else:
                        answer = await self._gather(step.flows, step.until)
                except Exception as error:  # noqa: BLE001 - the flow decides
                    empty(error, outer, step)
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        except BaseException as error:
            empty(error, outer, step)
            steps.close()
            clear_frames(error, outer)
            del flow, steps, step, outer
            answer = None
            raise

    _execute = execute

    async def _gather(self, flows: tuple[Flow[Any], ...], until: float | None) -> list[Any]:
        import asyncio

        if len(flows) == 1:
            return [await self.execute(flows[0], until=until)]
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(flow: Flow[Any]) -> Any:
            async with gate:
                return await self.execute(flow, until=until)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(flow)) for flow in flows]
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return [task.result() for task in tasks]

    @redact_tracebacks
    async def request(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        filter: Any = None,
    ) -> Any:
        """Send a request that the library has no method for; returns the decoded JSON of the response.

        ``path`` starts with the slash after the version; ``json`` is the body, ``filter`` a `Filter` or its JSON.
        """
        return await self.execute(raw_call(method, path, json, query, filter))

    async def close(self) -> None:
        """Close the connections of this event loop."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()
