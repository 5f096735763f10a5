"""What an application can ask a user for, in the words of scopes and of people, and the word for no."""

from __future__ import annotations

from linode.scopes import OAuthScopes, Scope

FAMILIES = {
    "account": "your account: profile, users, settings and billing",
    "child_account": "your child accounts",
    "databases": "your databases",
    "dnszones": "your DNS zones",
    "domains": "your domains",
    "events": "your account's events",
    "firewall": "your firewalls",
    "images": "your images",
    "ips": "your IP addresses",
    "linodes": "your Linodes",
    "lke": "your Kubernetes clusters",
    "longview": "your Longview clients",
    "monitor": "your monitoring",
    "nodebalancers": "your NodeBalancers",
    "object_storage": "your object storage",
    "stackscripts": "your StackScripts",
    "volumes": "your volumes",
    "vpc": "your VPCs",
    "zones": "your DNS zones",
}
FAMILIES_OF_2016 = ("dnszones", "linodes", "stackscripts", "zones")
ONLY_OF_2016 = ("dnszones", "zones")
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
    if old:
        return scope.family in FAMILIES_OF_2016 and scope.level in ("view", "modify", "create", "delete", "*")
    families = FAMILIES.keys() - ONLY_OF_2016
    return scope.family in families and scope.level in ("read_only", "read_write", "*")


def in_words(scope: Scope) -> str:
    """*scope* as a person would say it."""
    if scope.family == "*":
        return "see, change, create and delete everything in your account"
    return f"{DEEDS.get(scope.level, 'see, change, create and delete')} {FAMILIES[scope.family]}"
