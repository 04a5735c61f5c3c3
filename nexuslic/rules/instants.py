"""Instants at the end of the calendar: adding to them stays within it, so that no clock can break a launch."""

from datetime import UTC, datetime, timedelta

LAST = datetime.max.replace(tzinfo=UTC)


def later(at: datetime, by: timedelta) -> datetime:
    """`at` (UTC) and `by` more, or the last instant of the calendar where that lies beyond it."""
    return at + by if by <= LAST - at else LAST
