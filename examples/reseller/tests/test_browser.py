"""The whole story in a browser, with pictures in build/screenshots/reseller."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from reseller.tests.shops import ANSWERS, OWNER, PASSWORD, to_the_middle_of_a_month


@pytest.fixture
def shop(launch, api):
    """The whole shop in one process; gives its address."""
    return launch("reseller", LINODE_TOKEN=api.sandbox.token, LINODE_API_URL=api.url, OWNER_PASSWORD=OWNER).url


def sign_up(page, shop, **answers):
    page.goto(shop)
    answers = {**ANSWERS, **answers}
    page.get_by_label("Name of the server").fill(answers["name"])
    page.get_by_label("Region").select_option(answers["region"])
    page.get_by_label("E-mail address").fill(answers["email"])
    page.get_by_label("Password").fill(answers["password"])
    page.get_by_role("button", name="Get the server").click()


def root_password(page):
    page.get_by_role("button", name="Show once").click()
    password = page.locator("#password").inner_text()
    page.get_by_role("link", name="I have copied it").click()
    return password


def confirmed(page, title, words):
    page.locator("summary", has_text=title).click()
    details = page.locator("details[open]")
    details.get_by_role("checkbox").check()
    details.get_by_role("button", name=words).click()


def test_the_story(shop, api, visit, shoot):
    """Sign-up to running server, followed without a reload; traffic, reboot, rebuild, give up; the owner's page."""
    to_the_middle_of_a_month(api.sandbox)
    page, owner = visit(), visit()
    page.goto(shop)
    shoot(page, "1-sign-up")
    sign_up(page, shop, region="eu-central")
    expect(page.get_by_text("Ready")).to_be_visible()
    shoot(page, "2-making")
    expect(page.get_by_text("ssh root@")).to_be_visible(timeout=60_000)
    shoot(page, "3-running")
    first = root_password(page)
    expect(page.get_by_text("The password was shown, and is not stored")).to_be_visible()

    expect(page.get_by_text("There is no traffic data yet")).to_be_visible()
    api.sandbox.advance(26 * 3600)
    page.reload()
    expect(page.get_by_role("img", name="Traffic of the last 24 hours, in kbit")).to_be_visible()
    expect(page.get_by_text(re.compile(r"This month: [1-9]\d?\.\d\d GB of 1,000 GB"))).to_be_visible()
    shoot(page, "4-traffic")

    page.get_by_role("button", name="Reboot").click()
    expect(page.locator(".state", has_text=re.compile("rebooting|running"))).to_be_visible()

    confirmed(page, "Rebuild", "Rebuild the server")
    expect(page.get_by_role("button", name="Show once")).to_be_visible(timeout=60_000)
    assert root_password(page) != first

    owner.goto(f"{shop}/owner")
    owner.get_by_label("Password").fill(OWNER)
    owner.get_by_role("button", name="Log in").click()
    expect(owner.get_by_text("1 order, 1 Linode, $5.00 a month")).to_be_visible()
    shoot(owner, "5-owner")

    confirmed(page, "Give up the server", "Give up the server")
    expect(page.get_by_text("no longer costs anything")).to_be_visible(timeout=60_000)
    shoot(page, "6-gone")
    assert api.linodes() == []


def test_on_a_phone_in_the_dark(shop, api, visit, shoot):
    """Each page fits on a phone, in the dark too, and says its own name."""
    page = visit(phone=True, dark=True)
    page.goto(shop)
    shoot(page, "phone-1-sign-up")
    sign_up(page, shop, name="toys")
    expect(page.get_by_text("ssh root@")).to_be_visible(timeout=60_000)
    shoot(page, "phone-2-running")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Show once").click()
    shoot(page, "phone-3-password")
    page.goto(f"{shop}/server")
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{shop}/log-in")
    page.get_by_label("E-mail address").fill(ANSWERS["email"])
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    shoot(page, "phone-4-log-in")
    page.get_by_label("E-mail address").fill(ANSWERS["email"])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="toys")).to_be_visible()
    api.stop()
    page.goto(f"{shop}/server")
    expect(page.get_by_text("is not known at the moment")).to_be_visible()
    shoot(page, "phone-5-linode-down")


def test_without_scripts(shop, visit):
    """Without JavaScript the page comes anew by itself, until the server runs."""
    page = visit(java_script_enabled=False)
    sign_up(page, shop)
    expect(page.get_by_text("ssh root@")).to_be_visible(timeout=60_000)
