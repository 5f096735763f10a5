"""The queue's jobs. A job says "look at this install"; what there is to do, the database says."""

from __future__ import annotations

from typing import NamedTuple

from huey import Huey, crontab
from huey.api import TaskWrapper

from .installation import Installer


class Jobs(NamedTuple):
    """``install(id)`` works on one install; ``tend()`` sees to it that none is left lying."""

    install: TaskWrapper
    tend: TaskWrapper


def make_jobs(queue: Huey, installer: Installer) -> Jobs:
    """The jobs of *queue*. One that is lost, because its worker was killed, ``tend`` puts there again."""

    @queue.task()
    def install(install_id: str) -> None:
        if not installer.work(install_id):
            install.schedule((install_id,), delay=installer.settings.retry_seconds)

    @queue.periodic_task(crontab())
    def tend(*, alone: bool = False) -> None:
        installer.forget()
        for install_id, seconds in installer.open_installs(alone=alone):
            install.schedule((install_id,), delay=seconds)

    return Jobs(install, tend)
