"""What became of each cell of a row, read again from the kept file: nothing is stored for a cell while planning."""

import asyncio
from collections import Counter
from itertools import islice
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast
from uuid import UUID

import msgspec

from leadconnect.accounts import face as accounts
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Services
from leadconnect.clock import today_in
from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.errors import NotFound
from leadconnect.files.reading.opening import open_source
from leadconnect.files.reading.records import FileFormat, ReadingOptions, Record
from leadconnect.files.reading.rejects import read_again
from leadconnect.imports import queries
from leadconnect.imports.actions import FileDropped, NotPlanned, visible
from leadconnect.imports.file.keeping import fetched
from leadconnect.imports.file.recognising import languages_of
from leadconnect.imports.models import CellOutcome, ImportRow, Plan, RowCells, RowVerdict, Verdict
from leadconnect.imports.rows import row_verdict
from leadconnect.imports.verdicts import queries as verdicts
from leadconnect.recognition import RowReader, fates
from leadconnect.recognition.headers import title_of
from leadconnect.recognition.models import Fate, Fault, Reading, Remark
from leadconnect.recognition.rows.cells import kept
from leadconnect.recognition.systems import header_score

LARGEST_ROW_NUMBER = 2**31 - 1


class NoSuchRow(NotFound):
    """There is no such row in this import"""

    code = "no_such_import_row"


async def read_cells(services: Services, principal: Principal, import_id: UUID, row_number: int) -> RowCells:
    """Return the outcome of a row, counted from 1, with one entry for each of its cells in the file.

    Only CSV is read from the place of the row; other formats are read from their beginning, in a thread.

    Raises:
        NoSuchImport: not in this account, or not the caller's to see.
        NoSuchRow: the file has no such row.
        NotPlanned: the rows are not known yet.
        FileDropped: the part of the file with the row is not kept.
    """
    account_id, database = principal.account_id, services.database
    async with tenant(database, account_id) as connection:
        made = await visible(connection, principal, import_id)
        plan = made.planned()
        if plan is None:
            raise NotPlanned
        after = min(row_number, LARGEST_ROW_NUMBER) - 1
        rows = await verdicts.rows(connection, account_id, import_id, after=after, verdict=None, limit=1)
        if not rows or rows[0]["row_number"] != row_number:
            raise NoSuchRow
        start, end = await verdicts.span(connection, account_id, import_id, row_number)
        region = made.wanted().region or await accounts.region_of(connection, account_id)
        today = today_in(await accounts.time_zone_of(connection, account_id))
    outcome = row_verdict(rows[0], principal, made, plan.mapping)
    kept_bytes = made.size_bytes if made.kept_bytes is None else made.kept_bytes
    if plan.file.format is FileFormat.CSV and end <= kept_bytes:
        record = await _record_at(database, account_id, made, plan, Record(outcome.line, [], start, end))
    elif kept_bytes >= made.size_bytes:
        options = made.wanted().reading(languages_of(region))
        async with fetched(database, account_id, import_id) as file:
            record = await asyncio.to_thread(_record_number, file, made, options, row_number)
    else:
        raise FileDropped
    reading = await asyncio.to_thread(_read, RowReader(plan.mapping, plan.file, today=today), record)
    values = msgspec.json.decode(rows[0]["lead"]) if rows[0]["lead"] else {}
    return RowCells(**msgspec.structs.asdict(outcome), cells=cell_outcomes(record, plan, reading, outcome, values))


def _read(reader: RowReader, record: Record) -> Reading:
    reading = reader.read(record)
    if reading.skip is None:
        reader.judge(reading)
    return reading


async def _record_at(database: Database, account_id: UUID, made: ImportRow, plan: Plan, place: Record) -> Record:
    """Return a record of a CSV file, of which only the parts that have it, and the first one, are fetched."""
    last = max(place.end - 1, 0) // queries.CHUNK_BYTES
    with TemporaryFile() as file:
        for number in {0, *range(place.start // queries.CHUNK_BYTES, last + 1)}:
            async with tenant(database, account_id) as connection:
                data = await queries.chunk(connection, account_id, made.id, number)
            if data is None:
                raise FileDropped
            file.seek(number * queries.CHUNK_BYTES)
            file.write(data)
        return read_again(cast(BinaryIO, file), plan.file, place)


def _record_number(file: BinaryIO, made: ImportRow, options: ReadingOptions, row_number: int) -> Record:
    source = open_source(
        file, name=made.file_name, media=made.media, options=options, header_score=header_score, row_limit=2**31
    )
    record = next(islice(source.records(), row_number - 1, None), None)
    if record is None:
        raise FileDropped
    return record


def cell_outcomes(
    record: Record, plan: Plan, reading: Reading, outcome: RowVerdict, values: dict[str, Any]
) -> tuple[CellOutcome, ...]:
    """Return one entry for each cell of `record`; `values` are the stored ones, by field."""
    header = plan.file.header
    targets = {column.position: column.target for column in plan.mapping.columns}
    is_written = outcome.verdict in (Verdict.CREATE, Verdict.UPDATE)
    found = fates(record, plan.mapping, reading) if is_written else {}
    lost = Fate.REJECTED if outcome.verdict is Verdict.REJECT else Fate.SKIPPED
    titles = [title_of(header[at] if at < len(header) else "", at) for at in range(len(record.cells))]
    counts = Counter(titles)
    entries = []
    for at, cell in enumerate(record.cells):
        is_blank = not cell or cell.isspace()
        about = _about(titles[at], kept(cell), is_only=counts[titles[at]] == 1)
        entries.append(
            CellOutcome(
                position=at,
                header=header[at] if at < len(header) else None,
                cell=cell,
                target=targets.get(at),
                fate=Fate.BLANK if is_blank else found.get(at, lost),
                values=_values_from(at, reading, values) if is_written else {},
                faults=tuple(filter(about, outcome.faults)),
                remarks=tuple(filter(about, outcome.remarks)),
            )
        )
    return tuple(entries)


def _values_from(at: int, reading: Reading, values: dict[str, Any]) -> dict[str, Any]:
    return {field: values[field] for field, origin in reading.origins.items() if origin == at and field in values}


def _about(title: str, cell: str, *, is_only: bool) -> Any:
    """Return whether a fault or remark is about a column; where several have its title, the cell decides."""

    def is_about(found: Fault | Remark) -> bool:
        return found.column == title and (is_only or found.cell in (None, cell))

    return is_about
