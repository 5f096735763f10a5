"""Errors for operations that a client does not have: many are those of an object, such as a domain's records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import linode
from linode._model.actions import action
from linode._model.options import misspelt
from linode._model.relations import Many
from linode._model.wording import article, either

__all__ = ["no_operation"]

LISTS = ("get", "list")
CREATES = ("create", "add", "new")
OF_OBJECTS = {"delete": "delete", "remove": "delete", "update": "save", "save": "save", "reload": "load"}
"""Verbs that every object has, under their names in other libraries."""
HTTP_METHODS = ("get", "post", "put", "delete", "patch")
MAX_NAMED = 3


def no_operation(cls: type, name: str, known: Iterable[str], listed: Any) -> Exception:
    """The error for an attribute *name* that the class of clients *cls* does not have; *known* are those that it has.

    *listed* is the class of the objects that the client lists under the plural of the name, if there is one.
    """
    owner = f"{article(cls.__name__)} has no attribute {name!r}"
    if name in HTTP_METHODS:
        return AttributeError(f"{owner}; send any request by request({name.upper()!r}, path)")
    verb, _, noun = name.partition("_")
    if listed is not None and (own := OF_OBJECTS.get(verb)):
        return AttributeError(f"{owner}; an object has it: {listed.__name__}(client, id).{own}()")
    if found := sorted(_of_objects(verb, noun), key=len)[:MAX_NAMED]:
        return AttributeError(f"{owner}; did you mean {either(found)}?")
    cure = ""
    if verb == "get" and listed is not None and listed.loadable:
        cure = f" One by its ID is {listed.__name__}(client, id)."
    return misspelt(article(cls.__name__), name, known, "attribute", cure=cure, error=AttributeError)


def _of_objects(verb: str, noun: str) -> Iterator[str]:
    """Members of classes that *verb* and *noun* stand for: ``Domain.records``, ``Profile.create_token``."""
    if noun and verb in LISTS:
        wanted: tuple[str, ...] = (noun, f"{noun}s", noun.replace("_", ""))
    elif noun and verb in CREATES:
        wanted = (f"create_{noun}", f"create_{noun.replace('_', '')}")
    else:
        return
    for each in linode.__all__:
        cls = getattr(linode, each)
        if isinstance(cls, type) and hasattr(cls, "_fields") and cls.__name__ == each:  # no other name of a class
            yield from (
                f"{each}.{name}" for name in dict.fromkeys(wanted) if isinstance(vars(cls).get(name), Many | action)
            )
