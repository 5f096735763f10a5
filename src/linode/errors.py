"""The exceptions of the library, as one tree.

::

    LinodeError
    ├── ApiError                     the API answered with a status other than 2xx
    │   ├── InvalidRequestError      400  the input is invalid
    │   │   └── LinodeBusyError      400  ``Linode busy.``: the Linode has another job
    │   ├── AuthenticationError      401  the token is invalid
    │   ├── AuthorizationError       403  the token or the user lacks the permission (also 401 for a missing scope)
    │   ├── NotFoundError            404  the object or the path does not exist
    │   ├── ConflictError            409  the object's state does not allow the operation
    │   ├── RateLimitedError         429  too many requests (420 in 2016)
    │   └── ServerError              5xx  an error of the API, or of a proxy in front of it
    │       └── MaintenanceError     503  maintenance, announced by ``X-Maintenance-Mode``
    ├── UnexpectedResponseError      the response is not in the documented format (HTML, invalid JSON, another shape)
    ├── TransportError               no response: the connection failed
    │   ├── ConnectionFailedError    ... before anything was sent
    │   │   └── CertificateError     ... because the server's certificate was refused
    │   └── RequestTimeoutError      ... or took too long
    ├── OutcomeUnknownError          the API may have carried out the request; this cannot be found out
    ├── DryRunError                  the result of a write is unknown in a dry run
    ├── ExistsDifferentlyError       an object that was to be ensured exists with other options
    ├── ListChangedError             a list kept changing while it was read
    ├── UnsupportedError             the API at this address does not have the operation (the API of 2016 has few)
    ├── NotLoadedError               a field was read that is not loaded and cannot be fetched here
    ├── EventFailedError             the job of an object that was waited for has failed
    ├── WaitTimeoutError             a wait reached its time limit
    └── OAuthError                   the login service refused a request, or its response is invalid

Invalid input (a misspelt option, an ID that is not a path segment, a filter on a field that the API cannot filter)
raises Python's own ``TypeError``, ``ValueError`` or ``AttributeError``, before any request.
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
    "DryRunError",
    "EventFailedError",
    "ExistsDifferentlyError",
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


MAX_REASONS = 5
"""Maximum number of reasons in the message of an error."""
ABSURD = 1e9
"""Maximum plausible ``Retry-After`` in seconds."""


def excerpt(text: str, most: int = 300) -> str:
    """The first *most* characters of *text*: strings from a server may have any length."""
    return text if len(text) <= most else f"{text[:most]}..."


class LinodeError(Exception):
    """The base class of the library's exceptions."""


class Reason(NamedTuple):
    """One reason of an API error, with the member of the input that it refers to."""

    reason: str
    field: str | None = None

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}" if self.field else self.reason


class ApiError(LinodeError):
    """The API returned an error.

    ``status`` is the HTTP status, ``reasons`` are all reasons with their fields, ``method`` and ``path`` those of the
    request, ``headers`` those of the response (names in lower case).
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
        reasons = "; ".join(excerpt(str(each)) for each in self.reasons[:MAX_REASONS]) or "no reason given"
        if len(self.reasons) > MAX_REASONS:
            reasons += f"; and {len(self.reasons) - MAX_REASONS} more"
        return f"{self.method} {self.path}: [{self.status}] {reasons}".lstrip(" :")

    def __reduce__(self) -> Any:
        return _restore, (type(self), self.status, self.reasons, self.method, self.path, self.headers)

    @property
    def fields(self) -> dict[str, list[str]]:
        """The reasons by field; reasons without a field are under ``""``."""
        found: dict[str, list[str]] = {}
        for reason in self.reasons:
            found.setdefault(reason.field or "", []).append(reason.reason)
        return found

    @property
    def retry_after(self) -> float | None:
        """Seconds until the request may be repeated (``Retry-After``); None if the header is missing or invalid.

        Linode sends the header with every response, as the rest of the rate limit's window. So it counts only with
        status 429, and where the response shows no rate limit that has calls left.
        """
        only_the_window = self.status != 429 and self.headers.get("x-ratelimit-remaining", "0") != "0"
        return None if only_the_window else _seconds(self.headers)


def _seconds(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    from email.utils import parsedate_to_datetime

    try:
        seconds = float(value)
    except ValueError:
        try:
            until = parsedate_to_datetime(value)
            seconds = (until - parsedate_to_datetime(headers["date"])).total_seconds()
        except (ValueError, TypeError, KeyError, IndexError, OverflowError):
            return None
    return seconds if 0 <= seconds <= ABSURD else None


def _restore(cls: type[ApiError], status: int, reasons: Any, method: str, path: str, headers: Any) -> ApiError:
    return cls(status, reasons, method=method, path=path, headers=headers)


class InvalidRequestError(ApiError):
    """400: the input is invalid; ``reasons`` name the fields."""


class LinodeBusyError(InvalidRequestError):
    """400 with ``Linode busy.``: the Linode has another job; retry when it is done (``Retry.retry_busy``)."""

    def __str__(self) -> str:
        cure = "wait for the job of the Linode, or give the client retry=Retry(retry_busy=True)"
        return f"{super().__str__().removesuffix('.')}; {cure}"


class AuthenticationError(ApiError):
    """401: the token is missing, invalid, expired or revoked. ``without_token`` is whether none was sent."""

    without_token = False

    def __str__(self) -> str:
        cure = "; no token was sent: give LinodeClient(token), or set LINODE_TOKEN" if self.without_token else ""
        return f"{super().__str__()}{cure}"

    def __reduce__(self) -> Any:
        return (*super().__reduce__(), {"without_token": self.without_token})


class AuthorizationError(ApiError):
    """403 (or 401 for a missing scope): the token or its user lacks the permission."""

    def __str__(self) -> str:
        missing = self.missing_scopes
        text = super().__str__()
        return f"{text.removesuffix('.')}; the token lacks the scope {missing}" if missing else text

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
    """404: the object or the path does not exist."""


class ConflictError(ApiError):
    """409: the object's state does not allow the operation."""


