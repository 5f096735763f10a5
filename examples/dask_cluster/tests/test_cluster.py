"""Computations on machines that come, go and die."""

from __future__ import annotations

import time

from distributed import Client

from conftest import until


def slow_square():
    """A function that is sent by value: the machines do not have this module."""

    def square(number):
        time.sleep(0.3)
        return number * number

    return square


def test_a_computation_survives_the_death_of_machines(account):
    """Two of four machines die in the middle: the result is right, both are replaced, nothing is left at the end."""
    with account.cluster(n_workers=4) as cluster, Client(cluster) as client:
        client.wait_for_workers(4)
        first = account.workers()
        futures = client.map(slow_square(), range(60))
        until(lambda: any(each.done() for each in futures))
        for each in first[:2]:
            account.machines.kill(each)
        assert sum(client.gather(futures)) == sum(number * number for number in range(60))
        until(lambda: len(cluster.observed) == 4)
        assert set(first[2:]) < set(account.workers())
        assert not set(first[:2]) & set(account.workers())
        assert (len(account.labels()), account.created()) == (5, 7)
    assert account.is_empty()


def test_it_grows_and_shrinks_with_the_work(account):
    """`scale` and `adapt` create and delete machines; one that goes hands over the results that it holds."""
    with account.cluster(n_workers=1) as cluster, Client(cluster) as client:
        cluster.scale(2)
        client.wait_for_workers(2)
        held = client.map(lambda number: number + 1, range(20))
        client.gather(held)
        before = account.created()
        cluster.scale(1)
        until(lambda: len(account.workers()) == 1)
        assert client.gather(held) == list(range(1, 21))
        assert {each.status for each in held} == {"finished"}
        cluster.adapt(minimum=1, maximum=3, interval="200ms", target_duration="1s")
        futures = client.map(slow_square(), range(100, 160))
        until(lambda: len(account.workers()) == 3)
        client.gather(futures)
        del futures, held
        until(lambda: len(account.workers()) == 1)
        assert account.created() == before + 2
    assert account.is_empty()
