"""The SQL of rows that repeat an earlier row of their file."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from asyncpg import Record

from leadconnect.database.planner import NO_NESTED_LOOPS, without
from leadconnect.database.pool import Connection
from leadconnect.imports.queries import PATIENCE, PATIENCE_SECONDS

ROWS_OF = "account_id = $1 and import_id = $2"
READ_AHEAD = 500
"""Rows that are read from the database together."""

SET_SAME_IDS = f"""
    with keyed as (
        select row_number, min(row_number) over (partition by external_id) as of_row
        from import_rows where {ROWS_OF} and verdict = 'create' and external_id is not null
    )
    update import_rows as r set verdict = 'duplicate', of_row = keyed.of_row, code = 'same_external_id', lead_id = null
    from keyed
    where r.account_id = $1 and r.import_id = $2 and r.row_number = keyed.row_number and keyed.of_row < keyed.row_number
"""  # noqa: S608  constants


def _sharing(column: str) -> str:
    """Return the statement of the rows that share the key in `column`, by key and then in the order of the file."""
    return f"""
        select row_number, of_row, key, phone_key, email_key, external_id,
            lead ->> 'name' as name, lead ->> 'companyName' as "companyName", lead ->> 'dateOfBirth' as "dateOfBirth"
        from (
            select {column} as key, count(*) over (partition by {column}) as row_count, *
            from import_rows
            where {ROWS_OF} and {column} is not null and (verdict = 'create' or of_row is not null)
        ) as keyed
        where row_count > 1
        order by key, row_number
    """  # noqa: S608  constants


SHARING_PHONE, SHARING_EMAIL = _sharing("phone_key"), _sharing("email_key")
SET_REPEATED = """
    update import_rows as r set verdict = 'duplicate', of_row = given.of_row, code = given.code, lead_id = null
    from unnest($3::integer[], $4::integer[], $5::text[]) as given (row_number, of_row, code)
    where r.account_id = $1 and r.import_id = $2 and r.row_number = given.row_number
        and r.row_number between $6 and $7
"""
ADD_DETAILS = """
    update import_rows as r set detail = coalesce(r.detail, '{}'::jsonb) || given.detail::jsonb
    from unnest($3::integer[], $4::text[]) as given (row_number, detail)
    where r.account_id = $1 and r.import_id = $2 and r.row_number = given.row_number
        and r.row_number between $5 and $6
"""


async def allow_time(connection: Connection) -> None:
    """Let the statements of this transaction take minutes, as those on a whole file may."""
    await connection.execute(PATIENCE)


async def set_same_ids(connection: Connection, account_id: UUID, import_id: UUID) -> None:
    """Make rows that have the external id of an earlier row its duplicates."""
    async with without(connection, NO_NESTED_LOOPS):
        await connection.execute(SET_SAME_IDS, account_id, import_id, timeout=PATIENCE_SECONDS)


def sharing(connection: Connection, account_id: UUID, import_id: UUID, statement: str) -> AsyncIterator[Record]:
    """Yield the rows of `SHARING_PHONE` or `SHARING_EMAIL`, read by a cursor in the caller's transaction."""
    cursor: AsyncIterator[Record] = aiter(
        connection.cursor(statement, account_id, import_id, prefetch=READ_AHEAD, timeout=PATIENCE_SECONDS)
    )
    return cursor


async def set_repeated(
    connection: Connection, account_id: UUID, import_id: UUID, repeated: Sequence[tuple[int, int, str]]
) -> None:
    """Make rows duplicates: their number, that of the earlier row, and the code of what they share."""
    if repeated:
        columns = [[each[position] for each in repeated] for position in range(3)]
        ends = min(columns[0]), max(columns[0])
        async with without(connection, NO_NESTED_LOOPS):
            await connection.execute(SET_REPEATED, account_id, import_id, *columns, *ends, timeout=PATIENCE_SECONDS)


async def add_details(
    connection: Connection, account_id: UUID, import_id: UUID, details: Sequence[tuple[int, str]]
) -> None:
    """Add JSON objects to the details of rows, by row number."""
    if details:
        columns = [number for number, _ in details], [detail for _, detail in details]
        ends = min(columns[0]), max(columns[0])
        async with without(connection, NO_NESTED_LOOPS):
            await connection.execute(ADD_DETAILS, account_id, import_id, *columns, *ends, timeout=PATIENCE_SECONDS)
