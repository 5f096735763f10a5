"""A shop to test: in this process, or as processes of its own; on SQLite, and on PostgreSQL and Redis."""

from __future__ import annotations

import secrets
from contextlib import ExitStack, closing, suppress
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from sqlalchemy import update

from linode import LinodeClient, LinodeError, Retry
from linode.sandbox import Sandbox
from reseller.models import Order
from reseller.pages import make_app
from reseller.settings import Settings
from reseller.shop import Shop
from reseller.tests.shops import OWNER, PLENTY, Heard, Processes, Visitor

CHEAP = PasswordHasher(time_cost=1, memory_cost=64)
"""Hashing takes most of the time of a sign-up, as it should; where it is not looked at, it need not."""


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request):
    """The backends of rows and jobs: settings by name."""
    if request.param == "sqlite":
        return {}
    return {
        "database_url": request.getfixturevalue("postgresql_url"),
        "redis_url": request.getfixturevalue("redis_url"),
    }


@pytest.fixture
def open_here(tmp_path):
    """Opens a shop in this process, over a sandbox in this process: ``open_here(limit_log_in="3/hour", **backend)``."""
    with ExitStack() as stack:

        def open_here(sandbox=None, hasher=None, **given):
            settings = Settings(
                **{
                    "data_dir": tmp_path,
                    "public_url": "https://shop.example.com",
                    "secret_key": secrets.token_urlsafe(32),
                    "linode_token": "not-asked-for",
                    "owner_password": OWNER,
                    "limit_sign_up": PLENTY,
                    "limit_log_in": PLENTY,
                    "limit_orders": PLENTY,
                    "limit_owner": PLENTY,
                    **given,
                }
            )
            settings.completed()
            sandbox = sandbox or stack.enter_context(Sandbox(seed=1))
            heard = Heard(sandbox.transport())
            workers = LinodeClient(sandbox.token, transport=heard, timeout=20, retry=Retry(3, 30))
            pages = sandbox.client(timeout=5, retry=Retry(2, 2))
            shop = stack.enter_context(closing(Shop(settings, workers, pages)))
            app = make_app(shop, hasher or CHEAP)

            def visitor(**options):
                client = stack.enter_context(TestClient(app, base_url="https://shop.example.com", **options))
                return Visitor(client)

            def work(rounds=10):
                """Run the jobs until none is left; pauses after errors end at once, and the clock advances."""
                for _ in range(rounds):
                    with shop.sessions() as db:
                        db.execute(update(Order).values(due=0.0))
                        db.commit()
                    while shop.provisioner.work():
                        pass
                    sandbox.advance(120)
                    with suppress(LinodeError):  # as the job does
                        shop.provisioner.reconcile()
                    if not shop.provisioner.left()[1]:
                        return
                raise AssertionError("it is never done")

            return SimpleNamespace(shop=shop, sandbox=sandbox, visitor=visitor, work=work, heard=heard)

        yield open_here


@pytest.fixture
def here(open_here):
    """A shop in this process."""
    return open_here()


@pytest.fixture
def processes(request, launch, api, backend):
    """The shop as processes: a web process, and a worker, or as many as a test asks for."""
    with ExitStack() as stack:
        yield Processes(stack, launch, api, backend, getattr(request, "param", 1))
