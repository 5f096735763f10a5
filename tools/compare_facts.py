"""Print what the API gained, lost and changed, by a newer description of it.

    python tools/compare_facts.py NEWER [OLDER]

NEWER is the vendor's OpenAPI document, or a newer facts file, as JSON. OLDER is the facts that the tests compare the
declarations with (tests/data/api.json.gz) unless another document is named. Exit status: 0 for no difference, 1 for
differences, 2 for a document that cannot be read.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api_descriptions import Description, described

FACTS = Path(__file__).parents[1] / "tests" / "data" / "api.json.gz"


def differences(older: Description, newer: Description) -> Iterator[str]:
    """A line for each operation that came or went, and for each place of one that is not as it was."""
    for key in sorted(newer.keys() - older.keys()):
        yield f"+ {key}"
    for key in sorted(older.keys() - newer.keys()):
        yield f"- {key}"
    for key in sorted(older.keys() & newer.keys()):
        yield from _changes(key, older[key], newer[key])


def _changes(key: str, before: dict[str, str], now: dict[str, str]) -> Iterator[str]:
    for place in sorted(before.keys() | now.keys()):
        was, became = before.get(place), now.get(place)
        if was is None:
            yield f"~ {key}: {place} is new: {became}"
        elif became is None:
            yield f"~ {key}: {place} is gone: {was}"
        elif was != became:
            yield f"~ {key}: {place}: {was} -> {became}"


def read(path: Path) -> Description:
    """The description in the file at *path*. Raises OSError and ValueError."""
    content = path.read_bytes()
    document: Any = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
    return described(document if isinstance(document, dict) else {})


def main(arguments: list[str] | None = None) -> int:
    """Print the differences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("newer", type=Path)
    parser.add_argument("older", type=Path, nargs="?", default=FACTS)
    wanted = parser.parse_args(arguments)
    try:
        found = list(differences(read(wanted.older), read(wanted.newer)))
    except (OSError, ValueError) as error:
        print(f"compare_facts: {error}", file=sys.stderr)
        return 2
    print("\n".join(found) if found else "no differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
