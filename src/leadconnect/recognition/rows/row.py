"""What a record has said so far, while its cells are read one after the other."""

import msgspec

from leadconnect.recognition.models import DateOrder, Fault, Remark
from leadconnect.recognition.rows.cells import kept, shown
from leadconnect.recognition.rows.contacts import Quality

NOTES_LENGTH = 5_000
"""Characters of a lead's notes."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a column before the first row. `title` is its name in messages, `heading` the one in notes."""

    position: int
    target: str
    title: str
    heading: str
    date_order: DateOrder | None = None
    region: str | None = None
    mapped: dict[str, str] = {}
    """What the caller has given values of the column, by `header_key`, to mean."""
    fallback: str = ""
    """What a lead gets in place of a value that is not known."""


class Row:
    """Fills up with what the cells of one record say; `notes` are the lines that are added to the notes."""

    __slots__ = (
        "birth", "blank", "cut", "emails", "external_id", "faults", "lost", "mixed", "names", "noted", "notes",
        "origins", "phones", "profile", "region", "remarks", "skip", "values",
    )  # fmt: skip

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.origins: dict[str, int] = {}
        self.names: dict[str, tuple[Column, str]] = {}
        self.phones: list[tuple[Column, str, Quality | None]] = []
        self.emails: list[tuple[Column, str]] = []
        self.mixed: list[tuple[Column, str]] = []
        self.lost: list[tuple[Column, str]] = []
        self.birth: dict[str, tuple[Column, str]] = {}
        self.profile: tuple[Column, str] | None = None
        self.notes: list[tuple[int, str]] = []
        self.noted: list[int] = []
        self.blank: list[int] = []
        self.cut: list[int] = []
        self.faults: list[Fault] = []
        self.remarks: list[Remark] = []
        self.region: str | None = None
        self.external_id: str | None = None
        self.skip: str | None = None

    def set(self, column: Column, target: str, value: str) -> None:
        """Give the field `target` its value, unless it has one: then the value goes to the notes if it is another."""
        values = self.values
        if target not in values:
            values[target] = value
            self.origins[target] = column.position
        elif values[target] != value:
            self.keep(column, value)

    def keep(self, column: Column, text: str) -> None:
        """Keep `text` in the notes, under the header of its column."""
        self.notes.append((column.position, f"{column.heading}: {text}" if column.heading else text))

    def remark(self, code: str, column: Column, cell: str, message: str) -> None:
        """Add a remark on `cell`; `message` follows the column's title and the cell."""
        self.remarks.append(Remark(code, column.title, kept(cell), f"{column.title}: {shown(cell)} {message}"))

    def keep_and_tell(self, code: str, column: Column, cell: str, message: str) -> None:
        """Keep `cell` in the notes, and tell why."""
        self.keep(column, cell)
        self.remark(code, column, cell, f"{message}; it was kept in the notes")

    def fault(self, code: str, column: Column, cell: str, message: str, suggestion: str) -> None:
        """Reject the row for `cell`; `message` follows the column's title and the cell."""
        self.faults.append(
            Fault(code, column.title, kept(cell), f"{column.title}: {shown(cell)} {message}", suggestion)
        )

    def write_notes(self) -> None:
        """Join what was kept to the notes. What does not fit is left out, and a remark says so."""
        text = self.values.get("additionalNotes", "")
        if len(text) > NOTES_LENGTH:
            self.cut.append(self.origins["additionalNotes"])
        for position, line in self.notes:
            self.noted.append(position)
            text = f"{text}\n{line}" if text else line
            if len(text) > NOTES_LENGTH:
                self.cut.append(position)
        if text:
            self.values["additionalNotes"] = text[:NOTES_LENGTH]
        if self.cut:
            left_out = text[NOTES_LENGTH:]
            message = f"Notes take {NOTES_LENGTH:,} characters; what follows was left out: {shown(left_out)}"
            self.remarks.append(Remark("notes_cut", "", kept(left_out), message))
