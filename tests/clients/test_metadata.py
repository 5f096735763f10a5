"""The Metadata service, as a program on a Linode has it: either client, in process and over a socket."""

from __future__ import annotations

import gzip
import pickle
import re

import pytest
from asking import DEBIAN, PASSWORD, REGION
from client_kinds import InProcess

from linode import AsyncMetadataClient, MetadataClient, NetworkMetadataInterface, Retry
from linode.errors import AuthenticationError, ConnectionFailedError, NotFoundError, NotLoadedError, ServerError

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL3Sd7nNEcEwBlMc1Wc3xy7S9Gk0uGq8Q0mAMyZ0Xn8i ada@example.com"


def tokens(api):
    """The number of tokens of the service that were asked for."""
    return len([each for each in api.paths() if each.startswith("PUT /metadata/") and each.endswith("/token")])


def test_a_program_learns_about_its_linode(api):
    """The Linode and its resources are those that the API shows, read as typed fields."""
    linode = api.running(tags=["shop", "web"])
    found = api.run(api.metadata(linode).instance())
    assert (found.id, found.label, found.region, found.type) == (linode.id, "web", REGION, linode.type.id)
    assert (found.tags, found.host_uuid) == (["shop", "web"], linode.host_uuid)
    assert (found.specs.vcpus, found.specs.memory, found.specs.disk) == (1, 1024, 25600)
    assert (found.backups.enabled, found.backups.status) == (False, None)
    assert (found.image.id, found.image.label) == (DEBIAN, "Debian 12")
    assert found.account_euuid == api.run(api.run(api.client.get_account()).load()).euuid


def test_a_linode_without_an_image_has_none(api):
    """The image is None where the Linode was created without one."""
    linode = api.linode("empty")
    api.home.advance(30)
    api.run(linode.create_config(devices={"sda": {"disk_id": api.run(linode.create_disk(512)).id}}))
    api.home.advance(30)
    api.run(linode.boot())
    api.home.advance(60)
    assert api.run(api.metadata(linode).instance()).image is None


def test_a_program_learns_its_addresses(api):
    """All addresses have a prefix length, and a configuration without interfaces shows none."""
    linode = api.running(private_ip=True)
    found = api.run(api.metadata(linode).network())
    public, private = linode.ipv4
    assert (found.ipv4.public, found.ipv4.private, found.ipv4.shared) == ([f"{public}/32"], [f"{private}/32"], [])
    assert found.ipv6.slaac == linode.ipv6
    assert found.ipv6.link_local.startswith("fe80::")
    assert found.ipv6.slaac.rpartition("::")[2] == found.ipv6.link_local.rpartition("::")[2]
    assert (found.ipv6.ranges, found.ipv6.shared_ranges, found.interfaces) == ([], [], [])


def test_interfaces_are_those_of_the_booted_configuration(api):
    """The interfaces that the configuration names are shown in its order, a VLAN with its label and address."""
    vlan = {"purpose": "vlan", "label": "backend", "ipam_address": "10.0.0.1/24"}
    linode = api.running(interfaces=[{"purpose": "public"}, vlan])
    first, second = api.run(api.metadata(linode).network()).interfaces
    assert isinstance(first, NetworkMetadataInterface)
    assert (first.purpose, first.label, first.ipam_address) == ("public", None, None)
    assert (second.purpose, second.label, second.ipam_address) == ("vlan", "backend", "10.0.0.1/24")


def test_interfaces_of_the_linode_itself_are_shown(api):
    """A Linode with interfaces of its own shows these."""
    vlan = {"vlan": {"vlan_label": "backend", "ipam_address": "10.0.0.1/24"}}
    linode = api.running(interface_generation="linode", interfaces=[{"public": {}}, vlan])
    shown = api.run(api.metadata(linode).network()).interfaces
    assert [(each.purpose, each.label) for each in shown] == [("public", None), ("vlan", "backend")]


def test_the_keys_are_those_of_the_deployment(api):
    """The keys that were given and those of users are root's, until another deployment replaces them."""
    api.run(api.run(api.client.get_profile()).create_sshkey("laptop", KEY))
    linode = api.running(authorized_keys=[f"{KEY}.org"], authorized_users=["sandbox"])
    metadata = api.metadata(linode)
    assert api.run(metadata.ssh_keys()) == {"root": [f"{KEY}.org", KEY]}
    api.run(linode.rebuild(DEBIAN, root_pass=PASSWORD))
    api.home.advance(120)
    assert api.run(metadata.ssh_keys()) == {}


@pytest.mark.parametrize(
    "data",
    [b"#cloud-config\n", "größer".encode(), gzip.compress(b"#!/bin/sh\n", mtime=0)],
    ids=["text", "utf-8", "gzip"],
)
def test_user_data_comes_as_it_was_sent(api, data):
    """User data arrives as the bytes that were sent to the API, compressed ones too."""
    linode = api.running(metadata={"user_data": data})
    assert api.run(api.metadata(linode).user_data()) == data


def test_no_user_data_is_none(api):
    """A Linode without user data has None, not empty bytes."""
    assert api.run(api.metadata(api.running()).user_data()) is None


# -- tokens ------------------------------------------------------------------------------------------------------------


