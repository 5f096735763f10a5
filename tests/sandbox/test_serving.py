"""The sandbox on a port of this very process, and the applications that can log users in there."""

from __future__ import annotations

import gc
import logging
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx2
import pytest
from asking import raw
from browser import log_in
from sandbox_process import served

from linode import LinodeClient, LinodeLoginClient, OAuthScopes, Retry
from linode.errors import OAuthError, TransportError
from linode.sandbox import Fault, SandboxError
from linode.sandbox.gateways.gateway import MAX_BYTES

ONCE = Retry(attempts=1)


def on_port(sandbox, address, **options):
    """A client of *sandbox* that takes the way over its port."""
    return LinodeClient(sandbox.token, f"{address}/v4", **options)


def test_clients_in_process_and_on_the_port_see_one_world(sandbox):
    """An object that one client creates is found by the other, and both are in the list of requests."""
    with sandbox.serve() as address, on_port(sandbox, address) as there:
        assert urlsplit(address).hostname == "127.0.0.1"
        sandbox.client().create_domain("example.com", soa_email="admin@example.com")
        (domain,) = there.get_domains()
        domain.create_record("A", name="www", target="192.0.2.1")
        assert [record.name for record in sandbox.client().get_domains()[0].records] == ["www"]
    assert [asked.method for asked in sandbox.requests] == ["POST", "GET", "POST", "GET", "GET"]


def test_a_body_is_not_read_before_the_token_nor_past_its_bound(sandbox):
    """Nor is one that does not say how long it is; the sandbox goes on."""
    with sandbox.serve() as address:
        url = urlsplit(address)
        for token, status in (("wrong", b"401"), (sandbox.token, b"413")):
            for announced in (b"Content-Length: 400000000", b"Transfer-Encoding: chunked"):
                with socket.create_connection((url.hostname, url.port), timeout=10) as connection:
                    head = f"POST /v4/domains HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n".encode()
                    connection.sendall(head + announced + b"\r\n\r\n")
                    if status == b"413" and b"chunked" in announced:
                        connection.sendall(b"900000\r\n" + b"x" * 0x900000 + b"\r\n")
                    assert connection.recv(100).startswith(b"HTTP/1.1 " + status)
        with on_port(sandbox, address) as there:
            assert there.create_domain("example.com", soa_email="admin@example.com").id


def test_a_body_in_process_has_the_same_bound(sandbox):
    """Nothing of one that is larger is kept; a wrong token is refused for the token."""
    large = b'{"domain": "a.example.com", "type": "master", "soa_email": "a@b.com", "x": "' + b"x" * MAX_BYTES + b'"}'
    assert raw(sandbox, "POST", "/domains", large)[0] == 413
    assert raw(sandbox, "POST", "/domains", large, token="wrong")[0] == 401
    assert raw(sandbox, "POST", "/domains", large.replace(b"x" * 1_000, b"", 1))[0] == 200
    assert raw(sandbox, "GET", "/domains")[1]["results"] == 1


def test_the_end_of_the_block_ends_the_serving(sandbox):
    """Nobody listens any more, no thread is left, and the world goes on; the port can be had again."""
    threads = threading.active_count()
    for _ in range(2):
        with sandbox.serve() as address:
            port = urlsplit(address).port
        assert threading.active_count() == threads
        with sandbox.serve(port=port) as again:
            assert again == address
    with on_port(sandbox, address, retry=ONCE) as there, pytest.raises(TransportError):
        there.get_domains()[:]
    assert sandbox.client().get_domains()[:] == []


def test_what_is_under_way_does_not_hold_the_end_up(sandbox):
    """Neither an open connection, nor half a request, nor an answer that is late; and none of them is warned about."""
    sandbox.faults.append(Fault("GET", "/domains", delay=600))
    with ThreadPoolExecutor() as pool, httpx2.Client(trust_env=False, timeout=30) as idle:
        with sandbox.serve() as address:
            idle.get(f"{address}/v4/regions").raise_for_status()
            half = socket.create_connection((urlsplit(address).hostname, urlsplit(address).port))
            half.sendall(
                f"POST /v4/domains HTTP/1.1\r\nHost: sandbox\r\nAuthorization: Bearer {sandbox.token}\r\n"
                f"Content-Length: 100\r\n\r\n{{".encode()
            )
            late = pool.submit(on_port(sandbox, address, retry=ONCE, timeout=60).request, "GET", "/domains")
            deadline = time.monotonic() + 30
            while len(sandbox.requests) < 2:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            began = time.monotonic()
        assert time.monotonic() - began < 30
        assert isinstance(late.exception(), TransportError)
        assert half.recv(1) == b""
        half.close()
    gc.collect()


