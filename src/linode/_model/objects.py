"""Objects made of fields: they hold the JSON as the API sent it, and a cache of what was read or set.

`_data` is the JSON; `_cache` holds Python values by JSON key. A value in the cache that differs from `_data` is an
unsaved change. These methods write the two, each under the lock of the values:

| method | called when | effect |
|---|---|---|
| `_fetch` | a field is read first | converts its JSON into the cache; a resource loads itself when there is none |
| `_store` | a field is assigned | puts the value into the cache |
| `_mark_saved` | the API took changes | moves what was sent into `_data`; later changes stay changes |
| `_replace_data` | the API sent the object | replaces `_data`; unsaved changes and nested objects stay |
| `_merge` (resources) | the API sent members of it | `_replace_data` with the old JSON and the new members |
| `_expire` (resources) | a verb outdated fields | drops them from both, unsaved changes excepted |
| `invalidate` (resources) | the user asks | drops everything but the identifiers |

**Nested objects** (`Struct`) follow one rule, whether declared by `Field` or by `Nested`:

- What is assigned is copied, so one value can be assigned to two objects and changed in each. A dict becomes the class
  declared, and a key that the class does not have is refused.
- A change inside a nested object is a change of the object that holds it.
- The API takes nested objects whole: `save()` sends all members that can be set, the changed and the others.
- A nested object stays the same Python object when its holder is loaded or saved; only `invalidate()` or another
  assignment replaces it.

Locks are taken in this order: that of loading an object, that of the values, that of decoding.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy, deepcopy
from datetime import date
from typing import Any, ClassVar, Literal, Self

from linode._forking import reset_after_fork
from linode._secrets import redact_tracebacks, redacted
from linode.errors import UnexpectedResponseError

from .arguments import holds_object, refuse_other_objects
from .convert import PLAIN, as_datetime, is_list, struct_in, to_api
from .fields import Described, Field, Nested, ReadOnly
from .names import Guarded
from .options import checks_options, misspelt
from .relations import IDField, IDsField, Many, Parent, Ref, RefField
from .wording import article

__all__ = ["NOTHING", "VALUES", "Fields", "Struct"]

NOTHING: dict[str, Any] = {}
"""The cache of an object of which nothing was read or set yet: shared, never written."""
VALUES = [threading.RLock()]
"""The lock of the values: held where `_data` or `_cache` is replaced, or a value set."""
_KINDS = (ReadOnly, Field, Ref, RefField, IDField, IDsField, Nested, Parent, Many)
KINDS: dict[str, Any] = {kind.__name__: kind for kind in _KINDS}


def _fresh_lock() -> None:
    VALUES[:] = [threading.RLock()]


reset_after_fork(_fresh_lock)


class Fields(Guarded):
    """An object made of fields: holds the JSON as it came, and what was read or set of it."""

    __slots__ = ("_cache", "_data")

    _fields: ClassVar[dict[str, Described[Any]]] = {}
    _cache: dict[str, Any]
    _data: dict[str, Any]
    filterable: ClassVar[tuple[str, ...]] = ()
    client_side: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        hints = cls.__dict__.get("__annotations__", {})  # noqa: RUF063 - inspect takes milliseconds to import
        for name, hint in hints.items():
            kind = KINDS.get(str(hint).partition("[")[0])
            if kind is not None and name not in cls.__dict__:
                cls._declare(name, kind())
        for base in cls.__bases__:
            if base.__name__.startswith("_"):  # its fields are those of the classes that users know
                for name, shared in getattr(base, "_fields", {}).items():
                    if name not in cls.__dict__:
                        cls._declare(name, type(shared)(shared.key))
        own = {name: field for name, field in cls.__dict__.items() if isinstance(field, Described)}
        declared = [name for name in hints if name in own]  # the dictionary has those with a value first
        cls._fields = {**cls._fields, **{name: own[name] for name in [*declared, *own]}}

    @classmethod
    def _declare(cls, name: str, field: Any) -> None:
        setattr(cls, name, field)
        field.__set_name__(cls, name)

    @classmethod
    def _filtered_by(cls, key: str) -> Literal["api", "client"] | None:
        """The side that can filter a list of these objects by *key*: the API, the client alone, or none (None)."""
        if key in cls.filterable:
            return "api"
        return "client" if key in cls.client_side else None

    @classmethod
    def _field(cls, name: str) -> Described[Any]:
        """The field of that name. Raises AttributeError for an unknown one."""
        if name not in cls._fields:
            raise misspelt(cls.__name__, name, cls._fields, "field", error=AttributeError)
        return cls._fields[name]

    @property
    def raw(self) -> dict[str, Any]:
        """The JSON as the API sent it, with all that the library has no field for."""
        return self._data

    def to_dict(self) -> dict[str, Any]:
        """The JSON of this object as a dict of its own, unsaved changes included. Nothing is fetched for it."""
        found = deepcopy(self.raw)
        for key, value in self._changes().items():
            before = found.get(key)
            found[key] = {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
        return found

    @checks_options
    def to_json(self, *, indent: int | None = None) -> str:
        """`to_dict` as JSON text, each level indented by *indent* spaces (None: in one line)."""
        import json  # noqa: PLC0415 - takes milliseconds, and only this needs it

        return json.dumps(self.to_dict(), indent=indent)

    def to_row(self) -> dict[str, Any]:
        """`to_dict` as one flat dict: ``specs.memory`` for what is nested, times as datetimes (UTC). Lists stay lists.

        ``pandas.DataFrame([each.to_row() for each in objects])`` makes a data frame, and polars does the same.
        """
        from .rows import flatten_row  # noqa: PLC0415 - few programs make rows

        return flatten_row(type(self), self.to_dict())

    def _repr_html_(self) -> str:
        from .display import card  # noqa: PLC0415 - for notebooks only

        return card(self)

    def __rich_repr__(self) -> Iterator[Any]:
        from .display import rich_object  # noqa: PLC0415 - for rich only

        return rich_object(self, self._shown_members())

    def _shown_members(self) -> Iterable[str]:
        """The members that a person looks for first, of those that have come."""
        return self.to_row()

    @property
    def _client(self) -> Any:
        return None

    def _cached(self) -> Callable[[str, Any], Any]:
        """The ``setdefault`` of the cache as it is now: it returns the first value stored under a key.

        A cache that is replaced meanwhile is written for nobody: a stale value never looks like a change.
        """
        if self._cache is NOTHING:
            with VALUES[0]:
                if self._cache is NOTHING:
                    set_cache(self, {})
        return self._cache.setdefault  # not the dictionary: an error shows the locals, and other fields may be secrets

    def _fetch(self, field: Described[Any]) -> Any:
        """Read *field* from the JSON; None, which is not kept, when the API did not send it."""
        if field.key not in self._data:
            return field.read(None, self)
        return self._cached()(field.key, field.read(self._data[field.key], self))

    def _store(self, key: str, value: Any) -> None:
        with VALUES[0]:
            self._cached()
            self._cache[key] = value

    def _assign(self, field: Described[Any], value: Any) -> None:
        """Store *value*, as an assignment to *field* gives it."""
        if type(value) in PLAIN:
            wanted = value
        else:
            if holds_object(value):
                refuse_other_objects(f"{field.owner.__name__}.{field.name}", value, field.taken())
            wanted = _as_declared(value, field)
        if wanted is not None:
            _refuse_unless_nested(wanted, field)
        self._store(field.key, wanted)

    def _changes(self) -> dict[str, Any]:
        """The values set, or changed inside, that differ from `_data`; as the API's JSON."""
        changes: dict[str, Any] = {}
        if not self._cache:
            return changes
        with VALUES[0]:
            for field in self._fields.values():
                key = field.key
                if key not in self._cache or key in changes:
                    continue
                value = self._cache[key]
                if isinstance(field, Nested):
                    if value is not None and value._changes():
                        changes[key] = value._editable()
                elif field.settable and (key not in self.raw or not _is_sent(value, self.raw[key])):
                    changes[key] = to_api(value)
        return changes

    def _unsendable(self) -> Iterator[str]:
        """The read-only fields, as paths, whose values were changed inside: no `save` sends them."""
        for name, field in self._fields.items():
            if field.settable or field.key not in self._cache:
                continue
            value = self._cache[field.key]
            if isinstance(value, Struct):
                yield from (f"{name}.{inner}" for inner in value._unsendable())
            elif isinstance(value, list) and _is_changed(value, self.raw.get(field.key)):
                yield name

    def _nested(self, data: Mapping[str, Any]) -> Iterator[tuple[str, Struct, Mapping[str, Any]]]:
        """Each nested object in the cache, between its key and the object that *data* has for it."""
        for key, value in list(self._cache.items()):  # other threads may read meanwhile
            if isinstance(value, Struct) and isinstance(inner := data.get(key), Mapping):
                yield key, value, inner

    def _mark_saved(self, sent: Mapping[str, Any]) -> None:
        """Count *sent*, which `_changes` returned, as the API's values: changes since then stay."""
        for _, nested, inner in self._nested(sent):
            nested._mark_saved(inner)
            nested._holder = self
        for field in self._fields.values():
            if field.key in sent and not isinstance(field, Nested):
                self._data[field.key] = sent[field.key]

    def _replace_data(self, data: dict[str, Any]) -> None:
        """Make *data* the API's present JSON: unsaved changes stay, and nested objects, which somebody may hold."""
        with VALUES[0]:
            kept = {key: self._cache[key] for key in self._changes()}
            for key, nested, inner in self._nested(data):
                if nested._holder is self:  # else it was assigned, and has not been saved yet
                    nested._replace_data(dict(inner))
                    kept[key] = nested
            set_data(self, data)
            set_cache(self, kept)


