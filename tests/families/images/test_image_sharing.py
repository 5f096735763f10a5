"""Share groups in the sandbox: images lent to other accounts, and borrowed from them."""

from __future__ import annotations

import gzip
import json

import pytest
from asking import raw

from linode import Image, ImageShareGroup, ImageShareGroupMember, ImageShareGroupToken
from linode.errors import InvalidRequestError, LinodeError, NotFoundError, OutcomeUnknownError
from linode.sandbox import Refused
from linode.sandbox.families.images.other_accounts import accept_membership, request_membership, share_images


@pytest.fixture
def image(sandbox, client):
    return add_image(sandbox, client)


@pytest.fixture
def group(client, image):
    return client.create_image_sharegroup("ours", images=[{"id": image, "label": "lent"}])


def add_image(sandbox, client, label="golden"):
    """An image of the account that can be used."""
    import gzip

    upload = client.upload_image(label, "us-east", description="of ours")
    upload.send(gzip.compress(bytes(100)))
    sandbox.advance(60)
    upload.image.invalidate()
    return upload.image


def of_neighbours(sandbox, operation, *args):
    """Requests of another account."""
    with sandbox.world.transaction():
        return operation(sandbox.world, *args)


# -- groups ----------------------------------------------------------------------------------------------------------


def test_new_group(client, group):
    """A new group has a UUID, counts, and nothing that changed."""
    assert (group.id, group.label, group.description, group.is_suspended) == (123, "ours", "", False)
    assert (group.images_count, group.members_count, group.updated, group.expiry) == (1, 0, None, None)
    assert len(group.uuid) == 36
    assert [each.uuid for each in client.get_image_sharegroups()] == [group.uuid]


def test_more_images_are_no_update_of_the_group(sandbox, client, group):
    """The group's time of the last change stays null."""
    upload = client.upload_image("second", "us-east")
    upload.send(gzip.compress(b""))
    sandbox.advance(60)
    group.add_images([{"id": upload.image.id}])
    group.load()
    assert (group.images_count, group.updated) == (2, None)


def test_update_and_delete_group(client, group, image):
    """A group can be renamed and deleted, and the images stay."""
    group.label, group.description = "renamed", "of gold"
    group.save()
    found = ImageShareGroup(client, group.id)
    assert (found.label, found.description, found.updated is None) == ("renamed", "of gold", False)
    group.delete()
    with pytest.raises(NotFoundError):
        found.load()
    image.invalidate()
    assert (image.label, image.is_shared) == ("golden", False)


def test_groups_of_an_image(client, group, image):
    """Images tell how many groups lend them, and which."""
    client.create_image_sharegroup("other", images=[{"id": image}])
    image.invalidate()
    assert image.is_shared is True
    assert image.image_sharing.shared_with.sharegroup_count == 2
    assert image.image_sharing.shared_with.sharegroup_list_url == "/images/private/123/sharegroups"
    assert [each.label for each in image.sharegroups] == ["ours", "other"]


# -- images in a group -----------------------------------------------------------------------------------------------


def test_lent_image(group, image):
    """A lent image has an id and words of its own, and tells where it comes from."""
    [lent] = group.images
    assert (lent.id, lent.label, lent.description, lent.type) == ("shared/123", "lent", "of ours", "shared")
    assert lent.image_sharing.shared_with is None
    source = lent.image_sharing.shared_by
    assert (source.sharegroup_id, source.sharegroup_uuid, source.sharegroup_label) == (group.id, group.uuid, "ours")
    assert (source.source_image_id, source.source_image_label) == (image.id, "golden")
    assert lent.is_shared is None
    assert lent.created_by is None


def test_add_update_and_remove_images(sandbox, client, group):
    """Images can be added, renamed and taken away."""
    other = add_image(sandbox, client, "silver")
    [added] = group.add_images([{"id": other, "description": "also fine"}])
    assert (added.id, added.label, added.description) == ("shared/124", "silver", "also fine")
    assert group.update_image(added, label="second").label == "second"
    assert [each.label for each in group.images] == ["lent", "second"]
    group.remove_image("shared/123")
    assert [each.id for each in group.images] == ["shared/124"]
    group.invalidate()
    assert group.images_count == 1
    with pytest.raises(NotFoundError):
        group.remove_image("shared/123")
    with pytest.raises(NotFoundError):
        group.update_image(other, label="not its name here")


def test_unquoted_id(sandbox, group):
    """The id of a lent image can stand in the path unquoted."""
    path = f"/images/sharegroups/{group.id}/images/shared/123"
    assert raw(sandbox, "PUT", path, {"label": "plain"})[1]["label"] == "plain"
    assert raw(sandbox, "DELETE", path) == (200, {})


