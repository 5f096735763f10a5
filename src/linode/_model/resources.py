"""Resources: objects of the API that have a path. No method performs anything; verbs describe, clients perform."""

from __future__ import annotations

import contextlib
import functools
import threading
import warnings
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, TypeVar

from linode._forking import reset_after_fork
from linode._secrets import redacted
from linode.errors import NotLoadedError, UnexpectedResponseError

from .actions import action
from .call_builders import create_call, get_call
from .calls import Call, NotSent, Steps, ignore_response
from .fields import Described, verb_for
from .identity import Identified, set_complete, set_id
from .lists import ResourceList
from .objects import NOTHING, VALUES, Struct
from .pages import Page
from .paths import segment
from .reference_links import with_links
from .relations import Many
from .undecoded import ABSENT, PLAIN
from .wording import article

__all__ = ["Entry", "Resource"]

T = TypeVar("T")
UNLABELLED = ("domain", "action", "type", "name", "status")
"""Members that the repr of an object without a label shows."""
_LOCKS = [threading.RLock() for _ in range(64)]


def _fresh_locks() -> None:
    _LOCKS[:] = [threading.RLock() for _ in range(64)]


reset_after_fork(_fresh_locks)


class Resource(Identified):
    """An object of the API with a path of its own.

    ``Linode(client, 123)`` costs no request; the first field that is read and has not come yet costs one. With
    `linode.aio`, ``await linode`` loads the object, and its fields can be read then. What belongs to another object
    takes the parents' ids behind its own, nearest first (a parent object will do): ``Disk(client, 5, 123)``.
    """

    path: ClassVar[str] = ""
    """The path behind the API's version; ``{names}`` are the parents' ids and, last, the id's key."""
    _scope: ClassVar[str | None] = None
    """The OAuth family of its operations, which a class declares as ``scope``; None: any token will do."""
    _public: ClassVar[bool] = False
    """Whether reading needs no token, which a class declares as ``public``."""
    beta: ClassVar[bool] = False
    savable: ClassVar[bool] = True
    listed_as: ClassVar[str] = "data"
    """The member of a list's response under which the objects stand."""
    deletable: ClassVar[bool] = True
    loadable: ClassVar[bool] = True
    """Whether a GET of its path reads it: a list may be there instead."""
    listed: ClassVar[bool] = True
    """Whether a GET of the path above its ID lists it with the others."""
    read_only: ClassVar[bool] = False
    unique: ClassVar[str | None] = None
    """The member that no two objects of an account share (``label``), where the API sees to that."""
    id_key: ClassVar[str | None] = None
    """The member that holds the id; None for what has no id."""
    shown: ClassVar[tuple[str, ...]] = ()
    """Members that a table of such objects shows in a notebook; (): the choice of `display.columns`."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for name in ("scope", "public"):  # a field may have such a name
            if isinstance(value := cls.__dict__.get(name), (str, bool)):
                setattr(cls, f"_{name}", value)
        cls.__doc__ = with_links(cls.__doc__, cls.__name__)
        if not cls.loadable:
            cls._listed_whole = True
        if cls.read_only:
            cls.savable = cls.deletable = False

    @property
    def _client(self) -> Any:
        return self._bound

    @property
    def url(self) -> str:
        """The path behind the API's version, every id quoted as one segment."""
        names = self._names_of(self._parents)
        if self.id_key is not None:
            names[self.id_key] = segment(self._identity())
        return self.path.format_map(names)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str | int):
            self._warn_of_id(other)
            return False
        return self is other or (type(other) is type(self) and other.url == self.url)

    def __hash__(self) -> int:
        return hash((type(self), self.url))

    def _warn_of_id(self, other: str | int) -> None:
        """Warn who compares this object with its ID: a filter takes either, and this comparison is false."""
        with contextlib.suppress(UnexpectedResponseError):  # comparing never raises
            if self.id_key is not None and other == self._identity():
                what = f"{article(type(self).__name__)} is never equal to its ID, {other!r}"
                warnings.warn(f"{what}; compare its attribute {self.id_key!r}", stacklevel=3)

    def __repr__(self) -> str:
        try:
            shown = [] if self.id_key in (None, "token") else [f"{self._identity()!r}"]  # who has a token can use it
            data = self._decoded()
        except UnexpectedResponseError:  # a repr never raises: tracebacks and debuggers ask for it
            return f"<{type(self).__name__} of an answer that cannot be read>"
        named = ("label", "status") if "label" in data else UNLABELLED
        shown += [f"{key}={data[key]!r}" for key in named if key in data and key != self.id_key]
        if not shown and "username" in data:
            shown = [f"username={data['username']!r}"]
        return f"{type(self).__name__}({', '.join(shown)})"

    def _shown_members(self) -> Iterable[str]:
        from .display import columns  # noqa: PLC0415 - for rich only

        return columns(type(self))

    # -- reading and writing -------------------------------------------------------------------------------------

    @property
    def raw(self) -> dict[str, Any]:
        """The JSON as the API sent it, with all that the library has no field for; empty when nothing came yet."""
        return self._decoded()

    def _lock(self) -> threading.RLock:
        """Is held where this object is loaded, or what is loaded of it changes."""
        return _LOCKS[id(self) // 64 % len(_LOCKS)]  # objects lie 64 bytes apart or more

    def _fetch(self, field: Described[Any]) -> Any:
        if self._cache is NOTHING:
            self._begin()
        keep: Callable[[str, Any], Any] = self._cache.setdefault
        key, members = field.key, self._members
        if members is not None:
            value = getattr(members, field.slot)
            if type(value) in PLAIN:
                return keep(key, field.read(value, self))
            if value is not ABSENT and key != self.id_key:
                return keep(key, field.read(self._unpacked(value), self))
        if key == self.id_key:
            return keep(key, field.read(_plain_id(self._identity(), field), self))
        if (value := self._member(key)) is not ABSENT:
            return keep(key, field.read(value, self))
        with self._lock():
            if not self._complete and self._member(key) is ABSENT:
                self._blocking(field).execute(self._loading())
            keep, value = self._cached(), self._member(key)
            if value is ABSENT:  # None is not kept: it would count as a change
                return field.read(None, self)
            return keep(key, field.read(value, self))

    def _blocking(self, field: Described[Any]) -> Any:
        """The client, which loads without an await. Raises `NotLoadedError`, which names *field*, if there is none."""
        what = f"{type(self).__name__}.{getattr(field, 'name', field.key)}"
        if self._bound is None:
            raise NotLoadedError(f"{what} is not loaded and the object has no client; bind it: client.bind(obj)")
        if self._bound.awaited:
            raise NotLoadedError(f"{what} is not loaded; load the object first: await obj (or await obj.load())")
        return self._bound

    def _merge(self, data: Any, *, complete: bool = False) -> Self:
        """Take the members *data* as the API's present values of this object; unsaved changes stay.

        *complete*: the API has no other members of it.
        """
        if not isinstance(data, dict):
            raise UnexpectedResponseError(f"the API sent {type(data).__name__} for {article(type(self).__name__)}")
        if self.id_key is not None:
            self._identity()
        with self._lock():
            before = self._decoded()
            self._replace_data(dict(data) if complete else {**before, **data})
            if data.get(self.id_key or "") is not None and _renames(type(self)):
                set_id(self, self._sent_id(data[self.id_key]))
            set_complete(self, complete or self._complete)
        return self

    def _take_over(self, other: Self) -> None:
        """Take what is loaded of *other*, the same object of another client."""
        if other._complete:
            self._merge(other._decoded(), complete=True)

    def _saved(self, sent: Mapping[str, Any], data: Any) -> None:
        """The API took the changes *sent* and responded with *data*; changes made meanwhile stay changes."""
        if isinstance(data, NotSent):  # a dry run: the changes stay unsaved
            return
        if isinstance(data, dict):
            self._mark_saved(sent)
        self._merge(data)

    def _expire(self, names: tuple[str, ...]) -> None:
        """Count the fields *names* as not loaded; unsaved changes stay."""
        with self._lock(), VALUES[0]:
            changes = self._changes()
            self._decoded()
            for key in [self._field(name).key for name in names]:
                self._complete = False
                self._data.pop(key, None)
                if key in changes and isinstance(kept := self._cache[key], Struct):
                    kept._outdated = True
                elif key not in changes and self._cache is not NOTHING:
                    self._cache.pop(key, None)

    def _expirable(self, names: tuple[str, ...]) -> None:
        """Raise an error unless all *names* are those of fields: before a request is sent."""
        for name in names:
            self._field(name)

    def _expire_lists(self) -> None:
        """Let the lists of what belongs to this object be read again when they are next used."""
        with self._lock(), VALUES[0]:
            for key in [each for each in self._cache if each.startswith("/")]:
                del self._cache[key]

    def invalidate(self) -> None:
        """Expire all attributes except the identifiers, unsaved changes too, so that they will be fetched again."""
        if self.id_key is not None:
            self._identity()
        with self._lock(), VALUES[0]:
            self._decoded()
            self._complete = False
            self._data = {}
            self._cache = {}

    def _loading(self) -> Call[Self]:
        """Fetch this object, whatever of it is there already; unsaved changes stay. Returns it."""
        if not self.loadable:
            raise TypeError(f"the API has no way to load {article(type(self).__name__)} by itself")
        return Call("GET", self.url, beta=self.beta, read=lambda data: self._merge(self._sent(data), complete=True))

    @classmethod
    def _sent(cls, data: Any) -> Any:
        """The object in the response *data* to a GET of its path: the whole response, unless a class overrides this."""
        return data

    if TYPE_CHECKING:  # `Self` does not come through a descriptor

        def load(self) -> Self:
            """Fetch this object, whatever of it is there already; unsaved changes stay. Returns it."""
            ...
    else:
        load = action(_loading)

    @action
    def save(self) -> Steps[None]:
        """Send what changed, and nothing when nothing did.

        Raises `InvalidRequestError` when the API refuses it; the changes are kept then. Raises AttributeError when a
        read-only value was changed inside, such as a list that was appended to.
        """
        if not self.savable:
            raise TypeError(f"the API has no way to change {article(type(self).__name__)}")
        if self._cache and (lost := next(self._unsendable(), None)) is not None:
            verb = verb_for(type(self), lost.partition(".")[0])
            cure = f"; {verb}() changes it" if verb else ""
            raise AttributeError(
                f"{type(self).__name__}.{lost} was changed, but is read-only{cure}; invalidate() drops it"
            )
        if changes := self._changes():
            yield from Call("PUT", self.url, changes, beta=self.beta, read=lambda data: self._saved(changes, data))

    @action
    def delete(self) -> Call[None]:
        """Delete this object. Use with caution."""
        if not self.deletable:
            raise TypeError(f"the API has no way to delete {article(type(self).__name__)}")
        return Call("DELETE", self.url, shape=None, beta=self.beta, read=ignore_response)

    @property
    def _execute(self) -> Callable[[Any], Any]:
        """The client's `execute`: a property, so that it adds no frame to the stack of a request."""
        if self._bound is None:
            raise NotLoadedError(f"{self!r} has no client; bind it: client.bind(obj)")
        execute: Callable[[Any], Any] = self._bound.execute
        return execute

    if not TYPE_CHECKING:  # only linode.aio shows it: otherwise every sync result that is not used would be an error

        def __await__(self) -> Generator[Any, None, Self]:
            if self._bound is not None and not self._bound.awaited:
                raise TypeError(f"{self!r} is of a client that is not awaited; write obj.load() without await")
            return self._execute(self._loading()).__await__()

    def _many(self, many: Many[Any]) -> ResourceList[Any]:
        """The list *many* of this object: the same one until this client writes something or it is invalidated."""
        key, now = f"/{many.tail}", self._bound._writes if self._bound is not None else 0
        kept = self._cache.get(key)
        if kept is None or kept[0] != now:
            kept = (now, ResourceList(self, many.target, many.path(self.url), beta=many.beta or self.beta))
            self._store(key, kept)
        return kept[1]

    # -- for declarations ----------------------------------------------------------------------------------------

    def _path_of(self, tail: str) -> str:
        return f"{self.url}/{tail}".rstrip("/")

    def _creates(
        self, cls: type[T], tail: str, body: Any = None, *, method: str = "POST", outdated: tuple[str, ...] = ()
    ) -> Call[T]:
        """A call to this object's path and *tail* whose response is a new object of *cls*.

        The fields *outdated* of this object then need loading.
        """
        self._expirable(outdated)
        call = create_call(self, cls, self._as_parents(cls), self._path_of(tail), body, method=method)
        if outdated:
            read = call.read

            def expiring(data: Any) -> T:
                self._expire(outdated)
                return read(data)

            call.read = expiring
        return call

    def _lists(self, cls: type[T], tail: str, body: Any, *, method: str = "PUT") -> Call[list[T]]:
        """A call to this object's path and *tail* whose response is a page with objects of *cls*, which it returns."""
        kind: Any = cls
        return Call(
            method,
            self._path_of(tail),
            body,
            shape=Page,
            beta=self.beta,
            read=lambda page: [kind._of(self._client, each) for each in page.data],
        )

    def _updates(self, tail: str, body: Any = None) -> Call[Self]:
        """A POST to this object's path and *tail* whose response is this object as it is now."""
        return Call("POST", self._path_of(tail), body, beta=self.beta, read=self._merge)

    def _posts(
        self, tail: str, body: Any = None, *, outdated: tuple[str, ...] = (), method: str = "POST"
    ) -> Call[None]:
        """A call to this object's path and *tail* without a result; the fields *outdated* then need loading."""
        self._expirable(outdated)
        return Call(
            method, self._path_of(tail), body, shape=None, beta=self.beta, read=lambda _data: self._expire(outdated)
        )

    def _gets(self, tail: str, kind: Any, *, query: Mapping[str, Any] | None = None) -> Call[Any]:
        """A call that gets a value of *kind* from this object's path and *tail*."""
        return get_call(self, self._path_of(tail), kind, query=query)


class Entry(Resource):
    """An entry of a list that has no address of its own: complete as it came, equal to one with the same members."""

    read_only = True
    _listed_whole = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and type(other) is type(self) and other.raw == self.raw

    def __hash__(self) -> int:
        return hash((type(self), repr(self.raw)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{key}={value!r}' for key, value in redacted(self.raw).items())})"

    def load(self) -> NoReturn:
        """Refuse: there is nowhere to fetch it from. Raises TypeError."""
        raise TypeError(f"{article(type(self).__name__)} has no address of its own; list them again")


@functools.cache
def _renames(cls: type[Resource]) -> bool:
    """Whether the member that holds the id can be changed, as the name of a user can."""
    return any(each.key == cls.id_key and each.settable for each in cls._fields.values())


def _plain_id(value: Any, field: Described[Any]) -> Any:
    """A number that was given as a text is that number, where ids are numbers."""
    if isinstance(value, str) and value.isdecimal() and field.argument() is int:
        return int(value)
    return value
