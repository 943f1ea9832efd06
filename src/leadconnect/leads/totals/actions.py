"""Keeping the running totals short and true; background work."""

import structlog

from leadconnect.database.pool import Database
from leadconnect.database.transaction import maintenance
from leadconnect.leads.totals import queries

log = structlog.get_logger()


async def fold_counts(database: Database) -> None:
    """Keep the running totals of leads short; to be done every minute or so."""
    async with maintenance(database) as connection:
        await queries.fold_counts(connection)


async def check_counts(database: Database) -> None:
    """Compare the running totals of every account with its leads and mend them; to be done once a day. Differences are
    logged, for there should be none.
    """
    async with maintenance(database) as connection:
        accounts_with_leads = await queries.counted_accounts(connection)
    for account_id in accounts_with_leads:
        async with maintenance(database) as connection:
            off_by = await queries.correct_counts(connection, account_id)
        if off_by:
            log.error("lead_counts_were_wrong", account_id=str(account_id), off_by=off_by)
