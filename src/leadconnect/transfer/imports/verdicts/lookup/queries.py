"""The SQL that finds the leads that have a key of a row, by plans that do not depend on statistics."""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from leadconnect.database.planner import IN_INDEX_ORDER, NO_WALKS, without
from leadconnect.database.pool import Connection
from leadconnect.transfer.imports.options import MatchKey
from leadconnect.transfer.imports.verdicts.queries import ROWS_OF
from leadconnect.transfer.recognition.vocabulary.campaigns import OWN_EXPORT

MOST_CANDIDATES = 5
COLUMN_OF_KEY = {
    MatchKey.EXTERNAL_ID: "external_id",
    MatchKey.PHONE: "phone_key",
    MatchKey.EMAIL: "email_key",
}
AN_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

ROW_KEYS = f"""
    select row_number, phone_key, email_key, external_id from import_rows
    where {ROWS_OF} and row_number > $3 and row_number <= $4 and verdict = 'create'
"""  # noqa: S608  constants


def _by_key(column: str) -> str:
    """Return the statement that finds the leads of rows by a column of keys."""
    return f"""
        select given.row_number, found.lead_id
        from unnest($2::integer[], $3::text[]) as given (row_number, key), lateral (
            select s.lead_id from lead_search as s
            where s.account_id = $1 and s.{column} between given.key and given.key and not s.is_deleted
            order by s.{column}, s.lead_id limit {MOST_CANDIDATES}
        ) as found
    """  # noqa: S608  constants


PHONE_MATCHES, EMAIL_MATCHES = _by_key("phone_key"), _by_key("email_key")
EXTERNAL_ID_MATCHES = """
    select given.row_number, found.lead_id
    from unnest($2::integer[], $3::text[]) as given (row_number, key), lateral (
        select e.lead_id from lead_external_ids as e
        where e.account_id = $1 and e.system = $4 and e.external_id between given.key and given.key
        order by e.external_id limit 1
    ) as found
"""
LIVE_IDS = "select lead_id from lead_search where account_id = $1 and lead_id = any ($2::uuid[]) and not is_deleted"


class Match(msgspec.Struct, frozen=True):
    """A lead that has a key of a row."""

    row_number: int
    key: MatchKey
    lead_id: UUID


async def matches(
    connection: Connection, account_id: UUID, import_id: UUID, between: tuple[int, int],
    *, keys: Iterable[MatchKey], system: str,
) -> list[Match]:  # fmt: skip
    """Return the leads that have a key of a row that would be added, after the first and up to the second of `between`;
    of each key at most `MOST_CANDIDATES`.
    """
    async with without(connection, NO_WALKS):
        rows = await connection.fetch(ROW_KEYS, account_id, import_id, *between)
    found: list[Match] = []
    pairs: Sequence[Any]
    for key in keys:
        column = COLUMN_OF_KEY[key]
        given = [(row["row_number"], row[column]) for row in rows if row[column] is not None]
        if not given:
            continue
        if key is not MatchKey.EXTERNAL_ID:
            statement = PHONE_MATCHES if key is MatchKey.PHONE else EMAIL_MATCHES
            async with without(connection, IN_INDEX_ORDER):
                pairs = await connection.fetch(statement, account_id, *map(list, zip(*given, strict=True)))
        else:
            pairs = await _by_external_id(connection, account_id, given, system)
        found += [Match(number, key, lead_id) for number, lead_id in pairs]
    return found


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
    async with without(connection, NO_WALKS):
        rows = await connection.fetch(LIVE_IDS, account_id, [lead_id for _, lead_id in pairs]) if pairs else []
    live = {row["lead_id"] for row in rows}
    return [(number, lead_id) for number, lead_id in pairs if lead_id in live]
