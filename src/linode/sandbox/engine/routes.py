"""The routes of the API, a method and a path for each operation, from the library's declarations."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Literal, TypeAlias
from urllib.parse import unquote

import msgspec

from linode import api
from linode._model import BaseClient, Call, Entry, Many, Nested, Resource, action, flow
from linode._model.options import api_name

from ..core import kinds
from ..core.kind import KINDS, Kind, record
from . import checks
from .registry import VERBS, Behaviour, hook, load, mounts
from .scopes import accepted

__all__ = ["Route", "declared", "everywhere", "find", "methods_of", "parts_of", "routes", "shape"]

Operation: TypeAlias = Literal["list", "get", "create", "update", "delete", "verb", "unknown"]


@dataclass(frozen=True, eq=False)
class Route:
    """One operation: a method on a path, and the facts from the declarations.

    ``path`` has the names of its parameters in braces; ``cls`` is the class of the path's row (None: it has none),
    ``target`` the class of the listed or created objects, ``keys`` the descriptions that a behaviour may be registered
    for.
    """

    method: str
    path: str
    operation: Operation
    cls: type[Resource] | None = None
    target: type[Resource] | None = None
    keys: tuple[Any, ...] = ()
    describe: Any = None
    sent: Any = None
    content: Any = None
    beta: bool = False
    elsewhere: str = ""
    """The path with its version, where the API has the operation on another host, for which a mount stands here."""
    besides: list[Route] = field(default_factory=list, repr=False)
    """Further descriptions of the same request: methods for changes that cannot be made by setting a field."""
    _found: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def about(self) -> type[Resource] | None:
        """The class whose scope is needed: that of the path's row, else that of the listed or created objects."""
        return self.cls or self.target

    @property
    def public(self) -> bool:
        """Whether the operation needs no token."""
        about = [cls for cls in (self.cls, self.target) if cls is not None]
        if any(key in record(cls).access.public for cls in about for key in self.keys):
            return True
        return self.method == "GET" and bool(about) and all(cls._public for cls in about)

    @functools.cached_property
    def scopes(self) -> tuple[str, ...]:
        """The scopes that the operation needs, all of them; empty if any token is accepted."""
        recorded = self.recorded(lambda kind: kind.access.scopes)
        return accepted(self.method, None if self.public else self.about) if recorded is None else recorded

    @functools.cached_property
    def access(self) -> str:
        """The general grant that restricted users need; empty if the class's record has none."""
        recorded = self.recorded(lambda kind: kind.access.general)
        rest = (record(cls).access.general.get("*", "") for cls in (self.target, self.cls) if cls is not None)
        return next(filter(None, rest), "") if recorded is None else str(recorded)

    def recorded(self, facts: Callable[[Kind], Mapping[Any, Any]]) -> Any:
        """The value for this operation in the *facts* of a record; None if there is none.

        An operation without a class is looked up by its description in all records.
        """
        load()
        for cls in (self.target, self.cls):
            values = {} if cls is None else facts(record(cls))
            own = self.operation if cls is self.about_it else None
            for key in (*self.keys, own):
                if key in values:
                    return values[key]
        described = [facts(kind) for kind in KINDS.values()] if self.about is None else []
        return next((values[key] for values in described for key in self.keys if key in values), None)

    @property
    def makes(self) -> bool:
        """Whether the operation creates another object of the class of the path's row."""
        return self.cls is not None and any(key in record(self.cls).grant.makes for key in self.keys)

    @property
    def about_it(self) -> type[Resource] | None:
        """The class whose objects the operation lists, creates, reads, updates or deletes; None for a verb."""
        if self.operation == "verb" or (self.operation == "list" and not self.own_list):
            return None
        return self.target if self.operation in ("list", "create") else self.cls

    @property
    def behaviour(self) -> Behaviour | None:
        """The behaviour registered for this operation, or None."""
        load()
        for key in self.keys:
            if key in VERBS:
                return VERBS[key]
        return None if self.about_it is None else hook(self.operation, self.about_it)

    @property
    def kind(self) -> Kind | None:
        """The record of the operation's class."""
        return None if self.about_it is None else record(self.about_it)

    @property
    def served(self) -> bool:
        """Whether the sandbox implements the operation; the others get 501."""
        if self.elsewhere:
            return any(self.elsewhere.startswith(f"{start}/") for start in mounts())
        if self.operation == "unknown" or self.behaviour is not None:
            return self.operation != "unknown"
        if self.operation in ("get", "list") and self.kind is not None and self.kind.source.unrecorded:
            return False
        if self.operation == "get":
            return self.cls is not None and (self.cls.id_key is not None or record(self.cls).storage.single)
        if self.operation == "list":
            return self.cls is None or _linked(self.target, self.cls)
        return self.kind is not None and self.operation in self.kind.operations.generic

    @property
    def own_list(self) -> bool:
        """Whether this is the list of all objects of a class (below their parents), not a selection."""
        return self.target is not None and shape(self.path) == shape(_collection(self.target.path) or self.path)

    @property
    def types(self) -> checks.Types:
        """The declared types of the operation's members, by their names in JSON."""
        return self._parameters[0]

    @property
    def required(self) -> tuple[str, ...]:
        """The required members."""
        return self._parameters[1]

    @functools.cached_property
    def raw(self) -> str | None:
        """The parameter for a body that is not JSON, or None."""
        return _parameter(self.content)

    @functools.cached_property
    def whole(self) -> str | None:
        """The parameter for the whole body, or None."""
        return _parameter(self.sent)

    @functools.cached_property
    def _parameters(self) -> tuple[checks.Types, tuple[str, ...]]:
        if self.operation == "update" and self.cls is not None:
            besides = {name: hint for each in self.besides for name, hint in each.types.items()}
            return {**besides, **checks.settable(self.cls)}, ()
        if self.describe is None:
            return {}, ()
        types, needed = checks.parameters(self.describe)
        if self.raw is not None:  # what else is given stands in the path, or in the header of the content's type
            return {name: hint for name, hint in types.items() if name == self.raw or f"{{{name}}}" in self.path}, ()
        if not isinstance(self.sent, dict):
            return types, ()
        names = {parameter: api_name(parameter) for parameter in types}
        names |= {parameter: key for key, value in self.sent.items() if (parameter := _parameter(value)) in types}
        names |= {parameter: parameter for parameter in types if parameter in self.sent}
        found = {names[parameter]: hint for parameter, hint in types.items()}
        return found, tuple(names[parameter] for parameter in needed if names[parameter] in self.sent)


