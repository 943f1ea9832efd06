"""An account's days, weeks and months as instants.

A week begins on Sunday. A day is that of the account's time zone, so it may have 23 or 25 hours, and a month begins
with its first day.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

DAY = timedelta(days=1)


class Span(msgspec.Struct, frozen=True):
    """The instants from `since` on and before `until`, UTC."""

    since: datetime
    until: datetime

    @property
    def whole_since(self) -> datetime:
        """Where the first whole day of UTC within begins, but no later than `until`."""
        midnight = datetime.combine(self.since.date(), time(), UTC)
        whole = midnight if midnight == self.since else midnight + DAY
        return min(whole, self.until)

    @property
    def whole_until(self) -> datetime:
        """Where the last whole day of UTC within ends, but no sooner than `whole_since`."""
        midnight = datetime.combine(self.until.date(), time(), UTC)
        return max(midnight, self.whole_since)


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """The present of an account, and the days before it that are looked back on."""

    first_day: date
    today: date
    this_week: Span
    this_month: Span
    months: list[tuple[str, Span]]
    """The months that `first_day` to `today` touch, as ``YYYY-MM``, ascending; the first and the last as far as they
    do.
    """


def calendar_of(today: date, zone: ZoneInfo, days: int) -> Calendar:
    """Return the calendar of `zone` on the day `today`, looking back over `days` days before it."""
    first_day, tomorrow = today - days * DAY, today + DAY
    sunday = today - today.isoweekday() % 7 * DAY
    return Calendar(
        first_day=first_day,
        today=today,
        this_week=_span(sunday, tomorrow, zone),
        this_month=_span(today.replace(day=1), tomorrow, zone),
        months=[
            (f"{month:%Y-%m}", _span(max(month, first_day), min(following, tomorrow), zone))
            for month, following in _months(first_day, today)
        ],
    )


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first day of each month from `first` to `last`, and of the next month."""
    month = first.replace(day=1)
    while month <= last:
        following = (month + 31 * DAY).replace(day=1)
        yield month, following
        month = following


def _span(first: date, end: date, zone: ZoneInfo) -> Span:
    """Return the instants of the days from `first` on and before `end`."""
    return Span(_beginning(first, zone), _beginning(end, zone))


def _beginning(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of `day`; where clocks skip midnight, that of the skip."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
