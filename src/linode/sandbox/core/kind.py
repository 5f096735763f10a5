"""The record of a class: all that the engine must know of it beyond its declaration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from linode._model import Resource

    from .world import World

__all__ = ["KINDS", "Kind", "Operation", "record"]

Row: TypeAlias = dict[str, Any]
Operation: TypeAlias = Literal["create", "update", "delete"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """The record of *of*: a class of the declarations, or a table that has no class.

    It stands beside the behaviour of its family: ``on.kind(Kind(of=Firewall, event="firewall", update=True))``.
    """

    of: type[Resource] | str
    table: str | None = None
    """The table that the rows live in, where it is not named like the class."""
    id_key: str = "id"
    """The member that holds the id, where the class does not say it."""
    slashed: tuple[str, ...] = ()
    """The first halves of ids that have a slash, which clients quote or do not."""
    source: str | None = None
    """Where in the catalogue rows are that nobody has made."""
    source_keys: tuple[str, ...] = ("id",)
    """The members that tell the rows of the catalogue apart."""

    unrecorded: bool = False
    """Whether Linode has rows of which none is on record: they are answered with 501, not as none."""

    shared: bool = False
    """Whether the rows are those of all accounts, as a transfer from one to another is."""
    held: bool = False
    """Whether rows also belong to what their hidden ``_holder`` names (`World.holder`), and go with it."""

    create: bool = False
    """Whether the generic create makes one."""
    update: bool = False
    """Whether the generic update changes one."""
    delete: bool = False
    """Whether the generic delete deletes one."""
    notify: tuple[Operation, ...] = ()
    """The operations that end with an event, ``<event>_<operation>``, when they end well."""
    event: str = ""
    """The type of entity in events; the class's name in snake case unless said."""
    label: str = "label"
    """The member that events show as the label."""
    plural: str = ""
    """The word for several in ``Label must be unique among your …``; without it labels may be the same."""
    reference: str = ""
    """The refusal of an id that does not exist; ``<field> is not valid`` unless said."""

    missing: str = "Not found"
    """The words of the 404 for one that is not there."""
    parent_alias: Callable[[World, str], str] | None = None
    """The ID of the nearest parent that a path means by another name of it."""

    filters: tuple[str, ...] = ()
    """Members that the list can be filtered by, besides those of the declaration."""
    passes_filters: bool = False
    """Whether a filter on a field that cannot be filtered is passed over, where other lists refuse it."""
    filter_values: Mapping[str, Callable[[Row], Any]] = field(default_factory=dict)
    """What a filter on a member looks at, where that is more than the list shows; any value of a list will do."""
    empty_page: tuple[int, int] = (1, 1)
    """The number of the page, and the number of pages, when the list is empty."""
    scopes: Mapping[Any, tuple[str, ...]] = field(default_factory=dict)
    """The scopes of operations that need others than the rule says: by the operation's word or its description."""
    limits: Mapping[Any, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    """The API's rate limits: calls and seconds, by the operation's word or its description."""
    refusals: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """What an account can be refused when it creates one: the status and the words, by the name a fault gives it."""
    grant: str = ""
    """The word for these in the grants of restricted users."""
    adds: str = ""
    """The general grant to add one; ``add_<grant>s`` unless said."""
    guarded: bool = False
    """Whether the grants of restricted users are enforced."""
    owned: Callable[[Row], bool] | None = None
    """Whether a row is the account's own, where others have some too: grants are about those alone."""
    access: Mapping[Any, str] = field(default_factory=dict)
    """The general grant that restricted users need, by the operation's word or its description, ``*`` for the rest.

    ``account_access`` is a level: reading takes ``read_only``, everything else ``read_write``. ``unrestricted`` is no
    grant: the operation is for users who are not restricted.
    """
    lock: str = ""
    """The word for these in locks, where they can be locked: the ``locks`` of a row keep it from being deleted."""
    lock_types: tuple[str, ...] = ("cannot_delete", "cannot_delete_with_subresources")
    """The locks that they can have; the second keeps what belongs to them too."""
    locked: tuple[Any, ...] = ()
    """The descriptions of what a lock refuses as it refuses the deletion."""
    requires: Callable[[World], None] | None = None
    """Raises the API's refusal when the account has not what all operations need."""
    public: tuple[Any, ...] = ()
    """The descriptions of what needs no token, where the class's other operations need one."""
    makes: tuple[Any, ...] = ()
    """The descriptions of what makes another one, which the right to add one allows."""

    @property
    def collection(self) -> str:
        """The path of the list of all."""
        return "" if isinstance(self.of, str) else self.of.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The name of the class, or of the table."""
        return self.of if isinstance(self.of, str) else self.of.__name__


KINDS: dict[str, Kind] = {}
"""The records, by the names of their classes, and of tables that have no class."""


def record(of: Any) -> Kind:
    """The record of a class or a table; one that says nothing where there is none."""
    name = of if isinstance(of, str) else of.__name__
    return KINDS.get(name) or Kind(of=of)
