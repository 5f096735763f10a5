"""Prices of network transfer, seen from a client."""

from __future__ import annotations

from asking import ask

from linode import NetworkTransferPrice


def test_prices_are_those_of_the_api(client):
    prices = {each.id: each for each in client.get_network_transfer_prices()}
    assert {id: each.price.hourly for id, each in prices.items()} == {
        "distributed_network_transfer": 0.01,
        "network_transfer": 0.005,
    }
    price = prices["network_transfer"]
    assert (price.price.monthly, price.transfer) == (None, 0)
    assert {each.id: each.hourly for each in price.region_prices} == {"id-cgk": 0.015, "br-gru": 0.007}
    assert [each.id for each in client.get_network_transfer_prices(NetworkTransferPrice.label == price.label)] == [
        "network_transfer"
    ]


def test_prices_need_no_token(sandbox):
    assert ask(sandbox, "GET", "/v4/network-transfer/prices", token=None)[0] == 200
