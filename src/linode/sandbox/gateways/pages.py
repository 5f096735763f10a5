"""The sandbox's pages for a browser: how they are made, and the page that a browser gets where a program gets JSON."""

from __future__ import annotations

import functools
import hashlib
import shlex
from base64 import b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from linode._http.transport import Request, Response

from ..engine import registry

if TYPE_CHECKING:
    import jinja2

__all__ = ["EVENTS", "available", "base_url", "page", "page_or_response", "render", "wants_html"]

EVENTS = "text/event-stream; charset=utf-8"
"""The content type of server-sent events, which a server on a port continues until the client is gone."""

API = ("/v4/", "/v4beta/", "/alpha/v4/", "/sandbox/")
OWN_PAGES = ("/oauth/", "/alpha/oauth/")
"""The paths of the login service, which has pages of its own."""


def wants_html(request: Request) -> bool:
    """Whether *request*, whose headers are in lower case, is that of a browser that opens an address.

    A browser accepts HTML and names no JSON, and sends no token.
    """
    accept = request.headers.get("accept", "").lower()
    if "text/html" not in accept:
        return False
    ranges = accept.split(",")
    types = {each.partition(";")[0].strip() for each in ranges}
    accepted = "text/html" in types and "application/json" not in types
    return request.method in ("GET", "HEAD") and accepted and "authorization" not in request.headers


def page_or_response(request: Request, response: Response) -> Response:
    """Replace *response* with a page of the same status if a browser sent *request*.

    The paths that need no token because they are pages, or files at a signed address, keep their answer.
    """
    if not wants_html(request):
        return response
    path = urlsplit(request.url).path
    mounts = any(path == start or path.startswith(f"{start}/") for start in registry.mounts())
    if mounts or path.startswith(OWN_PAGES):
        return response
    base = base_url(request)
    words: dict[str, Any] = {
        "path": path,
        "api": path.startswith(API),
        "url": shlex.quote(f"{base}{path}"),
        "answered": response.status,
    }
    made = page("address.html", response.status, base=base, **words)
    if made is None:
        return response
    return Response(response.status, {**response.headers, **made.headers}, made.content)


def base_url(request: Request) -> str:
    """The address of the sandbox, as the client of *request* wrote it."""
    url = urlsplit(request.url)
    return f"{url.scheme}://{url.netloc}"


def available() -> bool:
    """Whether pages can be made: jinja2 is an extra."""
    try:
        _environment()
    except ModuleNotFoundError as error:
        if error.name != "jinja2":
            raise
        return False
    return True


def render(template: str, **words: object) -> str:
    """The HTML of *template* with *words*, which are escaped. Raises ModuleNotFoundError without jinja2."""
    return _environment().get_template(template).render(**words)


def page(template: str, status: int = 200, *, scripted: bool = False, **words: object) -> Response | None:
    """The page of *template* with *words*, which are escaped; None if jinja2 is not installed.

    *scripted* allows the page the one script of the templates.
    """
    if not available():
        return None
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": _policy(scripted=scripted),
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept, Authorization, Cookie",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    return Response(status, headers, render(template, **words).encode())


@functools.cache
def _environment() -> jinja2.Environment:
    """The templates. Raises ModuleNotFoundError without jinja2."""
    import jinja2  # noqa: PLC0415 - an extra, and only the pages need it

    loader = jinja2.PackageLoader("linode.sandbox.gateways", "templates")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["style"] = loader.get_source(environment, "style.css")[0]
    environment.globals["script"] = loader.get_source(environment, "live.js")[0]
    return environment


@functools.cache
def _policy(*, scripted: bool) -> str:
    """The policy of the pages, which allows the one style sheet, and the one script or none, by their hashes."""
    words = _environment().globals
    script = f"script-src {_hashed(words['script'])}; connect-src 'self'; " if scripted else ""
    return (
        f"default-src 'none'; style-src {_hashed(words['style'])}; {script}img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _hashed(text: object) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(str(text).encode()).digest()).decode()}'"
