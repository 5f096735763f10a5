"""The scheduler and the workers, each on a Linode of its own."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from dask_cloudprovider.generic.vmcluster import SchedulerMixin, VMInterface, WorkerMixin
from distributed.core import Status

from linode.aio import Linode

if TYPE_CHECKING:
    from .cluster import LinodeCluster

__all__ = ["LinodeScheduler", "LinodeWorker"]

SCHEDULER_ADDRESS = "10.0.0.2"
"""Address of the scheduler in the VPC of the cluster: the first address that a subnet assigns."""
INSTALL = ["apt-get update -y", "DEBIAN_FRONTEND=noninteractive apt-get install -y docker.io"]


class Machine(VMInterface):
    """A Linode whose cloud-init starts a container with *command*."""

    cluster: LinodeCluster
    name: str
    status: Status
    address_in_vpc = "auto"

    def __init__(self, *, cluster: LinodeCluster, linode_type: str, **options: Any) -> None:
        env_vars, image = options.pop("env_vars"), options.pop("docker_image")
        commands = options.pop("extra_bootstrap") or ()
        super().__init__(extra_bootstrap=[*INSTALL, *commands], **options)
        self.cluster, self.linode_type = cluster, linode_type
        self.env_vars, self.docker_image = env_vars, image
        self.bootstrap = False  # the base installs Docker with tools that today's Ubuntu lacks
        self.auto_shutdown = False  # a Linode that is off is billed
        self.linode: Linode | None = None
        self.since = time.monotonic()

    async def create_vm(self) -> tuple[str, str | None]:
        """Create the Linode; gives the address for the machines of the cluster, and the one for the program."""
        user_data = self.cluster.render_process_cloud_init(self)
        try:
            self.linode = await self._create(user_data)
        except BaseException:
            self.status = Status.failed
            raise
        self.since = time.monotonic()
        self.cluster._log(f"Created {self.name}")
        return self.cluster.addresses(self.linode, self.address_in_vpc)

    async def _create(self, user_data: str) -> Linode:
        return await self.cluster.resources.create_linode(
            self.name, self.linode_type, self.cluster.image, user_data, self.address_in_vpc
        )

    async def destroy_vm(self) -> None:
        """Delete the Linode, if there is one."""
        await self.cluster.resources.delete_linode(self.name, self.linode)
        self.cluster._log(f"Deleted {self.name}")


class LinodeScheduler(SchedulerMixin, Machine):
    """The scheduler, on a Linode."""

    address_in_vpc = SCHEDULER_ADDRESS

    async def _create(self, user_data: str) -> Linode:
        linode = await super()._create(user_data)
        await linode.wait(timeout=self.cluster.boot_timeout)
        return linode

    async def wait_for_scheduler(self) -> None:
        """Wait until the scheduler can be reached. Raises TimeoutError after ``boot_timeout`` seconds."""
        host, _, port = (self.external_address or self.address).rpartition("://")[2].rpartition(":")
        async with asyncio.timeout(self.cluster.boot_timeout):
            while not await _answers(host, int(port)):  # noqa: ASYNC110 - nobody tells when it does
                await asyncio.sleep(0.1)


class LinodeWorker(WorkerMixin, Machine):
    """A worker, on a Linode. The cluster, the scheduler and the account know it by the same *name*."""

    def __init__(self, scheduler: str, *, name: str, **options: Any) -> None:
        super().__init__(scheduler=scheduler, **options)
        made_up: str = self.name
        self.command: str = self.command.replace(made_up, name)
        self.name = name  # with the base's own, the cluster could not tell which of its workers is which


async def _answers(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(5):
            _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True
