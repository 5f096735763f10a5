"""What can go wrong, as one tree.

::

    LinodeError
    ├── ApiError                     the API answered with a status other than 2xx
    │   ├── InvalidRequestError      400  it refused the input
    │   │   └── LinodeBusyError      400  ... for now: another job has the Linode
    │   ├── AuthenticationError      401  it does not know the token
    │   ├── AuthorizationError       403  the token or the user may not do this (also 401 for a missing scope)
    │   ├── NotFoundError            404  there is no such object or path
    │   ├── ConflictError            409
    │   ├── RateLimitedError         429  too many requests (420 in 2016)
    │   └── ServerError              5xx  trouble on the API's side
    │       └── MaintenanceError     503  announced by ``X-Maintenance-Mode``
    ├── UnexpectedResponseError      the answer is not what the API promises (HTML, broken JSON, another shape)
    ├── TransportError               no answer: the connection failed
    │   ├── ConnectionFailedError    ... before anything was sent
    │   │   └── CertificateError     ... because the certificate of the other side was refused
    │   └── RequestTimeoutError      ... or took too long
    ├── OutcomeUnknownError          whether the API has done what it was asked cannot be found out
    ├── ListChangedError             a list kept changing while it was read
    ├── UnsupportedError             the API at this address has no such operation (the one of 2016 has few)
    ├── NotLoadedError               a field was read that has not come yet and cannot be fetched here
    ├── EventFailedError             what was waited for has failed, says its event
    ├── WaitTimeoutError             what was waited for did not happen in time
    └── OAuthError                   the login service refused, or answered what it should not

Input that can never work (a misspelt option, an id that is no path segment, a filter on a field that the API cannot
filter) raises Python's own ``TypeError``, ``ValueError`` or ``AttributeError``, before any request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

__all__ = [
    "ApiError",
    "AuthenticationError",
    "AuthorizationError",
    "CertificateError",
    "ConflictError",
    "ConnectionFailedError",
    "EventFailedError",
    "InvalidRequestError",
    "LinodeBusyError",
    "LinodeError",
    "ListChangedError",
    "MaintenanceError",
    "NotFoundError",
    "NotLoadedError",
    "OAuthError",
    "OutcomeUnknownError",
    "RateLimitedError",
    "Reason",
    "RequestTimeoutError",
    "ServerError",
    "TransportError",
    "UnexpectedResponseError",
    "UnsupportedError",
    "WaitTimeoutError",
]


SAID = 5
"""So many reasons are said in the message of an error."""
ABSURD = 1e9
"""Nobody comes back after more seconds than that."""


def excerpt(text: str, most: int = 300) -> str:
    """The beginning of *text*, *most* characters: what a server sends has no end by itself."""
    return text if len(text) <= most else f"{text[:most]}..."


class LinodeError(Exception):
    """Everything that this library raises of its own."""


class Reason(NamedTuple):
    """One entry of an API error: why, and which member of the input it is about."""

    reason: str
    field: str | None = None

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}" if self.field else self.reason


class ApiError(LinodeError):
    """The API answered with an error.

    ``status`` is the HTTP status, ``reasons`` every reason with its field, ``method`` and ``path`` the request's,
    ``headers`` the answer's (names in lower case).
    """

    def __init__(
        self,
        status: int,
        reasons: Sequence[Reason] = (),
        *,
        method: str = "",
        path: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.reasons = tuple(reasons)
        self.method = method
        self.path = path
        self.headers = dict(headers or {})
        super().__init__(status, self.reasons)

    def __str__(self) -> str:
        said = "; ".join(excerpt(str(each)) for each in self.reasons[:SAID]) or "no reason given"
        if len(self.reasons) > SAID:
            said += f"; and {len(self.reasons) - SAID} more"
        return f"{self.method} {self.path}: [{self.status}] {said}".lstrip(" :")

    def __reduce__(self) -> Any:
        return _restore, (type(self), self.status, self.reasons, self.method, self.path, self.headers)

    @property
    def fields(self) -> dict[str, list[str]]:
        """The reasons by the field they name; those without one under ``""``."""
        found: dict[str, list[str]] = {}
        for reason in self.reasons:
            found.setdefault(reason.field or "", []).append(reason.reason)
        return found

    @property
    def retry_after(self) -> float | None:
        """In how many seconds to come back, where the answer tells (``Retry-After``) and it makes sense."""
        return _seconds(self.headers)


def _seconds(headers: Mapping[str, str]) -> float | None:
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    from email.utils import parsedate_to_datetime

    try:
        seconds = float(text)
    except ValueError:
        try:
            until = parsedate_to_datetime(text)
            seconds = (until - parsedate_to_datetime(headers["date"])).total_seconds()
        except (ValueError, TypeError, KeyError, IndexError, OverflowError):
            return None
    return seconds if 0 <= seconds <= ABSURD else None


def _restore(cls: type[ApiError], status: int, reasons: Any, method: str, path: str, headers: Any) -> ApiError:
    return cls(status, reasons, method=method, path=path, headers=headers)


class InvalidRequestError(ApiError):
    """400: the API refused the input; ``reasons`` name the fields."""


class LinodeBusyError(InvalidRequestError):
    """400 with ``Linode busy.``: another job has the Linode; try again when that is done (``Retry.retry_busy``)."""


class AuthenticationError(ApiError):
    """401: the token is missing, wrong, expired or revoked."""


class AuthorizationError(ApiError):
    """403 (or 401 for a missing scope): the token or its user may not do this."""

    def __str__(self) -> str:
        missing = self.missing_scopes
        return super().__str__() + (f"; the token lacks the scope {missing}" if missing else "")

    @property
    def missing_scopes(self) -> str:
        """The scopes that the call needs and the token lacks, as text; empty when the answer's headers name none."""
        from .scopes import OAuthScopes

        needed = self.headers.get("x-accepted-oauth-scopes", "")
        has = self.headers.get("x-oauth-scopes", "")
        if needed in ("", "*") or has in ("", "unknown"):
            return ""
        return str(OAuthScopes(has).missing(needed))