set_data = vars(Fields)["_data"].__set__
set_cache = vars(Fields)["_cache"].__set__  # the slot's own setter, without the check of names


class Struct(Fields):
    """A nested object: fields of its own, no path; a change in it is a change of the object it belongs to."""

    __slots__ = ("_holder", "_outdated")
    _holder: Any
    _outdated: bool
    """Whether its holder has to be loaded before it is read; unsaved changes keep it till then."""

    @redact_tracebacks
    def __init__(self, **values: Any) -> None:
        if wrong := values.keys() - self._fields.keys():
            raise misspelt(type(self).__name__, min(wrong), self._fields, "field")
        self._data = {}
        self._cache = {}
        self._holder = None
        self._outdated = False
        for name, value in values.items():
            self._assign(self._fields[name], value)

    @classmethod
    def _of(cls, owner: Any, data: Any) -> Self:
        if not isinstance(data, Mapping):
            raise UnexpectedResponseError(f"the API sent {type(data).__name__} for {article(cls.__name__)}")
        made = object.__new__(cls)
        made._data = dict(data)
        made._cache = NOTHING
        made._holder = owner
        made._outdated = False
        return made

    def _copied(self) -> Self:
        """A copy that belongs to no object yet: what is changed in one does not change in the other."""
        made = type(self)._of(None, self._data)
        for key, value in list(self._cache.items()):
            made._store(key, value._copied() if isinstance(value, Struct) else copy(value))
        return made

    def _replace_data(self, data: dict[str, Any]) -> None:
        self._outdated = False
        super()._replace_data(data)

    @property
    def _client(self) -> Any:
        return None if self._holder is None else self._holder._client

    def to_dict(self) -> dict[str, Any]:
        """The JSON of this object as a dict of its own, unsaved changes included."""
        return deepcopy(self._as_api())

    def _as_api(self) -> dict[str, Any]:
        return {**self._data, **{key: to_api(value) for key, value in list(self._cache.items())}}

    def _editable(self) -> dict[str, Any]:
        """The members that can be set, all of them: the API takes a nested object whole."""
        now = self._as_api()
        kept: dict[str, Any] = {}
        for field in self._fields.values():
            if isinstance(field, Nested) and field.editable and (inner := getattr(self, field.name)) is not None:
                kept[field.key] = inner._editable()
            elif field.settable and field.key in now:
                kept[field.key] = now[field.key]
        return kept

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._as_api() == self._as_api()

    __hash__ = None  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]

    def __repr__(self) -> str:
        shown = ", ".join(f"{key}={value!r}" for key, value in redacted(self._as_api()).items())
        return f"{type(self).__name__}({shown})"

    def __reduce__(self) -> Any:
        return _restored_struct, (type(self), self._as_api())


