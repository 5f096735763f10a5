"""NodeBalancers as such, their firewalls, statistics and prices, seen from a client."""

from __future__ import annotations

import re

import pytest
from asking import REGION, actions, add, change, raw, said, unanswered

from linode import IPAddress, NodeBalancer, Region
from linode.errors import AuthorizationError, NotFoundError

RULES = {"inbound": [], "inbound_policy": "DROP", "outbound": [], "outbound_policy": "ACCEPT"}


# -- creating, changing, deleting ------------------------------------------------------------------------------------


def test_a_nodebalancer_is_created_with_the_defaults_of_the_api(client, reaches):
    made = client.create_nodebalancer(REGION, tags=["web", "api", "web"])
    assert (made.label, made.type, made.region.id) == (f"balancer{made.id}", "common", REGION)
    assert (made.client_conn_throttle, made.client_udp_sess_throttle, made.tags) == (0, 0, ["api", "web"])
    assert made.hostname == f"{made.ipv4.replace('.', '-')}.ip.linodeusercontent.com"
    assert re.fullmatch(r"2600:3c[0-9a-f]{2}::[0-9a-f]+:[0-9a-f]+", made.ipv6)
    assert made.raw["transfer"] == {"in": None, "out": None, "total": None}
    assert (made.lke_cluster, made.locks, made.frontend_address_type, made.frontend_vpc_subnet_id) == (
        None,
        [],
        "public",
        None,
    )
    assert reaches(made) == ("undefined", None)
    assert made.backend_connectivity is None
    assert not {"backend_connectivity", "backend_ipv6_prefix"} & made.raw.keys()
    assert made.load().raw == client.get_nodebalancers(NodeBalancer.label == made.label).first().raw
    assert actions(client) == ["nodebalancer_create"]


def test_a_nodebalancer_is_changed_and_deleted(client, balancer):
    balancer.label = "back"
    balancer.client_conn_throttle = 20
    balancer.client_udp_sess_throttle = 5
    balancer.tags = ["zoo", "api"]
    balancer.save()
    found = NodeBalancer(client, balancer.id).load()
    assert (found.label, found.client_conn_throttle, found.client_udp_sess_throttle) == ("back", 20, 5)
    assert found.tags == ["api", "zoo"]
    assert found.updated >= found.created
    found.delete()
    with pytest.raises(NotFoundError):
        found.load()
    assert actions(client) == ["nodebalancer_create", "nodebalancer_update", "nodebalancer_delete"]


@pytest.mark.parametrize(
    ("options", "reasons"),
    [
        ({"region": "nowhere"}, [("region is not valid", "region")]),
        ({"label": "ab"}, [("Length must be 3-32 characters", "label")]),
        ({"label": "front"}, [("Label must be unique among your NodeBalancers", "label")]),
        ({"client_conn_throttle": 21}, [("Must be 0-20", "client_conn_throttle")]),
        ({"type": "huge"}, [("Must be one of common, premium, premium_40gb", "type")]),
        ({"firewall_id": 9}, [("firewall_id is not valid", "firewall_id")]),
        ({"vpcs": [{"subnet_id": 9}]}, [("subnet_id is not valid", "vpcs[0].subnet_id")]),
        ({"vpcs": [{}]}, [("subnet_id is required", "vpcs[0].subnet_id")]),
        ({"configs": [{"port": 80}]}, [("nodes is required", "configs[0].nodes")]),
        ({"ipv4": "192.0.2.1"}, [("Must provide a single valid reserved ipv4 address", "ipv4")]),
        (
            {"type": "premium", "backend_connectivity": "legacy"},
            [("A premium NodeBalancer does not reach private IPv4 addresses", "backend_connectivity")],
        ),
    ],
)
def test_what_cannot_be_created_is_refused(client, balancer, options, reasons):
    """Nothing is left of it, and no event tells of it."""
    assert said(client.create_nodebalancer, options.pop("region", REGION), **options) == reasons
    assert [each.id for each in client.get_nodebalancers()] == [balancer.id]
    assert actions(client) == ["nodebalancer_create"]


