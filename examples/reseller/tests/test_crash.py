"""Whatever is killed, whenever: each customer has one Linode, and none belongs to nobody."""

from __future__ import annotations

import random
import threading
import time
from functools import partial

import httpx2
import pytest

from conftest import until
from linode import StackScript
from linode.sandbox import Fault

HELD = 60
"""Real seconds for which an answer is held back: the process that waits for it is killed meanwhile."""
MOMENTS = {"before": {"status": 503, "delay": HELD}, "after": {"delay": HELD}}
"""A call can be interrupted before it is carried out, and after it."""
MAKING = [
    ("POST", "/linode/stackscripts"),
    ("GET", "/linode/stackscripts"),
    ("GET", "/linode/instances"),
    ("POST", "/linode/instances"),
]
REBUILDING = [("POST", "/linode/instances/*/rebuild")]
LEAVING = [("GET", "/linode/instances/*"), ("DELETE", "/linode/instances/*")]
moments = pytest.mark.parametrize("moment", MOMENTS)


def killed_at(processes, call, moment, begin):
    """*begin* something, and kill the worker when it makes *call*; start it again."""
    faults = processes.api.sandbox.faults
    faults.append(Fault(*call, **MOMENTS[moment]))
    begin()
    until(lambda: not faults)
    processes.worker.kill()
    processes.worker.start()


def running(visitor):
    until(lambda: "State running" in visitor.sees())


def gone(visitor):
    until(lambda: "The server is deleted" in visitor.sees())


@moments
def test_a_worker_killed_while_it_makes_a_server(processes, moment):
    """Killed at any call of the making, and started again, a worker makes the one Linode, and one StackScript."""
    customers = []
    for call in MAKING:
        customer = processes.visitor()
        if call == ("GET", "/linode/stackscripts"):  # asked for once by each process
            processes.worker.kill()
            processes.worker.start()
        killed_at(processes, call, moment, customer.sign_up)
        running(customer)
        customers.append(customer)
        assert len(processes.labels()) == len(customers), call
        assert customer.root_password(), call
    assert len(processes.api.sandbox.client().get_stackscripts(StackScript.mine == True)) == 1  # noqa: E712  a filter


@moments
def test_a_worker_killed_while_it_rebuilds_or_deletes(processes, moment):
    """Killed at any call, a worker rebuilds what is to be rebuilt, and deletes what is given up, once."""
    customers = [processes.visitor() for _ in LEAVING]
    for each in customers:
        each.sign_up()
    for each in customers:
        running(each)
    for call in REBUILDING:
        customer = customers[0]
        customer.root_password()
        killed_at(processes, call, moment, partial(customer.post, "/server/rebuild", sure="y"))
        running(customer)
        assert customer.root_password(), call
    for left, call in enumerate(LEAVING, start=1):
        customer = customers.pop()
        customer.sees()
        killed_at(processes, call, moment, partial(customer.post, "/server/give-up", sure="y"))
        gone(customer)
        assert len(processes.labels()) == len(customers), call
        deleted = [each for each in processes.api.sandbox.requests if each.method == "DELETE" and each.status == 200]
        assert len(deleted) == left, call


def test_given_up_while_it_is_made(processes):
    """An order that is given up while its Linode is being created, by a worker that is then killed, leaves nothing."""
    customer = processes.visitor()

    def sign_up_and_leave():
        customer.sign_up()
        until(lambda: not processes.api.sandbox.faults)
        customer.post("/server/give-up", sure="y")

    killed_at(processes, ("POST", "/linode/instances"), "after", sign_up_and_leave)
    gone(customer)
    assert processes.labels() == []


@pytest.mark.parametrize("processes", [2], indirect=True)
def test_anything_killed_at_any_moment(processes):
    """Web and workers are killed at random while people sign up and leave: in the end all is as it should be."""
    shop = processes
    chance = random.Random(7)
    customers, over = [], threading.Event()

    def come():
        while not over.is_set():
            visitor = shop.visitor()
            try:
                visitor.sign_up()
                customers.append(visitor)
                if len(customers) % 4 == 0:
                    visitor.sees()
                    visitor.post("/server/give-up", sure="y")
            except httpx2.TransportError:
                time.sleep(0.1)  # the shop is just dead

    coming = threading.Thread(target=come)
    coming.start()
    for _ in range(8):
        time.sleep(chance.uniform(0.3, 1.2))
        victim = chance.choice([shop.web, *shop.workers])
        victim.kill()
        victim.start()
    over.set()
    coming.join()
    until(lambda: set(shop.orders().values()) <= {"running", "gone"}, 60)
    assert len(shop.orders()) >= len(customers)
    assert sorted(shop.labels()) == sorted(label for label, state in shop.orders().items() if state == "running")
