"""Errors of the API at every call: each customer still gets exactly one Linode, and a page that explains the error."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select

from linode import StackScript
from linode.sandbox import Fault
from reseller.models import Order
from reseller.tests.shops import text_of

KINDS = {
    "500": {"status": 500},
    "500, done": {"status": 500, "processed": True},
    "503": {"status": 503},
    "maintenance": {"status": 503, "headers": {"X-Maintenance-Mode": "all,closed"}},
    "429": {"status": 429, "headers": {"Retry-After": "2"}},
    "401": {"status": 401},
    "html": {"body": "html"},
    "empty": {"body": "empty"},
    "broken": {"body": "broken"},
    "truncated": {"body": "truncated"},
    "late": {"delay": 100.0},
    "refused": {"connection": "refused"},
    "dropped": {"connection": "dropped"},
    "dropped, done": {"connection": "dropped", "processed": True},
}
TIMES = (1, 5)
"""Once, which the library gets over by itself; and more often than it tries."""
MAKING = [
    ("GET", "/linode/stackscripts"),
    ("POST", "/linode/stackscripts"),
    ("GET", "/linode/instances"),
    ("POST", "/linode/instances"),
]
REBUILDING = [("POST", "/linode/instances/*/rebuild")]
LEAVING = [("GET", "/linode/instances/*"), ("DELETE", "/linode/instances/*")]


@pytest.mark.parametrize("kind", KINDS)
def test_broken_at_every_call(here, kind):
    """However a call fails, and as often: one Linode, one StackScript, the right password; nothing when it is over."""
    sandbox, customer = here.sandbox, here.visitor()

    def broken(calls, operation):
        customer.sees()
        faults = [Fault(*call, times=times, **KINDS[kind]) for call, times in itertools.product(calls, TIMES)]
        sandbox.faults.extend(faults)
        operation()
        here.work(40)
        sandbox.faults.clear()
        assert all(
            each.hits for each in faults if each.times == 1
        )  # the others not, where the first call was carried out

    customer.sign_up()
    broken(MAKING, lambda: None)
    assert len(sandbox.client().get_linodes()) == len(sandbox.client().get_stackscripts(StackScript.mine == True)) == 1  # noqa: E712  a filter
    assert customer.root_password() == here.heard.passwords[-1]
    broken(REBUILDING, lambda: customer.post("/server/rebuild", sure="y"))
    assert customer.root_password() == here.heard.passwords[-1]
    broken(LEAVING, lambda: customer.post("/server/give-up", sure="y"))
    assert len(sandbox.client().get_linodes()) == 0
    assert "The server is deleted" in customer.sees()


@pytest.mark.parametrize(
    ("why", "words"),
    [("sold_out", "Sold out"), ("limit", "The account has reached its limit"), ("payment", "The payment was refused")],
)
def test_refused(here, why, words):
    """A permanent refusal ends the attempts: the customer reads it and can try again.

    Refusals that concern the owner are shown to the owner.
    """
    customer, owner = here.visitor(), here.visitor()
    customer.sign_up()
    here.sandbox.faults.append(Fault.refusal(why))
    here.work()
    assert (words if why == "sold_out" else "not your fault") in customer.sees()
    assert "make a payment" not in customer.sees()
    owner.get("/owner")
    owner.post("/owner/log-in", password="owner of the shop")
    assert words in text_of(owner.get("/owner"))
    assert len(here.sandbox.client().get_linodes()) == 0
    customer.post("/server/again")
    here.work()
    assert "State running" in customer.sees()
    assert customer.root_password() == here.heard.passwords[-1]


def test_sold_out_for_a_while(here):
    """While a plan is sold out, the customer reads so; the server is created when the plan is available."""
    customer = here.visitor()
    customer.sign_up(region="eu-central")
    here.sandbox.sold_out("eu-central", "g6-nanode-1")
    for again in (False, True):
        here.work()
        assert "Sold out" in customer.sees()
        if again:
            here.sandbox.in_stock("eu-central", "g6-nanode-1")
        customer.post("/server/again")
    here.work()
    assert "State running" in customer.sees()


def test_an_account_that_is_not_active_yet(here):
    """An order that the owner's account blocks is retried until the account is active."""
    customer, owner = here.visitor(), here.visitor()
    customer.sign_up()
    here.sandbox.faults.append(Fault.refusal("inactive"))
    here.shop.provisioner.work()
    assert "We try again every few seconds" in customer.sees()
    owner.get("/owner")
    owner.post("/owner/log-in", password="owner of the shop")
    assert "The account is not active yet" in owner.get("/owner").text
    here.work()
    assert "State running" in customer.sees()


