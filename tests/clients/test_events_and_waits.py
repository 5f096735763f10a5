"""Jobs, waits and events, over both clients: nothing is missed, and many cost what one costs."""

from __future__ import annotations

import pytest
from asking import DEBIAN, PASSWORD
from client_kinds import OverSocket

from linode import Event, Linode
from linode.errors import EventFailedError, WaitTimeoutError

MANY = 60


def without_disk(api):
    """A Linode whose boot fails, since it has nothing to boot from."""
    linode = api.linode("empty")
    api.run(linode.create_config(label="bare"))
    api.home.advance(30)
    api.home.forget()
    return linode


def test_a_job_is_waited_for(api):
    """The job's event comes back when it is done, after few requests; the Linode runs."""
    linode = api.running()
    api.home.forget()
    event = api.run(api.run(linode.reboot()).wait(poll_interval=0.2))
    assert (event.action, event.status, event.entity.id) == ("linode_reboot", "finished", linode.id)
    assert api.paths()[0] == f"POST /linode/instances/{linode.id}/reboot"
    assert set(api.paths()[1:]) == {"GET /account/events"}
    assert api.run(linode.load()).status == "running"


def test_a_job_that_is_over_before_the_first_poll(api):
    """The event of a finished job is found with one request."""
    linode = api.running()
    job = api.run(linode.shutdown())
    api.home.advance(60)
    api.home.forget()
    assert api.run(job.wait()).status == "finished"
    assert api.paths() == ["GET /account/events"]


def test_the_same_job_twice(api):
    """The second order is not taken for done because the first one is."""
    linode = api.running()
    first = api.run(api.run(linode.reboot()).wait(poll_interval=0.2))
    api.home.advance(5)
    second = api.run(api.run(linode.reboot()).wait(poll_interval=0.2))
    assert second.id > first.id


def test_a_job_that_fails(api):
    """The error has the message of the event."""
    linode = without_disk(api)
    with pytest.raises(EventFailedError, match="linode_boot failed: The configuration has no disk") as caught:
        api.run(api.run(linode.boot()).wait(poll_interval=0.2))
    assert caught.value.event.status == "failed"


def test_a_job_that_takes_too_long(api):
    """The time limit says what is not done; the job goes on."""
    linode = api.running()
    job = api.run(linode.reboot())
    with pytest.raises(WaitTimeoutError, match=r"linode_reboot of Linode.* not done after 0\.2 s"):
        api.run(job.wait(timeout=0.2, poll_interval=0.1))
    api.home.advance(60)
    assert api.run(job.wait()).status == "finished"


def test_a_job_reports_its_progress(api):
    """The callback gets the percentage, which never decreases, until the end."""
    linode = api.running()
    told = []
    job = api.run(linode.reboot())
    api.run(job.wait(poll_interval=0.1, progress=lambda *each: told.append(each)))
    percents = [percent for _, percent, _ in told]
    assert percents == sorted(percents)
    assert told[-1] == (linode, 100, "finished")


def test_the_frame_of_a_callback_that_fails_keeps_its_locals(api):
    """The last step of the wait was a request, but the callback's error has not passed the transport."""
    linode = api.running()

    def fail(*_):
        seen = "a value"
        raise ZeroDivisionError(seen)

    with pytest.raises(ZeroDivisionError) as caught:
        api.run(linode.wait(poll_interval=0.1, progress=fail))
    last = caught.tb
    while last.tb_next is not None:
        last = last.tb_next
    assert last.tb_frame.f_locals["seen"] == "a value"


@pytest.mark.parametrize("count", [2, MANY])
def test_waiting_for_many_costs_the_polls_of_one(api, count):
    """A poll is one request for all of them and one for the events, however many they are."""
    linodes = [api.linode(f"web{number:02}") for number in range(count)]
    api.home.forget()
    told = []
    api.run(api.client.wait_for(linodes, "offline", poll_interval=0.2, progress=lambda *each: told.append(each)))
    asked = api.paths()
    assert {each.status for each in linodes} == {"offline"}  # read again for one whose job has ended meanwhile
    polls = max(sum(each == linode for each, _, _ in told) for linode in (linodes[0], linodes[-1]))
    alone = {f"GET /linode/instances/{each.id}" for each in linodes}  # the last one is read by itself
    assert {"GET /account/events", "GET /linode/instances"} == set(asked) - alone
    assert len(set(asked) & alone) <= 1
    assert polls <= len(asked) <= 2 * polls


def test_a_wait_for_the_present_status_ends_at_once(api):
    """One request, no pause."""
    linode = api.running()
    api.home.forget()
    api.run(api.client.wait_for([linode], "running"))
    assert len(api.paths()) == 1


def test_waiting_for_one_whose_job_fails(api):
    """The wait ends with the event's message, not with its time limit."""
    failing = without_disk(api)
    api.run(failing.boot())
    with pytest.raises(EventFailedError, match=r"Linode.*empty.*: linode_boot failed: The configuration has no disk"):
        api.run(api.client.wait_for([failing, api.linode("other")], "running", poll_interval=0.2))


def test_a_wait_for_a_deleted_object_fails(api):
    """The error names the deleted object."""
    linodes = [api.linode("web"), api.linode("gone")]
    api.run(linodes[1].delete())
    with pytest.raises(EventFailedError, match=r"Linode.*gone.* was deleted while it was waited for"):
        api.run(api.client.wait_for(linodes, "running", poll_interval=0.2))


