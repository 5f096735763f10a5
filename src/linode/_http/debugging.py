"""``LINODE_DEBUG=1``: the requests and the responses in the log, and the log on the standard error."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Iterable
from typing import Any

from linode._secrets import redact_text, redacted

from .hooks import RequestInfo, ResponseInfo

__all__ = ["Debugger", "debugger"]

MAX_BODY_CHARACTERS = 4000
"""Maximum number of characters of a body that are logged."""
_QUERY = re.compile(r"(\w+://[^\s?\"\\]*\?)[^\s\"\\]+")
"""An address with a query, which may have a signature that is as good as a token."""
_LOGGER = logging.getLogger("linode")


class _Stderr(logging.Handler):
    """Writes to the standard error of the moment, which a program may replace."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            print(self.format(record), file=sys.stderr)  # noqa: T201 - the log
        except Exception:  # noqa: BLE001 - as all handlers of logging do
            self.handleError(record)


def debugger() -> Debugger | None:
    """The debugger, if the environment asks for it. Raises ValueError."""
    value = os.environ.get("LINODE_DEBUG", "")
    if value.lower() in ("", "0", "false"):
        return None
    if value.lower() not in ("1", "true"):
        raise ValueError(f"LINODE_DEBUG is {value!r}; it must be 1 or 0")
    if not any(isinstance(each, _Stderr) for each in _LOGGER.handlers):
        handler = _Stderr()
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        _LOGGER.addHandler(handler)
    _LOGGER.setLevel(logging.DEBUG)
    return Debugger()


class Debugger:
    """Logs requests and responses with ``***`` and ``<hidden>`` for secrets."""

    def request(self, info: RequestInfo) -> None:
        """Log the request *info*."""
        parts = {"query": info.query, "filter": info.filter, "body": info.json}
        shown = "".join(f" {name}={_text(value)}" for name, value in parts.items() if value not in ({}, None))
        _LOGGER.debug("> %s %s headers=%s%s", info.method, info.url, _text(info.headers), shown)

    def response(self, info: ResponseInfo, secrets: Iterable[str | None]) -> None:
        """Log the response *info* to a request with *secrets*; the line of every request has the status."""
        if info.status is not None:
            _LOGGER.debug("< headers=%s body=%s", _text(info.headers), redact_text(_body(info), secrets))


def _body(info: ResponseInfo) -> str:
    """The body of *info*, if it is JSON, else its size: other content may be anything."""
    try:
        return _text(redacted(info.json))
    except (ValueError, RecursionError):
        return f"{len(info.content)} bytes of {info.headers.get('content-type', 'no content type')}"


def _text(value: Any) -> str:
    text = _QUERY.sub(r"\1***", json.dumps(value, ensure_ascii=False, default=repr))
    return text if len(text) <= MAX_BODY_CHARACTERS else f"{text[:MAX_BODY_CHARACTERS]}... ({len(text)} characters)"
