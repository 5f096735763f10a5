"""One operation of the API: a method on a path, with the facts from the library's declarations and the records."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from linode._model import Resource
from linode._model.options import api_name

from ..core import schema
from ..core.kind import KINDS, Kind, record
from . import hints
from .registry import VERBS, Behaviour, hook, load, mounts
from .scopes import required_scopes

__all__ = ["Operation", "Route", "collection", "shape"]

_PARAMETER = re.compile(r"/\{[^/]*")
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

    @functools.cached_property
    def about(self) -> type[Resource] | None:
        """The class whose scope is needed: that of the path's row, else that of the listed or created objects."""
        return self.cls or self.target

    @functools.cached_property
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
        return required_scopes(self.method, None if self.public else self.about) if recorded is None else recorded

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
        if self.about is not None or not self.keys:  # most operations without a class have no description either
            return None
        described = (facts(kind) for kind in KINDS.values())
        return next((values[key] for values in described for key in self.keys if key in values), None)

    @functools.cached_property
    def makes(self) -> bool:
        """Whether the operation creates another object of the class of the path's row."""
        return self.cls is not None and any(key in record(self.cls).grant.makes for key in self.keys)

    @functools.cached_property
    def about_it(self) -> type[Resource] | None:
        """The class whose objects the operation lists, creates, reads, updates or deletes; None for a verb."""
        if self.operation == "verb" or (self.operation == "list" and not self.own_list):
            return None
        return self.target if self.operation in ("list", "create") else self.cls

    @functools.cached_property
    def behaviour(self) -> Behaviour | None:
        """The behaviour registered for this operation, or None."""
        load()
        for key in self.keys:
            if key in VERBS:
                return VERBS[key]
        return None if self.about_it is None else hook(self.operation, self.about_it)

    @functools.cached_property
    def kind(self) -> Kind | None:
        """The record of the operation's class."""
        return None if self.about_it is None else record(self.about_it)

    @functools.cached_property
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

    @functools.cached_property
    def own_list(self) -> bool:
        """Whether this is the list of all objects of a class (below their parents), not a selection."""
        return self.target is not None and shape(self.path) == shape(collection(self.target.path) or self.path)

    @property
    def types(self) -> hints.Types:
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
    def _parameters(self) -> tuple[hints.Types, tuple[str, ...]]:
        if self.operation == "update" and self.cls is not None:
            besides = {name: hint for each in self.besides for name, hint in each.types.items()}
            return {**besides, **hints.settable(self.cls)}, ()
        if self.describe is None:
            return {}, ()
        types, needed = hints.parameters(self.describe)
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
    rows = [*([owner] if owner.id_key else []), *schema.parents_of(owner).values()]
    try:
        for each in rows[:1]:
            schema.link(target, schema.table_of(each))
    except LookupError:
        return False
    return True


def _parameter(value: Any) -> str | None:
    """The name of the parameter if *value* is its placeholder, else None."""
    return value[1:-1] if isinstance(value, str) and value[:1] == "{" and value[-1:] == "}" else None


def collection(path: str) -> str:
    """The path of the list of an object's *path*."""
    return path.rpartition("/")[0]


def shape(path: str) -> str:
    """*path* without the names of its parameters: ``/volumes/{}``."""
    return _PARAMETER.sub("/{}", path)
