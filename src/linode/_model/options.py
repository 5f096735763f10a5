"""Options of verbs and other functions: their names, errors for misspelt ones, and the body that they become."""

from __future__ import annotations

import functools
import keyword
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec, TypedDict, TypeVar

from .convert import annotation, to_api
from .wording import alternatives, nearest_names

__all__ = [
    "Options",
    "api_name",
    "body",
    "checks_options",
    "checks_options_of",
    "misspelt",
    "options_of",
    "takes_any",
    "unknown_option",
]

C = TypeVar("C", bound=type)
P = ParamSpec("P")
T = TypeVar("T")


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
    return frozenset(names - {"self", "cls"})


def takes_any(function: Callable[..., Any]) -> bool:
    """Whether *function* takes keywords of any name."""
    import inspect  # noqa: PLC0415 - takes milliseconds, which a program without options saves

    parameters = inspect.signature(function).parameters.values()
    return any(each.kind is each.VAR_KEYWORD and "Unpack" not in str(each.annotation) for each in parameters)


def unknown_option(function: Callable[..., Any], args: tuple[Any, ...], given: Iterable[str]) -> Exception | None:
    """The error for an option among *given* that *function* does not have; None if it has all, or takes any.

    *args* are the other arguments of the call: that of a class (``__init__``) is named by the class of the first.
    """
    if takes_any(function):
        return None
    known = options_of(function)
    wrong = sorted(set(given) - known)
    if not wrong:
        return None
    name = function.__name__
    if name in ("__init__", "__new__"):
        name = (args[0] if isinstance(args[0], type) else type(args[0])).__name__
    return misspelt(f"{name}()", wrong[0], known, "option")


def checks_options(function: Callable[P, T]) -> Callable[P, T]:
    """Decorate *function* so that an option that it does not have is refused with the nearest that it has."""

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except TypeError:
            wrong = unknown_option(function, args, kwargs)
            del args, kwargs  # they may hold a secret, and the error shows the locals
            if wrong is None:
                raise
        raise wrong

    return checked


def checks_options_of(cls: C) -> C:
    """Decorate *cls*, whose ``__init__`` or ``__new__`` was generated, like a function by `checks_options`."""
    made: Any = cls
    if issubclass(cls, tuple):
        made.__new__ = staticmethod(checks_options(made.__new__))
    else:
        made.__init__ = checks_options(made.__init__)
    return cls


MAX_NAMED = 40
"""Number of names up to which an error lists them all."""


def misspelt(
    owner: str, name: str, known: Iterable[str], kind: str, *, cure: str = "", error: type[Exception] = TypeError
) -> Exception:
    """The error for a *name* that *owner* does not have, with the nearest that it has and the sentence *cure*."""
    names = sorted(set(known) - {"_cls"})  # the class in a generated __new__
    if near := nearest_names(name, names):
        hint = f"did you mean {alternatives(near)}?"
    elif not names:
        hint = "it has none"
    elif len(names) <= MAX_NAMED:
        hint = f"it has {', '.join(names)}"
    else:
        hint = f"it has {len(names)} others; dir() shows them"
    stop = "." if cure and not hint.endswith("?") else ""
    return error(f"{owner} has no {kind} {name!r}; {hint}{stop}{cure}")


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
    sent: dict[str, Any] = {}
    for name, value in members.items():
        if value is not ...:
            try:
                sent[api_name(name)] = to_api(value)
            except TypeError as error:
                raise TypeError(f"{name}: {error}") from None
    return sent | dict(extra)
