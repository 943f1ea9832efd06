"""Reading the records of one file. A reader is made once; all that can be known before the first row is worked out
then.
"""

import re
from collections.abc import Sequence
from datetime import date

from leadconnect.files.cells import restore
from leadconnect.files.reading.records import Change, Described, FileFormat, Record
from leadconnect.leads.fields import LeadInput
from leadconnect.recognition.choices import mapped_values
from leadconnect.recognition.headers import HEADER_LENGTH, clean_header, header_key, title_of
from leadconnect.recognition.models import NAME_PARTS, NOTES, Fault, Mapping, Reading, Remark
from leadconnect.recognition.rows import judging
from leadconnect.recognition.rows.cells import (
    SUSPICIOUS,
    is_blank,
    kept,
    lines,
    may_be_blank,
    one_line,
    shown,
    unwrapped,
    visible,
)
from leadconnect.recognition.rows.columns import Take, exact_take_of, take_of
from leadconnect.recognition.rows.defaults import defaults_of, fill
from leadconnect.recognition.rows.links import take_links, with_links
from leadconnect.recognition.rows.row import NOTES_LENGTH, Column, Row
from leadconnect.recognition.rows.settling import require, settle_birth, settle_contacts, settle_name
from leadconnect.recognition.systems import SYSTEM_OF_NAME
from leadconnect.recognition.vocabulary.address_books import LINKEDIN
from leadconnect.recognition.vocabulary.campaigns import META, OWN_EXPORT

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}
TEST_LEAD = "<test lead: "
TEST_ADDRESSES = frozenset({"test@meta.com", "test@fb.com", "bh@hubspot.com", "emailmaria@hubspot.com"})
SAMPLE_CONTACT = "(Sample Contact)"
FLAGS = {"istest": "test_lead", "isdeleted": "deleted"}
"""Columns that say of a row that it is no lead, and for what reason it is skipped."""
FLAGGED = frozenset({"true", "1", "yes"})
FEWEST_OF_ROWS, FEWEST_OF_ROWS_IN_TEXT = 2, 5
"""Delimiters by which a cell of several lines can hold rows; in a text they stand on one line."""
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
TOTALS = frozenset({
    "total", "totals", "grand total", "sub total", "subtotal", "sum", "count", "average", "summe", "gesamt",
    "gesamtsumme", "zwischensumme", "total général", "sous-total", "somme", "suma", "subtotales", "totale", "totaal",
    "totalt", "razem", "итого", "всего", "сумма", "yhteensä", "toplam", "celkem", "összesen", "合計", "总计", "總計",
    "합계", "कुल", "योग", "कुल योग", "الإجمالي", "المجموع", "סה\"כ", "jumlah", "tổng", "tổng cộng", "разом", "σύνολο",
})  # fmt: skip
"""What stands first in a row that sums up others."""
TOTAL_LENGTH = 20
AMOUNT = re.compile(r"[\d\s.,'’+\-()%€$£¥₹]*")
LEADING = ("customLeadSource", "customReferralSource")
"""Read before the others, for what a source says depends on them."""


