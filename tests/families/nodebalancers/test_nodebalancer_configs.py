"""Configurations of NodeBalancers, seen from a client."""

from __future__ import annotations

from pathlib import Path

import pytest
from asking import actions, raw, said

from linode import NodeBalancerConfig, NodeBalancerNode
from linode.errors import NotFoundError

PEM = (Path(__file__).parents[2] / "support" / "untrusted.pem").read_text()
CERTIFICATE = PEM[PEM.index("-----BEGIN CERT") :]
KEY = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----\n"


def test_a_configuration_has_the_defaults_of_the_api(client, balancer):
    config = balancer.create_config()
    expected = {
        "port": 80,
        "protocol": "http",
        "algorithm": "roundrobin",
        "stickiness": "none",
        "check": "none",
        "check_interval": 31,
        "check_timeout": 30,
        "check_attempts": 3,
        "check_path": "",
        "check_body": "",
        "check_passive": True,
        "udp_check_port": 80,
        "udp_session_timeout": 16,
        "proxy_protocol": "none",
        "cipher_suite": "recommended",
        "ssl_cert": None,
        "ssl_key": None,
        "ssl_commonname": "",
        "ssl_fingerprint": "",
        "nodes_status": {"up": 0, "down": 0},
        "nodebalancer_id": balancer.id,
    }
    assert config.raw == {**expected, "id": config.id}
    assert config.load().raw == config.raw
    assert [each.id for each in balancer.configs] == [config.id]
    assert actions(client) == ["nodebalancer_create", "nodebalancer_config_create"]


def test_a_configuration_of_udp_has_its_own(balancer):
    config = balancer.create_config(protocol="udp", algorithm="ring_hash", udp_check_port=53)
    assert (config.stickiness, config.check_passive, config.cipher_suite) == ("session", False, "none")
    assert (config.udp_session_timeout, config.udp_check_port) == (2, 53)


def test_udp_has_no_passive_checks(balancer):
    assert said(balancer.create_config, protocol="udp", check_passive=True) == [
        ("UDP has no passive checks", "check_passive")
    ]


def test_a_configuration_is_changed_and_deleted(client, balancer):
    config = balancer.create_config()
    config.port = 8080
    config.check = "http_body"
    config.check_path = "/health?all=1"
    config.check_body = "ok"
    config.save()
    found = NodeBalancerConfig(client, config.id, balancer.id).load()
    assert (found.port, found.check, found.check_path, found.algorithm) == (
        8080,
        "http_body",
        "/health?all=1",
        "roundrobin",
    )
    found.delete()
    with pytest.raises(NotFoundError):
        found.load()
    assert actions(client)[-2:] == ["nodebalancer_config_update", "nodebalancer_config_delete"]


def test_a_port_has_one_configuration_and_one_of_udp(balancer):
    taken = [("Port must be unique", "port")]
    balancer.create_config(port=53)
    balancer.create_config(port=53, protocol="udp")
    assert said(balancer.create_config, port=53, protocol="tcp") == taken
    assert said(balancer.create_config, port=53, protocol="udp") == taken
    other = balancer.create_config(port=54)
    other.port = 53
    assert said(other.save) == taken
    other.port = 55
    other.save()


@pytest.mark.parametrize(
    ("options", "reasons"),
    [
        ({"port": 0}, [("Must be 1-65535", "port")]),
        ({"port": 65536}, [("Must be 1-65535", "port")]),
        ({"protocol": "sctp"}, [("Must be one of udp, tcp, http, https", "protocol")]),
        ({"algorithm": "ring_hash"}, [("Must be one of roundrobin, leastconn, source", "algorithm")]),
        ({"stickiness": "session"}, [("Must be one of none, table, http_cookie", "stickiness")]),
        (
            {"protocol": "udp", "algorithm": "source", "stickiness": "table"},
            [
                ("Must be one of roundrobin, leastconn, ring_hash", "algorithm"),
                ("Must be one of none, session, source_ip", "stickiness"),
            ],
        ),
        ({"proxy_protocol": "v2"}, [("proxy_protocol needs the protocol tcp", "proxy_protocol")]),
        ({"check_interval": 1}, [("Must be 2-3600", "check_interval")]),
        (
            {"check_interval": 5, "check_timeout": 5},
            [("check_interval must be greater than check_timeout", "check_interval")],
        ),
        ({"check_path": "/a b"}, [("check_path is not valid", "check_path")]),
        ({"check": "http"}, [("check_path is required", "check_path")]),
        ({"check": "http", "check_path": "health"}, [("Must begin with /", "check_path")]),
        (
            {"check": "http_body"},
            [("check_path is required", "check_path"), ("check_body is required", "check_body")],
        ),
        ({"protocol": "https"}, [("ssl_cert is required", "ssl_cert"), ("ssl_key is required", "ssl_key")]),
        (
            {"protocol": "https", "ssl_cert": KEY, "ssl_key": "secret"},
            [("ssl_cert is not valid", "ssl_cert"), ("ssl_key is not valid", "ssl_key")],
        ),
    ],
)
def test_what_does_not_fit_is_refused(balancer, options, reasons):
    assert said(balancer.create_config, **options) == reasons
    assert len(balancer.configs) == 0
    config = balancer.create_config()
    for name, value in options.items():
        setattr(config, name, value)
    assert said(config.save) == reasons


