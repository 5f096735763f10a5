"""The site for machine readers: each page as Markdown beside its HTML, and ``llms.txt``, which lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from reference import Entry, Page, Reader

__all__ = ["markdown", "write"]

GROUP = re.compile(r"^## (?P<title>.+)\n\n\| page .*\n\|[-|]+\n(?P<rows>(?:\|.*\n)+)", re.MULTILINE)
ROW = re.compile(r"^\| \[(?P<name>[^]]+)\]\((?P<page>\w+)\.md\) \| (?P<contents>.*) \|$", re.MULTILINE)


def groups(index: str) -> dict[str, dict[str, str]]:
    """The pages of the front page, by the headings of their tables: their names, and what they contain."""
    return {
        group["title"]: {row["page"]: row["contents"] for row in ROW.finditer(group["rows"])}
        for group in GROUP.finditer(index)
    }


def write(source: Path, site: Path) -> None:
    """Write the Markdown of all pages of *source*, and ``llms.txt``, into *site*."""
    for page in source.rglob("*.md"):
        text = re.sub(r"\n```\{toctree\}.*?\n```\n", "", page.read_text(), flags=re.DOTALL)
        (site / page.relative_to(source)).write_text(text)
    pages = Reader().pages()
    for each in pages:
        (site / "reference" / f"{each.name}.md").write_text(markdown(each))
    (site / "llms.txt").write_text("\n".join(_listing((source / "index.md").read_text(), pages)))


def _listing(index: str, pages: list[Page]) -> Iterator[str]:
    """The lines of ``llms.txt``."""
    summary = index.partition("\n\n")[2].partition("\n\n")[0].replace("\n", " ")
    yield from ("# linode", "", "> " + re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", summary), "")
    for title, listed in groups(index).items():
        yield from (f"## {title}", "")
        yield from (f"- [{name}]({name}.md): {contents}" for name, contents in listed.items())
        yield ""
    yield from ("## Reference", "")
    yield from (f"- [{each.title}](reference/{each.name}.md): {' '.join(each.intro.split())}" for each in pages)
    yield ""


def markdown(page: Page) -> str:
    """The page *page* of the reference as Markdown."""
    lines = [f"# {page.title}", "", page.intro, ""]
    for each in page.of_clients:
        lines += _entry(each, "##")
    for each in page.entries:
        lines += _entry(each, "##")
    return "\n".join(lines)


def _entry(entry: Entry, level: str) -> Iterator[str]:
    """The lines of *entry*, with a heading of *level*, and of its members."""
    yield from (f"{level} `{entry.name}`", "")
    if any(entry.signatures):
        yield from ("```python", *(f"{entry.name}{each}" for each in entry.signatures), "```", "")
    facts = {**{name: f"`{value}`" for name, value in entry.options.items() if value}, **entry.facts}
    yield from (f"- {name}: {value}" for name, value in facts.items())
    yield from ("", entry.doc, "") if facts else (entry.doc, "")
    for each in entry.members:
        if each.kind == "attribute":
            first = each.doc.partition("\n\n")[0].replace("\n", " ")
            yield f"- `{each.name}`: `{each.options.get('type', '')}`. {first}"
    yield ""
    for each in entry.members:
        if each.kind != "attribute":
            yield from _entry(each, f"{level}#")
