"""The page at ``/``, which shows the world of a sandbox to a person, and that of ``/sandbox/coverage`` in a browser.

Without the sandbox's token the page says what the sandbox is and how to use it. ``/?token=…``, or the form of the page,
sets a cookie that opens the page, its forms, its stream and the coverage, and nothing else. It is derived from the
token, and no operation of the API accepts it.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from linode._http.transport import Request, Response

from ..core.refusals import Refused
from ..engine import routes
from ..login import forms
from ..login.scope_descriptions import Denied
from . import page_parts, pages, unsupported
from .clients import snippets_for
from .page_forms import EFFECTS, UNITS, Forms

if TYPE_CHECKING:
    from ..sandbox import Sandbox

__all__ = ["FrontPage"]

LIVE = "/sandbox/live"
MOVED = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
PLAIN = """\
This is the sandbox of the Python library for the Linode API.

curl -H "Authorization: Bearer $TOKEN" {base}/v4/linode/instances

$TOKEN is the token that the sandbox printed when it started, or sandbox.token in Python.
The page that shows the objects of the sandbox needs jinja2: pip install jinja2
"""


class FrontPage:
    """Makes the pages of *sandbox*. The headers of requests are in lower case."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._forms = Forms(sandbox)

    def answer(self, request: Request) -> Response | None:
        """The page for *request*; None if its path and its client get no page."""
        path = urlsplit(request.url).path.rstrip("/")
        if not path:
            return self._home(request)
        if path == LIVE:
            return self._live(request)
        if path in PAGES and pages.wants_html(request) and self._is_open(request):
            template, words = PAGES[path]
            return pages.page(template, base=pages.base_url(request), **words())
        return None

    def _home(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD", "POST"):
            return _text(405, "Method Not Allowed\n", Allow="GET, HEAD, POST")
        try:
            given = (
                forms.form(request) if request.method == "POST" else forms.parse_members(urlsplit(request.url).query)
            )
        except Denied as denied:
            return self._closed(request, 400, f"The request is invalid: {denied.description}.")
        if "token" in given:
            return self._opened(request, given["token"])
        if request.method == "POST":
            return self._posted(request, given)
        return self._world(request) if self._is_open(request) else self._closed(request)

    def _opened(self, request: Request, token: str) -> Response:
        if not hmac.compare_digest(token.encode(), self._sandbox.token.encode()):
            return self._closed(request, 403, "This is not the token of this sandbox.")
        return _to_home(request, self._pass)

    def _posted(self, request: Request, given: dict[str, str]) -> Response:
        """Carry out a form of the open page. Its token shows that the form is one of the page, not of another site."""
        if "do" not in given:
            return self._closed(request, 400, "The token is missing.")
        if not self._is_open(request):
            return self._closed(request, 403, "The page is closed: give the token of this sandbox first.")
        if not hmac.compare_digest(given.get("csrf", "").encode(), self._csrf.encode()):
            return self._world(request, 403, "The form is out of date: load the page again.")
        return self._carried_out(request, given)

    def _carried_out(self, request: Request, given: dict[str, str]) -> Response:
        if given["do"] == "close":
            return _to_home(request, "", "; Max-Age=0")
        if given["do"] == "stop" and (stop := self._sandbox.gateway.stop) is not None:
            stop()
            return _or_text(pages.page("stopped.html"), request)
        try:
            section = self._forms.carry_out(given)
        except (Refused, ValueError) as no:
            field = no.reasons[0][1] if isinstance(no, Refused) else None
            return self._world(request, 400, f"{field}: {no}" if field else str(no), given)
        return Response(303, {**MOVED, "Location": f"/#{section}"})

    @property
    def _pass(self) -> str:
        """The value of the cookie that opens the pages, in the format of a session."""
        return self._derived(b"the pages of the sandbox")

    @property
    def _csrf(self) -> str:
        """The token of the page's forms."""
        return self._derived(b"the forms of the page")

    def _derived(self, use: bytes) -> str:
        return urlsafe_b64encode(hmac.digest(self._sandbox.token.encode(), use, hashlib.sha256)).decode().rstrip("=")

    def _is_open(self, request: Request) -> bool:
        """Whether *request* has the cookie, or the sandbox's own token."""
        own = f"Bearer {self._sandbox.token}".encode()
        if hmac.compare_digest(request.headers.get("authorization", "").encode(), own):
            return True
        return hmac.compare_digest(forms.cookie(request, _cookie_name(request)) or "", self._pass)

    def _closed(self, request: Request, status: int = 200, problem: str = "") -> Response:
        return _or_text(pages.page("closed.html", status, **_usage(request), problem=problem), request)

    def _world(
        self, request: Request, status: int = 200, problem: str = "", given: dict[str, str] | None = None
    ) -> Response:
        if not pages.available():
            return _or_text(None, request)
        found = page_parts.parts(self._sandbox, self._csrf)
        made = pages.page(
            "world.html",
            status,
            scripted=True,
            **_usage(request),
            parts=found,
            live=f"{LIVE}?have={page_parts.state(found)}",
            csrf=self._csrf,
            problem=problem,
            given=defaultdict(str, given or {}),
            effects=EFFECTS,
            units=UNITS,
            stops=self._sandbox.gateway.stop is not None,
        )
        return _or_text(made, request)

    def _live(self, request: Request) -> Response | None:
        """The changes of the page since the state that *request* names; None if it may not have them."""
        if request.method not in ("GET", "HEAD") or not self._is_open(request) or not pages.available():
            return None
        query = dict(parse_qsl(urlsplit(request.url).query))
        have = request.headers.get("last-event-id") or query.get("have", "")
        return page_parts.changes(page_parts.parts(self._sandbox, self._csrf), have)


def _usage(request: Request) -> dict[str, Any]:
    """The words of a page for the settings of programs."""
    base = pages.base_url(request)
    return {"base": base, "lines": snippets_for(base, "$TOKEN")}


def _operations() -> dict[str, Any]:
    return {"operations": sorted(routes.routes(), key=lambda each: (each.path, each.method))}


def _refusals() -> dict[str, Any]:
    return {
        "refusals": unsupported.REFUSALS,
        "in_api": unsupported.IN_API,
        "without_endpoint": unsupported.WITHOUT_ENDPOINT,
    }


PAGES: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "/sandbox/coverage": ("coverage.html", _operations),
    "/sandbox/refused": ("refused.html", _refusals),
}
"""The template of each other page that the cookie opens, and its words."""


def _cookie_name(request: Request) -> str:
    """The name of the cookie. Cookies are shared by all ports of a host, so it has the port."""
    return f"sandbox_page_{urlsplit(request.url).port or 80}"


def _to_home(request: Request, value: str, more: str = "") -> Response:
    """Redirect to the page, which takes the token out of the browser's address bar, and set the cookie to *value*."""
    secure = "; Secure" if urlsplit(request.url).scheme == "https" else ""
    cookie = f"{_cookie_name(request)}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}"
    return Response(303, {**MOVED, "Location": "/", "Set-Cookie": cookie})


def _or_text(made: Response | None, request: Request) -> Response:
    """The page, or plain text if jinja2 is not installed."""
    return made or _text(200, PLAIN.format(base=pages.base_url(request)))


def _text(status: int, text: str, **headers: str) -> Response:
    fixed = {
        "Content-Type": "text/plain; charset=utf-8",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(status, {**fixed, **headers}, text.encode())
