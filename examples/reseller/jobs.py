"""The queue's jobs. A job carries nothing: it says "look", and the database says at what."""

from __future__ import annotations

import logging
from typing import NamedTuple

from huey import Huey, crontab
from huey.api import TaskWrapper

from linode import LinodeError

from .making import Making

log = logging.getLogger(__name__)
LOOK_SECONDS = 2
"""How often it is looked around while something goes on; else once a minute."""


class Jobs(NamedTuple):
    """``work()`` does one order that is due; ``tend()`` sees to it that all of them are done, and compares with Linode."""

    work: TaskWrapper
    tend: TaskWrapper


def make_jobs(queue: Huey, making: Making) -> Jobs:
    """The jobs of *queue*. Where one is lost, because its worker was killed, ``tend`` makes up for it."""

    @queue.task()
    def work() -> None:
        if making.work():
            go_on()

    @queue.periodic_task(crontab())
    def tend() -> None:
        for _ in range(making.due() - queue.pending_count()):
            work()
        try:
            making.look_around()
        except LinodeError as error:
            log.warning("looking around: %s", error)
        go_on()

    def go_on() -> None:
        """Look around again soon, unless that is arranged already."""
        if making.unfinished() and not any(task.name == "tend" for task in queue.scheduled()):
            tend.schedule(delay=LOOK_SECONDS)

    return Jobs(work, tend)
