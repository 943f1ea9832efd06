"""Announce the daily digests, in the time zone of each account.

Due follow-ups are announced in the morning, and the numbers of the day in the evening.

A run finds the accounts whose digest is due today and was not announced, and announces it under a key of account and
day. So any number of instances may run it, at any time: a late run makes up for missed ones until midnight of the
account.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from leadconnect.database.pool import Database
from leadconnect.database.transaction import maintenance
from leadconnect.mail.announcements import Announcement, Kind, announce
from leadconnect.notifications import queries

log = structlog.get_logger()

TIMES = {Kind.FOLLOW_UP: time(9), Kind.DAILY_SUMMARY: time(18)}
"""The local time from which a digest is due."""
BEFORE_ALL = UUID(int=0)


async def announce_digests(database: Database, *, batch_size: int = 200) -> None:
    """Announce all due digests, in transactions of up to `batch_size` accounts.

    To be run every few minutes.
    """
    async with maintenance(database) as connection:
        now, zones = await queries.present(connection), await queries.time_zones(connection)
    for kind, due_at in TIMES.items():
        for day, names in due_days(now, zones, due_at).items():
            last: UUID | None = BEFORE_ALL
            while last is not None:
                last = await _announce_some(database, kind, day, names, last, batch_size)


async def _announce_some(
    database: Database, kind: Kind, day: date, zones: list[str], after: UUID, count: int
) -> UUID | None:
    """Announce the digests of the next `count` accounts after the id `after`.

    Return the id of the last one, or None at the end.
    """
    key_parts = f"digest:{kind}:", f":{day.isoformat()}"
    async with maintenance(database) as connection:
        account_ids = await queries.accounts_to_announce(connection, kind, day, zones, key_parts, after, limit=count)
        for account_id in account_ids:  # in one order, so that two instances cannot wait for each other
            announcement = Announcement(kind=kind, account_id=account_id, day=day)
            await announce(connection, announcement, key=str(account_id).join(key_parts))
    return account_ids[-1] if len(account_ids) == count else None


def due_days(now: datetime, zones: Iterable[str], due_at: time) -> dict[date, list[str]]:
    """Return the days on which it is `due_at` or later at `now`, with their time zones."""
    days: dict[date, list[str]] = {}
    for name in zones:
        local = now.astimezone(zone_of(name))
        if local.time() >= due_at:
            days.setdefault(local.date(), []).append(name)
    return days


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone `name` of the IANA database, or UTC for an unknown name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        log.warning("unknown_time_zone", name=name)
        return ZoneInfo("UTC")
