"""Rows are found by indices, which must say what looking at every row says; and what is not kept is undone exactly."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from typing import Any

import pytest
from asking import PASSWORD, ask
from hypothesis import given, settings
from hypothesis import strategies as st

from linode._model import matches, ordered
from linode.api.account.payments import Payment, PaymentMethod
from linode.api.account.transfers import ServiceTransfer
from linode.api.domains import Domain, DomainRecord
from linode.api.linodes.linode import Linode
from linode.api.lke.clusters import LKECluster
from linode.api.managed import ManagedCredential, ManagedService
from linode.api.networking.firewall_rules import FirewallRuleSet
from linode.api.networking.firewalls import Firewall
from linode.api.networking.vlans import VLAN
from linode.api.nodebalancers.nodebalancers import NodeBalancer
from linode.api.profile.credentials import SSHKey
from linode.sandbox import Sandbox, SandboxError
from linode.sandbox.core.jobs import job
from linode.sandbox.core.refusals import Refused
from linode.sandbox.core.tables import Table
from linode.sandbox.core.world import World
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import HOOKS
from linode.sandbox.families.domains.name_servers import look_up
from linode.sandbox.families.linodes.rows import settings as settings_of

values = st.one_of(
    st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["a", "b", "ab", "c"]), st.just({"n": 1}),
    st.lists(st.sampled_from(["a", "b", 1, None]), max_size=3),
)  # fmt: skip
rows = st.fixed_dictionaries(
    {"x": values, "y": st.sampled_from(["a", "A", "b"]), "z": st.fixed_dictionaries({"w": values})}
)
operators = st.sampled_from(["+eq", "+neq", "+gt", "+gte", "+lt", "+lte", "+contains"])
conditions = st.dictionaries(
    st.sampled_from(["x", "y", "z.w"]),
    values.filter(lambda value: not isinstance(value, dict)) | st.dictionaries(operators, values, max_size=2),
    max_size=2,
)
queries = st.recursive(
    conditions,
    lambda inner: st.dictionaries(st.sampled_from(["+and", "+or"]), st.lists(inner, max_size=3), max_size=2),
    max_leaves=6,
)
steps = st.lists(
    st.tuples(st.sampled_from(["put", "drop", "keep", "undo"]), st.integers(0, 5), rows), min_size=1, max_size=12
)


@job("test_large_worlds.rename")
def rename(world: World, linode_id: int) -> None:
    world.get(Linode, linode_id)["label"] = "renamed"


def keep(table: Table, shadow: dict[str, Any]) -> dict[str, Any]:
    table.keep(table.changes())
    return dict(shadow)


@settings(max_examples=300)
@given(steps, queries, st.sampled_from(["x", "y", "z.w"]), st.booleans())
def test_an_index_finds_what_a_look_at_every_row_finds(work, query, key, descending):
    """Also in the middle of a transaction, and after one that was undone."""
    table = Table("Thing", {})
    now: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for step, number, row in work:
        name = str(number)
        table.all().where(query)  # the indices are there before the rows are
        table.all().ordered(key, descending=descending)
        if step == "put" and (taken := table.take(name)) is not None:
            taken |= row  # a row is changed in place
            now[name] = row
        elif step == "put":
            table.put(name, dict(row))
            now[name] = row
        elif step == "drop":
            table.drop(name)
            now.pop(name, None)
        elif step == "keep":
            kept = keep(table, now)
        else:
            table.undo()
            now = dict(kept)
        assert list(table.all()) == list(now.values())
        found = [row for row in now.values() if matches(row, query)]
        assert list(table.all().where(query)) == found
        assert list(table.all().where(query).alike("y", "A")) == [row for row in found if row["y"] in ("a", "A")]
        order = {"+order_by": key, "+order": "desc" if descending else "asc"}
        assert list(table.all().ordered(key, descending=descending)) == ordered(now.values(), order)


def test_showing_a_row_changes_no_more_than_the_members_it_names():
    """By every other member a list is filtered without showing its rows."""
    with Sandbox(seed=1) as sandbox:
        client = sandbox.client()
        client.create_linode("g6-nanode-1", "us-east", image="linode/debian12")
        sandbox.advance(5)
        for operation, table in HOOKS:
            if operation == "show":
                for row in sandbox.world.read(table):
                    kept = {name: value for name, value in row.items() if not name.startswith("_")}
                    shown = rules.show(sandbox.world, row)
                    changed = {name for name in {*kept, *shown} if kept.get(name) != shown.get(name)}
                    assert changed <= HOOKS[operation, table].members, table


def fill(world: World, count: int) -> None:
    """Give *world* many Linodes."""
    place = world.read("Region")[0]["id"]
    for begin in range(0, count, 500):
        with world.transaction():
            for number in range(begin, min(begin + 500, count)):
                label, tags = f"web-{number}", [f"t{number}"]
                world.add(Linode, label=label, region=place, type="g6-nanode-1", status="offline", tags=tags)


LISTS = {
    "page": ("", "{}"),
    "last page": ("?page=20", "{}"),
    "label": ("", '{"label": "web-57"}'),
    "tags": ("", '{"tags": "t57"}'),
    "ids": ("", '{"id": {"+gt": 150, "+lt": 160}}'),
    "order": ("", '{"+order_by": "label", "+order": "desc"}'),
}


def test_a_request_looks_at_the_rows_it_needs_and_not_at_all_of_them(monkeypatch):
    """Pages, filters, an order, a get, a create, a change and a delete among 2,000 Linodes."""
    looked, doing = Counter[str](), [""]
    plain = Table.get

    def counted(table, key):
        looked[doing[0]] += 1
        return plain(table, key)

    with Sandbox(seed=1) as sandbox:
        fill(sandbox.world, 2_000)
        monkeypatch.setattr(Table, "get", counted)
        url = "/v4/linode/instances"
        for at in range(2):  # the first filter on a member makes its index
            looked.clear()
            for name, (query, filter_) in LISTS.items():
                doing[0] = name
                assert ask(sandbox, "GET", f"{url}{query}", x_filter=filter_)[0] == 200
            for name, method, path, body in (
                ("get", "GET", f"{url}/150", None),
                ("create", "POST", url, {"type": "g6-nanode-1", "region": "us-east", "label": f"new-{at}"}),
                ("change", "PUT", f"{url}/150", {"label": f"old-{at}"}),
                ("delete", "DELETE", f"{url}/{160 + at}", None),
            ):
                doing[0] = name
                assert ask(sandbox, method, path, body)[0] == 200
    assert looked.keys() >= {*LISTS, "get", "create", "change", "delete"}
    assert {name: count for name, count in looked.items() if count > 400} == {}


def test_text_of_any_case_is_looked_for_in_members_that_are_text():
    table = Table("Thing", {})
    table.put("1", {"x": {"n": 1}})
    table.keep(table.changes())
    with pytest.raises(TypeError, match=r"Thing\.x is not text"):
        table.all().alike("x", "a")


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@example.com"
LINODE = {
    "type": "g6-nanode-1",
    "region": "us-iad",
    "image": "linode/debian12",
    "root_pass": PASSWORD,
    "interfaces": [{"purpose": "vlan", "label": "lan", "ipam_address": ""}],
}
ZONE = {"type": "master", "soa_email": "a@b.com"}


def crowd(world: World) -> None:
    """Give *world* many domains, users, firewalls, services and NodeBalancers, and many records of one domain."""
    with world.transaction():
        settings_of(world)["managed"] = True
        zone = dict(world.add(Domain, **ZONE, domain="zone.example.com", status="active", id=1))
        world.add(FirewallRuleSet, label="shared", type="inbound", rules=[], version=1, id=1)
        for id in (1, 2):
            world.add(ManagedCredential, label=f"root-{id}", id=id)
            world.add(LKECluster, label=f"cluster-{id}", region="us-east", tier="standard", id=id)
        world.add(PaymentMethod, type="credit_card", is_default=True, data={})
        region = world.get("Region", "us-iad")
        vlan = world.add(VLAN, region, label="lan", region=region["id"])["_key"]
        user = world.read("User")[0]["username"]
    for begin in range(0, 1_000, 50):
        with world.transaction():
            for at in range(begin, begin + 50):
                world.add(Domain, **ZONE, domain=f"d{at}.example.com", status="active")
                world.add(DomainRecord, zone, type="A", name=f"h{at}", target="198.51.100.7")
                world.identity.add_user(f"user-{at}", "ada@example.com")
                world.add(Firewall, label=f"wall-{at}", rules={"inbound": [], "outbound": []}, status="enabled")
                world.add(ManagedService, label=f"service-{at}", address="https://example.com", credentials=[])
                world.add(NodeBalancer, label=f"balancer-{at}", region="us-east", lke_cluster=None)
                world.add(DomainRecord, zone, type="A", name="many", target=f"198.51.100.{at % 250}")
                world.add(Payment, usd=5.0, date=world.stamp())
                world.add("_VLANMember", vlan=vlan, linode_id=at, _holder="")
                world.add(SSHKey, label=f"key-{at}", ssh_key=KEY, _user=user)
                offer = {"token": f"token-{at}", "entities": {"linodes": [at]}, "_sender": "", "_receiver": None}
                world.add(ServiceTransfer, status="pending", **offer)


WRITES: dict[str, tuple[str, str, Any, int]] = {
    "domain": ("POST", "domains", {**ZONE, "domain": "New{at}.example.com"}, 200),
    "domain, taken": ("POST", "domains", {**ZONE, "domain": "D{at}.Example.com"}, 400),
    "domain, renamed": ("PUT", "domains/1", {"domain": "Zone{at}.example.com"}, 200),
    "domain, cloned": ("POST", "domains/130/clone", {"domain": "clone{at}.example.com"}, 200),
    "domain, imported": ("POST", "domains/import", {"domain": "d1.example.COM", "remote_nameserver": "a.b"}, 400),
    "record": ("POST", "domains/1/records", {"type": "A", "name": "new{at}", "target": "198.51.100.7"}, 200),
    "record, taken": ("POST", "domains/1/records", {"type": "CNAME", "name": "H{at}", "target": "a.b.com"}, 400),
    "record, of many": ("POST", "domains/1/records", {"type": "A", "name": "many", "target": "198.51.100.{at}"}, 200),
    "payment": ("POST", "account/payments", {"usd": "5.00"}, 200),
    "key": ("POST", "profile/sshkeys", {"label": "key{at}", "ssh_key": KEY}, 200),
    "in a VLAN": ("POST", "linode/instances", {**LINODE, "label": "vlan-{at}"}, 200),
    "transfer": ("POST", "account/service-transfers", {"entities": {"linodes": [999999]}}, 400),
    "user": ("POST", "account/users", {"username": "new{at}", "email": "a@b.com", "restricted": True}, 200),
    "user, taken": ("POST", "account/users", {"username": "USER-{at}", "email": "a@b.com", "restricted": True}, 400),
    "rules": ("PUT", "networking/firewalls/rulesets/1", {"label": "rules-{at}"}, 200),
    "credential": ("POST", "managed/credentials/{id}/revoke", {}, 200),
    "cluster": ("DELETE", "lke/clusters/{id}", None, 200),
}


def test_a_change_in_a_crowd_looks_at_the_rows_it_concerns(monkeypatch):
    """Names that are taken in letters of another case, and what refers to a row, are found by an index."""
    looked = Counter[str]()
    doing = ""
    plain = Table.get

    def counted(table, key):
        looked[doing] += 1
        return plain(table, key)

    with Sandbox(seed=1, limits=False) as sandbox:
        crowd(sandbox.world)
        monkeypatch.setattr(Table, "get", counted)
        for at in (1, 2):  # the first time makes the indices
            looked.clear()
            for doing, (method, path, body, status) in WRITES.items():
                filled = json.loads(json.dumps(body).replace("{at}", str(at)))
                assert ask(sandbox, method, f"/v4beta/{path.replace('{id}', str(at))}", filled)[0] == status, doing
            doing = "look-up"
            assert look_up(sandbox.world, "www.d7.example.com") == set()
    assert looked.keys() == {*WRITES, "look-up"}
    assert {name: count for name, count in looked.items() if count > 100} == {}


def test_a_record_writes_no_more_to_the_file_in_a_zone_of_a_thousand(tmp_path):
    """The zone file is in a row of its own, which is written when it is rendered, and not with each record."""
    with Sandbox(str(tmp_path / "world"), seed=1) as sandbox:
        crowd(sandbox.world)
        record = {"type": "A", "name": "new", "target": "198.51.100.7"}
        assert ask(sandbox, "POST", "/v4/domains/1/records", record)[0] == 200
        sandbox.advance(600)
        assert len(ask(sandbox, "GET", "/v4/domains/1/zone-file")[1]["zone_file"]) > 2_000
        before = set(sandbox.world._store._file.rows())
        assert ask(sandbox, "POST", "/v4/domains/1/records", record)[0] == 200
        written = set(sandbox.world._store._file.rows()) - before
        assert sum(len(data) for _, _, data in written) < 5_000


def test_reads_write_nothing_to_the_data_file_and_go_on_when_it_is_full(tmp_path):
    """A write that cannot be kept is refused and undone; a job that cannot be kept waits, and the clock with it."""
    path = str(tmp_path / "world")
    with Sandbox(path) as sandbox:
        with sandbox.world.transaction():
            linode = sandbox.world.add(Linode, label="before")["id"]
            sandbox.world.later(600, rename, linode)
        database = sandbox.world._store._file._db
        written = database.total_changes
        assert ask(sandbox, "GET", "/v4/linode/instances")[0] == 200
        assert database.total_changes == written
        database.execute("PRAGMA query_only = ON")
        sandbox.world.now += 599.9  # so that the next request makes the job fall due
        for _ in range(3):
            assert ask(sandbox, "GET", f"/v4/linode/instances/{linode}")[1]["label"] == "before"
            with pytest.raises(SandboxError, match="cannot write to"):
                ask(sandbox, "PUT", f"/v4/linode/instances/{linode}", {"label": "after"})
        database.execute("PRAGMA query_only = OFF")
        assert ask(sandbox, "GET", f"/v4/linode/instances/{linode}")[1]["label"] == "renamed"
        now = sandbox.world.now
    with Sandbox(path) as sandbox:
        assert sandbox.world.now == pytest.approx(now)


def test_a_refused_request_leaves_no_trace_in_later_lists():
    with Sandbox(seed=1) as sandbox:
        fill(sandbox.world, 10)
        before = ask(sandbox, "GET", "/v4/linode/instances", x_filter='{"+order_by": "label"}')[1]
        with contextlib.suppress(Refused), sandbox.world.transaction():
            sandbox.world.rows(Linode)[3]["label"] = "aaa"
            sandbox.world.remove(sandbox.world.rows(Linode)[0])
            sandbox.world.add(Linode, label="bbb")
            raise Refused("no")
        for query in ('{"+order_by": "label"}', '{"label": {"+contains": "web"}, "+order_by": "label"}'):
            assert ask(sandbox, "GET", "/v4/linode/instances", x_filter=query)[1] == before
        assert ask(sandbox, "GET", "/v4/linode/instances", x_filter='{"label": "aaa"}')[1]["data"] == []


def test_a_sandbox_with_a_data_file_can_be_closed_twice(tmp_path):
    with Sandbox(str(tmp_path / "world")) as sandbox:
        sandbox.close()
