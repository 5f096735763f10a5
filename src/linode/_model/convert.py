"""Between the API's JSON and Python's values, as the annotations say."""

from __future__ import annotations

import contextlib
import copy
import functools
import os
import sys
import types
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

import linode
from linode.errors import UnexpectedResponseError

__all__ = [
    "PLAIN",
    "Reader",
    "annotation",
    "argument",
    "arguments",
    "as_datetime",
    "class_in",
    "decoder",
    "is_list",
    "literal_values",
    "nested_in",
    "reader",
    "struct_in",
    "to_api",
]

Reader: TypeAlias = Callable[[Any, Any], Any]
"""Turns a JSON value into a Python value for an object (from which a relation takes its client)."""


@functools.cache
def decoder(kind: Any) -> Callable[[Any], Any]:
    """A decoder of JSON into *kind*; msgspec is not imported before the first answer is read."""
    import msgspec  # noqa: PLC0415 - slow to import: the first response pays for it

    return msgspec.json.Decoder(kind).decode


class _Names(dict[str, Any]):
    """The names that an annotation of *owner* may use: those of the package, loaded when asked for, and its module's.

    The value of a name may be the text of a type, which is found late too.
    """

    def __init__(self, owner: Any) -> None:
        super().__init__()
        self._owner = owner

    def __missing__(self, name: str) -> Any:
        if isinstance(text := vars(sys.modules[self._owner.__module__]).get(name), str):
            with contextlib.suppress(NameError):  # else it is a type of another module
                return annotation(self._owner, text)
        try:
            return getattr(linode, name)
        except AttributeError:
            raise KeyError(name) from None


def annotation(owner: Any, text: Any) -> Any:
    """The type that the annotation *text* of *owner* (a class or function) means; forward names are found late."""
    if not isinstance(text, str):
        return text
    module = sys.modules[owner.__module__]
    return eval(text, vars(module), _Names(owner))  # noqa: S307 - the text is this package's own source, never input


def arguments(field: Any) -> tuple[Any, ...]:
    """The types between the brackets of the annotation of *field*, or of the type that it was made by (a row)."""
    if hasattr(field, "made_by") and (made := field.made_by()) is not None:
        return get_args(made)
    written = next(cls for cls in field.owner.__mro__ if field.name in vars(cls).get("__annotations__", {}))
    return get_args(annotation(written, f"({written.__annotations__[field.name]})"))


def argument(field: Any) -> Any:
    """The first of the `arguments` of *field*."""
    return arguments(field)[0]


def class_in(hint: Any) -> Any:
    """The class in *hint*, which may allow None besides."""
    (found,) = (each for each in get_args(hint) or (hint,) if each is not type(None))
    return found


def struct_in(hint: Any) -> Any:
    """The class of nested objects that *hint* names; None when it names none."""
    if isinstance(hint, type) and hasattr(hint, "_of"):
        return hint
    return next((found for each in get_args(hint) if (found := struct_in(each)) is not None), None)


def nested_in(hint: Any) -> tuple[Any, bool]:
    """The class of which every value of the type *hint* is one, or a list (True); (None, False) for another type."""
    choices = [each for each in get_args(hint) if each is not type(None)]
    if get_origin(hint) in (Union, types.UnionType) and len(choices) == 1:
        return nested_in(choices[0])
    if get_origin(hint) is list:
        return nested_in(choices[0])[0], True
    return (hint, False) if isinstance(hint, type) and hasattr(hint, "_of") else (None, False)


def literal_values(hint: Any) -> tuple[str, ...]:
    """The words that the type *hint* names, those of its Literals."""
    if isinstance(hint, str):
        return (hint,)
    return tuple(word for each in get_args(hint) for word in literal_values(each))


def as_datetime(stamp: str) -> datetime:
    """Convert a time of the API, ``2018-01-02T03:04:05``, to an aware UTC datetime."""
    try:
        moment = datetime.fromisoformat(stamp)
    except (TypeError, ValueError) as error:
        raise UnexpectedResponseError(f"the API sent the invalid date {stamp!r}") from error
    if moment.tzinfo is None:
        return datetime.combine(moment, moment.time(), UTC)  # what replace() gives, in a third of its time
    return moment.astimezone(UTC)


