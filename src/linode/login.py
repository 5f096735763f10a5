"""OAuth logins: from Linode's login page to a token for the API.

::

    login = LinodeLoginClient("my-client-id", "my-client-secret")
    state = login.new_state()                                       # keep it in the user's session
    url = login.generate_login_url(scopes=OAuthScopes.Linodes.read_write, state=state)
    ...                                                             # the user comes back to your redirect address
    token, scopes = login.finish_oauth(login.read_redirect(address, state=state))

In ``linode.aio`` the client of the same name has coroutines for ``finish_oauth``, ``refresh`` and ``revoke``.

Two login services are supported. Today's is the default. That of 2016 is selected by a *base_url* whose host has the
label ``alpha`` (``https://login.alpha.linode.com``) or whose path begins with ``/alpha``: it has no ``response_type``,
PKCE or refresh tokens, separates scopes by commas, and returns the user's name in the redirect.
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

from ._http.network import AsyncHttpTransport, HttpTransport
from ._http.transport import AsyncTransport, Request, Transport
from ._model.names import PublicNames
from ._model.options import checks_options
from ._secrets import redact_chain, redact_tracebacks, without
from .client.settings import checked_timeout
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

# -- results -----------------------------------------------------------------------------------------------------------


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


# -- the client --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Exchange(Generic[T]):
    """A form to post to the login service, and the function that decodes the response. It is sent by the client."""

    url: str
    form: Mapping[str, str] = field(repr=False)
    read: Callable[[bytes], T]

    @property
    def secrets(self) -> list[str]:
        """The secrets in the form, which a response may repeat."""
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
    """A method that returns its result in the sync client, and a coroutine in the async one."""

    @overload
    def __get__(self, login: LinodeLoginClient, owner: Any) -> Callable[P, T_co]: ...
    @overload
    def __get__(self, login: AsyncLinodeLoginClient, owner: Any) -> Callable[P, Coroutine[Any, Any, T_co]]: ...


def _verb(describe: Callable[Concatenate[Any, P], _Exchange[T]]) -> _Verb[P, T]:
    """The method that sends the exchange that *describe* returns."""
    checked = checks_options(describe)

    @redact_tracebacks
    @functools.wraps(describe)
    def send(login: Any, *args: P.args, **kwargs: P.kwargs) -> Any:
        return login._execute(checked(login, *args, **kwargs))

    method: Any = send
    return method  # type: ignore[no-any-return]


class _LoginClient(PublicNames, Generic[W]):
    """The base class of both login clients: addresses, forms and decoding, but not the sending."""

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
            raise ValueError("client_id must not be empty; register an OAuth application to get one")
        self.client_id = client_id
        self.redirect_uri = redirect_uri
        self.base_url = base_url.rstrip("/")
        self.timeout = checked_timeout(timeout)
        self._client_secret = client_secret
        self._of_2016 = _is_of_2016(self.base_url)
        self._owned = transport is None
        self._transport: W = self._http() if transport is None else transport
        if isinstance(self._transport, (HttpTransport, AsyncHttpTransport)):
            self._transport.check(self.base_url)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.client_id!r}, base_url={self.base_url!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} has a secret and connections and cannot be pickled; create one where it is needed"
        )

    @staticmethod
    def new_state() -> str:
        """Generate a random ``state``: keep it in the user's session, and pass it to ``read_redirect``."""
        return secrets.token_urlsafe(32)

    @staticmethod
    def new_pkce() -> Pkce:
        """Generate a PKCE pair: the challenge for ``generate_login_url``, the verifier for ``finish_oauth``."""
        return Pkce.of(secrets.token_urlsafe(48))

    @staticmethod
    @redact_tracebacks
    def check_state(expected: str, returned: str | None) -> None:
        """Raise ``OAuthError`` unless *returned*, the state of the redirect, is *expected*."""
        if not expected or not hmac.compare_digest(expected.encode(), (returned or "").encode()):
            raise OAuthError(
                "the state of the redirect is not that of this login: it may be forged, or belong to another session; "
                "discard it and send the user to a new generate_login_url",
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
        """The URL of the login page, where the user logs in and consents to *scopes* (none: name and e-mail only).

        *redirect_uri* (default: the client's) is the registered address to which the user is redirected afterwards.
        *response_type* is ``code`` by default; that of 2016 is sent none. Raises ``ValueError`` for a *code_challenge*
        to the service of 2016, which would ignore it.
        """
        if self._of_2016 and code_challenge:
            raise ValueError("the login service of 2016 does not support PKCE: leave code_challenge out")
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
        """Parse the redirect *address* (complete, or only its query); pass the result to ``finish_oauth``.

        Raises ``OAuthError`` if the user or the service refused the login (``error`` is the code: ``access_denied`` …),
        if there is no code, and if *state* is given and differs from the state in *address*.
        """
        query = address.partition("#")[0].rpartition("?")[2]
        values = {name: each[0] for name, each in parse_qs(query).items()}
        if state is not None:
            self.check_state(state, values.get("state"))
        if "error" in values:
            hide = [values.get(name) for name in ("code", "state")]
            why = excerpt(without(values.get("error_description") or "no reason given", hide))
            refusal = excerpt(without(values["error"], hide))
            raise OAuthError(f"the login was refused ({refusal}): {why}", error=refusal)
        if "code" not in values:
            raise OAuthError("the redirect address has no code; was it truncated?", error="no_code")
        return OAuthRedirect(values["code"], values.get("state"), values.get("username"), values.get("email"))

    @_verb
    def finish_oauth(
        self, code: str | OAuthRedirect, *, redirect_uri: str | None = None, code_verifier: str | None = None
    ) -> _Exchange[OAuthGrant]:
        """Exchange the *code* of the redirect for a token. The grant unpacks to ``token, scopes``.

        *code_verifier* belongs to the ``code_challenge`` in the login URL. A code is valid for one exchange.
        Raises ``OAuthError`` if the service refuses or its response is not a grant, ``ValueError`` if there is neither
        a client secret nor a verifier.
        """
        if self._client_secret is None and code_verifier is None:
            raise ValueError("a client without client_secret needs PKCE: pass code_verifier")
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
        """Exchange *refresh_token* for a new token and a new refresh token; *scopes* can only reduce the grant.

        Raises ``OAuthError`` if the service refuses, or has no refresh tokens (2016).
        """
        if self._of_2016:
            raise OAuthError("the login service of 2016 has no refresh tokens: send the user to log in again")
        form = self._form(grant_type="refresh_token", refresh_token=refresh_token, scope=self._written(scopes))
        return _Exchange(f"{self.base_url}/oauth/token", form, lambda content: _grant(content, None))

    @_verb
    def revoke(self, token: str, *, token_type_hint: str | None = None) -> _Exchange[None]:
        """Revoke *token*: an access token or, not in 2016, a refresh token.

        Raises ``OAuthError`` if the service refuses.
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
    """Logs users in to the OAuth application *client_id*.

    Applications that cannot keep a *client_secret* leave it out; they need PKCE. *redirect_uri* is the registered
    address of the redirect. *timeout* is in seconds. A *transport* that is passed stays open when the client is closed.
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
    """Logs users in to the OAuth application *client_id*; the methods that send requests are coroutines.

    `linode.aio` has it as `LinodeLoginClient`. Applications that cannot keep a *client_secret* leave it out; they need
    PKCE. *redirect_uri* is the registered address of the redirect. *timeout* is in seconds. A *transport* that is
    passed stays open when the client is closed.
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


# -- responses ---------------------------------------------------------------------------------------------------------

_SECRETS = ("client_secret", "code", "code_verifier", "refresh_token", "token")
_WHO = "the login service"


def _is_of_2016(base_url: str) -> bool:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"base_url {base_url!r} must be the address of a login service: https://login.linode.com")
    return "alpha" in parts.hostname.split(".") or "alpha" in parts.path.split("/")


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise OAuthError(f"the response of {_WHO} is not JSON", status=200) from error
    if not isinstance(answer, dict):
        raise OAuthError(f"the response of {_WHO} is not a JSON object", status=200)
    return answer


def _refusal(status: int, content: bytes, hidden: list[str]) -> OAuthError:
    """The error for a status other than 200, with the service's reason if it has one, without the secrets sent."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    members = answer if isinstance(answer, dict) else {}
    code = members["error"] if isinstance(members.get("error"), str) else None
    why = str(members.get("error_description") or _reasons(members) or "no reason given")
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
