"""Wherever the ID of another object is set, the object itself will do, and one of another class is refused."""

from __future__ import annotations

import pytest

import linode
from linode import Firewall, Region
from linode._model import Field, Fields, IDField, RefField
from linode._model.convert import argument, class_in

PUBLIC = [each for name in linode.__all__ if isinstance(each := getattr(linode, name), type)]
CLASSES = [each for each in PUBLIC if issubclass(each, Fields)]
FIELDS = {(cls.__name__, name): field for cls in CLASSES for name, field in cls._fields.items()}
IDS = [key for key, field in FIELDS.items() if isinstance(field, (IDField, RefField))]


def blank(cls):
    """An object of *cls* without members."""
    made = object.__new__(cls)
    made._data, made._cache = {}, {}
    for name, value in (("_holder", None), ("_outdated", False), ("_complete", True), ("_raw", None)):
        if hasattr(cls, name):
            setattr(made, name, value)
    return made


def test_no_field_for_the_id_of_an_object_takes_numbers_alone():
    """Names that end in _id, and all fields of default firewalls."""
    plain = {key for key, field in FIELDS.items() if type(field) is Field and field.argument() in (int, int | None)}
    assert {key for key in plain if key[1].endswith("_id") or key[0] == "DefaultFirewalls"} == set()
    assert ("DefaultFirewalls", "linode") in IDS


@pytest.mark.parametrize("key", IDS, ids=".".join)
def test_an_object_of_another_class_is_refused(key):
    """The error names the field, and the class that it takes."""
    field = FIELDS[key]
    target = class_in(argument(field))
    wrong = Region(None, "us-east") if target is not Region else Firewall(None, 5)
    words = rf"\.{key[1]} takes a {target.__name__} or its ID, not a {type(wrong).__name__}$"
    with pytest.raises(TypeError, match=words):
        setattr(blank(getattr(linode, key[0])), key[1], wrong)


def test_an_object_and_its_id_are_one(client):
    """Set to an object, the field has its ID at once; saved, the API has it."""
    policies = {"inbound_policy": "DROP", "outbound_policy": "ACCEPT"}
    firewall = client.create_firewall("default", rules=policies)
    settings = client.get_firewall_settings()
    settings.default_firewall_ids.linode = firewall
    settings.default_firewall_ids.nodebalancer = firewall.id
    assert settings.default_firewall_ids.linode == settings.default_firewall_ids.nodebalancer == firewall.id
    settings.save()
    assert client.get_firewall_settings().default_firewall_ids.linode == firewall.id
    settings.default_firewall_ids.linode = None
    settings.save()
    assert client.get_firewall_settings().default_firewall_ids.linode is None


def test_a_nested_object_from_a_dict_takes_objects(client):
    """A disk in a slot of a configuration, as the options of its creation take it."""
    linode_ = client.create_linode("g6-nanode-1", "us-east")
    linode_.wait("offline")
    disks = []
    for _ in range(2):
        disks.append(linode_.create_disk(100))
        client.wait_for(disks, "ready")
    config = linode_.create_config(disks=disks[:1])
    disk = disks[1]
    config.devices.sdb = {"disk_id": disk}
    assert config.devices.sdb.disk_id == disk.id
    config.save()
    assert config.load().devices.sdb.disk_id == disk.id
