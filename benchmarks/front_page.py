"""The figures of the front page: what RESULTS.md says of the library and of the incumbent, side by side."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["INDEX", "put", "table"]

INDEX = Path(__file__).resolve().parents[1] / "docs" / "index.md"
BETWEEN = re.compile(
    r"(?<=<!-- figures: written by `make bench WRITE=1` -->\n).*?(?=<!-- end of figures -->)", re.DOTALL
)
SHOWN = {
    "10,000 Linodes listed and held": "10,000 Linodes listed",
    "the same, 6 attributes of each read once": "… six attributes of each read",
    "10,000 Linodes listed at 100 ms a request": "… at 100 ms a request",
    "1,000 single GETs, one after the other": "1,000 single requests",
    "import the library": "`import`, with Python's start",
    "waiting for 500 Linodes to boot, a look every 5 s": "requests to wait for 500 boots",
}
"""The rows of RESULTS.md that the front page shows, and their short names there."""


def table(results: str) -> str:
    """The table of the front page, from the text of RESULTS.md."""
    found: dict[str, tuple[str, str]] = {}
    for work, pair in re.findall(r"^\| ([^|]+?) \|.*\| ([^|]+?) \|$", results, re.MULTILINE):
        values = dict(re.findall(r"(\w+) ([^,|]*\d[^,|]*(?:,\d+[^,|]*)?)", pair))
        if work in SHOWN and {"ours", "incumbent"} <= values.keys():
            found.setdefault(work, (_plain(values["ours"]), _plain(values["incumbent"])))
    missing = SHOWN.keys() - found.keys()
    if missing:
        raise ValueError(f"RESULTS.md has no figures of ours and of the incumbent for: {', '.join(sorted(missing))}")
    rows = [f"| {name} | **{found[work][0]}** | {found[work][1]} |" for work, name in SHOWN.items()]
    head = ["| | `linode` | `linode_api4` |", "|---|--:|--:|"]
    foot = "Measured by `make bench`, on two cores."
    return "\n".join(["", *head, *rows, "", foot, "", ""])


def put(results: str) -> None:
    """Write the table into the front page."""
    INDEX.write_text(BETWEEN.sub(lambda _: table(results), INDEX.read_text()))


def _plain(figure: str) -> str:
    """*figure* without an exponent."""
    return f"{float(figure):,.0f}" if re.fullmatch(r"[\d.]+(e\+\d+)?", figure.strip()) else figure.strip()
