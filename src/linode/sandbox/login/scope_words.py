"""What an application can ask a user for, in the words of scopes and of people, and the word for no."""

from __future__ import annotations

from linode.scopes import LEVELS_OF_2016, Family, OAuthScopes, Scope

FAMILIES = {each._name: each for each in vars(OAuthScopes).values() if isinstance(each, Family)}
"""What the library declares of the families of scopes, by their names."""
FAMILIES["nfs"] = type(OAuthScopes.VPC)("nfs", "your NFS storage")
"""A guess, and so not declared: there are tokens for NFS storage alone, but the word of the scope is not published."""
DEEDS = {"read_only": "see", "view": "see", "modify": "see and change", "create": "see, change and create"}


class Denied(Exception):
    """A refusal in the words of OAuth: ``error`` is one of the standard's codes."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error, description)
        self.error = error
        self.description = description
        self.status = status


def known_scopes(text: str, *, old: bool) -> OAuthScopes:
    """The scopes in *text*; raise `Denied` for one that the service (of 2016: *old*) does not have."""
    scopes = OAuthScopes(text)
    for scope in scopes:
        if scope != Scope("*") and not _exists(scope, old=old):
            raise Denied("invalid_scope", f"There is no scope {scope}.")
    return scopes


def _exists(scope: Scope, *, old: bool) -> bool:
    family = FAMILIES.get(scope.family)
    levels = set() if family is None else {level for level in family.levels if (level in LEVELS_OF_2016) == old}
    return bool(levels) and scope.level in (*levels, "*")


def in_words(scope: Scope) -> str:
    """*scope* as a person would say it."""
    if scope.family == "*":
        return "see, change, create and delete everything in your account"
    return f"{DEEDS.get(scope.level, 'see, change, create and delete')} {FAMILIES[scope.family]._words}"
