"""Names of attributes: those that ``dir()`` shows, and the errors for unknown ones."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from linode._secrets import clear_frames

from .options import misspelt
from .wording import article

__all__ = ["Guarded", "PublicABC", "PublicNames", "PublicType", "public_names"]

_FACTS = (str, int, tuple, type(None))
"""The types of what a class declares about itself: its ``path``, ``unique``, ``wait_timeout`` and their like."""


def public_names(cls: type, names: Iterable[str]) -> list[str]:
    """Names for users of *cls* and its objects, among *names*: fields, relations, verbs; no internals, no facts."""
    members = getattr(cls, "__dataclass_fields__", ())  # their defaults are no facts of the class
    return sorted(
        name
        for name in names
        if name.startswith("__")
        or name in members
        or not (name.startswith("_") or isinstance(getattr(cls, name, ...), _FACTS))
    )


def _nested(cls: Any) -> Iterator[tuple[str, Any]]:
    """The nested objects of *cls*: the name and the class of each."""
    return ((name, field.struct()) for name, field in cls._fields.items() if hasattr(field, "struct"))


class PublicType(type):
    """A class whose ``dir()`` shows the names for its users."""

    def __dir__(cls) -> list[str]:
        return public_names(cls, super().__dir__())


class PublicABC(PublicType, ABCMeta):
    """`PublicType` for a class with an abstract base."""


class PublicNames(metaclass=PublicType):
    """An object whose ``dir()``, like that of its class, shows the names for its users."""

    __slots__ = ()

    def __dir__(self) -> list[str]:
        return public_names(type(self), super().__dir__())


class _Slotted(PublicType):
    """Gives every class of fields empty ``__slots__``, so that an assignment to a name it does not have raises."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any) -> _Slotted:
        body.setdefault("__slots__", ())
        return super().__new__(mcs, name, bases, body, **options)


class Guarded(PublicNames, metaclass=_Slotted):
    """An object whose unknown names are refused, with the nearest that it has, and whose internals are not shown."""

    _fields: ClassVar[dict[str, Any]] = {}

    if not TYPE_CHECKING:  # a type checker that sees __setattr__ lets every name pass

        def __getattr__(self, name: str) -> Any:
            cls = type(self)
            if isinstance(found := getattr(cls, name, None), property):  # it has raised the error that led here
                return found.__get__(self)
            if name.startswith("_"):  # what copying, pickling and notebooks ask of any object
                raise AttributeError(f"{article(cls.__name__)} has no attribute {name!r}")
            known = [each for each in dir(self) if not each.startswith("_")]
            known += [f"{outer}.{inner}" for outer, struct in _nested(cls) for inner in struct._fields if inner == name]
            raise misspelt(article(cls.__name__), name, known, "attribute", error=AttributeError)

        def __getitem__(self, key: Any) -> Any:  # dict(obj) and list(obj) come here too
            raise TypeError(f"{article(type(self).__name__)} has no items; its JSON is obj.to_dict() or obj.raw")

        def __setattr__(self, name: str, value: Any) -> None:
            if not name.startswith("_") and not hasattr(type(self), name):
                del value  # it may be a secret, and the error shows the locals
                raise misspelt(type(self).__name__, name, self._fields, "field", error=AttributeError)
            try:
                object.__setattr__(self, name, value)
            except BaseException as error:
                del value
                clear_frames(error, error.__context__)
                raise
