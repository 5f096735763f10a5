"""Start and end of the shop."""

from __future__ import annotations

import httpx2
import pytest

from conftest import until
from reseller.tests.shops import OWNER, Visitor


def test_with_nothing_configured(launch, visit):
    """Alone it starts a sandbox, tells where it is and how the owner gets in, and ends well with Ctrl-C."""
    shop = launch("reseller", SECRET_KEY="")
    assert f"is ready: {shop.url} (in a sandbox" in shop.output
    assert f"The owner's page: {shop.url}/owner, password " in shop.output
    page = visit()
    page.goto(shop.url)
    assert "Sandbox." in page.locator("footer").inner_text()
    page.close()
    assert shop.stop() == 0
    assert "Traceback" not in shop.output
    assert "Warning" not in shop.output


def test_what_is_wrong_is_said(launch):
    """Each wrong variable is named, with its cure; nothing starts."""
    wrong = {"REGIONS": "us-east", "STACKSCRIPT": "/nowhere.sh", "SECRET_KEY": "short", "OWNER_PASSWORD": "short"}
    shop = launch("reseller", start=False, **wrong)
    with pytest.raises(AssertionError):
        shop.start()
    assert shop.started.returncode == 2
    for name in wrong:
        assert f"{name}: " in shop.output
    assert "Traceback" not in shop.output


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_part_needs_a_token(launch, part):
    """Processes cannot share an embedded sandbox: a part of the shop needs a token, and is refused."""
    shop = launch("reseller", part, start=False)
    with pytest.raises(AssertionError):
        shop.start()
    assert "cannot share a sandbox" in shop.output


def test_the_owners_password_is_required(launch):
    """With a token, what is real begins: then the owner has to choose a password."""
    shop = launch("reseller", start=False, LINODE_TOKEN="0123456789")
    with pytest.raises(AssertionError):
        shop.start()
    assert "OWNER_PASSWORD" in shop.output


def test_a_part_ends_well(launch, api):
    """A worker ends with Ctrl-C, without a traceback."""
    worker = launch("reseller", "worker", LINODE_TOKEN=api.sandbox.token, LINODE_API_URL=api.url, OWNER_PASSWORD=OWNER)
    assert worker.stop() == 0
    assert "Traceback" not in worker.output


def test_a_shop_of_one_process_killed(launch):
    """The whole shop, sandbox and all, killed while it makes a server, goes on where it was."""
    shop = launch("reseller", SANDBOX_SPEED=20, CLAIM_SECONDS=2)
    with httpx2.Client(base_url=shop.url, trust_env=False, timeout=30) as client:
        customer = Visitor(client)
        number = customer.sign_up()
        shop.kill()
        shop.start()
        until(lambda: "State running" in customer.sees(), 150)
        assert customer.number() == number
        assert customer.root_password()