def _is_sent(value: Any, sent: Any) -> bool:
    """Whether *value* is what the API *sent*, which has several spellings for one time."""
    now = to_api(value)
    return bool(now == sent) or (isinstance(value, date) and isinstance(sent, str) and now == to_api(as_datetime(sent)))


def _is_changed(value: list[Any], sent: Any) -> bool:
    """Whether the items of a list are others than those that the API *sent*, or were changed inside."""
    if not isinstance(sent, list) or len(value) != len(sent):
        return True
    if any(isinstance(each, Fields) for each in value):
        return any(bool(each._changes()) if isinstance(each, Struct) else isinstance(each, dict) for each in value)
    return PLAIN.issuperset(map(type, value)) and value != sent


def _restored_struct(cls: type[Struct], data: dict[str, Any]) -> Struct:
    return cls._of(None, data)


def _as_declared(value: Any, field: Described[Any]) -> Any:
    """A copy of *value* in which every nested object is one of the class declared, whether it came as one or a dict."""
    if isinstance(value, Struct):
        return value._copied()
    if isinstance(value, Fields):
        return field.id_of(value)
    if is_list(value):
        return [_as_declared(each, field) for each in value]
    if not isinstance(value, Mapping):
        return value
    struct = struct_in(field.argument())
    if struct is None:
        return deepcopy(value)
    keys = {each.key: each for each in struct._fields.values()}
    if wrong := value.keys() - keys.keys():
        raise misspelt(struct.__name__, min(wrong), keys, "field")
    made = struct._of(None, {})
    for key, each in value.items():
        made._store(key, _as_declared(each, keys[key]))
    return made


def _refuse_unless_nested(value: Any, field: Described[Any]) -> None:
    """Raise TypeError when *field* holds a nested object, or a list of them, and *value* is something else."""
    struct, several = field.nested
    if struct is None:
        return
    if not several:
        wrong = None if isinstance(value, struct) else value
    elif isinstance(value, list):
        wrong = next((each for each in value if not isinstance(each, struct)), None)
    else:
        wrong = value
    if wrong is not None:
        wanted = f"a list of {struct.__name__} objects" if several else article(struct.__name__)
        shape = "of dicts with their fields" if several else "a dict with its fields"
        raise TypeError(f"{field.owner.__name__}.{field.name} takes {wanted} or {shape}, not {type(wrong).__name__}")
