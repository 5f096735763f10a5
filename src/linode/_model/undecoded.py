"""Objects whose JSON is decoded when it is read, a member at a time: a list of thousands costs little more than bytes.

The JSON of an object goes through three states, and only forwards: undecoded (`_raw` is a `msgspec.Raw`), split (`_raw`
is a dict of undecoded members), decoded (`_raw` is None, and `_data` has it). What changes `_data` decodes first.
"""

from __future__ import annotations

import functools
import threading
from typing import Any

from linode._forking import reset_after_fork
from linode.errors import UnexpectedResponseError

from .convert import decoder
from .objects import Fields, set_data

__all__ = ["ABSENT", "Undecoded"]

ABSENT: Any = object()
_DECODING = [threading.Lock()]
_BROKEN = (ValueError, RecursionError)
"""Exceptions of decoding: msgspec's own are ValueErrors."""


def _fresh_lock() -> None:
    _DECODING[:] = [threading.Lock()]


reset_after_fork(_fresh_lock)


class Undecoded(Fields):
    """An object of fields whose JSON may not be decoded yet."""

    __slots__ = ("_raw",)
    _raw: Any

    def _decoded(self) -> dict[str, Any]:
        """The JSON, decoded at the first call."""
        if (raw := self._raw) is not None:
            if type(raw) is dict:
                data = {key: self._parsed(each, Any) for key, each in raw.items()}
            else:
                data = self._parsed(raw, dict)
            with _DECODING[0]:
                if self._raw is not None:
                    set_data(self, data)
                    set_raw(self, None)
        return self._data

    def _member(self, key: str) -> Any:
        """The JSON under *key*, `ABSENT` when there is none. No other member is decoded."""
        raw = self._raw
        if raw is None:
            return self._data.get(key, ABSENT)
        if type(raw) is not dict:
            raw = self._split(raw)
        if key not in raw:
            return ABSENT
        try:
            return decoder(Any)(raw[key])
        except _BROKEN as error:
            raise self._unexpected(error) from error

    def _split(self, raw: Any) -> dict[str, Any]:
        """The members of *raw*, none of them decoded."""
        members: dict[str, Any] = self._parsed(raw, _members())
        with _DECODING[0]:
            if self._raw is raw:
                set_raw(self, members)
        return members

    def _parsed(self, raw: Any, kind: Any) -> Any:
        try:
            return decoder(kind)(raw)
        except _BROKEN as error:
            raise self._unexpected(error) from error

    def _unexpected(self, error: Exception) -> UnexpectedResponseError:
        return UnexpectedResponseError(f"the API sent broken JSON for a {type(self).__name__}: {error}")


set_raw = vars(Undecoded)["_raw"].__set__


@functools.cache
def _members() -> Any:
    import msgspec  # noqa: PLC0415 - slow to import: the first response pays for it

    return dict[str, msgspec.Raw]
