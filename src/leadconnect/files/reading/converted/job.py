"""What the parent process and the child process that converts a workbook exchange: files in a temporary folder."""

from enum import StrEnum

import msgspec

from leadconnect.files.reading.records import FileFormat

JOB = "job.json"
OUTCOME = "outcome.json"
ROWS = "rows.jsonl"
"""A JSON array ``[row number, [cell, …]]`` on each line, without empty rows and without empty cells at the end."""


class Job(msgspec.Struct, frozen=True):
    """A workbook to convert, which is the file ``workbook.FORMAT``, and the sheet that is wanted."""

    format: FileFormat
    sheet: str | None = None

    @property
    def file_name(self) -> str:
        """Return the name of the workbook in the folder; its suffix selects the parser."""
        return f"workbook.{self.format.value}"


class Failure(StrEnum):
    """Why a workbook cannot be converted."""

    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    OTHER_KIND = "other_kind"
    NO_SHEETS = "no_sheets"
    UNKNOWN_SHEET = "unknown_sheet"
    TOO_MANY_SHEETS = "too_many_sheets"
    CELL_TOO_LONG = "cell_too_long"
    TOO_LARGE = "too_large"


class Outcome(msgspec.Struct, frozen=True):
    """The result of a conversion: the names of the sheets, the numbers of their last rows for the first of them, and
    the name of the converted sheet; or a failure.
    """

    sheets: tuple[str, ...] = ()
    sheet_rows: tuple[int, ...] = ()
    sheet: str = ""
    failure: Failure | None = None
