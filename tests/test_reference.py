"""The reference holds all that is public, with a docstring each: what is imported against the sources of its pages."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, is_typeddict

import pytest

import linode
import linode.sandbox
from linode._model import Entry as ListEntry
from linode._model import Fields, ResourceList, Struct
from linode.api import MEMBERS
from member_texts import repeats
from reference import FOR_DECLARATIONS, Entry, Page, Reader
from reference_pages import Links, rendered
from source import families, module_named, with_docs

PAGES = Reader().pages()
SHOWN: dict[str, Entry] = {}
for _page in PAGES:
    for _entry in (*_page.entries, *_page.of_clients):
        SHOWN[_entry.full_name] = _entry
        SHOWN |= {f"{_entry.full_name}.{each.name}": each for each in _entry.members}


def unnamed(cls: type) -> Iterator[type]:
    """*cls*, and those of its bases that have no public name: what they have the reference shows as its own."""
    for base in cls.__mro__:
        if base is not cls and (base in (ListEntry, Struct, Sequence) or base.__name__ in linode.__all__):
            return
        yield base


def own(cls: Any) -> Iterator[str]:
    """The members of *cls* itself: fields and verbs; of a dict, its members except for those of all options."""
    if is_typeddict(cls):
        yield from cls.__annotations__.keys() - {"extra"}
        return
    for base in unnamed(cls):
        for name, value in vars(base).items():
            if not name.startswith("_") and (callable(value) or hasattr(value, "__get__")):
                yield name


STUBS = Path(linode.__file__).with_name("aio")


def public() -> Iterator[str]:
    """The full names of everything public, as it is found when it is imported."""
    for module in (linode, linode.sandbox):
        for name in module.__all__:
            yield f"{module.__name__}.{name}"
            cls = getattr(module, name)
            if name != getattr(cls, "__name__", name) or not isinstance(cls, type):
                continue
            if is_typeddict(cls) or issubclass(cls, (Fields, ResourceList)):
                yield from (f"{module.__name__}.{name}.{each}" for each in own(cls) if each not in FOR_DECLARATIONS)
    yield from (f"linode.LinodeClient.{name}" for name in MEMBERS if not name.startswith("_"))


def test_everything_public_is_in_the_reference():
    """Every public name, every field, every verb and all that a client can do stands in the reference."""
    every = set(public())
    assert len(every) > 1000
    assert sorted(every - SHOWN.keys()) == []


def test_everything_in_the_reference_has_a_docstring():
    """Nothing stands there without a word."""
    assert [name for name, entry in SHOWN.items() if not entry.doc] == []


def test_editors_show_those_who_await_docstrings_too():
    """Every public class and verb of the stubs has its own, each of the forms of a verb among them."""
    nodes = [node for path in STUBS.rglob("*.pyi") for node in ast.walk(ast.parse(path.read_text()))]
    named = [each for each in nodes if isinstance(each, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))]
    assert len(named) > 200
    assert [each.name for each in named if each.name[0] != "_" and not ast.get_docstring(each)] == []


def test_docstrings_are_those_that_help_shows():
    """The docstring that was read from the source is that of the class."""
    for name, entry in SHOWN.items():
        module, _, short = name.rpartition(".")
        if entry.kind in ("class", "exception") and module == "linode" and not entry.doc.startswith("Another name"):
            assert inspect.getdoc(getattr(linode, short)).partition("\n\nAPI reference")[0] == entry.doc, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_can_be_written(page: Page):
    """The names that docstrings speak of exist, and every entry has its place in the page's source."""
    text = rendered(page, Links(PAGES))
    directives = re.findall(r"^ *\.\. py:(?!currentmodule)\w+:: ", text, re.MULTILINE)
    every = (*page.entries, *page.of_clients)
    assert len(directives) == len(every) + sum(len(entry.members) for entry in every)


def test_what_a_verb_takes_and_gives_is_shown_as_callers_see_it():
    """A verb gives what its call is answered with; private types are written out; bounds are left to the text."""
    assert SHOWN["linode.Volume.resize"].signatures == ("(size: int) -> Volume",)
    assert SHOWN["linode.Volume.clone"].signatures == ("(label: str) -> Volume",)
    assert SHOWN["linode.Disk"].signatures == ("(client, id, linode)",)
    assert SHOWN["linode.Linode.disks"].options == {"type": "ResourceList[Disk]"}
    assert SHOWN["linode.LinodeClient.create_linode"].signatures[1].endswith("-> tuple[Linode, str]")
    assert len(SHOWN["linode.LinodeClient.create_linode"].signatures) == 4


def test_a_docstring_that_names_nothing_is_found():
    """A name in backticks that nothing public has is an error, which says where it stands."""
    lost = Page("lost", "Lost", "", (Entry("Lost", "class", "Like `NoSuchThing`."),), ())
    with pytest.raises(SystemExit, match=r"linode\.Lost: its docstring names `NoSuchThing`"):
        rendered(lost, Links(PAGES))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("linode.Linode.label", "Label, unique in the account"),  # its own docstring
        ("linode.NewAlertRule.threshold", "Threshold, in the unit of the metric."),  # of AlertRule.threshold
        (
            "linode.ConfigOptions.memory_limit",
            "Memory limit in MB",
        ),  # of Config.memory_limit: create_config returns one
        ("linode.AlertDefinition.rule_criteria", "Rules of an alert definition"),  # of its class
        ("linode.NewAlertRule.operator", "Comparison of the value with the threshold."),  # of the type RuleOperator
        ("linode.Volume.created", "Creation time (UTC)."),  # of its name
        ("linode.PublicIPv4.addresses", "Addresses."),  # the words of its name
        ("linode.Disk.linode", "Linode that it belongs to."),
        ("linode.InterfaceHistory.linode_id", "ID of the Linode."),
        ("linode.Account.tax_id", "Tax ID."),
    ],
)
def test_a_member_without_a_docstring_has_the_text_of_what_it_is(name, text):
    """The same member of the class that a dict is for, its type, and its name tell the text."""
    assert SHOWN[name].doc.startswith(text)


def members(cls: ast.ClassDef) -> Iterator[tuple[ast.AnnAssign, str]]:
    """The members of *cls* with a docstring, and that."""
    return ((each, doc) for each, doc in with_docs(cls.body) if isinstance(each, ast.AnnAssign) and doc)


@pytest.mark.parametrize("name", families())
def test_no_docstring_repeats_the_name_or_the_type(name: str) -> None:
    """A member has no docstring that says no more than its name, its type or the member that it is for."""
    module = module_named(name)
    found = [(cls, each, doc) for cls in module.classes.values() for each, doc in members(cls)]
    assert [f"{cls.name}: {doc}" for cls, each, doc in found if repeats(module, cls, each, doc)] == []


@pytest.mark.parametrize(
    ("field", "says_nothing"),
    [
        ('mac_address: ReadOnly[str]\n    """MAC address."""', True),
        ('space_id: ReadOnly[int]\n    """ID of the space."""', True),
        ('mac_address: ReadOnly[str]\n    """MAC address of the host."""', False),
        ('size: ReadOnly[int]\n    """Size."""', False),  # without a docstring it would have no text: of which unit?
    ],
)
def test_a_docstring_that_repeats_the_name_is_found(field: str, says_nothing: bool) -> None:
    """Letters count, not how they are written."""
    cls = ast.parse(f"class Interface(Struct):\n    {field}").body[0]
    assert isinstance(cls, ast.ClassDef)
    ((member, doc),) = members(cls)
    assert repeats(module_named("api.linodes.values"), cls, member, doc) is says_nothing
