"""The template of an import: a file with all columns that an import knows, to be filled in and sent."""

import csv
import io

import xlsxwriter  # type: ignore[import-untyped]

from leadconnect.exports.columns import COLUMNS, Kind

NOT_IN_TEMPLATE = frozenset({"id", "created_at", "updated_at"})
TEMPLATE = tuple(column for column in COLUMNS if column.name not in NOT_IN_TEMPLATE)
EXAMPLES: dict[str, tuple[str, str]] = {
    "name": ("Asha Rao", "Jörg Groß"), "phoneNumber": ("+91 98765 43210", "+49 30 1234567"),
    "email": ("asha@example.com", "joerg@example.com"), "dateOfBirth": ("1990-07-26", ""),
    "city": ("Pune", "Berlin"), "state": ("Maharashtra", ""), "country": ("India", "Germany"),
    "pincode": ("411001", "10115"), "companyName": ("Rao Textiles", "Groß GmbH"),
    "designation": ("Owner", "Buyer"), "nextFollowupDate": ("2031-03-04", ""),
    "customerInterestedIn": ("200 looms", ""), "leadSource": ("Referral", "Website"),
    "leadStatus": ("New", "Followup"), "additionalNotes": ("Call in the morning", ""),
}  # fmt: skip
"""Two rows that show how cells may be written, by the columns' names on the wire."""
BOM = "\ufeff"
SHEET, EXAMPLE_SHEET = "Leads", "Examples"
CSV_MEDIA = "text/csv"
XLSX_MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_template() -> bytes:
    """Return the template as CSV: the byte order mark, by which Excel knows UTF-8, and the header."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow([column.title for column in TEMPLATE])
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
        for at, column in enumerate(TEMPLATE):
            # As text, so that a spreadsheet leaves phone numbers and leading zeros alone.
            is_text = column.kind in (Kind.PHONE, Kind.TEXT)
            sheet.set_column(at, at, column.width, plain_text if is_text else None)
            sheet.write_string(0, at, column.title, bold)
            for row in range(rows):
                if example := EXAMPLES.get(column.key, ("", ""))[row]:
                    sheet.write_string(row + 1, at, example, plain_text)
    workbook.close()
    return file.getvalue()
