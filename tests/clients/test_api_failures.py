"""An API in trouble, over both clients: what is safe is repeated, what is not is settled or said."""

from __future__ import annotations

import pytest
from asking import NANODE, REGION
from client_kinds import OverSocket

from linode import Linode, Retry
from linode.errors import (
    InvalidRequestError,
    LinodeError,
    MaintenanceError,
    NotFoundError,
    OutcomeUnknownError,
    RequestTimeoutError,
    ServerError,
)


@pytest.fixture(scope="module")
def speed():
    """Real speed: new objects are distinguished from older ones by the clock."""
    return 1


TROUBLE = {
    "dropped": {"connection": "dropped"},
    "dropped-after": {"connection": "dropped", "processed": True},
    "unavailable": {"status": 503, "headers": {"Retry-After": "0"}},
    "gateway": {"status": 502},
    "too-many": {"status": 429, "headers": {"Retry-After": "0"}},
    "html-400": {"status": 400, "body": "html"},
    "html-200": {"body": "html"},
    "broken": {"body": "broken"},
    "truncated": {"body": "truncated"},
    "empty": {"body": "empty"},
}


SOME = ["dropped-after", "unavailable", "html-400", "truncated"]
"""Of each sort one, for where all of them would tell no more."""


@pytest.fixture(params=TROUBLE)
def trouble(request):
    return TROUBLE[request.param]


def test_a_read_is_repeated(api, trouble):
    """Whatever happened to the first answer, the second one is what the user gets."""
    linode = api.linode("web")
    api.home.forget()
    api.home.fails("GET", "/linode/instances/*", **trouble)
    assert api.run(Linode(api.client, linode.id).load()).label == "web"
    assert api.paths() == [f"GET /linode/instances/{linode.id}"] * 2


@pytest.mark.parametrize("trouble", SOME, indirect=True)
def test_a_save_is_repeated(api, trouble):
    """Saving twice has the effect of saving once; no change is left unsaved."""
    linode = api.linode("web")
    linode.label = "mail"
    api.home.fails("PUT", "/linode/instances/*", **trouble)
    api.run(linode.save())
    api.home.forget()
    api.run(linode.save())
    assert api.paths() == []
    assert api.run(linode.load()).label == "mail"


@pytest.mark.parametrize("trouble", SOME, indirect=True)
def test_a_delete_is_repeated(api, trouble):
    """A 404 for the repeated deletion is no error."""
    linode = api.linode("web")
    api.home.fails("DELETE", "/linode/instances/*", **trouble)
    api.run(linode.delete())
    assert api.each(api.client.get_linodes()) == []


def test_a_lost_creation_is_reconciled(api, trouble):
    """There is one, exactly, and it is the one that comes back."""
    api.home.fails("POST", "/linode/instances", **trouble)
    linode = api.linode("web")
    assert linode.label == "web"
    assert api.each(api.client.get_linodes()) == [linode]


def test_a_creation_whose_answer_comes_too_late_is_found(api):
    """An object that was created long before the client gave up is found all the same."""
    client = api.another(timeout=1.0 if isinstance(api.home, OverSocket) else 60.0)
    api.home.fails("POST", "/linode/instances", delay=100.0)
    linode = api.run(client.create_linode(NANODE, REGION, label="web"))
    assert api.each(client.get_linodes()) == [linode]
    assert api.paths().count("POST /linode/instances") == 1


def test_a_creation_that_fails_throughout_leaves_nothing(api):
    """Sent again as often as allowed, looked for each time, and the last error is the user's."""
    client = api.another(retry=Retry(attempts=3))
    api.home.fails("POST", "/linode/instances", status=502, times=3)
    with pytest.raises(ServerError, match="502"):
        api.run(client.create_linode(NANODE, REGION, label="web"))
    assert api.paths() == ["POST /linode/instances", "GET /linode/instances"] * 3
    assert api.each(api.client.get_linodes()) == []


def test_an_older_object_of_the_same_name_is_not_returned(api):
    """An older object of somebody else is not returned as the new one."""
    api.linode("web")
    api.home.advance(60)
    api.home.fails("POST", "/linode/instances", connection="dropped")
    with pytest.raises(InvalidRequestError, match="unique"):
        api.linode("web")


def test_a_nameless_creation_is_not_repeated_blindly(api):
    """Nothing tells whether it was made; the error says so and how to find out."""
    api.home.fails("POST", "/linode/instances", connection="dropped", processed=True)
    with pytest.raises(OutcomeUnknownError, match=r"POST /linode/instances.*check before retrying"):
        api.run(api.client.create_linode(NANODE, REGION))
    assert api.paths() == ["POST /linode/instances"]
    assert len(api.each(api.client.get_linodes())) == 1


def test_a_lost_page_is_requested_again(api):
    """A list is whole although one of its pages broke on the way."""
    made = [api.linode(f"web{number:02}") for number in range(30)]
    api.client = api.another(page_size=25)
    api.home.fails("GET", "/linode/instances", body="truncated", skip=1)
    assert api.each(api.client.get_linodes()) == made


def test_maintenance_is_not_retried(api):
    """No second try: it is said by the API that there is no use in one."""
    headers = {"X-Maintenance-Mode": "all,closed for today", "Retry-After": "1"}
    api.home.fails("GET", "/linode/instances/*", status=503, headers=headers)
    with pytest.raises(MaintenanceError):
        api.run(Linode(api.client, 123).load())
    assert len(api.paths()) == 1


def test_retry_after_is_honoured_up_to_a_limit(api):
    """An hour is longer than the patience of a call: the error comes at once."""
    api.home.fails("GET", "/linode/instances/*", status=503, headers={"Retry-After": "3600"})
    with pytest.raises(ServerError):
        api.run(Linode(api.client, 123).load())
    assert len(api.paths()) == 1


def test_a_silent_server_ends_in_a_timeout(api):
    """After the timeout, each time; the error says what was asked."""
    client = api.another(timeout=0.2, retry=Retry(attempts=2))
    api.home.fails("GET", "/linode/instances/*", delay=3.0, times=2)
    with pytest.raises(RequestTimeoutError, match=r"GET .*/linode/instances/123.*no response in time"):
        api.run(Linode(client, 123).load())
    assert len(api.paths()) == 2


def test_a_refusal_is_not_repeated(api):
    """A request that the API has refused is not sent again."""
    with pytest.raises(NotFoundError):
        api.run(Linode(api.client, 999).load())
    with pytest.raises(InvalidRequestError):
        api.linode("x")
    assert len(api.paths()) == 2


@pytest.mark.parametrize("trouble", SOME, indirect=True)
def test_lasting_failures_end_in_an_error_of_the_library(api, trouble):
    """However it breaks, what comes is of this library."""
    client = api.another(retry=Retry(attempts=2))
    linode = api.linode("web")
    api.home.fails("GET", "/linode/instances/*", **trouble, times=2)
    with pytest.raises(LinodeError):
        api.run(Linode(client, linode.id).load())
