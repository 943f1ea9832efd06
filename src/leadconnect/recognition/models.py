"""Recognition as nouns: what a column is taken for and why, and what a row says."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from leadconnect.errors import FieldCode
from leadconnect.leads.catalogue import COLUMN_OF
from leadconnect.recognition.values import ValueRules
from leadconnect.wire import Answer, Input, Refusal


class DateOrder(StrEnum):
    """In which order a column writes ``03/04/2025``."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class Because(StrEnum):
    """Why a column is taken for what it is."""

    SIGNATURE = "signature"
    ALIAS = "alias"
    CONTENT = "content"
    REMEMBERED = "remembered"
    CHOSEN = "chosen"
    UNKNOWN = "unknown"


NOTES = "notes"
"""A column whose cells are kept in the notes, under its header."""
IGNORED = "ignored"
"""A column whose cells are not imported."""
EXTERNAL_ID = "externalId"
"""The column by whose values the other system knows a lead."""
NAME_PARTS = ("namePrefix", "firstName", "middleName", "lastName", "nameSuffix")
"""Columns that are joined to the name, in this order."""
BIRTH_PARTS = ("birthYear", "birthMonth", "birthDay")
"""Columns of numbers that are joined to the date of birth."""
TARGETS = (*COLUMN_OF, *NAME_PARTS, *BIRTH_PARTS, EXTERNAL_ID, NOTES, IGNORED)
"""What a column can be."""


class ColumnValue(Answer):
    """A value that a column of statuses or sources has, the number of its cells, and the value of ours that it becomes.
    One that is not known becomes the default: `statusMap` and `sourceMap` say what else it is.
    """

    value: str
    count: int
    becomes: str
    is_known: bool


class ColumnPlan(Answer):
    """What becomes of one column, counted from 0. `target` is a field of a lead by its wire name, one of `NAME_PARTS`
    or `BIRTH_PARTS`, `EXTERNAL_ID`, `NOTES` or `IGNORED`. Where two columns have one target, the first filled cell of a
    row wins and the others go to the notes. `date_order` and `region` (ISO 3166-1) are set for days and phones; each
    evidence is a sentence that names the row and the cell that proves it, or says that it is a guess. `values` lists
    the different values of a column of statuses or sources, the most frequent first; it is empty where there are more
    than 200.
    """

    position: int
    header: str
    target: str
    because: Because
    filled_count: int
    samples: list[str]
    date_order: DateOrder | None = None
    date_order_evidence: str | None = None
    date_order_is_sure: bool = True
    region: str | None = None
    region_evidence: str | None = None
    reason: str = ""
    """What became of the column and why, in people's words."""
    values: list[ColumnValue] = msgspec.field(default_factory=list)


Recognised = tuple[str, Because, str]
"""A target, why, and the same in words."""


class QuestionCode(StrEnum):
    """What a plan asks."""

    NO_CONTACT_COLUMN = "no_contact_column"
    NO_NAME_COLUMN = "no_name_column"
    NAME_GUESSED = "name_guessed"


class Candidate(Answer):
    """A column, counted from 0, that may be the answer to a question."""

    position: int
    header: str
    samples: list[str]


class Question(Answer):
    """What the caller is asked about a whole file. `option` is the key of the options that answers it; as long as one
    that is blocking is open, the import cannot be applied.
    """

    code: QuestionCode
    message: str
    option: str
    is_blocking: bool
    candidates: list[Candidate]


class Mapping(Answer):
    """How a file is read: the system it comes from, if that is known, and its columns. `fingerprint` names its header:
    equal for files with the same columns in the same order. `values` says how statuses and sources are read.
    """

    system: str | None
    fingerprint: str
    columns: list[ColumnPlan]
    values: ValueRules = msgspec.field(default_factory=ValueRules)


def _target(value: str) -> Refusal | None:
    return None if value in TARGETS else Refusal(FieldCode.ENUM, f"must be one of: {', '.join(TARGETS)}")


RegionCode = Annotated[str, Meta(pattern="^[A-Z]{2}$", extra={"form": "a two-letter country code such as IN"})]
"""A country (ISO 3166-1 alpha-2)."""


class ColumnChoice(Input):
    """What somebody wants a column to be; what is not given stays as it was recognised."""

    position: Annotated[int, Meta(ge=0, lt=16_384)]
    target: Annotated[str, Meta(extra={"check": _target}, extra_json_schema={"enum": list(TARGETS)})] | None = None
    date_order: DateOrder | None = None
    region: RegionCode | None = None


class Fault(Answer):
    """Why a row is rejected: a stable code, the column and cell it lies in (null where it is the whole row), and in
    people's words what is wrong and what would help.
    """

    code: str
    column: str | None
    cell: str | None
    message: str
    suggestion: str | None = None


class Fate(StrEnum):
    """Where a cell that is not blank ended up. `BLANK` says nothing (``#N/A``), `CUT` did not fit into the notes, and
    the last two lie in a row that is no lead.
    """

    FIELD = "field"
    NOTES = "notes"
    IGNORED = "ignored"
    BLANK = "blank"
    CUT = "cut"
    REJECTED = "rejected"
    SKIPPED = "skipped"


class Remark(Answer):
    """What was done to a cell of a row that is not rejected, and that somebody may want to know: a value kept in the
    notes, a second phone, a number that is possible but not valid.
    """

    code: str
    column: str
    cell: str
    message: str


class Reading(msgspec.Struct):
    """What a row says: the lead's values by wire name, as text that a lead accepts or that `faults` complain of.

    `skip` is the reason for passing over a row that is no lead, such as ``test_lead``. `origins` has the position of
    the column that gave a field its value. `noted`, `blank` and `cut` are the positions of columns whose cells went to
    the notes, say nothing, or did not fit into the notes any more; see `fates`.
    """

    values: dict[str, str]
    faults: list[Fault]
    remarks: list[Remark]
    external_id: str | None = None
    skip: str | None = None
    origins: dict[str, int] = {}
    noted: list[int] = []
    blank: list[int] = []
    cut: list[int] = []
