"""The person at the login service, played without a browser: who signs in, and allows or denies what is asked."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from linode._http.transport import Request, Response

from ..core.refusals import SandboxError
from . import oauth, pages
from .forms import parse_members
from .scope_descriptions import Denied
from .visits import ErrorPage, Visit

if TYPE_CHECKING:
    from ..core.world import World

__all__ = ["log_in"]

PLACES = {"/oauth/authorize": "/oauth", "/alpha/oauth/authorize": "/alpha/oauth"}


def log_in(world: World, url: str, username: str, *, allow: bool) -> str:
    """Play the person whom an application has sent to *url*; returns the address to which the browser is redirected.

    Raises `SandboxError` if *url* is not the address of a login, or leads to a page that explains an error.
    """
    base = PLACES.get(urlsplit(url).path)
    if base is None:
        raise SandboxError(
            f"{url.partition('?')[0]} is not the address of a login, such as http://sandbox/oauth/authorize"
        )
    session = secrets.token_urlsafe(32)
    try:
        return _decided(world, url, base, session, username, allow=allow)
    except (ErrorPage, Denied) as error:
        raise SandboxError(f"the login service shows a page with an error: {_words(error)}") from None
    finally:
        oauth.sign_out(world, session)


def _decided(world: World, url: str, base: str, session: str, username: str, *, allow: bool) -> str:
    query = urlsplit(url).query
    asked = pages.requested(Visit(world, Request("GET", url, {}, None), base, session), parse_members(query))
    try:
        asked.scopes()
    except Denied as denied:
        return _location(asked.back(error=denied.error, error_description=denied.description))
    if not oauth.sign_in(world, session, username):
        known = ", ".join(repr(each["username"]) for each in oauth.users(world))
        raise SandboxError(f"the sandbox has no user {username!r}; it has {known}")
    visit = Visit(world, Request("POST", url, {}, None), base, session)
    form = urlencode({"asked": query, "csrf": visit.csrf, "decision": "allow" if allow else "deny"})
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return _location(pages.decide(Visit(world, Request("POST", url, headers, form.encode()), base, session)))


def _location(response: Response) -> str:
    return str(response.headers["location"])


def _words(error: Exception) -> str:
    return (
        f"{error.title}: {error.text}" if isinstance(error, ErrorPage) else f"the request is invalid: {error.args[1]}"
    )
