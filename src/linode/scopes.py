"""OAuth scopes, in the grammar of 2016 and in today's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from ._model.names import PublicABC, PublicNames

__all__ = ["AnyScopes", "OAuthScopes", "Scope"]

LEVELS_OF_2016 = ("view", "modify", "create", "delete")
_REACH = {"read_only": 1, "view": 1, "modify": 2, "create": 3, "delete": 4, "read_write": 4, "*": 4}
_RENAMED = {"zones": "domains", "dnszones": "domains"}


@dataclass(frozen=True, slots=True)
class Scope(PublicNames):
    """The access of a token to one family of the API: ``linodes``, ``read_only``; ``*`` is all families or levels."""

    family: str
    level: str = "*"

    def __str__(self) -> str:
        return "*" if self == Scope("*") else f"{self.family}:{self.level}"

    def _as_api(self) -> str:
        return str(self)

    def covers(self, needed: Scope) -> bool:
        """Whether this scope includes *needed*.

        ``view < modify < create < delete`` and ``read_only < read_write``; ``delete``, ``read_write`` and ``*`` are
        equal. Zones (2016) and domains (today) are one family.
        """
        if self.family != "*" and _RENAMED.get(self.family, self.family) != _RENAMED.get(needed.family, needed.family):
            return False
        if self.level in (needed.level, "*"):
            return True
        return needed.level in _REACH and _REACH.get(self.level, 0) >= _REACH[needed.level]


class Family:
    """The scopes of one family, in one of the grammars or both."""

    levels: ClassVar[tuple[str, ...]] = ()

    def __init__(self, name: str, words: str) -> None:
        self._name = name
        self._words = words
        """The description on the consent page."""

    def __repr__(self) -> str:
        return f"<scopes of {self._name}>"

    @property
    def all(self) -> Scope:
        """All access to this family (``family:*``)."""
        return Scope(self._name)


class _Today(Family):
    levels: ClassVar[tuple[str, ...]] = ("read_only", "read_write")

    @property
    def read_only(self) -> Scope:
        """Read access."""
        return Scope(self._name, "read_only")

    @property
    def read_write(self) -> Scope:
        """Read and write access."""
        return Scope(self._name, "read_write")


class _In2016(Family):
    levels: ClassVar[tuple[str, ...]] = LEVELS_OF_2016

    @property
    def view(self) -> Scope:
        """Read access."""
        return Scope(self._name, "view")

    @property
    def modify(self) -> Scope:
        """Read access, and updates of existing objects."""
        return Scope(self._name, "modify")

    @property
    def create(self) -> Scope:
        """Read access, updates and creation."""
        return Scope(self._name, "create")

    @property
    def delete(self) -> Scope:
        """Read access, updates, creation and deletion."""
        return Scope(self._name, "delete")


class _Always(_Today, _In2016):
    """The scopes of a family that had the same name in 2016."""

    levels: ClassVar[tuple[str, ...]] = (*_Today.levels, *_In2016.levels)


class OAuthScopes(PublicNames, AbstractSet[Scope], metaclass=PublicABC):
    """An ordered, hashable set of scopes; its string is in the format of the login service.

    ``OAuthScopes.all`` is all access, ``OAuthScopes.Linodes.read_only`` one scope, ``OAuthScopes("linodes:read_only")``
    a set parsed from a string. Every parameter for scopes accepts a scope, a string, a set or a list of these. Unknown
    families and levels are kept.
    """

    all: ClassVar[Scope] = Scope("*")
    Account: ClassVar = _Today("account", "your account: profile, users, settings and billing")
    ChildAccount: ClassVar = _Today("child_account", "your child accounts")
    Databases: ClassVar = _Today("databases", "your databases")
    Domains: ClassVar = _Today("domains", "your domains")
    Events: ClassVar = _Today("events", "your account's events")
    Firewall: ClassVar = _Today("firewall", "your firewalls")
    Images: ClassVar = _Today("images", "your images")
    IPs: ClassVar = _Today("ips", "your IP addresses")
    Linodes: ClassVar = _Always("linodes", "your Linodes")
    LKE: ClassVar = _Today("lke", "your Kubernetes clusters")
    Longview: ClassVar = _Today("longview", "your Longview clients")
    Monitor: ClassVar = _Today("monitor", "your monitoring")
    NodeBalancers: ClassVar = _Today("nodebalancers", "your NodeBalancers")
    ObjectStorage: ClassVar = _Today("object_storage", "your object storage")
    StackScripts: ClassVar = _Always("stackscripts", "your StackScripts")
    Volumes: ClassVar = _Today("volumes", "your volumes")
    VPC: ClassVar = _Today("vpc", "your VPCs")
    Zones: ClassVar = _In2016("zones", "your DNS zones")
    DNSZones: ClassVar = _In2016("dnszones", "your DNS zones")

    def __init__(self, scopes: AnyScopes = ()) -> None:
        self._scopes = dict.fromkeys(_each(scopes))

    def __contains__(self, scope: object) -> bool:
        return scope in self._scopes

    def __iter__(self) -> Iterator[Scope]:
        return iter(self._scopes)

    def __len__(self) -> int:
        return len(self._scopes)

    def __hash__(self) -> int:
        return self._hash()

    def __str__(self) -> str:
        return self.serialize(self)

    def _as_api(self) -> str:
        return self.serialize(self, " ")

    def __repr__(self) -> str:
        return f"OAuthScopes({str(self)!r})"

    def covers(self, needed: AnyScopes) -> bool:
        """Whether these scopes include all of *needed*."""
        return not self.missing(needed)

    def missing(self, needed: AnyScopes) -> OAuthScopes:
        """The scopes in *needed* that these do not include."""
        return OAuthScopes([want for want in OAuthScopes(needed) if not any(has.covers(want) for has in self)])

    @classmethod
    def parse(cls, text: str) -> OAuthScopes:
        """Parse the string *text*: scopes separated by spaces or commas; a family alone means all of its levels."""
        return cls(text)

    @staticmethod
    def serialize(scopes: AnyScopes, separator: str | None = None) -> str:
        """Format *scopes* as a string: ``linodes:view,zones:*`` or ``linodes:read_write volumes:read_only``.

        The default *separator* is a comma if one of the scopes is of 2016, and a space otherwise.
        """
        each = list(OAuthScopes(scopes))
        if separator is None:
            old = any(one.level in LEVELS_OF_2016 or one.family in _RENAMED for one in each)
            separator = "," if old else " "
        return separator.join(map(str, each))


def requested(scopes: AnyScopes) -> OAuthScopes:
    """*scopes*, if they can be requested. Raises ValueError for a misspelt one, with the nearest.

    A `Scope` that is given as an object passes as it is: it may be newer than the library.
    """
    found = OAuthScopes(scopes)
    made = {scopes} if isinstance(scopes, Scope) else set()
    if not isinstance(scopes, (str, Scope, OAuthScopes)):
        made = {each for each in scopes if isinstance(each, Scope)}
    families = {each._name: each for each in vars(OAuthScopes).values() if isinstance(each, Family)}
    for scope in found:
        if scope in made or scope.family in UNDECLARED:
            continue
        family = families.get(scope.family)
        if family is None and scope.family != "*":
            raise _unknown(scope, "family", scope.family, families)
        levels = _Always.levels if family is None else family.levels
        if scope.level not in (*levels, "*"):
            raise _unknown(scope, "level", scope.level, levels)
    return found


def _unknown(scope: Scope, kind: str, word: str, known: Iterable[str]) -> ValueError:
    """The error for *scope*, whose *kind*, *word*, is not among the *known* ones."""
    import difflib

    if not str(scope).replace("_", "").replace(":", "").replace("*", "").isalpha():  # it may be a token
        return ValueError(
            "one of the scopes is not of the form 'linodes:read_only'; it is not shown, as it may be a secret"
        )
    near = difflib.get_close_matches(word.lower(), list(known), n=1)
    hint = f"did you mean {str(scope).replace(word, near[0])!r}?" if near else f"there are {', '.join(sorted(known))}"
    newer = f"(if it is newer than the library, give Scope({scope.family!r}, {scope.level!r}))"
    return ValueError(f"the scope {str(scope)!r} has an unknown {kind}; {hint} {newer}")


UNDECLARED = ("nfs",)
"""Families whose scopes are not published; that the name is theirs is a guess."""
AnyScopes: TypeAlias = "Scope | str | Iterable[Scope | str]"
"""A scope, a string of scopes, or an iterable of these, as parameters for scopes accept."""


def _each(scopes: AnyScopes) -> Iterator[Scope]:
    if isinstance(scopes, Scope):
        yield scopes
    elif isinstance(scopes, str):
        for word in scopes.replace(",", " ").split():
            family, _, level = word.partition(":")
            yield Scope(family, level or "*")
    elif isinstance(scopes, Iterable):
        for scope in scopes:
            yield from _each(scope)
    else:
        raise TypeError(f"scopes must be OAuthScopes, a str or a list of these, not {type(scopes).__name__}")
