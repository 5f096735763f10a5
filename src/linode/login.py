"""Logging users in: from a login page of Linode's to a token for the API.

::

    login = LinodeLoginClient("my-client-id", "my-client-secret")
    state = login.new_state()                                       # keep it in the user's session
    url = login.generate_login_url(scopes=OAuthScopes.Linodes.read_write, state=state)
    ...                                                             # the user comes back to your redirect address
    token, scopes = login.finish_oauth(login.read_redirect(address, state=state))

In ``linode.aio`` a client of the same name has what sends something awaited: ``finish_oauth``, ``refresh``, ``revoke``.

Two services are spoken to. Today's is the default. The one of 2016 is meant by a *base_url* whose host has a label
``alpha`` (``https://login.alpha.linode.com``) or whose path begins with ``/alpha``: it knows no ``response_type``, no
PKCE and no refresh tokens, writes scopes with commas, and hands the user's name over in the redirect.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, Generic, NoReturn, ParamSpec, Protocol, Self, TypeVar, overload
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from ._http.transport import AsyncHttpTransport, AsyncTransport, HttpTransport, Request, Transport
from ._secrets import redact_chain, redact_tracebacks, without
from .errors import OAuthError, excerpt
from .scopes import AnyScopes, OAuthScopes, Scope

__all__ = [
    "AsyncLinodeLoginClient",
    "LinodeLoginClient",
    "OAuthGrant",
    "OAuthRedirect",
    "OAuthScopes",
    "Pkce",
    "Scope",
]

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
W = TypeVar("W")

# -- what comes back ---------------------------------------------------------------------------------------------------


class OAuthGrant(tuple[str, OAuthScopes]):  # noqa: SLOT001 - a tuple for its types when unpacked; slots cannot be added
    """What the login service granted. Unpacks to ``token, scopes``.

    Apart from these two everything is None where the service does not tell it (in 2016 it told no more).
    """

    expires_in: int | None
    """Seconds from the answer to the end of the token."""
    expiry: datetime | None
    """When the token ends, by this machine's clock (aware, UTC)."""
    refresh_token: str | None
    """Good for one ``refresh()``."""
    token_type: str | None
    """How the token is to be sent: ``bearer``."""
    username: str | None
    """Who logged in."""
    email: str | None
    """The address of who logged in."""

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
        """The token to give to ``LinodeClient``."""
        return self[0]

    @property
    def scopes(self) -> OAuthScopes:
        """What was granted; it may be less than what was asked."""
        return self[1]

    @property
    def user(self) -> str | None:
        """Another name of ``username``."""
        return self.username

    def __getnewargs__(self) -> tuple[str, OAuthScopes]:
        return self[0], self[1]

    def __repr__(self) -> str:
        ends = f", expiry={self.expiry.isoformat(timespec='seconds')}" if self.expiry else ""
        again = ", refresh_token=<hidden>" if self.refresh_token else ""
        return f"OAuthGrant(token=<hidden>, scopes={str(self.scopes)!r}{ends}{again})"


