"""The SQL of what becomes of the rows of an import."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.database.planner import NO_NESTED_LOOPS, without
from leadconnect.database.pool import Connection
from leadconnect.imports.models import Totals, Verdict
from leadconnect.imports.queries import PATIENCE, PATIENCE_SECONDS

ROWS_OF = "account_id = $1 and import_id = $2"

FORGET_ROWS = f"delete from import_rows where {ROWS_OF} and row_number <= $3"  # noqa: S608  constants
LAST_ROW = f"select coalesce(max(row_number), 0) from import_rows where {ROWS_OF}"  # noqa: S608  constants
_ROW = {
    "row_number": "integer",
    "line": "integer",
    "start_byte": "bigint",
    "end_byte": "bigint",
    "verdict": "text",
    "code": "text",
    "lead_id": "uuid",
    "phone_key": "text",
    "email_key": "text",
    "external_id": "text",
    "lead": "text",
    "detail": "text",
}
_CAST = ", ".join(f"{name}::jsonb" if name in ("lead", "detail") else name for name in _ROW)
INSERT_ROWS = f"""
    insert into import_rows (account_id, import_id, {", ".join(_ROW)})
    select $1, $2, {_CAST}
    from unnest({", ".join(f"${number}::{kind}[]" for number, kind in enumerate(_ROW.values(), start=3))})
        as given ({", ".join(_ROW)})
"""  # noqa: S608  constants
SET_SECOND_CHANGES = f"""
    with targeted as (
        select row_number, min(row_number) over (partition by lead_id) as of_row
        from import_rows where {ROWS_OF} and verdict = 'update'
    )
    update import_rows as r set verdict = 'duplicate', of_row = targeted.of_row, code = 'same_lead'
    from targeted
    where r.account_id = $1 and r.import_id = $2 and r.row_number = targeted.row_number
        and targeted.of_row < targeted.row_number
"""  # noqa: S608  constants
ROWS_TO_WRITE = f"""
    select row_number, verdict, lead_id, phone_key, email_key, external_id, lead from import_rows
    where {ROWS_OF} and row_number > $3 and verdict in ('create', 'update') order by row_number limit $4
"""  # noqa: S608  constants
VALUES = f"select row_number, lead from import_rows where {ROWS_OF} and row_number = any ($3::integer[])"  # noqa: S608
SKIP_UNMATCHED = f"""
    update import_rows set verdict = 'skip', code = 'no_match', lead_id = null where {ROWS_OF} and verdict = 'create'
"""  # noqa: S608  constants
SET_VERDICTS = """
    update import_rows as r
    set verdict = given.verdict, code = given.code, lead_id = given.lead_id,
        detail = case when given.detail is null then r.detail
            else coalesce(r.detail, '{}'::jsonb) || given.detail::jsonb end
    from unnest($3::integer[], $4::text[], $5::text[], $6::uuid[], $7::text[])
        as given (row_number, verdict, code, lead_id, detail)
    where r.account_id = $1 and r.import_id = $2 and r.row_number = given.row_number
        and r.row_number between $8 and $9
"""
COUNTS = f"""
    select verdict, code, count(*) as row_count from import_rows where {ROWS_OF} group by verdict, code
"""  # noqa: S608  constants
ROWS = f"""
    select row_number, line, verdict, code, lead_id, of_row, lead, detail from import_rows
    where {ROWS_OF} and row_number > $3 and ($4::text is null or verdict = $4) order by row_number limit $5
"""  # noqa: S608  constants
REJECTED = f"""
    select row_number, line, start_byte, end_byte, detail from import_rows
    where {ROWS_OF} and row_number > $3 and verdict = 'reject' order by row_number limit $4
