"""What a customer does, page by page, without a browser."""

from __future__ import annotations


def test_from_sign_up_to_a_running_server(open_here, backend):
    """Who signs up has one running Linode, with the StackScript, the tag and the region that were asked for."""
    here = open_here(**backend)
    ada = here.visitor()
    ada.sign_up(region="eu-central")
    assert "next in line" in ada.sees()
    here.work()
    assert "State running" in ada.sees()
    (linode,) = here.sandbox.client().get_linodes()
    assert (linode.region.id, linode.tags, linode.status) == ("eu-central", ["reseller"], "running")
    assert ada.root_password() is not None