def test_a_region_is_required_and_must_have_nodebalancers(sandbox, client):
    assert raw(sandbox, "POST", "/nodebalancers", {})[1]["errors"] == [
        {"reason": "region is required", "field": "region"}
    ]
    change(sandbox, Region, REGION, capabilities=["Linodes"])
    assert said(client.create_nodebalancer, REGION) == [("NodeBalancers are not available in this region", "region")]


def test_a_reserved_address_can_be_its_own_and_outlives_it(sandbox, client):
    reserved = {"type": "ipv4", "public": True, "region": REGION, "reserved": True, "prefix": 24}
    add(sandbox, IPAddress, address="192.0.2.1", **reserved)
    made = client.create_nodebalancer(REGION, ipv4="192.0.2.1")
    assert made.ipv4 == "192.0.2.1"
    address = IPAddress(client, "192.0.2.1").load()
    assert (address.assigned_entity.type, address.assigned_entity.id) == ("nodebalancer", made.id)
    assert said(client.create_nodebalancer, REGION, ipv4=address)[0][1] == "ipv4"
    assert said(client.create_linode, "g6-nanode-1", REGION, ipv4=["192.0.2.1"]) == [
        ("Address must be currently unassigned.", "ipv4")
    ]
    made.delete()
    assert address.load().assigned_entity is None
    made = client.create_nodebalancer(REGION, ipv4=address)
    address.reserved = False
    address.save()
    assert address.load().assigned_entity.id == made.id
    made.delete()
    with pytest.raises(NotFoundError):
        address.load()


def test_locks_keep_a_nodebalancer_and_what_belongs_to_it(sandbox, client, balancer, private):
    config = balancer.create_config()
    node = config.create_node("web", f"{private}:80")
    change(sandbox, NodeBalancer, balancer.id, locks=["cannot_delete_with_subresources"])
    words = "The cannot_delete_with_subresources lock needs to be removed to delete this"
    assert said(balancer.delete) == [(f"{words} NodeBalancer", None)]
    assert said(config.delete) == [(f"{words} NodeBalancerConfig", None)]
    assert said(node.delete) == [(f"{words} NodeBalancerNode", None)]
    rebuilding = words.replace("delete this", "do this with the NodeBalancerConfig")
    assert said(config.rebuild, []) == [(rebuilding, None)]
    change(sandbox, NodeBalancer, balancer.id, locks=["cannot_delete"])
    assert said(balancer.delete)
    config.delete()


def test_prices_of_nodebalancers(client):
    kinds = {each.id: each for each in client.get_nodebalancer_types()}
    assert {name: each.price.monthly for name, each in kinds.items()} == {
        "nodebalancer": 10.0,
        "nodebalancer-pr100": 150.0,
    }
    assert {each.id: each.hourly for each in kinds["nodebalancer"].region_prices} == {"id-cgk": 0.018, "br-gru": 0.021}


# -- firewalls -------------------------------------------------------------------------------------------------------


def test_a_firewall_can_be_there_from_the_beginning(client):
    """The firewall is that of the request, none for -1, or the account's default."""
    wall = client.create_firewall("wall", RULES)
    made = client.create_nodebalancer(REGION, firewall_id=wall)
    assert [each.label for each in made.firewalls] == ["wall"]
    assert [(each.type, each.id) for each in wall.load().entities] == [("nodebalancer", made.id)]
    assert actions(client)[-2:] == ["nodebalancer_create", "firewall_device_add"]
    assert list(client.create_nodebalancer(REGION).firewalls) == []
    settings = client.get_firewall_settings()
    settings.default_firewall_ids.nodebalancer = wall.id
    settings.save()
    assert [each.id for each in client.create_nodebalancer(REGION).firewalls] == [wall.id]
    assert list(client.create_nodebalancer(REGION, firewall_id=-1).firewalls) == []
    made.delete()
    assert made.id not in [each.id for each in wall.load().entities]


def test_firewalls_are_replaced(client, balancer):
    one, two = (client.create_firewall(name, RULES) for name in ("one", "two"))
    assert [each.id for each in balancer.set_firewalls([one])] == [one.id]
    assert (
        [each.id for each in balancer.set_firewalls([two.id])] == [each.id for each in balancer.firewalls] == [two.id]
    )
    assert said(balancer.set_firewalls, [one, two]) == [
        ("A NodeBalancer has at most one enabled firewall", "firewall_ids")
    ]
    two.status = "disabled"
    two.save()
    assert len(balancer.set_firewalls([one, two])) == 2
    assert said(balancer.set_firewalls, [one, 9]) == [("firewall_ids is not valid", "firewall_ids[1]")]
    assert balancer.set_firewalls([]) == []


