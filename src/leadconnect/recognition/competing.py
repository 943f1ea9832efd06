"""Columns compared by their cells: a header is outweighed by what stands below it."""

from collections.abc import Sequence

from leadconnect.recognition.headers import (
    clean_header,
    is_party,
    is_person,
    is_placeholder,
    is_weak,
    names_no_person,
)
from leadconnect.recognition.models import NOTES, Because, Recognised
from leadconnect.recognition.survey import ColumnSurvey, Survey

MOST, HALF = 0.8, 0.5
FEWEST_CELLS = 2
"""Filled cells by which a column is recognised without a header of its own."""
DISTINCT = 0.9
"""Which part of the cells of a column of names differ: cities and products come again."""
CONTACTS = {"phoneNumber": ("phone", "phone numbers"), "email": ("email", "e-mail addresses")}
PERSONS = frozenset({"name", "firstName", "middleName", "lastName"})


def outweigh(header: Sequence[str], survey: Survey, found: list[Recognised]) -> None:
    """Send to the notes each column of `found` whose header means phones or addresses and whose cells are none, where
    the header means little or another column has them.
    """
    for target, (kind, words) in CONTACTS.items():
        columns = {at: survey.column(at) for at, one in enumerate(found) if one[:2] == (target, Because.ALIAS)}
        best = max(columns, key=lambda at: columns[at].share_of(kind), default=None)
        for at, column in columns.items():
            if column.looked_at < FEWEST_CELLS or column.contact_count:
                continue
            if best is not None and best != at and columns[best].share_of(kind) >= MOST:
                other = columns[best]
                won = f"“{clean_header(header[best])}” has {words} in {other.kinds[kind]} of {other.looked_at} cells"
                found[at] = NOTES, Because.CONTENT, f"{won}, this column in none; its cells are kept in the notes."
            elif is_weak(header[at]):
                found[at] = NOTES, Because.CONTENT, f"Its cells are no {words}; they are kept in the notes."


def part_company(header: Sequence[str], found: list[Recognised]) -> None:
    """Take a column of customers for companies where another one has their contact persons."""
    names = [at for at, one in enumerate(found) if one[:2] == ("name", Because.ALIAS)]
    parties = [at for at in names if is_party(header[at])]
    if len(names) < 2 or len(parties) != 1 or any(one[0] == "companyName" for one in found):
        return
    if any(is_person(header[at]) for at in names if at not in parties):
        found[parties[0]] = "companyName", Because.ALIAS, "Another column has the contact persons of these customers."


def guess_name(header: Sequence[str], survey: Survey, found: list[Recognised]) -> None:
    """Take for names the column of unknown header that looks most like them, where no column is known to be one."""
    if any(target in PERSONS for target, _, _ in found):
        return
    columns = {
        at: survey.column(at)
        for at, (_, because, _) in enumerate(found)
        if because is Because.UNKNOWN and _may_be_name(header[at], survey.column(at))
    }
    if columns:
        best = max(columns, key=lambda at: (columns[at].full_name_count / columns[at].looked_at, -at))
        count, total = columns[best].name_count, columns[best].looked_at
        words = f"No header says which column is the name; {count} of {total} cells look like one. This is a guess."
        found[best] = "name", Because.CONTENT, words


def _may_be_name(header: str, column: ColumnSurvey) -> bool:
    if column.looked_at < FEWEST_CELLS or (names_no_person(header) and not is_placeholder(header)):
        return False
    total = column.looked_at
    is_alike = column.name_count >= MOST * total and column.full_name_count >= HALF * total
    return is_alike and len(column.distinct) >= DISTINCT * total