class NotFoundError(ApiError):
    """404: no such object, or no such path."""


class ConflictError(ApiError):
    """409: the object's state does not allow this."""


class RateLimitedError(ApiError):
    """429 (420 in 2016): too many requests; ``retry_after`` tells when to come back.

    Also when the client knows that the API would refuse and the wait is longer than ``Retry.max_rate_limit_wait``.
    """

    def __str__(self) -> str:
        after = self.retry_after
        return super().__str__() + ("" if after is None else f"; come back in {after:g} s")


class ServerError(ApiError):
    """5xx: the API, or something before it, is in trouble."""


class MaintenanceError(ServerError):
    """503 with ``X-Maintenance-Mode``: the API is closed for work on it."""


class UnexpectedResponseError(LinodeError):
    """The API answered with success, but not with what it promises; the cause is attached."""


class TransportError(LinodeError):
    """The request got no answer; the cause is attached. Whether it was carried out is unknown unless it was a read."""


class ConnectionFailedError(TransportError):
    """No connection could be made: the API has certainly not seen the request."""


class CertificateError(ConnectionFailedError):
    """The certificate of the other side was refused; it is not tried again. ``verify=`` names other authorities."""


class RequestTimeoutError(TransportError):
    """No answer within the time limit."""


class OutcomeUnknownError(LinodeError):
    """A request may have been carried out, and its answer was lost; the cause is attached.

    ``method`` and ``path`` are the request's. Sending it again might do it twice: look first.
    """

    def __init__(self, method: str, path: str, why: str) -> None:
        self.method = method
        self.path = path
        super().__init__(
            f"the outcome of {method} {path} is unknown ({why}): it may have taken effect; check before retrying"
        )

    def __reduce__(self) -> Any:
        return _restore_unknown, (self.method, self.path, self.args[0])


def _restore_unknown(method: str, path: str, message: str) -> OutcomeUnknownError:
    made = OutcomeUnknownError(method, path, "")
    made.args = (message,)
    return made


class ListChangedError(LinodeError):
    """A list changed every time it was read, so that no complete reading could be had."""


class UnsupportedError(LinodeError, TypeError):
    """The API that the client speaks has no such operation: that of 2016 has fewer than today's."""


class NotLoadedError(LinodeError):
    """A field was read that the API has not sent yet, where fetching it needs an ``await`` or a client."""


class EventFailedError(LinodeError):
    """An event that was waited for ended with ``failed``; ``event`` is the event."""

    def __init__(self, message: str, event: Any = None) -> None:
        self.event = event
        super().__init__(message)


class WaitTimeoutError(LinodeError):
    """The time limit of a wait ran out."""


class OAuthError(LinodeError):
    """The login service refused, or its answer cannot be used.

    ``status`` is the HTTP status (None when there was no answer), ``error`` the service's short code.
    """

    def __init__(self, message: str, *, status: int | None = None, error: str | None = None) -> None:
        self.status = status
        self.error = error
        super().__init__(message)


_BY_STATUS: dict[int, type[ApiError]] = {
    400: InvalidRequestError,
    401: AuthenticationError,
    403: AuthorizationError,
    404: NotFoundError,
    409: ConflictError,
    420: RateLimitedError,
    429: RateLimitedError,
}


def api_error(
    status: int, reasons: Sequence[Reason], *, method: str, path: str, headers: Mapping[str, str]
) -> ApiError:
    """The error of the class that *status* (and what goes with it) calls for."""
    cls = _BY_STATUS.get(status, ServerError if status >= 500 else ApiError)
    if status == 400 and any(each.reason == "Linode busy." for each in reasons):
        cls = LinodeBusyError
    if status == 401 and any("not authorized" in reason.reason for reason in reasons):
        cls = AuthorizationError
    if status == 503 and "x-maintenance-mode" in headers:
        cls = MaintenanceError
    return cls(status, reasons, method=method, path=path, headers=headers)
