"""Fields: a description on the class, a value on the object.

`Volume.label == "db"` is a `Filter`; `volume.label` is a str; `volume.label = "db2"` is a change that `save()` sends.
A field is declared by its annotation alone; it is called only to name another JSON key: ``Ref("linode_id")``. Fields
that are alike but for their names stand in a row: ``sda = sdb = sdc = Field[ConfigDevice | None]()``.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeVar, get_args, get_origin, overload

from .attributes import Attribute
from .convert import Reader, argument, class_in, nested_in, reader, to_api
from .hints import arms

if TYPE_CHECKING:
    from .objects import Fields, Struct

__all__ = ["Described", "Field", "Nested", "ReadOnly", "ReadOnlyField", "slot_name", "verb_for"]

T = TypeVar("T")
S_co = TypeVar("S_co", bound="Struct | None", covariant=True)
X = TypeVar("X", bound="Struct")


CHANGED_BY = {"type": "resize", "size": "resize", "region": "migrate"}
"""Verbs that change a read-only field, where a class has them."""


def verb_for(cls: type, name: str) -> str | None:
    """The verb of *cls* that changes its read-only field *name*; None if there is none."""
    verbs = (CHANGED_BY.get(name, ""), f"update_{name}", f"set_{name}")
    return next((verb for verb in verbs if verb and hasattr(cls, verb)), None)


def slot_name(key: str) -> str:
    """The JSON key *key* as a name that a struct can have."""
    return key.replace("-", "_")


class _Path(Attribute[Any]):
    """`Linode.specs.memory`: the path to a field of a nested object."""

    def __init__(self, owner: Any, key: str, struct: Any) -> None:
        self.owner = owner
        self.key = key
        self._struct = struct

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(self._struct._fields if self._struct else ())]

    def __getattr__(self, name: str) -> _Path:
        if not name.startswith("_") and (field := self._struct and self._struct._fields.get(name)):
            inner = field.struct() if isinstance(field, Nested) else None
            return _Path(self.owner, f"{self.key}.{field.key}", inner)
        raise AttributeError(f"{self!r} has no field {name!r}")


class Described(Attribute[T]):
    """The reading half of every field."""

    settable: ClassVar[bool] = False
    hint: ClassVar[Any] = None
    name: str = ""
    """The name on the class; empty until the class is made."""

    def __init__(self, key: str = "") -> None:
        self.key = key

    slot: str
    """The name of its member in the struct of a JSON that is split, see `undecoded`."""

    def __set_name__(self, owner: Any, name: str) -> None:
        if self.name:  # a row: each name gets a field of its own
            own = type(self)()
            vars(own)["__orig_class__"] = self.made_by()
            owner._declare(name, own)
            return
        self.owner = owner
        self.name = name
        self.key = self.key or name
        self.slot = slot_name(self.key)
        self.__doc__ = None

    def argument(self) -> Any:
        """The type between the brackets of the annotation."""
        return argument(self)

    def made_by(self) -> Any:
        """The type of a field that was made by it, ``Field[str]()``; None for a field that has an annotation."""
        return vars(self).get("__orig_class__")

    def holds_container(self) -> bool:
        """Whether the annotation names a list or a dict. No name in it is looked up, which could import a family."""
        if (made := self.made_by()) is not None:
            return any(word in str(made) for word in ("list[", "dict["))
        written = next(cls for cls in self.owner.__mro__ if self.name in vars(cls).get("__annotations__", {}))
        return any(word in str(written.__annotations__[self.name]) for word in ("list[", "dict["))

    @cached_property
    def nested(self) -> tuple[Any, bool]:
        """The class of the nested objects that the field holds (None: of none), and whether it holds a list of them."""
        return nested_in(self.argument())

    def read(self, value: Any, instance: Any) -> Any:
        """The Python value of the JSON *value* for *instance*."""
        # From now on the reader itself stands here: its type is found out once a class, not once an object.
        read = self.reader()
        vars(self)["read"] = read
        return read(value, instance)

    def reader(self) -> Reader:
        return reader(self.argument())

    def taken(self) -> Any:
        """The type of what can be assigned."""
        return argument(self)

    def _compared(self) -> Any:
        held = [each for each in arms(self.argument()) if each is not type(None)]
        if len(held) == 1 and get_origin(held[0]) is list:  # a list meets a condition when one of its items does
            return get_args(held[0])[0]
        return held[0] if len(held) == 1 else Any

    def id_of(self, value: Any) -> Any:
        """The ID for which the object *value* stands."""
        return to_api(value)

    def fetched(self, instance: Any, _owner: Any = None) -> Any:
        """The value of the field in *instance*; the field itself for None, as a descriptor's ``__get__`` returns it."""
        if instance is None:
            return self
        cache, key = instance._cache, self.key
        if key in cache:
            return cache[key]
        del cache  # an error shows the locals, and other fields may be secrets
        return instance._fetch(self)

    if not TYPE_CHECKING:  # each kind of field says what type it reads
        __get__ = fetched

    def refused(self, instance: Fields) -> NoReturn:
        if verb := verb_for(type(instance), self.name):
            raise AttributeError(f"{type(instance).__name__}.{self.name} is read-only; {verb}() changes it")
        settable = sorted(name for name, field in instance._fields.items() if field.settable)
        can = f"it can set: {', '.join(settable)}" if settable else "none of its fields can be set"
        raise AttributeError(f"{type(instance).__name__}.{self.name} is read-only; {can}")


class ReadOnlyField:
    """Nothing is one of these: it makes assigning to a read-only field an error for type checkers."""


class ReadOnly(Described[T]):
    """A field that the API reports and that nobody can set."""

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> Attribute[T]: ...
        @overload
        def __get__(self, instance: Fields, owner: Any) -> T: ...
        def __get__(self, instance: Fields | None, owner: Any) -> Attribute[T] | T: ...

    def __set__(self, instance: Fields, value: ReadOnlyField) -> None:
        self.refused(instance)


class Field(Described[T]):
    """A field that can be assigned and saved."""

    settable = True

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> Attribute[T]: ...
        @overload
        def __get__(self, instance: Fields, owner: Any) -> T: ...
        def __get__(self, instance: Fields | None, owner: Any) -> Attribute[T] | T: ...

    def __set__(self, instance: Fields, value: T) -> None:
        instance._assign(self, value)


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
        loaded._blocking(self).execute(loaded._loading())
        return self.fetched(loaded)

    def __set__(self, instance: Fields, value: ReadOnlyField) -> None:
        self.refused(instance)

    def struct(self) -> Any:
        """The class of the nested object."""
        return class_in(self.argument())

    def refused(self, instance: Fields) -> NoReturn:
        settable = [name for name, field in self.struct()._fields.items() if field.settable]
        if not settable:
            super().refused(instance)
        name = f"{type(instance).__name__}.{self.name}"
        raise AttributeError(f"{name} cannot be set as a whole; set its members: {', '.join(settable)}")

    @property
    def editable(self) -> bool:
        """Whether any field of the nested object can be set."""
        return any(
            field.settable or (isinstance(field, Nested) and field.editable) for field in self.struct()._fields.values()
        )
