"""The way of a request is short: few frames to the transport, and few in a traceback."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import pytest
from fakes import Fake

import linode
from linode import Linode, LinodeClient
from linode.errors import InvalidRequestError

PACKAGE = str(Path(linode.__file__).parent)
ROW = {"id": 7, "label": "web", "status": "running"}
PAGE = {"data": [ROW], "page": 1, "pages": 1, "results": 1}
WAYS = {
    "a field": lambda client: Linode(client, 7).label,
    "a list": lambda client: list(client.get_linodes()),
    "a verb": lambda client: Linode(client, 7).shutdown(),
    "a creation": lambda client: client.create_linode("g6-nanode-1", "us-east", label="web"),
}


def ours(stack) -> list[str]:
    return [f"{each.filename}:{each.name}" for each in stack if each.filename.startswith(PACKAGE)]


@pytest.mark.parametrize("way", WAYS)
def test_at_most_five_frames_of_the_library_lie_between_a_call_and_the_transport(way):
    """From the user's line to what sends, once everything is loaded."""
    seen = []

    def answer(request):
        seen.append(ours(traceback.extract_stack(sys._getframe())))
        return PAGE if request.url.partition("?")[0].endswith("/instances") and request.method == "GET" else ROW

    with LinodeClient("t", "http://api.test/v4", transport=Fake(answer)) as client:
        for _ in range(2):
            WAYS[way](client)
    assert len(seen[-1]) <= 5, seen[-1]


@pytest.mark.parametrize("way", WAYS)
def test_a_traceback_shows_at_most_five_frames_of_the_library(way):
    """Those of what led to the error included."""
    client = LinodeClient("t", "http://api.test/v4", transport=Fake(lambda _: linode_refusal()))
    with pytest.raises(InvalidRequestError) as caught:
        WAYS[way](client)
    shown = []
    error: BaseException | None = caught.value
    while error is not None:
        shown += ours(traceback.extract_tb(error.__traceback__))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    assert 1 <= len(shown) <= 5, shown


def linode_refusal():
    from linode._http.transport import Response

    return Response(400, {}, b'{"errors":[{"reason":"no","field":"label"}]}')