def test_a_wait_ends_at_its_timeout(api):
    """The error counts those that are not there, and names them."""
    linodes = [api.linode("web1"), api.linode("web2")]
    with pytest.raises(WaitTimeoutError, match=r"2 not running after 0\.4 s: .*web1.*web2"):
        api.run(api.client.wait_for(linodes, "running", timeout=0.4, poll_interval=0.2))


def test_events_come_as_they_happen(api):
    """Oldest first; one under way comes again when its status changes; nothing from before the given one."""
    linode = api.running()
    newest = api.run(api.client.get_events(Event.id.desc()).first())
    stream = api.client.events(since=newest, timeout=1, poll_interval=0.2)
    api.run(linode.shutdown())
    assert [(each.action, each.status) for each in api.first(stream, 1)] == [("linode_shutdown", "scheduled")]
    api.home.advance(10)
    assert [(each.action, each.status) for each in api.first(stream, 1)] == [("linode_shutdown", "started")]
    api.home.advance(60)
    assert [(each.action, each.status) for each in api.each(stream)] == [("linode_shutdown", "finished")]


def test_events_are_filtered(api):
    """Only those that meet the filter come, and the stream ends when its time is over."""
    newest = api.run(api.client.get_events(Event.id.desc()).first())
    api.running()
    stream = api.client.events(Event.action == "linode_boot", since=newest or 0, timeout=0.5, poll_interval=0.1)
    assert [each.action for each in api.each(stream)] == ["linode_boot"]


def test_waiting_for_one_that_was_deleted_before(api):
    """One or many, it is said that it is gone."""
    linodes = [api.linode(f"web{number}") for number in range(3)]
    for each in linodes[1:]:
        api.run(each.delete())
    for waited in (linodes[1:2], linodes):
        with pytest.raises(EventFailedError, match="was deleted while it was waited for"):
            api.run(api.client.wait_for(waited, "running", poll_interval=0.2))


def test_waiting_for_one_that_is_there_twice(api):
    """Two objects of one Linode both get to know."""
    linode = api.linode("web")
    other = Linode(api.client, linode.id)
    text = Linode(api.client, str(linode.id))
    api.run(api.client.wait_for([linode, other, text, api.linode("mail")], "offline", poll_interval=0.2))
    assert [linode.status, other.status, text.status] == ["offline"] * 3


def test_waiting_for_some_of_very_many(api):
    """Linodes whose IDs lie far apart, with hundreds between them, are requested by ID."""
    ids = [api.linode(f"web{number:03}").id for number in range(120)]
    some = [Linode(api.client, each) for each in ids[::2]]
    api.client = api.another(page_size=25)
    api.home.advance(60)
    api.home.forget()
    api.run(api.client.wait_for(some, "offline", poll_interval=0.2))
    assert [each.label for each in some] == [f"web{number:03}" for number in range(0, 120, 2)]
    assert len(api.paths()) <= 2 + 3


@pytest.mark.parametrize("status", [401, 403])
def test_waiting_without_a_right_to_events(api, status):
    """There is no progress and no reason then, but it is waited all the same, and the events are left alone."""
    linode = api.linode("web", image=DEBIAN, root_pass=PASSWORD)
    api.home.fails("GET", "/account/events", status=status, times=100)
    api.home.forget()
    seen = []
    api.run(linode.wait("running", progress=lambda _obj, percent, status: seen.append((percent, status))))
    assert seen[-1] == (100, "running")
    assert api.paths().count("GET /account/events") == 1


def test_slow_answers_count_in_a_time_limit(api):
    """Ten seconds are ten seconds, with pauses of one and answers that take two."""
    client = api.another(timeout=60)
    linode = Linode(client, api.linode("web").id)
    api.home.fails("GET", "/linode/instances/*", delay=2.0, times=100)
    seconds = 10 if not isinstance(api.home, OverSocket) else 3
    began = client._now()
    with pytest.raises(WaitTimeoutError, match=f"not running after {seconds} s"):
        api.run(linode.wait("running", timeout=seconds, poll_interval=1))
    assert client._now() - began <= seconds + 4


@pytest.mark.parametrize(
    "times", [{"timeout": -1}, {"timeout": float("nan")}, {"poll_interval": 0}, {"poll_interval": -1.0}]
)
def test_invalid_timeouts_are_refused(api, times):
    """Before anything is asked, where they would be waited for ever, or not at all."""
    linode = api.linode("web")
    api.home.forget()
    (name,) = times
    with pytest.raises(ValueError, match=f"^{name}=.* seconds$"):
        api.run(linode.wait("running", **times))
    assert api.paths() == []


@pytest.mark.parametrize("name", ["timeout", "poll_interval"])
def test_timeouts_that_are_no_numbers_are_refused(api, name):
    linode = api.linode("web")
    api.home.forget()
    with pytest.raises(TypeError, match=f"{name} must be a number of seconds, not str"):
        api.run(linode.wait("running", **{name: "5"}))
    assert api.paths() == []


def test_a_wait_for_objects_that_cannot_be_filtered_by_id(api):
    """Domains: all pages are looked through, and one that is on none of them is asked for before it counts as gone."""
    made = [
        api.run(api.client.create_domain(f"example{number}.com", soa_email="a@example.com")) for number in range(60)
    ]
    api.client = api.another(page_size=25)
    api.run(api.client.wait_for([made[0], made[30], made[59]], "active"))
    api.run(made[30].delete())
    with pytest.raises(EventFailedError, match=rf"Domain\({made[30].id}.* was deleted while it was waited for"):
        api.run(api.client.wait_for([made[0], made[30], made[59]], "active"))
