"""From the cells of one row of a file to the input of one lead, by the names of the wire."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from leadconnect.transfer.export import restore, restore_phone
from leadconnect.transfer.reading.dates import UnknownDay, day_first, parse_day
from leadconnect.transfer.reading.formats import DELIMITERS, Row, Table
from leadconnect.transfer.reading.recognise import FIRST_NAME, LAST_NAME, Columns
from leadconnect.transfer.recognition.headers import header_key

DATE_FIELDS = ("dateOfBirth", "lastContactedDate", "nextFollowupDate")
NAME_FIELDS = ("name", FIRST_NAME, LAST_NAME)
DEFAULTS = {"customerCategory": "potential", "leadStatus": "new", "leadSource": "website"}
DEFAULT_DAY_FIRST = True
"""Where a column does not prove its order: day before month, as in most of the world."""

SPELLINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "customerCategory": {
        "potential": ("potential", "potential customer", "prospect", "lead", "new"),
        "existing": ("existing", "existing customer", "customer", "client", "current"),
    },
    "leadStatus": {
        "new": ("new", "new lead", "open", "not contacted", "open - not contacted", "fresh"),
        "followup": (
            "followup", "follow up", "contacted", "working", "working - contacted", "in progress",
            "attempted to contact",
        ),
        "qualified": ("qualified", "pre qualified", "sales qualified"),
        "hot": ("hot", "hot lead"),
        "converted": ("converted", "won", "closed won", "closed - converted", "deal won"),
        "lost": ("lost", "closed lost", "closed - not converted", "lost lead", "not interested", "junk",
                 "junk lead", "dead"),
    },
    "leadSource": {
        "website": ("website", "web", "web site", "web form", "site"),
        "referral": ("referral", "reference", "referred", "word of mouth", "employee referral", "external referral"),
        "linkedin": ("linkedin",),
        "facebook": ("facebook", "fb", "meta"),
        "twitter": ("twitter", "x", "x (twitter)"),
        "campaign": ("campaign",),
        "instagram": ("instagram", "ig", "insta"),
        "generated_by": ("generated_by", "generated"),
        "on_field": ("on_field", "field", "field visit"),
        "other": ("other", "others"),
    },
    "preferredCommunicationChannel": {
        "email": ("email", "mail"),
        "phone": ("phone", "call", "phone call", "telephone", "mobile"),
        "whatsapp": ("whatsapp", "wa"),
        "sms": ("sms", "text", "text message"),
        "in-person": ("in-person", "meeting", "visit"),
        "linkedin": ("linkedin",),
        "other": ("other",),
    },
}  # fmt: skip
"""The spellings of each value of an enumeration, compared by `header_key`: only letters and digits count."""

_VALUE_OF_SPELLING = {
    field: {header_key(spelling): value for value, spellings in values.items() for spelling in spellings}
    for field, values in SPELLINGS.items()
}

BLANKS = frozenset({"#n/a", "#ref!", "#value!", "#name?", "#null!", "#div/0!", "#num!", "n/a", "-", "--"})
"""What spreadsheets and people write for nothing; ``null`` too, except in a name, where it can be one."""
BLANK_LENGTH = max(map(len, BLANKS))
WRAPPED = re.compile(r'=["“”](.*)["“”]', re.DOTALL)
LOST_DIGITS = re.compile(r"\+?\d+(?:[.,]\d+)?[eE]\+?\d+")
DECIMAL_PHONE = re.compile(r"(\+?\d{7,})\.0+")
WHATSAPP_ADDRESS = re.compile(r"(\d{7,15})@(?:s\.whatsapp\.net|c\.us)", re.IGNORECASE)
SHOWN_LENGTH = 40


class FileRow(msgspec.Struct, frozen=True):
    """One row read: its 1-based number among the rows of the file, the line it begins on, the lead input by wire name
    (absent: nothing given) and what is wrong with it, in people's words.
    """

    number: int
    line: int
    values: dict[str, str]
    errors: list[str]


def read_rows(table: Table, columns: Columns, *, today: date) -> Iterator[FileRow]:
    """Yield the rows of `table` as lead input; `today` settles the century of two-digit years of birth.

    Cells are trimmed and mended (``="…"``, ``#N/A``, spellings of enumerations and of days). Text of our own export is
    taken as it is, but what a spreadsheet may have done to its days and phones meanwhile is minded all the same.
    """
    orders = _date_orders(table, columns)
    for number, row in enumerate(table.rows, start=1):
        errors = _shape_errors(row, table)
        if errors:
            yield FileRow(number, row.line, {}, errors)
            continue
        if columns.is_own_export:
            values = _own_values(row, columns, errors)
        else:
            values = _values(row, table, columns, errors)
            _join_name(values)
            _read_spellings(values, columns)
        _read_dates(values, columns, orders, today, errors)
        for field, default in DEFAULTS.items():
            values.setdefault(field, default)
        if not values.get("name"):
            errors.append("The row has no name.")
        if not values.get("phoneNumber") and not values.get("email"):
            errors.append("The row has neither a phone number nor an e-mail address.")
        values.setdefault("phoneNumber", "")
        yield FileRow(number, row.line, values, errors)


def shown(cell: str) -> str:
    """Return `cell` in quotes for a message, on one line and bounded."""
    text = " ".join(cell.split())
    return f"“{text[:SHOWN_LENGTH]}{'…' if len(text) > SHOWN_LENGTH else ''}”"


def _shape_errors(row: Row, table: Table) -> list[str]:
    """Return why the cells of `row` cannot stand under the header."""
    width = len(table.header)
    if any(cell and not cell.isspace() for cell in row.cells[width:]):
        return [
            f"The row has {len(row.cells)} cells, the header {width}: "
            f"a cell that contains {_named(table.delimiter)} must stand in quotes."
        ]
    if len(row.cells) == 1 < width:
        for other in DELIMITERS:
            if other != table.delimiter and row.cells[0].count(other) >= width - 1:
                return [f"The row is divided by {_named(other)}, the header by {_named(table.delimiter)}."]
    return []


def _named(delimiter: str) -> str:
    return {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}.get(delimiter, shown(delimiter))


def _own_values(row: Row, columns: Columns, errors: list[str]) -> dict[str, str]:
    """Return the cells of our own export as they were before it, blanks left out."""
    values = {}
    for field, positions in columns.positions.items():
        cell = row.cells[positions[0]] if positions[0] < len(row.cells) else ""
        if cell:
            values[field] = restore_phone(cell) if field == "phoneNumber" else restore(cell)
    if fault := _lost_digits(values.get("phoneNumber", "")):
        errors.append(f"{columns.title('phoneNumber')}: {fault}")
    return values


def _values(row: Row, table: Table, columns: Columns, errors: list[str]) -> dict[str, str]:
    """Return the first cell of each field that is not blank, mended; what cannot be mended goes to `errors`."""
    values = {}
    for field, positions in columns.positions.items():
        for position in positions:
            cell = _mended(row.cells[position], field) if position < len(row.cells) else ""
            if not cell:
                continue
            fault = _fault(cell, field, table)
            if fault:
                errors.append(f"{columns.title(field)}: {fault}")
            values[field] = cell if field == "additionalNotes" else " ".join(cell.split())
            break
    return values


def _mended(cell: str, field: str) -> str:
    text = cell.strip()
    if text.startswith("=") and (wrapped := WRAPPED.fullmatch(text)):
        text = wrapped[1].strip()
    if len(text) <= BLANK_LENGTH and ((lower := text.lower()) in BLANKS or _is_null(lower, field)):
        return ""
    if field == "phoneNumber":
        return _mended_phone(text)
    return restore(text)


def _is_null(lower: str, field: str) -> bool:
    return lower == "null" and field not in NAME_FIELDS


def _mended_phone(text: str) -> str:
    text = restore_phone(text).removeprefix("p:").strip()
    address = WHATSAPP_ADDRESS.fullmatch(text)
    if address:
        return f"+{address[1]}"
    decimal = DECIMAL_PHONE.fullmatch(text)
    return decimal[1] if decimal else text


def _fault(cell: str, field: str, table: Table) -> str | None:
    """Return what shows that the cell is not what was typed into it, or ``None``."""
    if field == "phoneNumber" and (fault := _lost_digits(cell)):
        return fault
    if "\n" in cell or "\r" in cell:
        limit = max(len(table.header) - 1, 5) if field == "additionalNotes" else 1
        if any(line.count(table.delimiter) >= limit for line in cell.splitlines()):
            return f"{shown(cell)} runs over several lines; is a closing quote missing?"
    return None


def _lost_digits(phone: str) -> str | None:
    if LOST_DIGITS.fullmatch(phone) is None:
        return None
    return (
        f"{shown(phone)} has lost its digits in a spreadsheet. "
        "Format the column as text where the file comes from, and export it again."
    )


def _join_name(values: dict[str, str]) -> None:
    parts = [values.pop(field, "") for field in (FIRST_NAME, LAST_NAME)]
    joined = " ".join(part for part in parts if part)
    if joined:
        values.setdefault("name", joined)


def _date_orders(table: Table, columns: Columns) -> dict[str, bool]:
    """Return for each date field whether its column writes the day before the month."""
    orders = {}
    for field in DATE_FIELDS:
        positions = columns.positions.get(field, ())
        orders[field] = is_day_first(row.cells[at] for row in table.rows for at in positions if at < len(row.cells))
    return orders


def is_day_first(spellings: Iterable[str]) -> bool:
    """Tell whether the days of one column are taken to be written day before month."""
    proved = day_first(spellings)
    return DEFAULT_DAY_FIRST if proved is None else proved


def _read_dates(
    values: dict[str, str], columns: Columns, orders: dict[str, bool], today: date, errors: list[str]
) -> None:
    for field in DATE_FIELDS:
        cell = values.get(field)
        if cell is None:
            continue
        is_past = field != "nextFollowupDate"
        try:
            values[field] = parse_day(cell, is_day_first=orders[field], is_past=is_past, today=today).isoformat()
        except UnknownDay:
            errors.append(f"{columns.title(field)}: {shown(cell)} is not a date. Write it as 2026-07-26.")


def _read_spellings(values: dict[str, str], columns: Columns) -> None:
    """Put the wire's value in place of each spelling of it.

    What is unknown is kept: a source as the custom one, a status or category in the notes, a channel as it is.
    """
    for field, known in _VALUE_OF_SPELLING.items():
        cell = values.get(field)
        if cell is None:
            continue
        value = known.get(header_key(cell))
        if field == "leadSource" and value in (None, "other"):
            if "customLeadSource" in values and value is None:
                _add_note(values, f"{columns.title(field)}: {cell}")
            values.setdefault("customLeadSource", cell)
            values[field] = "other"
        elif value is not None:
            values[field] = value
        elif field in DEFAULTS:
            _add_note(values, f"{columns.title(field)}: {cell}")
            values[field] = DEFAULTS[field]


def _add_note(values: dict[str, str], note: str) -> None:
    notes = values.get("additionalNotes")
    values["additionalNotes"] = f"{notes}\n{note}" if notes else note
