"""One wait for several jobs, and waits until objects of several classes are ready, over both clients."""

from __future__ import annotations

import pytest
from asking import DEBIAN, PASSWORD

from linode.errors import WaitTimeoutError


def test_several_jobs_are_waited_for_at_once(api):
    """The wait ends when the last is done, and costs one request for each poll, however many jobs there are."""
    linodes = [api.linode(f"web-{number}", image=DEBIAN, root_pass=PASSWORD) for number in range(4)]
    api.run(api.client.wait_for(linodes, poll_interval=0.3))
    jobs = [api.run(each.reboot()) for each in linodes]
    api.home.forget()
    api.run(api.client.wait_for(jobs, poll_interval=0.3))
    assert {path for path in api.paths() if "events" not in path} == set()
    for each in linodes:
        assert api.run(each.load()).status == "running"


def test_objects_of_several_classes_are_waited_for_until_they_are_ready(api):
    """Without a status, each class has its own: a volume is ready when it is active, and a Linode when it runs."""
    linode = api.linode("web-1", image=DEBIAN, root_pass=PASSWORD)
    volume = api.run(api.client.create_volume("data", region="us-east", size=20))
    api.run(api.client.wait_for([linode, volume], poll_interval=0.3))
    assert (linode.status, volume.status) == ("running", "active")


def test_what_cannot_be_waited_for_is_refused_by_name(api):
    """Before anything is sent: a label, an object among jobs, a class without a status that means ready."""
    linode = api.linode("web-1", image=DEBIAN, root_pass=PASSWORD)
    api.run(linode.wait(poll_interval=0.3))
    region = api.run(api.client.get_regions().first())
    job = api.run(linode.reboot())
    api.home.forget()
    for wrong, words in (
        ("web-1", "takes objects, such as Linodes, or their jobs, not a str"),
        ([linode, job], "takes objects or jobs, not both at once"),
        (region, "no status of a Region is known as that of a ready one; give one of"),
    ):
        with pytest.raises(TypeError, match=words):
            api.run(api.client.wait_for(wrong))
    assert api.paths() == []


def test_a_wait_for_an_unknown_status_ends_with_the_known_ones(api):
    """The API may have added the status, so it is waited for; the error says that the library does not know it."""
    volume = api.run(api.client.create_volume("data", region="us-east", size=20))
    with pytest.raises(WaitTimeoutError, match=r"'finished' is not known; the statuses are active, creating"):
        api.run(api.client.wait_for(volume, "finished", timeout=0.5, poll_interval=0.3))
