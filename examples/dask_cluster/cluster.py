"""`LinodeCluster`: a Dask cluster whose scheduler and workers are Linodes."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property
from typing import Any

import dask.config
from dask.utils import parse_timedelta
from dask_cloudprovider.generic.vmcluster import VMCluster
from distributed.core import Status
from distributed.deploy.cluster import Cluster

from linode import LinodeError, NotFoundError
from linode.aio import Linode, LinodeClient

from .cleanup import Reaper
from .machines import LinodeScheduler, LinodeWorker
from .resources import ANYWHERE, Resources, delete_all

__all__ = ["LinodeCluster"]


class LinodeCluster(VMCluster):
    """A Dask cluster of Linodes in *region*, each of *type*, in a VPC and behind a firewall of its own.

    ``client`` is an async client of the account, which the cluster closes; the default is one with the token of
    ``LINODE_TOKEN``. ``sources`` are
    the addresses from which the scheduler can be reached, by default all: TLS with the certificates of this run keeps
    others out. ``beat`` is the number of seconds between two looks at the account, and ``boot_timeout`` the number
    until a machine must have reported. ``reap=False`` leaves the remains of other, dead clusters alone. Other options
    are those of `VMCluster` (``n_workers``, ``docker_image``, ``worker_options`` ...) and `SpecCluster`.

    Raises `LinodeError` when the API refuses to create the cluster, and ValueError for ``security=False`` without
    *sources*.
    """

    status: Status
    scheduler_class = LinodeScheduler
    worker_class = LinodeWorker

    def __init__(
        self,
        region: str,
        type: str = "g6-standard-2",
        *,
        scheduler_type: str | None = None,
        image: str = "linode/ubuntu24.04",
        client: LinodeClient | None = None,
        sources: Sequence[str] = (),
        beat: float = 60.0,
        boot_timeout: float = 900.0,
        reap: bool = True,
        **options: Any,
    ) -> None:
        if not options.get("security", True) and not sources:
            raise ValueError("without security, sources must name the addresses that may use the cluster")
        self.region, self.image = region, image
        self.sources, self.period, self.boot_timeout = sources or ANYWHERE, beat, boot_timeout
        self.client = client or LinodeClient()
        self._reaper = Reaper(self.client) if reap else None
        self._numbers = itertools.count(1)
        self._keepers: list[asyncio.Task[None]] = []
        self._closing: asyncio.Task[None] | None = None
        self.options: dict[str, Any] = {"cluster": self}
        self.scheduler_options: dict[str, Any] = {"cluster": self, "linode_type": scheduler_type or type}
        self.worker_options: dict[str, Any] = {"cluster": self, "linode_type": type}
        super().__init__(**options)

    @cached_property
    def resources(self) -> Resources:
        """The objects of the cluster in the account."""
        return Resources(self.client, self.uuid)

    def addresses(self, linode: Linode, in_vpc: str) -> tuple[str, str | None]:
        """The addresses of a machine: for the machines of the cluster, and for the program."""
        return in_vpc, linode.ipv4[0]

    # -- starting and closing --------------------------------------------------------------------------------------

    async def _start(self) -> None:
        if self.status == Status.created:
            port = self.scheduler_options["scheduler_options"].get("port", 8786)
            try:
                await self.resources.create(self.region, self.period, self.sources, port)
            except BaseException:
                self.status = Status.closed
                await self._delete()
                raise
            self._every_beat(self._beat)
        await super()._start()
        if self.status == Status.running and len(self._keepers) == 1:
            self._every_beat(self._look_after)

    async def _close(self) -> None:
        if self._closing is None:
            self._closing = asyncio.create_task(self._end())
        await self._closing

    async def _end(self) -> None:
        if self._scheduler_is_lost:
            self.scheduler.status = Status.failed  # nobody is there to be told
            self.shutdown_scheduler = False
        try:
            await super()._close()
        finally:
            self.status = Status.closing  # `close` does not wait for what is closed
            await self._delete()
            self.status = Status.closed

    async def _delete(self) -> None:
        """Delete what is left: machines whose create or delete was not answered, the VPC and the firewall."""
        for each in self._keepers:
            each.cancel()
        await self.resources.delete()
        await self.client.close()

    @property
    def _scheduler_is_lost(self) -> bool:
        return self._watch_worker_status_task is not None and self._watch_worker_status_task.done()

    # -- workers ---------------------------------------------------------------------------------------------------

    def _new_worker_name(self, _number: int) -> str:
        """A name that no machine has had: a lost one may still be on its way out."""
        return f"{self.resources.label}-worker-{next(self._numbers)}"

    async def _correct_state_internal(self) -> None:
        leaving = [name for name in self.workers if name not in self.worker_spec]
        if leaving and self.status == Status.running and not self._scheduler_is_lost:
            await self.scheduler_comm.retire_workers(names=leaving)  # the base takes their names for addresses
        await super()._correct_state_internal()

    def _update_worker_status(self, op: str, msg: Any) -> None:
        if op == "remove":
            name = self.scheduler_info["workers"][msg]["name"]
            delay = parse_timedelta(dask.config.get("distributed.deploy.lost-worker-timeout"))
            asyncio.get_running_loop().call_later(delay, self._replace_lost, name)
        Cluster._update_worker_status(self, op, msg)  # that of `SpecCluster` forgets the worker, and starts no other

    def _replace_lost(self, name: str) -> None:
        if name in self.worker_spec and name not in self.observed and self.status == Status.running:
            self._log(f"Lost {name}")
            self._drop(name, replace=True)

    def _drop(self, name: str, *, replace: bool) -> None:
        """Delete a worker's machine, and start another one if it is to be replaced."""
        del self.worker_spec[name]
        if replace:
            self.worker_spec.update(self.new_worker_spec())
        self._correct_state().add_done_callback(self._report)

    def _report(self, done: asyncio.Future[None]) -> None:
        if not done.cancelled() and (error := done.exception()) is not None:
            self._log(f"{type(error).__name__}: {error}")

    # -- looking after the account ---------------------------------------------------------------------------------

    def _every_beat(self, does: Callable[[], Awaitable[None]]) -> None:
        """Let a task do something now and then, until the cluster closes; failures are tried again at the next beat."""

        async def go_on() -> None:
            while True:
                await asyncio.sleep(self.period)
                try:
                    await does()
                except LinodeError as error:
                    self._log(f"Will try again: {error}")

        self._keepers.append(asyncio.create_task(go_on()))
        self._keepers[-1].add_done_callback(self._report)

    async def _beat(self) -> None:
        """Show that this program lives: in a task of its own, since others would reap the cluster of a late one."""
        try:
            await self.resources.beat()
        except NotFoundError:
            self._give_up("its VPC is gone")

    async def _look_after(self) -> None:
        if self._scheduler_is_lost:
            self._give_up("the scheduler is lost")
            return
        await self._compare()
        if self._reaper is not None:
            await self._reaper.reap(self._log, self.resources.label)

    def _give_up(self, why: str) -> None:
        if self.status == Status.running and self._closing is None:
            self._log(f"Closing the cluster: {why}")
            self._closing = asyncio.create_task(self._end())

    async def _compare(self) -> None:
        """Compare the machines that there are with those that there should be."""
        known = self._names()
        created = {name for name, worker in self.workers.items() if worker.status == Status.running}
        linodes = {each.label: each for each in await self.resources.linodes()}
        unwanted = [each for label, each in linodes.items() if label not in known | self._names()]
        for each in unwanted:
            self._log(f"Deleting {each.label}, which nobody uses")
        await delete_all(unwanted)
        for name, worker in list(self.workers.items()):
            if name not in self.worker_spec or name in self.observed:
                continue
            if worker.status != Status.running or (name in created and name not in linodes):
                self._drop(name, replace=True)
            elif time.monotonic() > worker.since + self.boot_timeout:
                self._log(f"{name} has not reported; it is deleted, and not replaced: the next might not either")
                self._drop(name, replace=False)
        if self.workers.keys() != self.worker_spec.keys():  # a create or a delete has failed
            self._correct_state().add_done_callback(self._report)

    def _names(self) -> set[str]:
        return {self.scheduler.name, *self.worker_spec, *self.workers}
