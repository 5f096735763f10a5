"""Links from docstrings to the pages of the API's reference."""

from __future__ import annotations

from linode._operations import PAGES, REFERENCE

__all__ = ["with_links"]


VERBS = {"get": "load", "put": "save", "delete": "delete"}
"""The inherited methods of a class, by the beginnings of their pages' names."""


def with_links(doc: str | None, name: str) -> str | None:
    """The docstring *doc* of *name* with a line for each of its pages, none where it has no page.

    A method or a list (``Volume.attach``) has the line ``API reference: https://...``; a class (``Volume``) has one for
    each inherited method: ``API reference (load): https://...``.
    """
    pages = PAGES.get(name, "").split()
    verbs = [f" ({VERBS[page.partition('-')[0]]})" if "." not in name else "" for page in pages]
    found = [f"API reference{verb}: {REFERENCE}/{page}" for verb, page in zip(verbs, pages, strict=True)]
    if doc is None or not found:
        return doc
    end = doc.rpartition("\n")[2]
    margin = end if end.isspace() else ""
    return "\n".join([doc.rstrip(), "", *(f"{margin}{line}" for line in found), margin]).rstrip(" ")
