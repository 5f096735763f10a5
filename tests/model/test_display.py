"""Objects and lists as rows, and as notebooks and rich show them."""

from __future__ import annotations

import asyncio
import inspect
from datetime import UTC, datetime
from html.parser import HTMLParser

import pandas as pd
import polars as pl
import pytest
from rich.pretty import pretty_repr

import linode
from linode import Disk, Event, Linode, PersonalAccessToken, Resource, Volume
from linode._model.display import columns
from linode._model.objects import Fields, Struct
from linode._model.rows import align_rows
from linode._secrets import redacted
from linode.errors import NotFoundError
from linode.sandbox import Sandbox

CLASSES = sorted(
    {
        each
        for name in dir(linode)
        if inspect.isclass(each := getattr(linode, name)) and issubclass(each, Fields) and each is not Fields
    },
    key=lambda cls: cls.__name__,
)
RESOURCES = [cls for cls in CLASSES if issubclass(cls, Resource)]


class Cells(HTMLParser):
    """The cells of the HTML *text*, and its caption; any tag but those of a table is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.caption = self._text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        assert tag in {"table", "caption", "tr", "th", "td"}
        assert attrs == []
        self._text = ""
        if tag == "tr":
            self.rows.append([])

    def handle_data(self, data):
        self._text += data

    def handle_endtag(self, tag):
        if tag == "caption":
            self.caption = self._text
        elif tag in ("th", "td"):
            self.rows[-1].append(self._text)


@pytest.fixture
def linodes(client):
    """A list of three Linodes, which is not loaded yet."""
    for label in ("one", "two", "three"):
        client.create_linode("g6-nanode-1", "us-east", label=label, tags=["aaa", "bbb"])
    return client.get_linodes()


def test_rows_are_flat(linodes):
    """Nested members have dotted columns, times are datetimes, lists stay lists, and all rows have the same columns."""
    rows = linodes.to_rows()
    assert [row["label"] for row in rows] == ["one", "two", "three"]
    assert rows[0]["specs.memory"] == 1024
    assert rows[0]["created"] == linodes[0].created
    assert isinstance(rows[0]["created"], datetime)
    assert rows[0]["tags"] == ["aaa", "bbb"]
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert not any(isinstance(value, dict) for row in rows for value in row.values())


def test_a_row_is_a_copy(linodes):
    """A change of a row changes no object."""
    linodes.to_rows()[0]["tags"].append("ccc")
    assert linodes[0].tags == ["aaa", "bbb"]


def test_a_row_of_an_object_has_its_changes(linodes):
    """An unsaved change is in the row, as it is in `to_dict`; a time that was set is a datetime."""
    first = linodes[0]
    first.label = "changed"
    assert first.to_row()["label"] == "changed"
    assert first.specs.to_row()["memory"] == 1024


def test_rows_become_data_frames(linodes):
    """Pandas and polars read the rows; times have the type of times."""
    rows = linodes.to_rows()
    frame = pd.DataFrame(rows)
    assert frame["specs.memory"].sum() == 3 * 1024
    assert isinstance(frame["created"].dtype, pd.DatetimeTZDtype)
    other = pl.DataFrame(rows)
    assert other["specs.memory"].sum() == 3 * 1024
    assert other.schema["created"] == pl.Datetime("us", "UTC")
    assert other.schema["tags"] == pl.List(pl.String)


def test_rows_of_events(linodes, client):
    """Entities of which some are missing have the columns of the others."""
    rows = client.get_events().to_rows()
    assert {"entity.id", "entity.label"} <= rows[0].keys()
    assert "entity" not in rows[0]
    assert len(pd.DataFrame(rows)) == len(pl.DataFrame(rows, infer_schema_length=None)) == len(rows)


def test_missing_nested_objects():
    """A row without the nested object has None in its columns; a column with other values stays."""
    assert align_rows([{"a": None}, {"a.b": 1}]) == [{"a.b": None}, {"a.b": 1}]
    assert align_rows([{"a": 1}, {"a.b": 2}]) == [{"a": 1, "a.b": None}, {"a": None, "a.b": 2}]
    assert align_rows([]) == []


def test_awaited_rows():
    """The awaited list has the same rows."""

    async def story(sandbox):
        async with sandbox.async_client() as client:
            await client.create_linode("g6-nanode-1", "us-east", label="one")
            return await client.get_linodes().to_rows()

    with Sandbox(seed=1) as sandbox:
        (row,) = asyncio.run(story(sandbox))
        assert (row["label"], row["specs.vcpus"]) == ("one", 1)


# -- notebooks ---------------------------------------------------------------------------------------------------------


def test_a_list_is_a_table(linodes, sandbox):
    """The first rows with the columns that people want, for the one request that listing needs."""
    before = len(sandbox.requests)
    shown = Cells(linodes._repr_html_())
    assert shown.caption == "3 of 3 Linode objects"
    assert shown.rows[0] == ["id", "label", "status", "type", "region", "ipv4", "tags"]
    assert [row[1:3] + row[6:] for row in shown.rows[1:]] == [
        [label, "provisioning", "aaa, bbb"] for label in ("one", "two", "three")
    ]
    assert len(sandbox.requests) - before == 1
    linodes._repr_html_()
    assert len(sandbox.requests) - before == 1


def test_a_long_list_is_cut(client, sandbox):
    """Twenty rows, one request, however long the list and however small its pages are."""
    small = sandbox.client(page_size=25)
    before = len(sandbox.requests)
    shown = Cells(small.get_types()._repr_html_())
    assert len(shown.rows) == 21
    assert shown.caption == f"20 of {len(client.get_types())} Type objects"
    assert len([each for each in sandbox.requests[before:] if "/types" in str(each)]) == 2  # the second is len()'s


def test_an_empty_list_says_its_filter(client):
    """A caption alone, with the filter."""
    shown = Cells(client.get_volumes(Volume.label == "none")._repr_html_())
    assert (shown.caption, shown.rows) == ("0 of 0 Volume objects where {'label': 'none'}", [])


def test_an_awaited_list_is_not_fetched():
    """The table of an async list says that it has to be awaited; afterwards it has rows."""

    async def story(sandbox):
        async with sandbox.async_client() as client:
            await client.create_linode("g6-nanode-1", "us-east", label="one")
            linodes, before = client.get_linodes(), len(sandbox.requests)
            assert "not loaded" in Cells(linodes._repr_html_()).caption
            assert len(sandbox.requests) == before
            await linodes.total()
            return Cells(linodes._repr_html_()).rows

    with Sandbox(seed=1) as sandbox:
        assert len(asyncio.run(story(sandbox))) == 2


def test_an_error_of_the_listing_is_raised(client):
    """A list that the API refuses shows no empty table."""
    with pytest.raises(NotFoundError):
        Linode(client, 404).disks._repr_html_()


def test_an_object_is_a_card(linodes):
    """A card shows the ID and the loaded members, nested ones with their paths."""
    shown = Cells(linodes[0]._repr_html_())
    assert shown.caption.startswith(f"Linode {linodes[0].id}")
    members = dict(shown.rows)
    assert (members["label"], members["specs.memory"], members["tags"]) == ("one", "1024", "aaa, bbb")


def test_nothing_is_loaded_to_be_shown(client, sandbox):
    """An object without its JSON shows its ID in a notebook, to rich and as text; no request is sent."""
    before = len(sandbox.requests)
    unloaded = Linode(client, 123)
    disks = unloaded.disks
    assert Cells(unloaded._repr_html_()).caption == "Linode 123 (not loaded)"
    assert pretty_repr(unloaded) == "Linode(123)"
    assert pretty_repr(disks) == "ResourceList('Disk', '/linode/instances/123/disks')"
    assert pretty_repr(Disk(client, 5, 123)) == "Disk(5)"
    assert repr(unloaded) == "Linode(123)"
    assert len(sandbox.requests) == before


def test_rich_shows_what_a_table_shows(linodes):
    """The members of the table, and the first objects of a loaded list."""
    first = linodes[0]
    shown = pretty_repr(first, max_width=300)
    assert shown.startswith(f"Linode({first.id}, label='one', status='provisioning', type='g6-nanode-1'")
    assert "total=3" in pretty_repr(linodes)
    assert "label='two'" in pretty_repr(linodes)


def test_html_is_escaped(client):
    """Text of other people is text in a notebook."""
    client.create_tag("<script>alert(1)</script>")
    assert "&lt;script&gt;" in client.get_tags()._repr_html_()
    assert "<script" not in client.get_tags()._repr_html_()


def test_a_long_value_is_cut(client):
    """A cell has 60 characters at most."""
    script = client.create_stackscript("x" * 90, "#!/bin/bash\n", ["linode/debian12"])
    assert max(len(cell) for row in Cells(script._repr_html_()).rows for cell in row) == 60


def test_times_and_related_objects(linodes, client):
    """A time is shown to the second; of a related object, its label."""
    header, *rows = Cells(client.get_events()._repr_html_()).rows
    assert header[:3] == ["id", "created", "action"]
    assert datetime.strptime(rows[0][1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    assert {"one", "two", "three"} <= {row[header.index("entity.label")] for row in rows}
    assert Event.action.key in header


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_no_secret_is_shown(cls):
    """Whatever member of any class has the name of a secret, neither notebooks nor rich show its value."""
    keys = [field.key for field in cls._fields.values() if redacted({field.key: 1}) != {field.key: 1}]
    data = {**dict.fromkeys(keys, "s3cr3t-value"), "deep": {"password": ["s3cr3t-value"]}, "ssl_key": "s3cr3t-value"}
    data |= {key: "2018-01-02T03:04:05" for key in keys if "datetime" in str(cls._fields[key].argument())}
    if getattr(cls, "id_key", None) and cls.id_key != "token":
        data[cls.id_key] = 5
    if issubclass(cls, Struct):
        made = cls._of(None, data)
    else:
        made = cls._new(None, None, tuple(1 for _ in cls._parent_names), dict(data))
    assert "s3cr3t" not in made._repr_html_()
    assert "s3cr3t" not in pretty_repr(made)
    assert "***" in made._repr_html_()


def test_a_new_token_is_not_shown(client):
    """A token is in the answer to its creation, and in no display of the object."""
    token = client.get_profile().create_token(label="t", scopes="*")
    assert len(token.token) > 20
    assert token.token not in token._repr_html_() + pretty_repr(token)
    assert isinstance(token, PersonalAccessToken)


@pytest.mark.parametrize("cls", RESOURCES, ids=lambda cls: cls.__name__)
def test_columns_exist(cls):
    """Every column of a table is a member of the class, nested ones too, and no secret."""
    for column in columns(cls):
        owner = cls
        for key in column.split("."):
            fields = {field.key: field for field in owner._fields.values()}
            assert key in fields, column
            owner = fields[key].struct() if hasattr(fields[key], "struct") else None
        assert redacted({column: 1}) == {column: 1}
    assert len(columns(cls)) <= 7


@pytest.mark.parametrize(
    ("cls", "shown"),
    [
        (linode.AlertDefinition, ("id", "label", "status", "type", "description", "service_type")),
        (linode.AlertChannel, ("id", "label", "type", "channel_type", "created_by", "updated_by")),
        (linode.LogStream, ("id", "label", "status", "type", "version", "created_by")),
    ],
)
def test_who_changed_an_object_is_shown_where_there_is_room(cls, shown):
    """Fields of a shared base, such as created_by, take no column from the fields of the class itself."""
    assert columns(cls) == shown


@pytest.mark.parametrize(("cls", "first"), [(linode.Linode, "id label group tags"), (linode.Volume, "id label size")])
def test_fields_have_the_order_in_which_they_are_declared(cls, first):
    """Rows of a table and members of the sandbox's JSON have it too: the ID and the label come first."""
    assert list(cls._fields)[: len(first.split())] == first.split()
