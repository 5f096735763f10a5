"""Invoices that add up from what ran, payments, and payment methods."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from asking import NANODE, REGION, actions, raw, refused, said

from linode import Invoice, Payment, PaymentMethod
from linode.errors import NotFoundError
from linode.sandbox import Sandbox

HOUR, DAY = 3600, 24 * 3600
CARD = {"card_number": "4111111111111111", "expiry_month": 12, "expiry_year": 2030, "cvv": "123"}
NO_METHOD = [("The account has no payment method", "payment_method_id")]


@pytest.fixture
def sandbox():
    """A sandbox that begins with a month of 30 days."""
    with Sandbox(seed=1, start=datetime(2026, 6, 1, tzinfo=UTC), step=0) as made:
        yield made


def bills(client):
    """The label's first words, hours, price and amount of each item, invoice by invoice."""
    return [
        [(each.label.partition(" - ")[0], each.quantity, each.unit_price, each.total) for each in invoice.items]
        for invoice in client.get_invoices()
    ]


# -- invoices --------------------------------------------------------------------------------------------------------


def test_a_linode_costs_its_hours(sandbox, client):
    """An hour that has begun counts whole; the bill comes on the first of the month."""
    linode = client.create_linode(NANODE, REGION, label="web")
    sandbox.advance(10 * HOUR - 60)
    assert client.get_account().balance_uninvoiced == round(10 * 0.0075, 2)
    sandbox.advance(61)
    linode.delete()
    assert client.get_account().balance_uninvoiced == round(11 * 0.0075, 2)
    sandbox.advance(29 * DAY)
    assert list(client.get_invoices()) == []
    sandbox.advance(1 * DAY)
    (invoice,) = client.get_invoices()
    assert (invoice.label, invoice.date, invoice.total) == ("Invoice", datetime(2026, 7, 1, tzinfo=UTC), 0.08)
    (item,) = invoice.items
    assert (item.label, item.region, item.type) == (f"Nanode 1GB - web ({linode.id})", REGION, "hourly")
    assert (item.from_, item.to) == (datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 1, 10, 0, 1, tzinfo=UTC))
    account = client.get_account()
    assert (account.balance, account.balance_uninvoiced) == (0.08, 0)
    assert Invoice(client, invoice.id).subtotal == 0.08
    assert [each.id for each in client.get_invoices(Invoice.total > 0.05)] == [invoice.id]


def test_object_storage_is_billed_from_the_first_bucket_until_it_is_canceled(sandbox, client):
    """Once, however many buckets and keys there are."""
    for label in ("one", "two"):
        client.create_bucket(label, region=REGION)
    client.create_object_storage_key(label="key")
    sandbox.advance(12 * HOUR)
    client.cancel_object_storage()
    assert client.get_account().balance_uninvoiced == 0.09
    sandbox.advance(30 * DAY)
    assert bills(client) == [[("Object Storage", 12, "0.0075", 0.09)]]
    client.create_object_storage_key(label="key")
    sandbox.advance(60 * DAY)
    assert [items[-1][-1] for items in bills(client)][-1] == 5.0


def test_longview_is_billed_by_its_plan(sandbox, client):
    """Another plan begins another item; the free one has none."""
    client.set_longview_plan("longview-3")
    sandbox.advance(2 * HOUR)
    client.set_longview_plan("longview-10")
    sandbox.advance(1 * HOUR)
    client.set_longview_plan(None)
    sandbox.advance(30 * DAY)
    assert bills(client) == [[("Longview Pro 3 pack", 2, "0.03", 0.06), ("Longview Pro 10 pack", 1, "0.06", 0.06)]]


def test_a_month_costs_at_most_its_price(sandbox, client):
    """Month by month; in regions with prices of their own too."""
    client.create_linode(NANODE, REGION)
    client.create_linode(NANODE, "br-gru")
    sandbox.advance(61 * DAY)
    june, july = bills(client)
    assert june == [("Nanode 1GB", 720, "0.0075", 5.0), ("Nanode 1GB", 720, "0.0105", 7.0)]
    assert july == [("Nanode 1GB", 744, "0.0075", 5.0), ("Nanode 1GB", 744, "0.0105", 7.0)]
    assert client.get_account().balance == 24.0
    assert [each.total for each in client.get_invoices()] == [12.0, 12.0]