def test_images_that_cannot_be_lent(client, group, image):
    """Only the account's own images that can be used are lent, and each once."""
    pending = client.upload_image("raw", "us-east").image
    for wanted, reason in (
        ("linode/debian12", "Only images of the account"),
        (pending, "must be available"),
        (image, "already"),
        ("private/99", "is not valid"),
    ):
        with pytest.raises(InvalidRequestError, match=rf"images\[0\].id: .*{reason}"):
            group.add_images([{"id": wanted}])
    assert len(group.images) == 1


def test_deleted_image(group, image):
    """An image that is deleted is lent no more."""
    image.delete()
    assert list(group.images) == []


# -- members ---------------------------------------------------------------------------------------------------------


def test_members(sandbox, client, group):
    """A member is let in with a token of its own account, renamed and sent away."""
    token = of_neighbours(sandbox, request_membership, group.uuid)
    member = group.create_member("friends", token)
    assert (member.label, member.status, member.updated, member.expiry) == ("friends", "active", None, None)
    assert [each.token_uuid for each in group.members] == [member.token_uuid]
    group.invalidate()
    assert group.members_count == 1
    member.label = "old friends"
    member.save()
    assert ImageShareGroupMember(client, member.token_uuid, group).label == "old friends"
    member.delete()
    assert list(group.members) == []
    with pytest.raises(NotFoundError):
        ImageShareGroupMember(client, member.token_uuid, group).load()
    with pytest.raises(InvalidRequestError, match="token is not valid"):
        group.create_member("again", token)


def test_wrong_tokens(sandbox, client, group):
    """A token that cannot be read is a fault (the API says 500), and one that is not for the group is refused."""
    with pytest.raises(OutcomeUnknownError, match="Invalid token format"):
        group.create_member("strangers", "no-token")
    other = client.create_image_sharegroup("other")
    for token in ("0" * 64, of_neighbours(sandbox, request_membership, other.uuid)):
        with pytest.raises(InvalidRequestError, match="token is not valid"):
            group.create_member("strangers", token)


def test_label_is_required(sandbox, client, group):
    """Members and tokens want a label when they are renamed."""
    member = group.create_member("friends", of_neighbours(sandbox, request_membership, group.uuid))
    refused = (400, {"errors": [{"reason": "label is required", "field": "label"}]})
    assert raw(sandbox, "PUT", f"/images/sharegroups/{group.id}/members/{member.token_uuid}", {}) == refused
    theirs = of_neighbours(sandbox, share_images, "theirs")
    token = client.create_image_sharegroup_token(theirs["uuid"])
    assert raw(sandbox, "PUT", f"/images/sharegroups/tokens/{token.token_uuid}", {}) == refused


def test_scope_of_members(sandbox, client, group):
    """A user with read-only access to images cannot list the members."""
    token = client.get_profile().create_token(scopes="images:read_only")
    with pytest.raises(LinodeError, match="not authorized"):
        list(ImageShareGroup(sandbox.client(token.token), group.id).members)


# -- tokens ----------------------------------------------------------------------------------------------------------


def test_token_and_what_it_opens(sandbox, client):
    """A token is shown once, and gives access to the group when the owner adds its account."""
    theirs = of_neighbours(sandbox, share_images, "theirs", [{"label": "silver", "size": 2000}])
    token = client.create_image_sharegroup_token(theirs["uuid"], label="please")
    secret = token.token
    assert len(secret) == 64
    assert (token.status, token.sharegroup_uuid, token.valid_for_sharegroup_uuid) == ("pending", None, theirs["uuid"])
    shown = raw(sandbox, "GET", f"/images/sharegroups/tokens/{token.token_uuid}")[1]
    assert "token" not in shown
    assert secret not in json.dumps(raw(sandbox, "GET", "/images/sharegroups/tokens"))
    with pytest.raises(NotFoundError):
        token.sharegroup()
    of_neighbours(sandbox, accept_membership, secret)
    token.invalidate()
    assert (token.status, token.sharegroup_uuid, token.sharegroup_label) == ("active", theirs["uuid"], "theirs")
    assert (token.sharegroup().label, token.sharegroup().uuid) == ("theirs", theirs["uuid"])
    [borrowed] = token.images
    assert (borrowed.label, borrowed.size, borrowed.type) == ("silver", 2000, "shared")
    assert borrowed.image_sharing.shared_by.sharegroup_label == "theirs"
    assert borrowed.id in [each.id for each in client.get_images()]


