"""Wherever the ID of another object is set, the object itself will do, and one of another class is refused."""

from __future__ import annotations

import pytest

import linode
from linode import Disk, Firewall, Linode, LinodeClient, Region, Tag, Volume
from linode._model import BaseClient, Field, Fields, IDField, IDsField, RefField, Resource
from linode._model.actions import action
from linode._model.convert import argument, class_in
from linode._model.hints import arms
from linode.api import MEMBERS
from linode.sandbox.engine import hints

PUBLIC = [each for name in linode.__all__ if isinstance(each := getattr(linode, name), type)]
CLASSES = [each for each in PUBLIC if issubclass(each, Fields)]
FIELDS = {(cls.__name__, name): field for cls in CLASSES for name, field in cls._fields.items()}
IDS = [key for key, field in FIELDS.items() if isinstance(field, (IDField, RefField))]
MANY_IDS = [key for key, field in FIELDS.items() if isinstance(field, IDsField)]
for _member in MEMBERS:  # imports each family
    getattr(LinodeClient, _member)
MIXINS = [each for each in BaseClient.__subclasses__() if each.__name__.endswith("Mixin")]
VERBS = [
    (cls, name, verb)
    for cls in (*MIXINS, *CLASSES)
    for base in cls.__mro__
    for name, verb in vars(base).items()
    if isinstance(verb, action) and name != "ensure"  # whose options are those of another verb
]


def classes_of(hint):
    """The classes of objects that *hint* names, for one object."""
    return [each for arm in arms(hint) for each in hints.resource_in(arm)]


def arguments():
    """Each argument of a verb that takes objects: the verb, the argument's name, its classes, whether it is a list."""
    for cls, name, verb in VERBS:
        for given, hint in hints.parameters(verb.__wrapped__)[0].items():
            item = hints.item_type(hint)
            for several, found in ((False, classes_of(hint)), (True, classes_of(item) if item else [])):
                if found and Resource not in found:
                    yield pytest.param(cls, verb, given, found, several, id=f"{cls.__name__}.{name}-{given}")


ARGUMENTS = list({each.id: each for each in arguments()}.values())


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


def test_every_option_for_ids_of_objects_names_their_class():
    """At any depth; what is no ID of an object of the API is named here."""
    no_objects = {"payer_id", "payment_id", "question_id", "access_key_id", "entity_id"}
    seen, plain = set(), set()

    def look(name, hint):
        for arm in [*arms(hint), *(arms(item) if (item := hints.item_type(hint)) else [])]:
            if arm not in seen:
                seen.add(arm)
                for inner, each in hints.declared_of(arm).items():
                    look(inner, each)
        ids = name.removesuffix("_").endswith(("_id", "_ids")) or name == "id"
        if ids and not classes_of(hint) and not classes_of(hints.item_type(hint) or int):
            plain.add(name)

    for _cls, _name, verb in VERBS:
        for name, hint in hints.parameters(verb.__wrapped__)[0].items():
            if verb.__name__ != "get_nfs_filesystem":  # which makes an object of an ID
                look(name, hint)
    of_fields = {"disk_id", "volume_id", "subnet_id", "vpc_id", "ipv4_interface_id", "ipv6_interface_id"}
    assert plain - no_objects - of_fields == set()
    assert len(seen) > 100


@pytest.mark.parametrize(("cls", "verb", "name", "classes", "several"), ARGUMENTS)
def test_an_argument_of_another_class_is_refused(cls, verb, name, classes, several):
    """By the name of the argument, and with the classes that it takes."""
    wrong = next(each for each in (Region(None, "us-east"), Firewall(None, 5)) if not isinstance(each, tuple(classes)))
    given = {name: [wrong] if several else wrong}
    at = rf"{name}\[0\]" if several else name
    with pytest.raises(
        TypeError, match=rf"\(\): {at} takes an? .*{classes[0].__name__}.*, not a {type(wrong).__name__}$"
    ):
        verb.describe(object(), **given)


def test_many_arguments_are_checked():
    """The list above is not empty by mistake."""
    assert len(ARGUMENTS) > 100