def test_backups_and_a_new_plan_are_billed_from_when_they_are_there(sandbox, client):
    """Each price has an item of its own; the label is the latest."""
    linode = client.create_linode(NANODE, REGION, label="web")
    sandbox.advance(10 * HOUR)
    linode.enable_backups()
    sandbox.advance(10 * HOUR)
    linode.cancel_backups()
    linode.label = "renamed"
    linode.save()
    linode.resize("g6-standard-1").wait()
    sandbox.advance(30 * DAY)
    (items,) = bills(client)
    assert [(label, amount) for label, _, _, amount in items] == [
        ("Nanode 1GB", 0.16),
        ("Backup Service", 0.03),
        ("Linode 2GB", 12.0),
    ]
    assert sum(hours for label, hours, _, _ in items if label != "Backup Service") == 721  # an hour of both


def test_volumes_and_nodebalancers_are_billed(sandbox, client):
    """A volume by its size, before and after it has grown."""
    volume = client.create_volume("data", region=REGION, size=100)
    balancer = client.create_nodebalancer(REGION)
    sandbox.advance(10 * HOUR)
    volume.resize(200)
    balancer.delete()
    sandbox.advance(30 * DAY)
    (items,) = bills(client)
    assert items == [
        ("Storage Volume", 10, "0.015", 0.15),
        ("NodeBalancer", 10, "0.015", 0.15),
        ("Storage Volume", 710, "0.03", 20.0),
    ]


def test_a_refused_creation_costs_nothing(sandbox, client):
    """Nor does a month in which nothing was there."""
    with pytest.raises(Exception, match="is not valid"):
        client.create_linode(NANODE, "mars")
    sandbox.advance(90 * DAY)
    assert list(client.get_invoices()) == []
    assert client.get_account().balance == 0


def test_bills_outlive_the_process(tmp_path):
    """Meters and invoices are in the data file."""
    path = str(tmp_path / "world")
    with Sandbox(path, seed=1, start=datetime(2026, 6, 1, tzinfo=UTC)) as sandbox:
        sandbox.client().create_linode(NANODE, REGION)
        sandbox.advance(31 * DAY)
        assert len(sandbox.client().get_invoices()) == 1
    with Sandbox(path) as sandbox:
        sandbox.advance(31 * DAY)
        assert [each.total for each in sandbox.client().get_invoices()] == [5.0, 5.0]


# -- payments --------------------------------------------------------------------------------------------------------


def test_payments_lower_the_balance(sandbox, client):
    """At least five dollars, unless less is due; the balance may become a credit."""
    client.create_linode(NANODE, REGION)
    sandbox.advance(31 * DAY)
    assert said(client.create_payment, "5.00") == NO_METHOD
    client.create_payment_method(CARD, is_default=False)
    (method,) = client.get_payment_methods()
    payment = client.create_payment("$8.50", payment_method_id=method)
    assert payment.usd == 8.5
    assert Payment(client, payment.id).date <= sandbox.now
    assert [each.usd for each in client.get_payments()] == [8.5]
    assert client.get_account().balance == -3.5
    assert actions(client)[-1] == "payment_submitted"
    assert said(client.create_payment, "4.99") == [("usd must be between 5.00 and 2000.00", "usd")]
    assert said(client.create_payment, "2000.01") == [("usd must be between 5.00 and 2000.00", "usd")]
    assert said(client.create_payment, "5") == [("usd is not valid", "usd")]
    assert said(client.create_payment, "5.00", payment_method_id=9) == [
        ("payment_method_id is not valid", "payment_method_id")
    ]


def test_less_than_five_dollars_can_be_due(sandbox, client):
    """Then they can be paid."""
    linode = client.create_linode(NANODE, REGION)
    sandbox.advance(200 * HOUR)
    linode.delete()
    sandbox.advance(31 * DAY)
    client.create_payment_method(CARD, is_default=True)
    client.create_payment("1.50")
    assert client.get_account().balance == 0


def test_a_credit_pays_before_the_default_method(sandbox, client):
    """The method pays the rest, and nothing while the credit lasts."""
    client.create_payment_method(CARD, is_default=True)
    client.create_payment("7.00")
    client.create_linode(NANODE, REGION)
    sandbox.advance(31 * DAY)
    assert client.get_account().balance == -2
    sandbox.advance(31 * DAY)
    assert client.get_account().balance == 0
    assert [each.usd for each in client.get_payments()] == [7.0, 3.0]


def test_reserved_addresses_are_billed_by_the_hour(sandbox, client):
    """From when they are reserved until they are given back, whatever uses them."""
    address = client.create_reserved_ip(REGION)
    sandbox.advance(9.5 * HOUR)
    address.delete()
    sandbox.advance(31 * DAY)
    [[(label, hours, price, total)]] = bills(client)
    assert (label, hours, price, total) == ("Reserved IPv4", 10, "0.0068", 0.07)


