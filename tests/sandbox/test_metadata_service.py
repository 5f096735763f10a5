"""The Metadata service of the sandbox, below any client: formats, tokens and refusals."""

from __future__ import annotations

import json

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION

from linode._http.transport import Request
from linode.sandbox import Fault, Sandbox

HOUR = {"Metadata-Token-Expiry-Seconds": "3600"}


@pytest.fixture
def inside(sandbox, running):
    """A function that sends a request from the running Linode, and returns status, media type and text."""

    def ask(method, path, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = sandbox.gateway.handle(Request(method, sandbox.metadata_url(running) + path, sent))
        return answer.status, answer.headers["content-type"].partition(";")[0], answer.content.decode()

    return ask


@pytest.fixture
def token(inside):
    """A token for the running Linode."""
    return inside("PUT", "/token", **HOUR)[2]


def errors(*reasons):
    return json.dumps({"errors": [{"reason": reason} for reason in reasons]}, separators=(",", ":"))


def test_a_token_is_text_or_a_list(inside):
    """A token is 64 hexadecimal digits, as text or as the only element of a JSON array."""
    status, kind, text = inside("PUT", "/token", **HOUR)
    assert (status, kind, len(text)) == (200, "text/plain", 64)
    assert int(text, 16)
    status, kind, text = inside("PUT", "/token", Accept="application/json", **HOUR)
    (found,) = json.loads(text)
    assert (status, kind, len(found)) == (200, "application/json", 64)


@pytest.mark.parametrize("seconds", ["", "0", "0.5", "-1", "1e3", "nan", "86401", "9" * 5000, "\u0661"])
def test_a_lifetime_that_is_none_is_refused(inside, seconds):
    """A token needs a lifetime in seconds, from 1 on."""
    status, _, text = inside("PUT", "/token", Metadata_Token_Expiry_Seconds=seconds)
    assert (status, text) == (400, errors("The header Metadata-Token-Expiry-Seconds must be 1 to 86400."))


def test_a_lifetime_may_have_a_fraction(sandbox, inside):
    """The vendor's awaited client sends its lifetime as a decimal number."""
    token = inside("PUT", "/token", Metadata_Token_Expiry_Seconds="3600.0")[2]
    sandbox.advance(3590)
    assert inside("GET", "/instance", Metadata_Token=token)[0] == 200


def test_without_a_valid_token_nothing_is_shown(sandbox, inside, token):
    """No token, an unknown one and an expired one are refused with 401 in JSON, whatever the client accepts."""
    refused = 401, "application/json", errors("Unauthorized")
    assert inside("GET", "/instance") == refused
    assert inside("GET", "/instance", Metadata_Token="1" * 64, Accept="text/plain") == refused
    assert inside("GET", "/instance", Metadata_Token=token)[0] == 200
    sandbox.advance(3600)
    assert inside("GET", "/instance", Metadata_Token=token) == refused


def test_a_token_belongs_to_one_linode(sandbox, client, token):
    """The token of a Linode shows nothing of another."""
    other = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, label="other")
    client.wait_for([other], "running")
    url = f"{sandbox.metadata_url(other)}/instance"
    assert sandbox.gateway.handle(Request("GET", url, {"Metadata-Token": token})).status == 401


def test_text_has_a_line_for_each_value(sandbox, client, running, inside, token):
    """Text is sorted lines ``name: value`` without null and empty values; the token of the API is not asked for."""
    running.tags = ["one", "two", "with: colon"]
    running.save()
    status, kind, text = inside("GET", "/instance", Metadata_Token=token)
    assert (status, kind) == (200, "text/plain")
    assert text.splitlines() == [
        next(line for line in text.splitlines() if line.startswith("account_euuid: ")),
        "backups.enabled: false",
        f"host_uuid: {running.host_uuid}",
        f"id: {running.id}",
        f"image.id: {DEBIAN}",
        "image.label: Debian 12",
        "label: running",
        f"region: {REGION}",
        "specs.disk: 25600",
        "specs.gpus: 0",
        "specs.memory: 1024",
        "specs.transfer: 1000",
        "specs.vcpus: 1",
        "tags: one",
        "tags: two",
        "tags: with: colon",
        f"type: {NANODE}",
    ]


