"""The SQL of the running totals; the triggers of the table append to them, lists and analytics read them."""

from uuid import UUID

import msgspec

from leadconnect.database.pool import Connection


class Totals(msgspec.Struct, frozen=True):
    """A table of running totals: what its rows are grouped by, what they sum up, and where `truth` stands in full.

    `truth` begins behind ``select``: the groups and what each lead of the account $1 adds to the sums.
    """

    table: str
    groups: str
    sums: tuple[str, ...]
    truth: str


COUNTS = Totals(
    table="lead_counts",
    groups="lead_status, customer_category",
    sums=("lead_count",),
    truth="lead_status, customer_category, 1 as lead_count from leads where account_id = $1 and deleted_at is null",
)
TALLIES = Totals(
    table="lead_tallies",
    groups="kind, label, day",
    sums=("lead_count", "conversion_days"),
    truth="""
        kind, label, day, 1 as lead_count, conversion_days
        from leads, lead_facets(lead_status, lead_source, preferred_communication_channel,
            custom_communication_channel, next_followup_date, created_at, converted_at, lost_at)
        where account_id = $1 and deleted_at is null
    """,
)


def _fold(totals: Totals) -> str:
    """Return the statement that sums up the groups that were appended to, of accounts with $1 such rows."""
    added = ", ".join(f"sum({name})" for name in totals.sums)
    return f"""
        with busy as (
            select account_id from {totals.table} where not is_folded group by account_id having count(*) >= $1
        ), touched as (
            select distinct account_id, {totals.groups} from {totals.table} join busy using (account_id)
            where not is_folded
        ), taken as (
            select account_id, {totals.groups}, id from {totals.table} join touched using (account_id, {totals.groups})
            for update of {totals.table} skip locked
        ), removed as (
            delete from {totals.table} using taken
            where ({_named(totals, totals.table)}) = ({_named(totals, "taken")})
            returning {totals.table}.*
        )
        insert into {totals.table} (account_id, {totals.groups}, {", ".join(totals.sums)}, is_folded)
        select account_id, {totals.groups}, {added}, true
        from removed
        group by account_id, {totals.groups}
        having {_any_left(totals)}
    """  # noqa: S608  constants


def _correct(totals: Totals) -> str:
    """Return the statement that appends what the totals of the account $1 lack, and returns how far each is off."""
    return f"""
        insert into {totals.table} (account_id, {totals.groups}, {", ".join(totals.sums)})
        select $1, {totals.groups}, {", ".join(f"sum({name})" for name in totals.sums)}
        from (
            select {totals.truth}
            union all
            select {totals.groups}, {", ".join(f"-{name}" for name in totals.sums)}
            from {totals.table} where account_id = $1
        ) as compared
        group by {totals.groups}
        having {_any_left(totals)}
        returning {" + ".join(f"abs({name})" for name in totals.sums)} as off_by
    """  # noqa: S608  constants


def _named(totals: Totals, table: str) -> str:
    """Return the columns of the primary key, as those of `table`."""
    return ", ".join(f"{table}.{name}" for name in ("account_id", *totals.groups.split(", "), "id"))


def _any_left(totals: Totals) -> str:
    return " or ".join(f"sum({name}) <> 0" for name in totals.sums)


FOLD = tuple(_fold(totals) for totals in (COUNTS, TALLIES))
CORRECT = tuple(_correct(totals) for totals in (COUNTS, TALLIES))
CORRECTION_SECONDS = 120
"""What the comparison of one account may take: a second per 100,000 leads, and there is no hurry."""
LET_IT_TAKE_LONGER = f"set local statement_timeout = '{CORRECTION_SECONDS}s'"
COUNTED_ACCOUNTS = "select distinct account_id from lead_counts"


async def fold_counts(connection: Connection, *, at_least: int = 50) -> None:
    """Sum up the running totals of accounts that have `at_least` rows of changes since the last time.

    Background work, for the role that reaches all accounts. Writers are not held up, and totals stay right throughout.
    """
    for statement in FOLD:
        await connection.execute(statement, at_least)


async def correct_counts(connection: Connection, account_id: UUID) -> int:
    """Compare the running totals of an account with its leads, and append what is missing; return how far they were
    off, which is 0 unless somebody wrote past the triggers.
    """
    await connection.execute(LET_IT_TAKE_LONGER)
    off_by = 0
    for statement in CORRECT:
        rows = await connection.fetch(statement, account_id, timeout=CORRECTION_SECONDS)
        off_by += sum(row["off_by"] for row in rows)
    return off_by


async def counted_accounts(connection: Connection) -> list[UUID]:
    """Return the accounts that have running totals. Background work."""
    return [row["account_id"] for row in await connection.fetch(COUNTED_ACCOUNTS)]