def test_borrowed_image(sandbox, client):
    """A borrowed image makes Linodes, cannot be changed, and is gone with its token."""
    theirs = of_neighbours(sandbox, share_images, "theirs", [{"label": "silver", "size": 2000}])
    token = client.create_image_sharegroup_token(theirs["uuid"])
    of_neighbours(sandbox, accept_membership, token.token)
    [borrowed] = token.images
    client.create_linode("g6-nanode-1", "us-east", image=borrowed)
    with pytest.raises(LinodeError, match="Unauthorized"):
        borrowed.delete()
    token.label = "renamed"
    token.save()
    assert ImageShareGroupToken(client, token.token_uuid).label == "renamed"
    token.delete()
    with pytest.raises(NotFoundError):
        borrowed.load()
    assert list(client.get_image_sharegroup_tokens()) == []


def test_token_for_the_wrong_group(client, group):
    """No token is made for a group of one's own or one that nobody has."""
    with pytest.raises(
        InvalidRequestError, match="valid_for_sharegroup_uuid: You may not create a token for your own sharegroup"
    ):
        client.create_image_sharegroup_token(group.uuid)
    with pytest.raises(InvalidRequestError, match="valid_for_sharegroup_uuid is not valid"):
        client.create_image_sharegroup_token("00000000-0000-4000-8000-000000000000")


def test_let_in_with_an_unknown_token(sandbox):
    """Nobody is let in with a token that was not made."""
    with pytest.raises(Refused, match="token is not valid"):
        of_neighbours(sandbox, accept_membership, "0" * 64)


# -- two accounts of the sandbox ---------------------------------------------------------------------------------------


@pytest.fixture
def other(sandbox):
    """A client of another account."""
    return sandbox.client(sandbox.add_account("Other Inc."))


@pytest.fixture
def token(other, group):
    """The other account's token for the group, which was let in."""
    made = other.create_image_sharegroup_token(group.uuid, label="theirs")
    group.create_member("other", made.token)
    return made


def borrowed(client):
    """The IDs and labels of the images that others share with the account."""
    return {image.id: image.label for image in client.get_images() if image.type == "shared"}


def test_another_account_is_let_in_by_its_token(sandbox, other, group, token):
    """The account sees the group and its images under the IDs that the owner sees, and deploys them."""
    assert (token.load().status, token.sharegroup().uuid, group.load().members_count) == ("active", group.uuid, 1)
    (lent,) = group.images
    assert borrowed(other) == {lent.id: "lent"}
    assert [each.id for each in token.images] == [lent.id]
    seen = Image(other, lent.id)
    assert (seen.image_sharing.shared_by.sharegroup_uuid, seen.created_by, seen.is_public) == (group.uuid, None, False)
    linode, _ = other.create_linode("g6-nanode-1", "us-east", image=seen)
    sandbox.advance(120)
    assert linode.load().status == "running"
    assert borrowed(sandbox.client()) == {}


def test_what_is_shared_follows_the_group(sandbox, client, other, group, token, image):
    """Images that are added, renamed, removed and deleted, and the label of the group."""
    second = add_image(sandbox, client, "second")
    group.add_images([{"id": second}])
    first_id, second_id = (each.id for each in group.images)
    assert borrowed(other) == {first_id: "lent", second_id: "second"}
    second.label = "third"
    second.save()
    group.label = "renamed"
    group.save()
    assert borrowed(other)[second_id] == "third"
    assert Image(other, second_id).image_sharing.shared_by.sharegroup_label == "renamed"
    group.remove_image(first_id)
    assert borrowed(other) == {second_id: "third"}
    second.delete()
    assert borrowed(other) == {}


@pytest.mark.parametrize("end", ["member", "group", "token"])
def test_sharing_ends(client, other, group, token, end):
    """When the owner expels the member or deletes the group, and when the member deletes its token."""
    assert len(borrowed(other)) == 1
    {"member": group.members[0].delete, "group": group.delete, "token": token.delete}[end]()
    assert borrowed(other) == {}
    if end == "token":
        assert group.load().members_count == 0
    else:
        assert token.load().status == "revoked"


def test_a_token_opens_no_other_group(sandbox, client, other, group):
    """Nor one twice."""
    made = other.create_image_sharegroup_token(group.uuid, label="theirs")
    second = client.create_image_sharegroup("second")
    with pytest.raises(InvalidRequestError, match="token is not valid"):
        second.create_member("other", made.token)
    group.create_member("other", made.token)
    with pytest.raises(InvalidRequestError, match="token is not valid"):
        group.create_member("again", made.token)
