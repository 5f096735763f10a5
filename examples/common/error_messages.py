"""Errors of Linode, explained to a visitor."""

from __future__ import annotations

from typing import NamedTuple

import linode


class ErrorMessage(NamedTuple):
    """A status for the page, a heading, and what it means for the visitor."""

    status: int
    title: str
    text: str


SOLD_OUT = ("sold out", "capacity", "not available", "not currently available", "unavailable", "stock")
UNPAID = ("payment", "billing", "past due", "credit card")
LIMIT, INACTIVE = ("account limit",), ("must be activated",)

DOWN = ErrorMessage(
    503, "Linode does not respond", "The API of Linode cannot be reached at the moment. Try again in a few minutes."
)
MAINTENANCE = ErrorMessage(
    503, "Linode is under maintenance", "The API of Linode is closed for maintenance. Try again in about an hour."
)
BUSY = ErrorMessage(503, "Too many requests", "Linode limits how often it can be asked. Try again in a minute.")
NO_ACCESS = ErrorMessage(502, "No access to Linode", "The access to the account has expired, or was revoked.")
NO_LOGIN = ErrorMessage(
    502, "The login was not completed", "This login was used before, or took too long. Start again."
)
NOT_ALLOWED = ErrorMessage(
    502, "Not allowed", "This user of the Linode account does not have the necessary permissions."
)
TOO_LONG = ErrorMessage(
    504, "Linode took too long", "Linode did not finish in time. Look at the account before you try again."
)
FAILED = ErrorMessage(502, "Linode could not finish", "The job failed at Linode. Try again, perhaps in another region.")
UNPAID_BILL = ErrorMessage(402, "The payment was refused", "The account needs a valid payment method first.")
NONE_LEFT = ErrorMessage(409, "Sold out", "This plan is sold out in this region. Choose another plan or region.")
FULL = ErrorMessage(
    409,
    "The account has reached its limit",
    "Linode allows no more servers in the account. Its owner can ask Linode for more.",
)
NOT_ACTIVE = ErrorMessage(
    403,
    "The account is not active yet",
    "Linode has to activate the account first, and sends a message when that is done.",
)
IN_HAND = ErrorMessage(
    409, "The server is busy", "The server is still working on an earlier request. Try again in a minute."
)

BY_WORDS = {UNPAID: UNPAID_BILL, LIMIT: FULL, INACTIVE: NOT_ACTIVE, SOLD_OUT: NONE_LEFT}
"""Causes by the API's message, where one status has several meanings."""

BY_CLASS = {
    linode.MaintenanceError: MAINTENANCE,
    linode.RateLimitedError: BUSY,
    linode.AuthenticationError: NO_ACCESS,
    linode.WaitTimeoutError: TOO_LONG,
    linode.EventFailedError: FAILED,
}


def explain(error: linode.LinodeError) -> ErrorMessage:
    """Explain *error* to a visitor."""
    if isinstance(error, linode.LinodeBusyError):
        return IN_HAND
    if isinstance(error, linode.ApiError) and error.status in (400, 402, 403, 404, 409):
        return _refused(error)
    if isinstance(error, linode.OAuthError):
        return BUSY if error.status == 429 else DOWN if (error.status or 400) >= 500 else NO_LOGIN
    return next((trouble for cls, trouble in BY_CLASS.items() if isinstance(error, cls)), DOWN)


def _refused(error: linode.ApiError) -> ErrorMessage:
    said = "; ".join(str(reason) for reason in error.reasons)
    if error.status == 402:
        return UNPAID_BILL
    for words, trouble in BY_WORDS.items():
        if any(word in said.lower() for word in words):
            return trouble
    if isinstance(error, linode.AuthorizationError):
        return NOT_ALLOWED
    return ErrorMessage(502, "Linode refused", f"Linode says: {said}" if said else "Linode gave no reason.")


def passing(error: linode.LinodeError) -> bool:
    """Whether the same request may succeed later without anybody changing anything."""
    return explain(error) in (DOWN, MAINTENANCE, BUSY)
