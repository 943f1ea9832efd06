"""Mark the rows of an import that repeat an earlier row of the same file."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from leadconnect.database.pool import Connection
from leadconnect.imports.options import MatchKey
from leadconnect.imports.repeats import queries
from leadconnect.imports.repeats.grouping import Repeats, as_detail, keys_among, profile_of
from leadconnect.leads.duplicates.scoring import Profile

T = TypeVar("T")
WRITTEN_TOGETHER = 5_000
STATEMENTS = {MatchKey.PHONE: queries.SHARING_PHONE, MatchKey.EMAIL: queries.SHARING_EMAIL}


async def mark_repeated(
    connection: Connection, account_id: UUID, import_id: UUID, keys: Collection[MatchKey], system: str
) -> None:
    """Make rows that are the same person as an earlier row its duplicates. Rows that only share a key with an earlier
    one stay, with that in their detail.
    """
    await queries.allow_time(connection)
    if MatchKey.EXTERNAL_ID in keys:
        await queries.set_same_ids(connection, account_id, import_id)
    repeats = Repeats()
    for key in STATEMENTS:
        if key in keys:
            await _compare(connection, account_id, import_id, repeats, key, keys, system)
    for repeated in _batched(repeats.repeated()):
        await queries.set_repeated(connection, account_id, import_id, repeated)
    for shares in _batched(repeats.shares()):
        details = [(number, as_detail("rowShares", own)) for number, own in shares]
        await queries.add_details(connection, account_id, import_id, details)


async def _compare(
    connection: Connection,
    account_id: UUID,
    import_id: UUID,
    repeats: Repeats,
    key: MatchKey,
    keys: Collection[MatchKey],
    system: str,
) -> None:
    """Compare the rows that share a key of the kind `key`, one group in memory at a time."""
    group: list[tuple[int, int | None, Profile]] = []
    current = None
    read_count = 0
    async for row in queries.sharing(connection, account_id, import_id, STATEMENTS[key]):
        if row["key"] != current:
            repeats.add_group(key, group)
            group, current = [], row["key"]
        group.append(
            (row["row_number"], row["of_row"], profile_of(keys_among(row, keys), row, row["external_id"], system))
        )
        read_count += 1
        if read_count % queries.READ_AHEAD == 0:
            await asyncio.sleep(0)
    repeats.add_group(key, group)


def _batched(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), WRITTEN_TOGETHER):
        yield items[start : start + WRITTEN_TOGETHER]
