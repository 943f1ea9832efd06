"""What decides something about analytics: by which calendar leads are counted."""

from uuid import UUID
from zoneinfo import ZoneInfo

from leadconnect.accounts import face as accounts
from leadconnect.analytics import queries
from leadconnect.analytics.calendar import calendar_of
from leadconnect.analytics.models import Analytics, analytics
from leadconnect.clock import today_in
from leadconnect.database.pool import Connection


async def analyse(connection: Connection, account_id: UUID, days: int) -> Analytics:
    """Return the figures of the account's leads, and their trends over the last `days` days.

    Days are those of the account's time zone.
    """
    time_zone = await accounts.time_zone_of(connection, account_id)
    calendar = calendar_of(today_in(time_zone), ZoneInfo(time_zone), days)
    return analytics(await queries.figures(connection, account_id, calendar), calendar)
