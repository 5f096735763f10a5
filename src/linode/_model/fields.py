"""Fields: a description on the class, a value on the object.

`Volume.label == "db"` is a `Filter`; `volume.label` is a str; `volume.label = "db2"` is a change that `save()` sends.
A field is declared by its annotation alone; it is called only to name another JSON key: ``Ref("linode_id")``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, Self, TypeVar, get_args, overload

from linode._forking import reset_after_fork
from linode._secrets import clear_frames, hidden, redact_tracebacks
from linode.errors import UnexpectedResponseError

from .attributes import Attribute
from .calls import misspelt
from .convert import Reader, annotation, reader, to_api

if TYPE_CHECKING:
    from .lists import ResourceList
    from .resources import Resource

__all__ = ["Field", "Fields", "Many", "Nested", "Parent", "ReadOnly", "Ref", "RefField", "Struct"]

T = TypeVar("T")
R = TypeVar("R", bound="Fields | None")
M = TypeVar("M", bound="Resource")
S_co = TypeVar("S_co", bound="Struct | None", covariant=True)
X = TypeVar("X", bound="Struct")

_NOTHING: dict[str, Any] = {}
"""The values of an object nobody has read yet: shared, never written."""
_RENEWING = [threading.RLock()]
"""Is held where the values of an object are replaced, or one is set."""


def _fresh_lock() -> None:
    _RENEWING[:] = [threading.RLock()]


reset_after_fork(_fresh_lock)


class _Path(Attribute[Any]):
    """`Linode.specs.memory`: the path to a field of a nested object."""

    def __init__(self, owner: Any, key: str, struct: Any) -> None:
        self.owner = owner
        self.key = key
        self._struct = struct

    def __getattr__(self, name: str) -> _Path:
        if not name.startswith("_") and (field := self._struct and self._struct._fields.get(name)):
            inner = field.struct() if isinstance(field, Nested) else None
            return _Path(self.owner, f"{self.key}.{field.key}", inner)
        raise AttributeError(f"{self.owner.__name__}.{self.key} has no field {name!r}")


def _argument(field: Any) -> Any:
    """The type between the brackets of the annotation of *field*."""
    return get_args(annotation(field.owner, f"({field.owner.__annotations__[field.name]})"))[0]


def _class_in(hint: Any) -> Any:
    """The class in *hint*, which may allow None besides."""
    (found,) = (each for each in get_args(hint) or (hint,) if each is not type(None))
    return found


class Described(Attribute[T]):
    """The reading half of every field."""

    settable: ClassVar[bool] = False
    hint: ClassVar[Any] = None

    def __init__(self, key: str = "") -> None:
        self.key = key

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner = owner
        self.name = name
        self.key = self.key or name
        self.__doc__ = None

    def argument(self) -> Any:
        """The type between the brackets of the annotation."""
        return _argument(self)

    def read(self, value: Any, instance: Any) -> Any:
        """The Python value of the JSON *value* for *instance*."""
        # From now on the reader itself stands here: its type is found out once a class, not once an object.
        read = self.reader()
        vars(self)["read"] = read
        return read(value, instance)

    def reader(self) -> Reader:
        return reader(self.argument())

    def fetched(self, instance: Fields | None) -> Any:
        """What reading gives. `ReadOnly` and `Field`, which are read most, say so in place: a call costs as much."""
        if instance is None:
            return self
        try:
            return instance._cache[self.key]
        except KeyError:
            return instance._fetch(self)

    def refused(self, instance: Fields) -> NoReturn:
        settable = sorted(name for name, field in instance._fields.items() if field.settable)
        can = f"it can set: {', '.join(settable)}" if settable else "none of its fields can be set"
        raise AttributeError(f"{type(instance).__name__}.{self.name} is read-only; {can}")


class ReadOnlyField:
    """Nothing is one of these: it makes assigning to a read-only field an error for type checkers."""


class ReadOnly(Described[T]):
    """A field that the API reports and that nobody can set."""

    @overload
    def __get__(self, instance: None, owner: Any) -> Attribute[T]: ...
    @overload
    def __get__(self, instance: Fields, owner: Any) -> T: ...
    def __get__(self, instance: Fields | None, owner: Any) -> Attribute[T] | T:
        if instance is None:
            return self
        cache, key = instance._cache, self.key
        if key in cache:
            value: T = cache[key]
            return value
        del cache  # an error shows the locals, and other fields may be secrets
        fetched: T = instance._fetch(self)
        return fetched

    def __set__(self, instance: Fields, value: ReadOnlyField) -> None:
        self.refused(instance)


class Field(Described[T]):
    """A field that can be assigned and saved."""

    settable = True

    @overload
    def __get__(self, instance: None, owner: Any) -> Attribute[T]: ...
    @overload
    def __get__(self, instance: Fields, owner: Any) -> T: ...
    def __get__(self, instance: Fields | None, owner: Any) -> Attribute[T] | T:
        if instance is None:
            return self
        cache, key = instance._cache, self.key
        if key in cache:
            value: T = cache[key]
            return value
        del cache  # an error shows the locals, and other fields may be secrets
        fetched: T = instance._fetch(self)
        return fetched

    def __set__(self, instance: Fields, value: T) -> None:
        plain = value is None or type(value) in (str, int, float, bool)
        instance._put(self.key, value if plain else _as_nested(value, self))


def _as_nested(value: Any, field: Field[Any]) -> Any:
    """A copy of *value* in which every nested object is one of the class declared, whether it came as one or a dict."""
    if isinstance(value, Struct):
        return value._copied()
    if isinstance(value, list):
        return [_as_nested(each, field) for each in value]
    struct = _struct_in(field.argument()) if isinstance(value, Mapping) else None
    if struct is None:
        return value
    keys = {each.key: each for each in struct._fields.values()}
    if wrong := value.keys() - keys.keys():
        raise misspelt(struct.__name__, min(wrong), keys, "field")
    made = struct._of(None, {})
    for key, each in value.items():
        made._put(key, _as_nested(each, keys[key]))
    return made


def _struct_in(hint: Any) -> Any:
    """The class of nested objects that *hint* names; None when it names none."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        return hint
    return next((found for each in get_args(hint) if (found := _struct_in(each)) is not None), None)


