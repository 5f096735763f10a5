"""The application to test: in this process with its queue, or in processes of its own."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from common.database import open_database
from common.queue import make_queue
from conftest import free_port
from install_on_linode.installation import Installer
from install_on_linode.jobs import make_jobs
from install_on_linode.models import Install
from install_on_linode.pages import make_app
from install_on_linode.settings import HERE, Settings
from install_on_linode.tests.visitors import Heard, Visitor
from linode.sandbox import Sandbox

SITE = "https://install.example.com"


@dataclass
class Site:
    """The application in this process, over a sandbox in this process; time passes when it is told to."""

    sandbox: Sandbox
    heard: Heard
    settings: Settings
    sessions: Any
    queue: Any
    jobs: Any
    app: Any
    stack: ExitStack

    def visitor(self):
        """A fresh browser."""
        client = TestClient(self.app, base_url=SITE, follow_redirects=False, raise_server_exceptions=False)
        return Visitor(self, self.stack.enter_context(client))

    def work(self):
        """Do the jobs of the queue, those for later too, until there are none."""
        for _ in range(100):
            later = datetime.now() + timedelta(days=1)  # noqa: DTZ005  the queue's times have no zone
            for task in self.queue.read_schedule(later):
                task.eta = None
                self.queue.enqueue(task)
            with self.sessions() as db:
                db.execute(update(Install).values(due=datetime.now(UTC) - timedelta(seconds=1)))
                db.commit()
            task = self.queue.dequeue()
            if task is None:
                return
            self.queue.execute(task)
        pytest.fail("the jobs do not come to an end")

    def install(self):
        """The only installation, from the database."""
        with self.sessions() as db:
            return db.scalars(select(Install)).one()

    def change(self, **values):
        """Write to all installs."""
        with self.sessions() as db:
            db.execute(update(Install).values(values))
            db.commit()

    def linodes(self):
        """The Linodes of the account."""
        return list(self.sandbox.client().get_linodes())

    def tokens(self):
        """The rows of the tokens of applications that are still valid in the sandbox."""
        return [row for row in self.sandbox.world.rows("Token") if "_client" in row]


@pytest.fixture
def open_site(tmp_path):
    """Opens the application in this process: ``open_site(limit_installs="2/hour")``."""
    with ExitStack() as stack:

        def open_site(**given):
            sandbox = stack.enter_context(Sandbox(seed=1))
            client_id, secret = sandbox.add_oauth_client("Hello on Linode", f"{SITE}/callback")
            settings = Settings(
                data_dir=tmp_path,
                secret_key="k" * 43,
                public_url=SITE,
                linode_client_id=client_id,
                linode_client_secret=secret,
                linode_login_url="http://sandbox",
                linode_api_url="http://sandbox/v4",
                **{"limit_installs": "10000/minute", **given},
            )
            settings.completed()
            sessions = open_database(settings.database_url, HERE / "migrations")
            stack.callback(sessions.kw["bind"].dispose)
            queue = make_queue(settings)
            stack.callback(queue.storage.close)
            heard = Heard(sandbox.transport())
            installer = Installer(settings, sessions, heard)
            jobs = make_jobs(queue, installer)
            app = make_app(settings, sessions, installer, jobs)
            return Site(sandbox, heard, settings, sessions, queue, jobs, app, stack)

        yield open_site


@pytest.fixture
def site(open_site):
    """The application in this process."""
    return open_site()


@pytest.fixture
def start(api, launch):
    """Starts the application in a process of its own, over a sandbox on a port: ``start("web", REDIS_URL=...)``."""
    port = free_port()
    client_id, secret = api.sandbox.add_oauth_client("Hello on Linode", f"http://localhost:{port}/callback")
    told = {
        "PORT": port,
        "LINODE_CLIENT_ID": client_id,
        "LINODE_CLIENT_SECRET": secret,
        "LINODE_API_URL": api.url,
        "LINODE_LOGIN_URL": api.address,
        "RETRY_SECONDS": 0.3,
        "LIMIT_INSTALLS": "10000/minute",
    }
    return lambda *arguments, **given: launch("install_on_linode", *arguments, **{**told, **given})
