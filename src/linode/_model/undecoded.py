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
from collections.abc import Callable
from typing import Any

from linode.errors import UnexpectedResponseError

from .convert import decoder
from .fields import Nested, slot_name
from .objects import NOTHING, VALUES, Fields, set_cache, set_data
from .wording import article

__all__ = ["ABSENT", "PLAIN", "Undecoded", "set_members", "set_raw"]

ABSENT: Any = object()
UNDECLARED: Any = object()
PLAIN = frozenset({str, int, bool})
"""Types of values that a struct of members holds decoded."""
_BROKEN = (ValueError, RecursionError)
"""Exceptions of decoding: msgspec's own are ValueErrors."""


class Undecoded(Fields):
    """An object of fields whose JSON may not be decoded yet."""

    __slots__ = ("_members", "_raw")
    _raw: Any
    _members: Any

    def _decoded(self) -> dict[str, Any]:
        """The JSON, decoded at the first call."""
        if (raw := self._raw) is not None:
            data = self._parsed(raw, decoder(dict))
            with VALUES[0]:
                if self._raw is not None:
                    set_data(self, data)
                    set_raw(self, None)
                    set_members(self, None)
        return self._data

    def _begin(self) -> None:
        """Make the cache, and split the JSON that is not decoded yet, for the first read of a field."""
        with VALUES[0]:
            if (raw := self._raw) is not None and self._members is None:
                set_members(self, self._parsed(raw, _splitter(type(self))))
            if self._cache is NOTHING:
                set_cache(self, {})

    def _member(self, key: str) -> Any:
        """The JSON under *key*, `ABSENT` when there is none. No other list or object is decoded."""
        raw = self._raw
        if raw is None:
            return self._data.get(key, ABSENT)
        if self._members is None:
            self._begin()
        value = getattr(self._members, slot_name(key), UNDECLARED)
        if value is UNDECLARED:
            return self._decoded().get(key, ABSENT)
        return self._unpacked(value)

    def _unpacked(self, value: Any) -> Any:
        """The JSON of *value*, which stands in the struct of members."""
        return self._parsed(value, decoder(Any)) if type(value).__name__ == "Raw" else value

    def _parsed(self, raw: Any, decode: Callable[[Any], Any]) -> Any:
        try:
            return decode(raw)
        except _BROKEN as error:
            raise self._unexpected(error) from error

    def _unexpected(self, error: Exception) -> UnexpectedResponseError:
        return UnexpectedResponseError(f"the API sent broken JSON for {article(type(self).__name__)}: {error}")


set_raw = vars(Undecoded)["_raw"].__set__
set_members = vars(Undecoded)["_members"].__set__


@functools.cache
def _splitter(cls: type[Undecoded]) -> Callable[[Any], Any]:
    """A decoder of JSON into a struct of the members of a *cls*; those that did not come are `ABSENT`."""
    import msgspec  # noqa: PLC0415 - slow to import: the first response pays for it

    fields = cls._fields.values()
    keys = {field.key: field.slot for field in fields}
    kept_raw = {field.key for field in fields if isinstance(field, Nested) or field.holds_container()}
    members = [(slot, msgspec.Raw if key in kept_raw else Any, ABSENT) for key, slot in keys.items()]
    rename = {slot: key for key, slot in keys.items()}
    return decoder(msgspec.defstruct("Members", members, rename=rename, gc=False))