def test_https_shows_its_certificate_and_never_the_key(sandbox, balancer):
    config = balancer.create_config(port=443, protocol="https", ssl_cert=CERTIFICATE, ssl_key=KEY)
    assert (config.ssl_cert, config.ssl_key) == (None, None)
    assert config.ssl_commonname == "nobody trusts this test"
    assert config.ssl_fingerprint == "8F:1F:49:42:34:F9:A0:E1:01:CC:04:95:6C:7C:54:00:C5:3A:0B:5D"
    assert KEY not in str([dict(each) for each in sandbox.world.read(NodeBalancerConfig)])
    config.algorithm = "leastconn"
    config.save()
    assert config.load().ssl_fingerprint
    config.protocol = "tcp"
    config.proxy_protocol = "v2"
    config.save()


def test_a_configuration_of_http_can_become_one_of_udp(balancer, private):
    """The stickiness stays as it is."""
    config = balancer.create_config()
    node = config.create_node("web", f"{private}:80")
    config.protocol = "udp"
    config.save()
    found = config.load()
    assert (found.stickiness, found.check_passive, found.cipher_suite) == ("none", False, "none")
    assert node.load().mode == "none"
    config.cipher_suite = "legacy"
    assert said(config.save) == [("Must be one of none", "cipher_suite")]
    config.cipher_suite = "none"
    config.protocol = "tcp"
    config.save()
    assert (config.load().cipher_suite, node.load().mode) == ("recommended", "accept")
    config.cipher_suite = "none"
    assert said(config.save) == [("Must be one of recommended, legacy", "cipher_suite")]


def test_clients_that_send_all_members_change_the_protocol_too(sandbox, balancer):
    """Members that come back as they were are no changes."""
    config = balancer.create_config()
    sent = {**config.raw, "protocol": "udp"}
    status, changed = raw(sandbox, "PUT", f"/nodebalancers/{balancer.id}/configs/{config.id}", sent)
    assert (status, changed["check_passive"], changed["cipher_suite"]) == (200, False, "none")


# -- with nodes ------------------------------------------------------------------------------------------------------


def test_nodes_of_a_new_configuration_are_left_out(sandbox, balancer, private):
    """As the API does; with a new NodeBalancer they are taken."""
    body = {"port": 81, "nodes": [{"label": "web", "address": f"{private}:80"}]}
    status, config = raw(sandbox, "POST", f"/nodebalancers/{balancer.id}/configs", body)
    assert (status, config["nodes_status"]) == (200, {"up": 0, "down": 0})


def test_a_nodebalancer_is_created_with_configurations_and_nodes(client, balancer, private, reaches):
    nodes = [{"label": "one", "address": f"{private}:80"}, {"label": "two", "address": f"{private}:81", "weight": 9}]
    made = client.create_nodebalancer("us-east", configs=[{"port": 80, "nodes": nodes}, {"port": 81, "nodes": []}])
    first, second = made.configs
    assert [(each.label, each.weight, each.mode) for each in first.nodes] == [
        ("one", 50, "accept"),
        ("two", 9, "accept"),
    ]
    assert (first.nodes_status.down, len(second.nodes)) == (2, 0)
    assert reaches(made) == ("legacy", None)
    bad = [{"port": 80, "nodes": []}, {"port": 80, "nodes": [{"label": "web", "address": "192.0.2.1:80"}]}]
    assert said(client.create_nodebalancer, "us-east", configs=bad) == [("Port must be unique", "configs[1].port")]
    bad[1]["port"] = 81
    assert said(client.create_nodebalancer, "us-east", configs=bad) == [
        ("Must begin with 192.168", "configs[1].nodes[0].address")
    ]
    assert len(client.get_nodebalancers()) == 2


def test_a_rebuild_keeps_the_nodes_that_it_names(sandbox, client, balancer, private):
    config = balancer.create_config()
    one, two = (config.create_node(name, f"{private}:80") for name in ("one", "two"))
    sandbox.advance(60)
    assert config.load().nodes_status.up == 2
    changed = config.rebuild(
        [{"id": one.id, "weight": 7}, {"label": "new", "address": f"{private}:82"}], algorithm="source"
    )
    assert (changed.id, changed.algorithm, changed.nodes_status.down) == (config.id, "source", 2)
    kept, new = config.nodes
    assert (kept.id, kept.label, kept.weight, kept.status) == (one.id, "one", 7, "Unknown")
    assert (new.label, new.address) == ("new", f"{private}:82")
    with pytest.raises(NotFoundError):
        two.load()
    assert actions(client)[-1] == "nodebalancer_config_update"


@pytest.mark.parametrize(
    ("nodes", "reasons"),
    [
        ([{"id": 9}], [("id is not valid", "nodes[0].id")]),
        ([{}], [("label is required", "nodes[0].label"), ("address is required", "nodes[0].address")]),
        ([{"label": "web", "address": "192.0.2.1:80"}], [("Must begin with 192.168", "nodes[0].address")]),
    ],
)
def test_a_rebuild_that_is_refused_changes_nothing(client, balancer, private, nodes, reasons):
    config = balancer.create_config()
    node = config.create_node("web", f"{private}:80")
    assert said(config.rebuild, nodes, port=81) == reasons
    assert config.load().port == 80
    assert [each.id for each in config.nodes] == [node.id]


def test_nodes_go_with_their_configuration_and_it_with_its_nodebalancer(sandbox, balancer, web, private):
    first, second = balancer.create_config(port=80), balancer.create_config(port=81)
    for config in (first, second):
        config.create_node("web", f"{private}:80")
    first.delete()
    assert len(sandbox.world.read(NodeBalancerNode)) == 1
    balancer.delete()
    assert len(sandbox.world.read(NodeBalancerNode)) == len(sandbox.world.read(NodeBalancerConfig)) == 0
    assert list(web.nodebalancers) == []
