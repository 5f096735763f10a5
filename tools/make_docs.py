"""Build the documentation into build/docs: docs/*.md, the changelog, and the reference from the docstrings.

The order of the pages is that of the tables in docs/index.md. A warning of Sphinx is an error. Each page has a Markdown
twin beside it, and ``llms.txt`` lists them.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from sphinx.cmd.build import build_main

import markdown_pages
import reference_pages
from make_contents import version

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SOURCE = ROOT / "build" / "docs-source"
SITE = ROOT / "build" / "docs"


def contents(pages: Iterable[str], caption: str = "") -> str:
    """A table of contents that the site's sidebar shows, under its *caption*."""
    titled = f":caption: {caption}\n" if caption else ""
    return f"\n```{{toctree}}\n:hidden:\n:maxdepth: 1\n{titled}\n" + "\n".join(pages) + "\n```\n"


def gather() -> None:
    """Put the sources of all pages into one folder."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(DOCS, SOURCE)
    shutil.copy(ROOT / "CHANGELOG.md", SOURCE / "changelog.md")
    pages = reference_pages.write(SOURCE / "reference")
    with (SOURCE / "reference.md").open("a") as page:
        page.write(contents([f"reference/{name}" for name in pages]))
    for page in SOURCE.glob("*.md"):
        page.write_text(page.read_text().replace("(../CHANGELOG.md", "(changelog.md"))
    index = (SOURCE / "index.md").read_text()
    tables = [contents(pages, title) for title, pages in markdown_pages.groups(index).items()]
    (SOURCE / "index.md").write_text(index + "".join(tables))


def main() -> int:
    gather()
    shutil.rmtree(SITE, ignore_errors=True)
    release = ["-D", f"version={version()}", "-D", f"release={version()}", "-D", f"html_title=linode {version()}"]
    where = ["-d", str(ROOT / "build" / "doctrees"), str(SOURCE), str(SITE)]
    failed = build_main(["--quiet", "--fail-on-warning", "--keep-going", "--fresh-env", *release, *where])
    if not failed:
        markdown_pages.write(SOURCE, SITE)
        print(f"open {SITE.relative_to(ROOT)}/index.html")
    return failed


if __name__ == "__main__":
    sys.exit(main())