def to_api(value: Any) -> Any:
    """*value* as the API's JSON has it: objects as their IDs, times as naive UTC text, containers all the way down.

    A date without a time is its midnight.
    """
    kind = type(value)
    if kind in PLAIN:
        return value
    if isinstance(value, date):
        return _moment(value)
    if isinstance(value, dict):
        return {key: to_api(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_api(each) for each in value]
    return value._as_api() if hasattr(value, "_as_api") else _other_to_api(value)


def _other_to_api(value: Any) -> Any:
    """The JSON of a *value* of another type. Raises TypeError for some that have none."""
    kind = type(value)
    if kind.__module__ == "ipaddress":  # addresses and networks
        return str(value)
    if (cure := next((cure for kinds, cure in _CURES if isinstance(value, kinds)), None)) is not None:
        raise TypeError(f"the API takes no {kind.__name__}; {cure}")
    if isinstance(value, Mapping):
        return to_api(dict(value))
    return to_api(list(value)) if is_list(value) else value


def is_list(value: Any) -> bool:
    """Whether *value* is a collection that stands for a list: a tuple, a set, a range, a list of the API's objects."""
    return isinstance(value, Collection) and not isinstance(value, (str, bytes, bytearray, Mapping))


def _moment(value: date) -> str:
    """The time *value* as the API writes it: UTC, without a zone."""
    if not isinstance(value, datetime):
        return f"{value.isoformat()}T00:00:00"
    if value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return value.isoformat(timespec="seconds")


PLAIN = frozenset({str, int, float, bool, type(None), type(...)})
"""The types of values that are JSON as they are and hold no object; ``...`` stands for what is not sent."""
_CURES: tuple[tuple[Any, str], ...] = (
    (timedelta, "write a number of seconds, or a time: datetime.now(UTC) + timedelta(days=90)"),
    ((bytes, bytearray), "write a text: value.decode()"),
    (os.PathLike, "write the text in the file: path.read_text()"),
    (Iterator, "write a list: list(value)"),
)
"""Types of values that no JSON has, and what to write instead."""


def _same(value: Any, _owner: Any) -> Any:
    return value


def _copied(value: Any, _owner: Any) -> Any:
    """Containers are copied, so that a change of the value read differs from the JSON that came."""
    return copy.deepcopy(value) if isinstance(value, (dict, list)) else value


def _date(value: Any, _owner: Any) -> Any:
    return value if value is None else as_datetime(value)


def _list_of(read: Reader) -> Reader:
    def read_list(value: Any, owner: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, list):
            raise UnexpectedResponseError(f"the API sent a {type(value).__name__} instead of a list")
        return value.copy() if read is _same else [read(each, owner) for each in value]

    return read_list


def _list_or_same(read: Reader) -> Reader:
    def read_either(value: Any, owner: Any) -> Any:
        return read(value, owner) if isinstance(value, list) else value

    return read_either


def _struct(cls: Any) -> Reader:
    def read_struct(value: Any, owner: Any) -> Any:
        return value if value is None else cls._of(owner, value)

    return read_struct


@functools.cache
def _reader(hint: Any) -> Reader:  # noqa: PLR0911 - one line a kind of type
    origin = get_origin(hint)
    if origin is Annotated:
        return _reader(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        (first, *more) = [_reader(each) for each in get_args(hint) if each is not type(None)]
        if str in get_args(hint) and (lists := [each for each in get_args(hint) if get_origin(each) is list]):
            return _list_or_same(_reader(lists[0]))
        return first if not more else next((read for read in (first, *more) if read is not _same), _same)
    if origin is list:
        return _list_of(_reader(*get_args(hint)))
    if hint is datetime:
        return _date
    if hasattr(hint, "_of"):
        return _struct(hint)
    if hint in (str, int, float, bool, type(None)) or origin is Literal:
        return _same
    return _copied


def reader(hint: Any) -> Reader:
    """A reader of JSON values of the type *hint*. Unknown members and values of enumerations pass as they are."""
    try:
        return _reader(hint)
    except TypeError:  # unhashable
        return _copied
