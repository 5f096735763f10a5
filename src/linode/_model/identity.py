"""The identity of a resource: its class, its id and its parents, which make its URL."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from linode.errors import UnexpectedResponseError

from .calls import Unique
from .fields import Nested
from .objects import NOTHING, Fields, Struct, set_cache, set_data
from .options import misspelt
from .paths import segment
from .undecoded import ABSENT, Undecoded, set_members, set_raw
from .wording import article

if TYPE_CHECKING:
    from .base_client import BaseClient

__all__ = ["Identified", "fill"]


class Identified(Undecoded):
    """An object with a path, made of its class, its id and its parents."""

    __slots__ = ("__weakref__", "_bound", "_complete", "_id", "_parents")

    path: ClassVar[str]
    id_key: ClassVar[str | None]
    unique: ClassVar[str | None]
    _parent_names: ClassVar[tuple[str, ...]] = ()
    """Names of the parents, nearest first."""
    _listed_whole: ClassVar[bool] = False
    """Whether a list shows all members of it."""

    _bound: Any
    """The client; None for an object that was pickled, or made without one."""
    _complete: bool
    """Whether the API has no more members of it than came."""
    _id: Any
    """The id, as it was given or came; None while it stands in undecoded JSON alone."""
    _parents: tuple[Any, ...]
    """The parents, nearest first: objects, or ids."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "url" in cls._fields:
            raise TypeError(f"{cls.__name__}.url is the path of the object: give the field another name")
        if "path" in cls.__dict__:
            names = [each.partition("}")[0] for each in cls.path.split("{")[1:]]
            cls.id_key = names.pop() if cls.path.endswith("}") else None
            cls._parent_names = tuple(reversed(names))
        keys = {*(field.key for field in cls._fields.values()), *cls._parent_names}
        if unknown := {key for key in (*cls.filterable, *cls.client_side) if key.partition(".")[0] not in keys}:
            raise misspelt(cls.__name__, min(unknown), keys, "field to filter by")

    def __init__(
        self,
        client: BaseClient | None = None,
        id: int | str | Self | None = None,
        *parents: Identified | int | str,
    ) -> None:
        if (self.id_key is None) != (id is None):
            takes = "has no id" if self.id_key is None else "needs an id"
            raise TypeError(f"{type(self).__name__} {takes}: {self._usage()}")
        identity = id._identity() if isinstance(id, Identified) else id
        if self.id_key is not None:
            segment(identity)
        fill(self, client, identity, self._checked_parents(parents), {}, None)
        set_complete(self, False)

    @classmethod
    def _parent_classes(cls) -> list[type[Identified]]:
        """The classes of the parents, nearest first."""
        return [getattr(cls, name).target for name in cls._parent_names]

    @classmethod
    def _usage(cls) -> str:
        names = ["client", *([cls.id_key] if cls.id_key else []), *cls._parent_names]
        return f"{cls.__name__}({', '.join(names)})"

    def _checked_parents(self, parents: tuple[Any, ...]) -> tuple[Any, ...]:
        names = self._parent_names
        found = list(parents[: len(names)])
        if parents and len(parents) <= len(names) and isinstance(found[-1], Identified):
            found += found[-1]._parents[: len(names) - len(found)]
        if len(found) != len(names) or len(parents) > len(names):
            raise TypeError(f"{type(self).__name__} needs the ID of its {' and '.join(names)}: {self._usage()}")
        for name, parent in zip(names, found, strict=True):
            if not isinstance(parent, Identified):
                segment(parent)
            elif not isinstance(parent, expected := getattr(type(self), name).target):
                wanted = article(expected.__name__)
                raise TypeError(f"the {name} of {article(type(self).__name__)} is {wanted}, not {parent!r}")
        return tuple(found)

    @classmethod
    def _of(cls, client: Any, data: Any, parents: tuple[Any, ...] = ()) -> Self:
        """The object that *data* describes: JSON still undecoded (`msgspec.Raw`), or decoded already.

        *client* may be the object that *data* stands in, which then tells the parents too.
        """
        if cls._parent_names and not parents:
            parents = _parents_in(client, cls)
        client = getattr(client, "_client", client)
        if type(data).__name__ == "Raw":  # msgspec's, which is not imported before the first answer
            return cls._listed(client, parents, data)
        if not isinstance(data, dict):
            raise UnexpectedResponseError(f"the API sent {type(data).__name__} for {article(cls.__name__)}")
        if cls.id_key is not None and data.get(cls.id_key) is None:
            raise UnexpectedResponseError(f"the API sent {article(cls.__name__)} without its {cls.id_key!r}")
        return cls._new(client, None, parents or cls._sent_parents(data.get), dict(data))

    @classmethod
    def _listed(cls, client: Any, parents: tuple[Any, ...], raw: Any) -> Self:
        """The object of *raw*, undecoded JSON; unknown parents are read from it."""
        made = cls._new(client, None, parents, NOTHING, raw)
        if cls._parent_names and not parents:
            set_parents(made, cls._sent_parents(made._member))
        return made

    @classmethod
    def _sent_parents(cls, member: Callable[[str], Any]) -> tuple[Any, ...]:
        """IDs of the parents, read from the members of the object itself: ``region``, or ``space_id``."""
        found = []
        for name in cls._parent_names:
            key = getattr(cls, name).key
            value = member(key)
            found.append(cls._sent_id(member(f"{key}_id") if value is ABSENT or value is None else value, key))
        return tuple(found)

    @classmethod
    def _new(
        cls,
        client: Any,
        identity: Any,
        parents: tuple[Any, ...],
        data: dict[str, Any],
        raw: Any = None,
    ) -> Self:
        """The object of these parts, which are not checked."""
        made = object.__new__(cls)
        fill(made, client, identity, parents, data, raw)
        return made

    @classmethod
    def _unique_in(cls, body: Any, parents: tuple[Any, ...]) -> Unique | None:
        """The member of *body*, a new object's, that will be no other object's."""
        if cls.unique is None or cls._filtered_by(cls.unique) != "api" or not isinstance(body, dict):
            return None
        value = body.get(cls.unique)
        if value is None:
            return None
        path = cls.path.rpartition("/")[0]
        return Unique(path.format_map(cls._names_of(parents)), cls.unique, value)

    @classmethod
    def _names_of(cls, parents: tuple[Any, ...]) -> dict[str, str]:
        """The IDs of *parents*, nearest first, as segments of a path, by the names that the path has for them."""
        names = zip(cls._parent_names, parents, strict=True)
        return {name: segment(each._identity() if isinstance(each, Identified) else each) for name, each in names}

    @classmethod
    def _at(cls, client: Any, identity: Any) -> Self:
        """The object of that id, which the API has sent: not loaded."""
        identity = cls._sent_id(identity)
        return cls(client, identity) if cls._parent_names else cls._new(client, identity, (), {})

    def _identity(self) -> Any:
        """The id, as it was given or came."""
        if self._id is None and self.id_key is not None:
            set_id(self, self._sent_id(self._member(self.id_key)))
        return self._id

    @classmethod
    def _sent_id(cls, found: Any, key: str | None = None) -> Any:
        """The id *found* in a response, at *key* if given. Raises `UnexpectedResponseError` for what can be none."""
        if type(found) is int:
            return found
        if found is ABSENT or found is None:
            raise UnexpectedResponseError(f"the API sent {article(cls.__name__)} without its {key or cls.id_key!r}")
        try:
            segment(found)
        except (TypeError, ValueError) as error:
            raise UnexpectedResponseError(f"the API sent an invalid id for {article(cls.__name__)}: {error}") from error
        return found

    def _as_api(self) -> Any:
        return self._identity()

    def _parent(self, name: str) -> Any:
        at = self._parent_names.index(name)
        parent = self._parents[at]
        if isinstance(parent, Identified):
            return parent
        return getattr(type(self), name).target(self._bound, parent, *self._parents[at + 1 :])

    def __copy__(self) -> Self:
        return self.__deepcopy__({})

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        made: Any = _restored(*self._frozen())
        made._bound = self._bound
        return made  # type: ignore[no-any-return]

    def __reduce__(self) -> Any:
        return _restored, self._frozen()

    def _frozen(self) -> tuple[Any, ...]:
        """All of the object but its client, as plain values."""
        parents = tuple(each._identity() if isinstance(each, Identified) else each for each in self._parents)
        identity = None if self.id_key is None else self._identity()
        return type(self), identity, parents, dict(self._decoded()), self._complete, self._changes()

    def _as_parents(self, cls: Any) -> tuple[Any, ...]:
        """Parents for a child or sibling *cls*: (self, *parents) or parents, whichever are of the classes declared.

        Raises TypeError when neither are.
        """
        above = (self, *self._parents)
        return above[_first_parent(type(self), cls) :] if getattr(cls, "_parent_names", ()) else ()