class _Related(Attribute[Any]):
    """The run-time half of relations: the JSON holds an id, the field is the object."""

    def reader(self) -> Reader:
        field: Any = self
        target = _class_in(field.argument())

        def read_related(value: Any, instance: Any) -> Any:
            if value is None or value == "":
                return None
            client = instance._client
            if isinstance(value, dict):
                return target._of(client, value)
            if not isinstance(value, (str, int)):
                raise UnexpectedResponseError(f"the API sent {type(value).__name__} for the id of a {target.__name__}")
            return client._shared(target, value) if shared and client is not None else target._at(client, value)

        # What nobody can change (a region, a type) is one object for all that refer to it: loaded once, not for each.
        shared = target.read_only
        return read_related


class Ref(_Related, Described["R | int | str"], Generic[R]):
    """A related object: the API sends its id, `linode.region` is the object, not loaded until something is read."""

    @overload
    def __get__(self, instance: None, owner: Any) -> Attribute[R | int | str]: ...
    @overload
    def __get__(self, instance: Fields, owner: Any) -> R: ...
    def __get__(self, instance: Fields | None, owner: Any) -> Any:
        return self.fetched(instance)

    def __set__(self, instance: Fields, value: ReadOnlyField) -> None:
        self.refused(instance)


class RefField(_Related, Described["R | int | str"], Generic[R]):
    """A related object that can be set to another, or to another's id."""

    settable = True

    @overload
    def __get__(self, instance: None, owner: Any) -> Attribute[R | int | str]: ...
    @overload
    def __get__(self, instance: Fields, owner: Any) -> R: ...
    def __get__(self, instance: Fields | None, owner: Any) -> Any:
        return self.fetched(instance)

    def __set__(self, instance: Fields, value: R | int | str) -> None:
        instance._put(self.key, self.read(to_api(value), instance))


