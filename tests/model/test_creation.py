"""Safe creation: whatever happens to the answers, never two, and never one that is made and lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from fakes import client_of, paged
from hypothesis import given, settings
from hypothesis import strategies as st

from linode import Linode, LinodeClient
from linode._http.transport import Response
from linode.errors import (
    ConnectionFailedError,
    InvalidRequestError,
    LinodeError,
    OutcomeUnknownError,
    RequestTimeoutError,
    TransportError,
    UnexpectedResponseError,
)

TAKEN = Response(400, {}, b'{"errors":[{"reason":"Label must be unique among your Linodes","field":"label"}]}')
LOST = ["reset", "timeout", "502", "504", "500", "503", "html", "truncated", "empty"]


def spoilt(fault, answer):
    """The response *answer*, broken by *fault*."""
    if fault in ("reset", "timeout"):
        return TransportError("reset") if fault == "reset" else RequestTimeoutError("late")
    if fault.isdigit():
        return Response(int(fault), {}, b"<html>bad gateway</html>")
    return Response(200, {}, {"html": b"<html>hello</html>", "truncated": answer.content[:-3], "empty": b""}[fault])


class World:
    """An account whose Linodes have unique labels, behind a network that breaks as *faults* say."""

    def __init__(self, faults):
        self.rows = []
        self.faults = iter(faults)

    def __call__(self, request):
        fault, done = next(self.faults, ("none", True))
        if fault == "refused":
            return ConnectionFailedError("refused")
        if fault == "429":
            return Response(429, {}, b'{"errors":[{"reason":"Too many requests"}]}')
        answer = self.carried_out(request) if done or fault == "none" else Response(200, {}, b"{}")
        return answer if fault == "none" else spoilt(fault, answer)

    def carried_out(self, request):
        if request.method == "GET":
            return Response(200, {"Date": self.date()}, json.dumps(paged(self.rows)(request)).encode())
        body = json.loads(request.content)
        if any(row["label"] == body.get("label") for row in self.rows):
            return TAKEN
        row = {"id": len(self.rows) + 1, "created": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}", **body}
        row.setdefault("label", f"linode{row['id']}")
        self.rows.append(row)
        return Response(200, {}, json.dumps(row).encode())

    def date(self):
        return f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S GMT}"


faults = st.lists(
    st.tuples(st.sampled_from(["none", "refused", "429", *LOST]), st.booleans()),
    max_size=9,
)


@given(faults)
@settings(deadline=None, max_examples=400)
def test_a_creation_with_a_label_is_made_once_or_its_outcome_is_unknown(plan):
    """With a label: one at the most; reported as made exactly when it is there, or the error leaves it open."""
    world = World(plan)
    client, _ = client_of(world)
    try:
        linode = client.create_linode("g6-nanode-1", "us-east", label="web")
    except OutcomeUnknownError:
        assert len(world.rows) <= 1
    except LinodeError:
        assert world.rows == []
    else:
        assert [row["id"] for row in world.rows] == [linode.id]
        assert linode.label == "web"


@given(faults)
@settings(deadline=None, max_examples=400)
def test_a_creation_without_a_label_is_never_repeated(plan):
    """Without a label there is nothing to look for: one at the most, and a lost answer is said to be one."""
    world = World(plan)
    client, _ = client_of(world)
    try:
        client.create_linode("g6-nanode-1", "us-east")
    except OutcomeUnknownError as error:
        assert "POST /linode/instances" in str(error)
        assert len(world.rows) <= 1
    except LinodeError:
        assert world.rows == []
    else:
        assert len(world.rows) == 1


def test_an_older_object_of_the_same_label_is_not_returned():
    """An old object was not created by this request: the user gets the refusal."""
    world = World([("reset", False)])
    world.rows.append({"id": 7, "label": "web", "created": "2018-01-02T03:04:05"})
    client, _ = client_of(world)
    with pytest.raises(InvalidRequestError, match="unique"):
        client.create_linode("g6-nanode-1", "us-east", label="web")


@pytest.mark.parametrize("created", [{}, {"created": None}, {"created": "soon"}, {"created": 7}])
def test_an_object_of_unknown_age_leaves_the_outcome_unknown(created):
    """Nothing tells whether it was there before: neither is it given out, nor is there said to be none."""
    world = World([("reset", False)])
    world.rows.append({"id": 7, "label": "web", **created})
    client, _ = client_of(world)
    with pytest.raises(OutcomeUnknownError, match="POST /linode/instances"):
        client.create_linode("g6-nanode-1", "us-east", label="web")


def test_a_lost_response_to_a_method_is_an_unknown_outcome():
    """A boot whose answer was lost may have happened; it is not sent again."""
    client, fake = client_of({"POST /linode/instances/123/boot": TransportError("reset")})
    with pytest.raises(OutcomeUnknownError, match="POST /linode/instances/123/boot") as caught:
        Linode(client, 123).boot()
    assert isinstance(caught.value.__cause__, TransportError)
    assert len(fake.asked) == 1


def test_an_unreadable_response_is_an_error_of_the_library():
    """Reads are repeated, and end in the error of the last answer."""
    client, fake = client_of({"GET /linode/instances/123": Response(200, {}, b"<html>")})
    with pytest.raises(UnexpectedResponseError):
        Linode(client, 123).load()
    assert len(fake.asked) > 1


def test_the_description_of_a_creation_looks_for_no_name(monkeypatch):
    """A name that a client lacks costs a search among all that it has, for the error."""
    client, create = LinodeClient("t"), LinodeClient.create_volume
    monkeypatch.setattr("linode.client.families._import", lambda _cls, name: pytest.fail(f"{name} was looked for"))
    assert create(client, "data", region="us-east").path == "/volumes"
