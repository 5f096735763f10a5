"""Write docs/coverage.md: every operation of the API, the library's name for it, and whether the sandbox serves it.

``--check`` writes nothing, and fails where the page is stale. The version since which the library has an operation is
kept from the page that is there; an operation that is new on the page gets the present version.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from declarations import Declared, declared
from facts import Key, family_of, operations

from linode.sandbox.engine import routes
from make_contents import version

PAGE = Path(__file__).parents[1] / "docs" / "coverage.md"
REFERENCE = "https://techdocs.akamai.com/linode-api/reference"
HEAD = """# Coverage

The API has {known} known operations. The library describes {described} of them, and the sandbox serves {served}.
The names are the same in the sync and the awaited client. `client.request(...)` sends an operation without a name.
A running sandbox lists what it serves at `/sandbox/coverage`. `make stub` generates this page from the declarations.
The [Metadata service](metadata.md), which is not part of the API, has a client and a sandbox of its own.

"""
ROW = re.compile(r"^\| \[(\w+) (\S+)\].*\| (\S*) \| (\w*) \|$", re.MULTILINE)


def page() -> str:
    """The page as it is to be."""
    names: dict[Key, list[str]] = {}
    for each in declared():
        names.setdefault(each.key, []).append(name_of(each))
    served = {Key(each.method, routes.shape(each.path)) for each in routes.everywhere() if each.served}
    known = operations()
    counts = {"known": len(known), "described": len(known.keys() & names), "served": len(known.keys() & served)}
    lines = [HEAD.format(**counts)]
    since = first_versions()
    for family in sorted({family_of(key.path) for key in known}):
        lines.append(f"## {family}\n\n| operation | name | sandbox | since | |\n|---|---|---|---|---|\n")
        lines += [row(key, names.get(key, []), key in served, since) for key in known if family_of(key.path) == family]
        lines.append("\n")
    return "".join(lines).rstrip() + "\n"


def row(key: Key, names: list[str], served: bool, since: dict[Key, str]) -> str:
    """The line of one operation."""
    fact = operations()[key]
    shown = ", ".join(f"`{name}`" for name in dict.fromkeys(names))
    first = since.get(key) or version() if names else ""
    beta = "beta" if fact.get("api_version") == "v4beta" else ""
    link = f"[{key.method} {fact['path']}]({REFERENCE}/{fact['id']})"
    return f"| {link} | {shown} | {'yes' if served else 'no'} | {first} | {beta} |\n"


def name_of(each: Declared) -> str:
    """The name by which users call the operation."""
    owner, _, member = each.name.rpartition(".")
    called = "" if each.route.operation == "list" and each.route.describe is None and each.route.cls else "()"
    return f"{'client' if not owner or owner.endswith('Mixin') else owner}.{member.lstrip('_')}{called}"


def first_versions() -> dict[Key, str]:
    """The versions that the page names, by operation."""
    text = PAGE.read_text() if PAGE.exists() else ""
    return dict(_found(text))


def _found(text: str) -> Iterator[tuple[Key, str]]:
    for method, path, first, _ in ROW.findall(text):
        if first:
            yield Key(method, routes.shape(path)), first


def main() -> int:
    """Write the page, or check it."""
    fresh = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(fresh)
    elif not PAGE.exists() or PAGE.read_text() != fresh:
        print("docs/coverage.md is stale; run `make stub`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
