"""Finding out whether an object was made whose making got no answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from linode._model import Call, Page, Steps
from linode.errors import UnexpectedAnswerError

__all__ = ["Search"]

SLACK = 3.0
"""Seconds by which stamps may be off: both the ``Date`` header and ``created`` are cut to whole seconds."""


class Search:
    """The search for what *call* has made: by its unique name, and made since the call was first sent.

    *now* is the clock that the client's pauses move.
    """

    def __init__(self, call: Call[Any], now: Callable[[], float]) -> None:
        self._call = call
        self._now = now
        self._began = now()
        self.lost = False
        """Whether an answer was lost already, so that a refusal may come from what that attempt has made."""

    def look(self) -> Steps[Any]:
        """The object, as the call would have given it; None when it is not there."""
        call = self._call
        if call.unique is None:
            return None
        key, value = call.unique
        page: Page = yield from Call(
            "GET", call.path, query={"page": 1, "page_size": 25}, filter={key: value}, shape=Page, beta=call.beta
        )
        for raw in page.data:
            row = _decoded(raw)
            if row.get(key) == value and self._is_ours(row, page.date):
                return call.read(row)
        return None

    def _is_ours(self, row: dict[str, Any], date: str | None) -> bool:
        """Whether *row* was made since the call was first sent, by the API's own clock."""
        from email.utils import parsedate_to_datetime

        created = row.get("created")
        if created is None:
            return True
        try:
            now = datetime.now(UTC) if date is None else parsedate_to_datetime(date)
            made = datetime.fromisoformat(created).replace(tzinfo=UTC)
        except (TypeError, ValueError) as error:
            raise UnexpectedAnswerError(f"the API sent {created!r} and {date!r} for dates") from error
        ago = self._now() - self._began + SLACK
        return made >= now - timedelta(seconds=ago)


def _decoded(raw: Any) -> dict[str, Any]:
    import msgspec

    row = msgspec.json.decode(raw)
    if not isinstance(row, dict):
        raise UnexpectedAnswerError(f"the API sent {type(row).__name__} for an object of a list")
    return row
