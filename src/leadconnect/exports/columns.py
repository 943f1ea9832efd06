"""The columns of an exported file: their titles, their names on the wire and in the table, and how they are shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from leadconnect.leads.catalogue import CATALOGUE, Field, Kind


class Column(msgspec.Struct, frozen=True):
    """A column: its title in tables, its name in the table of leads, the kind of its cells, and its width in a
    spreadsheet, in characters.
    """

    title: str
    name: str
    kind: Kind = Kind.TEXT
    width: int = 20
    detail: str | None = None
    """The key of the column whose text stands for the choice ``other``."""

    @property
    def key(self) -> str:
        """The name on the wire."""
        first, *others = self.name.split("_")
        return first + "".join(map(str.capitalize, others))


def _column(field: Field) -> Column:
    details = [other.name for other in CATALOGUE if other.belongs_to == field.column]
    detail = details[0] if details and field.kind is Kind.CHOICE else None
    return Column(field.label, field.column, field.kind, field.width, detail)


COLUMNS = (
    Column("ID", "id", width=38),
    *map(_column, CATALOGUE),
    Column("Created At", "created_at", Kind.INSTANT),
    Column("Updated At", "updated_at", Kind.INSTANT),
)
"""All columns, in the order of the wire contract."""
IN_WORKBOOKS = (*COLUMNS[1:], COLUMNS[0])
"""All columns, the long id last: the first thing that people see is the name."""

BY_KEY = {column.key: column for column in COLUMNS}
NOTES = BY_KEY["additionalNotes"]
READABLE = tuple(
    BY_KEY[key]
    for key in (
        "name", "phoneNumber", "email", "companyName", "city",
        "leadStatus", "leadSource", "nextFollowupDate", "createdAt",
    )
)  # fmt: skip
"""The columns of a document that people read, unless others are asked for."""


def words(choice: str) -> str:
    """Return a choice as people read it; an import takes it for the same choice."""
    return choice.replace("_", " ").capitalize()


def with_details(columns: Iterable[Column]) -> list[Column]:
    """Return `columns`, and behind them those that have the text of a choice ``other`` and are not among them."""
    found = list(columns)
    details = [BY_KEY[column.detail] for column in found if column.detail]
    return [*found, *(column for column in details if column not in found)]


def values_of(
    rows: Iterable[Any], columns: Sequence[Column], contact_names: Mapping[str, str] | None = None
) -> Iterator[list[Any]]:
    """Yield the values of `columns` for each of `rows`, which give them by name, as asyncpg's records do.

    `contact_names` has the names of users whose ids stand for the last contact.
    """
    names = [column.name for column in columns]
    contact_at = names.index("last_contacted_by") if contact_names and "last_contacted_by" in names else None
    for row in rows:
        values = [row[name] for name in names]
        if contact_at is not None and contact_names:
            values[contact_at] = contact_names.get(values[contact_at], values[contact_at])
        yield values
