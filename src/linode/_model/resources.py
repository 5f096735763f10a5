"""Resources: objects of the API that have a path. No method performs anything; verbs describe, clients perform."""

from __future__ import annotations

import functools
import threading
from collections import deque
from collections.abc import Mapping
from itertools import repeat
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, TypeVar

from linode._forking import reset_after_fork
from linode._secrets import hidden
from linode.errors import NotLoadedError, UnexpectedResponseError

from .calls import Call, Steps, Unique, _nothing, action
from .convert import decoder
from .fields import _NOTHING, _RENEWING, Described, Fields, Many, Nested, Struct
from .lists import ResourceList

__all__ = ["Entry", "Resource", "segment"]

T = TypeVar("T")
_LOCKS = [threading.RLock() for _ in range(64)]
_DECODING = [threading.Lock()]
_ABSENT: Any = object()
_BROKEN = (ValueError, RecursionError)
"""What decoding raises: msgspec's own errors are ValueErrors."""


def _fresh_locks() -> None:
    _LOCKS[:] = [threading.RLock() for _ in range(64)]
    _DECODING[:] = [threading.Lock()]


reset_after_fork(_fresh_locks)


def segment(value: Any) -> str:
    """*value* as one segment of a path, whatever characters it holds.

    Raises TypeError for what is no id, ValueError for what no path can hold as a segment (``""``, ``"."``, ``".."``).
    """
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise TypeError(f"an id is a number or a text, not {type(value).__name__}")
    if (text := str(value)) in ("", ".", ".."):
        raise ValueError(f"{text!r} cannot be an id")
    return text if text.isalnum() and text.isascii() else quote(text)


def quote(text: str) -> str:
    """*text* with every character escaped that a path segment cannot hold."""
    from urllib.parse import quote as escape

    return escape(text, safe="")


