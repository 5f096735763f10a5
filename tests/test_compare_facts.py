"""The maintainers' tool that compares a newer description of the API with the facts."""

from __future__ import annotations

import copy
import gzip
import json

import pytest

from compare_facts import FACTS, main

OPENAPI = {
    "paths": {
        "/{apiVersion}/volumes": {
            "get": {
                "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer"}}],
                "security": [{"oauth": ["volumes:read_only"]}],
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/V"}}}}},
            },
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "allOf": [
                                    {"properties": {"label": {"type": "string", "maxLength": 32}}},
                                    {"properties": {"size": {"type": "integer"}}, "required": ["size"]},
                                ]
                            }
                        }
                    }
                },
                "responses": {"200": {}},
            },
        }
    },
    "components": {
        "schemas": {"V": {"properties": {"id": {"type": "integer"}, "of": {"$ref": "#/components/schemas/V"}}}}
    },
}


def compared(tmp_path, capsys, newer, older):
    for name, document in (("newer", newer), ("older", older)):
        (tmp_path / name).write_text(json.dumps(document))
    status = main([str(tmp_path / "newer"), str(tmp_path / "older")])
    return status, capsys.readouterr().out.splitlines()


def facts():
    return json.loads(gzip.decompress(FACTS.read_bytes()))


def operation(document, identity):
    return next(each for each in document["operations"] if each["id"] == identity)


def test_the_same_description_has_no_differences(tmp_path, capsys):
    assert compared(tmp_path, capsys, facts(), facts()) == (0, ["no differences"])
    assert compared(tmp_path, capsys, OPENAPI, OPENAPI) == (0, ["no differences"])


PLANTED = {
    "an operation more": (
        lambda new: new["operations"].append({"id": "x", "method": "GET", "path": "/moons/{moonId}"}),
        "+ GET /moons/{}",
    ),
    "an operation less": (
        lambda new: new["operations"].remove(operation(new, "post-clone-volume")),
        "- POST /volumes/{}/clone",
    ),
    "a member more": (
        lambda new: operation(new, "post-volume")["request"].update(colour={"type": "string", "nullable": True}),
        "~ POST /volumes: body.colour is new: string, or null",
    ),
    "a member less": (
        lambda new: operation(new, "post-volume")["request"].pop("config_id"),
        "~ POST /volumes: body.config_id is gone: integer",
    ),
    "a bound": (
        lambda new: operation(new, "post-volume")["request"]["label"].update(maxLength=64),
        "longest 32",
    ),
    "a choice more": (
        lambda new: new["schemas"]["Volume"]["properties"]["status"]["enum"].append("frozen"),
        "frozen",
    ),
    "a member of a shape": (
        lambda new: new["schemas"]["Volume"]["properties"].update(moon={"type": "integer"}),
        "~ GET /volumes: answer.moon is new: integer",
    ),
    "a scope": (
        lambda new: operation(new, "get-volumes").update(scopes=["moons:read_only"]),
        "~ GET /volumes: scopes: volumes:read_only -> moons:read_only",
    ),
    "a parameter of the query": (
        lambda new: operation(new, "get-volumes").update(query_params={"moon": {"type": "string", "required": True}}),
        "~ GET /volumes: query.moon is new: string, required",
    ),
    "the kind of the answer": (
        lambda new: operation(new, "get-volumes").update(response_kind="array", response=None),
        "~ GET /volumes: answer:",
    ),
    "the version": (
        lambda new: operation(new, "get-volumes").update(api_version="v4beta"),
        "~ GET /volumes: version: v4 -> v4beta",
    ),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_difference_is_found(kind, tmp_path, capsys):
    plant, line = PLANTED[kind]
    newer = facts()
    plant(newer)
    status, lines = compared(tmp_path, capsys, newer, facts())
    assert status == 1
    assert any(line in each for each in lines), lines


def test_a_document_of_the_vendor_is_read_too(tmp_path, capsys):
    newer = copy.deepcopy(OPENAPI)
    path = newer["paths"]["/{apiVersion}/volumes"]
    path["put"] = {"responses": {}}
    schema = path["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema["allOf"][0]["properties"]["label"]["maxLength"] = 64
    schema["allOf"][1]["required"] = []
    newer["components"]["schemas"]["V"]["properties"]["moon"] = {"type": ["string", "null"], "enum": ["new", None]}
    _, lines = compared(tmp_path, capsys, newer, OPENAPI)
    assert "+ PUT /volumes" in lines
    assert "~ POST /volumes: body.label: string, longest 32 -> string, longest 64" in lines
    assert "~ POST /volumes: body.size: integer, required -> integer" in lines
    assert "~ GET /volumes: answer.moon is new: string, one of new, or null" in lines


def test_what_is_no_description_is_refused(tmp_path, capsys):
    (tmp_path / "odd").write_text("[]")
    assert main([str(tmp_path / "odd")]) == 2
    (tmp_path / "odd").write_text("{}")
    assert main([str(tmp_path / "odd")]) == 2
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "neither operations nor paths" in capsys.readouterr().err