"""  # noqa: S608  constants


SPAN = f"select start_byte, end_byte from import_rows where {ROWS_OF} and row_number = $3"  # noqa: S608  constants


class NewRow(msgspec.Struct):
    """A verdict to be stored, with the columns of `INSERT_ROWS` in their order; `lead` and `detail` are JSON."""

    row_number: int
    line: int
    start_byte: int
    end_byte: int
    verdict: str
    code: str | None
    lead_id: UUID | None
    phone_key: str | None
    email_key: str | None
    external_id: str | None
    lead: str | None
    detail: str | None


async def forget_rows(connection: Connection, account_id: UUID, import_id: UUID) -> None:
    """Drop the verdicts of an earlier plan."""
    await connection.execute(PATIENCE)
    last = await connection.fetchval(LAST_ROW, account_id, import_id)
    await connection.execute(FORGET_ROWS, account_id, import_id, last, timeout=PATIENCE_SECONDS)


async def insert_rows(connection: Connection, account_id: UUID, import_id: UUID, rows: Sequence[NewRow]) -> None:
    """Store verdicts."""
    columns = map(list, zip(*map(msgspec.structs.astuple, rows), strict=True))
    await connection.execute(INSERT_ROWS, account_id, import_id, *columns)


async def mark_second_changes(connection: Connection, account_id: UUID, import_id: UUID) -> None:
    """Make rows that would change a lead that an earlier row changes duplicates of that row."""
    await connection.execute(PATIENCE)
    async with without(connection, NO_NESTED_LOOPS):
        await connection.execute(SET_SECOND_CHANGES, account_id, import_id, timeout=PATIENCE_SECONDS)


async def values_of(
    connection: Connection, account_id: UUID, import_id: UUID, numbers: Sequence[int]
) -> dict[int, dict[str, str]]:
    """Return what the rows of these numbers say, by number."""
    rows = await connection.fetch(VALUES, account_id, import_id, numbers)
    return {row["row_number"]: msgspec.json.decode(row["lead"]) for row in rows}


async def skip_unmatched(connection: Connection, account_id: UUID, import_id: UUID) -> None:
    """Pass over the rows that would be added."""
    await connection.execute(PATIENCE)
    await connection.execute(SKIP_UNMATCHED, account_id, import_id, timeout=PATIENCE_SECONDS)


async def rows_to_write(
    connection: Connection, account_id: UUID, import_id: UUID, after: int, limit: int
) -> list[Record]:
    """Return the next rows, after the row `after`, that become or change leads."""
    return await connection.fetch(ROWS_TO_WRITE, account_id, import_id, after, limit)


class NewVerdict(msgspec.Struct, frozen=True):
    """Another verdict on a row; `detail` is JSON that is added to what is known of it."""

    row_number: int
    verdict: Verdict
    code: str | None
    lead_id: UUID | None
    detail: str | None = None


async def set_verdicts(
    connection: Connection, account_id: UUID, import_id: UUID, verdicts: Sequence[NewVerdict]
) -> None:
    """Change what becomes of rows."""
    if verdicts:
        columns = list(map(list, zip(*map(msgspec.structs.astuple, verdicts), strict=True)))
        first, last = min(columns[0]), max(columns[0])
        async with without(connection, NO_NESTED_LOOPS):
            await connection.execute(SET_VERDICTS, account_id, import_id, *columns, first, last)


async def totals(connection: Connection, account_id: UUID, import_id: UUID) -> Totals:
    """Count the verdicts."""
    found: dict[str, int] = {}
    reasons: dict[str, int] = {}
    for row in await connection.fetch(COUNTS, account_id, import_id, timeout=PATIENCE_SECONDS):
        found[row["verdict"]] = found.get(row["verdict"], 0) + row["row_count"]
        if row["code"] and row["verdict"] not in (Verdict.CREATE, Verdict.UPDATE):
            reasons[row["code"]] = reasons.get(row["code"], 0) + row["row_count"]
    return Totals(read=sum(found.values()), **found, reasons=reasons)


async def rows(
    connection: Connection, account_id: UUID, import_id: UUID, *, after: int, verdict: Verdict | None, limit: int
) -> list[Record]:
    """Return the verdicts on up to `limit` rows after the row `after`, of one kind or all."""
    return await connection.fetch(ROWS, account_id, import_id, after, verdict, limit)


async def rejected(
    connection: Connection, account_id: UUID, import_id: UUID, *, after: int, limit: int
) -> list[Record]:
    """Return where the next rejected rows stand in the file, and why they are rejected."""
    return await connection.fetch(REJECTED, account_id, import_id, after, limit)


async def span(connection: Connection, account_id: UUID, import_id: UUID, row_number: int) -> tuple[int, int]:
    """Return the bytes of the file that a row fills, from the first up to the second; 0 and 0 without any."""
    row = await connection.fetchrow(SPAN, account_id, import_id, row_number)
    return (row["start_byte"], row["end_byte"]) if row else (0, 0)
