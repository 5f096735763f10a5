"""What goes wrong with Linode, in words for a visitor."""

from __future__ import annotations

from typing import NamedTuple

import linode


class Trouble(NamedTuple):
    """A status for the page, a heading, and what it means for the visitor."""

    status: int
    title: str
    text: str


SOLD_OUT = ("sold out", "capacity", "not available", "not currently available", "unavailable", "stock")
UNPAID = ("payment", "billing", "past due", "credit card")
LIMIT, INACTIVE = ("account limit",), ("must be activated",)

DOWN = Trouble(503, "Linode does not answer", "It cannot be reached just now. Try again in a few minutes.")
MAINTENANCE = Trouble(503, "Linode is being worked on", "Its API is closed for a while. Try again in an hour or so.")
BUSY = Trouble(503, "Too much at once", "Linode asks for a pause. Try again in a minute.")
NO_ACCESS = Trouble(502, "Linode let nobody in", "The access that was given has ended, or was taken back.")
NO_LOGIN = Trouble(502, "The login was not finished", "It was used before, or took too long. Please begin again.")
NOT_ALLOWED = Trouble(502, "Not allowed", "This user of the Linode account may not do what is needed here.")
TOO_LONG = Trouble(504, "It takes too long", "Linode has not finished in time. Look into the account first.")
FAILED = Trouble(502, "It went wrong at Linode", "Linode could not finish. Try again, perhaps in another region.")
UNPAID_BILL = Trouble(402, "The payment was refused", "Linode wants a valid way of payment in the account first.")
NONE_LEFT = Trouble(409, "Sold out", "There is none of this plan left in this region. Choose another plan or region.")
FULL = Trouble(409, "The account is full", "Linode allows it no more servers. Its owner can ask Linode for more.")
NOT_ACTIVE = Trouble(403, "The account is not active yet", "Linode has to activate it first; it writes when it has.")
IN_HAND = Trouble(409, "One thing at a time", "The server is still at what was asked before. Try again in a minute.")

BY_WORDS = {UNPAID: UNPAID_BILL, LIMIT: FULL, INACTIVE: NOT_ACTIVE, SOLD_OUT: NONE_LEFT}
"""What the API says decides, where one status stands for many things."""

BY_CLASS = {
    linode.MaintenanceError: MAINTENANCE,
    linode.RateLimitedError: BUSY,
    linode.AuthenticationError: NO_ACCESS,
    linode.WaitTimeoutError: TOO_LONG,
    linode.EventFailedError: FAILED,
}


def explain(error: linode.LinodeError) -> Trouble:
    """What to tell a visitor about *error*."""
    if isinstance(error, linode.LinodeBusyError):
        return IN_HAND
    if isinstance(error, linode.ApiError) and error.status in (400, 402, 403, 404, 409):
        return _refused(error)
    if isinstance(error, linode.OAuthError):
        return BUSY if error.status == 429 else DOWN if (error.status or 400) >= 500 else NO_LOGIN
    return next((trouble for cls, trouble in BY_CLASS.items() if isinstance(error, cls)), DOWN)


def _refused(error: linode.ApiError) -> Trouble:
    said = "; ".join(str(reason) for reason in error.reasons)
    if error.status == 402:
        return UNPAID_BILL
    for words, trouble in BY_WORDS.items():
        if any(word in said.lower() for word in words):
            return trouble
    if isinstance(error, linode.AuthorizationError):
        return NOT_ALLOWED
    return Trouble(502, "Linode refused", f"It says: {said}" if said else "It gave no reason.")


def passing(error: linode.LinodeError) -> bool:
    """Whether the same may work in a while, without anybody doing anything."""
    return explain(error) in (DOWN, MAINTENANCE, BUSY)
