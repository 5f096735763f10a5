"""The executors, which drive flows: they send requests over a transport, sleep and gather."""

from __future__ import annotations

import sys
import threading
from contextvars import Context, copy_context
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any, Self, TypeVar

from linode._forking import reset_after_fork
from linode._model import Flow, Gather, Sleep
from linode._model.calls import sequential
from linode._secrets import clear_frames

from .pipeline import Pipeline
from .transport import AsyncTransport, Request, Transport

__all__ = ["AsyncExecutor", "Executor"]

T = TypeVar("T")
AT_ONCE = 24
"""Maximum number of concurrent flows of one `Gather`."""
SLOW = 0.01
"""Response time in seconds below which flows run one after the other, because threads would be slower."""
_worker = threading.local()


class Threads:
    """The threads of a client, which are started when they are needed."""

    def __init__(self) -> None:
        self._reset()
        reset_after_fork(self._reset)

    def _reset(self) -> None:
        """Forget the pool: a forked process has none of the parent's threads."""
        self._pool: Any = None
        self._lock = threading.Lock()

    def started(self) -> Any:
        """The pool of threads."""
        with self._lock:
            if self._pool is None:
                from concurrent.futures import ThreadPoolExecutor

                self._pool = ThreadPoolExecutor(AT_ONCE, "linode", initializer=_mark_worker)
            return self._pool

    def close(self) -> None:
        """End the threads when their work is done."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True)


class Executor:
    """Executes flows: a base of a client, which has ``_run``, the steps of a flow that are to be executed."""

    awaited = False
    timeout: float | None
    _transport: Transport
    _pipeline: Pipeline

    if TYPE_CHECKING:  # the client has it

        def _run(self, flow: Flow[T], until: float | None) -> Any: ...

    def _open(self) -> None:
        """Prepare the threads."""
        self._threads = Threads()

    def execute(self, flow: Flow[T], *, until: float | None = None) -> T:
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
                        answer = self._transport.send(step, step.within(self.timeout))
                    elif isinstance(step, Sleep):
                        answer = None
                        self._transport.sleep(step.seconds)
                    elif self._runs_in_turn(step):
                        answer = self.execute(sequential(step.flows), until=step.until)
                    else:
                        answer = self._in_threads(step.flows, step.until)
                except Exception as error:  # noqa: BLE001 - the flow decides
                    _empty(error, outer, step)
                    step = None  # what the flow raises from here on has not passed the transport
                    step = steps.throw(error)
                else:
                    step = None
                    step = steps.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        except BaseException as error:
            _empty(error, outer, step)
            steps.close()
            clear_frames(error, outer)
            del flow, steps, step, outer
            answer = None
            raise

    def _runs_in_turn(self, gather: Gather[Any]) -> bool:
        """Whether the flows of *gather* run one after the other: threads would be slower while responses are fast."""
        fast = self._pipeline.traffic.last_took < SLOW or not self._transport.parallel
        return len(gather.flows) < 2 or fast or getattr(_worker, "busy", False)

    def _in_threads(self, flows: tuple[Flow[Any], ...], until: float | None) -> list[Any]:
        """The results of all *flows*, run in threads."""
        # Each flow has a context of its own: the caller's context variables are set in the threads as well.
        contexts = [copy_context() for _ in flows]
        execute = partial(self.execute, until=until)
        return list(self._threads.started().map(Context.run, contexts, repeat(execute), flows))

    def close(self) -> None:
        """Close the connections; another request opens new ones."""
        self._threads.close()
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class AsyncExecutor:
    """Executes flows with coroutines, otherwise like `Executor`."""

    awaited = True
    timeout: float | None
    _transport: AsyncTransport

    if TYPE_CHECKING:  # the client has it

        def _run(self, flow: Flow[T], until: float | None) -> Any: ...

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
                    elif isinstance(step, Gather):
                        answer = await self._gather(step.flows, step.until)
                    else:
                        answer = await step.awaitable
                except Exception as error:  # noqa: BLE001 - the flow decides
                    _empty(error, outer, step)
                    step = None  # what the flow raises from here on has not passed the transport
                    step = steps.throw(error)
                else:
                    step = None
                    step = steps.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        except BaseException as error:
            _empty(error, outer, step)
            steps.close()
            clear_frames(error, outer)
            del flow, steps, step, outer
            answer = None
            raise

    async def _gather(self, flows: tuple[Flow[Any], ...], until: float | None) -> list[Any]:
        import asyncio

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

    async def close(self) -> None:
        """Close the connections of this event loop."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()


def _mark_worker() -> None:
    """Make a worker of the pool run nested gathers sequentially: workers that wait for workers would deadlock."""
    _worker.busy = True


def _empty(error: BaseException, outer: BaseException | None, step: Any) -> None:
    """Clear the frames of the transport that *error* has passed, also a user's own: the request contains secrets."""
    if isinstance(step, Request):
        clear_frames(error, outer, everywhere=True)
