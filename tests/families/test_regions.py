"""Public operations: regions, plans and kernels, from the catalogue."""

from __future__ import annotations

import pytest
from asking import unanswered
from fakes import client_of, paged

from linode import Kernel, LinodeClient, Region, RegionAvailability, Type
from linode.errors import NotFoundError


@pytest.fixture
def visitor(sandbox):
    """A client without a token."""
    return LinodeClient(base_url="http://sandbox/v4", transport=sandbox.transport())


def test_regions_plans_and_kernels_need_no_token(visitor):
    """All are listed, the kernels on several pages."""
    assert len(visitor.get_regions()) > 30
    assert "g6-nanode-1" in [each.id for each in visitor.get_types()]
    assert len(visitor.get_kernels()) > 300
    assert len(visitor.get_regions_availability()) > 400


def test_a_region_is_found_by_its_id(visitor):
    """Ids of kernels have two parts; what is not there is not found."""
    assert Region(visitor, "us-east").label == "Newark, NJ"
    assert Type(visitor, "g6-nanode-1").memory == 1024
    assert Kernel(visitor, "linode/grub2").label == "GRUB 2"
    for cls in (Region, Type, Kernel):
        with pytest.raises(NotFoundError):
            cls(visitor, "none").load()


def test_regions_are_filtered_as_the_api_filters_them(visitor):
    """By what it evaluates itself, and by what the library narrows down."""
    countries = {region.country for region in visitor.get_regions(Region.country == "gb")}
    assert countries == {"gb"}
    assert {each.id for each in visitor.get_types(Type.class_ == "nanode")} >= {"g6-nanode-1"}
    assert visitor.get_kernels(Kernel.label == "GRUB 2").one().id == "linode/grub2"
    assert Region(visitor, "us-east") in visitor.get_regions(Region.capabilities == "Linodes")


def test_a_region_tells_which_plans_can_be_had_in_it(visitor):
    """The same as the list of all regions says."""
    own = Region(visitor, "us-east").availability()
    whole = [each for each in visitor.get_regions_availability() if each.region.id == "us-east"]
    assert own
    assert own == whole


def test_every_region_tells_whether_it_has_vpcs(visitor):
    """Regions that the catalogue does not list have the availability of their capabilities."""
    listed = {each.region.id: each.available for each in visitor.get_regions_vpc_availability()}
    regions = list(visitor.get_regions())
    told = {region.id: region.vpc_availability() for region in regions}
    assert {name: told[name].available for name in listed} == listed
    others = [region for region in regions if region.id not in listed]
    assert {told[region.id].available for region in others} == {True, False}
    assert all(told[region.id].available == ("VPCs" in region.capabilities) for region in others)
    assert all(each.region.id == name for name, each in told.items())


def test_every_operation_of_the_catalogue_is_answered(sandbox):
    """None of those in the API's list is unknown to the sandbox."""
    ids = {"regionId": "us-east", "typeId": "g6-nanode-1", "kernelId": "linode/grub2"}
    assert unanswered(sandbox, ids, "/regions", "/linode/types", "/linode/kernels") == []


def test_regions_are_filtered_by_the_client_where_the_api_cannot():
    """The guide looks for a datacenter by its label, which the API cannot."""
    rows = [{"id": "us-east", "label": "Newark, NJ"}, {"id": "us-west", "label": "Fremont, CA"}]
    client, fake = client_of({"GET /regions": paged(rows)})
    assert client.get_regions(Region.label.contains("Newark")) == [Region(client, "us-east")]
    assert fake.filters == [None]


def test_entries_of_a_list_are_complete_and_equal_to_what_says_the_same():
    """An entry without a path of its own is never requested again."""
    rows = [{"region": "us-east", "plan": "g7-premium-2", "available": False}]
    client, fake = client_of({"GET /regions/availability": paged(rows), "GET /regions/us-east/availability": rows})
    (entry,) = client.get_regions_availability(RegionAvailability.region == Region(client, "us-east"))
    assert fake.filters == [{"region": "us-east"}]
    assert entry.region == Region(client, "us-east")
    assert {entry} == {*Region(client, "us-east").availability()}
    assert entry != type(entry)._of(client, {**rows[0], "available": True})
    assert "g7-premium-2" in repr(entry)
    assert (entry.available, len(fake.requests)) == (False, 2)
    with pytest.raises(TypeError, match="list them again"):
        entry.load()
