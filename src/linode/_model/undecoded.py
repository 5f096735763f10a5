"""Objects whose JSON is decoded when it is read: a list of thousands costs little more than its bytes.

The JSON of an object goes through three states, and only forwards:

| state | `_raw` | `_members` | `_data` |
|---|---|---|---|
| undecoded | `msgspec.Raw` | None | empty |
| split, when a field is first read | `msgspec.Raw` | a struct of the declared members | empty |
| decoded, when all of it is needed | None | None | the JSON |

The struct has plain values decoded, and lists and objects as `msgspec.Raw`. What changes `_data` decodes first.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

from linode._forking import reset_after_fork
from linode.errors import UnexpectedResponseError

from .convert import decoder
from .fields import Nested
from .objects import Fields, set_data

__all__ = ["ABSENT", "Undecoded", "set_members", "set_raw"]

ABSENT: Any = object()
_DECODING = [threading.Lock()]
_BROKEN = (ValueError, RecursionError)
"""Exceptions of decoding: msgspec's own are ValueErrors."""


def _fresh_lock() -> None:
    _DECODING[:] = [threading.Lock()]


reset_after_fork(_fresh_lock)


class Undecoded(Fields):
    """An object of fields whose JSON may not be decoded yet."""

    __slots__ = ("_members", "_raw")
    _raw: Any
    _members: Any

    def _decoded(self) -> dict[str, Any]:
        """The JSON, decoded at the first call."""
        if (raw := self._raw) is not None:
            data = self._parsed(raw, decoder(dict))
            with _DECODING[0]:
                if self._raw is not None:
                    set_data(self, data)
                    set_raw(self, None)
                    set_members(self, None)
        return self._data

    def _member(self, key: str) -> Any:
        """The JSON under *key*, `ABSENT` when there is none. No other list or object is decoded."""
        raw = self._raw
        if raw is None:
            return self._data.get(key, ABSENT)
        members = self._members
        if members is None:
            members = self._split(raw)
        name = _names(type(self)).get(key)
        if name is None:
            return self._decoded().get(key, ABSENT)
        value = getattr(members, name)
        return self._parsed(value, decoder(Any)) if type(value) is type(raw) else value

    def _split(self, raw: Any) -> Any:
        """The declared members of *raw*."""
        members = self._parsed(raw, _splitter(type(self)))
        with _DECODING[0]:
            if self._raw is raw:
                set_members(self, members)
        return members

    def _parsed(self, raw: Any, decode: Callable[[Any], Any]) -> Any:
        try:
            return decode(raw)
        except _BROKEN as error:
            raise self._unexpected(error) from error

    def _unexpected(self, error: Exception) -> UnexpectedResponseError:
        return UnexpectedResponseError(f"the API sent broken JSON for a {type(self).__name__}: {error}")


set_raw = vars(Undecoded)["_raw"].__set__
set_members = vars(Undecoded)["_members"].__set__


@functools.cache
def _names(cls: type[Undecoded]) -> dict[str, str]:
    """The attributes of a struct of the members of a *cls*, by the JSON keys of its fields."""
    return {key: f"m{number}" for number, key in enumerate({field.key for field in cls._fields.values()})}


@functools.cache
def _splitter(cls: type[Undecoded]) -> Callable[[Any], Any]:
    """A decoder of JSON into a struct of the members of a *cls*; those that did not come are `ABSENT`."""
    import msgspec  # noqa: PLC0415 - slow to import: the first response pays for it

    names = _names(cls)
    kept_raw = {field.key for field in cls._fields.values() if isinstance(field, Nested) or field.holds_container()}
    members = [(name, msgspec.Raw if key in kept_raw else Any, ABSENT) for key, name in names.items()]
    rename = {name: key for key, name in names.items()}
    return decoder(msgspec.defstruct("Members", members, rename=rename, gc=False))
