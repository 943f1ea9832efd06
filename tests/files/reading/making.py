"""Files as people bring them, made for the tests of the readers."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from leadconnect.files.reading.opening import open_source
from leadconnect.files.reading.records import ReadingOptions, Source

KNOWN = {"name", "first name", "phone", "phone number", "email", "city", "company", "notes", "date"}


def score(cells: Sequence[str]) -> int:
    """Return how many of the cells are names of columns."""
    return sum(cell.strip("\ufeff *").casefold() in KNOWN for cell in cells)


def opened(data: bytes | str, *, row_limit: int = 10_000, **options: Any) -> Source:
    """Open a file of these bytes, or of this text in UTF-8."""
    file = io.BytesIO(data.encode() if isinstance(data, str) else data)
    reading = ReadingOptions(**{key: options.pop(key) for key in ReadingOptions.__struct_fields__ if key in options})
    return open_source(file, row_limit=row_limit, options=reading, **{"header_score": score, **options})


def cells(data: bytes | str, **options: Any) -> list[list[str]]:
    """Return the cells of the rows of a file."""
    return [record.cells for record in opened(data, **options).records()]


def delimited(rows: Sequence[Sequence[str]], **dialect: Any) -> str:
    """Return the rows as a CSV file of a dialect."""
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows(rows)
    return text.getvalue()


NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(
    rows: str = "",
    *,
    sheets: Mapping[str, str] | None = None,
    strings: str = "",
    styles: str = "",
    properties: str = "",
    parts: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """Return a workbook of sheets whose ``sheetData`` holds this XML (one sheet of `rows`, where none are given).

    `strings` are ``si`` elements, `styles` what stands in ``styleSheet``; `parts` are put in the place of those made.
    """
    sheets = {"Leads": rows} if sheets is None else sheets
    names = list(sheets)
    made: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}" xmlns:r="{OFFICE}"><workbookPr {properties}/><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            [(f"rId{at}", "worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(names) + 1)]
            + [("rIdS", "sharedStrings", "sharedStrings.xml"), ("rIdT", "styles", "/xl/styles.xml")]
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{NAMESPACE}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{NAMESPACE}">{styles}</styleSheet>',
    }
    for at, name in enumerate(names, 1):
        data = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{sheets[name]}</sheetData></worksheet>'
        made[f"xl/worksheets/sheet{at}.xml"] = data
    return archive({**made, **(parts or {})})


def archive(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return file.getvalue()


def row(number: int, *values: str) -> str:
    """Return a row of a sheet with these texts in its first cells."""
    found = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
        for at, value in enumerate(values)
        if value
    )
    return f'<row r="{number}">{found}</row>'


def formats(*codes: str) -> str:
    """Return styles: cell format 0 is General, the n-th after it has the n-th of these format codes."""
    numbers = "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{code}"/>' for at, code in enumerate(codes))
    used = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(codes)))
    cell_formats = f'<cellXfs><xf numFmtId="0"/>{used}</cellXfs>'
    return f'<numFmts>{numbers}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>{cell_formats}'


def _relations(targets: Sequence[tuple[str, str, str]]) -> str:
    found = "".join(f'<Relationship Id="{id_}" Type="{OFFICE}/{kind}" Target="{to}"/>' for id_, kind, to in targets)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'
