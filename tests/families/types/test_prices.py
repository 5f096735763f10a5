"""Prices in a region: its own where it has one, else the standard price."""

from __future__ import annotations

import pytest

from linode import Region, Type


def test_a_region_with_its_own_price_has_it(client):
    """`price_in` takes a region or its ID, for a plan and for its backups."""
    plan = Type(client, "g6-nanode-1")
    assert plan.price_in("id-cgk").monthly == 6.0
    assert plan.price_in(Region(client, "br-gru")).hourly == 0.0105
    assert plan.addons.backups.price_in("br-gru").monthly == 2.8


def test_other_regions_have_the_standard_price(client):
    """The API lists only the regions that differ."""
    plan = Type(client, "g6-nanode-1")
    assert plan.price_in("us-east") == plan.price
    assert plan.addons.backups.price_in("us-east").monthly == plan.addons.backups.price.monthly == 2.0


@pytest.mark.parametrize(
    ("listed", "kind", "hourly"),
    [
        ("get_volume_types", "volume", 0.00018),
        ("get_nodebalancer_types", "nodebalancer", 0.018),
        ("get_lke_types", "lke-ha", 0.108),
        ("get_network_transfer_prices", "network_transfer", 0.015),
        ("get_object_storage_types", "objectstorage-overage", 0.024),
        ("get_reserved_ip_types", "reserved-ipv4", 0.0068),
        ("get_longview_types", "longview-3", 0.03),
    ],
)
def test_every_product_with_prices_of_regions_tells_them(client, listed, kind, hourly):
    """Whatever is sold by region has the method."""
    found = {each.id: each for each in getattr(client, listed)()}
    assert found[kind].price_in("id-cgk").hourly == hourly


@pytest.mark.parametrize("wrong", ["", "BR-GRU", "br_gru", " br-gru", "Sao Paulo, BR", "newark"])
def test_a_string_that_can_be_no_id_is_refused(client, wrong):
    """A label, or another spelling of an ID, would pass for a region without a price of its own."""
    plan = Type(client, "g6-nanode-1")
    for priced in (plan, plan.addons.backups):
        with pytest.raises(ValueError, match="is no ID of a region, such as 'us-east'; get_regions"):
            priced.price_in(wrong)


def test_every_region_has_a_price(client):
    """Of all regions on record, by the ID and by the object."""
    plan = Type(client, "g6-nanode-1")
    for region in client.get_regions():
        assert plan.price_in(region.id) == plan.price_in(region)


@pytest.mark.parametrize("wrong", [None, 5, ["id-cgk"]])
def test_a_price_for_an_invalid_region_is_refused(client, wrong):
    """Else it would pass for a region with the standard price."""
    with pytest.raises(TypeError, match="region must be a Region or its ID"):
        Type(client, "g6-nanode-1").price_in(wrong)
