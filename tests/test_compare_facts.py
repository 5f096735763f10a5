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
    "the kind of the answer alone": (
        lambda new: operation(new, "get-volumes").update(response_kind="object"),
        "~ GET /volumes: answer: page -> object",
    ),
    "the version": (
        lambda new: operation(new, "get-volumes").update(api_version="v4beta"),
        "~ GET /volumes: version: v4 -> v4beta",
    ),
    "a beta": (
        lambda new: operation(new, "get-volumes").update(stage="BETA"),
        "~ GET /volumes: stage is new: beta",
    ),
    "a beta that ended": (
        lambda new: operation(new, "get-linode-interfaces").pop("stage"),
        "~ GET /linode/instances/{}/interfaces: stage is gone: beta",
    ),
    "a member that is beta": (
        lambda new: new["schemas"]["Volume"]["properties"]["label"].update(stage="BETA"),
        ", beta",
    ),
    "a deprecated operation": (
        lambda new: operation(new, "get-volumes").update(deprecated=True),
        "~ GET /volumes: deprecated is new: yes",
    ),
    "a deprecated member": (
        lambda new: operation(new, "post-volume")["request"]["size"].update(deprecated=True),
        "~ POST /volumes: body.size: integer -> integer, deprecated",
    ),
    "a type of a body": (
        lambda new: operation(new, "post-volume")["request"]["size"].update(type="string"),
        "~ POST /volumes: body.size: integer -> string",
    ),
    "a type of an answer": (
        lambda new: new["schemas"]["Volume"]["properties"]["io_ready"].update(type="string"),
        "~ GET /volumes: answer.io_ready: boolean, read-only -> string, read-only",
    ),
    "a member of a shape less": (
        lambda new: new["schemas"]["Volume"]["properties"].pop("io_ready"),
        "~ GET /volumes: answer.io_ready is gone: boolean, read-only",
    ),
    "a choice less": (
        lambda new: operation(new, "post-volume")["request"]["encryption"]["enum"].remove("disabled"),
        "one of disabled, enabled -> string, one of enabled",
    ),
    "a parameter of the path": (
        lambda new: operation(new, "delete-volume")["path_params"]["volumeId"].update(type="string"),
        "~ DELETE /volumes/{}: path.volumeId: integer -> string",
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


PAGE = "/{apiVersion}/moons/{moonId}/craters"
VENDORS = {
    "paths": {
        PAGE: {
            "parameters": [
                {"name": "apiVersion", "in": "path", "schema": {"type": "string", "enum": ["v4", "v4beta"]}},
                {"$ref": "#/components/parameters/moonId"},
            ],
            "get": {
                "parameters": [
                    {"name": "page", "in": "query", "schema": {"type": "integer"}},
                    {"name": "depth", "in": "query", "schema": {"type": "integer"}},
                ],
                "security": [{"personalAccessToken": []}, {"oauth": ["moons:read_only"]}],
                "responses": {"200": {"$ref": "#/components/responses/craters"}},
            },
            "post": {
                "requestBody": {"$ref": "#/components/requestBodies/crater"},
                "security": [{"oauth": ["moons:read_write"]}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Crater"}}}},
                    "default": {},
                },
            },
            "delete": {"responses": {"204": {}}},
        }
    },
    "components": {
        "parameters": {"moonId": {"name": "moonId", "in": "path", "required": True, "schema": {"type": "integer"}}},
        "responses": {
            "craters": {
                "content": {
                    "application/json": {
                        "schema": {
                            "allOf": [
                                {"properties": {each: {"type": "integer"} for each in ("page", "pages", "results")}},
                                {
                                    "properties": {
                                        "data": {"type": "array", "items": {"$ref": "#/components/schemas/Crater"}}
                                    }
                                },
                            ]
                        }
                    }
                }
            }
        },
        "requestBodies": {
            "crater": {
                "content": {
                    "application/json": {
                        "schema": {
                            "anyOf": [
                                {"properties": {"label": {"type": "string"}}, "required": ["label"]},
                                {"properties": {"depth": {"type": "integer", "maximum": 9}}, "required": ["depth"]},
                            ]
                        }
                    }
                }
            }
        },
        "schemas": {
            "Crater": {
                "type": "object",
                "properties": {
                    "label": {"type": "string", "enum": ["old", "new"]},
                    "rim": {"type": "object", "properties": {"height": {"type": "number", "readOnly": True}}},
                },
            }
        },
    },
}
"""A document in the vendor's form: references to parameters, bodies and responses, a page, and a choice of bodies."""
OURS = {
    "operations": [
        {
            "id": "get-craters",
            "method": "GET",
            "path": "/moons/{moonId}/craters",
            "scopes": ["moons:read_only"],
            "path_params": {"moonId": {"type": "integer"}},
            "query_params": {"depth": {"type": "integer"}},
            "response_kind": "page",
            "response": {"$ref": "Crater"},
        },
        {
            "id": "post-crater",
            "method": "POST",
            "path": "/moons/{moonId}/craters",
            "scopes": ["moons:read_write"],
            "path_params": {"moonId": {"type": "integer"}},
            "request": {"label": {"type": "string"}, "depth": {"type": "integer", "max": 9}},
            "response_kind": "object",
            "response": {"$ref": "Crater"},
        },
        {
            "id": "delete-craters",
            "method": "DELETE",
            "path": "/moons/{moonId}/craters",
            "path_params": {"moonId": {"type": "integer"}},
            "response_kind": "empty",
        },
    ],
    "schemas": {
        "Crater": {
            "properties": {
                "label": {"type": "string", "enum": ["old", "new"]},
                "rim": {"type": "object", "properties": {"height": {"type": "number", "readOnly": True}}},
            }
        }
    },
}
"""The same API as facts."""


def test_both_forms_of_one_api_have_no_differences(tmp_path, capsys):
    """The vendor's document of an API and the facts of the same API are described alike, in either order."""
    assert compared(tmp_path, capsys, VENDORS, OURS) == (0, ["no differences"])
    assert compared(tmp_path, capsys, OURS, VENDORS) == (0, ["no differences"])


def crater(new):
    return new["components"]["schemas"]["Crater"]["properties"]


def body(new):
    return new["components"]["requestBodies"]["crater"]["content"]["application/json"]["schema"]["anyOf"]


PLANTED_BY_THE_VENDOR = {
    "an operation more": (lambda new: new["paths"].update({"/v4/suns": {"get": {}}}), "+ GET /suns"),
    "an operation less": (lambda new: new["paths"][PAGE].pop("delete"), "- DELETE /moons/{}/craters"),
    "a parameter more": (
        lambda new: new["paths"][PAGE]["get"]["parameters"].append({"name": "rim", "in": "query", "required": True}),
        "~ GET /moons/{}/craters: query.rim is new: any, required",
    ),
    "a parameter less": (
        lambda new: new["paths"][PAGE]["get"]["parameters"].pop(),
        "~ GET /moons/{}/craters: query.depth is gone: integer",
    ),
    "a type of a parameter": (
        lambda new: new["components"]["parameters"]["moonId"]["schema"].update(type="string"),
        "~ DELETE /moons/{}/craters: path.moonId: integer -> string",
    ),
    "a deprecated parameter": (
        lambda new: new["paths"][PAGE]["get"]["parameters"][1].update(deprecated=True),
        "~ GET /moons/{}/craters: query.depth: integer -> integer, deprecated",
    ),
    "a member of a body more": (
        lambda new: body(new)[0]["properties"].update(age={"type": "integer"}),
        "~ POST /moons/{}/craters: body.age is new: integer",
    ),
    "a member of a body less": (
        lambda new: body(new)[1]["properties"].clear(),
        "~ POST /moons/{}/craters: body.depth is gone: integer, maximum 9",
    ),
    "a type of a body": (
        lambda new: body(new)[0]["properties"]["label"].update(type="integer"),
        "~ POST /moons/{}/craters: body.label: string -> integer",
    ),
    "a bound": (
        lambda new: body(new)[1]["properties"]["depth"].update(maximum=10),
        "~ POST /moons/{}/craters: body.depth: integer, maximum 9 -> integer, maximum 10",
    ),
    "a member of an answer more": (
        lambda new: crater(new).update(age={"type": "integer"}),
        "~ GET /moons/{}/craters: answer.age is new: integer",
    ),
    "a member of an answer less": (
        lambda new: crater(new)["rim"]["properties"].clear(),
        "~ GET /moons/{}/craters: answer.rim.height is gone: number, read-only",
    ),
    "a type of an answer": (
        lambda new: crater(new)["rim"]["properties"]["height"].update(type="integer"),
        "~ POST /moons/{}/craters: answer.rim.height: number, read-only -> integer, read-only",
    ),
    "null in an answer": (
        lambda new: crater(new)["label"].update(nullable=True),
        "~ POST /moons/{}/craters: answer.label: string, one of new, old -> string, one of new, old, or null",
    ),
    "a choice more": (lambda new: crater(new)["label"]["enum"].append("flat"), "one of flat, new, old"),
    "a choice less": (lambda new: crater(new)["label"]["enum"].remove("old"), "-> string, one of new"),
    "a kind of answer": (
        lambda new: new["paths"][PAGE]["delete"].update(responses=new["paths"][PAGE]["get"]["responses"]),
        "~ DELETE /moons/{}/craters: answer: empty -> page",
    ),
    "a scope": (
        lambda new: new["paths"][PAGE]["get"]["security"][1].update(oauth=["suns:read_only"]),
        "~ GET /moons/{}/craters: scopes: moons:read_only -> suns:read_only",
    ),
    "a deprecated operation": (
        lambda new: new["paths"][PAGE]["get"].update(deprecated=True),
        "~ GET /moons/{}/craters: deprecated is new: yes",
    ),
    "a deprecated member": (
        lambda new: crater(new)["rim"].update(deprecated=True),
        "~ GET /moons/{}/craters: answer.rim: object -> object, deprecated",
    ),
    "a beta": (
        lambda new: new["paths"][PAGE]["post"].update({"x-akamai": {"status": "BETA"}}),
        "~ POST /moons/{}/craters: stage is new: beta",
    ),
    "a member that is beta": (
        lambda new: crater(new)["rim"].update({"x-akamai": {"status": "BETA"}}),
        "~ GET /moons/{}/craters: answer.rim: object -> object, beta",
    ),
    "a version, by its parameter": (
        lambda new: new["paths"][PAGE]["parameters"][0]["schema"].update(enum=["v4beta"]),
        "~ GET /moons/{}/craters: version: v4 -> v4beta",
    ),
    "a version, by its server": (
        lambda new: new["paths"][PAGE]["get"].update(servers=[{"url": "https://api.linode.com/v4beta"}]),
        "~ GET /moons/{}/craters: version: v4 -> v4beta",
    ),
}


@pytest.mark.parametrize("older", ["the vendor's document", "facts"])
@pytest.mark.parametrize("kind", PLANTED_BY_THE_VENDOR)
def test_a_difference_in_the_document_of_the_vendor_is_found(kind, older, tmp_path, capsys):
    """Each kind of difference is found against an older document of the vendor, and against facts."""
    plant, line = PLANTED_BY_THE_VENDOR[kind]
    newer = copy.deepcopy(VENDORS)
    plant(newer)
    status, lines = compared(tmp_path, capsys, newer, OURS if older == "facts" else VENDORS)
    assert status == 1
    assert any(line in each for each in lines), lines
