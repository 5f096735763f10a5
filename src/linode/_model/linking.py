"""Links from docstrings to the pages of the API's reference."""

from __future__ import annotations

from linode._operations import PAGES, REFERENCE

__all__ = ["with_links"]


def with_links(doc: str | None, operations: dict[str, str]) -> str | None:
    """The docstring *doc* with a line for the page of each of *operations*, by the words that it begins with.

    ``{"API reference": "Volume.attach"}`` adds ``API reference: https://...``. An operation without a page has no line.
    """
    found = [
        f"{words}: {REFERENCE}/{page}" for words, name in operations.items() for page in PAGES.get(name, "").split()
    ]
    if doc is None or not found:
        return doc
    end = doc.rpartition("\n")[2]
    margin = end if end.isspace() else ""
    return "\n".join([doc.rstrip(), "", *(f"{margin}{line}" for line in found), margin]).rstrip(" ")
