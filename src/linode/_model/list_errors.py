"""Errors for what other libraries' lists have and those of this one have in another way."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from .options import misspelt
from .wording import article

__all__ = ["no_index", "no_member", "no_option"]

ORDER = ("order", "order_by", "sort", "sort_by", "sorted")
FILTER = ("filter", "filter_by", "where", "find", "search", "get")
LENGTH = ("length", "size", "total_count")
PART = ("limit", "offset", "page", "top")
CREATE = ("append", "add", "create", "insert")
PAGE_SIZE = ("page_size", "per_page", "pagesize")


def _field(cls: Any) -> str:
    """A field that a list of *cls* can be filtered by, for examples."""
    by = cls.filterable
    return f"{cls.__name__}.{'label' if 'label' in by else next((each for each in by if '.' not in each), 'id')}"


def no_option(cls: Any, name: str) -> TypeError:
    """The error for an option *name* of a list of *cls*, which takes filters alone."""
    if name in ORDER:
        cure = f"order it by {_field(cls)}.asc() or .desc()"
    elif name in PART:
        cure = "take a part of it: the_list[:10], or await the_list.part(0, 10)"
    elif name in PAGE_SIZE:
        cure = "set the number of objects in a page for the client: client.with_options(page_size=100)"
    else:
        near = difflib.get_close_matches(name, cls._fields, n=1)
        cure = f"it takes filters, such as {f'{cls.__name__}.{near[0]}' if near else _field(cls)} == ..."
    return TypeError(f"a list of {cls.__name__} objects has no option {name!r}; {cure}")


def no_member(cls: Any, name: str, known: Iterable[str]) -> Exception:
    """The error for an attribute *name* that a list of *cls* does not have; *known* are those that it has."""
    owner = f"a list of {cls.__name__} objects"
    if name in ORDER:
        cure = f"order it by the_list({_field(cls)}.asc())"
    elif name in FILTER:
        cure = f"call it with filters: the_list({_field(cls)} == ...)"
    elif name in LENGTH:
        cure = "write len(the_list), or await the_list.total()"
    elif name in CREATE:
        cure = "the client, or the object that the list belongs to, has a verb that creates one"
    elif name in cls._fields or hasattr(cls, name):
        cure = f"{article(cls.__name__)} has it: [each.{name} for each in the_list]"
    else:
        return misspelt(owner, name, known, "attribute", error=AttributeError)
    return AttributeError(f"{owner} has no attribute {name!r}; {cure}")


def no_index(cls: Any, index: object) -> TypeError:
    """The error for an *index* that is no number."""
    cure = (
        f"find by a name: the_list({_field(cls)} == {index!r}).one()" if isinstance(index, str) else "write the_list[0]"
    )
    return TypeError(f"an index of a list of {cls.__name__} objects is an int, not {type(index).__name__}; {cure}")
