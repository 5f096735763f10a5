"""Shared polls of waits and jobs, and the ends of waits, over both clients."""

from __future__ import annotations

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest
from asking import DEBIAN, PASSWORD
from client_kinds import OverSocket

from linode import Linode
from linode.errors import EventFailedError, NotFoundError, WaitTimeoutError

MANY = 50


def side_by_side(api, steps):
    """Run all *steps*, which are calls of the client's verbs, at the same time."""
    if api.awaited:

        async def every():
            return await asyncio.gather(*(step() for step in steps), return_exceptions=True)

        return api.run(every())
    with ThreadPoolExecutor(len(steps)) as pool:
        found = [pool.submit(step) for step in steps]
        return [each.exception() or each.result() for each in found]


def test_many_single_waits_cost_at_most_twice_one_wait_for_all(api):
    """Waits on one client join one poll, in tasks and in threads."""
    linodes = [api.linode(f"web{number:02}", image=DEBIAN, root_pass=PASSWORD) for number in range(MANY)]
    api.home.forget()
    results = side_by_side(api, [lambda each=each: each.wait(poll_interval=0.3) for each in linodes])
    assert [each for each in results if each is not None] == []
    assert {each.status for each in linodes} == {"running"}
    spent = len(api.paths())
    others = [api.linode(f"mail{number:02}", image=DEBIAN, root_pass=PASSWORD) for number in range(MANY)]
    api.home.forget()
    api.run(api.client.wait_for(others, poll_interval=0.3))
    assert spent <= 2 * len(api.paths()) + 8


def test_an_error_reaches_only_the_wait_that_it_is_about(api):
    """One of three is deleted; the two others go on."""
    linodes = [api.linode(f"web{number}") for number in range(3)]
    api.run(linodes[1].delete())
    results = side_by_side(api, [lambda each=each: each.wait("offline", poll_interval=0.3) for each in linodes])
    assert [type(each) for each in results] == [type(None), EventFailedError, type(None)]


def test_a_wait_for_an_object_that_was_never_there_says_so(api):
    """By its ID alone, with nothing loaded: the API's 404, or, among several, the object that does not exist."""
    with pytest.raises(NotFoundError, match="GET /linode/instances/9999"):
        api.run(Linode(api.client, 9999).wait())
    with pytest.raises(EventFailedError, match=r"Linode\(999[89]\) does not exist"):
        api.run(api.client.wait_for([Linode(api.client, 9998), Linode(api.client, 9999)], "running"))


def test_the_upload_of_an_image_that_fails_ends_the_wait_with_the_events_message(api):
    """The id in the event of an image is not the image's own; the event is found by its address."""
    upload = api.run(api.client.upload_image("broken", "us-east"))
    api.run(upload.send(gzip.compress(b"x" * 1000)[:-9]))
    with pytest.raises(EventFailedError, match="image_upload failed: "):
        api.run(api.client.wait_for(upload.image, "available", timeout=400, poll_interval=1))


def test_fields_that_a_job_changes_are_reloaded(api):
    """Also when somebody read it meanwhile, and the lists of what belongs to the object."""
    linode = api.running()
    disks = api.run(linode.disks.all())
    job = api.run(linode.resize("g6-standard-1"))
    read = []
    api.run(linode.load())
    api.run(job.wait(poll_interval=1, progress=lambda obj, _percent, _status: read.append(obj)))
    api.run(linode.load())
    assert linode.type.id == "g6-standard-1"
    assert sum(each.size for each in api.run(linode.disks.all())) > sum(each.size for each in disks)


def test_a_job_whose_events_may_not_be_seen_is_over_when_its_status_is(api):
    """A token for Linodes alone is enough to wait for a reboot."""
    linode = api.running()
    api.home.fails("GET", "/account/events", status=401, times=100)
    assert api.run(api.run(linode.reboot()).wait(poll_interval=0.2)) is None
    assert api.run(linode.load()).status == "running"


def test_a_misspelt_status_is_refused_and_an_unknown_one_is_waited_for(api):
    """A misspelt status is named before any request; an unknown one is accepted, because the API may add statuses."""
    linode = api.linode("web")
    api.home.forget()
    with pytest.raises(ValueError, match=r"has no status 'runing'; did you mean 'running'\?"):
        api.run(linode.wait("runing"))
    assert api.paths() == []
    with pytest.raises(WaitTimeoutError):
        api.run(linode.wait("hibernated", timeout=0.3, poll_interval=0.1))


def test_errors_of_some_seconds_do_not_end_a_wait(api):
    """A 503 is waited out; when the time is over it is the cause that is shown."""
    linode = api.linode("web", image=DEBIAN, root_pass=PASSWORD)
    api.home.fails("GET", "/linode/instances/*", status=503, times=12)
    api.run(linode.wait("running", timeout=600))
    assert linode.status == "running"
    if not isinstance(api.home, OverSocket):
        api.home.fails("GET", "/linode/instances/*", status=503, times=1000)
        with pytest.raises(WaitTimeoutError) as caught:
            api.run(linode.wait("offline", timeout=60))
        assert caught.value.__cause__.status == 503
