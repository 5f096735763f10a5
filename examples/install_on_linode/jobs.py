"""The queue's jobs. A job says "look at this install"; what there is to do, the database says."""

from __future__ import annotations

from typing import NamedTuple

from huey import Huey, crontab
from huey.api import TaskWrapper

from .installing import Installing


class Jobs(NamedTuple):
    """``install(id)`` works on one install; ``tend()`` sees to it that none is left lying."""

    install: TaskWrapper
    tend: TaskWrapper


def make_jobs(queue: Huey, installing: Installing) -> Jobs:
    """The jobs of *queue*. One that is lost, because its worker was killed, ``tend`` puts there again."""

    @queue.task()
    def install(install_id: str) -> None:
        if not installing.work(install_id):
            install.schedule((install_id,), delay=installing.settings.retry_seconds)

    @queue.periodic_task(crontab())
    def tend(*, alone: bool = False) -> None:
        installing.forget()
        for install_id, seconds in installing.open_installs(alone=alone):
            install.schedule((install_id,), delay=seconds)

    return Jobs(install, tend)
