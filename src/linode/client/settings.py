"""The settings of a client: their defaults, the variables of the environment, and their checks."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any

from linode._http.retries import Around, Retry
from linode._http.transport import USER_AGENT

if TYPE_CHECKING:
    from linode._http.debugging import Debugger
    from linode._http.tracing import Tracers

__all__ = [
    "UNCHANGED",
    "Secret",
    "call_tracer",
    "checked_base_url",
    "checked_page_size",
    "checked_retry",
    "checked_timeout",
    "checked_user_agent",
    "default_url",
    "environment_debugger",
    "verify_or_environment",
]

UNCHANGED: Any = object()
"""The default of options that stay as they are."""
BASE_URL = "https://api.linode.com/v4"
MAX_PAGE_SIZE = 500


def default_url() -> str:
    """The base URL that the environment sets, else the API's."""
    if os.environ.get("LINODE_URL") or os.environ.get("LINODE_API_VERSION"):
        from linode._config import url_from_environment

        return url_from_environment()
    return BASE_URL


def environment_debugger() -> Debugger | None:
    """The debugger that ``LINODE_DEBUG`` asks for. Raises ValueError."""
    if not os.environ.get("LINODE_DEBUG"):
        return None
    from linode._http.debugging import debugger

    return debugger()


def checked_user_agent(user_agent: str | None) -> str:
    """The header ``User-Agent`` with the text *user_agent* at its end. Raises TypeError and ValueError."""
    if user_agent is None:
        return USER_AGENT
    if not isinstance(user_agent, str):
        raise TypeError(f"user_agent must be a str, not {type(user_agent).__name__}")
    if not user_agent.strip() or not user_agent.isascii() or not user_agent.isprintable():
        raise ValueError(f"user_agent={user_agent!r} must be printable ASCII, for example 'my-program/1.2'")
    return f"{USER_AGENT} {user_agent.strip()}"


def verify_or_environment(verify: Any) -> Any:
    """*verify*, else the CA file that ``LINODE_CA`` names, else True. Raises FileNotFoundError."""
    if verify is not None:
        return verify
    path = os.environ.get("LINODE_CA")
    if path and not os.path.isfile(path):  # noqa: PTH113 - pathlib takes milliseconds to import
        raise FileNotFoundError(f"LINODE_CA={path!r}: the file of CA certificates does not exist")
    return path or True


def checked_base_url(base_url: str) -> str:
    scheme, _, rest = base_url.partition("://")
    if scheme not in ("http", "https") or not rest.partition("/")[0]:
        raise ValueError(f"base_url {base_url!r} must be an address such as {BASE_URL}")
    shown = base_url.rstrip("/")
    if shown.partition("://")[2].lower() == "api.linode.com":
        raise ValueError(f"base_url {base_url!r} lacks the version of the API; write {shown}/v4")
    return shown


def checked_page_size(page_size: int | None) -> int | None:
    """*page_size*, if the API has pages of this size. Raises TypeError and ValueError."""
    if page_size is None:
        return None
    if isinstance(page_size, bool) or not isinstance(page_size, int):
        raise TypeError(f"page_size must be an int, the number of objects, not {type(page_size).__name__}")
    if not 1 <= page_size <= MAX_PAGE_SIZE:
        raise ValueError(f"page_size={page_size} must be 1 to {MAX_PAGE_SIZE}")
    return page_size


def checked_retry(retry: Retry) -> Retry:
    """*retry*, if its values are valid. Raises TypeError and ValueError."""
    if not isinstance(retry, Retry):
        raise TypeError(
            f"retry must be a Retry, for example Retry(attempts=1) for no retries, not {type(retry).__name__}"
        )
    if isinstance(retry.attempts, bool) or not isinstance(retry.attempts, int):
        raise TypeError(f"{retry!r}: attempts must be an int")
    for name in ("seconds", "max_rate_limit_wait"):
        if not isinstance(getattr(retry, name), int | float):
            raise TypeError(f"{retry!r}: {name} must be a number of seconds")
    if retry.attempts < 1 or not retry.seconds >= 0 or not retry.max_rate_limit_wait >= 0:
        raise ValueError(f"{retry!r}: attempts must be at least 1, seconds and max_rate_limit_wait at least 0")
    return retry


def checked_timeout(timeout: float | None) -> float | None:
    """*timeout*, if it is a number of seconds or None. Raises TypeError and ValueError."""
    if timeout is None:
        return None
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        raise TypeError(f"timeout must be a number of seconds, or None for no limit, not {type(timeout).__name__}")
    if not 0 < timeout < math.inf:
        raise ValueError(f"timeout={timeout} must be more than 0 seconds, or None for no limit")
    return timeout


def call_tracer(tracing: bool | Tracers, base_url: str) -> Around | None:
    """The wrapper of each call that makes a span of it; None without *tracing*. Raises TypeError and ImportError."""
    if tracing is False:
        return None
    from linode._http.tracing import tracing_of

    return tracing_of(tracing, base_url)


class Secret:
    """A value that its repr does not show."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "***"
