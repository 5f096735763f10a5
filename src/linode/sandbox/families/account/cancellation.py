"""Cancellation of the account. That all logins and tokens end, and the words for a refused payment, are guesses."""

from __future__ import annotations

from linode.api.account.account import Account
from linode.sandbox.core.kind import KINDS
from linode.sandbox.engine.registry import Refused, Row, World, on

from .account import account
from .other_accounts import close_account

__all__ = ["cancel"]

OF_LOGINS = ("LoginSession", "LoginCode", "RefreshToken", "Token", "User")


@on(Account.cancel)
def cancel(world: World, comments: str = "") -> Row:  # noqa: ARG001  the comments are not stored
    """Delete all objects of the account, including its users: no login is possible until the sandbox is reset."""
    known = account(world)
    if known["balance"] > 0 and known["credit_card"]["last_four"] is None:
        raise Refused("The outstanding balance could not be charged", status=409)  # own words
    for kind in [each for each in KINDS.values() if each.grant.type]:
        for row in world.rows(kind.of):
            if kind.grant.owns(row):
                world.remove(row)
    for table in OF_LOGINS:
        for row in world.rows(table):
            if table == "Token":
                world.identity.revoke_token(row)
            else:
                world.remove(row)
    close_account(world)
    return {"survey_link": f"{world.base_url}/survey"}  # a guess: the API's own address is not on record