def _linked(target: Any, owner: type[Resource]) -> bool:
    """Whether rows of *target* refer to a row of *owner*, or to its parent, according to the declarations."""
    rows = [*([owner] if owner.id_key else []), *kinds.parents_of(owner).values()]
    try:
        for each in rows[:1]:
            kinds.link(target, kinds.table_of(each))
    except LookupError:
        return False
    return True


def _parameter(value: Any) -> str | None:
    """The name of the parameter if *value* is its placeholder, else None."""
    return value[1:-1] if isinstance(value, str) and value[:1] == "{" and value[-1:] == "}" else None


@functools.cache
def declared() -> tuple[Route, ...]:
    """All operations in the declarations; several may have the same method and path."""
    load()
    found = (*_own(), *_lists(), *_verbs())
    first: dict[tuple[str, str], Route] = {}
    for route in found:
        known = first.setdefault((route.method, shape(route.path)), route)
        if known is not route:
            known.besides.append(route)
    return found


@functools.cache
def routes() -> tuple[Route, ...]:
    """The operations of the API's own host: the first of several with the same method and path."""
    found: dict[tuple[str, str], Route] = {}
    for route in declared():
        if not route.elsewhere:
            found.setdefault((route.method, shape(route.path)), route)
    return tuple(found.values())


def everywhere() -> tuple[Route, ...]:
    """The operations of the API's own host, and those that the API has on other hosts."""
    return (*routes(), *(route for route in declared() if route.elsewhere))


def _collection(path: str) -> str:
    return path.rpartition("/")[0]


