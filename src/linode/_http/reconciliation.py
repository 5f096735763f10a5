"""Finding out whether a create request without a response has created its object."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from linode._forking import reset_after_fork
from linode._model import Call, Page, Sleep, Steps
from linode._model.filter_check import FilterIgnoredError
from linode.errors import UnexpectedResponseError

__all__ = ["CreationLog", "Reconciliation"]

SLACK = timedelta(seconds=2)
"""Tolerance for timestamps: ``created`` is truncated to whole seconds, and may be set by another machine."""
STRIDE = 1.0
"""Seconds between two ``Date`` headers that are read to measure the rate of the API's clock."""
LATELY = 1000
"""Number of returned objects that are remembered: only those of the last seconds matter."""


class CreationLog:
    """The API's latest ``Date`` and the objects that the client has returned, kept to recognise its own creations.

    *now* is the clock that the client's pauses advance.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.last_date: tuple[str, float] | None = None
        """The last ``Date`` header of the API, and the local time at which it arrived."""
        self._given: dict[tuple[str, Any], None] = {}
        self._reset()
        reset_after_fork(self._reset)

    def _reset(self) -> None:
        """Replace the lock: a forked process must not wait for a lock of its parent."""
        self._lock = threading.Lock()

    def note_date(self, headers: Mapping[str, str]) -> None:
        """Record the ``Date`` of a response."""
        if (date := headers.get("date")) is not None:
            self.last_date = date, self.now()

    def mark(self) -> ServerMoment:
        """The current moment."""
        return ServerMoment(self)

    def give(self, path: str, made: Any) -> bool:
        """Record that *made*, an object of the list at *path*, is returned; False if it was returned before."""
        key = path, made._identity()
        with self._lock:
            if key in self._given:
                return False
            self._given[key] = None
            if len(self._given) > LATELY:
                del self._given[next(iter(self._given))]
            return True


class ServerMoment:
    """A moment that can later be expressed in the API's time, by interpolation between two ``Date`` headers."""

    def __init__(self, log: CreationLog) -> None:
        self._log = log
        self._last_date = log.last_date
        self._at = log.now()

    def moment(self, date: str | None) -> datetime | None:
        """The earliest API time of this moment, given that a response dated *date* has just arrived.

        None if no response with a date had arrived before the moment.
        """
        if self._last_date is None:
            return None
        earlier, then = _moment(self._last_date[0]), self._last_date[1]
        now = self._log.now()
        known = date is not None and now > then
        return earlier + (_moment(date) - earlier) * ((self._at - then) / (now - then) if known else 0.0)

    def ago(self) -> float:
        """Seconds since this moment, by the local clock."""
        return self._log.now() - self._at


class Reconciliation:
    """Searches for the object that *call* has created: by its unique label, and created since the call was first sent.

    Creation times are compared with the API's own dates; the client's clock only interpolates between them. An object
    of this call must be found even if the API's clock differs, and an older object must not be taken for it.
    """

    def __init__(self, call: Call[Any], log: CreationLog) -> None:
        self._call = call
        self._log = log
        self._began = log.mark()
        self.lost = False
        """Whether a response was lost, so that a later refusal may be caused by the object of the earlier attempt."""

    def look(self) -> Steps[Any]:
        """The created object, as the call would have returned it; None if there is none.

        Raises `UnexpectedResponseError` when the responses do not allow a decision.
        """
        call = self._call
        if call.unique is None:
            return None
        query = {"page": 1, "page_size": 25}
        filter = {call.unique.key: call.unique.value}
        asking: Call[Page] = Call("GET", call.unique.path, query=query, filter=filter, shape=Page, beta=call.beta)
        page: Page = yield from asking
        rows = [_decoded(raw) for raw in page.data]
        named = [row for row in rows if _same(row.get(call.unique.key), call.unique.value)]
        for row in named:
            if (yield from self._is_ours(row, page, asking)):
                found = call.read(row)
                if self._log.give(call.unique.path, found):
                    return found
        if len(named) < len(rows):  # the created object may be on a page that was not read
            raise FilterIgnoredError(call.unique.path)
        return None

    def record(self, made: Any) -> None:
        """Record that the call has returned *made*."""
        if self._call.unique is not None:
            self._log.give(self._call.unique.path, made)

    def _is_ours(self, row: dict[str, Any], page: Page, asking: Call[Page]) -> Steps[bool]:
        """Whether *row* of *page* was created since the call was first sent."""
        created: Any = row.get("created")
        since = yield from self._since(page, asking)
        try:
            return datetime.fromisoformat(created).replace(tzinfo=UTC) >= since - SLACK
        except (TypeError, ValueError, OverflowError) as error:
            raise UnexpectedResponseError(f"the API sent the invalid dates {created!r} and {page.date!r}") from error

    def _since(self, page: Page, asking: Call[Page]) -> Steps[datetime]:
        """The API time at which the call was first sent; *page* has just arrived.

        Raises `UnexpectedResponseError` if the page has no date: then the API's clock is unknown.
        """
        if page.date is None:
            raise UnexpectedResponseError("the response has no Date: the object's age, and so its origin, is unknown")
        if (moment := self._began.moment(page.date)) is not None:
            return moment
        sent, ago, now = _moment(page.date), self._began.ago(), self._log.now()
        yield Sleep(STRIDE)
        later: Page = yield from asking
        rate = (_moment(later.date) - sent).total_seconds() / max(self._log.now() - now, STRIDE)
        return sent - timedelta(seconds=ago * (rate + 1 if rate > 1 + 1 / STRIDE else 1.0))  # dates are whole seconds


def _same(one: Any, other: Any) -> bool:
    """Whether two labels are equal to the API, which writes the names of domains in lower case."""
    return one == other or (isinstance(one, str) and isinstance(other, str) and one.lower() == other.lower())


def _moment(date: str | None) -> datetime:
    """The time in a ``Date`` header. Raises `UnexpectedResponseError` for an invalid header."""
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(date or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        raise UnexpectedResponseError(f"the API sent the invalid date {date!r}") from error


def _decoded(raw: Any) -> dict[str, Any]:
    import msgspec

    try:
        row = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnexpectedResponseError("the API sent an object of a list that is not valid JSON") from error
    if not isinstance(row, dict):
        raise UnexpectedResponseError(f"the API sent a {type(row).__name__} instead of an object in a list")
    return row