def test_user_data_is_base64_text(sandbox, inside, token, client, running):
    """User data is shown in base64, also to a client that accepts JSON; without any, the response is empty."""
    assert inside("GET", "/user-data", Metadata_Token=token) == (200, "text/plain", "")
    running.rebuild(DEBIAN, root_pass=PASSWORD, metadata={"user_data": "hello"})
    sandbox.advance(120)
    shown = inside("GET", "/user-data", Metadata_Token=token, Accept="application/json")
    assert shown == (200, "text/plain", "aGVsbG8=")


def test_unknown_paths_and_methods_are_refused(inside, token):
    """Another part, another version and another method are 404 and 405."""
    assert inside("GET", "/", Metadata_Token=token)[0] == 404
    assert inside("GET", "/nothing", Metadata_Token=token)[0] == 404
    assert inside("GET", "/../v2/instance", Metadata_Token=token)[0] == 404
    assert inside("POST", "/instance", Metadata_Token=token)[0] == 405
    assert inside("GET", "/token", Metadata_Token=token)[0] == 405


@pytest.mark.parametrize("path", ["/metadata/", "/metadata/x/v1/token", "/metadata/999/v1/token", "/metadata/999"])
def test_no_linode_no_service(sandbox, path):
    """An address without a Linode is not found."""
    assert sandbox.gateway.handle(Request("PUT", f"http://sandbox{path}", HOUR)).status == 404


def test_linodes_of_every_account_have_the_service(sandbox):
    """A Linode of another account learns the EUUID of that account."""
    client = sandbox.client(sandbox.add_account("Other"))
    linode, _ = client.create_linode(NANODE, REGION, image=DEBIAN, label="theirs")
    client.wait_for([linode], "running")
    assert sandbox.metadata_client(linode.id).instance().account_euuid == client.get_account().euuid


def test_shared_addresses_and_ranges_are_apart(sandbox, client, running):
    """An address and a range of another Linode are shared ones, a range that is routed to the Linode is not."""
    other = client.create_linode(NANODE, REGION, label="other")
    sandbox.advance(30)
    mine = client.create_ipv6_range(64, linode_id=running.id)
    theirs = client.create_ipv6_range(64, linode_id=other.id)
    client.share_ips(running, [other.ipv4[0], theirs.range])
    found = sandbox.metadata_client(running).network()
    assert found.ipv4.shared == [f"{other.ipv4[0]}/32"]
    assert found.ipv6.ranges == [f"{mine.range.partition('/')[0]}/64"]
    assert found.ipv6.shared_ranges == [f"{theirs.range.partition('/')[0]}/64"]


def test_a_fault_can_name_the_service(sandbox, running):
    """A fault on the service's path is met by its requests, and is not refused as one that nothing meets."""
    fault = Fault("GET", "/metadata/*/v1/instance", status=503, times=1)
    sandbox.faults.append(fault)
    assert sandbox.metadata_client(running).instance().label == "running"
    assert fault.hits == 1


def test_tokens_survive_a_restart(tmp_path):
    """A data file keeps the tokens, and the keys of the deployment."""
    data = str(tmp_path / "world.db")
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL3Sd7nNEcEwBlMc1Wc3xy7S9Gk0uGq8Q0mAMyZ0Xn8i"
    with Sandbox(data) as first:
        linode, _ = first.client().create_linode(NANODE, REGION, image=DEBIAN, label="kept", authorized_keys=[key])
        linode.wait()
        url = first.metadata_url(linode)
        token = first.gateway.handle(Request("PUT", f"{url}/token", HOUR)).content.decode()
    with Sandbox(data) as second:
        answer = second.gateway.handle(Request("GET", f"{url}/ssh-keys", {"Metadata-Token": token}))
        assert answer.content.decode() == f"users.root: {key}"


def test_the_address_of_a_port(sandbox, running):
    """The address takes a port's, with or without a slash, and a Linode or its ID."""
    assert sandbox.metadata_url(running) == f"http://sandbox/metadata/{running.id}/v1"
    assert sandbox.metadata_url(7, "http://127.0.0.1:8080/") == "http://127.0.0.1:8080/metadata/7/v1"
