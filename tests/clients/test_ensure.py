"""Objects that are created unless they exist: once, whatever gets lost, and never changed."""

from __future__ import annotations

import pickle

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION

from linode import Linode
from linode.errors import ExistsDifferentlyError, InvalidRequestError

LOST = {"connection": "dropped", "processed": True}


def creations(api):
    return [each for each in api.paths() if each.startswith("POST")]


def test_the_second_call_creates_nothing(api):
    """The object of the first call is returned, complete, for one request."""
    first = api.run(api.client.ensure(api.client.create_volume, "data", region=REGION, size=20))
    api.home.forget()
    again = api.run(api.client.ensure(api.client.create_volume, "data", region=REGION, size=20))
    assert (again, again.size) == (first, 20)
    assert api.paths() == ["GET /volumes"]


def test_differences_are_an_error_and_nothing_is_changed(api):
    """The error names each member with both values and has the object; secrets and unknown members are not compared."""
    found = api.run(api.client.ensure(api.client.create_volume, "data", region=REGION, size=20, tags=["one", "two"]))
    with pytest.raises(ExistsDifferentlyError, match=r"exists and differs: size is 20, not 40") as caught:
        api.run(api.client.ensure(api.client.create_volume, "data", region=REGION, size=40, tags=["two", "one"]))
    assert caught.value.found == found
    assert caught.value.differences == {"size": (40, 20)}
    assert pickle.loads(pickle.dumps(caught.value)).differences == {"size": (40, 20)}
    assert len(api.each(api.client.get_volumes())) == 1


def test_a_linode_is_ensured_with_its_password(api):
    """The password is used for the creation, and not compared; the Linode alone is returned."""
    wanted = {"image": DEBIAN, "root_pass": PASSWORD, "label": "web", "booted": False, "tags": ["one"]}
    first = api.run(api.client.ensure(api.client.create_linode, NANODE, REGION, **wanted))
    assert isinstance(first, Linode)
    assert api.run(api.client.ensure(api.client.create_linode, NANODE, REGION, **wanted)) == first
    assert api.run(api.client.ensure(api.client.create_linode, NANODE, REGION, label="web")) == first
    with pytest.raises(ExistsDifferentlyError, match="type is 'g6-nanode-1', not 'g6-standard-2'"):
        api.run(api.client.ensure(api.client.create_linode, "g6-standard-2", REGION, label="web"))


@pytest.mark.parametrize(
    ("verb", "args", "options"),
    [
        ("create_domain", ["Example.com"], {"soa_email": "a@example.com"}),
        ("create_firewall", ["web", {"inbound_policy": "DROP", "outbound_policy": "ACCEPT"}], {}),
        ("create_nodebalancer", [REGION], {"label": "front"}),
        ("create_vpc", ["backend", "us-iad"], {"subnets": [{"label": "apps", "ipv4": "10.0.1.0/24"}]}),
        ("create_user", ["ada"], {"email": "ada@example.com", "restricted": True}),
        ("create_placement_group", ["near", "us-iad", "anti_affinity:local", "strict"], {}),
        ("create_longview_client", [], {"label": "watch"}),
        (
            "create_postgresql_database",
            ["shop", "us-east", "g6-nanode-1", "postgresql/17"],
            {"allow_list": ["203.0.113.7"]},
        ),
    ],
)
def test_classes_with_a_unique_member(api, verb, args, options):
    """Each is created once, and is no different from itself."""
    create = getattr(api.client, verb)
    first = api.run(api.client.ensure(create, *args, **options))
    api.home.forget()
    assert api.run(api.client.ensure(create, *args, **options)) == first
    assert creations(api) == []


def test_a_lost_answer_creates_one(api):
    """As with every creation that has a label."""
    api.home.fails("POST", "/volumes", **LOST)
    volume = api.run(api.client.ensure(api.client.create_volume, "data", region=REGION, size=20))
    assert api.each(api.client.get_volumes()) == [volume]


def test_programs_that_ensure_at_once_get_the_same(awaited):
    """Between looking and creating another one may create it: then that one is returned."""
    import asyncio

    client = awaited.client

    async def all_at_once():
        calls = (client.ensure(client.create_volume, "data", region=REGION, size=20) for _ in range(6))
        return await asyncio.gather(*calls)

    assert len(set(awaited.run(all_at_once()))) == 1


def test_refusals_of_the_api_are_raised(api):
    """A creation that the API refuses for another reason is its error."""
    with pytest.raises(InvalidRequestError, match="region"):
        api.run(api.client.ensure(api.client.create_volume, "data", region="nowhere", size=20))


def test_creations_that_cannot_be_found_again_are_refused(api):
    """Classes without a unique label, a creation without a label, a generated password, and what is no creation."""
    client = api.client
    card = {"card_number": "4111111111111111", "expiry_month": 12, "expiry_year": 2040, "cvv": "123"}
    api.home.forget()
    for create, args, options, reason in (
        (client.create_image, [1], {}, "the API allows several Image objects with the same label"),
        (client.create_linode, [NANODE, REGION], {}, "pass label=..., by which it is found"),
        (client.create_linode, [NANODE, REGION], {"label": "web", "image": DEBIAN}, "no generated password"),
        (client.create_volume, ["data"], {"siez": 20}, "did you mean 'size'"),
        (client.get_profile, [], {}, "such as client.create_volume, not get_profile"),
        (print, [], {}, "such as client.create_volume, not print"),
        (client.create_payment_method, [card], {"is_default": False}, "creates no object that can be found first"),
    ):
        with pytest.raises(TypeError, match=reason):
            api.run(client.ensure(create, *args, **options))
    assert api.paths() == []


@pytest.mark.parametrize("written", ["Example.com", "EXAMPLE.COM"])
def test_a_domain_in_other_letters_is_the_same(api, written):
    """The API keeps the case of names, and refuses one that differs in case alone."""
    first = api.run(api.client.create_domain(written, soa_email="a@example.com"))
    again = api.run(api.client.ensure(api.client.create_domain, "example.com", soa_email="a@example.com"))
    assert (again, again.domain) == (first, written)
    assert api.run(api.client.find_domain("www.example.com")) == first


def test_a_user_in_other_letters_is_the_same(api):
    """As the sandbox compares them."""
    first = api.run(api.client.create_user("Ada", "ada@example.com", restricted=True))
    assert api.run(api.client.ensure(api.client.create_user, "ada", "ada@example.com", restricted=True)) == first
