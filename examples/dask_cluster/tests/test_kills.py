"""Whatever is killed, whenever: no Linode stays that nobody uses, and none is created twice."""

from __future__ import annotations

import signal

import pytest
from distributed.core import Status

from conftest import until
from linode import InvalidRequestError
from linode.sandbox import Fault

HELD = 60
"""Seconds for which an answer is held back: the program is killed meanwhile."""
LONG = ("demo", "--local", "--workers", "2", "--most", "1000000000")
SHORT = ("demo", "--local", "--workers", "1", "--most", "1000")


def at_work(account):
    """A program that computes for hours."""
    program = account.program(*LONG)
    until(lambda: len(account.machines.processes) == 3)
    return program


def at_a_create(account):
    """A program that waits for the answer to a create, which is carried out."""
    account.machines.runs = lambda linode: linode.label.endswith("scheduler")
    account.sandbox.faults.append(Fault("POST", "/linode/instances", skip=1, delay=HELD))
    program = account.program(*LONG)
    until(lambda: not account.sandbox.faults)
    return program


def at_a_delete(account):
    """A program that is deleting its cluster."""
    account.sandbox.faults.append(Fault("DELETE", "/linode/instances/*", delay=HELD))
    program = account.program(*SHORT)
    until(lambda: not account.sandbox.faults)
    return program


@pytest.mark.parametrize("begin", [at_work, at_a_create, at_a_delete])
def test_what_a_killed_program_leaves_is_reaped(account, begin):
    """`reap` deletes all of it, machines and all, and nothing was created twice."""
    program = begin(account)
    program.kill()
    program.wait()
    assert account.labels()
    assert account.program("reap").wait(180) == 0
    assert account.is_empty()
    assert account.created() <= 3


def test_the_next_program_deletes_what_a_killed_one_left(silent):
    """The next program needs no command for that; running clusters are left alone, by `reap` too."""
    program = at_a_create(silent)
    program.kill()
    program.wait()
    with silent.cluster(n_workers=1) as cluster:
        own = {f"{cluster.resources.label}-scheduler", f"{cluster.resources.label}-worker-1"}
        until(lambda: set(silent.labels()) == own)
        assert silent.program("reap").wait(180) == 0
        assert set(silent.labels()) == own
        assert cluster.status == Status.running
    assert silent.is_empty()


def test_a_cluster_whose_scheduler_dies_deletes_itself(silent):
    """The work of the cluster is lost, so its machines are useless."""
    cluster = silent.cluster(n_workers=2)
    silent.machines.kill(f"{cluster.resources.label}-scheduler")
    until(lambda: cluster.status == Status.closed)
    until(silent.is_empty)
    cluster.close()


def test_answers_that_are_lost(silent):
    """Creates and deletes that are carried out without an answer leave as many machines as were asked for."""
    silent.sandbox.faults.append(
        Fault("POST", "/linode/instances", connection="dropped", processed=True, times=3, skip=1)
    )
    with silent.cluster(n_workers=4) as cluster:
        assert (len(silent.labels()), silent.created()) == (5, 5)
        silent.sandbox.faults.append(
            Fault("DELETE", "/linode/instances/*", connection="dropped", processed=True, times=2)
        )
        cluster.scale(1)
        until(lambda: len(silent.workers()) == 1)
        assert not silent.sandbox.faults
    assert silent.is_empty()


def test_refusals(silent):
    """A refused create or delete is repeated at a later beat."""
    with silent.cluster() as cluster:
        silent.sandbox.sold_out("us-iad", "g6-standard-2")
        cluster.scale(2)
        until(lambda: cluster.workers)
        assert silent.workers() == []
        silent.sandbox.in_stock("us-iad", "g6-standard-2")
        until(lambda: len(silent.workers()) == 2)
        silent.sandbox.faults.append(Fault("DELETE", "/linode/instances/*", status=500, times=2))
        cluster.scale(0)
        until(lambda: silent.workers() == [])
    assert silent.is_empty()
    assert silent.created() == 3


def test_machines_that_others_delete_or_that_never_report(silent):
    """One that is deleted by hand is replaced; one that does not report in time is deleted, and not replaced."""
    with silent.cluster(n_workers=1) as cluster:
        for each in silent.sandbox.client().get_linodes():
            if "worker" in each.label:
                each.delete()
        until(lambda: silent.workers() == [f"{cluster.resources.label}-worker-2"])
        cluster.boot_timeout = 0.1
        until(lambda: silent.workers() == [] and not cluster.workers)
        assert silent.created() == 3


def test_a_cluster_that_was_reaped_closes(silent):
    """A program that was asleep for too long finds its cluster gone."""
    cluster = silent.cluster(n_workers=1)
    assert silent.program("list").wait(180) == 0
    assert f"{cluster.resources.label}: 2 Linodes; LinodeCluster, beat " in silent.log.read_text()
    assert silent.program("reap", cluster.resources.label).wait(180) == 0
    until(lambda: cluster.status == Status.closed)
    assert silent.is_empty()


@pytest.mark.parametrize("plan", ["g6-nanode-1", "g6-standard-2"])
def test_a_cluster_that_cannot_start_leaves_nothing(silent, plan):
    """The scheduler, or a worker, is refused: the error has the API's words, and all is deleted."""
    silent.sandbox.sold_out("us-iad", plan)
    with pytest.raises((RuntimeError, InvalidRequestError), match="not currently available"):
        silent.cluster(scheduler_type="g6-nanode-1", n_workers=2)
    assert silent.is_empty()


def test_a_program_that_is_interrupted_leaves_nothing(account):
    """Ctrl-C closes the cluster, also while it is being made."""
    program = at_a_create(account)
    program.send_signal(signal.SIGINT)
    program.wait(180)
    assert account.is_empty()
