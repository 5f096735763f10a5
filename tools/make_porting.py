"""Write the table of docs/porting.md, which stands behind its last heading, from src/linode/porting/calls.toml.

``--check`` only says (exit 1) whether it is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from linode.porting.table import New, Table, table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "porting.md"
HEADING = "## Every call\n"


def lines(rows: Table) -> Iterator[str]:
    yield f"""
`make stub` writes this table from `src/linode/porting/calls.toml`, which `python -m linode.porting` reads too. A test
compares it with {rows.version}: every public method of the official library is in it, and every new name exists.

### The client
"""
    yield from part(("client." + name, new) for name, new in rows.client.items())
    for group, methods in rows.groups.items():
        yield f"\n### client.{group}\n"
        named = (
            (f"client.{group}()" if name == "()" else f"client.{group}.{name}", new) for name, new in methods.items()
        )
        yield from part(named)
    yield "\n### Classes and other names\n"
    yield from part(sorted(rows.names.items()))
    for cls, members in rows.classes.items():
        if members:
            yield f"\n### {cls}\n"
            yield from part((f"{cls}.{name}", new) for name, new in members.items())


def part(rows: Iterator[tuple[str, New]] | list[tuple[str, New]]) -> Iterator[str]:
    yield "| linode_api4 | linode | |"
    yield "|---|---|---|"
    for old, new in rows:
        call = f"`{new.call}`" if new.call else "-"
        yield f"| `{old}` | {call} | {new.note} |"


def main(arguments: list[str]) -> int:
    text = PAGE.read_text()
    written = text.partition(HEADING)[0] + HEADING + "\n".join(lines(table())) + "\n"
    if "--check" not in arguments:
        PAGE.write_text(written)
    elif text != written:
        print("docs/porting.md is stale; run `make stub`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
