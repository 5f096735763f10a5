"""A creation does the same work in a small and in a large world: rows and indices are touched, not scanned."""

from __future__ import annotations

import sys

import pytest

from linode.sandbox import Sandbox

FEW, MANY, AT_ONCE = 100, 400, 10


def addresses(client):
    linode = client.create_linode("g6-nanode-1", "us-east")
    return linode.create_ip


def reserved(client):
    linode = client.create_linode("g6-nanode-1", "us-east")
    return lambda: client.request(
        "POST", "/networking/ips", {"type": "ipv4", "public": True, "linode_id": linode.id, "reserved": True}
    )


def jobs(client):
    linode = client.create_linode(
        "g6-nanode-1", "us-east", image="linode/debian12", root_pass="aC0mplex!pass", booted=False
    )
    return lambda: client.request("POST", f"/linode/instances/{linode.id}/reboot", {})


def calls_of(make):
    """The number of Python functions that *make* calls, AT_ONCE times."""
    count = 0

    def note(_frame, event, _arg):
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        for _ in range(AT_ONCE):
            make()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("begin", [addresses, reserved, jobs], ids=lambda each: each.__name__)
def test_a_creation_calls_as_many_functions_among_many_as_among_few(begin):
    """Beside 400 addresses of one Linode, or pending jobs of one Linode, as beside 100."""
    with Sandbox(seed=1, step=0) as sandbox:
        make = begin(sandbox.client())
        found = []
        for until in (FEW, MANY):
            for _ in range(until - (FEW if found else 0) - (AT_ONCE if found else 0)):
                make()
            found.append(calls_of(make))
    few, many = found
    assert many < few * 1.2
