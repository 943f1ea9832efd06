"""What the caller wants of an import, and changes of it."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from leadconnect.errors import FieldCode
from leadconnect.files.reading.delimited.charsets import CHARSETS, charset_named
from leadconnect.files.reading.heading import HEADER_LINE_LIMIT
from leadconnect.files.reading.records import ReadingOptions
from leadconnect.recognition.models import ColumnChoice, DateOrder, RegionCode
from leadconnect.recognition.values import Defaults, SourceMap, StatusMap, ValueRules
from leadconnect.wire import Input, Refusal, Text255, lines_of_text, text
from leadconnect.wire.types import LINES_PATTERN


def _charset(value: str) -> Refusal | None:
    return None if charset_named(value) else Refusal(FieldCode.ENUM, f"must be one of: {', '.join(CHARSETS)}")


Charset = Annotated[
    str,
    Meta(max_length=40, extra={"check": _charset}, extra_json_schema={"enum": list(CHARSETS)}),
]
"""The encoding of a text file by one of its usual names."""
Delimiter = Annotated[str, text(1, min_length=1, check=lines_of_text, pattern=LINES_PATTERN)]
"""One character, a tab perhaps; whether it divides files is said when one is read."""


class Policy(StrEnum):
    """What rows may do: add leads, change those that are there, or both."""

    CREATE = "create"
    UPDATE = "update"
    UPSERT = "upsert"


class OnMatch(StrEnum):
    """What a row does to the lead that it is found to be: nothing, fill in what the lead lacks, or overwrite what
    differs. A blank cell never takes anything away.
    """

    SKIP = "skip"
    FILL_BLANKS = "fill_blanks"
    OVERWRITE = "overwrite"


class MatchKey(StrEnum):
    """By what a row is found to be a lead that is there, or an earlier row."""

    EXTERNAL_ID = "external_id"
    PHONE = "phone"
    EMAIL = "email"


class HiddenRows(StrEnum):
    """What is done with the hidden rows of a workbook."""

    READ = "read"
    SKIP = "skip"


HeaderLine = Annotated[int, Meta(ge=0, le=HEADER_LINE_LIMIT)]
"""The line of a file or the row of a sheet that names the columns, counted from 1; 0 where none does."""


class Options(Input):
    """What the caller wants of an import.

    `columns`, `sheet`, `delimiter`, `encoding`, `headerLine` (counted from 1; 0 for a file without a header), `region`
    (ISO 3166-1) and `dateOrder` overrule what is recognised in the file; `hiddenRows` says whether rows that a workbook
    hides are read. `statusMap` and `sourceMap` map the statuses and sources of the file to ours; `defaults` is what
    leads get where a row gives nothing. The account's next file with the same header is read as this one, once it is
    applied with `remember`.
    """

    policy: Policy = Policy.CREATE
    on_match: OnMatch = OnMatch.FILL_BLANKS
    match_on: Annotated[tuple[MatchKey, ...], Meta(min_length=1, max_length=3)] = tuple(MatchKey)
    columns: Annotated[tuple[ColumnChoice, ...], Meta(max_length=16_384)] = ()
    region: RegionCode | None = None
    date_order: DateOrder | None = None
    sheet: Text255 | None = None
    delimiter: Delimiter | None = None
    encoding: Charset | None = None
    header_line: HeaderLine | None = None
    hidden_rows: HiddenRows = HiddenRows.READ
    status_map: StatusMap = msgspec.field(default_factory=dict)
    source_map: SourceMap = msgspec.field(default_factory=dict)
    defaults: Defaults | None = None
    remember: bool = True

    def values(self) -> ValueRules:
        """Return what of them concerns statuses, sources and what rows do not give."""
        return ValueRules(self.status_map, self.source_map, self.defaults)

    def reading(self, languages: tuple[str, ...] = ()) -> ReadingOptions:
        """Return what of them concerns the reading of the file, which is likely to be in one of the `languages`."""
        return ReadingOptions(
            encoding=charset_named(self.encoding) if self.encoding else None,
            languages=languages,
            sheet=self.sheet,
            delimiter=self.delimiter,
            header_line=self.header_line,
            skips_hidden=self.hidden_rows is HiddenRows.SKIP,
        )


class OptionsChange(Input):
    """A change of what is wanted: only the keys that are sent."""

    policy: Policy | UnsetType = UNSET
    on_match: OnMatch | UnsetType = UNSET
    match_on: Annotated[tuple[MatchKey, ...], Meta(min_length=1, max_length=3)] | UnsetType = UNSET
    columns: Annotated[tuple[ColumnChoice, ...], Meta(max_length=16_384)] | UnsetType = UNSET
    region: RegionCode | UnsetType | None = UNSET
    date_order: DateOrder | UnsetType | None = UNSET
    sheet: Text255 | UnsetType | None = UNSET
    delimiter: Delimiter | UnsetType | None = UNSET
    encoding: Charset | UnsetType | None = UNSET
    header_line: HeaderLine | UnsetType | None = UNSET
    hidden_rows: HiddenRows | UnsetType = UNSET
    status_map: StatusMap | UnsetType = UNSET
    source_map: SourceMap | UnsetType = UNSET
    defaults: Defaults | UnsetType | None = UNSET
    remember: bool | UnsetType = UNSET

    def applied_to(self, options: Options) -> Options:
        """Return `options` with what is sent changed."""
        given = ((field, getattr(self, field)) for field in self.__struct_fields__)
        return msgspec.structs.replace(options, **{field: value for field, value in given if value is not UNSET})
