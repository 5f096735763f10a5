"""Nested objects: assigned as copies or dicts, saved once, and read anew after a load; parents by their class."""

from __future__ import annotations

import msgspec
import pytest
from fakes import client_of

from linode import Config, ConfigDevice, ConfigHelpers, FirewallRule, FirewallRules, Linode
from linode._model import Many, Parent, ReadOnly, Resource


def api():
    """A configuration that another program may change: its devices, and the bodies that were sent."""
    devices: dict[str, object] = {"sda": {"disk_id": 1, "volume_id": None}, "sdc": None}
    bodies: list[object] = []

    def answer(request):
        if request.method == "PUT":
            body = msgspec.json.decode(request.content)
            bodies.append(body)
            for slot, device in body.get("devices", {}).items():
                devices[slot] = device and {"disk_id": None, "volume_id": None, **device}
        return {"id": 5, "label": "boot", "devices": devices}

    client, _ = client_of(answer)
    return Config(client, 5, 123), devices, bodies


def test_what_was_saved_is_saved_once_and_read_anew():
    """The API fills up what was sent; another program's change is seen after a load, and not undone by a later save."""
    config, devices, bodies = api()
    config.load()
    config.devices.sdc = ConfigDevice(disk_id=123)
    config.save()
    config.save()
    assert len(bodies) == 1
    devices["sdc"] = {"disk_id": 124, "volume_id": None}
    config.load()
    assert config.devices.sdc.disk_id == 124
    config.label = "other"
    config.save()
    assert bodies[1:] == [{"label": "other"}]


def test_a_dict_is_taken_for_a_nested_object():
    """With the names of the API's JSON; a name that the object does not have is refused at once."""
    config, _, bodies = api()
    config.load()
    config.devices.sdc = {"disk_id": 5}
    assert config.devices.sdc.disk_id == 5
    config.save()
    assert bodies[0]["devices"]["sdc"]["disk_id"] == 5
    with pytest.raises(TypeError, match="ConfigDevice has no field 'disc_id'; did you mean 'disk_id'"):
        config.devices.sdc = {"disc_id": 5}


def test_one_nested_object_in_two_places_is_two():
    """A change in one is no change in the other."""
    config, _, _ = api()
    config.load()
    device = ConfigDevice(disk_id=7)
    config.devices.sdb = config.devices.sdc = device
    config.devices.sdb.disk_id = 8
    assert (config.devices.sdc.disk_id, device.disk_id) == (7, 7)


@pytest.mark.parametrize("wrong", [5, "sda", [ConfigDevice(disk_id=5)], ConfigHelpers(), FirewallRules()])
def test_what_is_no_nested_object_is_refused_when_it_is_assigned(wrong):
    """A number, a text, a list or an object of another class; nothing is changed then."""
    config, _, bodies = api()
    config.load()
    with pytest.raises(TypeError, match=r"Config\.devices takes a ConfigDevices or a dict"):
        config.devices = wrong
    with pytest.raises(TypeError, match=r"ConfigDevices\.sdc takes a ConfigDevice or a dict"):
        config.devices.sdc = wrong
    config.save()
    assert bodies == []


def test_what_is_no_list_of_nested_objects_is_refused():
    """Dicts in a list or a tuple are taken, also when the object is made; one alone is not."""
    rule = {"protocol": "TCP", "ports": "22", "action": "ACCEPT"}
    rules = FirewallRules(inbound=(rule,), outbound=[FirewallRule(**rule)])
    assert rules.inbound == rules.outbound == [FirewallRule(**rule)]
    for wrong in (rule, [5], "TCP"):
        with pytest.raises(TypeError, match=r"FirewallRules\.inbound takes a list of FirewallRule objects"):
            FirewallRules(inbound=wrong)


class Cluster(Resource):
    path = "/clusters/{id}"
    id: ReadOnly[int]


class Node(Resource):
    path = "/clusters/{cluster}/nodes/{id}"
    id: ReadOnly[int]
    cluster: Parent[Cluster]


class Balancer(Resource):
    path = "/balancers/{id}"
    id: ReadOnly[int]
    nodes: Many[Node]


def test_parents_are_matched_by_class():
    """A list of objects whose parent is of another class has no way to tell their paths."""
    client, _ = client_of({"GET /balancers/9/nodes": {"data": [{"id": 1}], "page": 1, "pages": 1, "results": 1}})
    with pytest.raises(TypeError, match="a Node belongs to a Cluster, and cannot be found below a Balancer"):
        list(Balancer(client, 9).nodes)
    assert Linode(client, 5)._as_parents(Config) == (Linode(client, 5),)
