"""Restricted users and Linodes."""

from __future__ import annotations

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION

from linode import Event, Firewall, IPAddress, Linode
from linode.errors import AuthorizationError
from linode.sandbox import SandboxError

UNAUTHORIZED = r"\[403\] Unauthorized"


@pytest.fixture
def ada(sandbox):
    """A client of a restricted user."""
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        return sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])


def level(client, linode):
    """The level of the user's grant for *linode*."""
    return {each.id: each.permissions for each in client.get_profile().grants().linode}[linode.id]


def test_without_a_grant_no_linode_is_made_or_seen(client, ada, empty):
    """Nor is one changed, whatever the token's scopes."""
    for operation in (
        lambda: ada.create_linode(NANODE, REGION),
        lambda: Linode(ada, empty.id).load(),
        lambda: list(Linode(ada, empty.id).disks),
        lambda: Linode(ada, empty.id).boot(),
        lambda: Linode(ada, empty.id).clone(),
        lambda: Linode(ada, empty.id).delete(),
    ):
        with pytest.raises(AuthorizationError, match=UNAUTHORIZED):
            operation()
    assert (len(ada.get_linodes()), len(client.get_linodes())) == (0, 1)


def test_who_may_make_linodes_may_do_all_with_their_own(sandbox, client, ada, empty):
    """They stand among the grants; those of others stay unseen."""
    sandbox.grant("ada", add_linodes=True)
    assert ada.get_profile().grants().global_.add_linodes is True
    linode = ada.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    sandbox.advance(120)
    assert [each.id for each in ada.get_linodes()] == [linode.id]
    assert (level(ada, linode), level(ada, empty)) == ("read_write", None)
    linode.label = "hers"
    linode.save()
    assert {each.label for each in client.get_linodes()} == {"hers", "empty"}
    copy = linode.clone(region=REGION, type=NANODE)
    assert level(ada, copy) == "read_write"
    with pytest.raises(AuthorizationError, match=UNAUTHORIZED):
        Linode(ada, empty.id).boot()


def test_a_grant_to_read_is_no_grant_to_write(sandbox, ada, empty):
    """And can be raised, and taken back."""
    sandbox.grant("ada", linode={empty.id: "read_only"})
    seen = ada.get_linodes().one()
    assert (seen.label, list(seen.disks), level(ada, empty)) == ("empty", [], "read_only")
    seen.label = "hers"
    with pytest.raises(AuthorizationError, match=UNAUTHORIZED):
        seen.save()
    with pytest.raises(AuthorizationError, match=UNAUTHORIZED):
        seen.create_disk(500, filesystem="ext4")
    sandbox.grant("ada", linode={empty.id: "read_write"})
    seen.save()
    assert empty.load().label == "hers"
    sandbox.grant("ada", linode={empty.id: None})
    assert len(ada.get_linodes()) == 0


def test_who_sees_a_linode_and_may_make_some_can_copy_it(sandbox, ada, empty):
    """The copy is theirs, the original is not."""
    sandbox.grant("ada", add_linodes=True, linode={empty.id: "read_only"})
    copy = Linode(ada, empty.id).clone(region=REGION, type=NANODE)
    assert (level(ada, copy), level(ada, empty)) == ("read_write", "read_only")


def test_what_was_not_granted_is_not_named_in_a_body_either(sandbox, client, ada):
    """By its own id, or that of something that belongs to it."""
    linode, _ = client.create_linode(NANODE, REGION, image=DEBIAN)
    volume = client.create_volume("data", region=REGION)
    sandbox.advance(120)
    sandbox.grant("ada", add_linodes=True, add_volumes=True)
    own = ada.create_linode(NANODE, REGION)
    sandbox.advance(10)
    for operation in (
        lambda: ada.create_image(linode.disks[0].id),
        lambda: ada.create_volume("more", linode_id=linode.id),
        lambda: own.clone(linode_id=linode.id),
        lambda: own.create_config(disks=[volume]),
        lambda: own.rescue(devices={"sda": {"volume_id": volume.id}}),
    ):
        with pytest.raises(AuthorizationError, match=UNAUTHORIZED):
            operation()
    sandbox.grant("ada", add_images=True, linode={linode.id: "read_only"})
    assert ada.create_image(linode.disks[0].id).status == "creating", "an image only reads its Linode"
    with pytest.raises(AuthorizationError, match=UNAUTHORIZED):
        ada.create_volume("more", linode_id=linode.id)


def test_what_was_not_granted_is_not_told_of(sandbox, client, ada, empty):
    """Neither in events nor by its addresses."""
    [theirs] = [each.address for each in client.get_ips() if each.type == "ipv4"]
    assert (list(ada.get_events()), list(ada.get_ips())) == ([], [])
    event = client.get_events()[0]
    for object in (IPAddress(ada, theirs), Event(ada, event.id)):
        with pytest.raises(AuthorizationError, match=UNAUTHORIZED):
            object.load()
    rules = {"inbound_policy": "ACCEPT", "outbound_policy": "ACCEPT", "inbound": [], "outbound": []}
    wall = client.create_firewall("wall", rules=rules, devices={"linodes": [empty.id]})
    sandbox.grant("ada", firewall={wall.id: "read_only"})
    assert (Firewall(ada, wall.id).entities, list(Firewall(ada, wall.id).devices)) == ([], [])
    sandbox.grant("ada", linode={empty.id: "read_only"})
    assert [each.id for each in Firewall(ada, wall.id).entities] == [empty.id]
    assert [each.id for each in ada.get_events()] == [each.id for each in client.get_events()]
    assert len(ada.get_ips()) == len(client.get_ips()) == 2
    assert IPAddress(ada, theirs).linode_id == empty.id
    address = IPAddress(ada, theirs)
    address.rdns = None
    with pytest.raises(AuthorizationError, match=UNAUTHORIZED):
        address.save()


def test_events_tell_of_a_granted_linode_that_was_made_from_a_public_image(sandbox, client, ada):
    """The image is the secondary entity of the event, and Linode's own images need no grant."""
    linode, _ = client.create_linode(NANODE, REGION, image=DEBIAN)
    sandbox.grant("ada", linode={linode.id: "read_only"})
    assert [each.action for each in ada.get_events()] == [each.action for each in client.get_events()] != []


def test_who_is_not_restricted_needs_no_grant(sandbox, empty):
    """Another user of the account sees and does it all."""
    sandbox.add_user("grace", "grace@example.com")
    with sandbox.world.transaction():
        grace = sandbox.client(sandbox.world.identity.issue_token("grace")["_secret"])
    assert grace.get_linodes().one().id == empty.id
    grace.create_linode(NANODE, REGION)


@pytest.mark.parametrize(
    ("username", "grants", "words"),
    [
        ("nobody", {"add_linodes": True}, "the user 'nobody' does not exist"),
        ("ada", {"add_linode": True}, "the grant add_linode=True does not exist"),
        ("ada", {"linode": "read_only"}, "the grant linode='read_only' does not exist"),
        ("ada", {"linode": {123: "write"}}, "a grant is one of read_only, read_write, or None, not 'write'"),
    ],
)
def test_what_is_no_grant_is_told(sandbox, ada, username, grants, words):
    """Nothing of it is kept."""
    with pytest.raises(SandboxError, match=words):
        sandbox.grant(username, domain={5: "read_only"}, **grants)
    assert sandbox.world.read("User")[1].get("_grants") is None
