"""The wire of today's API: encodes calls as HTTP requests and decodes responses into results."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from copy import copy
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from linode._model import Call, Page
from linode._model.convert import decoder
from linode._secrets import AsyncToken, redact_text, returned_token, secrets_in
from linode._uploads import Upload
from linode.errors import AuthenticationError, Reason, UnexpectedResponseError, api_error, excerpt

from .headers import is_secret
from .transport import USER_AGENT, Request, Response

__all__ = ["Wire"]

_BETA = "/v4beta"
NO_HEADERS: Mapping[str, str] = {}
BLANK = 64
"""Only responses shorter than this many bytes are checked for whitespace."""


class _RawPage(msgspec.Struct):
    """A decoded page, whose objects are left as JSON bytes."""

    data: list[msgspec.Raw]
    page: int = 1
    pages: int = 1
    results: int = 0


class Wire:
    """Encodes requests to the API at *base_url*, with *token* (None: unauthenticated), or with what it returns.

    *headers* are added to the requests to the API; *user_agent* is that of all requests.
    """

    page_size = 500
    filters_locally = True
    """Whether the client filters lists that the API cannot filter."""

    def __init__(
        self,
        base_url: str,
        token: AsyncToken | None,
        headers: Mapping[str, str] = NO_HEADERS,
        user_agent: str = USER_AGENT,
    ) -> None:
        self._user_agent = user_agent
        self.base_url = base_url.rstrip("/")
        self._headers = headers
        self._secret_headers = [value for name, value in headers.items() if is_secret(name)]
        self._token: str | None = None
        self._ask: Callable[[], Any] | None = None
        if callable(token):
            self._ask = token
        else:
            self._token = token

    def __repr__(self) -> str:
        return f"Wire({self.base_url!r})"

    def asks(self, call: Call[Any]) -> bool:
        """Whether a function returns the token of *call*."""
        return self._ask is not None and not call.elsewhere

    def ask(self) -> Any:
        """The token, or an awaitable of it, as the function returns it. Raises the errors of the function."""
        return None if self._ask is None else self._ask()

    def authorized(self, call: Call[Any], returned: Any) -> Call[Any]:
        """*call* with the token that the function *returned*. Raises TypeError and ValueError for an invalid token.

        The token stays with the call, because a response may repeat it after the function has returned another one.
        """
        own = copy(call)
        own.token = returned_token(returned)
        return own

    def request(self, call: Call[Any]) -> Request:
        """The HTTP request for *call*."""
        accepted = "*/*" if call.shape is bytes else "application/json"
        headers = {"Accept": accepted, "User-Agent": self._user_agent}
        if call.elsewhere:
            return self._elsewhere(call, headers)
        if self._headers:
            headers.update(self._headers)
        if (token := call.token or self._token) is not None:
            headers["Authorization"] = f"{self.scheme} {token}"
        if call.filter:
            headers["X-Filter"] = json.dumps(call.filter, separators=(",", ":"))  # json.dumps escapes to ASCII
        url = self._base(call) + call.path
        if query := {name: value for name, value in call.query.items() if value is not None}:
            url = f"{url}?{urlencode(query)}"
        return Request(call.method, url, headers, self._body(call, headers))

    scheme = "Bearer"

    def _elsewhere(self, call: Call[Any], headers: dict[str, str]) -> Request:
        """The request to another host: with JSON and the token of the call, or with neither."""
        if call.token is None:
            own = {"User-Agent": headers["User-Agent"], **call.headers}
            return Request(call.method, call.path, own, call.content, call.shown)
        headers["Authorization"] = f"Bearer {call.token}"
        return Request(call.method, call.path, headers, self._body(call, headers), call.shown)

    def _base(self, call: Call[Any]) -> str:
        if call.beta and not self.base_url.endswith(_BETA):
            return self.base_url.rpartition("/")[0] + _BETA
        return self.base_url

    def _body(self, call: Call[Any], headers: dict[str, str]) -> bytes | Upload | None:
        if call.content is not None:
            headers["Content-Type"] = call.content_type
            return call.content
        if call.method in ("GET", "DELETE") and call.json is None:
            return None
        headers["Content-Type"] = "application/json"
        return msgspec.json.encode({} if call.json is None else call.json)

    def answer(self, call: Call[Any], response: Response) -> Any:
        """The content of *response* in the shape of *call*. Raises `ApiError` and `UnexpectedResponseError`."""
        if not 200 <= response.status < 300:
            raise self._error(call, response)
        if call.whole:
            return response
        if call.content is not None and call.elsewhere:
            return None
        if call.shape is bytes:
            return response.content
        blank = len(response.content) < BLANK and not response.content.strip()
        if blank and (call.shape is None or (response.status == 204 and call.shape is Any)):
            return {}
        try:
            answer = self.decode(call, response.content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            shown = _excerpt(response, self.secrets(call))
            raise UnexpectedResponseError(
                f"{call.method} {call.shown}: the response is not in the documented format: {shown}"
            ) from error
        if isinstance(answer, Page):
            answer.date = response.headers.get("date")
        return answer

    def _error(self, call: Call[Any], response: Response) -> Exception:
        sent = self.secrets(call)
        reasons = [
            Reason(redact_text(why, sent), None if field is None else redact_text(field, sent))
            for why, field in _reasons(response)
        ] or [Reason(f"the response is not in the API's error format: {_excerpt(response, sent)}")]
        headers = {redact_text(name, sent): redact_text(value, sent) for name, value in response.headers.items()}
        error = api_error(response.status, reasons, method=call.method, path=call.shown, headers=headers)
        if isinstance(error, AuthenticationError) and not call.elsewhere:
            error.without_token = call.token is None and self._token is None
        return error

    def secrets(self, call: Call[Any]) -> list[str | None]:
        """The secrets sent with *call*, which a response may repeat."""
        if call.elsewhere:
            address = urlsplit(call.path)
            values = [value for _, value in parse_qsl(address.query)]
            return [call.token, *secrets_in(call.json), address.path.lstrip("/"), address.query, *values]
        return [call.token or self._token, *self._secret_headers, *secrets_in(call.json)]

    def decode(self, call: Call[Any], content: bytes) -> Any:
        """Decode the JSON *content* into the shape that *call* declares."""
        if call.shape is Page:
            return _page(call, content)
        return decoder(Any if call.shape is None else call.shape)(content)


def _page(call: Call[Any], content: Any) -> Page:
    """Decode the page in *content*. A few lists are complete: a bare array, or a member with the list's own name."""
    whole = content[:64].lstrip()[:1] == b"["
    if whole or call.listed_as != "data":
        named = {} if whole else msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        content = named.get(call.listed_as, content)
        if whole or call.listed_as in named:
            data = msgspec.json.decode(content, type=list[msgspec.Raw])
            return Page(data, results=len(data))
    page = msgspec.json.decode(content, type=_RawPage)
    return Page(page.data, page=page.page, pages=page.pages, results=page.results)


