"""The sandbox's core: rows, time, routes, checks, lists and doors. What families do is tested with the families."""

from __future__ import annotations

import inspect
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

from linode import Disk, Domain, DomainRecord, Event, Image, Linode, Region, Type
from linode._http.transport import Request
from linode.errors import AuthenticationError, AuthorizationError, NotFoundError
from linode.sandbox import NotFound, Refused, Sandbox, SandboxError, checks, registry, routes, rules, scopes, wire
from linode.sandbox.registry import Behaviour
from linode.sandbox.world import World, job


@pytest.fixture
def sandbox():
    with Sandbox(seed=1) as made:
        yield made


@pytest.fixture
def world():
    return World(seed=1)


def ask(sandbox: Sandbox, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, Any]:
    """Status, JSON and headers of the answer to a request with the sandbox's token, unless a header says otherwise."""
    sent = {
        "Authorization": f"Bearer {sandbox.token}",
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    answer = sandbox.door.handle(Request(method, f"http://sandbox{path}", sent, content))
    return answer.status, json.loads(answer.content), answer.headers


def add(sandbox: Sandbox, kind: Any, *parents: Any, **members: Any) -> Any:
    with sandbox.world.transaction():
        return sandbox.world.add(kind, *parents, **members)


def refusal(status: int, *reasons: tuple[str, str | None]) -> tuple[int, Any]:
    return status, {"errors": [{"reason": why, **({"field": name} if name else {})} for why, name in reasons]}


# -- rows ------------------------------------------------------------------------------------------------------------


def test_a_new_row_has_every_declared_member_and_the_first_id_is_123(world):
    domain = world.add(Domain, domain="example.com", type="master")
    assert domain["id"] == 123
    assert {field.key for field in Domain._fields.values()} <= domain.keys()
    assert (domain["tags"], domain["ttl_sec"], domain["created"]) == ([], 0, world.stamp())
    assert world.add(Domain)["id"] == 124


def test_a_child_is_found_below_its_parent_only(world):
    one, two = world.add(Domain), world.add(Domain)
    record = world.add(DomainRecord, one, name="www")
    assert world.rows(DomainRecord, one) == [record]
    assert world.rows(DomainRecord, two) == []
    assert world.get(DomainRecord, "123", one) is record
    assert world.find(DomainRecord, 123, two) is None
    assert world.parent(record) is one


def test_what_a_refused_transaction_changed_is_forgotten(world):
    with world.transaction():
        kept = world.add(Domain, domain="kept.com")

    def change_and_refuse() -> None:
        with world.transaction():
            world.get(Domain, kept["id"])["tags"].append("changed")
            world.add(Domain, domain="new.com")
            world.remove(world.find(Region, "us-east"))
            raise Refused("no")

    with pytest.raises(Refused):
        change_and_refuse()
    assert [row["domain"] for row in world.rows(Domain)] == ["kept.com"]
    assert world.get(Domain, 123)["tags"] == []
    assert world.find(Region, "us-east") is not None
    assert world.add(Domain)["id"] == 124, "the id that was given out is free again"


def test_removing_a_row_removes_what_belongs_to_it(world):
    linode = world.add(Linode, label="web")
    world.add(Disk, linode, label="root")
    world.add("Note", linode, text="kept: a table without a class belongs to nobody")
    world.remove(linode)
    assert world.rows(Disk) == []
    with pytest.raises(NotFound):
        world.get(Linode, 123)


def test_the_catalogue_is_there_and_a_changed_row_of_it_stays_changed(tmp_path):
    path = str(tmp_path / "world")
    first = World(path)
    with first.transaction():
        first.get(Image, "linode/debian12")["deprecated"] = True
        first.remove(first.get(Region, "us-east"))
    first.close()
    second = World(path)
    assert second.get(Image, "linode/debian12")["deprecated"] is True
    assert second.find(Region, "us-east") is None
    assert len(second.look(Type)) > 30
    second.close()


def test_the_catalogue_shows_nothing_masked():
    from linode.sandbox import catalogue

    text = b"".join(bytes(raw) for raw in catalogue._undecoded().values()).decode()
    assert not re.search(r"1234::5678|2018-01-02T03:04:05|\b192\.0\.2\.|SANITIZED", text)


def test_addresses_are_never_given_twice_and_a_network_belongs_to_one_region(world):
    first = [world.ipv4("us-east") for _ in range(300)]
    second = [world.ipv4("us-west") for _ in range(300)]
    assert len({*first, *second}) == 600
    networks = [{address.rpartition(".")[0] for address in each} for each in (first, second)]
    assert not networks[0] & networks[1]
    private = [world.private_ipv4() for _ in range(600)]
    assert len(set(private)) == 600
    assert all(address.startswith("192.168.") for address in private)
    assert world.slaac("us-east").startswith(world.ipv6_network("us-east"))
    assert world.ipv6_network("us-east") != world.ipv6_network("us-west")


def test_a_seed_makes_the_same_world_and_no_accident_comes_twice_after_a_restart(tmp_path):
    tokens = []
    for _ in range(2):
        with Sandbox(seed=7) as made:
            tokens.append(made.token)
    assert tokens[0] == tokens[1]
    path = str(tmp_path / "world")
    found = []
    for _ in range(2):
        with Sandbox(path, seed=7) as made:
            found.append(made.world.hex(64))
    assert found[0] != found[1]


# -- time ------------------------------------------------------------------------------------------------------------

rung: list[tuple[str, float]] = []


@job
def ring(world: World, name: str) -> None:
    rung.append((name, world.now))
    if name == "first":
        world.later(5, ring, "chained")


@job
def fail(world: World) -> None:
    world.add(Domain, domain="half.com")
    raise ZeroDivisionError


@job
def refuse(world: World) -> None:
    raise Refused("There is no room.")


@pytest.fixture(autouse=True)
def _quiet():
    rung.clear()


def test_jobs_run_in_the_order_of_their_times_and_each_at_its_time(world):
    start = world.now
    with world.transaction():
        world.later(20, ring, "last")
        world.later(10, ring, "first")
        world.cancel(world.later(12, ring, "cancelled"))
    world.advance(9.5)
    assert rung == []
    world.advance(100)
    assert rung == [("first", start + 10), ("chained", start + 15), ("last", start + 20)]
    assert world.now == start + 109.5


def test_a_job_that_fails_is_undone_and_does_not_come_again(world):
    with world.transaction():
        world.later(1, fail)
        world.later(2, ring, "after")
    with pytest.raises(ZeroDivisionError):
        world.advance(5)
    world.advance(5)
    assert [name for name, _ in rung] == ["after"]
    assert world.rows(Domain) == []


def test_only_a_job_can_be_called_later(world):
    with pytest.raises(TypeError, match="put @job before it"):
        world.later(1, lambda world: None)


def test_jobs_and_the_clock_outlive_the_process(tmp_path):
    path = str(tmp_path / "world")
    first = World(path)
    first.advance(1000)
    with first.transaction():
        first.later(10, ring, "kept")
    first.close()
    second = World(path)
    assert second.now >= first.now
    second.advance(10)
    assert [name for name, _ in rung] == ["kept"]
    second.close()


def test_a_data_file_that_is_in_use_or_none_of_ours_is_refused(tmp_path):
    path = tmp_path / "world"
    with Sandbox(str(path)), pytest.raises(SandboxError, match="another sandbox has it open"):
        Sandbox(str(path))
    (tmp_path / "text").write_text("no database, but long enough to be taken for something else " * 50)
    with pytest.raises(SandboxError, match="cannot use"):
        Sandbox(str(tmp_path / "text"))


def test_a_scheduled_event_starts_grows_and_finishes_and_keeps_its_entity_busy(world):
    with world.transaction():
        linode = world.add(Linode, label="web")
        event = world.schedule("linode_boot", linode, seconds=21, then=ring, args=("booted",))
        later = world.schedule("linode_reboot", linode, seconds=11, after=event)

    def look() -> tuple[Any, ...]:
        shown = rules.show(world, world.get(Event, event["id"]))
        return shown["status"], shown["percent_complete"], shown["duration"]

    assert look() == ("scheduled", 0, None)
    assert event["entity"] == {"label": "web", "id": 123, "type": "linode", "url": "/v4/linode/instances/123"}
    with pytest.raises(Refused, match="Linode busy"):
        world.refuse_busy(world.get(Linode, 123))
    world.advance(11)
    assert look() == ("started", 50, pytest.approx(10))
    world.advance(10)
    assert look() == ("finished", 100, 20.0)
    assert [name for name, _ in rung] == ["booted"]
    assert world.busy(world.get(Linode, 123)), "the next one waits for its turn"
    assert world.get(Event, later["id"])["status"] == "scheduled"
    world.advance(12)
    assert world.get(Event, later["id"])["status"] == "finished"
    assert not world.busy(world.get(Linode, 123))


def test_an_event_whose_job_is_refused_fails_with_its_words(world):
    with world.transaction():
        linode = world.add(Linode, label="web")
        event = world.schedule("linode_resize", linode, seconds=5, then=refuse)
    world.advance(5)
    event = world.get(Event, event["id"])
    assert (event["status"], event["message"]) == ("failed", "There is no room.")
    assert not world.busy(world.get(Linode, 123))


# -- routes and declarations -----------------------------------------------------------------------------------------


def test_every_operation_has_types_and_scopes_that_can_be_resolved():
    for route in routes.routes():
        assert isinstance(route.types, dict), route
        assert isinstance(route.scopes, tuple), route
        assert set(route.required) <= route.types.keys(), route


FACTS = Path(__file__).parents[3] / "shared" / "api" / "v4.json"
OTHER_SCOPES = {
    "GET /images": "recorded: anybody may list the public ones",
    "GET /images/{}": "as the list of them",
    "GET /images/sharegroups/{}/members": "recorded: the header of the answer asks for read_write",
    "GET /linode/stackscripts": "as images: who sends no token sees the public ones",
    "GET /linode/stackscripts/{}": "as the list of them",
    "GET /linode/instances/{}/interfaces/{}/firewalls": "the documents say nodebalancers, a slip of the pen",
}


@pytest.mark.skipif(not FACTS.exists(), reason="the facts about the API are not at hand")
def test_every_operation_needs_the_scopes_that_the_api_asks_for():
    known = {
        (each["method"], routes._shape(each["path"])): each for each in json.loads(FACTS.read_text())["operations"]
    }
    wrong = {}
    for route in routes.routes():
        key = route.method, routes._shape(route.path)
        if key in known and " ".join(key) not in OTHER_SCOPES:
            told = known[key]
            mine = sorted(route.scopes), route.public, route.beta
            its = sorted(told.get("scopes", ())), told["auth"] == "none", told["api_version"] == "v4beta"
            if mine != its:
                wrong[key] = mine, its
    assert wrong == {}


def test_literal_segments_come_before_parameters_and_words_of_parameters_do_not_matter():
    assert routes.methods_of(("images", "sharegroups"))["GET"].deed == "list"
    assert routes.methods_of(("images", "private%2F5"))["GET"].cls is Image
    found = routes.methods_of(("linode", "instances", "1", "disks", "2"))
    assert found.keys() == {"GET", "PUT", "DELETE"}
    assert routes.methods_of(("linode", "instances", "1", "nothing")) == {}


def test_every_behaviour_takes_what_its_operation_declares():
    registry.load()
    for route in routes.routes():
        if route.behaviour is None:
            continue
        run = route.behaviour.run
        taken = inspect.signature(run).parameters
        if any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken.values()):
            continue
        sent = route.types.keys() if route.deed in ("create", "update", "verb") else set()
        assert not sent - taken.keys(), f"{run.__module__}.{run.__name__} does not take all of {route}"


