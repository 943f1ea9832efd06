"""The reject file of an import, made of its file and of what the plan says of the rejected rows."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from uuid import UUID

import msgspec

from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Services
from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.files.reading.opening import open_source
from leadconnect.files.reading.records import REJECTED_AS_CSV, WITHOUT_SPANS, FileFormat, Record
from leadconnect.files.reading.rejects import MEDIA_TYPES, Rejected, read_again, write_rejects
from leadconnect.imports.actions import FileDropped, NotPlanned, visible
from leadconnect.imports.file.keeping import fetched
from leadconnect.imports.models import Detail, ImportRow, Plan
from leadconnect.imports.options import Options
from leadconnect.imports.verdicts import queries as verdicts
from leadconnect.recognition.systems import header_score

NOT_READ, ANSWER = "The columns are not known yet", "Answer the question of the plan"
AT_ONCE = 1_000
"""Rejected rows that are looked up at once."""


class RejectFile(msgspec.Struct, frozen=True):
    """A reject file on its way: what it is called, its media type, and its bytes."""

    name: str
    media: str
    chunks: AsyncGenerator[bytes]

    async def close(self) -> None:
        """Close the files behind it, whether its bytes were all taken or not."""
        await self.chunks.aclose()


async def download(services: Services, principal: Principal, import_id: UUID) -> RejectFile:
    """Return the rejected rows of an import as they stand in its file.

    Raises:
        NoSuchImport: not in this account, or not the caller's to see.
        NotPlanned: what is rejected is not known yet.
        FileDropped: it was cancelled.
    """
    async with tenant(services.database, principal.account_id) as connection:
        row = await visible(connection, principal, import_id)
    plan = row.planned()
    if plan is None:
        raise NotPlanned
    if row.kept_bytes == 0 and row.size_bytes:
        raise FileDropped
    stem = "".join(char for char in PurePosixPath(row.file_name).stem if char.isalnum() or char in "-_")[:60]
    ending = "csv" if plan.file.format in REJECTED_AS_CSV else plan.file.format.value
    name = f"{stem if stem.isascii() and stem else 'import'}_rejects.{ending}"
    return RejectFile(name, MEDIA_TYPES[plan.file.format], _chunks(services, principal.account_id, row, plan))


async def _chunks(services: Services, account_id: UUID, row: ImportRow, plan: Plan) -> AsyncGenerator[bytes]:
    async with fetched(services.database, account_id, row.id) as file:
        loop = asyncio.get_running_loop()
        found = _rejected(services.database, account_id, row.id, loop)
        if not plan.totals.reject:  # then nothing but the first part of the file may be left
            found = iter(())
        elif plan.file.format in WITHOUT_SPANS:
            found = _with_cells(file, row.wanted(), found)
        elif plan.file.format is FileFormat.CSV:
            found = (msgspec.structs.replace(one, record=read_again(file, plan.file, one.record)) for one in found)
        chunks = write_rejects(file, plan.file, found)
        try:
            while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
                yield chunk
        except GeneratorExit:
            chunks.close()  # not left to the thread, which may be the last to know them
            raise


def _rejected(
    database: Database, account_id: UUID, import_id: UUID, loop: asyncio.AbstractEventLoop
) -> Iterator[Rejected]:
    """Yield the rejected rows; to be called in a thread beside `loop`, in which they are looked up."""
    after = 0
    while rows := asyncio.run_coroutine_threadsafe(_next(database, account_id, import_id, after), loop).result():
        after = rows[-1]["row_number"]
        yield from map(_told, rows)


async def _next(database: Database, account_id: UUID, import_id: UUID, after: int) -> list[Any]:
    async with tenant(database, account_id) as connection:
        return list(await verdicts.rejected(connection, account_id, import_id, after=after, limit=AT_ONCE))


def _told(row: Any) -> Rejected:
    if row["detail"] is None:
        record = Record(row["line"], [], row["start_byte"], row["end_byte"])
        return Rejected(record, NOT_READ, ANSWER)
    faults = msgspec.json.decode(row["detail"], type=Detail).faults
    suggestions = dict.fromkeys(fault.suggestion for fault in faults if fault.suggestion)
    record = Record(row["line"], [], row["start_byte"], row["end_byte"])
    return Rejected(record, ". ".join(fault.message for fault in faults), ". ".join(suggestions))


def _with_cells(file: BinaryIO, wanted: Options, rejected: Iterator[Rejected]) -> Iterator[Rejected]:
    """Yield `rejected` with their cells, read again from a workbook, whose rows have no bytes of their own."""
    source = open_source(file, options=wanted.reading(), header_score=header_score, row_limit=2**31)
    records = source.records()
    for one in rejected:
        record = next(record for record in records if record.line == one.record.line)
        yield msgspec.structs.replace(one, record=record)
