"""Tags: created by themselves or with an object, listed with what has them, deleted from everything."""

from __future__ import annotations

import pytest

from linode import Domain, Linode, NotFoundError, Tag, Volume
from linode.errors import AuthorizationError, InvalidRequestError


@pytest.fixture
def client(sandbox):
    return sandbox.client()


@pytest.fixture
def linode(client):
    return client.create_linode("g6-nanode-1", "us-east", label="web", tags=["prod", "core"])


def test_a_tag_exists_when_it_was_created_or_something_has_it(client, linode):
    """The list is in the order of the labels."""
    assert client.create_tag("empty") == Tag(client, "empty")
    assert [tag.label for tag in client.get_tags()] == ["core", "empty", "prod"]
    assert next(event.action for event in client.get_events()) == "tag_create"


def test_objects_of_a_tag_are_typed_and_loaded(sandbox, client, linode):
    domain = client.create_domain("example.com", soa_email="admin@example.com")
    volume = client.create_volume("data", region="us-east", size=20)
    tag = client.create_tag("all", linodes=[linode], domains=[domain.id], volumes=[volume])
    before = len(sandbox.requests)
    found = [each.object for each in tag.objects]
    assert found == [linode, domain, volume]
    assert [type(each) for each in found] == [Linode, Domain, Volume]
    assert [each.type for each in tag.objects] == ["linode", "domain", "volume"]
    assert (found[0].label, found[0].tags, found[1].tags) == ("web", ["all", "core", "prod"], ["all"])
    assert len(sandbox.requests) == before + 1


def test_a_tag_that_nothing_has_lists_nothing(client):
    """The vendor's tests read the objects of a tag that was only created, and get 404 for one that never was."""
    client.create_tag("empty")
    assert list(Tag(client, "empty").objects) == []
    with pytest.raises(NotFoundError):
        list(Tag(client, "missing").objects)


def test_deleting_a_tag_takes_it_off_everything(client, linode):
    domain = client.create_domain("example.com", soa_email="admin@example.com", tags=["prod"])
    Tag(client, "prod").delete()
    assert (linode.load().tags, domain.load().tags) == (["core"], [])
    assert [tag.label for tag in client.get_tags()] == ["core"]
    with pytest.raises(NotFoundError):
        Tag(client, "prod").delete()


def test_a_tag_for_a_missing_object_tags_nothing(client, linode):
    with pytest.raises(InvalidRequestError, match=r"domains\[0\]"):
        client.create_tag("all", linodes=[linode], domains=[999])
    assert linode.load().tags == ["core", "prod"]
    with pytest.raises(InvalidRequestError, match="3-50 characters"):
        client.create_tag("ab")


def test_an_address_gets_a_tag_only_when_it_is_reserved(client, linode):
    with pytest.raises(InvalidRequestError, match="not reserved"):
        client.create_tag("all", reserved_ipv4_addresses=[linode.ipv4[0]])


def test_a_restricted_user_has_nothing_to_do_with_tags(sandbox):
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        token = sandbox.world.identity.issue_token("ada")["_secret"]
    client = sandbox.client(token)
    for ask in (client.get_tags.first, lambda: client.create_tag("abc"), Tag(client, "abc").delete):
        with pytest.raises(AuthorizationError):
            ask()


def test_a_tag_cannot_be_loaded_by_itself(client):
    with pytest.raises(TypeError, match="no way to load a Tag"):
        Tag(client, "prod").load()


def test_every_object_s_tags_have_the_same_bounds_and_order(client, linode):
    """3 to 50 characters; each once, by the alphabet."""
    domain = client.create_domain("example.com", soa_email="admin@example.com")
    volume = client.create_volume("data", region="us-east", size=20)
    for each in (linode, domain, volume):
        for short in ("no", "x" * 51):
            each.tags = ["fine", short]
            with pytest.raises(InvalidRequestError, match="tags: Length must be 3-50 characters"):
                each.save()
        each.tags = ["web", "api", "web"]
        each.save()
        assert each.load().tags == ["api", "web"]
