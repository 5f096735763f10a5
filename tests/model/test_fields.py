"""Fields: descriptions on the class, values on the object, changes that `save` sends."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime

import pytest
from fakes import LINODE, client_of

from linode import Config, ConfigParameter, Disk, Event, Filter, Linode, LinodeClient, Region
from linode._model import Field, Struct, body
from linode.errors import InvalidRequestError, NotLoadedError, UnexpectedResponseError

URL = "/linode/instances/123"


def test_making_an_object_costs_no_request_and_the_first_missing_field_one():
    """Objects are lazy: nothing is asked until a field is read that has not come; then all come at once."""
    client, fake = client_of({f"GET {URL}": LINODE})
    linode = Linode(client, 123)
    assert fake.asked == []
    assert (linode.label, linode.status, linode.id) == ("web", "running", 123)
    assert fake.asked == [f"GET {URL}"]


def test_a_field_the_api_does_not_send_is_none_and_asked_for_once():
    """A field that is missing after loading is None, and is not requested again."""
    client, fake = client_of({f"GET {URL}": LINODE})
    linode = Linode(client, 123)
    assert linode.maintenance_policy is None
    assert linode.locks is None
    assert len(fake.asked) == 1


def test_values_are_converted_when_read():
    """Dates are aware UTC, relations lazy objects, nested objects have fields; unknown members are in raw."""
    client, _ = client_of({f"GET {URL}": LINODE})
    linode = Linode(client, 123)
    assert linode.created == datetime(2018, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert linode.region == Region(client, "us-east")
    assert linode.region is linode.region
    assert linode.specs.memory == 1024
    assert linode.raw["brand_new_member"] == {"x": 1}


@pytest.mark.parametrize("value", ["integer", ["null", "integer"]])
def test_a_field_can_be_a_text_or_a_list(value):
    """Either is read as it is."""
    assert ConfigParameter._of(None, {"type": value}).type == value


@pytest.mark.parametrize("odd", [[], ["us-east"], 1.5])
def test_an_invalid_id_of_the_api_is_an_error_of_the_library(odd):
    """An invalid value in the place of an ID raises an error that shows the value."""
    client, _ = client_of({f"GET {URL}": {**LINODE, "region": odd, "image": odd}})
    linode = Linode(client, 123)
    for name in ("region", "image"):
        with pytest.raises(UnexpectedResponseError, match=type(odd).__name__):
            getattr(linode, name)


def test_unknown_values_of_enumerations_pass():
    """The API may add states at any time."""
    client, _ = client_of({f"GET {URL}": {**LINODE, "status": "levitating"}})
    assert Linode(client, 123).status == "levitating"


@pytest.mark.parametrize("name", ["status", "created", "region", "id", "specs", "disks"])
def test_only_editable_fields_change(name):
    """Setting what cannot be set refuses at once, by name, without a request."""
    client, fake = client_of({})
    linode = Linode(client, 123)
    with pytest.raises(AttributeError, match=name):
        setattr(linode, name, "x")
    assert fake.asked == []


def test_an_assignment_to_a_name_the_class_does_not_have_raises():
    """A typo is no new attribute; the nearest name is told."""
    with pytest.raises(AttributeError, match="did you mean 'label'"):
        Linode(None, 1).lable = "x"


def test_save_sends_what_changed_and_nothing_when_nothing_did():
    """One PUT with the changed members alone; none without a change, or when it was taken back."""
    client, fake = client_of({f"GET {URL}": LINODE, f"PUT {URL}": {**LINODE, "label": "db"}})
    linode = Linode(client, 123)
    linode.save()
    assert fake.asked == []
    linode.label = "db"
    linode.save()
    linode.save()
    assert fake.asked == [f"PUT {URL}"]
    assert fake.bodies == [{"label": "db"}]
    linode.label = "x"
    linode.label = "db"
    linode.save()
    assert len(fake.asked) == 1


def test_a_change_inside_is_a_change():
    """A list that was appended to and a nested field that was set are sent; nested objects whole, as the API wants."""
    client, fake = client_of({f"GET {URL}": LINODE, f"PUT {URL}": LINODE})
    linode = Linode(client, 123)
    linode.tags.append("b")
    linode.alerts.cpu = 50
    linode.backups.schedule.day = "Sunday"
    linode.save()
    assert fake.bodies == [
        {
            "tags": ["a", "b"],
            "alerts": {"cpu": 50, "io": 10000, "network_in": 10, "network_out": 10, "transfer_quota": 80},
            "backups": {"schedule": {"day": "Sunday", "window": None}},
        }
    ]


def test_a_refused_save_keeps_the_changes():
    """A refused change can be corrected and saved again."""
    from linode._http.transport import Response

    answers = {f"PUT {URL}": Response(400, {}, b'{"errors":[{"field":"label","reason":"too odd"}]}')}
    client, fake = client_of(answers)
    linode = Linode(client, 123)
    linode.label, linode.group = "-", "g"
    with pytest.raises(InvalidRequestError, match="label: too odd"):
        linode.save()
    answers[f"PUT {URL}"] = LINODE
    linode.label = "fine"
    linode.save()
    assert fake.bodies[-1] == {"label": "fine", "group": "g"}


def test_loading_keeps_unsaved_changes_and_invalidate_drops_them():
    """A read in between does not throw edits away; `invalidate` expires all but the identifiers."""
    client, fake = client_of({f"GET {URL}": LINODE})
    linode = Linode(client, 123)
    linode.label = "mine"
    assert (linode.status, linode.label) == ("running", "mine")
    linode.load()
    assert linode.label == "mine"
    linode.invalidate()
    before = len(fake.asked)
    assert linode.id == 123
    assert len(fake.asked) == before
    assert linode.label == "web"
    assert len(fake.asked) == before + 1


def test_looking_at_an_object_costs_no_request():
    """`repr`, `==`, `hash`, `dir`, `hasattr` of a loaded field, `copy` and `pickle` ask nothing."""
    client, fake = client_of({f"GET {URL}": LINODE})
    unloaded, linode = Linode(client, 123), Linode(client, 123)
    _ = linode.label
    before = len(fake.asked)
    assert "123" in repr(unloaded)
    assert unloaded == linode
    assert len({unloaded, linode, Linode(client, "123")}) == 1
    assert unloaded != Linode(client, 124)
    assert "label" in dir(linode)
    assert hasattr(linode, "label")
    assert hasattr(linode, "disks")
    assert copy.copy(linode).label == copy.deepcopy(linode).label == "web"
    assert pickle.loads(pickle.dumps(unloaded)) == linode
    assert len(fake.asked) == before


def test_a_pickle_holds_no_token_and_no_client_but_the_changes():
    """An object travels without its client and is bound to another one where it arrives."""
    client, _ = client_of({f"GET {URL}": LINODE})
    linode = Linode(client, 123)
    linode.alerts.cpu = 50
    linode.label = "db"
    frozen = pickle.dumps(linode)
    assert b"the-token" not in frozen
    assert b"Client" not in frozen
    thawed = pickle.loads(frozen)
    assert (thawed.label, thawed.alerts.cpu, thawed.alerts.io) == ("db", 50, 10000)
    with pytest.raises(NotLoadedError, match=r"client.bind"):
        thawed.save()
    other, fake = client_of({f"PUT {URL}": LINODE})
    other.bind(thawed).save()
    assert fake.bodies[0]["label"] == "db"
    assert fake.bodies[0]["alerts"]["cpu"] == 50


def test_a_client_cannot_be_pickled_and_its_repr_shows_no_token():
    """The token is in the header and nowhere else."""
    client, _ = client_of({})
    with pytest.raises(TypeError, match="token"):
        pickle.dumps(client)
    assert "the-token" not in repr(client) + repr(vars(client)) + repr(client._wire)


def test_parents_follow_the_id_nearest_first():
    """The class, the client, the id, then the parents' ids; a parent object will do."""
    client, _ = client_of({})
    linode = Linode(client, 123)
    assert Disk(client, 5, 123) == Disk(client, 5, linode)
    assert Disk(client, 5, 123).url == f"{URL}/disks/5"
    assert Disk(client, 5, linode).linode is linode
    with pytest.raises(TypeError, match=r"Disk\(client, id, linode\)"):
        Disk(client, 5)
    with pytest.raises(TypeError, match=r"Disk needs the ID of its linode: Disk\(client, id, linode\)"):
        Disk(client, 5, 123, 7)
    with pytest.raises(TypeError, match="is a Linode"):
        Disk(client, 5, Region(client, "us-east"))
    with pytest.raises(TypeError, match="needs an id"):
        Linode(client)


