"""The results of logins: grants, the parameters of a redirect and PKCE pairs; and how they are read from responses."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from ._secrets import redact_text, redact_tracebacks
from .errors import OAuthError, excerpt
from .scopes import AnyScopes, OAuthScopes

__all__ = ["OAuthGrant", "OAuthRedirect", "Pkce"]


class OAuthGrant(tuple[str, OAuthScopes]):  # noqa: SLOT001 - a tuple for its types when unpacked; slots cannot be added
    """A grant of the login service. Unpacks to ``token, scopes``.

    All other attributes are None if the service does not return them; that of 2016 returned none.
    """

    expires_in: int | None
    """Seconds from the response to the token's expiry."""
    expiry: datetime | None
    """Time of the token's expiry by the local clock (aware, UTC)."""
    refresh_token: str | None
    """Refresh token, valid for one ``refresh()``."""
    token_type: str | None
    """Type of the token: ``bearer``."""
    username: str | None
    """Name of the user who logged in."""
    email: str | None
    """E-mail address of the user who logged in."""

    def __new__(
        cls,
        token: str,
        scopes: AnyScopes,
        *,
        expires_in: int | None = None,
        refresh_token: str | None = None,
        token_type: str | None = None,
        username: str | None = None,
        email: str | None = None,
    ) -> Self:
        self = super().__new__(cls, (token, OAuthScopes(scopes)))
        self.expires_in = expires_in
        self.expiry = None if expires_in is None else datetime.now(UTC) + timedelta(seconds=expires_in)
        self.refresh_token = refresh_token
        self.token_type = token_type
        self.username = username
        self.email = email
        return self

    @property
    def token(self) -> str:
        """The token for ``LinodeClient``."""
        return self[0]

    @property
    def scopes(self) -> OAuthScopes:
        """The granted scopes, which may be fewer than those requested."""
        return self[1]

    @property
    def user(self) -> str | None:
        """An alias of ``username``."""
        return self.username

    def __getnewargs__(self) -> tuple[str, OAuthScopes]:
        return self[0], self[1]

    def __repr__(self) -> str:
        ends = f", expiry={self.expiry.isoformat(timespec='seconds')}" if self.expiry else ""
        again = ", refresh_token=<hidden>" if self.refresh_token else ""
        return f"OAuthGrant(token=<hidden>, scopes={str(self.scopes)!r}{ends}{again})"


@dataclass(frozen=True, slots=True)
class OAuthRedirect:
    """Parameters that the login service added to the redirect URI: the code, and in 2016 the user's name."""

    code: str = field(repr=False)
    state: str | None = field(default=None, repr=False)
    username: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Pkce:
    """A PKCE pair for one login (RFC 7636): the *challenge* is sent in the login URL, the *verifier* with the code."""

    verifier: str = field(repr=False)
    challenge: str

    @classmethod
    @redact_tracebacks
    def of(cls, verifier: str) -> Pkce:
        """The pair with the S256 challenge of *verifier*."""
        digest = hashlib.sha256(verifier.encode("ascii")).digest()
        return cls(verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"))


# -- responses ---------------------------------------------------------------------------------------------------------

_WHO = "the login service"


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise OAuthError(f"the response of {_WHO} is not JSON", status=200) from error
    if not isinstance(answer, dict):
        raise OAuthError(f"the response of {_WHO} is not a JSON object", status=200)
    return answer


def refusal(status: int, content: bytes, hidden: list[str]) -> OAuthError:
    """The error for a status other than 200, with the service's reason if it has one, without the secrets sent."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    members = answer if isinstance(answer, dict) else {}
    code = members["error"] if isinstance(members.get("error"), str) else None
    why = str(members.get("error_description") or _reasons(members) or "no reason given")
    why = redact_text(why, hidden)
    code = None if code is None else redact_text(code, hidden)
    return OAuthError(
        f"{_WHO} refused ({status}{f' {excerpt(code)}' if code else ''}): {excerpt(why)}", status=status, error=code
    )


def _reasons(answer: dict[str, Any]) -> str:
    errors = answer.get("errors")
    listed = errors if isinstance(errors, list) else []
    return "; ".join(str(entry["reason"]) for entry in listed if isinstance(entry, dict) and "reason" in entry)


def grant(content: bytes, redirect: OAuthRedirect | None) -> OAuthGrant:
    """The grant in *content*, a response of the login service. Raises `OAuthError`."""
    answer = _object(content)
    token = _string(answer, "access_token")
    if not token:
        raise OAuthError(f"the response of {_WHO} has no access_token", status=200)
    if "scope" not in answer and "scopes" not in answer:
        raise OAuthError(f"the response of {_WHO} has no scopes", status=200)
    return OAuthGrant(
        token,
        _string(answer, "scope") or _string(answer, "scopes") or "",
        expires_in=_seconds(answer.get("expires_in")),
        refresh_token=_string(answer, "refresh_token"),
        token_type=_string(answer, "token_type"),
        username=_string(answer, "username") or (redirect.username if redirect else None),
        email=_string(answer, "email") or (redirect.email if redirect else None),
    )


def _string(answer: dict[str, Any], name: str) -> str | None:
    value = answer.get(name)
    if value is not None and not isinstance(value, str):
        raise OAuthError(f"the {name} in the response of {_WHO} is not a string", status=200)
    return value


def _seconds(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:12])
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**10:
        raise OAuthError(f"the expires_in in the response of {_WHO} is not a number of seconds", status=200)
    return value
