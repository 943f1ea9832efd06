"""The same sheet saved in each format of workbooks, as spreadsheets save it."""

import io
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from xml.sax.saxutils import escape

import xlsxwriter  # type: ignore[import-untyped]
import xlwt  # type: ignore[import-untyped]

from tests.files.reading.making import OFFICE, PACKAGE, archive

Cell = str | bool | int | float | date | datetime | time | timedelta | None
Sheets = Mapping[str, Sequence[Sequence[Cell]]]
FORMATS = {datetime: "yyyy-mm-dd hh:mm:ss", date: "yyyy-mm-dd", time: "hh:mm:ss", timedelta: "[h]:mm:ss"}
EPOCH = datetime(1899, 12, 30)
DAY = timedelta(days=1)


def serial(value: date | time | timedelta) -> float:
    """Return the number that stands for a day from March 1900 on, a time or a duration."""
    if isinstance(value, datetime):
        return (value - EPOCH) / DAY
    if isinstance(value, date):
        return (datetime.combine(value, time()) - EPOCH) / DAY
    return value / DAY if isinstance(value, timedelta) else (datetime.combine(EPOCH, value) - EPOCH) / DAY


def as_xlsx(sheets: Sheets) -> bytes:
    """Save `sheets` as Office Open XML."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        styles = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date | time | timedelta):
                        sheet.write_number(row, column, serial(cell), styles[type(cell)])
                    elif isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return file.getvalue()


def as_xls(sheets: Sheets, *, merged: Sequence[tuple[int, int, int, int]] = (), hidden: Sequence[str] = ()) -> bytes:
    """Save `sheets` as Excel 97 did; `merged` are first row, last row, first and last column in each of them."""
    book = xlwt.Workbook()
    styles = {kind: xlwt.XFStyle() for kind in (*FORMATS, None)}
    for kind, code in FORMATS.items():
        styles[kind].num_format_str = code
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        sheet.visibility = int(name in hidden)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date | time | timedelta):
                    sheet.write(row, column, serial(cell), styles[type(cell)])
                elif cell is not None:
                    sheet.write(row, column, cell)
        sheet.merged_ranges.extend(merged)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_ods(sheets: Sheets, *, before: str = "") -> bytes:
    """Save `sheets` as an OpenDocument spreadsheet, with `before` in front of the root element of its content."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    return ods_of(tables, before=before)


def ods_of(tables: str, *, before: str = "", manifest: str = "") -> bytes:
    """Return an OpenDocument spreadsheet of these ``table:table`` elements."""
    name = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{part}="{name}:{part}:1.0"' for part in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {spaces}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{name}:manifest:1.0">{manifest}'
            "</manifest:manifest>",
            "content.xml": content,
        }
    )


def _ods_row(cells: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>"


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    text = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(cell).split("\n"))
    kind, attribute = "float", f'office:value="{cell}"'
    if isinstance(cell, str):
        kind, attribute = "string", ""
    elif isinstance(cell, bool):
        kind, attribute = "boolean", f'office:boolean-value="{str(cell).lower()}"'
    elif isinstance(cell, date):
        kind, attribute = "date", f'office:date-value="{cell.isoformat()}"'
    elif isinstance(cell, time | timedelta):
        seconds = round(serial(cell) * 86_400)
        value = f"PT{seconds // 3600:02}H{seconds // 60 % 60:02}M{seconds % 60:02}S"
        kind, attribute = "time", f'office:time-value="{value}"'
    return f'<table:table-cell office:value-type="{kind}" {attribute}>{text}</table:table-cell>'


