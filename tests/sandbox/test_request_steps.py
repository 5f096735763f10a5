"""From request to answer: who may ask, for what, and in which words it is refused; lists, pages, filters."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from asking import add, ask, refusal

from linode import Domain, DomainRecord, Region
from linode._http.transport import Request
from linode.errors import AuthenticationError, AuthorizationError
from linode.sandbox import Refused
from linode.sandbox.core.kind import KINDS, Operations
from linode.sandbox.core.world import World
from linode.sandbox.engine import registry, routes
from linode.sandbox.engine.registry import Behaviour

LACKS_VERSION = "Not found; the paths of the API begin with its version: "

# -- the wire ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v4/nothing", refusal(404, ("Not found", None))),
        ("GET", "/linode/instances", refusal(404, (f"{LACKS_VERSION}/v4/linode/instances", None))),
        ("POST", "/domains/123/records", refusal(404, (f"{LACKS_VERSION}/v4/domains/123/records", None))),
        ("GET", "/linode/nothing", refusal(404, ("Not found", None))),
        ("GET", "/**", refusal(404, ("Not found", None))),
        ("GET", "/v5/regions", refusal(404, ("Not found", None))),
        ("GET", "/v4/domains/999", refusal(404, ("Not found", None))),
        ("GET", "/v4/domains/0123", refusal(404, ("Not found", None))),
        ("GET", "/v4/domains/..%2Fregions", refusal(404, ("Not found", None))),
        ("DELETE", "/v4/regions/us-east", refusal(405, ("Method Not Allowed", None))),
        ("PATCH", "/v4/regions", refusal(405, ("Method Not Allowed", None))),
        ("GET", "/v4/regions?page_size=24", refusal(400, ("Must be 25-500", "page_size"))),
        ("GET", "/v4/regions?page_size=501", refusal(400, ("Must be 25-500", "page_size"))),
        ("GET", "/v4/regions?page=x", refusal(400, ("Must be at least 1", "page"))),
        ("GET", "/v4/regions?page=3", refusal(404, ("Not found", None))),
    ],
)
def test_what_is_not_there_or_not_allowed_is_refused(sandbox, method, path, expected):
    add(sandbox, Domain, domain="example.com")
    assert ask(sandbox, method, path)[:2] == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b"[]", "must be a JSON object"),
        (b"[" * 10**5, "JSON"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(sandbox, body, reason):
    status, answer, _ = ask(sandbox, "POST", "/v4/domains", body)
    assert status == 400
    assert reason in answer["errors"][0]["reason"]


def test_the_body_of_an_operation_without_members_is_not_read(sandbox):
    """The vendor's web client sends the bare EUUID of the account for whose token it asks."""
    sandbox.add_account("Kid", child=True)
    (child,) = ask(sandbox, "GET", "/v4/account/child-accounts")[1]["data"]
    path = f"/v4/account/child-accounts/{child['euuid']}/token"
    for body in (child["euuid"].encode(), b"{", b"", b"{}"):
        status, answer, _ = ask(sandbox, "POST", path, body, Content_Type="application/x-www-form-urlencoded")
        assert (status, len(answer["token"])) == (200, 64)


def test_answers_carry_the_headers_of_the_api(sandbox):
    _, _, headers = ask(sandbox, "GET", "/v4/domains")
    assert headers["x-oauth-scopes"] == "*"
    assert headers["x-accepted-oauth-scopes"] == "domains:read_only"
    assert headers["content-type"] == "application/json"
    assert headers["x-spec-version"].count(".") == 2
    _, _, headers = ask(sandbox, "GET", "/v4/domains", Authorization="Bearer wrong")
    assert headers["x-oauth-scopes"] == "unknown"


def test_options_tell_the_methods_of_a_path(sandbox):
    status, _, headers = ask(sandbox, "OPTIONS", "/v4/regions")
    assert (status, headers["allow"]) == (200, "HEAD, OPTIONS, GET")


def test_tokens_scopes_and_grants_decide_about_each_request(sandbox):
    with sandbox.world.transaction():
        reader = sandbox.world.identity.issue_token("sandbox", "domains:read_only", seconds=100)["_secret"]
        stranger = sandbox.world.identity.issue_token("sandbox", "linodes:read_write")["_secret"]
    add(sandbox, Domain, domain="example.com")
    assert len(sandbox.client(reader).get_domains()) == 1
    with pytest.raises(AuthorizationError):
        sandbox.client(reader).request("DELETE", "/domains/123")
    with pytest.raises(AuthorizationError):
        sandbox.client(stranger).request("GET", "/domains/123")
    for header in ("Bearer wrong", f"Basic {reader}", "Bearer", f"token {reader}"):
        assert ask(sandbox, "GET", "/v4/domains", Authorization=header)[:2] == refusal(401, ("Invalid Token", None))
    sandbox.advance(100)
    with pytest.raises(AuthenticationError, match="Invalid Token"):
        len(sandbox.client(reader).get_domains())