class Resource(Fields):
    """A thing with a URL.

    ``Linode(client, 123)`` costs no request; the first field that is read and has not come yet costs one. What belongs
    to another object takes the parents' ids behind its own, nearest first (a parent object will do):
    ``Disk(client, 5, 123)``.
    """

    __slots__ = ("__weakref__", "_bound", "_complete", "_id", "_parents", "_raw")

    path: ClassVar[str] = ""
    """The path behind the API's version; ``{names}`` are the parents' ids and, last, the id's key."""
    _scope: ClassVar[str | None] = None
    """The OAuth family of its operations, which a class declares as ``scope``; None: any token will do."""
    _public: ClassVar[bool] = False
    """Whether reading needs no token, which a class declares as ``public``."""
    beta: ClassVar[bool] = False
    savable: ClassVar[bool] = True
    deletable: ClassVar[bool] = True
    read_only: ClassVar[bool] = False
    unique: ClassVar[str | None] = None
    """The member that no two objects of an account share (``label``), where the API sees to that."""
    id_key: ClassVar[str | None] = None
    _parent_names: ClassVar[tuple[str, ...]] = ()
    """Names of the parents, nearest first."""

    _listed_whole: ClassVar[bool] = False
    """Whether what a list shows of it is all there is."""

    _bound: Any
    _complete: bool
    _id: Any
    _parents: tuple[Any, ...]
    _raw: Any
    """What came and is not decoded yet: all of it (`msgspec.Raw`), or its members, each for itself. None when `_data`
    holds it, and from then on: what changes `_data` has asked `_decoded` for it."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "path" in cls.__dict__:
            names = [each.partition("}")[0] for each in cls.path.split("{")[1:]]
            cls.id_key = names.pop() if cls.path.endswith("}") else None
            cls._parent_names = tuple(reversed(names))
        for name in ("scope", "public"):  # a field may have such a name
            if isinstance(value := cls.__dict__.get(name), (str, bool)):
                setattr(cls, f"_{name}", value)
        if cls.read_only:
            cls.savable = cls.deletable = False

    def __init__(self, client: Any = None, id: Any = None, *parents: Any) -> None:
        self._bound = client
        self._data = {}
        self._cache = _NOTHING
        self._raw = None
        self._complete = False
        self._id = id._identity() if isinstance(id, Resource) else id
        self._parents = self._checked_parents(parents)
        if (self.id_key is None) != (id is None):
            takes = "has no id" if self.id_key is None else "needs an id"
            raise TypeError(f"{type(self).__name__} {takes}: {self._usage()}")
        if self.id_key is not None:
            segment(self._id)

    @classmethod
    def _parent_classes(cls) -> list[type[Resource]]:
        """The classes of the parents, nearest first."""
        return [getattr(cls, name).target for name in cls._parent_names]

    @classmethod
    def _usage(cls) -> str:
        names = ["client", *([cls.id_key] if cls.id_key else []), *cls._parent_names]
        return f"{cls.__name__}({', '.join(names)})"

    def _checked_parents(self, parents: tuple[Any, ...]) -> tuple[Any, ...]:
        names = self._parent_names
        found = list(parents[: len(names)])
        if parents and len(parents) <= len(names) and isinstance(found[-1], Resource):
            found += found[-1]._parents[: len(names) - len(found)]
        if len(found) != len(names) or len(parents) > len(names):
            raise TypeError(f"{type(self).__name__} takes {len(names)} parent ids: {self._usage()}")
        for name, parent in zip(names, found, strict=True):
            if not isinstance(parent, Resource):
                segment(parent)
            elif not isinstance(parent, expected := getattr(type(self), name).target):
                raise TypeError(f"the {name} of a {type(self).__name__} is a {expected.__name__}, not {parent!r}")
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
            return cls._new(client, None, parents, _NOTHING, data)
        if not isinstance(data, dict):
            raise UnexpectedResponseError(f"the API sent {type(data).__name__} for a {cls.__name__}")
        if cls.id_key is not None and data.get(cls.id_key) is None:
            raise UnexpectedResponseError(f"the API sent a {cls.__name__} without its {cls.id_key!r}")
        return cls._new(client, None, parents, dict(data))

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
        _set_bound(made, client)
        _set_cache(made, _NOTHING)
        _set_complete(made, cls._listed_whole)
        _set_data(made, data)
        _set_id(made, identity)
        _set_parents(made, parents)
        _set_raw(made, raw)
        return made

    @classmethod
    def _each(cls, client: Any, parents: tuple[Any, ...], raws: list[Any]) -> list[Self]:
        """What `_new` makes, of each of *raws*: a page of hundreds, in loops that run in C."""
        made = list(map(object.__new__, repeat(cls, len(raws))))
        for put, values in (
            (_set_bound, repeat(client)),
            (_set_cache, repeat(_NOTHING)),
            (_set_complete, repeat(cls._listed_whole)),
            (_set_data, repeat(_NOTHING)),
            (_set_id, repeat(None)),
            (_set_parents, repeat(parents)),
            (_set_raw, raws),
        ):
            deque(map(put, made, values), maxlen=0)
        return made

    @classmethod
    def _unique_in(cls, body: Any) -> Unique | None:
        """The member of *body*, a new object's, that will be no other object's."""
        value = body.get(cls.unique) if isinstance(body, dict) and cls.unique in cls.filterable else None
        if value is None:
            return None
        return Unique(cls.path.rpartition("/")[0], str(cls.unique), value)

    @classmethod
    def _at(cls, client: Any, identity: Any) -> Self:
        """The object of that id, which the API has sent: not loaded."""
        identity = cls._sent_id(identity)
        return cls(client, identity) if cls._parent_names else cls._new(client, identity, (), {})

    # -- identity ------------------------------------------------------------------------------------------------

    @property
    def _client(self) -> Any:
        return self._bound

    def _decoded(self) -> dict[str, Any]:
        """The JSON, decoded at the first call."""
        if (raw := self._raw) is not None:
            if type(raw) is dict:
                data = {key: self._understood(each, Any) for key, each in raw.items()}
            else:
                data = self._understood(raw, dict)
            with _DECODING[0]:
                if self._raw is not None:
                    _set_data(self, data)
                    _set_raw(self, None)
        return self._data

    def _member(self, key: str) -> Any:
        """The JSON under *key*, `_ABSENT` when there is none. Nothing else is decoded for it."""
        raw = self._raw
        if raw is None:
            return self._data.get(key, _ABSENT)
        if type(raw) is not dict:
            raw = self._split(raw)
        if key not in raw:
            return _ABSENT
        try:
            return decoder(Any)(raw[key])
        except _BROKEN as error:
            raise self._unexpected(error) from error

    def _split(self, raw: Any) -> dict[str, Any]:
        """The members of *raw*, none of them decoded."""
        members: dict[str, Any] = self._understood(raw, _members())
        with _DECODING[0]:
            if self._raw is raw:
                _set_raw(self, members)
        return members

    def _understood(self, raw: Any, kind: Any) -> Any:
        try:
            return decoder(kind)(raw)
        except _BROKEN as error:
            raise self._unexpected(error) from error

    def _unexpected(self, error: Exception) -> UnexpectedResponseError:
        return UnexpectedResponseError(f"the API sent broken JSON for a {type(self).__name__}: {error}")

    def _identity(self) -> Any:
        """The id, as it was given or came."""
        if self._id is None and self.id_key is not None:
            _set_id(self, self._sent_id(self._member(self.id_key)))
        return self._id

    @classmethod
    def _sent_id(cls, found: Any) -> Any:
        """The id *found* in an answer. Raises `UnexpectedResponseError` for what can be none."""
        if found is _ABSENT or found is None:
            raise UnexpectedResponseError(f"the API sent a {cls.__name__} without its {cls.id_key!r}")
        try:
            segment(found)
        except (TypeError, ValueError) as error:
            raise UnexpectedResponseError(f"the API sent an odd id for a {cls.__name__}: {error}") from error
        return found

    def _as_api(self) -> Any:
        return self._identity()

    def _parent(self, name: str) -> Any:
        at = self._parent_names.index(name)
        parent = self._parents[at]
        if isinstance(parent, Resource):
            return parent
        return getattr(type(self), name).target(self._bound, parent, *self._parents[at + 1 :])

    @property
    def url(self) -> str:
        """The path behind the API's version, every id quoted as one segment."""
        names: dict[str, str] = {}
        for name, parent in zip(self._parent_names, self._parents, strict=True):
            names[name] = segment(parent._identity() if isinstance(parent, Resource) else parent)
        if self.id_key is not None:
            names[self.id_key] = segment(self._identity())
        return self.path.format_map(names)

    def __eq__(self, other: object) -> bool:
        return self is other or (type(other) is type(self) and other.url == self.url)

    def __hash__(self) -> int:
        return hash((type(self), self.url))

    def __repr__(self) -> str:
        shown = [] if self.id_key is None else [f"{self._identity()!r}"]
        data = self._decoded()
        shown += [f"{key}={data[key]!r}" for key in ("label", "status") if key in data and key != self.id_key]
        return f"{type(self).__name__}({', '.join(shown)})"

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
        parents = tuple(each._identity() if isinstance(each, Resource) else each for each in self._parents)
        identity = None if self.id_key is None else self._identity()
        return type(self), identity, parents, dict(self._decoded()), self._complete, self._changes()

    # -- reading and writing -------------------------------------------------------------------------------------

    @property
    def raw(self) -> dict[str, Any]:
        """The JSON as the API sent it, with all that the library has no field for; empty when nothing came yet."""
        return self._decoded()

    def _lock(self) -> threading.RLock:
        """Is held where this object is loaded, or what is loaded of it changes."""
        return _LOCKS[hash(self.url) % len(_LOCKS)]

    def _fetch(self, field: Described[Any]) -> Any:
        key, keep = field.key, self._keeper()
        if key == self.id_key:
            return self._keep(field, keep, _plain_id(self._identity(), field))
        if (value := self._member(key)) is not _ABSENT:
            return self._keep(field, keep, value)
        with self._lock():
            if not self._complete and self._member(key) is _ABSENT:
                self._load_now(field)
            keep, value = self._keeper(), self._member(key)
            return self._keep(field, keep, None if value is _ABSENT else value)

    def _load_now(self, field: Described[Any]) -> None:
        what = f"{type(self).__name__}.{getattr(field, 'name', field.key)}"
        if self._bound is None:
            raise NotLoadedError(f"{what} is not loaded and the object has no client; bind it: client.bind(obj)")
        if self._bound.awaited:
            raise NotLoadedError(f"{what} is not loaded; load the object first: await obj (or await obj.load())")
        self._bound.execute(self._loading())

    def _absorb(self, data: Any, *, complete: bool = False) -> Self:
        """Take *data* as what the API now says of this object; unsaved changes stay."""
        if not isinstance(data, dict):
            raise UnexpectedResponseError(f"the API sent {type(data).__name__} for a {type(self).__name__}")
        if self.id_key is not None:
            self._identity()
        with self._lock():
            before = self._decoded()
            self._renew(dict(data) if complete else {**before, **data})
            _set_complete(self, complete or self._complete)
        return self

    def _accepted(self, sent: Mapping[str, Any], data: Any) -> None:
        """The API took the changes *sent* and answered *data*; what was changed while they were on their way stays."""
        if isinstance(data, dict):
            self._take(sent)
        self._absorb(data)

    def _expire(self, names: tuple[str, ...]) -> None:
        """Count the fields *names* as not loaded; unsaved changes stay."""
        with self._lock(), _RENEWING[0]:
            changes = self._changes()
            self._decoded()
            for name in names:
                key = self._fields[name].key if name in self._fields else name
                self._complete = False
                self._data.pop(key, None)
                if key in changes and isinstance(kept := self._cache[key], Struct):
                    kept._outdated = True
                elif key not in changes and self._cache is not _NOTHING:
                    self._cache.pop(key, None)

    def _expire_lists(self) -> None:
        """Let the lists of what belongs to this object be read again when they are next used."""
        with self._lock(), _RENEWING[0]:
            for key in [each for each in self._cache if each.startswith("/")]:
                del self._cache[key]

    def invalidate(self) -> None:
        """Expire all attributes except the identifiers, unsaved changes too, so that they will be fetched again."""
        if self.id_key is not None:
            self._identity()
        with self._lock(), _RENEWING[0]:
            self._decoded()
            self._complete = False
            self._data = {}
            self._cache = {}

    def _loading(self) -> Call[Self]:
        """Fetch this object, whatever of it is there already; unsaved changes stay. Returns it."""
        return Call("GET", self.url, beta=self.beta, read=lambda data: self._absorb(data, complete=True))

    if TYPE_CHECKING:  # `Self` does not come through a descriptor

        def load(self) -> Self:
            """Fetch this object, whatever of it is there already; unsaved changes stay. Returns it."""
            ...
    else:
        load = action(_loading)

    @action
    def save(self) -> Steps[None]:
        """Send what changed, and nothing when nothing did.

        Raises `InvalidRequestError` when the API refuses it; the changes are kept then.
        """
        if not self.savable:
            raise TypeError(f"the API has no way to change a {type(self).__name__}")
        if changes := self._changes():
            yield from Call("PUT", self.url, changes, beta=self.beta, read=lambda data: self._accepted(changes, data))

    @action
    def delete(self) -> Call[None]:
        """Delete this object. Use with caution."""
        if not self.deletable:
            raise TypeError(f"the API has no way to delete a {type(self).__name__}")
        return Call("DELETE", self.url, shape=None, beta=self.beta, read=_nothing)

    def _execute(self, flow: Any) -> Any:
        if self._bound is None:
            raise NotLoadedError(f"{self!r} has no client; bind it: client.bind(obj)")
        return self._bound.execute(flow)

    if not TYPE_CHECKING:  # only aio.pyi shows it: otherwise every sync result that is not used would be an error

        def __await__(self):  # noqa: ANN204
            return self._execute(self._loading()).__await__()

    def _many(self, many: Many[Any]) -> ResourceList[Any]:
        """The list *many* of this object: the same one until this client writes something or it is invalidated."""
        key, now = f"/{many.tail}", self._bound._writes if self._bound is not None else 0
        kept = self._cache.get(key)
        if kept is None or kept[0] != now:
            kept = (now, ResourceList(self, many.target, many.path(self.url), beta=many.beta or self.beta))
            self._put(key, kept)
        return kept[1]

    # -- for declarations ----------------------------------------------------------------------------------------

    def post(self, tail: str, body: Any = None, *, outdated: tuple[str, ...] = (), method: str = "POST") -> Call[None]:
        """A call to this object's path and *tail* that answers nothing; the fields *outdated* then need loading."""
        return Call(
            method, f"{self.url}/{tail}", body, shape=None, beta=self.beta, read=lambda _data: self._expire(outdated)
        )

    def updated_by(self, method: str, tail: str, body: Any = None) -> Call[Self]:
        """A call to this object's path and *tail* whose answer is this object as it is now."""
        return Call(method, f"{self.url}/{tail}".rstrip("/"), body, beta=self.beta, read=self._absorb)

    def made(self, cls: type[T], method: str, tail: str, body: Any = None) -> Call[T]:
        """A call to this object's path and *tail* whose answer is a new object of *cls*."""
        kind: Any = cls
        parents = self._as_parents(kind)

        def read(data: Any) -> T:
            return kind._of(self._bound, data, parents)  # type: ignore[no-any-return]

        unique = kind._unique_in(body) if hasattr(kind, "_unique_in") else None
        return Call(method, f"{self.url}/{tail}".rstrip("/"), body, beta=self.beta, read=read, unique=unique)

    def _as_parents(self, cls: Any) -> tuple[Any, ...]:
        """Parents for a child or sibling *cls*: (self, *parents) or parents, whichever are of the classes declared.

        Raises TypeError when neither are.
        """
        above = (self, *self._parents)
        return above[_first_parent(type(self), cls) :] if cls._parent_names else ()

    def value(self, tail: str, kind: Any, *, query: Mapping[str, Any] | None = None) -> Call[Any]:
        """A call that gets a value of *kind* from this object's path and *tail*."""
        from .convert import reader

        return Call(
            "GET",
            f"{self.url}/{tail}".rstrip("/"),
            query=query,
            shape=Any,
            beta=self.beta,
            read=lambda data: reader(kind)(data, self),
        )