def shape(path: str) -> str:
    """*path* without the names of its parameters: ``/volumes/{}``."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def _own() -> Iterator[Route]:
    """The operations of every object on its own path: GET, PUT and DELETE."""
    for cls in kinds.resources():
        if cls.loadable and not issubclass(cls, Entry):
            yield Route("GET", cls.path, "get", cls, beta=cls.beta)
        if cls.savable and any(_settable(each) for each in cls._fields.values()):
            yield Route("PUT", cls.path, "update", cls, beta=cls.beta)
        if cls.deletable and (cls.id_key is not None or cls._parent_names):
            yield Route("DELETE", cls.path, "delete", cls, beta=cls.beta)


def _settable(described: Any) -> bool:
    return described.editable if isinstance(described, Nested) else described.settable


def _mixins() -> list[Any]:
    found: list[Any] = []
    waiting: list[Any] = [BaseClient]
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each.__module__.startswith(f"{api.__name__}.") and each not in found:
                found.append(each)
            waiting.append(each)
    return found


def _lists() -> Iterator[Route]:
    for owner, cls in _owners():
        for many in _members(owner, Many):
            path = many.path("" if cls is None else cls.path)
            beta = many.beta or (cls is not None and cls.beta)
            yield Route("GET", path, "list", cls, many.target, (many,), beta=beta)


def _owners() -> Iterator[tuple[Any, type[Resource] | None]]:
    for cls in kinds.resources():
        yield cls, cls
    for mixin in _mixins():
        yield mixin, None


def _members(owner: Any, kind: Any) -> list[Any]:
    """The attributes of *owner* that are of *kind*, without those that every resource or client has."""
    bases = [base for base in owner.__mro__ if base not in (*Resource.__mro__, *BaseClient.__mro__)]
    found = {name: value for base in reversed(bases) for name, value in vars(base).items() if isinstance(value, kind)}
    return list(dict.fromkeys(value for name, value in found.items() if name not in ("load", "save", "delete")))


def _verbs() -> Iterator[Route]:
    listed = [cls for cls in reversed(kinds.resources()) if cls.path.endswith("}")]
    collections = {shape(_collection(cls.path)): cls for cls in listed}
    for mixin in _mixins():
        for many in _members(mixin, Many):
            if many.target._parent_names:  # such objects contain the IDs of their parents
                collections.setdefault(shape(many.path("")), many.target)
    for owner, cls in _owners():
        for verb in _members(owner, action):
            if isinstance(verb, flow):
                continue
            call = _first_call(verb, cls)
            if call is None or (call.elsewhere and call.token is None):
                continue  # an address that the API has given out is no operation of its own
            elsewhere = "/" + call.path.partition("://")[2].partition("/")[2] if call.elsewhere else ""
            path = unquote("/" + elsewhere.split("/", 2)[2] if elsewhere else call.path)
            leads = cls if cls is not None and _leads(cls.path, path) else None
            made = collections.get(shape(path)) if call.method == "POST" else None
            keys = (verb.describe, *_public(owner, verb))
            operation: Operation = "verb" if made is None else "create"
            target = made or (None if leads else _nearest(collections, path))
            json = call.json if call.json is not None else call.query or None
            sent: dict[str, Any] = {"sent": json, "content": call.content}
            sent |= {"beta": call.beta, "elsewhere": elsewhere}
            yield Route(call.method, path, operation, leads, target, keys, verb.__wrapped__, **sent)


def _leads(own: str, path: str) -> bool:
    """Whether *path* is at or below the path *own* of an object, or names the object and its parents elsewhere."""
    names = {part for part in own.split("/") if part.startswith("{")}
    below = path == own or path.startswith(f"{own}/")
    return below or (bool(names) and names <= set(path.split("/")))


def _nearest(collections: dict[str, type[Resource]], path: str) -> type[Resource] | None:
    """The class whose list has the longest prefix of *path*."""
    while path:
        if found := collections.get(shape(path)):
            return found
        path = _collection(path)
    return None


def _public(owner: Any, verb: Any) -> tuple[Any, ...]:
    """The public method for a private verb."""
    name = verb.__name__
    offered = getattr(owner, name.lstrip("_"), None) if name.startswith("_") else None
    return () if offered is None else (offered,)


class _StandIn(BaseClient):
    """A client that only describes operations."""


def _first_call(verb: Any, cls: type[Resource] | None) -> Call[Any] | None:
    """The first request that *verb* describes, with a placeholder for each parameter; None if it describes none."""
    instance = _StandIn() if cls is None else _stand_in(cls)
    given: list[Any] = []
    named: dict[str, Any] = {}
    for parameter in list(inspect.signature(verb.__wrapped__).parameters.values())[1:]:
        if parameter.default is parameter.empty:
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
                given.append(f"{{{parameter.name}}}")
            elif parameter.kind is parameter.KEYWORD_ONLY:
                named[parameter.name] = f"{{{parameter.name}}}"
    step = verb.__wrapped__(instance, *given, **named)
    if isinstance(step, Generator):
        try:
            step = next(step)
        except (StopIteration, AttributeError, TypeError, ValueError):
            return None  # a flow over the user's objects, such as a wait, is not an operation of the API
    return step if isinstance(step, Call) else None


def _stand_in(cls: Any) -> Any:
    names = [f"{{{name}}}" for name in cls._parent_names]
    return cls(_StandIn(), *([f"{{{cls.id_key}}}"] if cls.id_key else [None] if names else []), *names)


# -- finding ---------------------------------------------------------------------------------------------------------


@functools.cache
def tree() -> dict[str, Any]:
    """All operations by the segments of their paths; ``{}`` matches any segment, ``""`` has the methods."""
    root: dict[str, Any] = {}
    for route in (*routes(), *_unknown()):
        for path in filter(None, (shape(route.path), route.recorded(lambda kind: kind.operations.paths))):
            node = root
            for part in path.split("/")[1:]:
                node = node.setdefault(part, {})
            node.setdefault("", {}).setdefault(route.method, route)
    return root


def _unknown() -> Iterator[Route]:
    """All operations of the API; those without a declaration are not implemented."""
    listed: dict[str, dict[str, str]] = msgspec.json.decode(
        files("linode.sandbox.engine").joinpath("operations.json").read_bytes()
    )
    for version, methods in listed.items():
        for path, names in methods.items():
            for method in names.split():
                yield Route(method, path, "unknown", beta=version == "v4beta")


@functools.cache
def _slashed() -> dict[str, frozenset[str]]:
    """The parts before the slash of IDs with a slash, by the segment before them."""
    load()
    halves: dict[str, frozenset[str]] = {}
    for cls in kinds.resources():
        if slashed := record(cls).storage.slashed:
            halves[_collection(cls.path).rpartition("/")[2]] = frozenset(slashed)
    return halves


def parts_of(path: str) -> tuple[str, ...]:
    """The percent-encoded segments of *path*; an ID with a slash is one segment, encoded or not."""
    parts: list[str] = []
    for part in path.split("/")[1:]:
        if len(parts) > 1 and parts[-1] in _slashed().get(parts[-2], ()) and part:
            parts[-1] += f"%2F{part}"
        else:
            parts.append(part)
    return tuple(parts)


def methods_of(parts: tuple[str, ...]) -> dict[str, Route]:
    """The operations at the path of the encoded segments *parts*, by method; literal segments take precedence."""
    return _descend(tree(), parts) or {}


def _descend(node: dict[str, Any], parts: tuple[str, ...]) -> dict[str, Route] | None:
    if not parts:
        return node.get("")
    first, *rest = parts
    for name in (first, "{}"):
        if name in node and name and (found := _descend(node[name], tuple(rest))):
            return found
    return None


def find(route: Route, parts: tuple[str, ...]) -> dict[str, str]:
    """The decoded values of the parameters in the path of *route*."""
    names = route.path.split("/")[1:]
    return {name[1:-1]: unquote(part) for name, part in zip(names, parts, strict=True) if name.startswith("{")}
