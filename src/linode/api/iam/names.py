"""Lists of names, which the API sends in pages like lists of objects."""

from __future__ import annotations

from typing import Any

from linode._model import Call, Steps
from linode.errors import UnexpectedResponseError

SIZE = 500
"""Names on a page, the most that the API allows."""


def list_names(path: str, *, beta: bool = False) -> Steps[list[str]]:
    """All names of the list at *path*."""
    found: list[str] = []
    number = pages = 1
    while number <= pages:
        query = {"page": number, "page_size": SIZE}
        page: Any = yield from Call("GET", path, query=query, shape=dict[str, Any], beta=beta)
        found += names_of_page(page)
        number, pages = number + 1, page.get("pages", 1)
    return found


def names_of_page(page: Any) -> list[str]:
    """The names on a *page* of a list."""
    found = page.get("data")
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise UnexpectedResponseError("the API sent a page of names whose data is not a list of strings")
    return found