class RowReader:
    """Reads the records of a file whose columns are those of `mapping`. `today` settles the century of two-digit years
    of the past.
    """

    def __init__(self, mapping: Mapping, described: Described, *, today: date) -> None:
        self._raw_header = described.header
        self._width = len(described.header)
        self._delimiter = described.delimiter
        self._system = SYSTEM_OF_NAME.get(mapping.system or "")
        self._is_own_export = self._system is OWN_EXPORT
        self._blanks = frozenset(self._system.blanks if self._system else ())
        self._defaults = defaults_of(mapping)
        self._is_linkedin = self._system is LINKEDIN
        self._has_test_leads = self._system is META
        self._flags = [
            (at, FLAGS[key]) for at, cell in enumerate(described.header) if (key := header_key(cell)) in FLAGS
        ]
        self._columns = self._plan(mapping, described, today)
        self._column_at = {column.position: column for _, column, _, _ in self._columns}
        self._targets = {position: column.target for position, column in self._column_at.items()}
        self._titles = [title_of(cell, at) for at, cell in enumerate(described.header)]

    def _plan(self, mapping: Mapping, described: Described, today: date) -> list[tuple[int, Column, Take, bool]]:
        """Return for each column its position, what is known of it, what takes its cells, and whether unmended ones."""
        columns = []
        is_neutralised = described.format not in (FileFormat.JSON, FileFormat.JSON_LINES)
        region = next((plan.region for plan in mapping.columns if plan.region), None)
        mapped = mapped_values(mapping)
        for plan in mapping.columns:
            header = plan.header
            exact = exact_take_of(plan.target, is_neutralised=is_neutralised) if self._is_own_export else None
            has_links = any(map(LINK.match, plan.samples))
            take = exact or take_of(
                plan.target, today=today, header=header, has_links=has_links, is_own_export=self._is_own_export
            )
            column = Column(
                position=plan.position,
                target=plan.target,
                title=title_of(header, plan.position),
                heading=clean_header(header[:HEADER_LENGTH]),
                date_order=plan.date_order,
                region=plan.region or region,
                mapped=mapped.get(plan.target, {}),
                fallback=self._defaults.get(plan.target, ""),
            )
            columns.append((plan.position, column, take, exact is not None))
        return sorted(columns, key=lambda one: (one[1].target not in LEADING, one[0]))

    def read(self, record: Record) -> Reading:
        """Return what `record` says. Never raises, whatever its cells hold."""
        row = Row()
        cells = record.cells
        for change in record.changes:
            self._tell_change(change, cells, row)
        width = len(cells)
        if width != self._width and (fault := self._shape_fault(cells)):
            row.faults.append(fault)
            return _reading(row)
        row.skip = self._skip(cells)
        if row.skip is not None:
            return _reading(row)
        if record.links:
            cells = with_links(record, self._targets)
        for position, column, take, is_exact in self._columns:
            if position < width and (cell := cells[position]):
                if is_exact:
                    if not cell.isspace():
                        take(row, column, cell)
                    continue
                text = cell.strip()
                if not text:
                    continue
                if text[0] in SUSPICIOUS or not text.isprintable() or "  " in text or may_be_blank(text):
                    text = self._mended(text, column, row)
                    if not text:
                        row.blank.append(position)
                        continue
                take(row, column, text)
        if record.links:
            take_links(row, record, self._column_at)
        self._settle(row)
        return _reading(row)

    def _tell_change(self, change: Change, cells: Sequence[str], row: Row) -> None:
        at = change.position
        title = self._titles[at] if at < self._width else title_of("", at)
        row.remarks.append(Remark(change.code, title, kept(cells[at]), f"{title}: {shown(cells[at])} {change.message}"))

    def _settle(self, row: Row) -> None:
        settle_name(row)
        if row.phones or row.emails or row.mixed or row.lost:
            settle_contacts(row)
        if row.birth:
            settle_birth(row)
        values = row.values
        name = values.get("name", "")
        if values.get("email") in TEST_ADDRESSES or name.startswith(TEST_LEAD) or name.endswith(SAMPLE_CONTACT):
            row.skip = "test_lead"
        require(row)
        if self._is_linkedin and row.profile and row.external_id is None:
            row.external_id = row.profile[1]  # the only thing by which a person is found again there
        fill(values, self._defaults)
        if row.notes or len(values.get("additionalNotes", "")) > NOTES_LENGTH:
            row.write_notes()

    def judge(self, reading: Reading) -> LeadInput | list[Fault]:
        """Return the lead that `reading` says, or what is wrong with it; that is added to its faults."""
        return judging.judge(reading, self._titles)

    def _mended(self, text: str, column: Column, row: Row) -> str:
        """Return `text` without damage; empty where it stands for nothing."""
        text = unwrapped(visible(text))
        target = column.target
        if text in self._blanks or is_blank(text, is_name=target == "name" or target in NAME_PARTS):
            return ""
        is_text = target in ("additionalNotes", NOTES)
        if "\n" in text or "\r" in text:
            self._find_swallowed_rows(text, column, row, is_text=is_text)
        text = lines(text) if is_text else one_line(text)
        return text if target == "phoneNumber" else restore(text)

    def _find_swallowed_rows(self, text: str, column: Column, row: Row, *, is_text: bool) -> None:
        if not self._delimiter:
            return
        first, *others = (line.count(self._delimiter) for line in text.splitlines())
        if self._is_swallowed(first, max(others, default=0), column.position, is_text=is_text):
            suggestion = "Close the quote, or double the quotes within the cell"
            row.fault(
                "unclosed_quote", column, text, "runs over several lines as if a quote were not closed", suggestion
            )

    def _is_swallowed(self, first: int, later: int, position: int, *, is_text: bool) -> bool:
        """Tell whether a cell of several lines, with so many delimiters in its first and in a later one, holds rows.

        A quote that is not closed swallows all of its row that stands behind it, and then up to the next quote: what
        stands before this one at least, or else the row has too many cells. Sentences have as many by chance.
        """
        last = self._width - 1
        if is_text:
            return max(first, later) >= max(last, FEWEST_OF_ROWS_IN_TEXT)
        return first >= last - position and later >= position and first + later >= FEWEST_OF_ROWS

    def _shape_fault(self, cells: Sequence[str]) -> Fault | None:
        """Return why the cells cannot stand under the header."""
        width = self._width
        extra = next((cell for cell in cells[width:] if cell and not cell.isspace()), None)
        named = DELIMITERS.get(self._delimiter, shown(self._delimiter))
        if extra is not None:
            sizes = f"The row has {len(cells)} cells, the header {width}"
            if not self._delimiter:
                suggestion = "Give each column a header, or empty the cells beyond the last one"
                return Fault("too_many_cells", None, kept(extra), sizes, suggestion)
            return Fault("too_many_cells", None, kept(extra), sizes, f"Put the cell that contains {named} in quotes")
        if len(cells) == 1 < width:
            for other, name in DELIMITERS.items():
                if other != self._delimiter and cells[0].count(other) >= width - 1:
                    message = f"The row is divided by {name}, the header by {named}"
                    return Fault("wrong_delimiter", None, kept(cells[0]), message, f"Divide the row by {named}")
        return None

    def _skip(self, cells: Sequence[str]) -> str | None:
        """Return why the record is no lead at all, if so."""
        if cells == self._raw_header and self._width > 1:
            return "repeated_header"
        for at, reason in self._flags:
            if at < len(cells) and cells[at].strip().lower() in FLAGGED:
                return reason
        first = cells[0] if cells and cells[0] else next(filter(None, cells), "")
        if len(first) <= TOTAL_LENGTH and first.strip(" :.").casefold() in TOTALS and _is_total(cells):
            return "total_row"
        return "test_lead" if self._has_test_leads and any(cell.startswith(TEST_LEAD) for cell in cells) else None


def _is_total(cells: Sequence[str]) -> bool:
    """Tell whether there are numbers alone, and at least one, behind the first filled cell."""
    others = [cell for cell in cells if cell and not cell.isspace()][1:]
    return bool(others) and all(AMOUNT.fullmatch(cell) for cell in others)


def _reading(row: Row) -> Reading:
    return Reading(
        row.values,
        row.faults,
        row.remarks,
        row.external_id,
        row.skip,
        row.origins,
        row.noted,
        row.blank,
        row.cut,
    )
