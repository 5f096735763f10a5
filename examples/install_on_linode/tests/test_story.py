"""The whole story, in a browser: from the button to a running Linode, and what can come between."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from conftest import until
from linode import StackScript
from linode.sandbox import Fault


def begin(page, site, name="hello"):
    """Press the button."""
    page.goto(site.url)
    page.get_by_label("A name for the server").fill(name)
    page.get_by_label("Region").select_option("eu-central")
    page.get_by_role("button", name="Install on Linode").click()


def allow(page, user="sandbox"):
    """Sign in, and allow it."""
    page.get_by_role("button", name=user).click()
    page.get_by_role("button", name="Allow", exact=True).click()


def installed(page):
    """Wait until it runs, and the token is given back."""
    expect(page.get_by_role("heading")).to_have_text("Your server is running")
    expect(page.get_by_text("access to your account was given back")).to_be_visible()


def application_tokens(api):
    return [row for row in api.sandbox.world.rows("Token") if "_client" in row]


@pytest.mark.parametrize("look", ["desktop", "phone", "dark"])
def test_from_the_button_to_a_running_linode(start, api, visit, shoot, look):
    """A visitor presses the button, consents, and sees the Linode made until it can be used; its password once."""
    site = start()
    page = visit(phone=look == "phone", dark=look == "dark")
    page.goto(site.url)
    shoot(page, f"{look}-1-button")
    begin(page, site)
    shoot(page, f"{look}-2-sign-in")
    page.get_by_role("button", name="sandbox").click()
    shoot(page, f"{look}-3-consent")
    page.get_by_role("button", name="Allow", exact=True).click()
    expect(page.get_by_role("heading")).to_have_text("Installing Hello")
    shoot(page, f"{look}-4-progress")
    assert re.fullmatch(rf"{site.url}/installs/\w+", page.url)
    installed(page)
    shoot(page, f"{look}-5-installed")
    (linode,) = api.linodes()
    expect(page.get_by_text(f"ssh root@{linode.ipv4[0]}")).to_be_visible()
    assert (linode.status, linode.region.id, linode.image.id) == ("running", "eu-central", "linode/debian12")
    page.get_by_role("button", name="Show once").click()
    password = page.locator(".secret").inner_text()
    assert len(password) >= 30
    shoot(page, f"{look}-6-password")
    page.get_by_role("link", name="Back to the server").click()
    expect(page.get_by_text("The password was shown.")).to_be_visible()
    (script,) = api.sandbox.client().get_stackscripts(StackScript.mine == True)  # noqa: E712  a filter
    assert "nginx" in script.script
    assert not application_tokens(api)
    assert password not in site.output
    assert site.stop() == 0


def test_without_scripts(start, visit):
    """Visitors without JavaScript see the same, on pages that reload themselves."""
    site = start()
    page = visit(java_script_enabled=False)
    begin(page, site)
    allow(page)
    installed(page)


def test_who_says_no_has_nothing_made(start, api, visit, shoot):
    """A visitor who denies the access reads that nothing was created, and can try again with the same choices."""
    site = start()
    page = visit()
    begin(page, site, "mine")
    page.get_by_role("button", name="sandbox").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("heading")).to_have_text("You did not allow the installation")
    shoot(page, "denied")
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_label("A name for the server")).to_have_value("mine")
    expect(page.get_by_label("Region")).to_have_value("eu-central")
    assert not api.linodes()


def test_who_allows_less_has_nothing_made(start, api, visit, shoot):
    """With fewer scopes than are needed nothing is made, the page says which, and the token is given back."""
    site = start()
    page = visit()
    begin(page, site)
    page.goto(re.sub(r"scopes=[^&]+", "scopes=linodes%3Aread_only%20events%3Aread_only", page.url))
    allow(page)
    expect(page.get_by_role("heading")).to_have_text("More access is needed")
    expect(page.get_by_text("linodes:read_write")).to_be_visible()
    expect(page.get_by_text("access to your account was given back")).to_be_visible()
    shoot(page, "fewer-scopes")
    assert not api.linodes()
    assert not application_tokens(api)


def test_the_back_button_makes_nothing_again(start, api, visit):
    """Going back to the consent, and allowing it again, leads to the same install; so does the callback's address."""
    site = start()
    page = visit()
    addresses = []
    page.on("request", lambda request: addresses.append(request.url))
    begin(page, site)
    allow(page)
    installed(page)
    where = page.url
    page.go_back()
    page.get_by_role("button", name="Allow", exact=True).click()
    expect(page.get_by_role("heading")).to_have_text("Your server is running")
    assert page.url == where
    page.goto(next(each for each in addresses if "/callback?" in each))
    assert page.url == where
    assert len(api.linodes()) == 1