def test_a_linode_beside_an_order_that_failed(here):
    """A Linode whose worker was thought dead, found after its order has failed, is taken over with a known password."""
    customer = here.visitor()
    customer.sign_up()
    here.sandbox.faults.append(Fault.refusal("sold_out"))
    here.work()
    (label,) = (each.label for each in orders(here))
    options = {"image": "linode/debian12", "root_pass": "of-another-worker-1", "label": label, "tags": ["reseller"]}
    here.sandbox.client().create_linode("g6-nanode-1", "us-east", **options)
    here.shop.provisioner.reconcile()
    here.work()
    assert "State running" in customer.sees()
    assert len(here.sandbox.client().get_linodes()) == 1
    assert customer.root_password() == here.heard.passwords[-1]


def test_a_stackscript_that_was_deleted(here):
    """When somebody deletes the shop's StackScript, the next try makes another one."""
    here.visitor().sign_up()
    here.work()
    here.sandbox.client().get_stackscripts(StackScript.mine == True)[0].delete()  # noqa: E712  a filter
    customer = here.visitor()
    customer.sign_up()
    here.work()
    assert "not your fault" in customer.sees()
    customer.post("/server/again")
    here.work()
    assert "State running" in customer.sees()


def orders(here):
    with here.shop.sessions() as db:
        return db.scalars(select(Order)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_comes_all_the_same(here, kind):
    """When Linode does not answer, a customer's page and the owner's come, and say so."""
    customer, owner = here.visitor(), here.visitor()
    customer.sign_up()
    here.work()
    here.sandbox.faults.append(Fault("*", "**", chance=1.0, **KINDS[kind]))
    seen = customer.get("/server")
    assert seen.status_code == 200
    assert "State unknown" in customer.sees()
    assert "Traceback" not in seen.text
    owner.get("/owner")
    owner.post("/owner/log-in", password="owner of the shop")
    assert "toys" in owner.get("/owner").text


@pytest.mark.parametrize(("kind", "status"), [("503", 503), ("401", 502), ("429", 503), ("refused", 503)])
def test_a_button_that_fails(here, kind, status):
    """A reboot that Linode does not take is a page with words and a status, and no traceback."""
    customer = here.visitor()
    customer.sign_up()
    here.work()
    customer.sees()
    here.sandbox.faults.append(Fault("POST", "**", times=5, **KINDS[kind]))
    answer = customer.post("/server/reboot")
    assert answer.status_code == status
    assert "Linode" in answer.text


def test_a_linode_deleted_by_the_owner(here):
    """A customer whose Linode was deleted reads so, and gets another one on request."""
    customer = here.visitor()
    customer.sign_up()
    here.work()
    here.sandbox.client().get_linodes()[0].delete()
    here.shop.provisioner.reconcile()
    assert "deleted by somebody else" in customer.sees()
    customer.post("/server/again")
    here.work()
    assert "State running" in customer.sees()


def test_a_linode_with_another_label(here):
    """A Linode that the owner renamed in the Cloud Manager is still its customer's, and goes when they go."""
    customer = here.visitor()
    customer.sign_up()
    here.work()
    linode = here.sandbox.client().get_linodes()[0]
    linode.label, linode.tags = "renamed", []
    linode.save()
    here.shop.provisioner.reconcile()
    assert "State running" in customer.sees()
    customer.post("/server/give-up", sure="y")
    here.work()
    assert len(here.sandbox.client().get_linodes()) == 0


def test_a_stranger_is_left_alone(here):
    """A Linode with the shop's tag and no order in this database is shown to the owner, and not deleted."""
    here.sandbox.client().create_linode("g6-nanode-1", "us-east", label="reseller-other", tags=["reseller"])
    here.shop.provisioner.reconcile()
    owner = here.visitor()
    owner.get("/owner")
    owner.post("/owner/log-in", password="owner of the shop")
    assert "reseller-other ($5.00 a month)" in owner.get("/owner").text
    assert len(here.sandbox.client().get_linodes()) == 1


def test_a_late_linode_of_an_order_that_is_over(here):
    """A Linode that a late worker created for an order that is over is deleted."""
    customer = here.visitor()
    customer.sign_up()
    here.work()
    label = here.sandbox.client().get_linodes()[0].label
    customer.sees()
    customer.post("/server/give-up", sure="y")
    here.work()
    here.sandbox.client().create_linode("g6-nanode-1", "us-east", label=label, tags=["reseller"])
    here.shop.provisioner.reconcile()
    here.work()
    assert len(here.sandbox.client().get_linodes()) == 0


def test_overtaken_by_a_create_under_way(here):
    """When another worker's create comes in after the look, the Linode is taken over, with a password that fits."""
    customer = here.visitor()
    customer.sign_up()
    with here.shop.sessions() as db:
        label = db.connection().exec_driver_sql("SELECT label FROM orders").scalar()
    here.sandbox.faults.append(
        Fault("GET", "/linode/instances", content=b'{"data": [], "page": 1, "pages": 1, "results": 0}')
    )
    here.sandbox.client().create_linode(
        "g6-nanode-1",
        "us-east",
        image="linode/debian12",
        root_pass="of-another-worker-1",
        label=label,
        tags=["reseller"],
    )
    here.work()
    assert len(here.sandbox.client().get_linodes()) == 1
    assert customer.root_password() == here.heard.passwords[-1]
