"""A visit to the login service: the parsed request, and the responses to it."""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from linode._http.transport import Request, Response

from . import forms, oauth

if TYPE_CHECKING:
    import jinja2

    from ..core.world import Row, World

__all__ = ["COOKIE", "ErrorPage", "Visit", "as_json", "page", "redirect", "set_cookie"]

COOKIE = "sandbox_session"

PAGE_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    # No form-action: browsers also apply it to the redirect to the application after the consent.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class ErrorPage(Exception):
    """A page that explains an error to a person, without a redirect."""

    def __init__(self, title: str, text: str, status: int = 400) -> None:
        super().__init__(title)
        self.title = title
        self.text = text
        self.status = status


@dataclass(frozen=True, slots=True)
class Visit:
    """A parsed request of a browser or an application."""

    world: World
    request: Request
    base: str
    session: str

    @property
    def old(self) -> bool:
        """Whether the request is to the service of 2016."""
        return self.base != "/oauth"

    @property
    def query(self) -> dict[str, str]:
        return forms.parse_members(urlsplit(self.request.url).query)

    @property
    def form(self) -> dict[str, str]:
        """The members of the posted form."""
        return forms.form(self.request)

    @property
    def csrf(self) -> str:
        """The CSRF token for the forms of this session, derived from the session cookie."""
        return hashlib.sha256(f"csrf {self.session}".encode()).hexdigest()

    @property
    def user(self) -> Row | None:
        return oauth.signed_in(self.world, self.session)

    def posted(self) -> dict[str, str]:
        """The posted form of one of the pages. Raises `ErrorPage` without a valid CSRF token."""
        form = self.form
        if not hmac.compare_digest(form.get("csrf", "").encode(), self.csrf.encode()):
            raise ErrorPage("This page is out of date", "Go back to the application and start again.", 403)
        return form


def set_cookie(base: str, session: str) -> str:
    """The header that sets the cookie of the *session* for the pages below *base*."""
    return f"{COOKIE}={session}; Path={base}; HttpOnly; SameSite=Lax"


def redirect(address: str) -> Response:
    """Redirect a browser to *address*."""
    return Response(303, {"Location": address, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


def as_json(status: int, content: Mapping[str, Any]) -> Response:
    """Encode *content* as JSON that no cache keeps."""
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store", "Pragma": "no-cache"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="login"'
    return Response(status, headers, json.dumps(content).encode())


def page(visit: Visit, template: str, status: int = 200, **words: object) -> Response:
    """The page of *template* with *words*."""
    text = _templates().get_template(template).render(base=visit.base, csrf=visit.csrf, **words)
    return Response(status, {**PAGE_HEADERS, "Set-Cookie": set_cookie(visit.base, visit.session)}, text.encode())


@functools.cache
def _templates() -> jinja2.Environment:
    try:
        import jinja2  # noqa: PLC0415 - an extra, and only the pages need it
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("the login pages need jinja2: pip install jinja2", name="jinja2") from error
    loader = jinja2.PackageLoader("linode.sandbox.login", "templates")
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