class Nested(Described[Any], Generic[S_co]):
    """`Linode.specs.memory` is a field path, `linode.specs.memory` its value."""

    @overload
    def __get__(self: Nested[X | None], instance: None, owner: Any) -> type[X]: ...
    @overload
    def __get__(self, instance: Fields, owner: Any) -> S_co: ...
    def __get__(self, instance: Fields | None, owner: Any) -> Any:
        if instance is None:
            return _Path(self.owner, self.key, self.struct())
        value = self.fetched(instance)
        if value is None or not value._outdated:
            return value
        loaded: Any = instance
        loaded._load_now(self)
        return self.fetched(loaded)

    def __set__(self, instance: Fields, value: ReadOnlyField) -> None:
        self.refused(instance)

    def struct(self) -> Any:
        """The class of the nested object."""
        return _class_in(self.argument())

    @property
    def editable(self) -> bool:
        """Whether any field of the nested object can be set."""
        return any(
            field.settable or (isinstance(field, Nested) and field.editable) for field in self.struct()._fields.values()
        )


class Parent(Generic[M]):
    """The object that this one belongs to; its id stands in the path."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner = owner
        self.name = name

    @overload
    def __get__(self, instance: None, owner: Any) -> Parent[M]: ...
    @overload
    def __get__(self, instance: Fields, owner: Any) -> M: ...
    def __get__(self, instance: Any, owner: Any) -> Any:
        return self if instance is None else instance._parent(self.name)

    def __set__(self, instance: Fields, value: ReadOnlyField) -> None:
        raise AttributeError(f"{self.owner.__name__}.{self.name} is part of its identity and cannot be set")

    @cached_property
    def target(self) -> Any:
        """The class of the parent, found when it is first asked for: it may be declared later."""
        return _argument(self)


class Many(Generic[M]):
    """The lazy list of what belongs to an object or a client: `linode.disks`, `client.get_linodes`.

    ``tail`` is what follows the owner's path (its name, unless given), or a whole path that starts with a slash.
    """

    def __init__(self, tail: str = "", *, beta: bool = False) -> None:
        self.tail = tail
        self.beta = beta

    def __set_name__(self, owner: type, name: str) -> None:
        if not hasattr(self, "name"):  # a second name for the same list (get_zones = get_domains) is no new one
            self.owner = owner
            self.name = name
            self.tail = self.tail or name

    @overload
    def __get__(self, instance: None, owner: Any) -> Many[M]: ...
    @overload
    def __get__(self, instance: object, owner: Any) -> ResourceList[M]: ...
    def __get__(self, instance: Any, owner: Any) -> Any:
        return self if instance is None else instance._many(self)

    def __set__(self, instance: object, value: ReadOnlyField) -> None:
        raise AttributeError(f"{self.owner.__name__}.{self.name} is a list of the API's; create or delete its objects")

    @cached_property
    def target(self) -> Any:
        """The class of what is in the list, found when it is first asked for: it may be declared later."""
        return _argument(self)

    def path(self, url: str) -> str:
        """The path of the list of the owner at *url*."""
        return self.tail if self.tail.startswith("/") else f"{url}/{self.tail}"


KINDS: dict[str, Any] = {kind.__name__: kind for kind in (ReadOnly, Field, Ref, RefField, Nested, Parent, Many)}


class _Slotted(type):
    """Gives every class of fields empty ``__slots__``, so that an assignment to a name it does not have raises."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any) -> _Slotted:
        body.setdefault("__slots__", ())
        return super().__new__(mcs, name, bases, body, **options)