class RateLimitedError(ApiError):
    """429 (420 in 2016): too many requests; ``retry_after`` is the number of seconds to wait.

    The client also raises it, without a request, if the rate limit is used up for longer than
    ``Retry.max_rate_limit_wait``.
    """

    def __str__(self) -> str:
        after = self.retry_after
        return super().__str__() + ("" if after is None else f"; retry in {after:g} s")


class ServerError(ApiError):
    """5xx: an error of the API, or of a proxy in front of it."""


class MaintenanceError(ServerError):
    """503 with ``X-Maintenance-Mode``: the API is closed for maintenance."""


class UnexpectedResponseError(LinodeError):
    """The API returned a successful response that is not in the documented format; the cause is attached."""


class TransportError(LinodeError):
    """The request got no response; the cause is attached. It is unknown whether the API has carried it out."""


class ConnectionFailedError(TransportError):
    """No connection was established: the API has certainly not received the request."""


class CertificateError(ConnectionFailedError):
    """The server's certificate was refused; the request is not retried. ``verify=`` names other CA certificates."""


class RequestTimeoutError(TransportError):
    """No response within the time limit."""


class OutcomeUnknownError(LinodeError):
    """The response to a request was lost, and the API may have carried it out; the cause is attached.

    ``method`` and ``path`` are those of the request. Check its effect before repeating it.
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


class DryRunError(LinodeError):
    """In a dry run: a result that only the response to a write has, or a field of an object that does not exist."""


class ExistsDifferentlyError(LinodeError):
    """An object that was to be ensured exists and differs from the arguments; it was not changed.

    ``found`` is the object, ``differences`` are the members that differ: ``{"size": (wanted, found)}``.
    """

    def __init__(self, found: Any, differences: Mapping[str, tuple[Any, Any]]) -> None:
        self.found = found
        self.differences = dict(differences)
        shown = "; ".join(f"{key} is {now!r}, not {wanted!r}" for key, (wanted, now) in self.differences.items())
        super().__init__(f"{found!r} exists and differs: {excerpt(shown)}")

    def __reduce__(self) -> Any:
        return type(self), (self.found, self.differences)


class ListChangedError(LinodeError):
    """A list changed during every attempt to read it completely."""


class UnsupportedError(LinodeError, TypeError):
    """The API does not have the operation: the API of 2016 has fewer than today's."""


class NotLoadedError(LinodeError):
    """A field was read that is not loaded, and fetching it needs an ``await`` or a client."""


class EventFailedError(LinodeError):
    """The job of an object that was waited for failed, or the object was deleted; ``event`` is the event or None."""

    def __init__(self, message: str, event: Any = None) -> None:
        self.event = event
        super().__init__(message)


class WaitTimeoutError(LinodeError):
    """A wait reached its time limit."""


class OAuthError(LinodeError):
    """The login service refused a request, or its response is invalid.

    ``status`` is the HTTP status (None if there was no response), ``error`` the service's error code.
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
    """Create the error of the class for *status*, *reasons* and *headers*."""
    cls = _BY_STATUS.get(status, ServerError if status >= 500 else ApiError)
    if status == 400 and any(each.reason == "Linode busy." for each in reasons):
        cls = LinodeBusyError
    if status == 401 and any("not authorized" in reason.reason for reason in reasons):
        cls = AuthorizationError
    if status == 503 and "x-maintenance-mode" in headers:
        cls = MaintenanceError
    return cls(status, reasons, method=method, path=path, headers=headers)
