"""Planning an import: its file is read twice, once for what its columns are and once for what its rows say; then the
rows are looked for among the leads. It is done by the worker, in slices, so that it can be stopped between them.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date
from itertools import groupby, islice
from operator import attrgetter
from typing import BinaryIO, TypeVar
from uuid import UUID

import msgspec

from leadconnect.accounts import queries as accounts
from leadconnect.auth.services import Services
from leadconnect.clock import today_in
from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.identifiers import new_id
from leadconnect.leads.duplicates.keys import contact_keys
from leadconnect.transfer.imports import queries
from leadconnect.transfer.imports.files import fetched
from leadconnect.transfer.imports.models import Detail, ImportRow, Options, Plan, Policy, Status, Verdict
from leadconnect.transfer.imports.queries import Run
from leadconnect.transfer.imports.verdicts import queries as verdicts
from leadconnect.transfer.imports.verdicts.matching import Found, differences, find, lead_of, verdict_on_match
from leadconnect.transfer.imports.verdicts.queries import Match, NewRow, NewVerdict
from leadconnect.transfer.reading.records import Source
from leadconnect.transfer.reading.sources import open_source
from leadconnect.transfer.recognition.mapping import fingerprint, header_score, propose
from leadconnect.transfer.recognition.models import Fault, Mapping, Reading
from leadconnect.transfer.recognition.rows import RowReader
from leadconnect.transfer.recognition.survey import Survey
from leadconnect.wire import encode

T = TypeVar("T")
AT_ONCE = 1_000
"""Rows between two looks at whether the order still holds."""


class Superseded(Exception):
    """The order holds no longer: another one was given, or the import was cancelled."""


class File(msgspec.Struct, frozen=True):
    """A file whose columns are recognised: how many rows it has, and what its account settles where it does not."""

    source: Source
    mapping: Mapping
    row_count: int
    region: str | None
    today: date


async def plan(services: Services, key: Run) -> None:
    """Plan an import, as the order in `key` says and while it holds; safe to be begun again.

    Raises:
        UnreadableFile, UnsupportedFile, TooManyRows: see `open_source`; the file is at fault.
        Superseded: the order holds no longer.
    """
    account_id, import_id, run = key
    database = services.database
    async with tenant(database, account_id) as connection:
        row = await queries.one(connection, account_id, import_id)
        if row is None or row.run != run or row.status != Status.PLANNING:
            raise Superseded
        await verdicts.forget_rows(connection, account_id, import_id)
    async with fetched(database, account_id, import_id) as opened:
        file = await _recognised(services, account_id, row, opened)
        await _judge(database, key, file)
    await _match(database, key, row.wanted(), file)
    await _finish(database, key, file)


async def _recognised(services: Services, account_id: UUID, row: ImportRow, opened: BinaryIO) -> File:
    """Walk through the file for the first time."""
    wanted = row.wanted()
    choices = {"name": row.file_name, "media": row.media, "sheet": wanted.sheet, "delimiter": wanted.delimiter}
    limit = services.settings.upload_row_limit
    source = await asyncio.to_thread(
        open_source, opened, header_score=header_score, row_limit=limit, **choices
    )
    survey, row_count = await asyncio.to_thread(_surveyed, source)
    async with tenant(services.database, account_id) as connection:
        kept = await queries.remembered(connection, account_id, fingerprint(source.described.header))
        region = wanted.region or await accounts.region_of(connection, account_id)
        today = today_in(await accounts.time_zone_of(connection, account_id))
    mapping = propose(
        source.described,
        survey,
        region=region,
        date_order=wanted.date_order,
        remembered=msgspec.json.decode(kept, type=Mapping) if kept else None,
        choices=wanted.columns,
    )
    return File(source, mapping, row_count, region, today)


def _surveyed(source: Source) -> tuple[Survey, int]:
    survey, row_count = Survey(source.described), 0
    for record in source.records():
        survey.add(record)
        row_count += 1
    return survey, row_count


async def _judge(database: Database, key: Run, file: File) -> None:
    """Walk through the file for the second time, and store a verdict on each row by itself."""
    account_id, import_id, _ = key
    done = 0
    async for rows in in_slices(_verdicts(file), AT_ONCE):
        async with tenant(database, account_id) as connection:
            done += len(rows)
            await require(connection, key, done, 2 * file.row_count)
            await verdicts.insert_rows(connection, account_id, import_id, rows)


def _verdicts(file: File) -> Iterator[NewRow]:
    reader = RowReader(file.mapping, file.source.described, today=file.today)
    for number, record in enumerate(file.source.records(), start=1):
        reading = reader.read(record)
        faults = reading.faults
        if not faults and not reading.skip:
            judged = reader.judge(reading)
            faults = judged if isinstance(judged, list) else []
        yield _verdict(file, number, reading, faults, (record.line, record.start, record.end))


def _verdict(file: File, number: int, reading: Reading, faults: list[Fault], place: tuple[int, int, int]) -> NewRow:
    values = reading.values
    detail = Detail(faults=tuple(faults), remarks=tuple(reading.remarks))
    is_lead = not faults and not reading.skip
    keys = contact_keys(
        values.get("phoneNumber", ""), values.get("email"), values.get("country"), reading.region or file.region
    ) if is_lead else (None, None)
    verdict = Verdict.SKIP if reading.skip else Verdict.REJECT if faults else Verdict.CREATE
    return NewRow(
        number,
        *place,
        verdict,
        reading.skip or (faults[0].code if faults else None),
        new_id() if is_lead else None,
        *keys,
        reading.external_id if is_lead else None,
        encode(values).decode() if values else None,
        encode(detail).decode() if faults or reading.remarks else None,
    )


async def _match(database: Database, key: Run, options: Options, file: File) -> None:
    """Find which rows are leads that are there, or earlier rows."""
    account_id, import_id, _ = key
    async with tenant(database, account_id) as connection:
        await verdicts.mark_repeated(connection, account_id, import_id, options.match_on)
    for start in range(0, file.row_count, AT_ONCE):
        async with tenant(database, account_id) as connection:
            await require(connection, key, file.row_count + start, 2 * file.row_count)
            found = await matched(connection, key, options, file.mapping, (start, start + AT_ONCE))
            await verdicts.set_verdicts(connection, account_id, import_id, found)
    async with tenant(database, account_id) as connection:
        if options.policy is Policy.UPDATE:
            await verdicts.skip_unmatched(connection, account_id, import_id)
        if options.policy is not Policy.CREATE:
            await verdicts.mark_second_changes(connection, account_id, import_id)


async def _finish(database: Database, key: Run, file: File) -> None:
    account_id, import_id, _ = key
    async with tenant(database, account_id) as connection:
        totals = await verdicts.totals(connection, account_id, import_id)
        if not await queries.set_planned(connection, key, Plan(file.source.described, file.mapping, totals)):
            raise Superseded


async def require(connection: Connection, key: Run, done: int, total: int) -> None:
    """Note how far an order is.

    Raises:
        Superseded: it holds no longer.
    """
    if not await queries.advance(connection, key, done, total):
        raise Superseded


async def in_slices(items: Iterator[T], size: int) -> AsyncIterator[list[T]]:
    """Yield `items` in lists of up to `size`. Each is made in a thread, while the one before it is in use."""
    coming = asyncio.create_task(asyncio.to_thread(_take, items, size))
    try:
        while part := await coming:
            coming = asyncio.create_task(asyncio.to_thread(_take, items, size))
            yield part
    finally:
        await asyncio.gather(coming, return_exceptions=True)  # a thread cannot be broken off


def _take(items: Iterator[T], size: int) -> list[T]:
    return list(islice(items, size))
