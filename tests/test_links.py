"""Docstrings and the site link every operation to its page of the API's reference."""

from __future__ import annotations

import inspect
import re

import pytest
from declarations import Declared, declared
from facts import operations

import linode
from linode._model import Many, Resource
from linode._model.reference_links import with_links
from linode._operations import PAGES, REFERENCE
from linode.api import MEMBERS
from reference import Reader
from reference_pages import Links, rendered

LINK = re.compile(r"^( *)API reference(?: \((load|save|delete)\))?: (\S+)$", re.MULTILINE)
INHERITED = ("load", "save", "delete")


def documented(each: Declared):
    """The object whose docstring is for the operation: a method, a list, or the class that inherits the method."""
    owner, _, member = each.name.rpartition(".")
    member = member.lstrip("_")
    if not owner or owner.endswith("Mixin"):
        return inspect.getattr_static(linode.LinodeClient, member) or getattr(linode.LinodeClient, member)
    cls = each.route.cls if each.route.describe is not None or member in INHERITED else each.route.keys[0].owner
    return cls if member in INHERITED else inspect.getattr_static(cls, member)


def links(thing):
    return [(words, page.removeprefix(f"{REFERENCE}/")) for _, words, page in LINK.findall(inspect.getdoc(thing) or "")]


@pytest.fixture(scope="module", autouse=True)
def families():
    """All families, which a client imports one by one."""
    for name in MEMBERS:
        getattr(linode.LinodeClient, name)


def test_every_operation_has_a_link():
    """The docstring for each operation of the API names its page."""
    found = {}
    for each in declared():
        if each.key in operations():
            words = each.name.rpartition(".")[2] if each.name.rpartition(".")[2] in INHERITED else ""
            if (words, page := operations()[each.key]["id"]) in links(documented(each)):
                found.setdefault(each.key, page)
    assert sorted(map(str, operations().keys() - found.keys())) == []


def test_no_link_leads_nowhere():
    """Every page in the table is one of an operation, and every line in a docstring has the one form."""
    ids = {fact["id"] for fact in operations().values()}
    assert {page for pages in PAGES.values() for page in pages.split()} == ids
    for each in declared():
        doc = inspect.getdoc(documented(each)) or ""
        assert doc.count(REFERENCE) == len(LINK.findall(doc)), each.name


def test_help_shows_the_link_of_a_method_of_an_object():
    """The text that `help` shows of a bound method, and of its class, ends with the link."""
    client = linode.LinodeClient("token")
    expected = f"API reference: {REFERENCE}/post-linode-instance"
    assert inspect.getdoc(client.create_linode).endswith(f"\n\n{expected}")
    assert inspect.getdoc(linode.Linode(client, 1).boot).endswith("/post-boot-linode-instance")
    assert inspect.getdoc(linode.Linode.boot) == inspect.getdoc(linode.Linode(client, 1).boot)
    assert links(linode.Volume) == [("load", "get-volume"), ("save", "put-volume"), ("delete", "delete-volume")]


def test_a_method_of_several_operations_has_a_line_for_each():
    """A method that several classes share names the page of each."""
    assert [page for _, page in links(linode.MySQLDatabase.suspend)] == [
        "suspend-databases-mysql-instance",
        "suspend-databases-postgre-sql-instance",
        "suspend-databases-valkey-instance",
    ]


def test_what_is_no_operation_has_no_link():
    """A flow, and a class without operations, are documented as they are written."""
    assert links(linode.Linode.wait) == []
    assert links(Resource) == []
    assert links(Many) == []


@pytest.mark.parametrize(
    "doc", ["One line.", "One.\n\n    Two.\n    ", "One.\n\n        Two.\n        Three.\n        "]
)
def test_a_link_is_a_paragraph_of_its_own(doc):
    """Whatever the docstring's indentation, the link is its last paragraph."""
    made = with_links(doc, "Volume.attach")
    link = f"API reference: {REFERENCE}/post-attach-volume"
    assert inspect.cleandoc(made) == f"{inspect.cleandoc(doc)}\n\n{link}"
    assert with_links(None, "Volume.attach") is None
    assert with_links(doc, "Volume.nothing") == doc


def test_the_site_links_every_operation():
    """The source of the reference's pages has a link to the page of every operation."""
    pages = Reader().pages()
    names = Links(pages)
    text = "\n".join(rendered(page, names) for page in pages)
    found = set(re.findall(rf"`(\S+) <{REFERENCE}/\1>`__", text))
    assert {fact["id"] for fact in operations().values()} - found == set()
