"""The SQL of the keys of rows, and of the leads that other systems know by their ids. Its plans do not depend on
statistics.
"""

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from asyncpg import Record

from leadconnect.database.planner import IN_INDEX_ORDER, NO_WALKS, without
from leadconnect.database.pool import Connection
from leadconnect.imports.verdicts.queries import ROWS_OF
from leadconnect.recognition.vocabulary.campaigns import OWN_EXPORT

AN_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

ROW_KEYS = f"""
    select row_number, phone_key, email_key, external_id from import_rows
    where {ROWS_OF} and row_number > $3 and row_number <= $4 and verdict = 'create'
"""  # noqa: S608  constants


EXTERNAL_ID_MATCHES = """
    select given.row_number, found.lead_id
    from unnest($2::integer[], $3::text[]) as given (row_number, key), lateral (
        select e.lead_id from lead_external_ids as e
        where e.account_id = $1 and e.system = $4 and e.external_id between given.key and given.key
        order by e.external_id limit 1
    ) as found
"""
LIVE_IDS = """
    select found.lead_id
    from unnest($2::uuid[]) as given (id), lateral (
        select s.lead_id from lead_search as s
        where s.account_id = $1 and s.lead_id between given.id and given.id and not s.is_deleted
        order by s.lead_id limit 1
    ) as found
"""


async def row_keys(connection: Connection, account_id: UUID, import_id: UUID, between: tuple[int, int]) -> list[Record]:
    """Return the keys of the rows that would be added, after the first and up to the second of `between`."""
    async with without(connection, NO_WALKS):
        return await connection.fetch(ROW_KEYS, account_id, import_id, *between)


async def known_leads(connection: Connection, account_id: UUID, rows: Iterable[Record], system: str) -> dict[int, UUID]:
    """Return the leads that `system` knows by the ids of `rows` of `row_keys`, by row number."""
    given = [(row["row_number"], row["external_id"]) for row in rows if row["external_id"] is not None]
    return dict(await _by_external_id(connection, account_id, given, system)) if given else {}


async def _by_external_id(
    connection: Connection, account_id: UUID, given: Sequence[tuple[int, str]], system: str
) -> list[tuple[int, UUID]]:
    """Return the leads, none of them deleted, that `system` knows by the ids given with the numbers of their rows. Ids
    of our own export are those of the leads, too.
    """
    async with without(connection, IN_INDEX_ORDER):
        rows = await connection.fetch(EXTERNAL_ID_MATCHES, account_id, *map(list, zip(*given, strict=True)), system)
    pairs = [(row["row_number"], row["lead_id"]) for row in rows]
    if system == OWN_EXPORT.name:
        pairs += [(number, UUID(text)) for number, text in given if AN_ID.fullmatch(text)]
    async with without(connection, IN_INDEX_ORDER):
        rows = await connection.fetch(LIVE_IDS, account_id, [lead_id for _, lead_id in pairs]) if pairs else []
    live = {row["lead_id"] for row in rows}
    return [(number, lead_id) for number, lead_id in pairs if lead_id in live]
