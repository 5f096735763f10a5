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

import functools
import hmac
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, Generic, NoReturn, ParamSpec, Protocol, Self, TypeVar, overload
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from . import oauth
from ._http.network import AsyncHttpTransport, HttpTransport
from ._http.transport import AsyncTransport, Request, Transport
from ._model.names import PublicNames
from ._model.options import checks_options
from ._secrets import redact_chain, redact_text, redact_tracebacks
from .client.settings import checked_timeout
from .errors import OAuthError, excerpt
from .oauth import OAuthGrant, OAuthRedirect, Pkce
from .scopes import AnyScopes, OAuthScopes, Scope, requested

__all__ = [
    "AsyncLinodeLoginClient",
    "LinodeLoginClient",
    "OAuthScopes",
    "Scope",
]

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
W = TypeVar("W")

_SECRETS = ("client_secret", "code", "code_verifier", "refresh_token", "token")
"""Members of forms that are secrets."""


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
            raise oauth.refusal(status, content, self.secrets)
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
        to the service of 2016, which would ignore it, and for a misspelt scope.
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
            why = excerpt(redact_text(values.get("error_description") or "no reason given", hide))
            refusal = excerpt(redact_text(values["error"], hide))
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
        return _Exchange(f"{self.base_url}/oauth/token", form, lambda content: oauth.grant(content, redirect))

    @_verb
    def refresh(self, refresh_token: str, *, scopes: AnyScopes | None = None) -> _Exchange[OAuthGrant]:
        """Exchange *refresh_token* for a new token and a new refresh token; *scopes* can only reduce the grant.

        Raises ``OAuthError`` if the service refuses, or has no refresh tokens (2016).
        """
        if self._of_2016:
            raise OAuthError("the login service of 2016 has no refresh tokens: send the user to log in again")
        form = self._form(grant_type="refresh_token", refresh_token=refresh_token, scope=self._written(scopes))
        return _Exchange(f"{self.base_url}/oauth/token", form, lambda content: oauth.grant(content, None))

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
        return OAuthScopes.serialize(requested(scopes or ()), "," if self._of_2016 else " ")

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


def _is_of_2016(base_url: str) -> bool:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            f"base_url {base_url!r} must be the address of a login service, such as https://login.linode.com"
        )
    return "alpha" in parts.hostname.split(".") or "alpha" in parts.path.split("/")