def test_invoices_are_paid_with_the_default_method(sandbox, client):
    """From when there is one."""
    client.create_payment_method(CARD, is_default=True)
    client.create_linode(NANODE, REGION)
    sandbox.advance(31 * DAY)
    assert [each.usd for each in client.get_payments()] == [5.0]
    assert client.get_account().balance == 0


# -- payment methods -------------------------------------------------------------------------------------------------


def test_one_method_is_the_default(client):
    """Another takes its place, and it cannot be deleted."""
    client.create_payment_method(CARD, is_default=True)
    client.create_payment_method({**CARD, "card_number": "5500005555555559"}, is_default=True)
    visa, master = client.get_payment_methods()
    assert (visa.is_default, master.is_default, master.type) == (False, True, "credit_card")
    assert (visa.data.card_type, visa.data.last_four, visa.data.expiry) == ("Visa", "1111", "12/2030")
    assert client.get_account().credit_card.last_four == "5559"
    assert said(master.delete) == [("The default payment method cannot be deleted", None)]
    visa.make_default()
    assert (visa.is_default, master.load().is_default) == (True, False)
    master.delete()
    with pytest.raises(NotFoundError):
        PaymentMethod(client, master.id).load()
    assert actions(client) == ["payment_method_add", "payment_method_add"]


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"card_number": "x" * 16}, [("card_number is not valid", "data.card_number")]),
        ({"card_number": "4111"}, [("Length must be 14-24 characters", "data.card_number")]),
        ({"expiry_month": 13}, [("Must be 1-12", "data.expiry_month")]),
        ({"expiry_month": 5, "expiry_year": 2026}, [("expiry_year is not valid", "data.expiry_year")]),
        ({"cvv": None}, [("cvv is required", "data.cvv")]),
    ],
)
def test_refused_cards(client, changes, reasons):
    """By their members, and no card is kept."""
    assert said(client.create_payment_method, {**CARD, **changes}, is_default=True) == reasons
    assert list(client.get_payment_methods()) == []


def test_a_method_has_a_type(sandbox, client):
    """The API requires it, though there is one only."""
    for type in ({}, {"type": None}):
        body = {"data": CARD, "is_default": True, **type}
        assert refused(sandbox, "POST", "/account/payment-methods", body) == [("type is required", "type")]
    assert list(client.get_payment_methods()) == []


def test_six_methods_at_most(client):
    """And none without a postal code."""
    for _ in range(6):
        client.create_payment_method(CARD, is_default=False)
    words = [("An account has at most 6 payment methods", None)]
    assert said(client.create_payment_method, CARD, is_default=False) == words


def test_a_card_needs_a_postal_code(client):
    """The account's address has it."""
    account = client.get_account()
    account.country, account.zip = "DE", ""
    account.save()
    assert said(client.create_payment_method, CARD, is_default=True) == [("The account needs a valid zip", None)]


def test_the_card_number_is_in_no_error(client):
    """Neither in its text nor in its repr; nor is it kept."""
    with pytest.raises(Exception, match="is not valid") as caught:
        client.create_payment_method({**CARD, "expiry_year": 2001}, is_default=True)
    assert CARD["card_number"] not in repr(caught.value) + str(caught.value)


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
def test_the_old_ways_to_pay(sandbox, client):
    """A single card, and PayPal."""
    client.set_credit_card(**CARD)
    client.set_credit_card("5500005555555559", 1, 2031, "999")
    assert [each.data.last_four for each in client.get_payment_methods()] == ["5559"]
    assert client.get_account().credit_card.expiry == "01/2031"
    started = client.create_paypal_payment("20.00", "https://example.com/back", "https://example.com/no")
    assert client.get_account().balance == 0
    client.execute_paypal_payment("payer", started.payment_id)
    assert client.get_account().balance == -20
    words = [("payment_id is not valid", "payment_id")]
    assert said(client.execute_paypal_payment, "payer", started.payment_id) == words


def test_billing_takes_access_to_the_account(sandbox, client):
    """To read, or to write."""
    client.create_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        token = sandbox.world.identity.issue_token("ada")["_secret"]
    user = client.get_users()[1]
    for path in ("invoices", "payments", "payment-methods"):
        assert raw(sandbox, "GET", f"/account/{path}", token=token)[0] == 403
    user.update_grants(global_={"account_access": "read_only"})
    for path in ("invoices", "payments", "payment-methods"):
        assert raw(sandbox, "GET", f"/account/{path}", token=token)[0] == 200
    assert raw(sandbox, "POST", "/account/payments", {"usd": "20.00"}, token=token)[0] == 403
