"""The child process that converts a workbook: ``python -m leadconnect.files.reading.converted FOLDER``.

The parser holds whole sheets, and what it needs for a hostile file has no bound. The limits of this process are its
bound: when it is ended by one, the parent only refuses the file.
"""

import os
import resource
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec
import python_calamine as calamine

from leadconnect.files.reading.converted.job import JOB, OUTCOME, ROWS, Failure, Job, Outcome
from leadconnect.files.reading.converted.texts import text_of
from leadconnect.files.reading.layout import CELL_LIMIT
from leadconnect.files.reading.records import FileFormat

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 60
ROWS_BYTES = 512 << 20
ROW_BYTES = 16 << 20
POLITENESS = 5
"""How far to stand back behind requests (nice)."""
SHEET_COUNT_LIMIT = 1_000
COUNTED_SHEETS = 50
ACTIVE_MERGES = 200
"""Merged cells of several rows that are filled at the same time, as in the reader of ``.xlsx``."""
BLOCK_BYTES = 1 << 20
STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
"""The streams of a compound file in which an Excel workbook lies ([MS-XLS] 2.1.2, and that of Excel 5 and 95)."""
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

Area = tuple[tuple[int, int], tuple[int, int]]


class Failed(Exception):
    """The workbook cannot be converted."""

    def __init__(self, failure: Failure, sheets: tuple[str, ...] = ()) -> None:
        super().__init__(failure)
        self.outcome = Outcome(sheets=sheets, failure=failure)


def limit_resources() -> None:
    """Limit memory, CPU time and the size of written files of this process, where the platform can."""
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: ROWS_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        with suppress(ValueError, OSError):  # macOS refuses some; a lower limit of the operator stays
            resource.setrlimit(kind, (limit, limit))


def convert(folder: Path) -> Outcome:
    """Convert the workbook in `folder`; return what it is, or why it cannot be converted."""
    job = msgspec.json.decode((folder / JOB).read_bytes(), type=Job)
    try:
        return _converted(folder, job)
    except Failed as failed:
        return failed.outcome
    except calamine.PasswordError:
        return Outcome(failure=Failure.ENCRYPTED)
    except calamine.CalamineError:
        return Outcome(failure=_failure_of(folder / job.file_name, job.format))
    except (MemoryError, OSError):  # a full file of rows is an OSError
        return Outcome(failure=Failure.TOO_LARGE)


def _failure_of(file: Path, kind: FileFormat) -> Failure:
    """Return what is wrong with a file that the parser refuses; other programs use compound files too."""
    if kind is not FileFormat.XLS:
        return Failure.DAMAGED
    if _has_any(file, (ENCRYPTED_STREAM,)):
        return Failure.ENCRYPTED
    return Failure.DAMAGED if _has_any(file, STREAMS) else Failure.OTHER_KIND


def _has_any(file: Path, names: Iterable[bytes]) -> bool:
    before = b""
    with file.open("rb") as opened:
        while block := opened.read(BLOCK_BYTES):
            if any(name in before + block for name in names):
                return True
            before = block[-64:]
    return False


def _converted(folder: Path, job: Job) -> Outcome:
    with calamine.load_workbook(folder / job.file_name) as book:
        metadata = [each for each in book.sheets_metadata if each.typ == calamine.SheetTypeEnum.WorkSheet]
        names = tuple(each.name for each in metadata)
        if not names:
            raise Failed(Failure.NO_SHEETS)
        if len(names) > SHEET_COUNT_LIMIT:
            raise Failed(Failure.TOO_MANY_SHEETS)
        chosen = _chosen(metadata, job.sheet)
        counts = []
        for name in names[:COUNTED_SHEETS]:
            end = book.get_sheet_by_name(name).end
            counts.append(end[0] + 1 if end else 0)
        sheet = book.get_sheet_by_name(chosen)
        with (folder / ROWS).open("wb") as rows:
            _write_rows(rows, sheet, has_iso_durations=job.format is FileFormat.ODS)
        return Outcome(names, tuple(counts), chosen)


def _chosen(metadata: list[calamine.SheetMetadata], name: str | None) -> str:
    if name is None:
        visible = (each.name for each in metadata if each.visible == calamine.SheetVisibleEnum.Visible)
        return next(visible, metadata[0].name)
    for each in metadata:
        if each.name.casefold() == name.casefold():
            return each.name
    raise Failed(Failure.UNKNOWN_SHEET, tuple(each.name for each in metadata))


def _write_rows(rows: BinaryIO, sheet: calamine.CalamineSheet, *, has_iso_durations: bool) -> None:
    """Write the rows of `sheet` that are not empty."""
    first_column = sheet.start[1] if sheet.start else 0
    merged = Merged(sheet.merged_cell_ranges or [])
    encoder = msgspec.json.Encoder()
    for number, values in enumerate(sheet.iter_rows()):
        cells = [""] * first_column
        cells += [text_of(value, has_iso_durations=has_iso_durations) if value != "" else "" for value in values]
        while cells and not cells[-1]:
            cells.pop()
        cells = merged.filled(number, cells)
        if not cells:
            continue
        if max(map(len, cells)) > CELL_LIMIT:
            raise Failed(Failure.CELL_TOO_LONG)
        # A lone surrogate cannot come from the parser, whose texts are UTF-8.
        line = encoder.encode((number + 1, cells))
        if len(line) > ROW_BYTES:
            raise Failed(Failure.TOO_LARGE)
        rows.write(line)
        rows.write(b"\n")


class Merged:
    """Cells merged over several rows; each of their rows gets their text, as in the reader of ``.xlsx``."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._coming: Iterator[Area] = iter(sorted(area for area in areas if area[1][0] > area[0][0]))
        self._next = next(self._coming, None)
        self._active: dict[int, tuple[int, str]] = {}

    def filled(self, row: int, cells: list[str]) -> list[str]:
        """Return the `cells` of a row, counted from 0, with the texts from above. An empty row stays empty."""
        for column, (last, text) in list(self._active.items()):
            if last < row:
                del self._active[column]
            elif cells and (column >= len(cells) or not cells[column]):
                cells += [""] * (column + 1 - len(cells))
                cells[column] = text
        while self._next and self._next[0][0] <= row:
            (first, column), (last, _) = self._next
            text = cells[column] if column < len(cells) else ""
            if first == row and text and len(self._active) < ACTIVE_MERGES:
                self._active[column] = last, text
            self._next = next(self._coming, None)
        return cells


def main(folder: Path) -> None:
    """Convert the workbook in `folder` within the limits, and write the outcome there."""
    with suppress(OSError):
        os.nice(POLITENESS)
    limit_resources()
    (folder / OUTCOME).write_bytes(msgspec.json.encode(convert(folder)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
