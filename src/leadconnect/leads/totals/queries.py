"""The SQL of the running totals; the triggers of the table append to them, and the list reads them."""

from uuid import UUID

from leadconnect.database.pool import Connection

FOLD_COUNTS = """
    with unfolded as (
        select account_id from lead_counts where not is_folded group by account_id having count(*) >= $1
    ), taken as (
        select account_id, id from lead_counts where account_id in (select account_id from unfolded)
        for update skip locked
    ), removed as (
        delete from lead_counts using taken
        where lead_counts.account_id = taken.account_id and lead_counts.id = taken.id
        returning lead_counts.account_id, lead_status, customer_category, lead_count
    )
    insert into lead_counts (account_id, lead_status, customer_category, lead_count, is_folded)
    select account_id, lead_status, customer_category, sum(lead_count), true
    from removed
    group by account_id, lead_status, customer_category
    having sum(lead_count) <> 0
"""

CORRECT_COUNTS = """
    insert into lead_counts (account_id, lead_status, customer_category, lead_count)
    select $1, lead_status, customer_category, sum(change)
    from (
        select lead_status, customer_category, 1 as change from leads where account_id = $1 and deleted_at is null
        union all
        select lead_status, customer_category, -lead_count from lead_counts where account_id = $1
    ) as compared
    group by lead_status, customer_category
    having sum(change) <> 0
    returning lead_count
"""
COUNTED_ACCOUNTS = "select distinct account_id from lead_counts"


async def fold_counts(connection: Connection, *, at_least: int = 50) -> None:
    """Sum up the running totals of accounts that have `at_least` rows of changes since the last time.

    Background work, for the role that reaches all accounts. Writers are not held up, and totals stay right throughout.
    """
    await connection.execute(FOLD_COUNTS, at_least)


async def correct_counts(connection: Connection, account_id: UUID) -> int:
    """Compare the running totals of an account with its leads, and append what is missing; return how far they were
    off, which is 0 unless somebody wrote past the triggers.
    """
    return sum(abs(row["lead_count"]) for row in await connection.fetch(CORRECT_COUNTS, account_id))


async def counted_accounts(connection: Connection) -> list[UUID]:
    """Return the accounts that have running totals. Background work."""
    return [row["account_id"] for row in await connection.fetch(COUNTED_ACCOUNTS)]
