"""Nodes of NodeBalancers and whether they are up, seen from a client."""

from __future__ import annotations

import ipaddress

import pytest
from asking import NANODE, REGION, actions, ask, said

from linode import NodeBalancerNode
from linode.errors import NotFoundError

OTHER = "us-west"


@pytest.fixture
def config(balancer):
    """A configuration without nodes."""
    return balancer.create_config()


@pytest.fixture
def node(config, private):
    """A node of that configuration: the Linode ``web``."""
    return config.create_node("web", f"{private}:80")


def test_a_node_is_created_changed_and_deleted(client, balancer, config, node, private):
    assert node.raw == {
        "id": node.id,
        "label": "web",
        "address": f"{private}:80",
        "mode": "accept",
        "weight": 50,
        "status": "Unknown",
        "config_id": config.id,
        "nodebalancer_id": balancer.id,
        "vpc_config_id": None,
    }
    found = NodeBalancerNode(client, node.id, config.id, balancer.id).load()
    found.label, found.mode, found.weight, found.address = "web.1", "drain", 255, f"{private}:8080"
    found.save()
    assert [each.raw for each in config.nodes] == [found.load().raw]
    assert (found.mode, found.weight, found.address) == ("drain", 255, f"{private}:8080")
    found.delete()
    with pytest.raises(NotFoundError):
        found.load()
    assert [each for each in actions(client) if each.startswith("nodebalancer_node")] == [
        "nodebalancer_node_create",
        "nodebalancer_node_update",
        "nodebalancer_node_delete",
    ]
    event = client.get_events().first()
    assert (event.entity.type, event.entity.id) == ("nodebalancer", balancer.id)


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"label": "ab"}, [("Length must be 3-32 characters", "label")]),
        ({"weight": 0}, [("Must be 1-255", "weight")]),
        ({"mode": "none"}, [("Must be one of accept, reject, drain, backup", "mode")]),
        ({"address": "web.example.org:80"}, [("Must be an address and a port", "address")]),
        ({"address": "192.168.128.1"}, [("Must be an address and a port", "address")]),
        ({"address": "192.168.128.1:65536"}, [("Must be an address and a port", "address")]),
        ({"address": "192.168.128.999:80"}, [("Must be an address and a port", "address")]),
        ({"address": "192.0.2.1:80"}, [("Must begin with 192.168", "address")]),
        (
            {"address": "192.168.128.250:80"},
            [("No Linode in the region of the NodeBalancer has this address", "address")],
        ),
        ({"address": "10.0.0.2:80", "subnet_id": 9}, [("subnet_id is not valid", "subnet_id")]),
    ],
)
def test_what_is_no_node_is_refused(config, node, private, changes, reasons):
    wanted = {"label": "new", "address": f"{private}:80", **changes}
    assert said(config.create_node, **wanted) == reasons
    for name, value in changes.items():
        setattr(node, name, value)
    assert said(node.save) == reasons
    assert len(config.nodes) == 1


def test_a_label_and_an_address_are_required(sandbox, balancer, config):
    path = f"/v4/nodebalancers/{balancer.id}/configs/{config.id}/nodes"
    assert [each["reason"] for each in ask(sandbox, "POST", path, {})[1]["errors"]] == [
        "label is required",
        "address is required",
    ]


def test_the_linode_must_be_in_the_region(client, config):
    linode = client.create_linode(NANODE, OTHER, private_ip=True)
    (private,) = [each for each in linode.load().ipv4 if each.startswith("192.168.")]
    assert said(config.create_node, "far", f"{private}:80") == [
        ("No Linode in the region of the NodeBalancer has this address", "address")
    ]


def test_nodes_of_udp_have_no_mode(balancer, private):
    config = balancer.create_config(protocol="udp")
    assert config.create_node("web", f"{private}:53").mode == "none"
    assert said(config.create_node, "web", f"{private}:53", mode="accept") == [("Must be one of none", "mode")]


def test_a_configuration_has_so_many_nodes(sandbox, balancer, config, private):
    nodes = [{"label": f"node{at}", "address": f"{private}:80"} for at in range(1001)]
    assert said(config.rebuild, nodes) == [("A configuration has at most 1000 nodes", "nodes[1000]")]
    config.rebuild(nodes[:1000])
    assert config.nodes_status.down == 1000


