"""A person and an application at the sandbox's login service."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from linode._http.transport import Request, Response
from linode.login import LinodeLoginClient
from linode.sandbox import Sandbox

__all__ = ["APP", "BACK", "HERE", "OUR_FORM", "Browser", "Page", "consented", "login_client", "post", "send"]

HERE = "http://sandbox"
APP = ("my-client-id", "my-client-secret")
BACK = "http://localhost/callback"
OUR_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Page(HTMLParser):
    """A page as a browser understands it: its text, and its forms with their fields and buttons."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.status, self.headers, self.source = response.status, response.headers, response.content.decode()
        self.text, self.forms, self.tags = "", [], set()
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.tags.add(tag)
        if tag == "form":
            self.forms.append({"action": said["action"], "method": said["method"], "fields": {}, "buttons": []})
        elif tag == "input":
            self.forms[-1]["fields"][said["name"]] = said.get("value", "")
        elif tag == "button" and self.forms:
            self.forms[-1]["buttons"].append((said.get("name"), said.get("value")))

    def handle_data(self, data):
        self.text += data


@dataclass
class Browser:
    """Goes where it is sent, keeps cookies, and stops where the way leads out of the sandbox."""

    sandbox: Sandbox
    cookies: dict[str, str] = field(default_factory=dict)
    address: str = HERE
    page: Page | None = None

    def go(self, address: str, method: str = "GET", content: bytes | None = None) -> Browser:
        for _ in range(5):
            self.address = urljoin(self.address, address)
            if urlsplit(self.address).netloc != urlsplit(HERE).netloc:
                self.page = None
                return self
            headers = dict(OUR_FORM) if content is not None else {}
            if self.cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            response = send(self.sandbox, Request(method, self.address, headers, content))
            if "set-cookie" in response.headers:
                name, _, value = response.headers["set-cookie"].partition(";")[0].partition("=")
                self.cookies[name] = value
            if response.status != 303:
                self.page = Page(response)
                return self
            address, method, content = response.headers["location"], "GET", None
        raise AssertionError("sent in circles")

    def press(self, name: str | None = None, value: str | None = None, form: int = 0, **changes: str) -> Browser:
        """Press that button of a form, with hidden fields changed as only a forger would."""
        chosen = self.page.forms[form]
        assert (name, value) in chosen["buttons"]
        fields = chosen["fields"] | changes | ({name: value} if name else {})
        return self.go(chosen["action"], chosen["method"].upper(), urlencode(fields).encode())

    def sign_in(self) -> Browser:
        (name, value), *_ = self.page.forms[0]["buttons"]
        return self.press(name, value)

    def allow(self) -> Browser:
        return self.press("decision", "allow")

    @property
    def said(self) -> dict[str, str]:
        """The members in the address of the redirect."""
        assert self.page is None, self.page.text
        return {name: value for name, (value,) in parse_qs(urlsplit(self.address).query).items()}


def send(sandbox: Sandbox, request: Request) -> Response:
    return sandbox.transport().send(request, None)


def post(sandbox: Sandbox, path: str, **form: str) -> tuple[int, dict]:
    response = send(sandbox, Request("POST", HERE + path, dict(OUR_FORM), urlencode(form).encode()))
    return response.status, json.loads(response.content)


def login_client(sandbox: Sandbox, client_id: str = APP[0], secret: str | None = APP[1], base: str = HERE, **options):
    return LinodeLoginClient(client_id, secret, base, transport=sandbox.transport(), **options)


def consented(sandbox: Sandbox, scopes="linodes:read_write", **options) -> str:
    """The code of a login that went well."""
    login = login_client(sandbox)
    return login.read_redirect(sandbox.log_in(login.generate_login_url(scopes, **options))).code
