"""Build the documentation into build/docs: docs/*.md, the changelog, and the reference from the docstrings.

The order of the pages is that of the table in docs/index.md. A warning of Sphinx is an error.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from sphinx.cmd.build import build_main

import reference_pages
from make_contents import version

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SOURCE = ROOT / "build" / "docs-source"
SITE = ROOT / "build" / "docs"


def contents(pages: list[str]) -> str:
    """The table of contents that the site's sidebar shows."""
    return "\n```{toctree}\n:hidden:\n:maxdepth: 1\n\n" + "\n".join(pages) + "\n```\n"


def gather() -> None:
    """Put the sources of all pages into one folder."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(DOCS, SOURCE)
    shutil.copy(ROOT / "CHANGELOG.md", SOURCE / "changelog.md")
    pages = reference_pages.write(SOURCE / "reference")
    with (SOURCE / "reference.md").open("a") as page:
        page.write(contents([f"reference/{name}" for name in pages]))
    index = (DOCS / "index.md").read_text().replace("../CHANGELOG.md", "changelog.md")
    ordered = re.findall(r"^\| \[[^]]+\]\((\w+)\.md\)", index, re.MULTILINE)
    (SOURCE / "index.md").write_text(index + contents(ordered))


def main() -> int:
    gather()
    shutil.rmtree(SITE, ignore_errors=True)
    release = ["-D", f"version={version()}", "-D", f"release={version()}"]
    where = ["-d", str(ROOT / "build" / "doctrees"), str(SOURCE), str(SITE)]
    failed = build_main(["--quiet", "--fail-on-warning", "--keep-going", "--fresh-env", *release, *where])
    if not failed:
        print(f"open {SITE.relative_to(ROOT)}/index.html")
    return failed


if __name__ == "__main__":
    sys.exit(main())
