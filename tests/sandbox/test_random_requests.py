"""Random requests, valid and invalid, to all operations: always an answer of the API's, and a world that adds up."""

from __future__ import annotations

import json
import re
from collections import Counter
from ipaddress import ip_network

import pytest
from asking import send
from facts import operations, where
from full_world import furnish
from generated_requests import Caller

from linode.sandbox import Sandbox
from linode.sandbox.core import schema
from linode.sandbox.core.kind import record
from linode.sandbox.engine import routes

STATUSES = {200, 202, 204, 400, 401, 403, 404, 405, 409, 429, 501, 503}
RECORDED = (b'{"errors":[{"reason":"Invalid token format"}]}', b'{"errors":[{"reason":"An error occurred"}]}')
"""Answers with 500 that the API itself gives."""
KEPT = re.compile(r"cancel|(DELETE|PUT) /(profile/tokens|account/users|profile$)")
SEEDS, ROUNDS = range(8), 6


def contradictions(world):
    """Contradictions: children without their parents, duplicate addresses, events with one ID."""
    for cls in schema.resources():
        for row in world.read(cls):
            for name, parent in schema.parents_of(cls).items():
                parent_id = row.get(f"_{name}", row.get(f"{name}_id"))
                if (
                    schema.table_of(cls) == cls.__name__
                    and not record(cls).source.path
                    and not any(str(world.id_of(each)) == str(parent_id) for each in world.read(parent))
                ):
                    yield f"a {cls.__name__} {row['_key']} without its {name} {parent_id}"
    for table, member in (("IPAddress", "address"), ("Event", "id")):
        twice = [value for value, count in Counter(row[member] for row in world.read(table)).items() if count > 1]
        yield from (f"{table} {value} twice" for value in twice)
    yield from contradictions_of_vpcs(world)
    linodes = {row["id"] for row in world.read("Linode")}
    for table in ("IPAddress", "Volume", "VPCIPAddress", "_VLANMember"):
        for row in world.read(table):
            if row.get("linode_id") is not None and row["linode_id"] not in linodes:
                yield f"a {table} {row['_key']} of the Linode {row['linode_id']}, which is not there"


def contradictions_of_vpcs(world):
    """Contradictions in VPCs: duplicate addresses, and interfaces that show other addresses than they have."""
    rows = [row for row in world.read("VPCIPAddress") if row["_version"] == 4]
    networks = [(row["subnet_id"], ip_network(row["address"] or row["address_range"])) for row in rows]
    for at, (subnet, network) in enumerate(networks):
        if any(subnet == other and network.overlaps(each) for other, each in networks[:at]):
            yield f"{network} twice in the subnet {subnet}"
    for table, member in (("ConfigInterface", "ipv4"), ("LinodeInterface", "vpc")):
        for row in world.read(table):
            has = [(each["address"], each["nat_1_1"]) for each in rows if each["_holder"] == f"{table}/{row['_key']}"]
            told = row[member] if row.get("purpose", "vpc") == "vpc" else None
            listed = [] if not told else [told] if table == "ConfigInterface" else told["ipv4"]["addresses"]
            shown = [
                (each.get("vpc", each.get("address")), each.get("nat_1_1", each.get("nat_1_1_address")))
                for each in listed
            ]
            if row.get("rdma_vpc") is None and shown != [pair for pair in has if pair[0] is not None]:
                yield f"the {table} {row['_key']} shows {shown} and has {has}"


def wrong_bills(sandbox):
    """The invoices that do not add up: an item is hours times the price, up to the cap of the month."""
    for invoice in sandbox.client().get_invoices():
        items = list(invoice.items)
        if abs(sum(each.total for each in items) - invoice.total) > 0.005:
            yield f"{invoice.label}: {invoice.total} is not the sum of its items"
        for each in items:
            price = each.quantity * float(each.unit_price)
            if each.amount > price + 0.005 or each.total != round(each.amount + each.tax, 2):
                yield f"{invoice.label}: {each.label}: {each.amount} for {each.quantity} hours at {each.unit_price}"


def served():
    """The operations that the sandbox knows, but for those that would take the token or its user away."""
    known = [route for route in routes.routes() if route.served and where(route.method, route.path) in operations()]
    return [route for route in known if not KEPT.search(f"{route.method} {route.path}")]


@pytest.mark.parametrize("seed", SEEDS)
def test_any_request_has_an_answer_and_the_world_adds_up(seed):
    with Sandbox(seed=seed) as sandbox:
        furnish(sandbox)
        caller = Caller(sandbox.world, seed, odd=(0.0, 0.02, 0.1, 0.3)[seed % 4])
        wrong = []
        chosen = served()
        for _ in range(ROUNDS):
            caller.random.shuffle(chosen)
            for route in sorted(chosen, key=lambda each: each.method == "DELETE" and caller.random.random() < 0.8):
                fact = operations()[where(route.method, route.path)]
                body = caller.body(fact) if route.method in ("POST", "PUT") else None
                path = f"/v4beta{caller.path(route)}"
                try:
                    answer = send(sandbox, route.method, path, body)
                except Exception as error:  # noqa: BLE001 - every kind is what this looks for
                    wrong.append(f"{route.method} {route.path} {json.dumps(body)[:200]}: {error!r}")
                    continue
                if answer.status not in STATUSES and not (answer.status == 500 and answer.content in RECORDED):
                    wrong.append(f"{route.method} {route.path} {json.dumps(body)[:200]}: {answer.status}")
            sandbox.advance(caller.random.choice((0, 30, 600, 7200)))
        assert wrong == []
        assert list(contradictions(sandbox.world)) == []
        sandbox.advance(40 * 24 * 3600)
        assert list(contradictions(sandbox.world)) == []
        assert list(wrong_bills(sandbox)) == []