def record(number: int, data: bytes = b"") -> bytes:
    """Return a record of a binary workbook ([MS-XLSB] 2.1.4): its type and its size in groups of seven bits."""
    kind = bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])
    size = len(data)
    length = b""
    while size > 127:
        length += bytes([size & 127 | 128])
        size >>= 7
    return kind + length + bytes([size]) + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def as_xlsb(sheets: Sheets) -> bytes:
    """Save `sheets` as a binary workbook of the fewest records that make one."""
    strings: dict[str, int] = {}
    parts = {
        f"xl/worksheets/sheet{at}.bin": sheet_of(
            [(row, [_xlsb_cell(column, cell, strings) for column, cell in enumerate(cells) if cell is not None])
             for row, cells in enumerate(rows)]
        )
        for at, rows in enumerate(sheets.values(), 1)
    }  # fmt: skip
    items = b"".join(record(19, b"\0" + _wide(text)) for text in strings)
    counts = struct.pack("<II", len(strings), len(strings))
    parts["xl/sharedStrings.bin"] = record(159, counts) + items + record(160)
    return xlsb_of(parts, list(sheets))


def xlsb_of(parts: Mapping[str, bytes], names: Sequence[str] = ("Leads",)) -> bytes:
    """Return a binary workbook of these parts: its sheets, and shared strings if there are any."""
    bundle = b"".join(
        record(156, struct.pack("<II", 0, at) + _wide(f"rId{at}") + _wide(name)) for at, name in enumerate(names, 1)
    )
    book = record(131) + record(153, bytes(12)) + record(143) + bundle + record(144) + record(132)
    codes = list(FORMATS.values())
    fmts = b"".join(record(44, struct.pack("<H", 164 + at) + _wide(code)) for at, code in enumerate(codes))
    cell_formats = b"".join(
        record(47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, *range(164, 164 + len(codes)))
    )
    styles = record(278) + record(615, struct.pack("<I", len(codes))) + fmts + record(616)
    styles += record(617, struct.pack("<I", len(codes) + 1)) + cell_formats + record(618) + record(279)
    related = [(f"rId{at}", "worksheet", f"worksheets/sheet{at}.bin") for at in range(1, len(names) + 1)]
    related += [("rIdS", "sharedStrings", "sharedStrings.bin"), ("rIdT", "styles", "styles.bin")]
    return archive(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
            "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.bin")]),
            "xl/_rels/workbook.bin.rels": _relations(related),
            "xl/workbook.bin": book,
            "xl/styles.bin": styles,
            **parts,
        }
    )


def sheet_of(rows: Sequence[tuple[int, Sequence[bytes]]]) -> bytes:
    """Return the part of a sheet: rows by their number from 0, each with the records of its cells."""
    body = b"".join(record(0, struct.pack("<I", row) + bytes(21)) + b"".join(cells) for row, cells in rows)
    last = max((row for row, _ in rows), default=0)
    size = record(148, struct.pack("<IIII", 0, last, 0, 16_383))
    return record(129) + size + record(145) + body + record(146) + record(130)


def _xlsb_cell(column: int, cell: Cell, strings: dict[str, int]) -> bytes:
    style = 0
    if isinstance(cell, date | time | timedelta):
        style = list(FORMATS).index(type(cell)) + 1
        cell = serial(cell)
    place = struct.pack("<II", column, style)
    if isinstance(cell, str):
        return record(7, place + struct.pack("<I", strings.setdefault(cell, len(strings))))
    if isinstance(cell, bool):
        return record(4, place + bytes([cell]))
    if isinstance(cell, int) and abs(cell) < 1 << 29:
        return record(2, place + struct.pack("<i", cell << 2 | 2))  # BrtCellRk, 30 bits of a whole number
    return record(5, place + struct.pack("<d", cell))


def _relations(targets: Sequence[tuple[str, str, str]]) -> str:
    found = "".join(f'<Relationship Id="{id_}" Type="{OFFICE}/{kind}" Target="{to}"/>' for id_, kind, to in targets)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'


SAVERS: dict[str, Callable[[Sheets], bytes]] = {"xls": as_xls, "xlsb": as_xlsb, "ods": as_ods}
"""The formats that are converted, by their endings."""
