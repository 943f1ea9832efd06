"""Fill in what the filters of a selection mean for an account."""

from datetime import date
from uuid import UUID

from leadconnect.accounts import face as accounts
from leadconnect.clock import today_in
from leadconnect.database.pool import Connection
from leadconnect.leads.choices.queries import countries
from leadconnect.leads.selection import LeadFilters


async def resolve(connection: Connection, account_id: UUID, filters: LeadFilters) -> tuple[LeadFilters, date | None]:
    """Return `filters` as they are for the account, and today in its time zone, which is None where no filter needs it.

    Days become instants by the time zone, and countries the spellings that the account's leads have.
    """
    if not filters.is_of_account:
        return filters, None
    time_zone = await accounts.time_zone_of(connection, account_id)
    spelled = await countries(connection, account_id) if filters.country_keys else []
    return filters.in_zone(time_zone, spelled), today_in(time_zone)
