"""When demo leads come in and when they are followed up: office hours, quiet weekends, slow growth, a backlog."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from leadconnect.seed.vocabulary.weighted import Weighted

SPAN = timedelta(days=400)
"""How far back the oldest lead lies."""

WEEKDAY_WEIGHTS = (1.15, 1.1, 1.05, 1.0, 0.9, 0.22, 0.12)
"""Leads by day of the week, Monday first."""

HOUR_WEIGHTS = (
    0.1, 0.05, 0.03, 0.02, 0.03, 0.08, 0.25, 0.6, 1.5, 3.2, 4.6, 4.8,
    3.6, 3.0, 4.0, 4.4, 4.2, 3.4, 2.2, 1.4, 1.0, 0.8, 0.5, 0.25,
)  # fmt: skip
"""Leads by hour of the local day, midnight first."""

FOLLOW_UP_DAYS = Weighted(((-45, -15), (-14, -1), (0, 0), (1, 7), (8, 30), (31, 90)), (6, 16, 8, 34, 26, 10))
"""Follow-ups of open leads: first and last day from today. Overdue long and lately, today, due soon, future."""


def creation_instants(count: int, now: datetime, zone: ZoneInfo, random: Random) -> list[datetime]:
    """Return `count` UTC instants of the `SPAN` before `now`, oldest first, shaped by the working week of `zone`."""
    today = now.astimezone(zone).date()
    days = [today - SPAN + timedelta(days=index) for index in range(SPAN.days + 1)]
    weights = accumulate(
        WEEKDAY_WEIGHTS[day.weekday()] * (0.6 + 0.8 * index / len(days)) for index, day in enumerate(days)
    )
    chosen = sorted(random.choices(days, cum_weights=list(weights), k=count))
    hours = random.choices(range(24), weights=HOUR_WEIGHTS, k=count)
    instants = (_instant(day, hour, zone, random) for day, hour in zip(chosen, hours, strict=True))
    earliest = now - SPAN
    return sorted(
        min(max(instant, earliest), now - timedelta(seconds=random.randrange(1, 3600))) for instant in instants
    )


def _instant(day: date, hour: int, zone: ZoneInfo, random: Random) -> datetime:
    moment = time(hour, random.randrange(60), random.randrange(60), random.randrange(1000) * 1000)
    return datetime.combine(day, moment, tzinfo=zone).astimezone(UTC)


def follow_up_day(today: date, random: Random) -> date:
    """Return a day around `today`, as an open lead would have it."""
    first, last = FOLLOW_UP_DAYS.pick(random)
    return today + timedelta(days=random.randint(first, last))


def moment_between(start: datetime, end: datetime, random: Random) -> datetime:
    """Return an instant from `start` to `end`, in whole milliseconds after `start`."""
    return start + timedelta(milliseconds=int((end - start) / timedelta(milliseconds=1) * random.random()))
