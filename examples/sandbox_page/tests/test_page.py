"""The page of the sandbox at ``/`` in a browser: it belongs to the library, whose environment has no browser."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from linode.sandbox import Fault, Sandbox

SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), select")]
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 24).map(each => each.outerHTML)"""
UNLABELLED = """() => [...document.querySelectorAll("input:not([type=hidden]), select")]
  .filter(each => !each.labels.length).map(each => each.outerHTML)"""
DOUBLED = """() => [...document.querySelectorAll("[id]")].map(each => each.id)
  .filter((id, at, all) => all.indexOf(id) !== at)"""
CUT = """() => [...document.querySelectorAll("main *")].filter(each => each.scrollWidth > each.clientWidth + 1
  && each.clientWidth > 1 && getComputedStyle(each).overflowX !== "visible").map(each => each.outerHTML)"""
CONTRAST = """() => {
  const light = (rgb) => rgb.match(/[\\d.]+/g).slice(0, 3).map(each => each / 255)
    .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (each) => {
    const colour = getComputedStyle(each).backgroundColor;
    return colour === "rgba(0, 0, 0, 0)" ? behind(each.parentElement) : colour;
  };
  return [...document.querySelectorAll("body *")].filter(each => each.checkVisibility() && [...each.childNodes].some(
    node => node.nodeType === 3 && node.data.trim())).filter(each => {
    const [one, other] = [light(getComputedStyle(each).color), light(behind(each))].sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05) < 4.5;
  }).map(each => each.outerHTML);
}"""


@pytest.fixture
def world():
    """A sandbox on a port whose clock stands still, with objects, a refusal and a fault that was met."""
    with Sandbox(seed=1, speed=1) as sandbox, sandbox.serve() as address:
        sandbox.stop_clock()
        furnish(sandbox)
        yield sandbox, f"{address}/?token={sandbox.token}"


def furnish(sandbox):
    client = sandbox.client()
    web, _ = client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", label="web-1")
    sandbox.advance(300)
    client.create_linode("g6-standard-1", "eu-central", label="spare")
    client.create_linode("g6-standard-1", "us-east", image="linode/debian12", label="db-1")
    client.create_volume("data-1", size=20, region="us-east", linode_id=web.id)
    domain = client.create_domain("example.com", soa_email="admin@example.com")
    domain.create_record("A", name="www", target="192.0.2.1")
    client.create_firewall("outer", rules={"inbound_policy": "DROP", "outbound_policy": "ACCEPT"})
    client.create_vpc("inner", region="us-iad")
    sandbox.faults.append(Fault("GET", "/regions", status=503))
    sandbox.faults.append(Fault("Linode.boot", status=500, times=3))
    list(client.get_regions())
    sandbox.advance(14)


def form(page, name):
    return page.get_by_role("region", name=name)


def test_what_happens_appears_without_loading_the_page(world, visit, shoot):
    """A Linode appears, its job makes progress, and it runs; the request is there, and a screen reader is told."""
    sandbox, address = world
    page = visit()
    page.goto(address)
    expect(page.get_by_role("status").first).to_have_text("Live")
    page.evaluate("window.sameDocument = true")
    shoot(page, "desktop")
    sandbox.client().create_linode("g6-nanode-1", "us-east", image="linode/debian12", label="fresh")
    linodes = page.locator("[data-part=linodes]")
    fresh = linodes.get_by_role("listitem").filter(has_text="fresh")
    expect(fresh).to_contain_text("provisioning")
    expect(page.locator("[data-part=requests]").get_by_role("listitem").first).to_contain_text("/v4/linode/instances")
    sandbox.advance(20)
    expect(fresh.get_by_role("progressbar").first).not_to_have_attribute("value", "0")
    sandbox.advance(200)
    expect(fresh).to_contain_text("running")
    expect(page.locator("[data-part=news]")).to_contain_text("fresh: finished")
    assert page.evaluate("window.sameDocument")
    assert "token" not in page.url


@pytest.mark.parametrize(("name", "options"), [("phone", {"phone": True}), ("dark", {"dark": True})])
def test_it_can_be_read(world, visit, shoot, name, options):
    """On a phone nothing is wider than the screen; letters stand out, fields have labels, IDs are unique."""
    _sandbox, address = world
    page = visit(**options)
    page.goto(address)
    expect(page.get_by_role("status").first).to_have_text("Live")
    shoot(page, name)
    for summary in page.locator("summary").all():
        summary.click()
    shoot(page, f"{name}-open")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    for problem in (CUT, CONTRAST, UNLABELLED, DOUBLED, SMALL_TARGETS):
        assert page.evaluate(problem) == []


