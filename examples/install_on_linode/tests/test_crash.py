"""Workers that are killed at every call, and overtaken: one Linode, its password right, and no token left."""

from __future__ import annotations

import re

import pytest

from conftest import until
from install_on_linode.tests.visitors import CALLS, text_of
from linode import StackScript
from linode.sandbox import Fault


class Killed(BaseException):
    """An exception that no code catches."""


def fits(call, method, path):
    return method == call[0] and re.fullmatch(call[1].replace("*", "[^/]+"), path) is not None


def settled(site, visitor, where):
    """All that must hold in the end."""
    assert "Your server is running" in text_of(visitor.get(where))
    (linode,) = site.linodes()
    assert linode.status == "running"
    assert len(site.sandbox.client().get_stackscripts(StackScript.mine == True)) == 1  # noqa: E712  a filter
    assert (site.tokens(), site.install().token, site.install().password) == ([], None, None)
    shown = re.search(r'class="secret">([^<]+)<', visitor.post(f"{where}/password").text)[1]
    assert set(site.heard.passwords) == {shown}


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_worker_that_dies_at_a_call(site, call, done):
    """A worker that dies before or after any call leaves nothing that the next one does not bring to its end."""
    visitor = site.visitor()
    where = visitor.install()

    def die(method, path, after):
        if fits(call, method, path) and after == done:
            site.heard.at = lambda *_: None
            raise Killed

    site.heard.at = die
    with pytest.raises(Killed):
        site.jobs.install.call_local(site.install().id)
    site.queue.flush()  # what the worker had taken from the queue is gone with it
    site.jobs.tend.call_local(alone=True)
    site.work()
    if (call, done) == (("POST", "/oauth/token"), True):  # a code is good once; the token that is lost is ended by that
        assert "The login was not completed" in text_of(visitor.get(where))
        assert (site.linodes(), site.tokens()) == ([], [])
    else:
        settled(site, visitor, where)


def test_a_job_that_is_lost(site):
    """When the web process dies before the job is in the queue, the install is found by who tends them."""
    visitor = site.visitor()
    where = visitor.install()
    site.queue.flush()
    site.work()
    assert "5% done" in text_of(visitor.get(where))
    site.jobs.tend.call_local()
    site.work()
    settled(site, visitor, where)


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", CALLS[1:], ids=" ".join)
def test_a_worker_that_is_overtaken_at_a_call(site, call, done):
    """When a slow worker's claim has ended, and another has done all, its own call changes nothing any more."""
    visitor = site.visitor()
    where = visitor.install()

    def overtake(method, path, after):
        if fits(call, method, path) and after == done:
            site.heard.at = lambda *_: None
            site.change(due=site.install().began)
            site.jobs.install.call_local(site.install().id)

    site.heard.at = overtake
    site.jobs.install.call_local(site.install().id)
    if call == ("POST", "/linode/stackscripts"):  # labels of StackScripts are free: there may be two
        assert len(site.linodes()) == 1
    else:
        settled(site, visitor, where)


# -- and in earnest ----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request):
    """The backends of rows and jobs: environment variables by name."""
    if request.param == "sqlite":
        return {}
    names = {"DATABASE_URL": "postgresql_url", "REDIS_URL": "redis_url"}
    return {name: request.getfixturevalue(fixture) for name, fixture in names.items()}


def test_kill_9(start, api, visit, backend):
    """Of one install the worker process is killed in the middle of every call but the code's, done or not."""
    web, worker = start("web", **backend), start("worker", CLAIM_SECONDS=1, **backend)
    held = [Fault(*call, delay=60, processed=True) for call in CALLS[2:]]
    held[2:2] = [Fault("POST", "/linode/instances", delay=60, status=503), Fault("GET", "/linode/instances", delay=60)]
    api.sandbox.faults.append(held[0])
    page = visit()
    page.goto(web.url)
    page.get_by_role("button", name="Install on Linode").click()
    page.get_by_role("button", name="sandbox").click()
    page.get_by_role("button", name="Allow", exact=True).click()
    for fault, following in zip(held, [*held[1:], None], strict=True):
        until(lambda fault=fault: fault.hits, seconds=60)
        worker.kill()
        if following is not None:
            api.sandbox.faults.append(following)
        worker.start()
    page.get_by_text("access to your account was given back").wait_for(timeout=60_000)
    assert page.get_by_role("heading").inner_text() == "Your server is running"
    assert [each.status for each in api.linodes()] == ["running"]
    assert [row for row in api.sandbox.world.rows("Token") if "_client" in row] == []
    assert web.stop() == worker.stop() == 0
