"""A customer's visit, page by page, without a browser."""

from __future__ import annotations

from common.queue import working
from conftest import until
from linode import StackScript


def test_from_sign_up_to_a_running_server(open_here, backend):
    """A customer who signs up has one running Linode, with the StackScript, the tag and the region of the order."""
    here = open_here(**backend)
    ada = here.visitor()
    ada.sign_up(region="eu-central")
    assert "next in line" in ada.sees()
    here.work()
    assert "State running" in ada.sees()
    (linode,) = here.sandbox.client().get_linodes()
    assert (linode.region.id, linode.tags, linode.status) == ("eu-central", ["reseller"], "running")
    assert ada.root_password() is not None


def test_a_job_that_is_lost(open_here, backend):
    """When nobody puts the job into the queue, or a dead worker had it, looking around makes up for it."""
    here = open_here(**backend)
    ada = here.visitor()
    ada.sign_up()
    here.shop.queue.flush()
    here.shop.tend.call_local()
    assert here.shop.queue.pending_count() == 1
    with working(here.shop.queue, 1):
        until(lambda: len(here.sandbox.client().get_linodes()) == 1)
    here.work()
    assert "State running" in ada.sees()


def test_the_software_is_the_customers(here):
    """The StackScript is answered with the names of the server and its owner, and changed when its file is."""
    ada = here.visitor()
    number = ada.sign_up()
    here.work()
    (script,) = here.sandbox.client().get_stackscripts(StackScript.mine == True)  # noqa: E712  a filter
    assert {field.name for field in script.user_defined_fields} == {"server_name", "customer_number", "shop"}
    assert {"server_name": "toys", "customer_number": number, "shop": "reseller"} in here.heard.answers
    script.script = "#!/bin/sh\n# of long ago"
    script.save()
    del here.shop.provisioner._script  # as in a process that has just begun
    here.visitor().sign_up()
    here.work()
    assert script.load().script == here.shop.settings.stackscript.read_text()