@pytest.mark.parametrize(
    ("identity", "segment"),
    [
        ("linode/debian12", "linode%2Fdebian12"),
        ("../account", "..%2Faccount"),
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("2600:3c01::", "2600%3A3c01%3A%3A"),
        ("100%", "100%25"),
        (7, "7"),
    ],
)
def test_an_id_is_one_segment_of_the_path(identity, segment):
    """Whatever an id holds, it reaches its own place and no other."""
    assert Region(None, identity).url == f"/regions/{segment}"
    assert Disk(None, 1, identity).url == f"/linode/instances/{segment}/disks/1"


@pytest.mark.parametrize("identity", ["", ".", "..", None, 1.5, True, b"x"])
def test_invalid_ids_are_refused(identity):
    """A value that no path can hold as a segment is never sent."""
    with pytest.raises((TypeError, ValueError)):
        Region(None, identity)
    with pytest.raises((TypeError, ValueError)):
        Disk(None, 1, identity)


def test_derived_lists_are_kept_until_something_is_written():
    """`linode.disks[k]` in a loop is one request; after a write of this client the list is read anew."""
    from fakes import paged

    disks = [{"id": number, "label": f"d{number}"} for number in range(3)]
    client, fake = client_of(
        {f"GET {URL}/disks": paged(disks), f"DELETE {URL}/disks/1": {}, f"POST {URL}/disks/2/resize": {}}
    )
    linode = Linode(client, 123)
    assert [linode.disks[k].id for k in range(len(linode.disks))] == [0, 1, 2]
    assert len(fake.asked) == 1
    linode.disks[1].delete()
    assert len(linode.disks) == 3
    assert len(fake.asked) == 3


