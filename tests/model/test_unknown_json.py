"""Any JSON that the API may send for a declared class is held without loss: unknown members and words, null, gaps."""

from __future__ import annotations

import copy
import json
import random
import types
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
import pytest
from declarations import families, resources_of
from hypothesis import given, settings
from hypothesis import strategies as st

from linode._model import Fields, Nested, Resource
from linode._model.relations import Related
from linode.errors import NotLoadedError

CLASSES = [cls for family in families() for cls in resources_of(family)]


class Sender:
    """Makes up the JSON of an object as the API may send it, by a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def members(self, cls: Any, *, depth: int = 0, keep: tuple[str | None, ...] = ()) -> dict[str, Any]:
        """The members of *cls*: some missing, some null, and some that no declaration knows."""
        found: dict[str, Any] = {}
        for field in cls._fields.values():
            hint = field.struct() if isinstance(field, Nested) else field.argument()
            if field.key in keep:
                found[field.key] = self.random.choice((7, "seven")) if hint is not int else 7
            elif self.random.random() < 0.9:
                id_alone = isinstance(field, Related)
                value = self.random.choice((7, "us-east")) if id_alone else self.value(hint, depth)
                found[field.key] = None if self.random.random() < 0.1 else value
        return {**found, "_unheard_of": {"deep": [1, None, "x"]}}

    def value(self, hint: Any, depth: int) -> Any:
        """A value that the type *hint* allows, or a word that it does not know."""
        origin = get_origin(hint)
        if origin is Annotated:
            return self.value(get_args(hint)[0], depth)
        if origin in (Union, types.UnionType):
            return self.value(self.random.choice(get_args(hint)), depth)
        if origin is Literal:
            return self.random.choice((*get_args(hint), "a-word-of-next-year"))
        return self._container(hint, depth) if origin in (list, dict) else self._plain(hint, depth)

    def _container(self, hint: Any, depth: int) -> Any:
        inner = get_args(hint)[-1]
        values = [self.value(inner, depth + 1) for _ in range(self.random.choice((0, 1, 2)))]
        return values if get_origin(hint) is list else {f"key{at}": each for at, each in enumerate(values)}

    def _plain(self, hint: Any, depth: int) -> Any:
        if isinstance(hint, type) and issubclass(hint, Resource):
            return self.members(hint, depth=depth + 1, keep=(hint.id_key,)) if depth < 3 else {str(hint.id_key): 7}
        if isinstance(hint, type) and issubclass(hint, Fields):
            return self.members(hint, depth=depth + 1) if depth < 5 else {}
        if hint is datetime:
            return self.random.choice(("2026-01-31T12:00:00", "2026-01-31T12:00:00.123Z", "2026-01-31T14:00:00+02:00"))
        plain = {str: "text", int: 2**40, float: 0.5, bool: True, type(None): None}
        return plain.get(hint, {"any": ["thing"]}) if isinstance(hint, type) else {"any": ["thing"]}


def read(value: Any) -> None:
    """Read every member of *value*, and of what stands in it."""
    if isinstance(value, list):
        for each in value:
            read(each)
    elif isinstance(value, Resource):
        assert value.raw is not None
    elif isinstance(value, Fields):
        for name in value._fields:
            read(getattr(value, name))


def fields_read(made: Any) -> None:
    for name, field in made._fields.items():
        try:
            read(getattr(made, name))
        except NotLoadedError:
            assert field.key not in made.raw, name


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@given(seed=st.integers(0, 2**32), packed=st.booleans())
@settings(max_examples=15)
def test_an_object_holds_what_the_api_sends(cls, seed, packed):
    """Every member can be read at its path, the JSON stays as it came, and nothing that is unchanged is saved."""
    sent = Sender(seed).members(cls, keep=(cls.id_key, *cls._parent_names))
    data = msgspec.Raw(json.dumps(sent).encode()) if packed else copy.deepcopy(sent)
    made = cls._of(None, data, tuple(range(1, 1 + len(cls._parent_names))))
    fields_read(made)
    assert made.raw == sent
    assert made._changes() == {}
    assert made.to_dict() == sent