def test_a_lost_client_is_not_waited_for(sandbox):
    """A client that gives up on a late response frees its connection at the other end too."""
    sandbox.faults.append(Fault("GET", "/domains", delay=600))
    with sandbox.serve() as address, on_port(sandbox, address, retry=ONCE, timeout=0.2) as there:
        with pytest.raises(TransportError):
            there.get_domains()[:]
        assert there.get_regions()[0].id


def test_it_is_served_from_any_thread(sandbox):
    """Also from one that cannot handle signals, whose handlers stay as they are."""

    def ask() -> int:
        with sandbox.serve() as address:
            return httpx2.get(f"{address}/v4/regions", trust_env=False).status_code

    with ThreadPoolExecutor() as pool:
        assert pool.submit(ask).result() == 200


def test_the_logging_of_the_program_around_it_stays_as_it_is(sandbox):
    """The program may have a server of the same kind, with a log of its own."""
    names = ("", "uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
    logs = [logging.getLogger(name) for name in names]
    before = [(each.level, list(each.handlers), each.propagate) for each in logs]
    with sandbox.serve():
        assert [(each.level, list(each.handlers), each.propagate) for each in logs] == before


def test_what_fails_inside_the_block_is_told_as_it_is(sandbox):
    """The server ends, and hides nothing."""
    with pytest.raises(ZeroDivisionError), sandbox.serve():
        raise ZeroDivisionError


def test_a_port_that_is_taken_is_told(sandbox):
    """Also a host that is not this one's."""
    with sandbox.serve() as address:
        port = urlsplit(address).port
        with pytest.raises(SandboxError, match=f"cannot listen on 127.0.0.1 port {port}: "), sandbox.serve(port=port):
            pass
    with pytest.raises(SandboxError, match=r"cannot listen on 192\.0\.2\.1 port 0: "), sandbox.serve("192.0.2.1"):
        pass


@pytest.mark.parametrize("code", ["with Sandbox() as box, box.serve(): pass", "sys.exit(main(['--port', '0']))"])
def test_without_uvicorn_the_cure_is_told(code):
    """The error names uvicorn, which only a port needs."""
    setting = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "from linode.sandbox import Sandbox\nfrom linode.sandbox.__main__ import main\n"
    )
    done = subprocess.run([sys.executable, "-c", setting + code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "serving needs uvicorn: pip install uvicorn" in done.stderr.splitlines()[-1]


# -- applications ----------------------------------------------------------------------------------------------------


BACK = "http://localhost:5000/back"


def logs_in(address, client_id, client_secret):
    """Whether the application can log a user in at *address*; the user's token is good there."""
    with LinodeLoginClient(client_id, client_secret, address, redirect_uri=BACK) as login:
        pkce = login.new_pkce()
        url = login.generate_login_url(OAuthScopes("linodes:read_only"), code_challenge=pkce.challenge)
        back = log_in(url, login._transport)
        assert back.startswith(f"{BACK}?")
        grant = login.finish_oauth(login.read_redirect(back), code_verifier=pkce.verifier)
    with LinodeClient(grant.token, f"{address}/v4") as client:
        return client.get_linodes()[:] == []


def test_an_application_can_have_the_id_and_the_secret_that_it_is_configured_with(sandbox):
    """An application with a given ID logs users in, also when the ID was another's before, and after a reset."""
    assert sandbox.add_oauth_client("Shop", "http://localhost/other", id="shop", secret="s3cret") == ("shop", "s3cret")
    assert sandbox.add_oauth_client("Shop", BACK, id="shop", secret="s3cret") == ("shop", "s3cret")
    made_up = sandbox.add_oauth_client("Another", BACK)
    with sandbox.serve() as address:
        for _ in range(2):
            assert logs_in(address, "shop", "s3cret")
            assert logs_in(address, *made_up)
            sandbox.reset()
        with pytest.raises(OAuthError, match="401 invalid_client"):
            logs_in(address, "shop", "another")


def test_applications_are_registered_on_the_command_line():
    """One with a secret and a public one; over a reset, too."""
    with served("--app", f"shop:s3cret={BACK}", "--app", f"phone={BACK}") as http:
        address = str(http.base_url).rstrip("/")
        http.post("/sandbox/reset").raise_for_status()
        assert logs_in(address, "shop", "s3cret")
        assert logs_in(address, "phone", None)


@pytest.mark.parametrize("text", ["shop", "shop:s3cret", f"shop:={BACK}", f":s3cret={BACK}", "shop:s3cret=back"])
def test_what_is_no_application_is_told_without_its_secret(text):
    """The form is shown instead."""
    command = [sys.executable, "-m", "linode.sandbox", "--port", "0", "--app", text]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "must be ID:SECRET=REDIRECT_URI" in done.stderr
    assert "s3cret" not in done.stderr