def test_a_revoked_token_is_not_known_any_more(sandbox):
    with sandbox.world.transaction():
        token = sandbox.world.identity.issue_token("sandbox")
    client = sandbox.client(token["_secret"])
    assert client.request("GET", "/domains")["results"] == 0
    with sandbox.world.transaction():
        sandbox.world.identity.revoke_token(sandbox.world.identity.find_token(token["_secret"]))
    with pytest.raises(AuthenticationError):
        client.request("GET", "/domains")


def test_what_is_public_needs_no_token_and_is_answered_to_a_wrong_one_too(sandbox):
    def nobody(path: str) -> int:
        return sandbox.gateway.handle(Request("GET", f"http://sandbox{path}", {})).status

    assert nobody("/v4/regions/us-east") == 200
    assert nobody("/v4/linode/types") == 200
    assert nobody("/v4/domains") == 401
    assert ask(sandbox, "GET", "/v4/regions", Authorization="Bearer wrong")[0] == 200
    assert ask(sandbox, "GET", "/v4/domains", Authorization="Bearer wrong")[0] == 401


def test_both_versions_answer_and_what_is_beta_only_under_its_own(sandbox, monkeypatch):
    assert ask(sandbox, "GET", "/v4beta/regions/us-east")[0] == 200
    beta = routes.Route("GET", "/regions/{id}", "get", Region, beta=True)
    monkeypatch.setattr(routes, "tree", lambda: {"regions": {"{}": {"": {"GET": beta}}}})
    assert ask(sandbox, "GET", "/v4/regions/us-east")[0] == 404
    assert ask(sandbox, "GET", "/v4beta/regions/us-east")[0] == 200


def test_an_id_with_a_slash_is_taken_quoted_and_plain(sandbox):
    for path in ("/v4/images/linode/debian12", "/v4/images/linode%2Fdebian12"):
        assert ask(sandbox, "GET", path)[1]["id"] == "linode/debian12"


def test_hidden_members_are_never_shown(sandbox):
    domain = add(sandbox, Domain, domain="example.com", _secret="hidden")
    add(sandbox, DomainRecord, domain, name="www")
    shown = [
        ask(sandbox, "GET", "/v4/domains/123")[1],
        *ask(sandbox, "GET", "/v4/domains")[1]["data"],
        *ask(sandbox, "GET", "/v4/domains/123/records", X_Filter='{"name":"www"}')[1]["data"],
    ]
    assert len(shown) == 3
    assert not [name for row in shown for name in row if name.startswith("_")]


def test_a_put_sets_what_can_be_set_and_ignores_the_rest(sandbox, registering):
    registry.load()
    registering.delitem(registry.HOOKS, ("update", "Domain"), raising=False)
    registering.setitem(
        KINDS, "Domain", dataclasses.replace(KINDS["Domain"], operations=Operations(generic=("update",)))
    )
    row = add(sandbox, Domain, domain="example.com", type="master", soa_email="a@example.com")
    whole = ask(sandbox, "GET", "/v4/domains/123")[1]
    sandbox.advance(5)
    status, body, _ = ask(sandbox, "PUT", "/v4/domains/123", {**whole, "id": 5, "tags": ["web"], "nonsense": 1})
    assert (status, body["id"], body["tags"]) == (200, 123, ["web"])
    assert body["updated"] > whole["updated"]
    assert row["domain"] == "example.com"
    expected = refusal(400, ("Must be of type Array", "tags"), ("Must be of type Integer", "ttl_sec"))
    assert ask(sandbox, "PUT", "/v4/domains/123", {"tags": "b", "ttl_sec": "x"})[:2] == expected
    assert ask(sandbox, "GET", "/v4/domains/123")[1]["tags"] == ["web"]


def test_a_behaviour_gets_rows_and_plain_values_and_what_it_refuses_is_undone(sandbox, registering):
    seen: list[Any] = []

    def clone(world: World, original: Any, **members: Any) -> Any:
        seen.append((original["id"], members, world.user and world.user["username"]))
        original["group"] = "changed"
        world.add(Domain, domain=members["domain"])
        raise Refused.all([("first", None), ("second", "domain")], status=409)

    registering.setitem(registry.VERBS, Domain.clone, Behaviour(clone))
    add(sandbox, Domain, domain="example.com", group="before")
    answer = ask(sandbox, "POST", "/v4/domains/123/clone", {"domain": "copy.com", "unknown": 1})
    assert answer[:2] == refusal(409, ("first", None), ("second", "domain"))
    assert seen == [(123, {"domain": "copy.com"}, "sandbox")]
    assert [row["group"] for row in sandbox.world.rows(Domain)] == ["before"]


