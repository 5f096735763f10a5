"""VLANs, seen from a client."""

from __future__ import annotations

import pytest
from asking import REGION, machine, said

from linode import VLAN, Filter
from linode.errors import NotFoundError

OTHER, WITHOUT = "us-ord", "us-rno-1"
IN_USE = [("The VLAN has Linodes; remove their interfaces first", None)]


@pytest.fixture
def linode(sandbox, client):
    return machine(sandbox, client)


def listed(client, *filters):
    return [(each.label, each.region.id, each.linodes) for each in client.get_vlans(*filters)]


def test_a_vlan_exists_while_interfaces_name_it(sandbox, client, linode):
    """In its region, of Linodes of both generations; a Linode is in it once."""
    own = machine(sandbox, client, interface_generation="linode")
    config = linode.configs[0]
    first = config.create_interface("vlan", label="lan")
    linode.create_config(label="two", interfaces=[{"purpose": "vlan", "label": "lan"}])
    own.create_interface(vlan={"vlan_label": "lan"})
    far = machine(sandbox, client, region=OTHER, label="far")
    far.configs[0].create_interface("vlan", label="lan")
    both = ("lan", REGION, [linode.id, own.id])
    assert listed(client) == [both, ("lan", OTHER, [far.id])]
    assert listed(client, Filter({"region": REGION})) == [both]
    assert listed(client, VLAN.label == "none") == []
    linode.configs[1].delete()
    first.delete()
    assert listed(client, Filter({"region": REGION})) == [("lan", REGION, [own.id])]
    own.delete()
    far.rebuild("linode/debian12", root_pass="Correct-horse-7-battery")
    sandbox.advance(60)
    assert listed(client) == []


def test_a_vlan_with_linodes_is_not_deleted(client, linode):
    """A vlan that nothing names any more is."""
    interface = linode.configs[0].create_interface("vlan", label="lan")
    vlan = client.get_vlans()[0]
    assert vlan == VLAN(client, "lan", REGION)
    assert said(vlan.delete) == IN_USE
    interface.delete()
    vlan.delete()
    for gone in (vlan, VLAN(client, "lan", OTHER)):
        with pytest.raises(NotFoundError):
            gone.delete()


def test_an_interface_changes_its_vlan(client, linode):
    config = linode.configs[0]
    config.create_interface("vlan", label="lan")
    created = client.get_vlans()[0].created
    config.load()
    config.interface_list[0].label = "wan"
    config.save()
    assert listed(client) == [("wan", REGION, [linode.id])]
    config.comments = "again"
    config.save()
    assert client.get_vlans()[0].created >= created


def test_vlans_are_of_a_region(sandbox, client, linode):
    """A migrated Linode is in that of its new region; some have none."""
    linode.configs[0].create_interface("vlan", label="lan")
    linode.migrate(region=OTHER)
    sandbox.advance(120)
    assert listed(client) == [("lan", OTHER, [linode.id])]
    lonely = machine(sandbox, client, region=WITHOUT)
    refused = [("VLANs are not available in this region", "label")]
    assert said(lonely.configs[0].create_interface, "vlan", label="lan") == refused


def test_linodes_that_were_not_granted_stay_unseen(sandbox, client, linode):
    linode.configs[0].create_interface("vlan", label="lan")
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        ada = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    assert listed(ada) == [("lan", REGION, [])]
    sandbox.grant("ada", linode={linode.id: "read_only"})
    assert listed(ada) == [("lan", REGION, [linode.id])]
