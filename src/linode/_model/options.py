"""Options of verbs: their names, the error for one that is misspelt, and the body that they become."""

from __future__ import annotations

import difflib
import keyword
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypedDict

from .convert import annotation, to_api

__all__ = ["Options", "api_name", "body", "misspelt", "options_of"]


def options_of(function: Callable[..., Any]) -> frozenset[str]:
    """The names that *function* takes as keywords, those of its ``Unpack[TypedDict]`` among them."""
    import inspect  # noqa: PLC0415 - takes milliseconds, which a program without options saves

    names: set[str] = set()
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            hint = annotation(function, parameter.annotation)
            for options in getattr(hint, "__args__", ()):  # else they are the options of another verb
                names |= options.__annotations__.keys()
        elif parameter.kind is not parameter.VAR_POSITIONAL:
            names.add(parameter.name)
    return frozenset(names - {"self"})


MOST_NAMED = 40
"""Number of names up to which an error lists them all."""


def misspelt(
    owner: str, name: str, known: Iterable[str], kind: str, *, cure: str = "", error: type[Exception] = TypeError
) -> Exception:
    """The error for a *name* that *owner* does not have, with the nearest that it has."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        hint = f"did you mean {near[0]!r}?"
    elif len(names) <= MOST_NAMED:
        hint = f"it has {', '.join(names)}"
    else:
        hint = f"it has {len(names)} others; dir() shows them"
    return error(f"{owner} has no {kind} {name!r}; {hint}{cure}")


class Options(TypedDict, total=False):
    """Options of every call that creates an object, besides its own."""

    extra: Mapping[str, Any]
    """Members to put into the body as they are: for what the library does not know yet."""


def api_name(name: str) -> str:
    """The API's name of a member: a keyword of Python has an underscore behind it here (``global_``)."""
    return name[:-1] if name.endswith("_") and keyword.iskeyword(name[:-1]) else name


def body(**members: Any) -> dict[str, Any]:
    """The body of *members*: objects as their ids, dates as text, ``...`` left out, ``extra`` merged in."""
    extra = members.pop("extra", None) or {}
    return {api_name(name): to_api(value) for name, value in members.items() if value is not ...} | dict(extra)
