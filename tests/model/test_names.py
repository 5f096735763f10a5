"""Names in `dir()`, in messages and in help."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest
from asking import PASSWORD
from fakes import client_of, paged
from hypothesis import given
from hypothesis import strategies as st

import linode as library
from linode import Disk, Linode, LinodeStats, Volume, aio
from linode import sandbox as sandbox_package
from linode._model import Filter, ReadOnly, Resource, matches
from linode._model.options import options_of
from linode.sandbox import Sandbox

INTERNALS = {
    *("path", "beta", "savable", "deletable", "read_only", "unique", "id_key", "filterable", "client_side", "awaited"),
    *("scope", "public", "forget", "mark", "now", "writes", "made", "narrowed"),
}


def shown(obj):
    return {name for name in dir(obj) if not name.startswith("__")}


@pytest.mark.parametrize("owner", ["sync client", "async client", "linode", "disk", "list", "nested object"])
def test_dir_shows_no_internals(owner):
    """Names that only declarations use are not offered to those who explore an object."""
    client, _ = client_of({})
    linode = Linode._of(client, {"id": 1, "alerts": {}})
    found = {
        "sync client": client,
        "async client": aio.LinodeClient("t"),
        "linode": linode,
        "disk": Disk(client, 1, linode),
        "list": client.get_linodes,
        "nested object": linode.alerts,
    }[owner]
    assert not {name for name in shown(found) if name.startswith("_") or name in INTERNALS}


def test_dir_shows_fields_relations_and_verbs():
    """All that users can read, call or list is offered."""
    client, _ = client_of({})
    assert {"label", "status", "disks", "boot", "save", "delete", "load", "raw", "url"} <= shown(Linode(client, 1))
    assert {"get_linodes", "create_linode", "request", "close", "page_size", "base_url"} <= shown(client)
    assert {"all", "first", "one", "total", "index"} <= shown(client.get_linodes)
    assert {"cpu", "io", "raw"} <= shown(Linode._of(client, {"id": 1, "alerts": {}}).alerts)
    assert set(Volume._fields) <= shown(Volume(client, 1))


def test_dir_shows_no_underscored_names():
    """Of login and metadata clients, sandboxes, jobs, event streams, fields and packages too."""
    with Sandbox(seed=1) as sandbox:
        client = sandbox.client()
        linode = client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", root_pass=PASSWORD)
        linode.wait()
        found = [
            *(sandbox, client.events(), linode.reboot(), Linode.label, library, library.sandbox),
            *(library.LinodeLoginClient("id"), aio.LinodeLoginClient("id")),
            *(sandbox.metadata_client(linode), sandbox.async_metadata_client(linode)),
        ]
        assert [(type(each), name) for each in found for name in shown(each) if name.startswith("_")] == []
    assert {"memory", "contains"} <= shown(Linode.specs)
    assert {"generate_login_url", "base_url"} <= shown(library.LinodeLoginClient("id"))


def public_classes():
    """The public classes of the library, of `linode.aio` and of the sandbox, each once."""
    found = {getattr(home, name) for home in (library, aio, sandbox_package) for name in dir(home)}
    return sorted((each for each in found if isinstance(each, type)), key=lambda each: each.__name__)


def home_of(cls, name):
    """The module of the class that defines *name*."""
    return next(each.__module__ for each in cls.__mro__ if name in vars(each))


@pytest.mark.parametrize("cls", public_classes(), ids=lambda cls: cls.__name__)
def test_dir_of_a_class_shows_no_internals(cls):
    """No name of the library with an underscore; those of a named tuple are public."""
    hidden = [name for name in shown(cls) if name.startswith("_") and home_of(cls, name).startswith("linode")]
    assert [name for name in hidden if name not in vars(NamedTuple("Pair", [("one", int)]))] == []


def test_dir_of_a_class_shows_what_its_objects_show():
    """Fields, relations and verbs; of a client, the members of all families, imported or not."""
    client, _ = client_of({})
    assert shown(client) - shown(library.LinodeClient) == {
        "base_url",
        "retry",
        "source",
        "timeout",
    }  # set at its creation
    assert {"get_linodes", "create_linode", "request", "close", "page_size"} <= shown(library.LinodeClient)
    assert shown(Linode) == shown(Linode(client, 1))
    assert {"family", "level", "covers"} <= shown(library.Scope)
    assert {"times", "status", "hits", "refusal"} <= shown(sandbox_package.Fault)
    assert "path" not in shown(Linode)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda client: Linode(client, 1).lable, "a Linode has no attribute 'lable'; did you mean 'label'"),
        (lambda client: Linode._of(client, {"id": 1, "alerts": {}}).alerts.cpuu, "did you mean 'cpu'"),
        (lambda client: client.get_linode, "did you mean 'get_linodes'"),
        (lambda client: client.create_linode(label="x"), r"^create_linode\(\) missing 2 required"),
        (lambda client: client.create_domain(), r"^create_\w+\(\) missing 1 required"),
        (lambda client: dict(Linode(client, 1)), r"a Linode has no items; its JSON is obj.to_dict\(\) or obj.raw"),
        (lambda client: Linode(client, 1)["label"], r"a Linode has no items; its JSON is obj.to_dict\(\)"),
        (lambda client: Linode(client, 1)._posts("boot", outdated=("statsu",)), "did you mean 'status'"),
        (lambda client: Linode(client, 1)._expire(("statsu",)), "did you mean 'status'"),
    ],
)
def test_messages_name_the_nearest_and_no_internal_class(wrong, message):
    """An error about a misspelt name has the nearest name, and no internal one."""
    client, _ = client_of({})
    with pytest.raises((AttributeError, TypeError), match=message) as caught:
        wrong(client)
    assert "Mixin" not in str(caught.value)


def test_the_message_for_an_unknown_attribute_of_a_client_is_short():
    client, _ = client_of({})
    with pytest.raises(AttributeError, match=r"has \d+ others; dir\(\) shows them") as caught:
        _ = client.quux
    assert len(str(caught.value)) < 200


def test_asking_for_an_attribute_that_is_not_there_is_harmless():
    """`hasattr` and `getattr` with a default need no request and raise nothing."""
    linode = Linode(client_of({})[0], 1)
    assert not hasattr(linode, "lable")
    assert getattr(linode, "_repr_png_", None) is None


def test_a_class_that_filters_by_an_unknown_member_is_refused():
    """The filterable fields are checked when the class is declared."""
    with pytest.raises(TypeError, match="Thing has no field to filter by 'labl'; did you mean 'label'"):

        class Thing(Resource):
            path = "/things/{id}"
            filterable = ("labl",)
            id: ReadOnly[int]
            label: ReadOnly[str]


def test_objects_and_lists_become_json():
    """An object as a dict is what the API sent with unsaved changes in it, a list is all of its objects."""
    row = {"id": 1, "label": "web", "alerts": {"cpu": 90, "io": 1}, "news": [1]}
    client, fake = client_of({"GET /linode/instances": paged([row, {"id": 2}])})
    linode = Linode._of(client, row)
    linode.label, linode.alerts.cpu = "db", 80
    found = linode.to_dict()
    assert found == {"id": 1, "label": "db", "alerts": {"cpu": 80, "io": 1}, "news": [1]}
    found["news"].append(2)
    assert json.loads(linode.to_json(indent=2))["news"] == [1]
    assert linode.alerts.to_dict() == {"cpu": 80, "io": 1}
    assert fake.requests == []
    assert client.get_linodes.to_dicts() == [row, {"id": 2}]
    assert json.loads(client.get_linodes.to_json()) == [row, {"id": 2}]


conditions = st.builds(
    lambda key, operator, value: Filter({key: {operator: value} if operator else value}),
    st.sampled_from(["a", "b"]),
    st.sampled_from(["", "+neq", "+gt", "+gte", "+lt", "+lte"]),
    st.integers(0, 3),
)
filters = st.recursive(conditions, lambda few: st.tuples(few, few).map(lambda two: two[0] & two[1]) | few | few)


@given(filters, filters, st.fixed_dictionaries({"a": st.integers(0, 3), "b": st.integers(0, 3)}))
def test_a_negated_filter_holds_where_the_filter_does_not(one, other, row):
    """Of rows that have a value, each meets a filter or its opposite, and the opposite of that is the filter."""
    for each in (one, one | other, one & ~other):
        assert matches(row, (~each).as_json()) != matches(row, each.as_json())
        assert matches(row, (~~each).as_json()) == matches(row, each.as_json())


def test_inherited_options_mean_what_they_mean_where_they_are_declared():
    """Options of a base in another module are known by name, and their types are found in that module."""
    from linode.sandbox.engine.hints import members_of

    assert {"authorized_keys", "stackscript_id", "label", "extra"} <= options_of(Linode.create_disk.__wrapped__)
    assert library.StackScript in members_of(library.DiskOptions)["stackscript_id"].__args__
    assert members_of(library.RebuildOptions)["authorized_keys"] == members_of(library.LinodeOptions)["authorized_keys"]


def test_an_error_inside_a_property_is_not_hidden(client):
    """The error itself is raised, not one about a missing attribute."""
    stats = LinodeStats._of(client.get_regions()[0], {})
    with pytest.raises(AttributeError, match=r"^type object 'NoneType' has no attribute '_fields'$"):
        _ = stats.series
