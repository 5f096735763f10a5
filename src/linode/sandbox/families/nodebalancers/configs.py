"""Configurations of NodeBalancers: created, changed, rebuilt with their nodes, and deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linode.api.nodebalancers.configs import NodeBalancerConfig
from linode.api.nodebalancers.nodes import NodeBalancerNode
from linode.sandbox.core.kind import Kind, Lock
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Row, World, on

from .certificates import fingerprint, is_private_key, subject_name
from .nodes import add_node, change_node, is_up
from .stats import note_traffic

__all__ = ["add_config"]

DEFAULTS = {
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
    "proxy_protocol": "none",
    "cipher_suite": "recommended",
    "udp_check_port": 80,
    "udp_session_timeout": 16,
}
UDP = {"check_passive": False, "cipher_suite": "none"}
# The reference has UDP for premium NodeBalancers alone; recordings have it for common ones too, as the sandbox does.
DEFAULTS_OF_UDP = {**DEFAULTS, **UDP, "stickiness": "session", "udp_session_timeout": 2}
CHOICES = {
    "algorithm": (("roundrobin", "leastconn", "ring_hash"), ("roundrobin", "leastconn", "source")),
    "stickiness": (("none", "session", "source_ip"), ("none", "table", "http_cookie")),
    "cipher_suite": (("none",), ("recommended", "legacy")),
}
"""The words for UDP, and those for the other protocols."""
SECRETS = ("ssl_cert", "ssl_key")

on.kind(Kind(of=NodeBalancerConfig, lock=Lock(forbids=(NodeBalancerConfig.rebuild,))))

Reasons = Iterator[tuple[str, str | None]]


# -- making and changing ---------------------------------------------------------------------------------------------


def add_config(
    world: World, balancer: Row, prefix: str = "", nodes: Sequence[Mapping[str, Any]] = (), **members: Any
) -> Row:
    """A new configuration of *balancer* with its nodes; makes no event. *prefix* is where the fields of refusals begin.

    Raises `Refused` when the port is taken, or something is missing or does not fit the protocol.
    """
    defaults = DEFAULTS_OF_UDP if members.get("protocol") == "udp" else DEFAULTS
    config = world.add(NodeBalancerConfig, balancer, **defaults, nodebalancer_id=balancer["id"])
    _set(world, config, members, prefix)
    for at, each in enumerate(nodes):
        add_node(world, config, **each, prefix=f"{prefix}nodes[{at}].")
    return config


def _set(world: World, config: Row, sent: Mapping[str, Any], prefix: str = "") -> None:
    """Set the members *sent* of *config*. Raises `Refused` with all that is wrong with them."""
    new = {name: value for name, value in sent.items() if config.get(name) != value}
    protocol = new.get("protocol", config["protocol"])
    switched = _switched(config, udp=protocol == "udp")
    wanted = {**config, **switched, **{name: value for name, value in new.items() if name not in SECRETS}}
    rules.refuse_for(
        [
            *_port_taken(world, wanted, prefix),
            *_misfits(wanted, prefix),
            *_checks_wrong(wanted, sent, prefix),
            *_certificate_wrong(config, wanted, new, prefix),
        ]
    )
    for node in world.rows(NodeBalancerNode, config) if switched else ():
        node["mode"] = "none" if protocol == "udp" else "accept"
    if certificate := new.get("ssl_cert"):
        wanted |= {"ssl_fingerprint": fingerprint(certificate), "ssl_commonname": subject_name(certificate)}
    if new.get("ssl_key"):
        wanted["_has_key"] = True  # the key itself is kept nowhere
    config |= wanted


def _switched(config: Row, *, udp: bool) -> Row:
    """The members that change by themselves when the protocol of *config* becomes UDP, or is it no longer.

    The reference says that it cannot, and the vendor's tests do it: the stickiness stays as it is. The rest is a guess.
    """
    if udp == (config["protocol"] == "udp"):
        return {}
    return UDP if udp else {"cipher_suite": DEFAULTS["cipher_suite"]}


def _port_taken(world: World, wanted: Row, prefix: str) -> Reasons:
    """A port has one configuration of UDP, and one of the other protocols."""
    udp = wanted["protocol"] == "udp"
    for other in world.read(NodeBalancerConfig, nodebalancer_id=wanted["nodebalancer_id"], port=wanted["port"]):
        if other["id"] != wanted["id"] and (other["protocol"] == "udp") == udp:
            yield "Port must be unique", f"{prefix}port"  # refused for certain, in words of the sandbox's own


def _misfits(wanted: Row, prefix: str) -> Reasons:
    """The members that do not match the protocol; the words of the refusal are a guess."""
    udp = wanted["protocol"] == "udp"
    for name, (of_udp, of_others) in CHOICES.items():
        allowed = of_udp if udp else of_others
        if wanted[name] not in allowed:
            yield f"Must be one of {', '.join(allowed)}", f"{prefix}{name}"
    if wanted["proxy_protocol"] != "none" and wanted["protocol"] != "tcp":
        yield "proxy_protocol needs the protocol tcp", f"{prefix}proxy_protocol"


def _checks_wrong(wanted: Row, sent: Mapping[str, Any], prefix: str) -> Reasons:
    """Health checks that cannot be made: rules of the vendor's own web client; the words are the sandbox's own."""
    if {"check_interval", "check_timeout"} <= sent.keys() and sent["check_interval"] <= sent["check_timeout"]:
        yield "check_interval must be greater than check_timeout", f"{prefix}check_interval"
    if wanted["check"] in ("http", "http_body"):
        if not wanted["check_path"]:
            yield "check_path is required", f"{prefix}check_path"
        elif not wanted["check_path"].startswith("/"):
            yield "Must begin with /", f"{prefix}check_path"
    if wanted["check"] == "http_body" and not wanted["check_body"]:
        yield "check_body is required", f"{prefix}check_body"
    if wanted["protocol"] == "udp" and wanted["check_passive"]:
        yield "UDP has no passive checks", f"{prefix}check_passive"


def _certificate_wrong(config: Row, wanted: Row, sent: Mapping[str, Any], prefix: str) -> Reasons:
    """HTTPS needs a certificate and its key; the words, and that both must be PEM, are a guess."""
    if wanted["protocol"] == "https":
        if not (sent.get("ssl_cert") or config["ssl_fingerprint"]):
            yield "ssl_cert is required", f"{prefix}ssl_cert"
        if not (sent.get("ssl_key") or config.get("_has_key")):
            yield "ssl_key is required", f"{prefix}ssl_key"
    if sent.get("ssl_cert") and not fingerprint(sent["ssl_cert"]):
        yield "ssl_cert is not valid", f"{prefix}ssl_cert"
    if sent.get("ssl_key") and not is_private_key(sent["ssl_key"]):
        yield "ssl_key is not valid", f"{prefix}ssl_key"


@on.create(NodeBalancerConfig)
def create(world: World, balancer: Row, **members: Any) -> Row:
    """Create a configuration without nodes: the API leaves out those that are sent."""
    config = add_config(world, balancer, **members)
    world.events.notify("nodebalancer_config_create", balancer)
    return config


@on.update(NodeBalancerConfig)
def update(world: World, config: Row, nodebalancer: Row, **changes: Any) -> Row:
    """Change a configuration."""
    _set(world, config, changes)
    world.events.notify("nodebalancer_config_update", nodebalancer)
    return config


@on(NodeBalancerConfig.rebuild)
def rebuild(world: World, config: Row, nodebalancer: Row, nodes: Sequence[Mapping[str, Any]], **changes: Any) -> Row:
    """Change a configuration and its nodes: those with an id are kept, others made, and those not named deleted.

    All of them are checked again. That there is one event for all of it is a guess.
    """
    _set(world, config, changes)
    kept = {each["id"] for each in nodes if each.get("id") is not None}
    for node in world.rows(NodeBalancerNode, config):
        if node["id"] not in kept:
            world.remove(node)
    for at, each in enumerate(nodes):
        members = {name: value for name, value in each.items() if name != "id"}
        prefix = f"nodes[{at}]."
        if each.get("id") is None:
            add_node(world, config, **members, prefix=prefix)
            continue
        why = "id is not valid"  # a guess
        named = rules.referenced_row(world, NodeBalancerNode, each["id"], config, field=f"{prefix}id", reason=why)
        change_node(world, named, **members, prefix=prefix)
        named["_checked"] = world.now + world.duration(config["check_interval"])
    note_traffic(world, nodebalancer)
    world.events.notify("nodebalancer_config_update", nodebalancer)
    return config


@on.delete(NodeBalancerConfig)
def delete(world: World, config: Row, nodebalancer: Row) -> None:
    """Delete a configuration with its nodes."""
    world.remove(config)
    note_traffic(world, nodebalancer)
    world.events.notify("nodebalancer_config_delete", nodebalancer)


@on.show(NodeBalancerConfig, "nodes_status")
def _show(world: World, config: Row) -> Row:
    """The configuration with the numbers of its nodes; one that was not checked yet counts as down."""
    nodes = world.read(NodeBalancerNode, config)
    up = sum(is_up(world, each) for each in nodes)
    return {**config, "nodes_status": {"up": up, "down": len(nodes) - up}}
