"""Relations: fields that lead to other objects, and lists of what belongs to one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from linode.errors import UnexpectedResponseError

from .arguments import refuse_other_objects
from .attributes import Attribute
from .convert import PLAIN, Reader, argument, arguments, class_in, to_api
from .fields import Described, ReadOnlyField
from .reference_links import with_links
from .wording import article

if TYPE_CHECKING:
    from .lists import ResourceList
    from .objects import Fields
    from .resources import Resource

__all__ = ["IDField", "IDsField", "Many", "Parent", "Ref", "RefField", "Related"]

R = TypeVar("R", bound="Fields | None")
M = TypeVar("M", bound="Resource")
I = TypeVar("I", int, str)  # noqa: E741


class Related(Attribute[Any]):
    """The run-time half of relations: the JSON holds an id, the field is the object."""

    def reader(self) -> Reader:
        field: Any = self
        target = class_in(field.argument())

        def read_related(value: Any, instance: Any) -> Any:
            if value is None or value == "":
                return None
            client = instance._client
            if isinstance(value, (str, int)):
                return client._known[target, value] if shared and client is not None else target._at(client, value)
            if isinstance(value, dict):
                return target._of(client, value)
            raise UnexpectedResponseError(
                f"the API sent a {type(value).__name__} as the id of {article(target.__name__)}"
            )

        # Read-only objects (a region, a type) are shared by all that refer to them, so each is loaded once.
        shared = target.read_only
        return read_related

    def _compared(self) -> Any:
        target = class_in(argument(self))
        return target | int if hasattr(target, "_identity") else Any


class Ref(Related, Described["R | int | str"], Generic[R]):
    """A related object: the API sends its id, `linode.region` is the object, not loaded until something is read."""

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> Attribute[R | int | str]: ...
        @overload
        def __get__(self, instance: Fields, owner: Any) -> R: ...
        def __get__(self, instance: Fields | None, owner: Any) -> Any: ...

    def __set__(self, instance: Fields, value: ReadOnlyField) -> None:
        self.refused(instance)


class RefField(Related, Described["R | int | str"], Generic[R]):
    """A related object that can be set to another, or to another's id."""

    settable = True

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> Attribute[R | int | str]: ...
        @overload
        def __get__(self, instance: Fields, owner: Any) -> R: ...
        def __get__(self, instance: Fields | None, owner: Any) -> Any: ...

    def taken(self) -> Any:
        """The type of what can be assigned: an object, or an ID."""
        return argument(self) | int

    def __set__(self, instance: Fields, value: R | int | str) -> None:
        if type(value) not in PLAIN:
            refuse_other_objects(f"{self.owner.__name__}.{self.name}", value, self.taken())
        instance._store(self.key, self.read(to_api(value), instance))


class IDField(Described[int], Generic[R]):
    """The ID of another object, which can be set to that object or to its ID; reading returns the ID."""

    settable = True

    @overload
    def __get__(self, instance: None, owner: Any) -> Attribute[int]: ...
    @overload
    def __get__(self: IDField[M | None], instance: Fields, owner: Any) -> int | None: ...
    @overload
    def __get__(self, instance: Fields, owner: Any) -> int: ...
    def __get__(self, instance: Fields | None, owner: Any) -> Any:
        return self.fetched(instance)

    def __set__(self, instance: Fields, value: R | int) -> None:
        instance._assign(self, value)

    def argument(self) -> Any:
        """The type of the ID."""
        hint = argument(self)
        return int if class_in(hint) is hint else int | None

    def taken(self) -> Any:
        """The type of what can be assigned: an object, or an ID."""
        return argument(self) | int


class IDsField(Described["list[I]"], Generic[R, I]):
    """The IDs (of the type I) of other objects, which can be set to those objects; reading returns the IDs."""

    settable = True

    @overload
    def __get__(self, instance: None, owner: Any) -> Attribute[list[I]]: ...
    @overload
    def __get__(self: IDsField[M | None, I], instance: Fields, owner: Any) -> list[I] | None: ...
    @overload
    def __get__(self, instance: Fields, owner: Any) -> list[I]: ...
    def __get__(self, instance: Fields | None, owner: Any) -> Any:
        return self.fetched(instance)

    def __set__(self, instance: Fields, value: Sequence[R | I]) -> None:
        instance._assign(self, value)

    def argument(self) -> Any:
        """The type of the list of IDs."""
        cls, ids = arguments(self)
        listed: Any = list.__class_getitem__(ids)
        return listed if class_in(cls) is cls else listed | None

    def taken(self) -> Any:
        """The type of what can be assigned: a list of objects and IDs."""
        cls, ids = arguments(self)
        return list.__class_getitem__(class_in(cls) | ids)

    def id_of(self, value: Any) -> Any:
        """The ID of the object *value*, of the type of the IDs."""
        return arguments(self)[1](to_api(value))


class Parent(Generic[M]):
    """The object that this one belongs to; its id stands in the path, and where *key* says so in the object itself."""

    def __init__(self, key: str = "") -> None:
        self.key = key

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner = owner
        self.name = name
        self.key = self.key or name

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
        return argument(self)


class Many(Generic[M]):
    """The lazy list of what belongs to an object or a client: `linode.disks`, `client.get_linodes`.

    ``tail`` is what follows the owner's path (its name, unless given), ``"."`` for the owner's path itself, or a whole
    path that starts with a slash, in which ``{}`` stands for the ID of the owner.
    """

    def __init__(self, tail: str = "", *, beta: bool = False) -> None:
        self.tail = tail
        self.beta = beta

    def __set_name__(self, owner: type, name: str) -> None:
        if not hasattr(self, "name"):  # a second name for the same list (get_zones = get_domains) is no new one
            self.owner = owner
            self.name = name
            self.tail = self.tail or name
            self.__doc__ = with_links("List of objects.", f"{owner.__name__}.{name}")

    @overload
    def __get__(self, instance: None, owner: Any) -> Many[M]: ...
    @overload
    def __get__(self, instance: object, owner: Any) -> ResourceList[M]: ...
    def __get__(self, instance: Any, owner: Any) -> Any:
        return self if instance is None else instance._many(self)

    def __set__(self, instance: object, value: ReadOnlyField) -> None:
        raise AttributeError(f"{self.owner.__name__}.{self.name} cannot be set: create or delete its objects")

    @cached_property
    def target(self) -> Any:
        """The class of what is in the list, found when it is first asked for: it may be declared later."""
        return argument(self)

    def path(self, url: str) -> str:
        """The path of the list of the owner at *url*."""
        if self.tail == ".":
            return url
        if self.tail.startswith("/"):
            return self.tail.replace("{}", url.rpartition("/")[2])
        return f"{url}/{self.tail}"