def test_two_tabs(start, api, visit):
    """Two tabs of one browser, mixed up in time, install one server each; the front page lists both."""
    site = start()
    one = visit()
    other = one.context.new_page()
    begin(one, site, "one")
    begin(other, site, "other")
    one.get_by_role("button", name="sandbox").click()
    other.reload()
    other.get_by_role("button", name="Allow", exact=True).click()
    one.get_by_role("button", name="Allow", exact=True).click()
    installed(one)
    installed(other)
    assert sorted(each.label.partition("-")[0] for each in api.linodes()) == ["one", "other"]
    one.goto(site.url)
    expect(one.locator("main ul li")).to_have_count(2)


def test_the_sandbox_stops_midway(start, api, visit, shoot):
    """When Linode stops answering, the page says so, keeps trying, and the front page still has its choices."""
    site = start()
    page = visit()
    begin(page, site)
    page.get_by_role("button", name="sandbox").click()
    api.sandbox.faults.append(Fault("GET", "/linode/instances", chance=1.0, status=503))
    page.get_by_role("button", name="Allow", exact=True).click()
    until(lambda: site.output.count("ServerError") or site.output.count("503"))
    api.stop()
    expect(page.get_by_text("We keep trying")).to_be_visible(timeout=60_000)
    shoot(page, "linode-down")
    other = visit()
    assert other.goto(site.url).status == 200
    assert "Traceback" not in site.output


def test_in_a_sandbox_of_its_own(launch, visit, shoot):
    """Without a client id all happens in an embedded sandbox: said on the terminal and on each page."""
    site = launch("install_on_linode", SANDBOX_SPEED=60, SECRET_KEY="")
    assert "nothing here is real" in site.output
    page = visit()
    begin(page, site)
    allow(page, "ada")
    installed(page)
    expect(page.get_by_text("Nothing here is real")).to_be_visible()
    shoot(page, "embedded-sandbox")
    assert site.stop() == 0


def test_killed_in_a_sandbox_of_its_own(launch, visit):
    """Killed while it installs, and started again, it goes on: its sandbox has forgotten nothing."""
    site = launch("install_on_linode", SANDBOX_SPEED=10, CLAIM_SECONDS=2, RETRY_SECONDS=0.5)
    page = visit()
    begin(page, site)
    allow(page, "ada")
    expect(page.locator("li.now", has_text="Starting the server")).to_be_visible()
    site.kill()
    site.start()
    page.reload()
    installed(page)
    second = launch("install_on_linode", start=False)
    with pytest.raises(AssertionError):
        second.start()
    assert "DATA_DIR" in second.output
    assert "Traceback" not in second.output


def test_ctrl_c_in_the_middle(start, api, visit):
    """Ctrl-C while a page follows an install, and a worker waits for Linode, ends all soon, without a traceback."""
    site = start()
    api.sandbox.faults.append(Fault("GET", "/account/events", delay=60))
    page = visit()
    begin(page, site)
    allow(page)
    expect(page.locator("li.now", has_text="Starting the server")).to_be_visible()
    assert site.stop() == 0
    assert "Traceback" not in site.output
    assert "Error" not in site.output
    site.start()
    installed(page)
