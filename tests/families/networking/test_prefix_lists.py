"""Prefix lists in the sandbox."""

from __future__ import annotations

from ipaddress import ip_network

from linode import PrefixList

DOCUMENTATION = [ip_network(each) for each in ("198.51.100.0/24", "2001:db8::/32")]


def test_prefix_lists_are_examples_that_say_so(client):
    """Nobody recorded those of Linode's services: the networks are those reserved for examples."""
    found = client.get_prefix_lists().all()
    assert all(each.name.startswith("pl:system:") and "An example" in each.description for each in found)
    networks = [ip_network(text) for each in found for text in [*(each.ipv4 or ()), *(each.ipv6 or ())]]
    assert networks
    for network in networks:
        assert any(each.version == network.version and network.subnet_of(each) for each in DOCUMENTATION)


def test_a_prefix_list_is_found_by_its_name_and_read(client):
    (found,) = client.get_prefix_lists(PrefixList.name == "pl:system:object-storage:us-iad")
    assert PrefixList(client, found.id).load().visibility == "public"
    assert client.get_prefix_lists(PrefixList.name == "pl::offices").all() == []
