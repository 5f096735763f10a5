"""Times of the API's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ()


def taken(date: str | None) -> datetime:
    """When an order was taken, by the API's clock; by ours where it does not tell."""
    from email.utils import parsedate_to_datetime

    try:
        return cut(datetime.now(UTC) if date is None else parsedate_to_datetime(date))
    except (ValueError, TypeError, IndexError, OverflowError):
        return cut(datetime.now(UTC))


def cut(moment: datetime) -> datetime:
    """A second before *moment*, since the stamps of events are cut to seconds."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC) - timedelta(seconds=1)