@dataclass(frozen=True, slots=True)
class OAuthRedirect:
    """What the login service added to the redirect address: the code, and in 2016 who logged in."""

    code: str = field(repr=False)
    state: str | None = field(default=None, repr=False)
    username: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Pkce:
    """A secret of one login and its fingerprint (RFC 7636): the *challenge* goes first, the *verifier* last."""

    verifier: str = field(repr=False)
    challenge: str

    @classmethod
    @redact_tracebacks
    def of(cls, verifier: str) -> Pkce:
        """The pair with the S256 challenge of *verifier*."""
        digest = hashlib.sha256(verifier.encode("ascii")).digest()
        return cls(verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"))


# -- the client --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Exchange(Generic[T]):
    """One form posted to the login service, and how its answer is read. Sending it is the business of others."""

    url: str
    form: Mapping[str, str] = field(repr=False)
    read: Callable[[bytes], T]

    @property
    def secrets(self) -> list[str]:
        """The secrets that go out, which an answer may repeat."""
        return [self.form[name] for name in _SECRETS if name in self.form]

    @property
    def request(self) -> Request:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return Request("POST", self.url, headers, urlencode(self.form).encode("ascii"))

    def answered(self, status: int, content: bytes) -> T:
        if status != 200:
            raise _refusal(status, content, self.secrets)
        return self.read(content)


class _Verb(Protocol[P, T_co]):
    """A method that gives its result, or a coroutine of it, as the client is one that waits or one that is awaited."""

    @overload
    def __get__(self, login: LinodeLoginClient, owner: Any) -> Callable[P, T_co]: ...
    @overload
    def __get__(self, login: AsyncLinodeLoginClient, owner: Any) -> Callable[P, Coroutine[Any, Any, T_co]]: ...


def _verb(describe: Callable[Concatenate[Any, P], _Exchange[T]]) -> _Verb[P, T]:
    """The method that sends what *describe* describes."""

    @redact_tracebacks
    @functools.wraps(describe)
    def send(login: Any, *args: P.args, **kwargs: P.kwargs) -> Any:
        return login._execute(describe(login, *args, **kwargs))

    method: Any = send
    return method  # type: ignore[no-any-return]


class _LoginClient(Generic[W]):
    """All of a login client but the sending: addresses, forms and the reading of answers."""

    _http: Callable[[], W]

    @redact_tracebacks
    def __init__(
        self,
        client_id: str,
        client_secret: str | None = None,
        base_url: str = "https://login.linode.com",
        *,
        redirect_uri: str | None = None,
        transport: W | None = None,
        timeout: float = 30.0,
    ) -> None:
        if not client_id:
            raise ValueError("client_id is empty; register an OAuth application to get one")
        self.client_id = client_id
        self.redirect_uri = redirect_uri
        self.base_url = base_url.rstrip("/")
        self.timeout = timeout
        self._client_secret = client_secret
        self._of_2016 = _is_of_2016(self.base_url)
        self._owned = transport is None
        self._transport: W = self._http() if transport is None else transport
        if isinstance(self._transport, (HttpTransport, AsyncHttpTransport)):
            self._transport.check(self.base_url)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.client_id!r}, base_url={self.base_url!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds a secret and a connection; make a new one where you need it")

    @staticmethod
    def new_state() -> str:
        """A fresh random ``state``: keep it with the user's session, and give it to ``read_redirect``."""
        return secrets.token_urlsafe(32)

    @staticmethod
    def new_pkce() -> Pkce:
        """A fresh pair: the challenge for ``generate_login_url``, the verifier for ``finish_oauth``."""
        return Pkce.of(secrets.token_urlsafe(48))

    @staticmethod
    @redact_tracebacks
    def check_state(expected: str, returned: str | None) -> None:
        """Raise ``OAuthError`` unless the redirect brought back the state that this login began with."""
        if not expected or not hmac.compare_digest(expected.encode(), (returned or "").encode()):
            raise OAuthError(
                "the state of the redirect is not the one this login began with: it may be forged, or belong to "
                "another session; forget it and send the user through generate_login_url again",
                error="state_mismatch",
            )

    @redact_tracebacks
    def generate_login_url(
        self,
        scopes: AnyScopes | None = None,
        *,
        redirect_uri: str | None = None,
        state: str | None = None,
        code_challenge: str | None = None,
        response_type: str | None = None,
    ) -> str:
        """The address to send a user to, who then logs in and consents to *scopes* (none: name and e-mail only).

        *redirect_uri* (default: this client's) is where the user comes back to, as registered. *response_type* is
        ``code`` for today's service and not sent to that of 2016. Raises ``ValueError`` for a *code_challenge* to the
        service of 2016, which would ignore it.
        """
        if self._of_2016 and code_challenge:
            raise ValueError("the login service of 2016 does not know PKCE: leave code_challenge out")
        query = {
            "client_id": self.client_id,
            "scopes": self._written(scopes),
            "redirect_uri": redirect_uri or self.redirect_uri,
            "response_type": response_type or (None if self._of_2016 else "code"),
            "state": state,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256" if code_challenge else None,
        }
        given = {name: value for name, value in query.items() if value}
        return f"{self.base_url}/oauth/authorize?{urlencode(given, quote_via=quote, safe='')}"

    @redact_tracebacks
    def read_redirect(self, address: str, *, state: str | None = None) -> OAuthRedirect:
        """What the redirect *address* (whole, or its query alone) says; give the result to ``finish_oauth``.

        Raises ``OAuthError`` when the user or the service refused (``error`` says which: ``access_denied`` …), when
        there is no code, and, with *state* given, when it is not the one that came back.
        """
        query = address.partition("#")[0].rpartition("?")[2]
        said = {name: values[0] for name, values in parse_qs(query).items()}
        if state is not None:
            self.check_state(state, said.get("state"))
        if "error" in said:
            hide = [said.get(name) for name in ("code", "state")]
            why = excerpt(without(said.get("error_description") or "no reason given", hide))
            refusal = excerpt(without(said["error"], hide))
            raise OAuthError(f"the login was refused ({refusal}): {why}", error=refusal)
        if "code" not in said:
            raise OAuthError("the redirect address has no code; was it cut off?", error="no_code")
        return OAuthRedirect(said["code"], said.get("state"), said.get("username"), said.get("email"))

    @_verb
    def finish_oauth(
        self, code: str | OAuthRedirect, *, redirect_uri: str | None = None, code_verifier: str | None = None
    ) -> _Exchange[OAuthGrant]:
        """Exchange the *code* that the user came back with for a token. Unpacks to ``token, scopes``.

        *code_verifier* belongs to the ``code_challenge`` that the login began with. A code is good for one exchange.
        Raises ``OAuthError`` when the service refuses or its answer is not a grant, ``ValueError`` when there is
        neither a secret nor a verifier.
        """
        if self._client_secret is None and code_verifier is None:
            raise ValueError("a client without client_secret proves itself with PKCE: give code_verifier")
        redirect = code if isinstance(code, OAuthRedirect) else OAuthRedirect(code)
        later = {
            "grant_type": "authorization_code",
            "redirect_uri": redirect_uri or self.redirect_uri,
            "code_verifier": code_verifier,
        }
        form = self._form(code=redirect.code, **({} if self._of_2016 else later))
        return _Exchange(f"{self.base_url}/oauth/token", form, lambda content: _grant(content, redirect))

    @_verb
    def refresh(self, refresh_token: str, *, scopes: AnyScopes | None = None) -> _Exchange[OAuthGrant]:
        """A new token, and a new refresh token, for *refresh_token*; *scopes* can only narrow what was granted.

        Raises ``OAuthError`` when the service refuses, or gives no refresh tokens (2016).
        """
        if self._of_2016:
            raise OAuthError("the login service of 2016 gives no refresh tokens: send the user to log in again")
        form = self._form(grant_type="refresh_token", refresh_token=refresh_token, scope=self._written(scopes))
        return _Exchange(f"{self.base_url}/oauth/token", form, lambda content: _grant(content, None))

    @_verb
    def revoke(self, token: str, *, token_type_hint: str | None = None) -> _Exchange[None]:
        """End *token* (an access token or, today, a refresh token) at once.

        Raises ``OAuthError`` when the service refuses.
        """
        path = "/oauth/token/expire" if self._of_2016 else "/oauth/revoke"
        form = self._form(token=token, token_type_hint=None if self._of_2016 else token_type_hint)
        return _Exchange(self.base_url + path, form, lambda _content: None)

    refresh_oauth_token = refresh
    expire_token = revoke

    def _written(self, scopes: AnyScopes | None) -> str:
        return OAuthScopes.serialize(scopes or (), "," if self._of_2016 else " ")

    def _form(self, **members: str | None) -> dict[str, str]:
        members |= {"client_id": self.client_id, "client_secret": self._client_secret}
        return {name: value for name, value in members.items() if value}


class LinodeLoginClient(_LoginClient[Transport]):
    """Logs users in for the OAuth application *client_id*.

    *client_secret* is left out by applications that cannot keep one; they need PKCE. *redirect_uri* is the registered
    address to come back to. *timeout* is in seconds. A *transport* given stays open when this client is closed.
    """

    _http = HttpTransport

    def _execute(self, exchange: _Exchange[T]) -> T:
        try:
            response = self._transport.send(exchange.request, self.timeout)
        except Exception as error:
            redact_chain(error, exchange.secrets)
            raise
        return exchange.answered(response.status, response.content)

    def close(self) -> None:
        """Close the connections, unless the transport was given."""
        if self._owned:
            self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class AsyncLinodeLoginClient(_LoginClient[AsyncTransport]):
    """Logs users in for the OAuth application *client_id*; what asks the login service is awaited.

    `linode.aio` has it as `LinodeLoginClient`. *client_secret* is left out by applications that cannot keep one; they
    need PKCE. *redirect_uri* is the registered address to come back to. *timeout* is in seconds. A *transport* given
    stays open when this client is closed.
    """

    _http = AsyncHttpTransport

    @redact_tracebacks
    async def _execute(self, exchange: _Exchange[T]) -> T:
        try:
            response = await self._transport.send(exchange.request, self.timeout)
        except Exception as error:
            redact_chain(error, exchange.secrets)
            raise
        return exchange.answered(response.status, response.content)

    async def close(self) -> None:
        """Close the connections, unless the transport was given."""
        if self._owned:
            await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()


# -- reading answers ---------------------------------------------------------------------------------------------------

_SECRETS = ("client_secret", "code", "code_verifier", "refresh_token", "token")
_WHO = "the login service"


def _is_of_2016(base_url: str) -> bool:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"base_url is the address of a login service, like https://login.linode.com, not {base_url!r}")
    return "alpha" in parts.hostname.split(".") or "alpha" in parts.path.split("/")


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise OAuthError(f"{_WHO} answered with something that is not JSON", status=200) from error
    if not isinstance(answer, dict):
        raise OAuthError(f"{_WHO} answered with JSON that is not an object", status=200)
    return answer


