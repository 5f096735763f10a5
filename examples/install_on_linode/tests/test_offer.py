"""Prices, regions and progress on the pages."""

from __future__ import annotations

import re

import pytest

from install_on_linode.catalogue import Offer
from install_on_linode.models import Install, Phase
from install_on_linode.tests.visitors import text_of


@pytest.mark.parametrize(("region", "name", "price"), [("br-gru", "Sao Paulo, BR", 7), ("us-east", "Newark, NJ", 5)])
def test_the_price_is_that_of_the_region(open_site, region, name, price):
    """The button's page has the prices of every region, the install's page the name and the price of its own."""
    site = open_site()
    visitor = site.visitor()
    front = text_of(visitor.get("/"))
    assert "$5 $6 in Jakarta, ID $7 in Sao Paulo, BR" in front
    assert "Sao Paulo, BR (other prices)" in front
    visitor.press(region=region)
    page = text_of(visitor.get(f"/installs/{site.install().id}"))
    assert f"in {name}, ${price} a month" in page
    assert region not in page


def test_every_price_is_what_the_account_pays(open_site):
    """For every plan and region the offer's price is the one of the API."""
    site = open_site()
    offer: Offer = site.app.state.catalogue.offer()
    types = {each.id: each for each in site.sandbox.client().get_types()}
    assert len(offer.plans) > 10
    for plan in offer.plans:
        own = {price.id: price.monthly for price in types[plan.id].region_prices}
        for region in offer.regions:
            assert offer.price(plan.id, region) == own.get(region, types[plan.id].price.monthly)


def test_amounts_and_nouns_read_well(open_site):
    """Amounts have separators of thousands, and nouns their number."""
    front = text_of(open_site().visitor().get("/"))
    assert "1 CPU, 1 GB memory" in front
    assert "2 CPUs, " in front
    assert re.search(r"\$\d,\d{3}\b", front)
    assert not re.search(r"\$\d{4}|\b1 CPUs", front)


def test_progress_is_one_number(open_site):
    """The number under the bar is the bar's, and no other number stands for the progress; it never falls."""
    site = open_site()
    visitor = site.visitor()
    visitor.press()
    where, seen = f"/installs/{site.install().id}", []
    for phase, percent in ((Phase.ALLOWED, 0), (Phase.MAKING, 0), (Phase.BOOTING, 0), (Phase.BOOTING, 50)):
        site.change(phase=phase, percent=percent)
        page = visitor.get(where)
        (bar,) = re.findall(r'<progress max="100" value="(\d+)"', page.text)
        assert re.findall(r"(\d+) ?%", text_of(page)) == [bar]
        seen.append(int(bar))
    assert seen == sorted(set(seen))
    assert Install(phase=Phase.RUNNING, percent=100).overall == 100


def test_a_running_server_is_not_called_installed(open_site):
    """While the software installs itself, no line of the page says that it is installed."""
    site = open_site()
    visitor = site.visitor()
    where = visitor.install()
    site.work()
    page = text_of(visitor.get(where))
    assert "Your server is running Hello is being installed" in page
    assert "is installed" not in page
