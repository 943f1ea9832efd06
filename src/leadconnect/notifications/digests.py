"""What is told once a day: the follow-ups that are due, in the morning, and the numbers of the day, in the evening. The
clock is that of the account's own time zone.

A run finds the accounts whose time has come today and that were not told, and announces their digest under a key of
account and day. So it does not matter how many instances run it, or when: one that comes late makes up for the others,
until midnight of the account.
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
"""From when on, on the wall clock of the account, a digest is due."""
BEFORE_ALL = UUID(int=0)


async def announce_digests(database: Database, *, at_once: int = 200) -> None:
    """Announce every digest whose time has come; to be done every few minutes. A transaction has `at_once` accounts."""
    async with maintenance(database) as connection:
        now, zones = await queries.present(connection), await queries.time_zones(connection)
    for kind, due_at in TIMES.items():
        for day, names in due_days(now, zones, due_at).items():
            last: UUID | None = BEFORE_ALL
            while last is not None:
                last = await _announce_some(database, kind, day, names, last, at_once)


async def _announce_some(
    database: Database, kind: Kind, day: date, zones: list[str], after: UUID, count: int
) -> UUID | None:
    """Announce the digests of the next `count` accounts after the id `after`, in one transaction. Return the last one's
    id, or None at the end.
    """
    key_parts = f"digest:{kind}:", f":{day.isoformat()}"
    async with maintenance(database) as connection:
        account_ids = await queries.untold_accounts(connection, kind, day, zones, key_parts, after, limit=count)
        for account_id in account_ids:  # in one order, so that two instances cannot wait for each other
            announcement = Announcement(kind=kind, account_id=account_id, day=day)
            await announce(connection, announcement, key=str(account_id).join(key_parts))
    return account_ids[-1] if len(account_ids) == count else None


def due_days(now: datetime, zones: Iterable[str], due_at: time) -> dict[date, list[str]]:
    """Return the calendar days on which it is `due_at` or later at the instant `now`, each with its time zones."""
    days: dict[date, list[str]] = {}
    for name in zones:
        local = now.astimezone(zone_of(name))
        if local.time() >= due_at:
            days.setdefault(local.date(), []).append(name)
    return days


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone `name` of the IANA database, or UTC where it knows none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        log.warning("unknown_time_zone", name=name)
        return ZoneInfo("UTC")
