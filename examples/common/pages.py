"""The site around an application's pages: sessions, headers, templates, and a page for whatever goes wrong."""

from __future__ import annotations

import logging
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import jinja2
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import linode

from .error_messages import ErrorMessage, explain
from .formatting import counted, money
from .limits import make_limiter
from .settings import Settings

HERE = Path(__file__).parent
SESSION_SECONDS = 14 * 86400
log = logging.getLogger("pages")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
WORDS = {
    403: (
        "This page is out of date",
        "The page was open for too long, or belongs to another session. Go back, reload the page and try again.",
    ),
    404: ("Page not found", "The address is wrong, or the page belongs to somebody else."),
    413: ("Too large", "The form that was sent is larger than any form of this site."),
    429: ("Too many attempts", "There were too many attempts in a short time. Wait a while, then try again."),
    500: ("Internal error", "This is an error of ours, and it has been logged. Try again later."),
}


def create_app(settings: Settings, folder: Path, *, forms_lead_to: str = "") -> FastAPI:
    """The site of the application in *folder*. *forms_lead_to*: where forms may redirect to, beside the site itself."""
    app = FastAPI(title=settings.name, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.limiter = make_limiter(settings)
    app.state.templates = _templates(settings, folder)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"form-action 'self' {forms_lead_to}; base-uri 'none'; frame-ancestors 'none'"
    )

    app.add_middleware(
        SessionMiddleware,
        secret_key=settings.secret_key.get_secret_value(),
        session_cookie="__Host-session",
        max_age=SESSION_SECONDS,
        same_site="lax",
        https_only=True,
    )
    app.add_middleware(_Host, public_url=settings.public_url)
    app.add_middleware(_Headers, policy=policy)
    app.exception_handler(HTTPException)(_stopped)
    app.exception_handler(RequestValidationError)(_not_found)
    app.exception_handler(linode.LinodeError)(_trouble)
    app.exception_handler(Exception)(_broken)
    return app


class _Host:
    """Refuses requests for another host than the site's own: no redirect and no link can be made to lead there."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app = app
        self.name = urlsplit(public_url).hostname

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _host_name(Headers(scope=scope).get("host", "")) != self.name:
            await PlainTextResponse("This site has another name.", HTTPStatus.MISDIRECTED_REQUEST)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _host_name(host: str) -> str | None:
    """The name in a Host header, without the port; None where the header is malformed."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


class _Headers:
    """Puts the headers on every answer, streams included."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self.app = app
        self.headers = HEADERS | {"Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                fresh = "max-age=3600" if scope["path"].startswith("/static/") else "no-store"
                MutableHeaders(scope=message).update(self.headers | {"Cache-Control": fresh})
            await send(message)

        await self.app(scope, receive, with_headers)


def page(request: Request, template: str, status: int = 200, /, **words: Any) -> HTMLResponse:
    """The *template* as an answer."""
    return HTMLResponse(render(request, template, **words), status)


def render(request: Request, template: str, /, **words: Any) -> str:
    """The *template* as text. It sees ``request``, ``settings`` and *words*."""
    templates = cast("jinja2.Environment", request.app.state.templates)
    return templates.get_template(template).render(request=request, **words)


def see(address: str) -> RedirectResponse:
    """To *address*, whatever brought the visitor here: after a POST the back button repeats nothing."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def problem(request: Request, trouble: ErrorMessage) -> HTMLResponse:
    """The page that tells a visitor what went wrong."""
    return page(request, "error.html", trouble.status, trouble=trouble)


def _templates(settings: Settings, folder: Path) -> jinja2.Environment:
    loader = jinja2.FileSystemLoader([folder / "templates", HERE / "templates"])
    templates = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    templates.globals["settings"] = settings
    templates.filters |= {"money": money, "counted": counted}
    return templates


def _stopped(request: Request, error: Exception) -> Response:
    status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
    title, text = WORDS.get(status, (HTTPStatus(status).phrase, "Go back and try again."))
    answer = problem(request, ErrorMessage(status, title, text))
    answer.headers.update(headers or {})
    return answer


def _not_found(request: Request, _error: Exception) -> Response:
    """Answer an invalid parameter of a path or a query as an unknown address."""
    return _stopped(request, HTTPException(404))


def _trouble(request: Request, error: Exception) -> Response:
    found = cast("linode.LinodeError", error)
    log.warning("%s %s: %s: %s", request.method, request.url.path, type(found).__name__, found)
    return problem(request, explain(found))


def _broken(request: Request, _error: Exception) -> Response:
    """The server logs the traceback; the visitor sees none of it."""
    answer, policy = _stopped(request, HTTPException(500)), "default-src 'none'; style-src 'self'; img-src 'self'"
    answer.headers.update(HEADERS | {"Content-Security-Policy": policy, "Cache-Control": "no-store"})
    return answer