def _reasons(response: Response) -> list[Reason]:
    """The reasons in an error response; none if it is not in the API's format."""
    try:
        errors = msgspec.json.decode(response.content)["errors"]
        found = [_reason(each) for each in errors]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError, AttributeError):
        return _reasons_of_storage(response)
    return found or [Reason("no reason given")]


def _reasons_of_storage(response: Response) -> list[Reason]:
    """The reason in an error response of Object Storage, which is XML; none if it is not one."""
    text = response.content[:4000].decode("utf-8", "replace")
    code, message = (re.search(f"<{tag}>([^<>]*)</{tag}>", text) for tag in ("Code", "Message"))
    if "<Error>" not in text or code is None:
        return []
    return [Reason(f"{message[1]} ({code[1]})" if message and message[1] else code[1])]


def _reason(each: Any) -> Reason:
    if isinstance(each, dict):
        field = each.get("field")
        return Reason(str(each.get("reason", "no reason given")), None if field is None else str(field))
    return Reason(str(each))


def _excerpt(response: Response, sent: list[str | None]) -> str:
    """Describe an unusable body: its size, type and beginning. JSON is not shown, because it may contain secrets."""
    body = " ".join(response.content[:4000].decode("utf-8", "replace").split())
    body = "" if body[:1] in ("{", "[", '"') else redact_text(body, sent)
    kind = excerpt(redact_text(response.headers.get("content-type", "no content type"), sent))
    return f"{len(response.content)} bytes of {kind}" + (f": {body[:120]}" if body else "")
