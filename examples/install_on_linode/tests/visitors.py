"""Visitors, and what they do at the login service, for the tests."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit

from linode._http.transport import Request

CALLS = [
    ("POST", "/oauth/token"),
    ("GET", "/linode/instances"),
    ("GET", "/linode/stackscripts"),
    ("POST", "/linode/stackscripts"),
    ("POST", "/linode/instances"),
    ("GET", "/linode/instances/*"),
    ("GET", "/account/events"),
    ("POST", "/oauth/revoke"),
]
"""All that an install asks of Linode."""


def text_of(answer):
    """The visible text of a page."""
    text = re.sub(r"<head>.*?</head>|<[^>]*>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def consent(sandbox, url, decision="allow", scopes=None):
    """Sign in at the sandbox's login page and press a button; the address that leads back. *scopes*: asked instead."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query)) | ({} if scopes is None else {"scopes": scopes})
    here, cookie, form = parts._replace(query=urlencode(query)).geturl(), "", None
    for _ in range(8):
        if urlsplit(here).netloc != parts.netloc:
            return here
        headers = {"Cookie": cookie, **({"Content-Type": "application/x-www-form-urlencoded"} if form else {})}
        body = urlencode(form).encode() if form else None
        answer = sandbox.transport().send(Request("POST" if form else "GET", here, headers, body), 10)
        cookie = answer.headers.get("set-cookie", cookie).partition(";")[0]
        if answer.status == 303:
            here, form = urljoin(here, answer.headers["location"]), None
            continue
        page = answer.content.decode()
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition("</form>")[0])
        pressed = {"decision": decision} if 'name="decision"' in page else {"username": "sandbox"}
        form = {name: html.unescape(value) for name, value in hidden} | pressed
        here = urljoin(here, re.search(r'<form method="post" action="([^"]+)"', page)[1])
    raise AssertionError(f"the login service leads in circles: {here}")


def code_of(address):
    """The code in an *address* that leads back."""
    return parse_qs(urlsplit(address).query)["code"][0]


class Heard:
    """The way to the sandbox, listened to: which passwords were sent; ``at(method, path, done)`` hears of calls."""

    parallel = False

    def __init__(self, way):
        self.way = way
        self.passwords = []
        self.at = lambda _method, _path, _done: None
        self.sleep, self.now, self.close = way.sleep, way.now, way.close

    def send(self, request, timeout):
        """Send it on."""
        path = urlsplit(request.url).path.removeprefix("/v4")
        if request.method == "POST" and path == "/linode/instances":
            self.passwords.append(json.loads(request.content)["root_pass"])
        self.at(request.method, path, False)
        answer = self.way.send(request, timeout)
        self.at(request.method, path, True)
        return answer


class Visitor:
    """A browser without scripts: its client keeps the session; forms are sent with the token that the page gave it."""

    def __init__(self, site, client):
        self.site, self.client, self.token = site, client, None

    def get(self, path):
        return self._seen(self.client.get(path))

    def post(self, path, **fields):
        fields.setdefault("csrf_token", self.token or "")
        return self._seen(self.client.post(path, data=fields))

    def press(self, **choices):
        """Press the button; the address of the login service."""
        self.get("/")
        chosen = {"name": "hello", "plan": "g6-nanode-1", "region": "us-east", "image": "linode/debian12", **choices}
        answer = self.post("/", **chosen)
        assert answer.status_code == 303, text_of(answer)
        return answer.headers["location"]

    def come_back(self, address):
        """Follow the *address* that leads back; where that leads to."""
        parts = urlsplit(address)
        answer = self.get(f"{parts.path}?{parts.query}")
        return answer.headers["location"] if answer.status_code == 303 else answer

    def install(self, **consented):
        """From the button to the install's page; its address."""
        return self.come_back(consent(self.site.sandbox, self.press(), **consented))

    def _seen(self, answer):
        if found := re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', answer.text):
            self.token = found[1]
        return answer
