"""Secrets: recognising them, and keeping them out of messages, logs and tracebacks.

Messages and reprs never contain a secret, but tracebacks may: many programs (rich, Sentry, ``pytest --showlocals``)
show them with the local variables of each frame, where the password is an argument, the token a header, and both are in
the bytes for the socket, in frames of this library and of its HTTP stack. Therefore every public function that gets a
secret is decorated with `redact_tracebacks`: its errors hold no local variables of these frames.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, ParamSpec, TypeAlias, TypeVar

from linode._awaitables import is_async

__all__ = [
    "AsyncToken",
    "Token",
    "checked_source",
    "checked_token",
    "clear_frames",
    "is_name_of_secret",
    "redact_chain",
    "redact_text",
    "redact_tracebacks",
    "redacted",
    "returned_token",
    "secrets_in",
]

P = ParamSpec("P")
T = TypeVar("T")
Token: TypeAlias = str | Callable[[], str]
"""A token, or a function that returns the token for the next request."""
AsyncToken: TypeAlias = str | Callable[[], str | Awaitable[str]]
"""A `Token` of an async client, whose function may be async."""

NAMES = (
    *("pass", "secret", "token", "private_key", "ssl_key", "api_key", "install_code", "kubeconfig"),
    *("cvv", "card_number", "otp", "tfa_code", "code_verifier", "upload_to", "scratch", "response"),
    *("stackscript_data", "user_data"),
)
"""Words in the names of secret members. The values of the last two are the user's own, and may contain secrets."""
MIN_SECRET_LENGTH = 6
"""Minimum length of a secret in characters: a shorter one may be a word, and hiding it would garble messages."""
STACK = frozenset(
    {
        *("linode", "httpcore2", "httpx2", "h11", "h2", "hpack", "anyio", "asyncio", "ssl", "socket", "selectors"),
        *("concurrent", "threading", "contextlib", "functools", "http", "urllib", "email", "encodings", "idna"),
        *("gzip", "json", "msgspec", "zlib"),
    }
)
"""Modules whose frames contain requests and responses: the library's, and those of its HTTP stack."""
_COROUTINE = 0x80
"""The flag of a coroutine's code, as in `inspect`, which takes milliseconds to import."""


def checked_token(token: str | None, name: str = "the token") -> str | None:
    """*token*, if it is valid in a header. Raises TypeError and ValueError, whose messages do not contain it."""
    if token is None:
        return None
    if not isinstance(token, str):
        raise TypeError(f"{name} must be a str, not {type(token).__name__}")
    if not token:
        raise ValueError(f"{name} is empty")
    if token.lower().startswith("bearer "):
        raise ValueError(f"{name} must be given without the word {token[:6]!r}, which the library adds")
    if not token.isascii() or not token.isprintable() or " " in token:
        cure = "; strip() removes those at its ends" if token.strip().isprintable() and " " not in token.strip() else ""
        raise ValueError(f"{name} must be printable ASCII without spaces or newlines{cure}")
    return token


def checked_source(token: AsyncToken | None, name: str = "the token", *, awaited: bool) -> AsyncToken | None:
    """*token*, if it is valid in a header or a function. Raises TypeError and ValueError.

    *name* stands for it in messages; *awaited* is whether it may be an async function.
    """
    if not callable(token):
        return checked_token(token, name)
    if not awaited and is_async(token):
        raise TypeError(
            "token must be a str or a plain function that returns one, not an async function; "
            "only the client of linode.aio takes that"
        )
    return token


def returned_token(returned: Any) -> str:
    """The token *returned* by a function. Raises TypeError and ValueError for an invalid token."""
    token = checked_token(returned, "what the function given as token returns")
    if token is None:
        raise TypeError("what the function given as token returns must be a str, not None")
    return token


def is_name_of_secret(name: Any) -> bool:
    """Whether the value of the member *name* is a secret."""
    return any(word in str(name).lower() for word in NAMES)


