"""The login service of the sandbox: sign in, consent, codes and tokens, under ``/oauth`` and ``/alpha/oauth`` (2016).

``handle(world, request)`` is the interface. A person signs in by choosing one of the sandbox's users (there are no
passwords), allows or denies the requested scopes, and is redirected to the application.

| path                    | response                                                                                |
|-------------------------|-----------------------------------------------------------------------------------------|
| ``GET /authorize``      | the sign-in page, or the consent page if a user is signed in                            |
| ``POST /sign-in``       | the form of the sign-in page: redirects to the consent page                             |
| ``POST /authorize``     | that of the consent page: redirects with a code, or with ``access_denied``              |
| ``GET, POST /sign-out`` | the sign-out page, and its form: ends the session                                       |
| ``POST /token``         | exchanges a code, or a refresh token, for a token                                       |
| ``POST /revoke``        | revokes a token (2016: ``/token/expire``)                                               |

Errors of the application's ID or redirect address are shown on a page and never redirected; all others are sent to the
application as an ``error``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit, urlunsplit

from linode._http.transport import Request, Response
from linode.scopes import OAuthScopes

from . import forms, oauth
from .scope_descriptions import Denied, in_words, known_scopes
from .visits import COOKIE, ErrorPage, Visit, as_json, page, redirect, set_cookie

if TYPE_CHECKING:
    from ..core.world import Row, World

__all__ = ["handle"]


def handle(world: World, request: Request) -> Response:
    """Handle a *request* to the login service."""
    path = urlsplit(request.url).path
    base = "/alpha/oauth" if path.startswith("/alpha/") else "/oauth"
    methods = (ROUTES | OLD_ROUTES if base != "/oauth" else ROUTES | NEW_ROUTES).get(path.removeprefix(base), {})
    visit = Visit(world, request, base, forms.cookie(request, COOKIE) or secrets.token_urlsafe(32))
    method = "GET" if request.method == "HEAD" else request.method
    if not methods:
        words = {"title": "Page not found", "text": "The login service does not have this page."}
        return page(visit, "problem.html", 404, **words)
    if method not in methods:
        return Response(405, {"Allow": ", ".join(methods), "Content-Type": "text/plain"}, b"Method Not Allowed\n")
    try:
        return methods[method](visit)
    except ErrorPage as error:
        return page(visit, "problem.html", error.status, title=error.title, text=error.text)
    except Denied as denied:
        if path.removeprefix(base) in PAGES:
            text = f"The request is invalid: {denied.description}."
            return page(visit, "problem.html", 400, title="Invalid request", text=text)
        return as_json(denied.status, {"error": denied.error, "error_description": denied.description})


# -- for people --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """The authorization request of an application, whose client and redirect address were checked."""

    query: Mapping[str, str]
    client: Row
    redirect_uri: str
    old: bool

    @property
    def implicit(self) -> bool:
        return not self.old and self.query.get("response_type") == "token"

    def scopes(self) -> OAuthScopes:
        """The requested scopes. Raises `Denied` for an invalid request."""
        if not self.old:
            self._check_today()
        requested = self.query.get("scopes", self.query.get("scope", ""))
        return known_scopes(requested, old=self.old)

    def _check_today(self) -> None:
        kind, challenge = self.query.get("response_type"), self.query.get("code_challenge")
        if kind is None:
            raise Denied("invalid_request", "response_type is required")
        if kind not in ("code", "token"):
            raise Denied("unsupported_response_type", "response_type must be code or token")
        if challenge is not None and self.query.get("code_challenge_method") != "S256":
            raise Denied("invalid_request", "code_challenge_method must be S256")
        if challenge is not None and not oauth.is_challenge(challenge):
            raise Denied("invalid_request", "code_challenge must be the base64url SHA-256 of a code_verifier")
        if kind == "code" and self.client["public"] and challenge is None:
            raise Denied("invalid_request", "a public application needs a code_challenge")

    def back(self, **members: str | None) -> Response:
        """Redirect the user to the application with *members*."""
        members["state"] = self.query.get("state")
        query = urlencode({name: value for name, value in members.items() if value is not None})
        parts = urlsplit(self.redirect_uri)
        if self.implicit:
            return redirect(urlunsplit(parts._replace(fragment=query)))
        return redirect(urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, query))), fragment="")))


def requested(visit: Visit, query: Mapping[str, str]) -> AuthorizationRequest:
    client = oauth.client_of(visit.world, query.get("client_id"))
    if client is None:
        raise ErrorPage(
            "Unknown application",
            "The application that sent you to this page is not registered: its client_id is missing or wrong.",
        )
    wanted = query.get("redirect_uri")
    if wanted is not None and not oauth.is_registered(client, wanted, old=visit.old):
        raise ErrorPage(
            "Wrong redirect address",
            f"{client['label']} requests a redirect to {wanted}, but is registered with "
            f"{client['redirect_uri']}. Its developer must make them the same.",
        )
    return AuthorizationRequest(query, client, wanted or client["redirect_uri"], visit.old)


def authorize(visit: Visit) -> Response:
    """Show the sign-in page, or the consent page."""
    asked = requested(visit, visit.query)
    try:
        scopes = asked.scopes()
    except Denied as denied:
        return asked.back(error=denied.error, error_description=denied.description)
    common = {"application": asked.client["label"], "asked": urlencode(asked.query)}
    user = visit.user
    if user is None:
        return page(visit, "sign_in.html", users=oauth.users(visit.world), **common)
    rights = [in_words(scope) for scope in scopes]
    redirect_uri = asked.redirect_uri
    return page(visit, "consent.html", username=user["username"], rights=rights, redirect_uri=redirect_uri, **common)


def decide(visit: Visit) -> Response:
    """Handle the form of the consent page."""
    form = visit.posted()
    asked = requested(visit, forms.parse_members(form.get("asked", "")))
    user = visit.user
    if user is None:
        return redirect(f"{visit.base}/authorize?{urlencode(asked.query)}")
    if form.get("decision") != "allow":
        return asked.back(error="access_denied", error_description="The user did not allow it.")
    try:
        scopes = asked.scopes()
    except Denied as denied:
        return asked.back(error=denied.error, error_description=denied.description)
    if asked.implicit:
        issued = oauth.issue(visit.world, asked.client, user["username"], scopes)
        return asked.back(**{name: str(value) for name, value in issued.items() if name != "scopes"})
    code = oauth.issue_code(
        visit.world,
        asked.client,
        user["username"],
        scopes,
        redirect_uri=asked.query.get("redirect_uri"),
        challenge=asked.query.get("code_challenge"),
    )
    who = {"username": user["username"], "email": user["email"]} if visit.old else {}
    return asked.back(code=code, **who)


def sign_in(visit: Visit) -> Response:
    """Handle the form of the sign-in page. The session is new, which prevents session fixation."""
    form = visit.posted()
    asked = requested(visit, forms.parse_members(form.get("asked", "")))
    session = secrets.token_urlsafe(32)
    if not oauth.sign_in(visit.world, session, form.get("username", "")):
        raise ErrorPage("Unknown user", "This sandbox does not have this user.")
    answer = redirect(f"{visit.base}/authorize?{urlencode(asked.query)}")
    answer.headers["set-cookie"] = set_cookie(visit.base, session)
    return answer


def sign_out_page(visit: Visit) -> Response:
    """Show the sign-out page."""
    user = visit.user
    return page(visit, "sign_out.html", username=user and user["username"])


def sign_out(visit: Visit) -> Response:
    """End the session, and redirect to the login in progress, if there is one."""
    form = visit.posted()
    oauth.sign_out(visit.world, visit.session)
    if form.get("asked"):
        return redirect(f"{visit.base}/authorize?{urlencode(forms.parse_members(form['asked']))}")
    return page(visit, "signed_out.html")


# -- for applications --------------------------------------------------------------------------------------------------


def token(visit: Visit) -> Response:
    """Exchange a code or a refresh token for a token."""
    form = visit.form
    client = _authenticated(visit, form)
    # Clients in use send only the code, without a grant_type.
    kind = form.get("grant_type", "authorization_code" if "code" in form else None)
    if kind == "authorization_code":
        code, redirect_uri, verifier = (form.get(name) for name in ("code", "redirect_uri", "code_verifier"))
        issued = oauth.redeem(visit.world, client, code, redirect_uri=redirect_uri, verifier=verifier, old=visit.old)
    elif kind == "refresh_token" and not visit.old:
        issued = oauth.refresh(visit.world, client, form.get("refresh_token"), form.get("scope", form.get("scopes")))
    elif kind is None:
        raise Denied("invalid_request", "grant_type is required")
    else:
        raise Denied("unsupported_grant_type", "grant_type must be authorization_code or refresh_token")
    return as_json(200, issued)


def revoke(visit: Visit) -> Response:
    """Revoke a token."""
    form = visit.form
    anonymous = not visit.old and "client_id" not in form and "authorization" not in visit.request.headers
    client = None if anonymous else _authenticated(visit, form)
    if "token" not in form:
        raise Denied("invalid_request", "token is required")
    oauth.revoke(visit.world, client, form["token"])
    return as_json(200, {})


def _authenticated(visit: Visit, form: Mapping[str, str]) -> Row:
    """The application with the credentials in the *form*, or in the header with HTTP Basic authentication."""
    client_id, secret = forms.basic_credentials(visit.request) or (form.get("client_id"), form.get("client_secret"))
    return oauth.authenticated(visit.world, client_id, secret, public_allowed=not visit.old)


Route = Callable[[Visit], Response]
ROUTES: dict[str, dict[str, Route]] = {
    "/authorize": {"GET": authorize, "POST": decide},
    "/sign-in": {"POST": sign_in},
    "/sign-out": {"GET": sign_out_page, "POST": sign_out},
    "/token": {"POST": token},
}
PAGES = ("/authorize", "/sign-in", "/sign-out")
NEW_ROUTES: dict[str, dict[str, Route]] = {"/revoke": {"POST": revoke}}
OLD_ROUTES: dict[str, dict[str, Route]] = {"/token/expire": {"POST": revoke}}
