"""Refusals of an account on request: plans that are sold out, limits, payment."""

from __future__ import annotations

import pytest
from asking import NANODE, REGION, ask, said
from sandbox_process import served

from linode import RegionAvailability
from linode.errors import AuthorizationError
from linode.sandbox import Fault, SandboxError

SOLD_OUT = [("The Linode plan you chose is not currently available in the selected region", None)]
LIMIT = [("Account Limit reached. Please open a support ticket.", None)]


def listed(client, plan=NANODE):
    """The availability of *plan* in the region, in the API's list."""
    rows = client.get_regions_availability(RegionAvailability.plan == plan)
    return [row.available for row in rows if row.region.id == REGION]


def test_a_plan_is_sold_out_in_one_region_until_it_is_in_stock(sandbox, client):
    """The list tells of it as the refusal does; other regions and plans can be had."""
    assert listed(client) == []
    sandbox.sold_out(REGION, NANODE)
    assert listed(client) == [False]
    assert said(client.create_linode, NANODE, REGION) == SOLD_OUT
    client.create_linode(NANODE, "us-west")
    client.create_linode("g6-standard-1", REGION)
    sandbox.in_stock(REGION, NANODE)
    assert listed(client) == [True]
    assert client.create_linode(NANODE, REGION).id


def test_what_is_sold_out_takes_no_linode_from_elsewhere(sandbox, client, empty):
    """Nor one that would become larger."""
    sandbox.sold_out(REGION, "g6-standard-1")
    assert said(empty.resize, "g6-standard-1") == SOLD_OUT


def test_only_what_exists_can_be_sold_out(sandbox):
    """Nothing is changed by a word that is wrong."""
    with pytest.raises(SandboxError, match="There is no region 'g6-nanode-1'"):
        sandbox.sold_out(NANODE, REGION)
    with pytest.raises(SandboxError, match="There is no type 'g6-nanode'"):
        sandbox.in_stock(REGION, "g6-nanode")


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("sold_out", SOLD_OUT),
        ("limit", LIMIT),
        ("inactive", [("Your account must be activated before you can use this endpoint", None)]),
        ("payment", [("Your account has a past due balance. Please make a payment.", None)]),
    ],
)
def test_a_new_linode_is_refused_for_a_named_reason(sandbox, client, why, words):
    """Once, and nothing is made."""
    sandbox.faults.append(Fault.refusal(why))
    assert said(client.create_linode, NANODE, REGION) == words
    assert len(client.get_linodes()) == 0
    assert client.create_linode(NANODE, REGION).id


def test_a_refusal_can_be_of_something_else_and_stand(sandbox, client):
    """The other arguments of a refusal are those of a fault."""
    sandbox.faults.append(Fault.refusal("inactive", "POST", "/domains", chance=1))
    for _ in range(2):
        with pytest.raises(AuthorizationError, match="must be activated"):
            client.create_domain("example.com", soa_email="admin@example.com")
    assert client.create_linode(NANODE, REGION).id


def test_an_unknown_refusal_is_an_error():
    """With what can."""
    with pytest.raises(ValueError, match="one of sold_out, limit, inactive, payment, reserved_ips, not 'weather'"):
        Fault.refusal("weather")


def test_refusals_are_set_over_http():
    """Each of it, and what is wrong with it."""
    create = {"type": NANODE, "region": REGION}

    def refusal():
        answer = http.post("/v4/linode/instances", json=create)
        return [(each["reason"], each.get("field")) for each in answer.json().get("errors", [])]

    with served("--seed", "1", "--no-limits") as http:
        there = {"region": REGION, "type": NANODE}
        assert http.post("/sandbox/sold-out", json=there).json() == {}
        assert refusal() == SOLD_OUT
        assert http.post("/sandbox/in-stock", json=there).json() == {}
        assert refusal() == []
        http.post("/sandbox/faults", json={"refusal": "limit", "times": 2}).raise_for_status()
        assert (refusal(), refusal(), refusal()) == (LIMIT, LIMIT, [])
        for path, body, words in (
            ("sold-out", {"region": REGION}, "There is no type"),
            ("in-stock", {"regoin": REGION}, "did you mean region?"),
            ("sold-out", {**there, "region": 5}, "There is no region 5"),
            ("faults", {"refusal": "weather"}, "one of sold_out, limit"),
            ("faults", {"refusal": ["limit"]}, "one of sold_out, limit"),
            ("faults", {"refusal": "limit", "chnace": 1}, "did you mean chance?"),
        ):
            answer = http.post(f"/sandbox/{path}", json=body)
            assert (answer.status_code, words in answer.text) == (400, True), answer.text


@pytest.mark.parametrize(
    "filter",
    [
        '{"+order_by": []}',
        '{"+order_by": {}}',
        '{"+order_by": "label", "+order": {}}',
        '{"+and": ' * 200 + "[]" + "}" * 200,
        '{"+and": [' * 200 + '{"label": "a"}' + "]}" * 200,
        '{"+or": {}}',
        '{"label": {"+order_by": []}}',
        '{"id": {"+gt": NaN}}',
    ],
)
def test_a_filter_that_makes_no_sense_is_a_400_and_never_a_500(sandbox, filter):
    """Whatever the operator is given, and however deep the conditions are nested."""
    status, answer, _ = ask(sandbox, "GET", "/v4/linode/instances", x_filter=filter)
    assert status == 400
    assert answer["errors"][0]["field"] == "X-Filter"
