"""Nested objects: assigned as copies or dicts, saved once, and read anew after a load; parents by their class."""

from __future__ import annotations

import msgspec
import pytest
from fakes import client_of

from linode import Config, ConfigDevice, ConfigHelpers, Firewall, FirewallRule, FirewallRules, Linode
from linode._model import Many, Parent, ReadOnly, Resource
from linode.sandbox import Sandbox


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


def test_a_change_inside_a_read_only_value_is_refused_when_it_is_saved():
    """A list that was appended to and a member of a nested object would otherwise stay unsent without a word."""
    with Sandbox(seed=1) as sandbox:
        client = sandbox.client()
        addresses = {"ipv4": ["203.0.113.0/24"]}
        rule = {"action": "ACCEPT", "protocol": "TCP", "ports": "22", "addresses": addresses}
        rules = {"inbound_policy": "DROP", "outbound_policy": "ACCEPT", "inbound": [rule]}
        firewall = client.create_firewall("web", rules)
        for change in (
            lambda: firewall.rules.inbound.append(rule),
            lambda: setattr(firewall.rules.inbound[0], "ports", "443"),
            lambda: firewall.rules.inbound.pop(0),
        ):
            change()
            with pytest.raises(AttributeError) as refused:
                firewall.save()
            assert str(refused.value) == (
                "Firewall.rules.inbound was changed, but is read-only; update_rules() changes it; invalidate() drops it"
            )
            firewall.invalidate()
        linode = client.create_linode("g6-nanode-1", "us-east", label="web-1")
        linode.ipv4.append("203.0.113.7")
        with pytest.raises(AttributeError, match=r"Linode.ipv4 was changed, but is read-only; invalidate\(\) drops it"):
            linode.save()


def test_reading_values_is_no_change():
    """Times, related objects and nested objects that were read look the same as before to a save."""
    with Sandbox(seed=1) as sandbox:
        client = sandbox.client()
        linode = client.create_linode("g6-nanode-1", "us-east", label="web-1")
        for each in (linode, linode.region, client.get_types()[0], client.get_events()[0], client.get_account()):
            each.load()
            for name in type(each)._fields:
                getattr(each, name)
            assert list(each._unsendable()) == []
        linode.tags.append("production")
        linode.save()
        assert linode.load().tags == ["production"]


def test_a_read_only_field_leads_to_the_verb_that_changes_it():
    """Without such a verb, the error lists the fields that can be set."""
    linode = Linode(None, 123)
    for name, verb in (("type", "resize"), ("region", "migrate")):
        with pytest.raises(AttributeError, match=rf"^Linode.{name} is read-only; {verb}\(\) changes it$"):
            setattr(linode, name, "x")
    with pytest.raises(AttributeError, match=r"^Firewall.rules is read-only; update_rules\(\) changes it$"):
        Firewall(None, 1).rules = {}
    with pytest.raises(AttributeError, match=r"^Linode.status is read-only; it can set: group, label"):
        linode.status = "offline"


def test_a_nested_object_is_set_by_its_members():
    """The error names them, where they can be set."""
    linode = Linode(None, 123)
    with pytest.raises(AttributeError, match=r"Linode.alerts cannot be set as a whole; set its members: cpu, io, "):
        linode.alerts = {"cpu": 80}
    with pytest.raises(AttributeError, match=r"Linode.specs is read-only"):
        linode.specs = {}