def test_an_operation_nobody_has_taught_the_sandbox_is_refused_and_nothing_is_made_up(sandbox, monkeypatch):
    registry.load()
    monkeypatch.setattr(registry, "HOOKS", {})
    monkeypatch.setattr(registry, "VERBS", {})
    monkeypatch.setattr(routes, "VERBS", {})
    monkeypatch.setattr(wire, "PLAIN", set())
    status, body, _ = ask(sandbox, "POST", "/v4/domains", {"domain": "example.com", "type": "master"})
    assert status == 501
    assert "does not know how to POST /domains" in body["errors"][0]["reason"]
    assert sandbox.world.rows(Domain) == []


# -- checks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "hint", "reasons"),
    [
        ("x", "int", [("Must be of type Integer", "f")]),
        (True, "int", [("Must be of type Integer", "f")]),
        (1, "float", []),
        (None, "str | None", []),
        (None, "str", [("Must be of type String", "f")]),
        ("b", "Literal['a', 'b']", []),
        ("c", "Literal['a', 'b']", [("Must be one of a, b", "f")]),
        ("ab", "Annotated[str, Meta(min_length=3, max_length=64)]", [("Length must be 3-64 characters", "f")]),
        ("a b", "Annotated[str, Meta(pattern='^[a-z]+$')]", [("f is not valid", "f")]),
        (9, "Annotated[int, Meta(ge=10, le=16384)]", [("Must be 10-16384", "f")]),
        (0, "Annotated[int, Meta(ge=1)]", [("Must be at least 1", "f")]),
        ([], "Annotated[list[int], Meta(min_length=1, max_length=1)]", [("Must contain one item", "f")]),
        ([1, "x"], "list[int]", [("Must be of type Integer", "f[1]")]),
        ("x", "list[int]", [("Must be of type Array", "f")]),
        ("us-east", "Region | str", []),
        ("nowhere", "Region | str", [("f is not valid", "f")]),
        (5, "Region | str", [("Must be of type String", "f")]),
        ("2026-01-02T03:04:05", "datetime", []),
        ("soon", "datetime", [("f is not valid", "f")]),
        ({"a": 1}, "dict[str, Any]", []),
        ([], "dict[str, Any]", [("Must be of type Object", "f")]),
    ],
)
def test_a_value_is_checked_against_its_declared_type_in_the_words_of_the_api(world, value, hint, reasons):
    from datetime import datetime
    from typing import Annotated, Literal

    from linode._model import Meta

    names = {
        "Annotated": Annotated,
        "Literal": Literal,
        "Meta": Meta,
        "Region": Region,
        "datetime": datetime,
        "Any": Any,
    }
    assert checks.check(world, {"f": value}, {"f": eval(hint, names)}) == reasons