# -- health ----------------------------------------------------------------------------------------------------------


def test_a_node_is_unknown_first_and_then_what_its_linode_is(client, sandbox, config, web, node):
    assert (node.status, config.load().nodes_status.down) == ("Unknown", 1)
    client.wait_for([node], "UP")
    assert config.load().nodes_status.raw == {"up": 1, "down": 0}
    web.shutdown().wait()
    assert (node.load().status, config.load().nodes_status.down) == ("DOWN", 1)
    web.boot().wait()
    assert node.load().status == "UP"


def test_a_node_waits_for_its_first_check(sandbox, balancer, private):
    """The first check comes after the interval of the configuration; a new address is checked again."""
    config = balancer.create_config(check="connection", check_interval=300)
    node = config.create_node("web", f"{private}:80")
    sandbox.advance(299)
    assert node.load().status == "Unknown"
    sandbox.advance(2)
    assert node.load().status == "UP"
    node.address = f"{private}:81"
    node.save()
    assert node.load().status == "Unknown"


def test_a_node_is_down_when_its_address_has_no_linode(sandbox, web, private, node):
    sandbox.advance(60)
    assert node.load().status == "UP"
    (address,) = [each for each in web.ips().ipv4.private if each.address == private]
    address.delete()
    assert node.load().status == "DOWN"


def test_a_linode_names_its_nodebalancers_and_takes_its_nodes_along(client, balancer, config, web, node, reaches):
    other = client.create_nodebalancer(REGION, label="other")
    other.create_config().create_node("web", node.address)
    client.create_nodebalancer(REGION, label="empty")
    assert [each.id for each in web.nodebalancers] == [balancer.id, other.id]
    web.delete()
    assert list(config.nodes) == []
    with pytest.raises(NotFoundError):
        node.load()
    assert reaches(balancer) == ("legacy", None)


# -- connectivity ----------------------------------------------------------------------------------------------------


def test_the_first_node_decides_how_nodes_are_reached(balancer, config, web, private, reaches):
    slaac = web.ipv6.partition("/")[0]
    node = config.create_node("web", f"[{slaac.upper()}]:80")
    assert node.address == f"[{slaac.upper()}]:80"
    connectivity, prefix = reaches(balancer)
    assert (connectivity, ipaddress.IPv6Network(prefix).prefixlen) == ("ipv6", 96)
    assert balancer.get_backend_acl().backend_ipv6_prefix == prefix
    assert [each.id for each in web.nodebalancers] == [balancer.id]
    assert said(config.create_node, "old", f"{private}:80") == [
        ("The NodeBalancer reaches its nodes by ipv6, but this address needs legacy", "address")
    ]
    node.delete()
    assert said(config.create_node, "old", f"{private}:80")


def test_the_connectivity_can_be_said(client, web, private, reaches):
    made = client.create_nodebalancer(REGION, type="premium", backend_connectivity="ipv6")
    other = client.create_nodebalancer(REGION, backend_connectivity="ipv6")
    assert reaches(made)[1] != reaches(other)[1]
    slaac = web.ipv6.partition("/")[0]
    assert made.create_config().create_node("web", f"[{slaac}]:443").status == "Unknown"
    premium = client.create_nodebalancer(REGION, type="premium")
    assert said(premium.create_config().create_node, "web", f"{private}:80") == [
        ("A premium NodeBalancer does not reach private IPv4 addresses", "address")
    ]
    assert reaches(premium) == ("undefined", None)
    assert premium.get_backend_acl().backend_ipv6_prefix is None


def test_a_nodebalancer_has_no_vpc_unless_one_is_given(balancer):
    assert list(balancer.vpcs) == []


@pytest.mark.parametrize("rebuilt", [False, True])
def test_members_that_nodes_do_not_have_are_ignored(sandbox, balancer, config, private, rebuilt):
    """Undeclared members of nodes in the body of a configuration are ignored."""
    nodes = [{"label": "web", "address": f"{private}:80", "colour": "red"}]
    path = f"/v4/nodebalancers/{balancer.id}/configs/{config.id}/rebuild" if rebuilt else "/v4/nodebalancers"
    body = {"nodes": nodes} if rebuilt else {"region": REGION, "configs": [{"nodes": nodes}]}
    assert ask(sandbox, "POST", path, body)[0] == 200
