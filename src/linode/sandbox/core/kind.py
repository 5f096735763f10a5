"""The record of a class: the facts that the engine needs besides the class's declaration, grouped by concern."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from linode._model import Resource

    from .world import World

__all__ = [
    "KINDS",
    "Access",
    "Events",
    "Exports",
    "Grant",
    "Kind",
    "Lists",
    "Lock",
    "Operation",
    "Operations",
    "Refusals",
    "Source",
    "Storage",
    "record",
]

Row: TypeAlias = dict[str, Any]
Operation: TypeAlias = Literal["create", "update", "delete"]


@dataclass(frozen=True)
class Storage:
    """The table of the rows, their IDs, and the accounts and rows that they belong to."""

    table: str | None = None
    """The table of the rows, if its name is not that of the class."""
    id_key: str = "id"
    """The member with the ID, if the class does not declare it."""
    slashed: tuple[str, ...] = ()
    """The parts before the slash of IDs with a slash, which clients may or may not percent-encode."""
    parent_alias: Callable[[World, str], str] | None = None
    """A function that converts an alias of the nearest parent in a path to the parent's ID."""
    single: bool = False
    """Whether a parent has one row at most, which has no ID; before there is one, its GET is answered with 404."""
    shared: bool = False
    """Whether all accounts share the rows, such as transfers between accounts."""
    held: bool = False
    """Whether rows belong to the row in their hidden member ``_holder`` (`World.holder`), and are deleted with it."""


@dataclass(frozen=True)
class Exports:
    """The members that exports leave out, and imports replace."""

    secrets: tuple[str, ...] = ()
    """The members whose values are secrets, for which an import makes others; ``id`` where the ID is one."""
    private: tuple[str, ...] = ()
    """The members, besides `secrets`, that an export leaves out unless it is asked for secrets."""


@dataclass(frozen=True)
class Source:
    """The origin of Linode's own rows: the catalogue."""

    path: str | None = None
    """The path of the class's rows in the catalogue."""
    keys: tuple[str, ...] = ("id",)
    """The members that identify a row of the catalogue."""
    unrecorded: bool = False
    """Whether Linode has rows that were never recorded: requests get 501, instead of an empty list."""


@dataclass(frozen=True)
class Events:
    """The form of a row in events, and the operations that add one."""

    type: str = ""
    """The entity's type in events; by default the class's name in snake case."""
    prefix: str = ""
    """The beginning of the actions of ``notify``; by default the entity's type."""
    label: str = "label"
    """The member that events and grants show as the label."""
    notify: tuple[Operation, ...] = ()
    """The operations that add an event, ``<prefix>_<operation>``, when they succeed."""


