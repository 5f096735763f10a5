"""The pages of the reference as Sphinx reads them, with the names in docstrings made links."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from reference import Entry, Page, Reader
from source import module_named

ADDRESS = ast.literal_eval(module_named("_operations").definitions["REFERENCE"].value)
REFERENCE = re.compile(r"(?<![`:\w])`([A-Za-z_][\w.]*)`(?!`)")


class Links:
    """Turns the names in docstrings into links."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self.names: set[str] = set()
        for page in pages:
            for entry in (*page.entries, *page.of_clients):
                self.names.add(entry.full_name)
                self.names |= {f"{entry.full_name}.{each.name}" for each in entry.members}

    def linked(self, text: str, entry: Entry) -> str:
        """*text*, said of *entry* or of one of its members, with its names made links.

        A name that several things have stays plain; one that nothing has is an error.
        """

        def link(match: re.Match[str]) -> str:
            full = self.find(match[1], entry)
            return f":py:obj:`{match[1]} <{full}>`" if full else f"``{match[1]}``"

        return REFERENCE.sub(link, text)

    def find(self, name: str, entry: Entry) -> str | None:
        """The full name of what *name* means to *entry*; None for what is not the library's."""
        owner = entry.full_name.rpartition(".")[0] if entry.kind in ("method", "attribute") else entry.full_name
        for full in (f"{owner}.{name}", f"linode.Resource.{name}", f"linode.LinodeClient.{name}", f"linode.{name}"):
            if full in self.names:
                return full
        ends = {full for full in self.names if full.endswith(f".{name}")}
        if not ends and not hasattr(builtins, name) and not re.match(r"[a-z]\w*\.", name):
            raise SystemExit(f"{entry.full_name}: its docstring names `{name}`, which is nothing public")
        return ends.pop() if len(ends) == 1 else None


def rendered(page: Page, links: Links) -> str:
    """The source of *page*."""
    lines = [page.title, "=" * len(page.title), "", links.linked(page.intro, Entry("", "module", "")), ""]
    if page.of_clients:
        lines += ["From a client", "-------------", "", ".. py:currentmodule:: linode", ""]
        lines += [line for each in page.of_clients for line in shown(each, links, each)]
        lines += ["Classes", "-------", ""]
    for entry in page.entries:
        lines += [f".. py:currentmodule:: {entry.home}", "", *shown(entry, links, entry)]
    return "\n".join(lines)


def shown(entry: Entry, links: Links, owner: Entry, indent: str = "") -> Iterator[str]:
    """The lines that show *entry*, a member of *owner* or owner itself."""
    head = f"{indent}.. py:{entry.kind}:: "
    yield head + f"\n{' ' * len(head)}".join(f"{entry.name}{each}" for each in entry.signatures)
    inner = f"{indent}   "
    for name, value in entry.options.items():
        yield f"{inner}:{name}: {value}".rstrip()
    yield ""
    for name, value in entry.facts.items():
        yield f"{inner}:{name}: {links.linked(value, owner)}"
    yield ""
    for line in links.linked(entry.doc, owner).splitlines():
        yield f"{inner}{line}".rstrip()
    yield ""
    for page in entry.pages:
        yield f"{inner}| API reference: `{page} <{ADDRESS}/{page}>`__"
    yield ""
    for each in entry.members:
        yield from shown(each, links, owner, inner)


def write(folder: Path) -> list[str]:
    """Write all pages into *folder*; gives their names, in order."""
    pages = Reader().pages()
    links = Links(pages)
    folder.mkdir(parents=True)
    for page in pages:
        (folder / f"{page.name}.rst").write_text(rendered(page, links))
    return [page.name for page in pages]