def test_fields_that_a_method_changes_are_reloaded():
    """`resize` makes the size stale, and nothing else."""
    client, fake = client_of(
        {f"GET {URL}/disks/5": {"id": 5, "size": 9, "label": "d"}, f"POST {URL}/disks/5/resize": {}}
    )
    disk = Disk(client, 5, 123)
    assert disk.size == 9
    disk.resize(10)
    assert disk.label == "d"
    assert len(fake.asked) == 2
    assert disk.size == 9
    assert len(fake.asked) == 3


def test_a_verb_on_the_class_is_a_description():
    """`Disk.resize(disk, 40)` is a comparable, printable call that no client is needed for."""
    disk = Disk(None, 5, 123)
    assert Disk.resize(disk, 40) == Disk.resize(disk, 40)
    assert repr(Disk.resize(disk, 40)) == "Call('POST', '/linode/instances/123/disks/5/resize', {'size': 40})"
    assert "hunter2" not in repr(Disk.reset_password(disk, "hunter2"))


def test_a_misspelt_option_raises_at_once_with_the_nearest_name():
    """Options are checked before any request; `extra` passes what the library does not know."""
    client, fake = client_of({f"POST {URL}/disks": {"id": 5}})
    linode = Linode(client, 123)
    with pytest.raises(TypeError, match="did you mean 'label'"):
        linode.create_disk(100, lable="x")
    assert fake.asked == []
    linode.create_disk(100, label="x", extra={"brand_new": True})
    assert fake.bodies == [{"size": 100, "label": "x", "brand_new": True}]