def test_one_token_serves_many_requests(api):
    """The client gets a token before its first request and keeps it."""
    metadata = api.metadata(api.running())
    api.home.forget()
    assert tokens(api) == 0
    for _ in range(3):
        api.run(metadata.instance())
    assert tokens(api) == 1


def test_a_token_is_renewed_when_it_has_expired(api):
    """A request after the token's lifetime uses another one, and no request is refused for it."""
    metadata = api.metadata(api.running(), token_seconds=60)
    api.run(metadata.instance())
    api.home.forget()
    api.home.advance(61)
    api.run(metadata.instance())
    assert tokens(api) == 1
    if isinstance(api.home, InProcess):  # on a port the client's clock is slower than the world's
        assert {status for _, _, status in api.home.asked()} == {200}


def test_a_refused_token_is_replaced_once(api):
    """A token that the service refuses is replaced; a service that refuses the new one too is an error."""
    metadata = api.metadata(api.running())
    api.run(metadata.instance())
    api.home.fails("GET", "/metadata/**", status=401, times=1)
    assert api.run(metadata.instance()).label == "web"
    api.home.fails("GET", "/metadata/**", status=401, times=2)
    with pytest.raises(AuthenticationError):
        api.run(metadata.instance())


def test_a_failure_that_passes_is_retried(api):
    """A request is repeated while the service has a temporary failure."""
    metadata = api.metadata(api.running())
    api.home.fails("PUT", "/metadata/**", status=503, times=1)
    api.home.fails("GET", "/metadata/**", status=502, times=1)
    assert api.run(metadata.instance()).label == "web"


# -- errors ------------------------------------------------------------------------------------------------------------


def test_the_service_is_off_for_a_linode_that_is_off(api):
    """The sandbox refuses requests for a Linode that is off with 503, and says so."""
    linode = api.linode("empty")
    api.home.advance(30)
    with pytest.raises(ServerError, match=f"The Linode {linode.id} is offline"):
        api.run(api.metadata(linode).user_data())


def test_a_deleted_linode_is_not_found(api):
    """A Linode that does not exist is an error, also where None would mean that it has no user data."""
    linode = api.running()
    metadata = api.metadata(linode)
    api.run(linode.delete())
    api.home.advance(60)
    with pytest.raises(NotFoundError, match="There is no Linode"):
        api.run(metadata.user_data())


def test_a_region_without_the_service_has_none(api):
    """A Linode in a region without the capability finds no service."""
    linode = api.run(api.client.create_linode("g6-nanode-1", "us-den-edge-1", label="edge"))
    with pytest.raises(NotFoundError, match="us-den-edge-1 has no Metadata service"):
        api.run(api.metadata(linode).instance())


def test_no_connection_names_the_reason(api):
    """An error without a response says where the service can be reached."""
    kind = AsyncMetadataClient if api.awaited else MetadataClient
    elsewhere = kind("http://127.0.0.1:1/v1", retry=Retry(attempts=1))
    with pytest.raises(ConnectionFailedError, match=r"PUT .*responds only to a Linode"):
        api.run(elsewhere.instance())
    api.run(elsewhere.close())


def test_what_the_sandbox_lacks_is_501(api):
    """A part of the service whose format is not known is refused by its name."""
    with pytest.raises(ServerError, match="does not implement GET /v1/maintenance/events"):
        api.run(api.metadata(api.running()).get("/maintenance/events"))


def test_the_json_of_a_path(api):
    """`get` returns the JSON of a path as it is, and refuses a path without a slash."""
    metadata = api.metadata(api.running())
    assert api.run(metadata.get("/instance"))["label"] == "web"
    with pytest.raises(ValueError, match="must start with a slash"):
        api.run(metadata.get("instance"))


def test_neither_token_nor_user_data_is_shown(api):
    """The repr of a client has its address alone, and a client cannot be pickled."""
    metadata = api.metadata(api.running())
    api.run(metadata.instance())
    assert re.fullmatch(r"(Async)?MetadataClient\('http://[^/]+/metadata/\d+/v1'\)", repr(metadata))
    assert metadata._token.value not in repr(vars(metadata))
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(metadata)


# -- watches -----------------------------------------------------------------------------------------------------------


def test_a_watch_gives_the_present_value_then_changes(api):
    """A watch begins with the present value, and gives no value twice in a row."""
    linode = api.running()
    watch = api.metadata(linode).watch_instance(poll_interval=0.2)
    assert [each.label for each in api.first(watch, 1)] == ["web"]
    linode.label = "shop"
    api.run(linode.save())
    assert [each.label for each in api.first(watch, 1)] == ["shop"]


def test_a_watch_ends_at_its_timeout(api):
    """A watch without changes ends after its timeout, having polled at its interval."""
    linode = api.running(authorized_keys=[KEY])
    metadata = api.metadata(linode)
    seconds = 60 if isinstance(api.home, InProcess) else 1
    assert api.each(metadata.watch_ssh_keys(poll_interval=seconds / 4, timeout=seconds)) == [{"root": [KEY]}]
    assert [each.ipv4.shared for each in api.each(metadata.watch_network(timeout=0))] == [[]]


def test_a_watch_is_iterated_as_its_client_wants(api):
    """The error of the wrong loop spells the right one."""
    watch = api.metadata(api.running()).watch_instance(timeout=0)
    if api.awaited:
        with pytest.raises(NotLoadedError, match="async for"):
            list(watch)
    else:
        assert len(list(watch)) == 1
