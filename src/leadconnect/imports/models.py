"""Imports as nouns: what somebody wants of one, the plan of what becomes of each row, and how far it is."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, BinaryIO
from uuid import UUID

import msgspec
from msgspec import Meta

from leadconnect.files.reading.records import Described
from leadconnect.imports.options import Options
from leadconnect.recognition.models import Fate, Fault, Mapping, Question, Remark
from leadconnect.wire import Answer, Input, Instant, instant


class Status(StrEnum):
    """How far an import is. Only a planned one can be applied; a failed one can be planned anew; those that are applied
    or cancelled stay so.
    """

    PLANNING = "planning"
    PLANNED = "planned"
    APPLYING = "applying"
    APPLIED = "applied"
    CANCELLED = "cancelled"
    FAILED = "failed"


UNDER_WAY = frozenset({Status.PLANNING, Status.APPLYING})
CHANGEABLE = frozenset({Status.PLANNING, Status.PLANNED, Status.FAILED})


class Verdict(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    UPDATE = "update"
    DUPLICATE = "duplicate"
    SKIP = "skip"
    REJECT = "reject"


class Upload(msgspec.Struct, frozen=True):
    """What was uploaded: the file, which stands at its beginning, what it is called, and what is wanted of it."""

    file: BinaryIO
    name: str
    media: str
    size_bytes: int
    options: Options


class Totals(Answer):
    """How many rows were read, and what becomes of them: `read` is the sum of the others. `reasons` counts the codes of
    those that are neither created nor updated.
    """

    read: int
    reasons: dict[str, int]
    create: int = 0
    update: int = 0
    duplicate: int = 0
    skip: int = 0
    reject: int = 0


class Plan(Answer):
    """How the file is read, what becomes of its rows, and what the caller is asked about it."""

    file: Described
    mapping: Mapping
    totals: Totals
    questions: tuple[Question, ...] = ()


class Progress(Answer):
    """How many rows are done of how many; null while they are not counted yet. `queuePosition` is 1 for the import that
    is next, and null for one that does not wait.
    """

    done: int
    total: int | None
    queue_position: int | None = None


class Failure(Answer):
    """Why an import could not be planned or applied: a code for programs, a sentence for people."""

    code: str
    message: str


class Import(Answer):
    """An import. `plan` is there as soon as the file is read, `changeSetId` once it is applied."""

    id: UUID
    status: Status
    file_name: str
    size_bytes: int
    created_by: UUID
    created_at: Instant
    updated_at: Instant
    options: Options
    plan: Plan | None
    progress: Progress
    failure: Failure | None
    change_set_id: UUID | None


class ImportRow(Answer):
    """A row of `imports.queries`, of the import itself. Never sent as it is."""

    id: UUID
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    status: str
    run: UUID
    file_name: str
    media: str
    size_bytes: int
    options: str
    plan: str | None
    rows_done: int
    rows_total: int | None
    failure_code: str | None
    failure: str | None
    change_set_id: UUID | None
    kept_bytes: int | None

    def wanted(self) -> Options:
        """Return what is wanted of it."""
        return msgspec.json.decode(self.options, type=Options)

    def planned(self) -> Plan | None:
        """Return its plan, if it has one."""
        return msgspec.json.decode(self.plan, type=Plan) if self.plan else None


def import_answer(row: ImportRow, queue_position: int | None = None) -> Import:
    """Return the import in `row` as it is sent."""
    return Import(
        id=row.id,
        status=Status(row.status),
        file_name=row.file_name,
        size_bytes=row.size_bytes,
        created_by=row.created_by,
        created_at=instant(row.created_at),
        updated_at=instant(row.updated_at),
        options=row.wanted(),
        plan=row.planned(),
        progress=Progress(row.rows_done, row.rows_total, queue_position),
        failure=Failure(row.failure_code, row.failure or "") if row.failure_code else None,
        change_set_id=row.change_set_id,
    )


class Difference(Answer):
    """A field, by its name on the wire, that a row would change."""

    field: str
    old: str | None
    new: str


class Share(Answer):
    """What a row has in common with other people: `shares_phone` or `shares_email`, with the earlier rows of the file
    and the leads that have it too, at most five of each.
    """

    code: str
    row_numbers: tuple[int, ...] = ()
    lead_ids: tuple[UUID, ...] = ()


class Detail(Answer, omit_defaults=True):
    """What is to be said of a row beside its verdict."""

    differences: tuple[Difference, ...] = ()
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Remark, ...] = ()
    candidates: tuple[UUID, ...] = ()
    row_shares: tuple[Share, ...] = ()
    lead_shares: tuple[Share, ...] = ()


class RowVerdict(Answer):
    """What becomes of a row, counted from 1, which begins on `line` of the file. `code` says why it is skipped,
    rejected or a duplicate (of the lead `leadId`, or of the earlier row `ofRow`). `lead` holds the values that the row
    gives. `shares` names the rows and leads with the same phone or e-mail address that are other people.
    """

    row_number: int
    line: int
    verdict: Verdict
    code: str | None
    lead_id: UUID | None
    of_row: int | None
    lead: Any
    differences: tuple[Difference, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[Remark, ...]
    candidates: tuple[UUID, ...]
    shares: tuple[Share, ...]


class CellOutcome(Answer):
    """What became of a cell, at `position` counted from 0. `header` and `target`, what its column is read as, are null
    for a cell beyond the header. `fate` says where its text went: `blank` is a cell that says nothing. `values` are the
    fields that have their value from this column, as stored; a value of several columns is at one of them.
    """

    position: int
    header: str | None
    cell: str
    target: str | None
    fate: Fate
    values: dict[str, str]
    faults: tuple[Fault, ...]
    remarks: tuple[Remark, ...]


class RowCells(RowVerdict):
    """A row with one entry for each of its cells in the file, in their order."""

    cells: tuple[CellOutcome, ...]


class RowPage(Answer):
    """Rows in the order of the file; `nextCursor` leads to those after them, and is null at the end."""

    data: list[RowVerdict]
    next_cursor: int | None


class RowQuery(Input):
    """The query of rows: those of one verdict or of all, after the row `cursor`."""

    verdict: Verdict | None = None
    cursor: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    limit: Annotated[int, Meta(ge=1, le=500)] = 100


class ImportQuery(Input):
    """The query of imports: those before the import `cursor`, the newest first."""

    cursor: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class ImportPage(Answer):
    """Imports, the newest first; `nextCursor` leads to older ones, and is null at the end."""

    data: list[Import]
    next_cursor: UUID | None
