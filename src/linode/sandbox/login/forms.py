"""Parsing of the queries, forms, headers and cookies that are sent to the login service."""

from __future__ import annotations

import re
from base64 import b64decode
from email.parser import BytesParser
from email.policy import HTTP
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, unquote_plus

from linode._http.transport import Request

from .scope_descriptions import Denied


def parse_members(encoded: str) -> dict[str, str]:
    """The members of a query or a form; empty ones are left out. Raises `Denied` if a member is repeated."""
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, max_num_fields=50)
    except ValueError as error:
        raise Denied("invalid_request", "there are too many parameters") from error
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Denied("invalid_request", "a parameter is given more than once")
    return {name: value for name, value in members.items() if value}


def form(request: Request) -> dict[str, str]:
    """The members of the posted form. Raises `Denied` if it is not a form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = request.body or b""
    if kind == "application/x-www-form-urlencoded":
        return parse_members(content.decode("utf-8", "replace"))
    if kind == "multipart/form-data":
        return _multipart(request.headers.get("content-type", ""), content)
    raise Denied("invalid_request", "the body must be a form (application/x-www-form-urlencoded)")


def _multipart(kind: str, content: bytes) -> dict[str, str]:
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + content)
    members: dict[str, str] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name, value = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(value, bytes) or name in members:
            raise Denied("invalid_request", "the form cannot be parsed")
        members[name] = value.decode("utf-8", "replace")
    return members


def basic_credentials(request: Request) -> tuple[str, str] | None:
    """The name and the password of HTTP Basic authentication; None if the request has none."""
    kind, _, credentials = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client_id, _, secret = b64decode(credentials, validate=True).decode().partition(":")
    except ValueError as error:
        raise Denied("invalid_client", "the Authorization header cannot be parsed", 401) from error
    return unquote_plus(client_id), unquote_plus(secret)


def cookie(request: Request, name: str) -> str | None:
    """The cookie *name*; None if it is missing or not in the format of a session."""
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(request.headers.get("cookie", ""))
    except CookieError:
        return None
    value = cookies[name].value if name in cookies else ""
    return value if re.fullmatch("[A-Za-z0-9_-]{43}", value) else None
