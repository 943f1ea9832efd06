"""Planning an import: its file is read twice, once for what its columns are and once for what its rows say; then the
rows are looked for among the leads. It is done by the worker, in slices, so that it can be stopped between them.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import TypeVar

import asyncpg

from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import tenant
from leadconnect.errors import LeadConnectError
from leadconnect.files.reading.records import Record
from leadconnect.identifiers import new_id
from leadconnect.imports import queries
from leadconnect.imports.file.keeping import fetched
from leadconnect.imports.file.recognising import File, recognised
from leadconnect.imports.models import Detail, Plan, Status, Verdict
from leadconnect.imports.options import Options, Policy
from leadconnect.imports.queries import Run
from leadconnect.imports.repeats.actions import mark_repeated
from leadconnect.imports.repeats.grouping import as_detail
from leadconnect.imports.repeats.queries import add_details
from leadconnect.imports.verdicts import queries as verdicts
from leadconnect.imports.verdicts.actions import matched
from leadconnect.imports.verdicts.matching import keys_of, system_of
from leadconnect.imports.verdicts.queries import NewRow
from leadconnect.leads.duplicates.keys import Keys, contact_keys
from leadconnect.recognition.models import Reading
from leadconnect.recognition.questions import blocking
from leadconnect.recognition.rows.defaults import given
from leadconnect.recognition.rows.reader import RowReader
from leadconnect.wire import encode

T = TypeVar("T")
NEEDS_MAPPING = "needs_mapping"
"""Why no row of a file is taken while a question is open that must be answered first."""
AT_ONCE = 1_000
"""Rows between two looks at whether the order still holds."""


class Superseded(Exception):
    """The order holds no longer: another one was given, or the import was cancelled."""


class PlannedTwice(Exception):
    """Another worker, which was taken for dead, wrote the same plan: the rows are not those of the file."""


async def plan(services: Services, key: Run) -> None:
    """Plan an import, as the order in `key` says and while it holds; safe to be begun again.

    Raises:
        UnreadableFile, UnsupportedFile, TooManyRows: see `open_source`; the file is at fault.
        Superseded: the order holds no longer.
        PlannedTwice: another worker was at it; it must be begun again.
    """
    account_id, import_id, run = key
    database = services.database
    async with tenant(database, account_id) as connection:
        row = await queries.one(connection, account_id, import_id)
        if row is None or row.run != run or row.status != Status.PLANNING:
            raise Superseded
        await verdicts.forget_rows(connection, account_id, import_id)
    limit = services.settings.upload_row_limit
    try:
        async with fetched(database, account_id, import_id) as opened:
            file = await recognised(
                database, account_id, opened, row.file_name, row.media, row.wanted(), row_limit=limit
            )
            await _judge(database, key, file)
    except LeadConnectError:
        # The file of a cancelled import is dropped at once, and what is left of it is no file.
        async with tenant(database, account_id) as connection:
            now = await queries.one(connection, account_id, import_id)
        if now is None or now.run != run:
            raise Superseded from None
        raise
    await _match(database, key, row.wanted(), file)
    await _finish(database, key, file)


async def _judge(database: Database, key: Run, file: File) -> None:
    """Walk through the file for the second time, and store a verdict on each row by itself."""
    account_id, import_id, _ = key
    done = 0
    async for rows in in_slices(_verdicts(file), AT_ONCE):
        done += len(rows)
        try:
            async with tenant(database, account_id, is_step=True) as connection:
                await require(connection, key, done, 2 * file.row_count)
                await verdicts.insert_rows(connection, account_id, import_id, rows)
        except asyncpg.UniqueViolationError:
            raise PlannedTwice from None


def _verdicts(file: File) -> Iterator[NewRow]:
    if blocking(file.questions):
        yield from _waiting(file)
        return
    reader = RowReader(file.mapping, file.source.described, today=file.today)
    for number, record in enumerate(file.source.records(), start=1):
        reading = reader.read(record)
        if reading.skip is None:
            reader.judge(reading)
        yield _verdict(file, number, record, reading)


def _waiting(file: File) -> Iterator[NewRow]:
    """Yield the rows of a file of which a question must be answered first: for that reason, and without faults."""
    for number, record in enumerate(file.source.records(), start=1):
        place = (number, record.line, record.start, record.end)
        yield NewRow(*place, Verdict.REJECT, NEEDS_MAPPING, None, *Keys(None, None), None, None, None)


def _verdict(file: File, number: int, record: Record, reading: Reading) -> NewRow:
    """Return what becomes of a row by itself."""
    values, faults = reading.values, reading.faults
    keys, lead_id = Keys(None, None), None
    verdict, code = Verdict.CREATE, None
    if reading.skip is not None:
        verdict, code = Verdict.SKIP, reading.skip
    elif faults:
        verdict, code = Verdict.REJECT, faults[0].code
    else:
        keys = contact_keys(values["phoneNumber"], values.get("email"), values.get("country"), file.region)
        lead_id = new_id()
    is_worth_telling = faults or reading.remarks
    detail = Detail(faults=tuple(faults), remarks=tuple(reading.remarks)) if is_worth_telling else None
    return NewRow(
        number,
        record.line,
        record.start,
        record.end,
        verdict,
        code,
        lead_id,
        *keys,
        reading.external_id if lead_id else None,
        encode(given(reading)).decode() if values else None,
        encode(detail).decode() if detail else None,
    )


async def _match(database: Database, key: Run, options: Options, file: File) -> None:
    """Find which rows are leads that are there, or earlier rows."""
    account_id, import_id, _ = key
    async with tenant(database, account_id, is_step=True) as connection:
        await require(connection, key, file.row_count, 2 * file.row_count)
        system = system_of(file.mapping)
        await mark_repeated(connection, account_id, import_id, keys_of(options, file.mapping), system)
    for start in range(0, file.row_count, AT_ONCE):
        async with tenant(database, account_id, is_step=True) as connection:
            await require(connection, key, file.row_count + start, 2 * file.row_count)
            found = await matched(connection, account_id, import_id, options, file.mapping, (start, start + AT_ONCE))
            await verdicts.set_verdicts(connection, account_id, import_id, found.verdicts)
            details = [(number, as_detail("leadShares", shares)) for number, shares in found.shares.items()]
            await add_details(connection, account_id, import_id, details)
    async with tenant(database, account_id, is_step=True) as connection:
        await require(connection, key, 2 * file.row_count, 2 * file.row_count)
        if options.policy is Policy.UPDATE:
            await verdicts.skip_unmatched(connection, account_id, import_id)
        if options.policy is not Policy.CREATE:
            await verdicts.mark_second_changes(connection, account_id, import_id)


async def _finish(database: Database, key: Run, file: File) -> None:
    account_id, import_id, _ = key
    async with tenant(database, account_id) as connection:
        totals = await verdicts.totals(connection, account_id, import_id)
        if totals.read != file.row_count:
            raise PlannedTwice
        if not await queries.set_planned(
            connection, key, Plan(file.source.described, file.mapping, totals, file.questions)
        ):
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
