"""Generic operations of the sandbox: only those in a family's record; all others are 501, never a success."""

from __future__ import annotations

import json

import pytest
from asking import ask

from linode.api.networking.firewalls import Firewall
from linode.api.nodebalancers.nodebalancers import NodeBalancer
from linode.api.volumes import Volume
from linode.sandbox import Fault, Sandbox, SandboxError
from linode.sandbox.core.kind import KINDS, Kind
from linode.sandbox.engine.registry import on


def add(sandbox, cls, **members):
    with sandbox.world.transaction():
        return sandbox.world.add(cls, **members)


def actions(sandbox):
    return [event["action"] for event in sandbox.world.read("Event")]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v4beta/monitor/streams/quotas"),
    ],
)
def test_operations_that_the_sandbox_lacks_are_501_and_named(sandbox, method, path):
    status, body, _ = ask(sandbox, method, path)
    assert status == 501
    assert body["errors"][0]["reason"].startswith(f"The sandbox does not implement {method} /")


def test_unknown_paths_and_methods_are_404_and_405(sandbox):
    assert ask(sandbox, "GET", "/v4/marvels")[0] == 404
    assert ask(sandbox, "DELETE", "/v4/account")[0] == 405


def test_labels_are_unique_where_the_generic_update_does(sandbox):
    for cls, path in ((Firewall, "networking/firewalls"), (Volume, "volumes"), (NodeBalancer, "nodebalancers")):
        add(sandbox, cls, label="one")
        other = add(sandbox, cls, label="two")
        status, body, _ = ask(sandbox, "PUT", f"/v4/{path}/{other['id']}", {"label": "one"})
        assert (status, body["errors"][0]["field"]) == (400, "label")
        assert ask(sandbox, "PUT", f"/v4/{path}/{other['id']}", {"label": "three"})[0] == 200


def test_an_attached_volume_is_not_deleted_and_a_free_one_is_with_its_event(sandbox):
    volume = add(sandbox, Volume, label="data", linode_id=5)
    assert ask(sandbox, "DELETE", f"/v4/volumes/{volume['id']}")[0] == 400
    with sandbox.world.transaction():
        sandbox.world.get(Volume, volume["id"])["linode_id"] = None
    assert ask(sandbox, "DELETE", f"/v4/volumes/{volume['id']}")[0] == 200
    assert actions(sandbox) == ["volume_delete"]


def test_a_firewall_tells_what_was_done_to_it(sandbox):
    firewall = add(sandbox, Firewall, label="wall", status="enabled")
    url = f"/v4/networking/firewalls/{firewall['id']}"
    ask(sandbox, "PUT", url, {"status": "disabled"})
    ask(sandbox, "PUT", url, {"tags": ["web"]})
    ask(sandbox, "DELETE", url)
    assert actions(sandbox) == ["firewall_disable", "firewall_update", "firewall_delete"]


def test_a_class_has_one_record():
    assert "Firewall" in KINDS
    with pytest.raises(ValueError, match="Firewall has two records"):
        on.kind(Kind(of=Firewall))


def test_a_list_is_ordered_by_any_member_of_its_rows(sandbox):
    for label in ("a", "b"):
        add(sandbox, Volume, label=label)
    wanted = json.dumps({"+order_by": "created", "+order": "desc"})
    assert ask(sandbox, "GET", "/v4/volumes", **{"X-Filter": wanted})[0] == 200
    assert ask(sandbox, "GET", "/v4/volumes", **{"X-Filter": json.dumps({"created": "x"})})[0] == 400


def test_some_lists_pass_over_filters_that_they_do_not_know(sandbox):
    assert ask(sandbox, "GET", "/v4/networking/ips", **{"X-Filter": json.dumps({"linode_id": 1})})[0] == 200


@pytest.mark.parametrize("query", ['{"+order_by": []}', '{"+order_by": {}}', '{"+and": [' * 200 + "{}" + "]}" * 200])
def test_a_filter_that_makes_no_sense_is_refused(sandbox, query):
    assert ask(sandbox, "GET", "/v4/volumes", **{"X-Filter": query})[0] == 400


def test_the_prices_of_volumes_are_those_of_the_catalogue(sandbox):
    assert [each["id"] for each in ask(sandbox, "GET", "/v4/volumes/types")[1]["data"]] == ["volume"]


@pytest.mark.parametrize("headers", [{"X-A": "a\r\nb"}, {"X A": "b"}, {"X-A": "\u20ac"}])
def test_a_fault_whose_headers_cannot_be_sent_is_refused_when_it_is_made(headers):
    with pytest.raises(ValueError, match="cannot be sent"):
        Fault(headers=headers)
    Fault(headers={"Retry-After": "3", "X-Empty": ""})


def test_the_clock_does_not_go_past_the_year_9998(sandbox):
    before = sandbox.world.now
    with pytest.raises(ValueError, match="9998"):
        sandbox.advance(1e12)
    assert sandbox.world.now == before
    assert ask(sandbox, "GET", "/v4/regions")[0] == 200


def test_what_cannot_be_kept_in_the_data_file_is_undone(tmp_path):
    with Sandbox(str(tmp_path / "world")) as sandbox:
        sandbox.world._store._file._db.execute("PRAGMA query_only = ON")
        with pytest.raises(SandboxError, match="cannot write to"), sandbox.world.transaction():
            sandbox.world.add(Volume, label="lost")
        sandbox.world._store._file._db.execute("PRAGMA query_only = OFF")
        with sandbox.world.transaction():
            sandbox.world.add(Volume, label="kept")
        assert [each["label"] for each in sandbox.world.read(Volume)] == ["kept"]