class Entry(Resource):
    """An entry of a list that has no address of its own: complete as it came, equal to what says the same."""

    read_only = True
    _listed_whole = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and type(other) is type(self) and other.raw == self.raw

    def __hash__(self) -> int:
        return hash((type(self), repr(self.raw)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{key}={value!r}' for key, value in hidden(self.raw).items())})"

    def load(self) -> NoReturn:
        """Refuse: there is nowhere to fetch it from. Raises TypeError."""
        raise TypeError(f"a {type(self).__name__} has no address of its own; list them again")


def _parents_in(owner: Any, cls: Any) -> tuple[Any, ...]:
    """The parents of a *cls* that stands in the answer of *owner*, or in a nested object of it."""
    while isinstance(owner, Struct):
        owner = owner._holder
    return owner._as_parents(cls) if isinstance(owner, Resource) else ()


@functools.cache
def _first_parent(owner: type[Resource], cls: type[Resource]) -> int:
    """Where in an *owner* and its parents, nearest first, the parents of a *cls* begin. Raises TypeError."""
    above = [owner, *owner._parent_classes()]
    wanted = cls._parent_classes()
    for at in (0, 1):
        if len(above) - at == len(wanted) and all(map(issubclass, above[at:], wanted)):
            return at
    belongs = " and a ".join(each.__name__ for each in wanted)
    raise TypeError(f"a {cls.__name__} belongs to a {belongs}, and cannot be found below a {owner.__name__}")


@functools.cache
def _members() -> Any:
    import msgspec

    return dict[str, msgspec.Raw]


def _plain_id(value: Any, field: Described[Any]) -> Any:
    """A number that was given as a text is that number, where ids are numbers."""
    if isinstance(value, str) and value.isdecimal() and field.argument() is int:
        return int(value)
    return value


def _restored(
    cls: type[Resource],
    id: Any,
    parents: tuple[Any, ...],
    data: dict[str, Any],
    complete: bool,
    changes: dict[str, Any],
) -> Resource:
    made = cls._new(None, id, parents, data)
    made._complete = complete
    _reapply(made, changes)
    return made


def _reapply(target: Fields, changes: Mapping[str, Any]) -> None:
    """Set on *target* what `_changes` told of another."""
    for field in target._fields.values():
        if field.key not in changes:
            continue
        if isinstance(field, Nested):
            _reapply(getattr(target, field.name), changes[field.key])
        elif field.settable:
            target._put(field.key, field.read(changes[field.key], target))


def _setter(name: str) -> Any:
    return vars(Resource)[name].__set__ if name in vars(Resource) else vars(Fields)[name].__set__


# The slots' own setters: a page of objects is made without a Python-level __setattr__ for each value.
_set_bound, _set_cache, _set_complete, _set_data, _set_id, _set_parents, _set_raw = (
    _setter(name) for name in ("_bound", "_cache", "_complete", "_data", "_id", "_parents", "_raw")
)