@pytest.mark.parametrize(
    ("create", "words"),
    [
        (lambda client, of: client.create_volume("data", linode_id=of), r"create_volume\(\): linode_id takes a Linode"),
        (
            lambda client, of: Linode(client, 5).create_config(disks=[5, of]),
            r"disks\[1\] takes a Disk, a Volume or an ID",
        ),
        (lambda client, of: client.create_volume("data", size=of), r"size takes no object; a Firewall was given$"),
        (
            lambda client, of: client.create_linode("g6-nanode-1", "us-east", interfaces=[{"vpc": {"subnet_id": of}}]),
            r"interfaces\[0\]\.vpc\.subnet_id takes a VPCSubnet or its ID, not a Firewall$",
        ),
        (lambda client, of: client.create_tag("web", linodes={of}), r"linodes\[0\] takes a Linode or its ID"),
    ],
)
def test_nothing_is_sent_with_an_object_of_another_class(client, create, words):
    """Also inside lists, dicts and sets, and where no object is taken."""
    with pytest.raises(TypeError, match=words):
        create(client, Firewall(client, 7))


def test_a_name_is_as_good_as_its_object():
    """A tag's ID is its label, so a tag does where a text is taken; an object whose ID is a number does not."""
    call = Volume.tags == Tag(None, "web")
    assert call.as_json() == {"tags": "web"}
    described = linode.LinodeClient.create_volume(
        linode.LinodeClient("t"), "data", region="us-east", tags=[Tag(None, "web")]
    )
    assert described.json["tags"] == ["web"]


@pytest.mark.parametrize("given", ["lazy", "range", "set", "keys", "tuple"])
def test_every_collection_stands_for_a_list(client, given):
    """A list that the API has not sent yet, a range of IDs, the keys of a dict: what type checkers let pass."""
    made = client.create_linode("g6-nanode-1", "us-east")
    linodes = {
        "lazy": client.get_linodes(),
        "range": range(made.id, made.id + 1),
        "set": {made},
        "keys": {made.id: 1}.keys(),
        "tuple": (made,),
    }[given]
    client.create_tag("web", linodes=linodes)
    assert made.load().tags == ["web"]
    made.tags = client.get_tags()
    assert made.tags == ["web"]
    made.save()


def test_a_lazy_list_of_another_class_is_refused_unread(sandbox, client):
    """The class of its objects is known before it is loaded."""
    before = len(sandbox.requests)
    with pytest.raises(TypeError, match=r"linodes\[0\] takes a Linode or its ID, not a Volume$"):
        client.create_tag("web", linodes=client.get_volumes())
    with pytest.raises(TypeError, match=r"tags\[0\] takes no object; a Volume was given$"):
        client.create_volume("data", region="us-east", tags=client.get_volumes())
    assert len(sandbox.requests) == before


def test_the_id_of_a_class_compares_with_its_objects():
    """With the object or its ID, alone or in a list; an object of another class is refused."""
    assert (Linode.id == Linode(None, 5)) == (Linode.id == 5)
    assert Linode.id.in_([Linode(None, 5), 6]) == Linode.id.in_([5, 6])
    with pytest.raises(TypeError, match=r"^Linode\.id takes no object; a Volume was given$"):
        _ = Linode.id == Volume(None, 5)


def test_a_filter_refuses_an_object_of_another_class():
    """A relation compares with an object of its class, or with an ID."""
    with pytest.raises(TypeError, match=r"^Linode\.region takes a Region or its ID, not a Firewall$"):
        _ = Linode.region == Firewall(None, 5)


@pytest.mark.parametrize("key", MANY_IDS, ids=".".join)
def test_a_list_of_ids_takes_objects(key):
    """Reading returns the IDs, of the type that the API sends; an object of another class is refused."""
    field = FIELDS[key]
    target = class_in(argument(field))
    right = Linode(None, 5) if target is Resource else target(None, 5)
    owner = blank(getattr(linode, key[0]))
    setattr(owner, key[1], [right])
    assert getattr(owner, key[1]) == [hints.item_type(field.argument())(5)]
    if target is not Resource:
        with pytest.raises(TypeError, match=rf"\.{key[1]}\[0\] takes an? {target.__name__} or its ID, not a Disk$"):
            setattr(owner, key[1], [Disk(None, 5, 6)])


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
