"""Secrets: what is one, and how it stays out of all that people get to see.

Messages and reprs never hold one. What is left are tracebacks: many programs (rich, Sentry, ``pytest --showlocals``)
render them with the local variables of each frame, and there the password is an argument, the token a header, and both
together the bytes on their way to a socket, in frames of this library and of those below it. So whatever a user calls
that is handed a secret is `redact_tracebacks`: an error leaves it with all of its frames, and none of their locals.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

__all__ = ["checked_token", "clear_frames", "hidden", "redact_chain", "redact_tracebacks", "secrets_in", "without"]

P = ParamSpec("P")
T = TypeVar("T")

NAMES = (
    *("pass", "secret", "token", "private_key", "ssl_key", "api_key", "install_code", "kubeconfig"),
    *("cvv", "card_number", "otp", "tfa_code", "code_verifier", "upload_to", "scratch", "response"),
    *("stackscript_data", "user_data"),
)
"""What the names of secrets have in them. The last two are texts of the user's own, whatever may be in them."""
SHORTEST = 6
"""Characters. What is shorter is a word, and hiding it would garble the others."""
STACK = frozenset(
    {
        *("linode", "httpcore2", "httpx2", "h11", "h2", "hpack", "anyio", "asyncio", "ssl", "socket", "selectors"),
        *("concurrent", "threading", "contextlib", "functools", "http", "urllib", "email", "encodings", "idna"),
        *("gzip", "json", "msgspec", "zlib"),
    }
)
"""The modules whose frames hold what is sent and received: the library's, and those of what it sends with."""
_COROUTINE = 0x80
"""The flag of code that is awaited; `inspect`, which knows it too, takes milliseconds to import."""


def checked_token(token: str | None) -> str | None:
    """*token*, if a header can hold it; the error shows nothing of it."""
    if token is None:
        return None
    if not isinstance(token, str):
        raise TypeError(f"the token must be text, not {type(token).__name__}")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("the token must be printable ASCII without spaces or newlines")
    return token


def _is_name_of_secret(name: Any) -> bool:
    return any(word in str(name).lower() for word in NAMES)


def hidden(value: Any) -> Any:
    """*value* with what looks like a secret blotted out, for people to read."""
    if isinstance(value, dict):
        return {key: "***" if each and _is_name_of_secret(key) else hidden(each) for key, each in value.items()}
    if isinstance(value, list):
        return [hidden(each) for each in value]
    return value


def secrets_in(value: Any, *, secret: bool = False) -> Iterator[str]:
    """The texts in *value*, a body, that look like secrets."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from secrets_in(each, secret=secret or _is_name_of_secret(key))
    elif isinstance(value, list):
        for each in value:
            yield from secrets_in(each, secret=secret)
    elif secret and isinstance(value, str):
        yield value


def without(text: str, secrets: Iterable[str | None]) -> str:
    """*text*, which others have written, without the *secrets* that they were sent, however they wrote them."""
    for secret in secrets:
        if secret is not None and len(secret) >= SHORTEST:
            for form in _forms(secret):
                text = text.replace(form, "<hidden>")
    return text


def _forms(secret: str) -> list[str]:
    """*secret* as it is, and as it stands in JSON, in a repr and in a form."""
    if secret.isalnum() and secret.isascii():
        return [secret]
    import json
    from urllib.parse import quote, quote_plus

    raw = secret.encode("utf-8", "surrogatepass")
    forms = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], repr(raw)[2:-1], quote(raw), quote_plus(raw)}
    return sorted(forms, key=len, reverse=True)


def redact_chain(error: BaseException, secrets: Iterable[str | None]) -> None:
    """Take the *secrets* out of the texts of *error* and of all that led to it."""
    hide = [secret for secret in secrets if secret is not None]
    for each in _chain(error, None):
        with suppress(AttributeError, TypeError):  # an error whose args cannot be set shows its own text
            each.args = tuple(without(arg, hide) if isinstance(arg, str) else arg for arg in each.args)


def redact_tracebacks(function: Callable[P, T]) -> Callable[P, T]:
    """*function*, from which errors come without the locals of the frames that they have passed."""
    called: Any = function

    @functools.wraps(function)
    def border(*args: Any, **kwargs: Any) -> Any:
        outer = sys.exception()
        try:
            return called(*args, **kwargs)
        except BaseException as error:
            del args, kwargs
            clear_frames(error, outer)
            raise

    @functools.wraps(function)
    async def awaited(*args: Any, **kwargs: Any) -> Any:
        outer = sys.exception()
        try:
            return await called(*args, **kwargs)
        except BaseException as error:
            del args, kwargs
            clear_frames(error, outer)
            raise

    made: Any = awaited if called.__code__.co_flags & _COROUTINE else border
    return made  # type: ignore[no-any-return]


def clear_frames(error: BaseException, outer: BaseException | None, *, everywhere: bool = False) -> None:
    """Clear, and leave out, the library's own frames that *error* and all that led to it have passed on their way here.

    Those of its HTTP stack go with them; a user's own (a callback, a flow) stay as they are. Of the library's frames
    *error* keeps the first, which was called, and the last, which raised it. *outer* is what was being handled when it
    all began: that, and what led to that, is the caller's own, unless it is what comes out again. *everywhere*: users'
    frames are cleared too, as far as *error* has passed them until now.
    """
    for each in list(_chain(error, outer)):
        _clear(each.__traceback__, everywhere)
        each.__traceback__ = _shortened(each.__traceback__, ends=each is error)
        _blank(each)


def _chain(error: BaseException, outer: BaseException | None) -> Iterator[BaseException]:
    """*error* and all that led to it, up to *outer*."""
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
    """Whether the frame is the library's, or of what it sends with."""
    return str(passed.tb_frame.f_globals.get("__name__")).partition(".")[0] in STACK


def _clear(passed: TracebackType | None, everywhere: bool) -> None:
    while passed is not None:
        if everywhere or _is_ours(passed):
            with suppress(RuntimeError):  # it still runs: this border, or the caller's own
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


def _blank(error: BaseException) -> None:
    """Take from *error* the whole text that it could not read: an answer, with the secrets in it."""
    unreadable: Any = error
    if isinstance(error, (UnicodeDecodeError, UnicodeEncodeError)):
        unreadable.object = error.object[:0]
        error.args = (error.encoding, error.object, error.start, error.end, error.reason)
    elif type(error).__name__ == "JSONDecodeError":  # of json, which need not be imported
        unreadable.doc = ""
