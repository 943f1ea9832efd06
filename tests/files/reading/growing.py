"""Makes a large file of a format and reads it twice, in a process of its own: prints the rows, the growth of its memory
in bytes, and the seconds of CPU. ``python -m tests.files.reading.growing csv 1000000 folder``.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

from leadconnect.files.reading.opening import open_source
from tests.files.reading.making import score

HEADER = ["Name", "Phone", "Email", "City", "Company", "Lead Status", "Number", "Notes"]


def lead(number: int) -> list[str]:
    """Return the cells of a row, different from those of all others."""
    return [
        f"Zoë Müller {number}",
        f"+4930{number:08}",
        f"zoe.mueller.{number}@example.com",
        "Köln",
        "Müller & Söhne, GmbH",
        "New",
        str(number),
        "called twice",
    ]


def write_csv(path: Path, count: int) -> None:
    """Write leads as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(HEADER) + "\r\n")
        file.writelines(",".join(f'"{cell}"' for cell in lead(number)) + "\r\n" for number in range(count))


def write_json(path: Path, count: int) -> None:
    """Write leads as a list of objects under ``leads``."""
    objects = (json.dumps(dict(zip(HEADER, lead(n), strict=True)), ensure_ascii=False) for n in range(count))
    with path.open("w", encoding="utf-8") as file:
        file.write('{"leads": [' + next(objects))
        file.writelines(",\n" + one for one in objects)
        file.write("]}")


def write_json_lines(path: Path, count: int) -> None:
    """Write leads as an object a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(dict(zip(HEADER, lead(n), strict=True))) + "\n" for n in range(count))


def write_workbook(path: Path, count: int, *, is_shared: bool = False) -> None:
    """Write leads as a workbook, their texts shared or in the cells."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": not is_shared})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    for number in range(1, count + 1):
        cells = lead(number)
        sheet.write_row(number, 0, cells[:6])
        sheet.write_number(number, 6, number)
        sheet.write_string(number, 7, cells[7])
    book.close()


def write_shared_workbook(path: Path, count: int) -> None:
    """Write leads as a workbook that shares its texts."""
    write_workbook(path, count, is_shared=True)


WRITERS: dict[str, Callable[[Path, int], None]] = {
    "csv": write_csv,
    "json": write_json,
    "jsonl": write_json_lines,
    "xlsx": write_workbook,
    "shared.xlsx": write_shared_workbook,
}


def resident_bytes() -> int:
    """Return the most memory that this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main(path: str, limit: str) -> None:
    """Read the file at `path` twice."""
    before, begin = resident_bytes(), time.process_time()
    with Path(path).open("rb") as file:
        source = open_source(file, name=path, header_score=score, row_limit=int(limit))
        opened = time.process_time()
        count = sum(1 for _ in source.records())
        walked = time.process_time()
        assert sum(1 for _ in source.records()) == count
    sys.stdout.write(f"{count} {resident_bytes() - before} {opened - begin:.2f} {walked - opened:.2f}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
