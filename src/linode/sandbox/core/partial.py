"""Decoding of some members of a row, which for a large row takes a tenth of the time of decoding all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from .schema import Row

__all__ = ["decoder_of"]


def decoder_of(keys: Iterable[str]) -> Callable[[bytes], Row]:
    """A function that decodes the members at *keys*, dotted paths, of the JSON of a row, and no others."""
    names = sorted({name for key in keys for name in (key, key.partition(".")[0])})
    fields = {f"member_{at}": name for at, name in enumerate(names)}
    shape = msgspec.defstruct("Members", [(each, Any, msgspec.UNSET) for each in fields], rename=fields)
    decode = msgspec.json.Decoder(shape).decode

    def members(data: bytes) -> Row:
        found = decode(data)
        values = ((name, getattr(found, field)) for field, name in fields.items())
        return {name: value for name, value in values if value is not msgspec.UNSET}

    return members
