"""The template of an import: a file with all columns that an import knows, to be filled in and sent."""

import csv
import io

import xlsxwriter  # type: ignore[import-untyped]

from leadconnect.leads.catalogue import CATALOGUE, Kind

BOM = "\ufeff"
SHEET, EXAMPLE_SHEET = "Leads", "Examples"
CSV_MEDIA = "text/csv"
XLSX_MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_template() -> bytes:
    """Return the template as CSV: the byte order mark, by which Excel knows UTF-8, and the header."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow([field.label for field in CATALOGUE])
    return (BOM + text.getvalue()).encode()


def xlsx_template() -> bytes:
    """Return the template as a workbook: a sheet with the header, and a second one with examples, which an import does
    not read.
    """
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, {"in_memory": True})
    bold, plain_text = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "@"})
    for name, rows in ((SHEET, 0), (EXAMPLE_SHEET, 2)):
        sheet = workbook.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for at, field in enumerate(CATALOGUE):
            # As text, so that a spreadsheet leaves phone numbers and leading zeros alone.
            is_text = field.kind in (Kind.PHONE, Kind.TEXT)
            sheet.set_column(at, at, field.width, plain_text if is_text else None)
            sheet.write_string(0, at, field.label, bold)
            for row in range(rows):
                if example := field.examples[row]:
                    sheet.write_string(row + 1, at, example, plain_text)
    workbook.close()
    return file.getvalue()