def redacted(value: Any) -> Any:
    """A copy of *value* for messages, with ``***`` for each member whose name is that of a secret."""
    if isinstance(value, dict):
        return {key: "***" if each and is_name_of_secret(key) else redacted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [redacted(each) for each in value]
    return value


def secrets_in(value: Any, *, secret: bool = False) -> Iterator[str]:
    """The strings in the body *value* whose member names are those of secrets."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from secrets_in(each, secret=secret or is_name_of_secret(key))
    elif isinstance(value, list):
        for each in value:
            yield from secrets_in(each, secret=secret)
    elif secret and isinstance(value, str):
        yield value


def redact_text(text: str, secrets: Iterable[str | None]) -> str:
    """*text* of a server with ``<hidden>`` for each of *secrets* that were sent to it, in any encoding."""
    for secret in secrets:
        if secret is not None and len(secret) >= MIN_SECRET_LENGTH:
            for form in _forms(secret):
                text = text.replace(form, "<hidden>")
    return text


def _forms(secret: str) -> list[str]:
    """*secret* as it is, and as it is encoded in JSON, in a repr and in a form."""
    if secret.isalnum() and secret.isascii():
        return [secret]
    import json
    from urllib.parse import quote, quote_plus

    raw = secret.encode("utf-8", "surrogatepass")
    forms = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], repr(raw)[2:-1], quote(raw), quote_plus(raw)}
    return sorted(forms, key=len, reverse=True)


def redact_chain(error: BaseException, secrets: Iterable[str | None]) -> None:
    """Replace *secrets* in the arguments of *error* and of all its causes and contexts."""
    hide = [secret for secret in secrets if secret is not None]
    for each in _chain(error, None):
        with suppress(AttributeError, TypeError):  # an error with read-only args has a message of its own
            each.args = tuple(redact_text(arg, hide) if isinstance(arg, str) else arg for arg in each.args)


def redact_tracebacks(function: Callable[P, T]) -> Callable[P, T]:
    """Decorate *function* so that its errors hold no local variables of the frames that they have passed."""
    called: Any = function

    @functools.wraps(function)
    def border(*args: Any, **kwargs: Any) -> Any:
        outer = sys.exception()
        try:
            return called(*args, **kwargs)
        except BaseException as error:
            wrong = _unknown_option(error, called, args, kwargs)
            del args, kwargs
            clear_frames(error, outer)
            if wrong is None:
                raise
        raise wrong

    @functools.wraps(function)
    async def awaited(*args: Any, **kwargs: Any) -> Any:
        outer = sys.exception()
        try:
            return await called(*args, **kwargs)
        except BaseException as error:
            wrong = _unknown_option(error, called, args, kwargs)
            del args, kwargs
            clear_frames(error, outer)
            if wrong is None:
                raise
        raise wrong

    made: Any = awaited if called.__code__.co_flags & _COROUTINE else border
    return made  # type: ignore[no-any-return]


def _unknown_option(
    error: BaseException, function: Callable[..., Any], args: tuple[Any, ...], given: Iterable[str]
) -> Exception | None:
    """The error for an option among *given* that *function* does not have, if *error* is Python's own error for it."""
    if not isinstance(error, TypeError) or (error.__traceback__ and error.__traceback__.tb_next):
        return None
    from linode._model.options import unknown_option

    return unknown_option(function, args, given)


def clear_frames(error: BaseException, outer: BaseException | None, *, everywhere: bool = False) -> None:
    """Clear and remove the frames of the library and of its HTTP stack from *error*, its causes and its contexts.

    Frames of the user's code (a callback, a flow) stay as they are. Of the library's frames *error* keeps the first,
    which the user called, and the last, which raised it. *outer* is the exception that was being handled at the call:
    it and its causes belong to the caller and are not changed, unless it is *error* itself. *everywhere* clears the
    user's frames as well that *error* has passed so far.
    """
    for each in list(_chain(error, outer)):
        _clear(each.__traceback__, everywhere)
        each.__traceback__ = _shortened(each.__traceback__, ends=each is error)
        _clear_input(each)


def _chain(error: BaseException, outer: BaseException | None) -> Iterator[BaseException]:
    """*error*, its causes and its contexts, up to *outer*."""
    seen = {id(outer)} - {id(error)}
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        left += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            left += each.exceptions


def _is_ours(passed: TracebackType) -> bool:
    """Whether the frame belongs to the library or to its HTTP stack."""
    return str(passed.tb_frame.f_globals.get("__name__")).partition(".")[0] in STACK


def _clear(passed: TracebackType | None, everywhere: bool) -> None:
    while passed is not None:
        if everywhere or _is_ours(passed):
            with suppress(RuntimeError):  # the frame is still running: the decorator's, or the caller's
                passed.tb_frame.clear()
        passed = passed.tb_next


def _shortened(passed: TracebackType | None, *, ends: bool) -> TracebackType | None:
    """The traceback *passed* without the library's frames; *ends* keeps the first and the last of them."""
    frames: list[TracebackType] = []
    while passed is not None:
        frames.append(passed)
        passed = passed.tb_next
    ours = [at for at, each in enumerate(frames) if _is_ours(each)]
    kept = {ours[0], ours[-1]} if ends and ours else set()
    short: TracebackType | None = None
    for at in range(len(frames) - 1, -1, -1):
        if at in kept or at not in ours:
            each = frames[at]
            short = TracebackType(short, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return short


def _clear_input(error: BaseException) -> None:
    """Remove from *error* the input that could not be decoded: a response, which may contain secrets."""
    unreadable: Any = error
    if isinstance(error, (UnicodeDecodeError, UnicodeEncodeError)):
        unreadable.object = error.object[:0]
        error.args = (error.encoding, error.object, error.start, error.end, error.reason)
    elif type(error).__name__ == "JSONDecodeError":  # of json, which need not be imported
        unreadable.doc = ""