def test_a_fault_by_keyboard_alone(world, visit):
    """A fault is set, hits a call, and is removed; the focus stays in its place while the page changes."""
    sandbox, address = world
    sandbox.faults.clear()
    page = visit()
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the objects")).to_be_focused()
    page.get_by_text("Set a fault", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Effect")).to_be_focused()
    page.keyboard.type("a page of a proxy")
    page.keyboard.press("Tab")
    page.keyboard.type("/domains")
    page.keyboard.press("Enter")
    faults = page.locator("#faults")
    expect(faults).to_be_focused()
    expect(faults).to_contain_text("html body")
    remove = faults.get_by_role("button", name="Remove the fault of")
    remove.focus()
    for _ in range(2):
        sandbox.faults.append(Fault("GET", "/regions", status=500))
        expect(faults.get_by_text("GET /regions")).to_be_visible()
        expect(remove.first).to_be_focused()
        sandbox.faults.pop()
        expect(faults.get_by_text("GET /regions; the")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(faults).to_contain_text("None is set")
    assert sandbox.faults == []


def test_a_mistake_in_a_form_is_told_and_nothing_is_lost(world, visit):
    _sandbox, address = world
    page = visit()
    page.goto(address)
    page.get_by_text("Set a fault", exact=True).click()
    page.get_by_label("Operation or path").fill("Linode.boots")
    page.get_by_role("button", name="Set the fault").click()
    expect(page.get_by_role("alert")).to_contain_text("did you mean Linode.boot")
    expect(page.get_by_label("Operation or path")).to_have_value("Linode.boots")


def test_the_clock(world, visit):
    """The clock is advanced, started, set to a speed, and stopped."""
    sandbox, address = world
    page = visit()
    page.goto(address)
    clock = page.locator("#clock")
    before = sandbox.world.now
    clock.get_by_label("Move on by").fill("2")
    clock.get_by_label("Unit").select_option("hours")
    clock.get_by_role("button", name="Move").first.click()
    expect(clock).to_be_focused()
    assert sandbox.world.now == before + 7200
    clock.get_by_role("button", name="Start").click()
    clock.get_by_text("Speed, and a moment to move to").click()
    clock.get_by_label("Speed", exact=False).fill("60")
    clock.get_by_role("button", name="Set").click()
    expect(clock).to_contain_text("Runs 60 times as fast as real time")
    shown = clock.locator("time").text_content()
    expect(clock.locator("time")).not_to_have_text(shown)
    clock.get_by_role("button", name="Stop").click()
    expect(clock).to_contain_text("Stopped")
    assert sandbox.stopped


def test_the_stream_can_be_paused(world, visit):
    sandbox, address = world
    page = visit()
    page.goto(address)
    expect(page.get_by_role("status").first).to_have_text("Live")
    page.get_by_role("button", name="Pause").click()
    sandbox.client().create_domain("later.example", soa_email="a@example.com")
    page.wait_for_timeout(1500)
    expect(page.get_by_text("later.example")).to_have_count(0)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[data-part=domains]")).to_contain_text("later.example")


def test_without_scripts_the_page_is_loaded_again_and_its_forms_work(world, visit):
    sandbox, address = world
    page = visit(java_script_enabled=False)
    page.goto(address)
    expect(page.get_by_role("status").first).to_have_text("Loaded again every 10 seconds")
    assert "later.example" not in page.content()
    page.get_by_role("button", name="Start").click()
    assert not sandbox.stopped
    sandbox.client().create_domain("later.example", soa_email="a@example.com")
    expect(page.locator("[data-part=domains]")).to_contain_text("later.example", timeout=20_000)


def test_the_command_from_its_first_page_to_its_end(visit, shoot):
    """The token opens the page; the page stops the sandbox, and one that is still open says that it has ended."""
    command = [sys.executable, "-m", "linode.sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address, token = re.fullmatch(r"ready (\S+) token=(\S+)\n", process.stdout.readline()).groups()
            page, other = visit(), visit()
            page.goto(address)
            shoot(page, "closed")
            for problem in (CUT, CONTRAST, UNLABELLED, DOUBLED):
                assert page.evaluate(problem) == []
            page.get_by_label("Token of this sandbox").fill(token)
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", name="Linodes: 0")).to_be_visible()
            other.goto(f"{address}/?token={token}")
            expect(other.get_by_role("status").first).to_have_text("Live")
            page.get_by_text("Stop the sandbox", exact=True).click()
            page.get_by_role("button", name="Stop the sandbox now").click()
            expect(page.get_by_role("heading", name="The sandbox has stopped")).to_be_visible()
            expect(other.get_by_role("status").first).to_have_text("Not connected: trying again")
            assert process.wait(timeout=20) == 0
        finally:
            process.send_signal(signal.SIGINT)