def fill(made: Any, client: Any, identity: Any, parents: tuple[Any, ...], data: dict[str, Any], raw: Any) -> Any:
    """Set the slots of *made*, an object that `Identified._new` describes, and return it.

    The slots' own setters are used: no Python-level ``__setattr__`` runs for each value.
    """
    set_bound(made, client)
    set_cache(made, NOTHING)
    set_complete(made, made._listed_whole)
    set_data(made, data)
    set_id(made, identity)
    set_parents(made, parents)
    set_members(made, None)
    set_raw(made, raw)
    return made


set_bound, set_complete, set_id, set_parents = (
    vars(Identified)[name].__set__ for name in ("_bound", "_complete", "_id", "_parents")
)


def _parents_in(owner: Any, cls: Any) -> tuple[Any, ...]:
    """The parents of a *cls* that stands in the response of *owner*, or in a nested object of it."""
    while isinstance(owner, Struct):
        owner = owner._holder
    return () if owner is None else owner._as_parents(cls)


@functools.cache
def _first_parent(owner: type[Identified], cls: type[Identified]) -> int:
    """Index of the first parent of a *cls* in an *owner* and its parents, nearest first. Raises TypeError."""
    above = [owner, *owner._parent_classes()]
    wanted = cls._parent_classes()
    for at in (0, 1):
        if len(above) - at == len(wanted) and all(map(issubclass, above[at:], wanted)):
            return at
    belongs = " and a ".join(each.__name__ for each in wanted)
    raise TypeError(
        f"{article(cls.__name__)} belongs to {article(belongs)}, and cannot be found below {article(owner.__name__)}"
    )


def _restored(
    cls: type[Identified],
    id: Any,
    parents: tuple[Any, ...],
    data: dict[str, Any],
    complete: bool,
    changes: dict[str, Any],
) -> Identified:
    made = cls._new(None, id, parents, data)
    made._complete = complete
    _reapply(made, changes)
    return made


def _reapply(target: Fields, changes: Mapping[str, Any]) -> None:
    """Set on *target* the `_changes` of another."""
    for field in target._fields.values():
        if field.key not in changes:
            continue
        if isinstance(field, Nested):
            _reapply(getattr(target, field.name), changes[field.key])
        elif field.settable:
            target._store(field.key, field.read(changes[field.key], target))
