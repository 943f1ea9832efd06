"""Export as nouns: its formats, its query, and what is handed to the caller."""

from collections.abc import AsyncGenerator
from datetime import date
from enum import StrEnum
from typing import Annotated, BinaryIO
from uuid import UUID

import msgspec
from msgspec import Meta

from leadconnect.errors import FieldCode
from leadconnect.exports.columns import BY_KEY, COLUMNS, IN_WORKBOOKS, NOTES, READABLE, Column
from leadconnect.exports.slots import Slot
from leadconnect.leads.selection import ListQuery, Sort
from leadconnect.wire import Refusal


class ExportFormat(StrEnum):
    """The formats of a file of leads, JSON Lines among them. `PREFERRED` is the one of the caller's preferences."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    PDF = "pdf"
    PREFERRED = "preferred"


class Limits(msgspec.Struct, frozen=True):
    """How much a file of a format takes; None is any number."""

    leads: int | None = None
    columns: int | None = None


MEDIA_TYPES = {
    ExportFormat.CSV: "text/csv",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.JSONL: "application/jsonl",
    ExportFormat.PDF: "application/pdf",
}
LIMITS = {
    ExportFormat.CSV: Limits(),
    ExportFormat.XLSX: Limits(leads=200_000),
    ExportFormat.JSONL: Limits(),
    ExportFormat.PDF: Limits(leads=5_000, columns=12),
}
"""A sheet takes 1,048,575 leads, but needs minutes to be written and opened then; a document of 5,000 has 160 pages,
and one of more than a dozen columns cuts every word.
"""


def _known_column(key: str) -> Refusal | None:
    return None if key.strip() in BY_KEY else Refusal(FieldCode.ENUM, f"must be some of: {', '.join(BY_KEY)}")


ColumnKey = Annotated[str, Meta(extra={"check": _known_column}, extra_json_schema={"enum": list(BY_KEY)})]


class ExportQuery(ListQuery):
    """The query of the export: the filters of the list, a format, which columns and in which order, and whether a CSV
    file begins with a byte order mark. No columns mean those that are usual. `page` and `limit` are read and ignored.
    """

    format: ExportFormat = ExportFormat.CSV
    columns: list[ColumnKey] = msgspec.field(default_factory=list)
    bom: bool = False

    def in_words(self) -> str:
        """Return which leads are meant, for people; empty where all are."""
        parts = (
            ("Search", self.search.strip() and f"“{self.search.strip()}”"),
            ("Status", ", ".join(status.strip().capitalize() for status in self.status)),
            ("Category", self.category.strip().capitalize()),
            ("City", ", ".join(map(str.strip, self.city))),
            ("Sector", ", ".join(map(str.strip, self.sector))),
            ("Follow-up", (self.followup_date_filter or "").replace("_", " ")),
            ("Country", ", ".join(map(str.strip, self.country))),
            ("Source", ", ".join(source.strip().lower().replace("_", " ") for source in self.lead_source)),
            ("Next follow-up", _days(self.followup_from, self.followup_to)),
            ("Created", _days(self.created_from, self.created_to)),
            ("Updated since", self.updated_since),
            ("Deleted", self.deleted and "yes"),
        )
        return " · ".join(f"{name}: {value}" for name, value in parts if value)

    def order_in_words(self) -> str:
        """Return the order of the leads, for people."""
        return ORDERS[self.sort]


ORDERS = {
    Sort.NAME: "by name",
    Sort.NAME_DESCENDING: "by name, descending",
    Sort.OLDEST: "oldest first",
    Sort.NEWEST: "newest first",
    Sort.UPDATED: "least recently updated first",
    Sort.LAST_UPDATED: "last updated first",
    Sort.NEXT_FOLLOWUP: "next follow-up first",
    Sort.LATEST_FOLLOWUP: "latest follow-up first",
    Sort.LAST_CONTACTED: "least recently contacted first",
    Sort.LATEST_CONTACTED: "last contacted first",
}


def _days(first: date | None, last: date | None) -> str:
    """Return a range of days in words; empty where it has no end."""
    words = (("from", first), ("to", last))
    return " ".join(f"{word} {day.isoformat()}" for word, day in words if day)


class Preferences(msgspec.Struct, frozen=True):
    """What a user has chosen for exports."""

    export_format: str
    export_notes: bool


class AccountFacts(msgspec.Struct, frozen=True):
    """What an export needs to know of its account."""

    id: UUID
    company_name: str
    time_zone: str
    locale: str


class Download(msgspec.Struct, frozen=True):
    """A file on its way: its name, its media type, its bytes; and where it was made before, the open file and how many
    bytes it has. Its `slot` is released at the end.
    """

    name: str
    media_type: str
    chunks: AsyncGenerator[bytes]
    file: BinaryIO | None = None
    size_bytes: int | None = None
    slot: Slot | None = None

    async def close(self) -> None:
        """End it, whether its bytes were all taken or not."""
        await self.chunks.aclose()
        if self.file is not None:
            self.file.close()
        if self.slot is not None:
            self.slot.release()


USUAL = {ExportFormat.PDF: READABLE, ExportFormat.XLSX: IN_WORKBOOKS}


def columns_of(query: ExportQuery, format_: ExportFormat, *, has_notes: bool) -> tuple[Column, ...]:
    """Return the columns of a file: those that `query` names, in its order, else the usual ones of the format; these
    without the notes for whom has chosen so.
    """
    if query.columns:
        return tuple(BY_KEY[key] for key in dict.fromkeys(key.strip() for key in query.columns))
    usual = USUAL.get(format_, COLUMNS)
    return usual if has_notes else tuple(column for column in usual if column is not NOTES)
