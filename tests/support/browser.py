"""A person with a browser at the sandbox's login service."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from linode._http.transport import Request, Response, Transport

__all__ = ["log_in"]


class _Form(HTMLParser):
    """The first form of a page, with its first button pressed."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self._ended = False
        self.feed(response.content.decode())
        assert self.action is not None, response.content.decode()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if self._ended:
            return
        if tag == "form":
            self.action = said["action"]
        elif tag in ("input", "button"):
            self.fields.setdefault(said["name"], said["value"])

    def handle_endtag(self, tag: str) -> None:
        self._ended = self._ended or tag == "form"


def log_in(url: str, way: Transport) -> str:
    """Follow *url* to the login service, sign in as the first user, allow what is asked; the address led back to."""
    here, cookie, form = url, "", None
    for _ in range(10):
        if urlsplit(here).netloc != urlsplit(url).netloc:
            return here
        content = None if form is None else urlencode(form.fields).encode()
        headers = {"Cookie": cookie} | ({} if form is None else {"Content-Type": "application/x-www-form-urlencoded"})
        response = way.send(Request("GET" if form is None else "POST", here, headers, content), 10)
        cookie = response.headers.get("set-cookie", cookie).partition(";")[0]
        if response.status == 303:
            here, form = urljoin(here, response.headers["location"]), None
        else:
            form = _Form(response)
            here = urljoin(here, form.action)
    raise AssertionError(f"the login service leads in circles: {here}")
