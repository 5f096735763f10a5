"""No method of any family sends a write in a dry run, whatever it is given."""

from __future__ import annotations

import inspect
from contextlib import suppress

import pytest
from fakes import Fake
from test_secrets import owner, verbs

from linode import LinodeClient
from linode._http.transport import Response
from linode.errors import LinodeError

VALUES = (5, [5], ["a"], {}, b"x")
"""Some of these are valid for a parameter; all others are refused before anything is sent."""
REFUSED = (TypeError, ValueError, AttributeError, LookupError, LinodeError)


def needed(function, value):
    """The arguments that *function* requires, each of them *value*."""
    parameters = inspect.signature(inspect.unwrap(function)).parameters.values()
    named = [each for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    return {each.name: value for each in named if each.default is each.empty and each.name != "self"}


def reads(request):
    """Whether a POST changes nothing: a query of metrics, or for a URL to read an object from."""
    return request.url.endswith("/metrics") or (
        request.url.endswith("/object-url") and b'"method":"GET"' in request.content
    )


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
def test_no_method_sends_a_write():
    """Reads are answered with nothing; most of the methods are listed, so that the test is about something."""
    written, listed = [], set()

    def give(request):
        written.extend([request.url] if request.method != "GET" and not reads(request) else [])
        return Response(200, {}, b"{}")

    for cls, name, function in (each.values for each in verbs()):
        for value in VALUES:
            client = LinodeClient("t" * 64, "http://api.test/v4", transport=Fake(give))
            with client.dry_run() as calls:
                with suppress(*REFUSED):
                    getattr(owner(client, cls), name)(**needed(function, value))
                listed.update((cls, name) for _ in calls)
    assert written == []
    assert len(listed) > 160
