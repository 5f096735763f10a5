"""The shop put together, and the jobs of its queue: they carry nothing, and say "look"; the database says at what."""

from __future__ import annotations

import logging

from huey import crontab

from common.database import open_database
from common.queue import make_queue
from linode import LinodeClient, LinodeError

from .provisioning import Provisioner
from .settings import HERE, Settings

log = logging.getLogger(__name__)
LOOK_SECONDS = 2  # between two looks while something goes on; else a minute


class Shop:
    """The objects that a process of the shop uses; *patient* is the client of jobs, *hasty* that of pages."""

    def __init__(self, settings: Settings, patient: LinodeClient, hasty: LinodeClient) -> None:
        self.settings = settings
        self.sessions = open_database(settings.database_url, HERE / "migrations")
        self.queue = make_queue(settings)
        self.care = make_queue(settings, "-care")  # so that what looks around does not wait in line
        self.provisioner = Provisioner(settings, self.sessions, patient)
        self.client = hasty
        self.work = self.queue.task(name="work")(self._work)
        self.tend = self.care.periodic_task(crontab(), name="tend")(self._tend)

    def _work(self) -> None:
        """Do one order that is due."""
        if self.provisioner.work():
            self._go_on()

    def _tend(self) -> None:
        """See to it that all orders are done, also where a job was lost because its worker was killed."""
        for _ in range(self.provisioner.left()[0] - self.queue.pending_count()):
            self.work()
        try:
            self.provisioner.reconcile()
        except LinodeError as error:
            log.warning("looking around: %s", error)
        self._go_on()

    def _go_on(self) -> None:
        """Look around again soon, unless that is arranged already."""
        if self.provisioner.left()[1] and not self.care.pending_count() + self.care.scheduled_count():
            self.tend.schedule(delay=LOOK_SECONDS)

    def close(self) -> None:
        """Let go of all connections."""
        self.provisioner.client.close()
        self.client.close()
        self.queue.storage.close()
        self.care.storage.close()
        self.sessions.kw["bind"].dispose()
