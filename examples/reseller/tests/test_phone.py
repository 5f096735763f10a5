"""The pages on a phone: each is readable at a width of 390 pixels."""

from __future__ import annotations

import pytest

from reseller.tests.shops import OWNER, to_the_middle_of_a_month
from reseller.tests.test_browser import sign_up

READABLE = 12
"""The size in pixels below which letters are too small on a phone."""

LETTERS = """() => [...document.querySelectorAll("svg text")].filter(each => each.checkVisibility()).map(each => {
  const svg = each.ownerSVGElement;
  return parseFloat(getComputedStyle(each).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
})"""
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll("svg text")].filter(each => each.checkVisibility())
    .map(each => each.getBoundingClientRect());
  return boxes.filter((one, at) => boxes.some((other, to) => to > at && one.left < other.right
    && other.left < one.right && one.top < other.bottom && other.top < one.bottom)).length;
}"""
CUT = """() => [...document.querySelectorAll("main *")].filter(each => each.scrollWidth > each.clientWidth + 1
  && each.clientWidth > 0 && getComputedStyle(each).overflowX !== "visible").map(each => each.outerHTML)"""
EDGES = """() => ["main > h1", "footer"].map(each => document.querySelector(each).getBoundingClientRect())
  .map(box => [Math.round(box.left), Math.round(box.right)])"""


@pytest.fixture
def shop(launch, api):
    """The whole shop in one process; its address."""
    return launch("reseller", LINODE_TOKEN=api.sandbox.token, LINODE_API_URL=api.url, OWNER_PASSWORD=OWNER).url


def readable(page):
    """Nothing is wider than the screen or cut, and the footer is as wide as the column."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(CUT) == []
    heading, footer = page.evaluate(EDGES)
    assert heading == footer


def test_the_graph_and_the_owners_table(shop, api, visit, shoot):
    """The graph's letters are large enough and do not overlap; the owner's table has a line for each cell."""
    to_the_middle_of_a_month(api.sandbox)
    page, owner = visit(phone=True), visit(phone=True)
    page.goto(shop)
    readable(page)
    sign_up(page, shop, email="a.customer.with.a.long.name@department.example.com")
    page.get_by_text("ssh root@").wait_for(timeout=60_000)
    api.sandbox.advance(26 * 3600)
    page.reload()
    page.get_by_role("img", name="Traffic of the last 24 hours").wait_for()
    readable(page)
    assert min(page.evaluate(LETTERS)) >= READABLE
    assert page.evaluate(OVERLAPS) == 0
    shoot(page, "phone-6-traffic")
    owner.goto(f"{shop}/owner")
    owner.get_by_label("Password").fill(OWNER)
    owner.get_by_role("button", name="Log in").click()
    owner.get_by_text("1 order, 1 Linode, $5.00 a month").wait_for()
    readable(owner)
    shoot(owner, "phone-7-owner")