@dataclass(frozen=True)
class Operations:
    """Operations that need no behaviour, their other paths, and their rate limits."""

    generic: tuple[Operation, ...] = ()
    """The operations for which the generic rule applies."""
    whole: tuple[str, ...] = ()
    """The objects in a body that a behaviour is given with undeclared members, to refuse or to take them.

    Otherwise undeclared members are ignored, at every depth.
    """
    left_by_null: tuple[str, ...] = ()
    """The members of a body, by their dotted paths, that null leaves as they are though the object never has null.

    The reference lets them be null; that it means the same as a missing member is a guess.
    """
    paths: Mapping[Any, str] = field(default_factory=dict)
    """Other paths of operations, which the API has too: by the operation's description, with ``{}`` for each ID."""
    limits: Mapping[Any, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    """The API's rate limits: calls and seconds, by the operation's name or its description."""


@dataclass(frozen=True)
class Refusals:
    """The API's words where they differ from the rule, and refusals that only some classes have."""

    unique: str = ""
    """The plural in ``Label must be unique among your …``; without it labels need not be unique."""
    reference: str = ""
    """The refusal of an ID that does not exist; by default ``<field> is not valid``."""
    missing: str = "Not found"
    """The reason of the 404 for a missing object."""
    gone: Mapping[str, str] = field(default_factory=dict)
    """The refusals of members that the API once had; other unknown members are ignored."""
    account: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """The refusals of an account that creates an object: the status and the reason, by the name in `Fault.refusal`."""


@dataclass(frozen=True)
class Lists:
    """The filters of lists, and the form of an empty one."""

    filters: tuple[str, ...] = ()
    """Members by which the list can be filtered, besides the declared ones."""
    filter_values: Mapping[str, Callable[[Row], Any]] = field(default_factory=dict)
    """Functions for the value that a filter compares, where it differs from the member; any value of a list matches."""
    passes_filters: bool = False
    """Whether the list ignores a filter on a field that cannot be filtered; other lists refuse it."""
    empty_page: tuple[int, int] = (1, 1)
    """The values of ``page`` and ``pages`` of an empty list."""
    max_age: int = 0
    """The seconds for which clients may keep the list; 0: it must not be kept."""


@dataclass(frozen=True)
class Access:
    """The scopes, general grants and conditions of the operations."""

    scopes: Mapping[Any, tuple[str, ...]] = field(default_factory=dict)
    """The scopes of operations with other scopes than the rule: by the operation's name or its description."""
    public: tuple[Any, ...] = ()
    """The descriptions of operations that need no token, where others of the class need one."""
    general: Mapping[Any, str] = field(default_factory=dict)
    """The general grant that restricted users need, by the operation's name or its description, ``*`` for all others.

    ``account_access`` is a level: reading needs ``read_only``, all else ``read_write``. ``unrestricted`` is not a
    grant: restricted users cannot have it.
    """
    requires: Callable[[World], None] | None = None
    """A function that raises the API's refusal if the account does not meet the condition for all operations."""


@dataclass(frozen=True)
class Grant:
    """The grants of restricted users for single objects, which the engine enforces."""

    type: str = ""
    """The name of the class in grants; empty: there are none."""
    adds: str = ""
    """The general grant to add one; by default ``add_<type>s``."""
    makes: tuple[Any, ...] = ()
    """The descriptions of operations that create another object, which need the grant to add one."""
    owned: Callable[[Row], bool] | None = None
    """A function that tests whether a row belongs to the account; grants apply only to these. None: all do."""

    def owns(self, row: Row) -> bool:
        """Whether *row* belongs to the account, and is not one of Linode's own."""
        return self.owned is None or self.owned(row)


@dataclass(frozen=True)
class Lock:
    """The locks of a class: the ``locks`` of a row prevent its deletion."""

    type: str = ""
    """The entity type in locks; empty: the class cannot be locked."""
    types: tuple[str, ...] = ("cannot_delete", "cannot_delete_with_subresources")
    """The types of locks for the class; the second also protects subresources."""
    forbids: tuple[Any, ...] = ()
    """The descriptions of operations, besides the deletion, that a lock on a row, or on its parent, forbids."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """The record of *of*: a declared class, or a table without a class.

    It is written beside the behaviour of its family: ``on.kind(Kind(of=Firewall, events=Events("firewall")))``.
    """

    of: type[Resource] | str
    storage: Storage = field(default_factory=Storage)
    exports: Exports = field(default_factory=Exports)
    source: Source = field(default_factory=Source)
    events: Events = field(default_factory=Events)
    operations: Operations = field(default_factory=Operations)
    refusals: Refusals = field(default_factory=Refusals)
    lists: Lists = field(default_factory=Lists)
    access: Access = field(default_factory=Access)
    grant: Grant = field(default_factory=Grant)
    lock: Lock = field(default_factory=Lock)

    @property
    def collection(self) -> str:
        """The path of the list."""
        return "" if isinstance(self.of, str) else self.of.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The name of the class, or of the table."""
        return self.of if isinstance(self.of, str) else self.of.__name__


KINDS: dict[str, Kind] = {}
"""The records, by the names of their classes or tables."""


def record(of: Any) -> Kind:
    """The record of a class or a table; one with the default values if none is registered."""
    name = of if isinstance(of, str) else of.__name__
    return KINDS.get(name) or _default(of)


@functools.cache
def _default(of: Any) -> Kind:
    return Kind(of=of)
