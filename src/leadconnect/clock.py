"""The time. Instants are aware and UTC; a calendar day belongs to a time zone.

Expiries are decided by the database.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def today_in(time_zone: str) -> date:
    """Return today's date in `time_zone`, such as ``Asia/Kolkata`` (IANA database)."""
    return datetime.now(ZoneInfo(time_zone)).date()