def test_filters_are_descriptions():
    """Operators make filters; a related object is as good as its id."""
    client = LinodeClient("t", "http://api.test/v4")
    assert (Linode.label == "x") == Filter({"label": "x"})
    assert (Linode.label != "x").as_json() == {"label": {"+neq": "x"}}
    assert (Linode.id >= 5).as_json() == {"id": {"+gte": 5}}
    assert Linode.label.contains("x").as_json() == {"label": {"+contains": "x"}}
    assert (Linode.region == Region(client, "us-east")).as_json() == (Linode.region == "us-east").as_json()
    assert (Linode.tags == "web").as_json() == {"tags": "web"}
    assert Config.label.desc().as_json() == {"+order_by": "label", "+order": "desc"}


def test_one_of_several_values_and_what_the_api_cannot_negate():
    """`in_` is any of its values; an order and a part of a text cannot be negated, and the error says so."""
    assert Linode.label.in_(["a", "b"]) == ((Linode.label == "a") | (Linode.label == "b"))
    assert Linode.tags.in_(["core"]).as_json() == (Linode.tags == "core").as_json()
    with pytest.raises(ValueError, match=r"Linode\.label\.in_\(\) needs at least one value"):
        Linode.label.in_([])
    with pytest.raises(TypeError, match=r"in_\(\) takes a list; write in_\(\['web'\]\)"):
        Linode.label.in_("web")
    assert ~(Linode.tags == "core") == (Linode.tags != "core")
    with pytest.raises(TypeError, match="an order cannot be negated"):
        _ = ~Linode.label.asc()
    with pytest.raises(TypeError, match=r"cannot negate '\+contains' of 'label'; filter the list in Python"):
        _ = ~Linode.label.contains("core")


def test_a_date_is_midnight_utc():
    """A date can stand for a time, in filters and in requests."""
    assert (Event.created >= date(2026, 1, 1)).as_json() == {"created": {"+gte": "2026-01-01T00:00:00"}}
    assert body(expiry=date(2026, 1, 1)) == {"expiry": "2026-01-01T00:00:00"}


def test_a_client_suggests_the_nearest_name():
    """A method that it does not have is answered with the one that was meant."""
    client = LinodeClient("t", "http://api.test/v4")
    with pytest.raises(AttributeError, match="has no attribute 'get_linode'; did you mean 'get_linodes'"):
        _ = client.get_linode
    assert not hasattr(client, "_repr_html_")


def test_a_field_that_cannot_be_filtered_refuses_and_names_those_that_can():
    """A filter that the API would refuse is refused here, before any request."""
    with pytest.raises(TypeError, match="label"):
        _ = Linode.created == "x"
    with pytest.raises(TypeError, match=r"'specs\.memory'"):
        _ = Linode.specs.memory > 5


def test_a_filter_is_neither_true_nor_false():
    """`if Linode.label == "x"` is a mistake, and said to be one."""
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(Linode.label == "x")


class Bay(Struct):
    """A bay of a rack."""

    height: Field[int]


class Rack(Struct):
    """A rack of alike bays."""

    top = middle = bottom = Field[Bay | None]()
    notes = labels = Field[list[str]]()


def test_fields_in_a_row_are_fields_of_their_own():
    """Each name of a row has its own key, value and type; a container in it is copied when it is read."""
    rack = Rack._of(None, {"top": {"height": 1}, "bottom": None, "notes": ["new"]})
    rack.middle = Bay(height=2)
    rack.notes.append("tall")
    assert [(name, field.key) for name, field in Rack._fields.items()] == [
        (name, name) for name in ("top", "middle", "bottom", "notes", "labels")
    ]
    assert isinstance(rack.top, Bay)
    assert (rack.top.height, rack.bottom) == (1, None)
    assert rack._changes() == {"middle": {"height": 2}, "notes": ["new", "tall"]}
    assert rack.raw["notes"] == ["new"]
