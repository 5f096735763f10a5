"""An edited document is refused by the place of the edit, or works."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest
from asking import send
from full_world import furnish
from random_edits import edited, use

from linode.sandbox import Sandbox, SandboxError
from linode.sandbox.core.schema import resources, table_of
from linode.sandbox.state.seals import editable


@functools.cache
def exported() -> str:
    """The document of a world with one of everything, and a job under way."""
    with Sandbox(seed=1) as sandbox:
        client = furnish(sandbox)
        sandbox.add_account("Shop Inc.")
        client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", label="busy")
        return json.dumps(sandbox.export(secrets=True))


@pytest.fixture
def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(exported())
    return made


@pytest.mark.parametrize("first", range(0, 60, 30))
def test_a_loaded_document_works(document, first):
    """All of it can be read, changed, deleted and exported again, and its jobs run."""
    refused = 0
    for seed in range(first, first + 30):
        spoilt, edit = edited(document, seed)
        with Sandbox(seed=1) as sandbox:
            try:
                sandbox.load(spoilt)
            except SandboxError as error:
                refused += 1
                assert edit.split(":")[0].split("[")[0] in str(error), (edit, str(error))
                continue
            assert use(sandbox) == [], edit
            sandbox.export()
    assert 5 < refused < 30


def test_what_the_api_shows_can_be_edited(document):
    """Texts, numbers, dates and tags; requests see them, and the world goes on."""
    linode = document["rows"]["Linode"][0]
    linode |= {"label": "edited", "tags": ["by-hand"], "created": "2020-01-01T00:00:00"}
    document["rows"]["Volume"][0]["size"] = 40
    with Sandbox(seed=1) as sandbox:
        sandbox.load(document)
        shown = json.loads(send(sandbox, "GET", f"/v4/linode/instances/{linode['id']}").content)
        assert (shown["label"], shown["tags"], shown["created"]) == ("edited", ["by-hand"], "2020-01-01T00:00:00")
        assert use(sandbox) == []


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (
            lambda rows: rows["Volume"][0].update(linode_id=999),
            r"rows\.Volume\[0\]: no members but .*size.* restore it",
        ),
        (lambda rows: rows["Domain"][0].update(status="odd"), r"rows\.Domain\[0\]\.status: Must be one of"),
        (lambda rows: rows["_Meter"][1].update(hourly=0), r"rows\._Meter\[1\]: no members can be edited"),
        (lambda rows: rows["_Counter"].pop(0), r"rows\._Counter lacks the row '_Account'"),
        (lambda rows: rows.pop("_Job"), r"lacks rows\._Job, which was exported"),
        (lambda rows: rows["Domain"].append({**rows["Domain"][0], "id": 9}), r"Domain\[1\]: .*take it out, and create"),
    ],
)
def test_what_the_sandbox_keeps_cannot_be_edited(document, edit, words):
    edit(document["rows"])
    with Sandbox(seed=1) as sandbox, pytest.raises(SandboxError, match=words):
        sandbox.load(document)


def test_every_class_tells_what_can_be_edited():
    """Members that refer to others are not among it."""
    found = {cls.__name__: set(editable(cls.__name__)) for cls in resources() if table_of(cls) == cls.__name__}
    assert {"label", "tags", "status", "created"} <= found["Linode"]
    assert not {"id", "region", "type", "image", "specs", "backups", "ipv4"} & found["Linode"]
    assert "linode_id" not in found["Volume"]