# -- statistics ------------------------------------------------------------------------------------------------------


def test_there_are_no_statistics_of_a_new_nodebalancer(balancer):
    assert said(balancer.stats) == [("Stats are unavailable at this time.", None)]


def test_statistics_are_of_the_last_day_and_the_same_each_time(sandbox, balancer, private):
    balancer.create_config().create_node("web", f"{private}:80")
    sandbox.advance(3 * 24 * 3600)
    stats = balancer.stats()
    assert stats.title == f"linode.com - front ({balancer.id}) - day (5 min avg)"
    series = stats.data.connections, stats.data.traffic.in_, stats.data.traffic.out
    assert [len(each) for each in series] == [288] * 3
    assert all(value > 0 for each in series for _, value in each)
    assert {second[0] - first[0] for first, second in zip(series[0], series[0][1:], strict=False)} == {300_000}
    assert balancer.stats() == stats


def test_nothing_flows_without_nodes(sandbox, balancer, private):
    """Traffic is counted from the first node on, and until the last one is gone."""
    config = balancer.create_config()
    sandbox.advance(3600)
    assert balancer.load().transfer.total is None
    assert {value for _, value in balancer.stats().data.traffic.out} == {0.0}
    node = config.create_node("web", f"{private}:80")
    sandbox.advance(3600)
    transfer = balancer.load().transfer
    assert transfer.total == pytest.approx(transfer.in_ + transfer.out)
    assert 0 < transfer.in_ < transfer.out
    node.delete()
    before = transfer.total
    sandbox.advance(3600)
    assert balancer.load().transfer.total == pytest.approx(before, abs=1)
    assert balancer.stats().data.connections[-1][1] == 0.0


def test_traffic_ends_with_the_last_node_however_it_goes(sandbox, balancer, private):
    node = {"label": "web", "address": f"{private}:80"}
    config = balancer.create_config()
    for end in (lambda: config.rebuild([]), config.delete):
        config.rebuild([node])
        sandbox.advance(3600)
        assert balancer.stats().data.connections[-1][1] > 0
        end()
        sandbox.advance(3600)
        assert balancer.stats().data.connections[-1][1] == 0.0


# -- who may ---------------------------------------------------------------------------------------------------------


def test_restricted_users_do_what_they_were_granted(sandbox, client, balancer, private):
    config = balancer.create_config()
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        ada = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    theirs = NodeBalancer(ada, balancer.id)
    for denied in (theirs.load, lambda: list(theirs.configs), lambda: ada.create_nodebalancer(REGION)):
        with pytest.raises(AuthorizationError, match=r"\[403\] Unauthorized"):
            denied()
    assert len(ada.get_nodebalancers()) == 0
    sandbox.grant("ada", nodebalancer={balancer.id: "read_only"})
    assert [each.id for each in theirs.configs] == [config.id]
    for denied in (theirs.create_config, lambda: theirs.configs[0].create_node("web", f"{private}:80"), theirs.delete):
        with pytest.raises(AuthorizationError, match=r"\[403\] Unauthorized"):
            denied()
    sandbox.grant("ada", add_nodebalancers=True)
    made = ada.create_nodebalancer(REGION)
    made.create_config()
    assert {each.id for each in ada.get_nodebalancers()} == {balancer.id, made.id}
    made.delete()
    assert len(client.get_nodebalancers()) == 1


def test_every_operation_of_the_api_is_known(sandbox, balancer, private):
    config = balancer.create_config()
    node = config.create_node("web", f"{private}:80")
    ids = {"nodeBalancerId": balancer.id, "configId": config.id, "nodeId": node.id, "nodeBalancerVpcConfigId": 1}
    assert unanswered(sandbox, ids, "/nodebalancers") == [
        "404 GET /nodebalancers/{nodeBalancerId}/vpcs/{nodeBalancerVpcConfigId}"
    ]