def test_all_that_is_wrong_is_told_at_once_and_undeclared_members_are_ignored(world):
    types = {"label": str, "size": int, "region": str}
    found = checks.check(world, {"label": None, "size": "x", "else": object()}, types, ("label", "region"))
    assert found == [
        ("label is required", "label"),
        ("region is required", "region"),
        ("Must be of type Integer", "size"),
    ]


def test_scopes_cover_what_they_should_and_no_more():
    assert scopes.covers("*", ["linodes:read_write"])
    assert scopes.covers("domains:read_only linodes:read_write", ["linodes:read_only"])
    assert scopes.covers("linodes:*,volumes:read_only", ["linodes:read_write", "volumes:read_only"])
    assert not scopes.covers("linodes:read_only", ["linodes:read_write"])
    assert not scopes.covers("linodes:read_write", ["linodes:read_write", "volumes:read_only"])
    assert not scopes.covers("", ["linodes:read_only"])
    assert scopes.covers("", [])


# -- the wire --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v4/nothing", refusal(404, ("Not found", None))),
        ("GET", "/v5/regions", refusal(404, ("Not found", None))),
        ("GET", "/", refusal(404, ("Not found", None))),
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


def test_who_may_ask_what(sandbox):
    with sandbox.world.transaction():
        reader = sandbox.world.issue_token("sandbox", "domains:read_only", seconds=100)["_secret"]
        stranger = sandbox.world.issue_token("sandbox", "linodes:read_write")["_secret"]
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
        token = sandbox.world.issue_token("sandbox")
    client = sandbox.client(token["_secret"])
    assert client.request("GET", "/domains")["results"] == 0
    with sandbox.world.transaction():
        sandbox.world.revoke_token(sandbox.world.find_token(token["_secret"]))
    with pytest.raises(AuthenticationError):
        client.request("GET", "/domains")