class Fields(metaclass=_Slotted):
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
                field = kind()
                setattr(cls, name, field)
                field.__set_name__(cls, name)
        own = {name: field for name, field in cls.__dict__.items() if isinstance(field, Described)}
        cls._fields = {**cls._fields, **own}

    @property
    def raw(self) -> dict[str, Any]:
        """The JSON as the API sent it, with all that the library has no field for."""
        return self._data

    @property
    def _client(self) -> Any:
        return None

    if not TYPE_CHECKING:  # a type checker that sees __setattr__ lets every name pass

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

    def _keeper(self) -> Callable[[str, Any], Any]:
        """What keeps values that are read from now on: it gives back the first that it was given under a key.

        When what came is replaced meanwhile, it keeps them for nobody: else a value of before would pass for a change.
        """
        if self._cache is _NOTHING:
            with _RENEWING[0]:
                if self._cache is _NOTHING:
                    _set_cache(self, {})
        return self._cache.setdefault  # not the dictionary: an error shows the locals, and other fields may be secrets

    def _fetch(self, field: Described[Any]) -> Any:
        """Read *field* from the JSON; None when the API did not send it."""
        return self._keep(field, self._keeper(), self._data.get(field.key))

    def _keep(self, field: Described[Any], keep: Callable[[str, Any], Any], value: Any) -> Any:
        return keep(field.key, field.read(value, self))

    def _put(self, key: str, value: Any) -> None:
        with _RENEWING[0]:
            self._keeper()
            self._cache[key] = value

    def _changes(self) -> dict[str, Any]:
        """What was set, or changed inside, and differs from what came; as the API's JSON."""
        changes: dict[str, Any] = {}
        if not self._cache:
            return changes
        with _RENEWING[0]:
            for field in self._fields.values():
                key = field.key
                if key not in self._cache or key in changes:
                    continue
                value = self._cache[key]
                if isinstance(field, Nested):
                    if value is not None and value._changes():
                        changes[key] = value._editable()
                elif field.settable and ((now := to_api(value)) != self.raw.get(key) or key not in self.raw):
                    changes[key] = now
        return changes

    def _take(self, sent: Mapping[str, Any]) -> None:
        """Count the members *sent*, which `_changes` told, as what the API says: what was changed since then stays."""
        for field in self._fields.values():
            if field.key not in sent:
                continue
            inner = self._cache.get(field.key)
            if isinstance(inner, Struct) and isinstance(sent[field.key], Mapping):
                inner._take(sent[field.key])
            if not isinstance(field, Nested):
                self._data[field.key] = sent[field.key]

    def _renew(self, data: dict[str, Any]) -> None:
        """Take *data* as what the API now says: unsaved changes stay, and nested objects, which somebody may hold."""
        with _RENEWING[0]:
            changed = self._changes()
            kept: dict[str, Any] = {}
            for key, value in list(self._cache.items()):  # other threads may read meanwhile
                if isinstance(value, Struct) and value._holder is self and isinstance(inner := data.get(key), Mapping):
                    value._renew(dict(inner))
                    kept[key] = value
                elif key in changed:
                    kept[key] = value
            _set_data(self, data)
            _set_cache(self, kept)


_set_data = vars(Fields)["_data"].__set__
_set_cache = vars(Fields)["_cache"].__set__  # the slot's own setter, without the check of names


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
        self._cache = {self._fields[name].key: value for name, value in values.items()}
        self._holder = None
        self._outdated = False

    @classmethod
    def _of(cls, owner: Any, data: Any) -> Self:
        if not isinstance(data, Mapping):
            raise UnexpectedResponseError(f"the API sent {type(data).__name__} for a {cls.__name__}")
        made = object.__new__(cls)
        made._data = dict(data)
        made._cache = _NOTHING
        made._holder = owner
        made._outdated = False
        return made

    def _copied(self) -> Self:
        """A copy that belongs to no object yet: what is changed in one does not change in the other."""
        made = type(self)._of(None, self._data)
        for key, value in list(self._cache.items()):
            made._put(key, value._copied() if isinstance(value, Struct) else copy(value))
        return made

    def _renew(self, data: dict[str, Any]) -> None:
        self._outdated = False
        super()._renew(data)

    @property
    def _client(self) -> Any:
        return None if self._holder is None else self._holder._client

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
        shown = ", ".join(f"{key}={value!r}" for key, value in hidden(self._as_api()).items())
        return f"{type(self).__name__}({shown})"

    def __reduce__(self) -> Any:
        return _restored_struct, (type(self), self._as_api())


def _restored_struct(cls: type[Struct], data: dict[str, Any]) -> Struct:
    return cls._of(None, data)
