"""Finding out whether an object was made whose making got no answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from linode._forking import reset_after_fork
from linode._model import Call, Page, Sleep, Steps
from linode._model.obeying import FilterIgnoredError
from linode.errors import UnexpectedResponseError

__all__ = ["CreationLog", "Reconciliation"]

SLACK = timedelta(seconds=2)
"""By how much stamps may be off: ``created`` is cut to whole seconds, and may be another machine's."""
STRIDE = 1.0
"""Seconds over which the API's clock is watched that has told nothing yet."""
LATELY = 1000
"""So many of the objects that were given out are remembered: only those of the last seconds matter."""


class CreationLog:
    """What a client remembers in order to tell what it has made: the API's clock, and the objects it has given out.

    *now* is the clock that the client's pauses move.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.heard: tuple[str, float] | None = None
        """The last ``Date`` that the API sent, and when it came by our clock."""
        self._given: dict[tuple[str, Any], None] = {}
        self._reset()
        reset_after_fork(self._reset)

    def _reset(self) -> None:
        """In a process that was forked: take no lock of the parent's."""
        self._lock = threading.Lock()

    def hear(self, headers: Mapping[str, str]) -> None:
        """Take note of when an answer was sent."""
        if (date := headers.get("date")) is not None:
            self.heard = date, self.now()

    def mark(self) -> ServerMoment:
        """Now."""
        return ServerMoment(self)

    def give(self, path: str, made: Any) -> bool:
        """Take note that *made*, of the list at *path*, is given out; False when it was given out before."""
        key = path, made._identity()
        with self._lock:
            if key in self._given:
                return False
            self._given[key] = None
            if len(self._given) > LATELY:
                del self._given[next(iter(self._given))]
            return True


class ServerMoment:
    """A moment, to be told by the API's clock once it has gone on; what the client's clock counts is only the share."""

    def __init__(self, ledger: CreationLog) -> None:
        self._ledger = ledger
        self._heard = ledger.heard
        self._at = ledger.now()

    def moment(self, date: str | None) -> datetime | None:
        """When it was, at the earliest, where an answer sent at *date* has just come; None when none came before."""
        if self._heard is None:
            return None
        heard, then = _moment(self._heard[0]), self._heard[1]
        now = self._ledger.now()
        known = date is not None and now > then
        return heard + (_moment(date) - heard) * ((self._at - then) / (now - then) if known else 0.0)

    def ago(self) -> float:
        """Seconds since then, by our clock."""
        return self._ledger.now() - self._at


class Reconciliation:
    """The search for what *call* has made: by its unique name, and made since the call was first sent.

    Since when is told by the API's own dates, which the client's clock only divides: what was made here must not be
    missed where the API's clock runs otherwise, and what was there before must not be taken for it.
    """

    def __init__(self, call: Call[Any], ledger: CreationLog) -> None:
        self._call = call
        self._ledger = ledger
        self._began = ledger.mark()
        self.lost = False
        """Whether an answer was lost already, so that a refusal may come from what that attempt has made."""

    def look(self) -> Steps[Any]:
        """The object, as the call would have given it; None when it is not there.

        Raises `UnexpectedResponseError` when the answers do not tell.
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
                if self._ledger.give(call.unique.path, found):
                    return found
        if len(named) < len(rows):  # what was made may stand on a page that was not looked at
            raise FilterIgnoredError(call.unique.path)
        return None

    def gave(self, made: Any) -> None:
        """Take note that the call was answered with *made*."""
        if self._call.unique is not None:
            self._ledger.give(self._call.unique.path, made)

    def _is_ours(self, row: dict[str, Any], page: Page, asking: Call[Page]) -> Steps[bool]:
        """Whether *row*, which stands in *page*, was made since the call was first sent."""
        created: Any = row.get("created")
        since = yield from self._since(page, asking)
        try:
            return datetime.fromisoformat(created).replace(tzinfo=UTC) >= since - SLACK
        except (TypeError, ValueError, OverflowError) as error:
            raise UnexpectedResponseError(f"the API sent {created!r} and {page.date!r} for dates") from error

    def _since(self, page: Page, asking: Call[Page]) -> Steps[datetime]:
        """When the call was first sent, by the API's clock; *page* has just come.

        Where no answer has a date nothing tells what runs between our clock and the API's.
        """
        if page.date is None:
            raise UnexpectedResponseError("the answer has no Date, so an older object of the name may be another one")
        if (moment := self._began.moment(page.date)) is not None:
            return moment
        sent, ago, now = _moment(page.date), self._began.ago(), self._ledger.now()
        yield Sleep(STRIDE)
        later: Page = yield from asking
        rate = (_moment(later.date) - sent).total_seconds() / max(self._ledger.now() - now, STRIDE)
        return sent - timedelta(seconds=ago * (rate + 1 if rate > 1 + 1 / STRIDE else 1.0))  # dates are cut to seconds


def _same(one: Any, other: Any) -> bool:
    """Whether two names are the same to the API, which writes those of domains in lower case."""
    return one == other or (isinstance(one, str) and isinstance(other, str) and one.lower() == other.lower())


def _moment(date: str | None) -> datetime:
    """The moment that a ``Date`` header tells. Raises `UnexpectedResponseError` where it tells none."""
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(date or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        raise UnexpectedResponseError(f"the API sent {date!r} for a date") from error


def _decoded(raw: Any) -> dict[str, Any]:
    import msgspec

    try:
        row = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnexpectedResponseError("the API sent an object of a list that is no JSON") from error
    if not isinstance(row, dict):
        raise UnexpectedResponseError(f"the API sent {type(row).__name__} for an object of a list")
    return row