def test_what_is_public_needs_no_token_but_a_wrong_one_is_refused(sandbox):
    def nobody(path: str) -> int:
        return sandbox.door.handle(Request("GET", f"http://sandbox{path}", {})).status

    assert nobody("/v4/regions/us-east") == 200
    assert nobody("/v4/linode/types") == 200
    assert nobody("/v4/domains") == 401
    assert ask(sandbox, "GET", "/v4/regions", Authorization="Bearer wrong")[0] == 401


def test_both_versions_answer_and_what_is_beta_only_under_its_own(sandbox, monkeypatch):
    assert ask(sandbox, "GET", "/v4beta/regions/us-east")[0] == 200
    beta = routes.Route("GET", "/regions/{id}", "get", Region, beta=True)
    monkeypatch.setattr(routes, "_tree", lambda: {"regions": {"{}": {"": {"GET": beta}}}})
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


def test_a_put_sets_what_can_be_set_and_ignores_the_rest(sandbox, monkeypatch):
    registry.load()
    monkeypatch.delitem(registry.HOOKS, ("update", "Domain"), raising=False)
    row = add(sandbox, Domain, domain="example.com", type="master", soa_email="a@example.com")
    whole = ask(sandbox, "GET", "/v4/domains/123")[1]
    sandbox.advance(5)
    status, body, _ = ask(sandbox, "PUT", "/v4/domains/123", {**whole, "id": 5, "tags": ["a"], "nonsense": 1})
    assert (status, body["id"], body["tags"]) == (200, 123, ["a"])
    assert body["updated"] > whole["updated"]
    assert row["domain"] == "example.com"
    expected = refusal(400, ("Must be of type Array", "tags"), ("Must be of type Integer", "ttl_sec"))
    assert ask(sandbox, "PUT", "/v4/domains/123", {"tags": "b", "ttl_sec": "x"})[:2] == expected
    assert ask(sandbox, "GET", "/v4/domains/123")[1]["tags"] == ["a"]


