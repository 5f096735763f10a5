"""The scopes that an application can request, their descriptions for users, and the refusal of a request."""

from __future__ import annotations

from linode.scopes import LEVELS_OF_2016, Family, OAuthScopes, Scope

FAMILIES = {each._name: each for each in vars(OAuthScopes).values() if isinstance(each, Family)}
"""The library's families of scopes, by name."""
FAMILIES["nfs"] = type(OAuthScopes.VPC)("nfs", "your NFS storage")
"""A guess, and so not declared: tokens for NFS storage alone exist, but the name of the scope is not published."""
VERBS = {"read_only": "see", "view": "see", "modify": "see and change", "create": "see, change and create"}


class Denied(Exception):
    """A refusal of the login service; ``error`` is an error code of OAuth."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error, description)
        self.error = error
        self.description = description
        self.status = status


def known_scopes(requested: str, *, old: bool) -> OAuthScopes:
    """Parse the *requested* scopes. Raises `Denied` for one that the service (*old*: that of 2016) does not have."""
    scopes = OAuthScopes(requested)
    for scope in scopes:
        if scope != Scope("*") and not _exists(scope, old=old):
            raise Denied("invalid_scope", f"The scope {scope} does not exist.")
    return scopes


def _exists(scope: Scope, *, old: bool) -> bool:
    family = FAMILIES.get(scope.family)
    levels = set() if family is None else {level for level in family.levels if (level in LEVELS_OF_2016) == old}
    return bool(levels) and scope.level in (*levels, "*")


def in_words(scope: Scope) -> str:
    """The description of *scope* for users."""
    if scope.family == "*":
        return "see, change, create and delete everything in your account"
    return f"{VERBS.get(scope.level, 'see, change, create and delete')} {FAMILIES[scope.family]._words}"
