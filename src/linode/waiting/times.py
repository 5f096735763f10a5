"""Times of the API's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ()


def before_response(date: str | None) -> datetime:
    """A second before *date*, a ``Date`` header; a second before the local time if it is missing or invalid."""
    from email.utils import parsedate_to_datetime

    try:
        return second_before(datetime.now(UTC) if date is None else parsedate_to_datetime(date))
    except (ValueError, TypeError, IndexError, OverflowError):
        return second_before(datetime.now(UTC))


def second_before(moment: datetime) -> datetime:
    """A second before *moment*, because the times of events are truncated to seconds."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC) - timedelta(seconds=1)