def _refusal(status: int, content: bytes, hidden: list[str]) -> OAuthError:
    """The error for an answer other than 200, in the service's words where it has any, without the secrets sent."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    said = answer if isinstance(answer, dict) else {}
    code = said["error"] if isinstance(said.get("error"), str) else None
    why = str(said.get("error_description") or _reasons(said) or "it gave no reason that can be read")
    why = without(why, hidden)
    code = None if code is None else without(code, hidden)
    return OAuthError(
        f"{_WHO} refused ({status}{f' {excerpt(code)}' if code else ''}): {excerpt(why)}", status=status, error=code
    )


def _reasons(answer: dict[str, Any]) -> str:
    errors = answer.get("errors")
    listed = errors if isinstance(errors, list) else []
    return "; ".join(str(entry["reason"]) for entry in listed if isinstance(entry, dict) and "reason" in entry)


def _grant(content: bytes, redirect: OAuthRedirect | None) -> OAuthGrant:
    answer = _object(content)
    token = _text(answer, "access_token")
    if not token:
        raise OAuthError(f"{_WHO} answered without an access_token", status=200)
    if "scope" not in answer and "scopes" not in answer:
        raise OAuthError(f"{_WHO} answered without the scopes it granted", status=200)
    return OAuthGrant(
        token,
        _text(answer, "scope") or _text(answer, "scopes") or "",
        expires_in=_seconds(answer.get("expires_in")),
        refresh_token=_text(answer, "refresh_token"),
        token_type=_text(answer, "token_type"),
        username=_text(answer, "username") or (redirect.username if redirect else None),
        email=_text(answer, "email") or (redirect.email if redirect else None),
    )


def _text(answer: dict[str, Any], name: str) -> str | None:
    value = answer.get(name)
    if value is not None and not isinstance(value, str):
        raise OAuthError(f"{_WHO} answered with a {name} that is not text", status=200)
    return value


def _seconds(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:12])
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**10:
        raise OAuthError(f"{_WHO} answered with an expires_in that is not a number of seconds", status=200)
    return value