def test_a_behaviour_gets_rows_and_plain_values_and_what_it_refuses_is_undone(sandbox, monkeypatch):
    seen: list[Any] = []

    def clone(world: World, original: Any, **members: Any) -> Any:
        seen.append((original["id"], members, world.user and world.user["username"]))
        original["group"] = "changed"
        world.add(Domain, domain=members["domain"])
        raise Refused.all([("first", None), ("second", "domain")], status=409)

    monkeypatch.setitem(registry.VERBS, Domain.clone, Behaviour(clone))
    add(sandbox, Domain, domain="example.com", group="before")
    answer = ask(sandbox, "POST", "/v4/domains/123/clone", {"domain": "copy.com", "unknown": 1})
    assert answer[:2] == refusal(409, ("first", None), ("second", "domain"))
    assert seen == [(123, {"domain": "copy.com"}, "sandbox")]
    assert [row["group"] for row in sandbox.world.rows(Domain)] == ["before"]


def test_what_is_wrong_with_the_sandbox_itself_is_raised_and_not_answered(sandbox, monkeypatch):
    def broken(world: World, original: Any, **members: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setitem(registry.VERBS, Domain.clone, Behaviour(broken))
    add(sandbox, Domain, domain="example.com")
    with pytest.raises(ZeroDivisionError):
        ask(sandbox, "POST", "/v4/domains/123/clone", {"domain": "copy.com"})
    assert ask(sandbox, "GET", "/v4/domains/123")[0] == 200


# -- lists -----------------------------------------------------------------------------------------------------------


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
        ('{"+order_by":"foo"}', "Cannot order by foo"),
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


# -- the sandbox for users -------------------------------------------------------------------------------------------


def test_a_client_of_the_sandbox_needs_no_network_and_what_it_asks_is_recorded(sandbox):
    client = sandbox.client()
    assert client.get_regions(Region.label == "Newark, NJ").one().id == "us-east"
    with pytest.raises(NotFoundError):
        client.request("GET", "/domains/5")
    assert [(each.method, each.path, each.status) for each in sandbox.requests] == [
        ("GET", "/v4/regions", 200),
        ("GET", "/v4/domains/5", 404),
    ]


def test_a_pause_of_a_client_moves_the_sandboxs_clock_and_takes_no_time(sandbox):
    began, start = time.monotonic(), sandbox.world.now
    sandbox.transport().pause(3600)
    assert sandbox.world.now == start + 3600
    assert time.monotonic() - began < 60


def test_with_a_speed_the_clock_follows_the_real_one():
    with Sandbox(speed=1000) as fast:
        start = fast.world.now
        time.sleep(0.05)
        ask(fast, "GET", "/v4/regions/us-east")
        assert fast.world.now - start >= 50
    with pytest.raises(ValueError, match="speed must be above 0"):
        Sandbox(speed=0)


def test_a_sandbox_is_there_in_milliseconds():
    Sandbox().close()
    began = time.perf_counter()
    Sandbox().close()
    assert time.perf_counter() - began < 0.05


def test_a_token_that_is_given_works_and_survives_with_the_data(tmp_path):
    path = str(tmp_path / "world")
    with Sandbox(path, token="my-token") as first:
        assert first.token == "my-token"
        add(first, Domain, domain="kept.com")
    with Sandbox(path) as second:
        assert second.token == "my-token"
        assert [row.domain for row in second.client().get_domains()] == ["kept.com"]
    with Sandbox(path, token="other") as third:
        assert third.token == "other"
        assert len(third.client("my-token").get_domains()) == 1


# -- the server ------------------------------------------------------------------------------------------------------


@pytest.fixture
def serve():
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> tuple[subprocess.Popen[str], httpx2.Client]:
        command = [sys.executable, "-m", "linode.sandbox", "--port", "0", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(process)
        line = process.stdout.readline()
        found = re.fullmatch(r"ready (http://\S+:\d+) token=(\S+)\n", line)
        assert found, line
        client = httpx2.Client(base_url=found[1], headers={"Authorization": f"Bearer {found[2]}"}, trust_env=False)
        return process, client

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_server_says_when_it_is_ready_serves_and_ends_well_on_a_signal(serve, sign):
    process, client = serve("--token", "my-token")
    with client:
        assert client.get("/v4/images/linode%2Fdebian12").json()["label"] == "Debian 12"
        assert client.get("/v4/nothing").status_code == 404
        head = client.head("/v4/regions")
        assert (head.status_code, head.content) == (200, b"")
        process.send_signal(sign)
        assert process.wait(timeout=20) == 0
    assert process.stdout.read() == "", "nothing else is printed"


def test_what_was_answered_survives_a_kill_and_jobs_too(serve, tmp_path):
    path = str(tmp_path / "world")
    with Sandbox(path) as before:
        add(before, Domain, domain="example.com", type="master", soa_email="admin@example.com")
        with before.world.transaction():
            linode = before.world.add(Linode, label="web", status="booting")
            before.world.schedule("linode_boot", linode, seconds=30)
    process, client = serve("--data", path, "--speed", "100")
    with client:
        assert client.put("/v4/domains/123", json={"tags": ["kept"]}).status_code == 200
    process.kill()
    process.wait()
    process, client = serve("--data", path, "--speed", "100")
    with client:
        assert client.get("/v4/domains/123").json()["tags"] == ["kept"]
        deadline = time.monotonic() + 20
        while client.get("/v4/account/events/123").json()["status"] != "finished":
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "x"], "is no port"),
        (["--port", "70000"], "is no port"),
        (["--speed", "0"], "is no speed"),
        (["--token", "two words"], "printable ASCII"),
        (["--data", "/no/such/place/world"], "cannot use /no/such/place/world"),
        (["--host", "192.0.2.1"], "cannot listen on 192.0.2.1"),
    ],
)
def test_wrong_arguments_are_told_on_standard_error(arguments, words):
    command = [sys.executable, "-m", "linode.sandbox", "--port", "0", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert words in done.stderr