def test_errors_of_the_sandbox_itself_are_raised(sandbox, registering):
    def broken(world: World, original: Any, **members: Any) -> Any:
        raise ZeroDivisionError

    registering.setitem(registry.VERBS, Domain.clone, Behaviour(broken))
    add(sandbox, Domain, domain="example.com")
    with pytest.raises(ZeroDivisionError):
        ask(sandbox, "POST", "/v4/domains/123/clone", {"domain": "copy.com"})
    assert ask(sandbox, "GET", "/v4/domains/123")[0] == 200


# -- lists ---------------------------------------------------------------------------------------------------------


def test_lists_come_in_pages_of_a_hundred_unless_asked_otherwise(sandbox):
    with sandbox.world.transaction():
        for number in range(130):
            sandbox.world.add(Domain, domain=f"{number}.com", tags=["even"] if number % 2 == 0 else [])
    _, first, _ = ask(sandbox, "GET", "/v4/domains")
    assert (len(first["data"]), first["page"], first["pages"], first["results"]) == (100, 1, 2, 130)
    assert [row["id"] for row in first["data"]] == list(range(123, 223))
    _, last, _ = ask(sandbox, "GET", "/v4/domains?page=6&page_size=25")
    assert [row["id"] for row in last["data"]] == list(range(248, 253))
    _, even, _ = ask(sandbox, "GET", "/v4/domains?page_size=25&page=3", X_Filter='{"tags":"even"}')
    assert (len(even["data"]), even["pages"], even["results"]) == (15, 3, 65)


def test_an_empty_list_is_one_page_and_the_list_of_images_none(sandbox):
    assert ask(sandbox, "GET", "/v4/domains")[1] == {"data": [], "page": 1, "pages": 1, "results": 0}
    _, images, _ = ask(sandbox, "GET", "/v4/images", X_Filter='{"label":"none has this"}')
    assert (images["page"], images["pages"], images["results"]) == (0, 0, 0)


def test_lists_are_filtered_and_ordered_by_the_header(sandbox):
    with sandbox.world.transaction():
        for name, group in (("b.com", "x"), ("a.com", "x"), ("c.com", "y")):
            sandbox.world.add(Domain, domain=name, group=group)

    def found(**query: Any) -> list[str]:
        query = {name.replace("PLUS", "+"): value for name, value in query.items()}
        return [row["domain"] for row in ask(sandbox, "GET", "/v4/domains", X_Filter=json.dumps(query))[1]["data"]]

    assert found(group="x") == ["b.com", "a.com"]
    assert found(group="x", PLUSorder_by="domain") == ["a.com", "b.com"]
    assert found(PLUSorder_by="domain", PLUSorder="desc") == ["c.com", "b.com", "a.com"]
    assert found(PLUSor=[{"domain": "c.com"}, {"domain": {"+contains": "a"}}]) == ["a.com", "c.com"]
    assert found(id={"+gte": 124}) == ["a.com", "c.com"], "an id can always be filtered by"
    assert found(**{"+gt": 5}, group="y") == ["c.com"], "an operator without a field is let pass"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ('{"foo":1}', "Cannot filter on foo"),
        ('{"+or":[{"+and":[{"foo":{"+neq":1}}]}]}', "Cannot filter on foo"),
        ('{"+order_by":5}', "Cannot order by 5"),
        ('{"+order_by":"domain","+order":"up"}', "+order must be one of asc, desc"),
        ('{"domain":{"+like":"x"}}', "+like is not an operator"),
        ('{"+or":{}}', "+or must be an array"),
        ('{"+or":[1]}', "Must be a JSON object"),
        ("[]", "Must be a JSON object"),
        ("{", "Must be a JSON object"),
    ],
)
def test_a_filter_that_the_api_does_not_know_is_refused(sandbox, header, reason):
    expected = refusal(400, (reason, "X-Filter"))
    assert ask(sandbox, "GET", "/v4/domains", X_Filter=header)[:2] == expected


@pytest.mark.parametrize("path", ["regions", "linode/types", "tags", "domains", "networking/ips"])
def test_every_list_takes_an_order(sandbox, path):
    """Clients order all lists by `created`, whether or not the objects have it."""
    status, answer, _ = ask(sandbox, "GET", f"/v4/{path}", x_filter='{"+order_by": "created", "+order": "desc"}')
    assert (status, "data" in answer) == (200, True)
