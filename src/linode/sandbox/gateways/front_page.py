"""The page at ``/``, which shows the world of a sandbox to a person, and that of ``/sandbox/coverage`` in a browser.

Without the sandbox's token the page says what the sandbox is and how to use it. ``/?token=…``, or the form of the page,
sets a cookie that opens the page and the coverage, and nothing else: it is derived from the token, and no operation of
the API accepts it.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from linode._http.transport import Request, Response

from ..core.world import Row, World
from ..engine import routes
from ..login import forms
from ..login.scope_words import Denied
from . import pages

if TYPE_CHECKING:
    from ..sandbox import Sandbox

__all__ = ["FrontPage"]

SECTIONS = {
    "Linodes": ["Linode"],
    "Volumes": ["Volume"],
    "Domains": ["Domain"],
    "Firewalls": ["Firewall"],
    "NodeBalancers": ["NodeBalancer"],
    "Databases": ["MySQLDatabase", "PostgreSQLDatabase", "ValkeyDatabase"],
    "Kubernetes clusters": ["LKECluster"],
}
"""The tables that each section of the page shows."""
DETAILS = ("engine", "type", "k8s_version", "region")
NEWEST = 5
"""Number of objects of a section that the page shows."""
LATEST = 15
"""Number of events, and of requests, that the page shows."""
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

    def answer(self, request: Request) -> Response | None:
        """The page for *request*; None if its path and its client get no page."""
        path = urlsplit(request.url).path
        if path == "/":
            return self._home(request)
        if path.rstrip("/") == "/sandbox/coverage" and pages.wants_html(request) and self._is_open(request):
            return pages.page("coverage.html", operations=_operations(), base=pages.base_url(request))
        return None

    def _home(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD", "POST"):
            return _text(405, "Method Not Allowed\n", Allow="GET, HEAD, POST")
        try:
            given = forms.form(request) if request.method == "POST" else forms.once(urlsplit(request.url).query)
        except Denied as denied:
            return self._closed(request, 400, f"The request is invalid: {denied.description}.")
        if "close" in given and request.method == "POST":
            return _to_home(request, "", "; Max-Age=0")
        if "token" in given:
            return self._opened(request, given["token"])
        if request.method == "POST":
            return self._closed(request, 400, "The token is missing.")
        return self._world(request) if self._is_open(request) else self._closed(request)

    def _opened(self, request: Request, token: str) -> Response:
        if not hmac.compare_digest(token.encode(), self._sandbox.token.encode()):
            return self._closed(request, 403, "This is not the token of this sandbox.")
        return _to_home(request, self._pass)

    @property
    def _pass(self) -> str:
        """The value of the cookie that opens the pages, in the format of a session."""
        digest = hmac.digest(self._sandbox.token.encode(), b"the pages of the sandbox", hashlib.sha256)
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def _is_open(self, request: Request) -> bool:
        """Whether *request* has the cookie, or the sandbox's own token."""
        own = f"Bearer {self._sandbox.token}".encode()
        if hmac.compare_digest(request.headers.get("authorization", "").encode(), own):
            return True
        return hmac.compare_digest(forms.cookie(request, _cookie_name(request)) or "", self._pass)

    def _closed(self, request: Request, status: int = 200, problem: str = "") -> Response:
        return _or_text(pages.page("closed.html", status, base=pages.base_url(request), problem=problem), request)

    def _world(self, request: Request) -> Response:
        world = self._sandbox.world
        made = pages.page(
            "world.html",
            base=pages.base_url(request),
            now=world.stamp(),
            sections=[_section(world, title, tables) for title, tables in SECTIONS.items()],
            events=[_event(each) for each in reversed(world.read("Event")[-LATEST:])],
            # Without the query, which may hold a secret.
            requests=[
                (each.method, each.path, _status(each.status)) for each in self._sandbox.requests[: -LATEST - 1 : -1]
            ],
            requested=len(self._sandbox.requests),
            faults=len(self._sandbox.faults),
        )
        return _or_text(made, request)


def _section(world: World, title: str, tables: list[str]) -> dict[str, Any]:
    """The number of the rows of *tables*, that of each status, and the newest rows."""
    statuses: Counter[str] = Counter()
    newest: list[Row] = []
    for table in tables:
        rows = world.read(table)
        newest += rows[-NEWEST:]
        for status in rows.values("status"):
            statuses[str(status)] += len(world.read(table, status=status))
    newest.sort(key=lambda row: (str(row.get("created")), int(row["id"])), reverse=True)
    return {
        "title": title,
        "count": sum(len(world.read(table)) for table in tables),
        "statuses": sorted(statuses.items()),
        "rows": [_shown(row) for row in newest[:NEWEST]],
    }


def _shown(row: Row) -> dict[str, Any]:
    details = [str(row[name]) for name in DETAILS if row.get(name)]
    name = row.get("label") or row.get("domain") or ""
    return {"id": row["id"], "name": name, "status": row.get("status") or "", "details": ", ".join(details)}


def _event(row: Row) -> dict[str, Any]:
    entity = row.get("entity") or {}
    return {
        "time": row["created"],
        "action": row["action"],
        "entity": entity.get("label") or "",
        "status": row["status"],
    }


def _status(status: int) -> str:
    """The status of a response, in figures and words; 0 is that of a request without a response."""
    if status == 0:
        return "no response"
    known = status in HTTPStatus._value2member_map_
    return f"{status} {HTTPStatus(status).phrase}" if known else str(status)


def _operations() -> list[routes.Route]:
    return sorted(routes.routes(), key=lambda each: (each.path, each.method))


def _cookie_name(request: Request) -> str:
    """The name of the cookie. Cookies are shared by all ports of a host, so it has the port."""
    return f"sandbox_page_{urlsplit(request.url).port or 80}"


def _to_home(request: Request, value: str, more: str = "") -> Response:
    """Redirect to the page, which takes the token out of the browser's address bar, and set the cookie to *value*."""
    secure = "; Secure" if urlsplit(request.url).scheme == "https" else ""
    cookie = f"{_cookie_name(request)}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}"
    headers = {"Location": "/", "Set-Cookie": cookie, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Response(303, headers)


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
