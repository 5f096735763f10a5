"""Behaviour of the shared parts, in any application."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest
from fastapi import Depends
from fastapi.testclient import TestClient
from nacl.exceptions import CryptoError
from pydantic import SecretStr

import linode
from common.limits import Limit
from common.live import AGAIN_MS, MAX_STREAMS, follow
from common.pages import create_app
from common.secrets import Vault, box_of, seal, unseal
from common.settings import Settings


class Told(Settings):
    """The settings of an application without pages."""

    name: ClassVar[str] = "told"
    in_sandbox: ClassVar[bool] = False
    limit_calls: str = "2/minute"


TROUBLE = {
    "down": (linode.ServerError(503, (), method="GET", path="/x"), 503),
    "maintenance": (linode.MaintenanceError(503, (), method="GET", path="/x"), 503),
    "too much": (linode.RateLimitedError(429, (), method="GET", path="/x"), 503),
    "not sent": (linode.ConnectionFailedError("no connection"), 503),
    "late": (linode.RequestTimeoutError("no answer"), 503),
    "not the API": (linode.UnexpectedResponseError("<html>"), 503),
    "unknown": (linode.OutcomeUnknownError("POST", "/x", "lost"), 503),
    "sold out": (linode.InvalidRequestError(400, [linode.errors.Reason("This plan is sold out")]), 409),
    "unpaid": (linode.ApiError(402, (), method="POST", path="/x"), 402),
    "access": (linode.AuthenticationError(401, (), method="GET", path="/x"), 502),
    "login": (linode.OAuthError("invalid_grant", status=400), 502),
}


@pytest.fixture
def client(tmp_path):
    settings = Told(secret_key="k" * 40, data_dir=tmp_path, public_url="https://told.example.com")
    settings.completed()
    app = create_app(settings, Path(__file__).parent)

    @app.get("/trouble/{name}")
    def trouble(name: str) -> None:
        raise TROUBLE[name][0]

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("swordfish")

    @app.get("/number/{number}", dependencies=[Depends(Limit("limit_calls"))])
    def number(number: int) -> str:
        return str(number)

    with TestClient(app, base_url="https://told.example.com", raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("name", TROUBLE)
def test_each_error_of_linode_is_a_page(client, name):
    """Every error has a page of its own status, with a heading and a way on, and without the library's words."""
    answer = client.get(f"/trouble/{name}")
    assert answer.status_code == TROUBLE[name][1]
    assert re.search(r"<h1>[A-Z][^<]+</h1>", answer.text)
    assert 'href="/"' in answer.text
    assert str(TROUBLE[name][0]) not in answer.text
    assert "default-src" in answer.headers["content-security-policy"]


def test_a_fault_of_our_own_is_a_page(client):
    """An unexpected error is a page with status 500 and the usual headers, without details of the error."""
    answer = client.get("/broken")
    assert (answer.status_code, "This is an error of ours" in answer.text) == (500, True)
    assert "swordfish" not in answer.text
    assert "default-src" in answer.headers["content-security-policy"]


def test_what_is_nowhere(client):
    """Wrong addresses, wrong parameters and wrong methods are pages."""
    assert client.get("/nowhere").status_code == 404
    assert client.get("/number/one").status_code == 404
    assert client.post("/broken").status_code == 405
    for path in ("/nowhere", "/number/one"):
        assert "Page not found" in client.get(path).text


@pytest.mark.parametrize("host", ["evil.example.com", "told.example.com.evil.example", "", "[", "told.example.com@x"])
def test_another_host_is_refused(client, host):
    """A request for another host than the site's own gets no page and no redirect, whatever its path."""
    for path in ("/number/1/", "/nowhere", "/static/style.css"):
        answer = client.get(path, headers={"Host": host}, follow_redirects=False)
        assert (answer.status_code, "location" in answer.headers) == (421, False)
        assert "default-src" in answer.headers["content-security-policy"]
    assert client.get("/number/1", headers={"Host": "TOLD.example.com:443"}).status_code == 200


def test_a_limit_is_counted_for_each_address(client):
    """The third call in a minute is refused, and says when to come back."""
    assert [client.get("/number/1").status_code for _ in range(3)] == [200, 200, 429]
    assert 0 < int(client.get("/number/1").headers["retry-after"]) <= 60


def test_ipv6_is_counted_by_half(client):
    """Whoever has an IPv6 network is one visitor, whichever of its addresses they come from; IPv4 is told apart."""

    def status(address):
        with TestClient(client.app, base_url="https://told.example.com", client=(address, 1)) as other:
            return other.get("/number/1").status_code

    assert [status(f"2001:db8:1:2::{last}") for last in range(3)] == [200, 200, 429]
    assert status("2001:db8:1:3::1") == 200
    assert [status(f"::ffff:192.0.2.{last}") for last in range(3)] == [200] * 3


def test_streams_are_bounded():
    """As many pages are followed at a time as there is room for; one more gets what is now, and comes back."""

    async def followed():
        streams = [follow(lambda: ("now", False)) for _ in range(MAX_STREAMS)]
        for each in streams:
            await anext(each)
        crowded = [event async for event in follow(lambda: ("now", False))]
        for each in streams:
            await each.aclose()
        return crowded

    (event,) = run_apart(followed())
    assert (event.raw_data, event.event, event.retry) == ("now", None, AGAIN_MS)
    again = follow(lambda: ("then", True))
    assert [each.event for each in run_apart(all_of(again))] == ["settled"]


def run_apart(coroutine):
    """The result of *coroutine*, run in a thread, because the browser of other tests has an event loop in this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, coroutine).result()


async def all_of(stream):
    return [each async for each in stream]


def test_a_sealed_secret_is_for_one_browser():
    """Only the session whose box it was sealed for opens it; the box can be asked for again."""
    mine, other = {}, {}
    sealed = seal(box_of(mine), "correct horse")
    box_of(other)
    assert box_of(mine) == box_of(mine)
    assert b"horse" not in sealed
    assert (unseal(mine, sealed), unseal(other, sealed), unseal({}, sealed)) == ("correct horse", None, None)


def test_a_vault_opens_with_its_key_alone():
    """Text that was locked can be unlocked with the same key, and with no other."""
    locked = Vault(SecretStr("a" * 32)).lock("token")
    assert Vault(SecretStr("a" * 32)).unlock(locked) == "token"
    with pytest.raises(CryptoError):
        Vault(SecretStr("b" * 32)).unlock(locked)
