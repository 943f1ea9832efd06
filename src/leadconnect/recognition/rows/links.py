"""What the links of cells add to a row: an address, a number or a page that the text of the cell does not show."""

from collections.abc import Mapping
from urllib.parse import unquote

from leadconnect.files.reading.records import Record
from leadconnect.recognition.models import IGNORED, NOTES
from leadconnect.recognition.rows.row import Column, Row
from leadconnect.wire import email_address

CONTACTS = {"email": "mailto", "phoneNumber": "tel"}
FEWEST_DIGITS = 5


def with_links(record: Record, targets: Mapping[int, str]) -> list[str]:
    """Return the cells of `record`, those of contacts and notes with what their links lead to. `targets` are what the
    columns are.
    """
    cells = list(record.cells)
    for at, link in record.links:
        kind, value = link_value(link)
        text = cells[at].strip() if at < len(cells) else ""
        if not value or at >= len(cells) or value.lower() in text.lower():
            continue
        target = targets.get(at, IGNORED)
        if not text:
            cells[at] = value
        elif kind == CONTACTS.get(target) and not _is_contact(text):
            cells[at] = f"{text} <{value}>" if kind == "mailto" else f"{text} {value}"
        elif target == NOTES:
            cells[at] = f"{text} <{value}>"
    return cells


def take_links(row: Row, record: Record, columns: Mapping[int, Column]) -> None:
    """Give `row` the contacts that links under other columns lead to, such as under the name; pages go to the notes."""
    for at, link in record.links:
        kind, value = link_value(link)
        text = record.cells[at] if at < len(record.cells) else ""
        column = columns.get(at)
        if not value or not text.strip() or column is None or value.lower() in text.lower():
            continue
        if kind == "mailto" and column.target != "email":
            row.emails.append((column, value))
        elif kind == "tel" and column.target != "phoneNumber":
            row.phones.append((column, value, None))
        elif kind == "page" and column.target not in (NOTES, IGNORED):
            row.keep(column, value)


def link_value(link: str) -> tuple[str, str]:
    """Return the kind of a link (``mailto``, ``tel`` or ``page``) and the address, number or URL; two empty texts for
    any other.
    """
    scheme, _, rest = link.strip().partition(":")
    scheme = scheme.lower()
    if scheme == "mailto":
        address = unquote(rest.partition("?")[0]).strip()
        return ("mailto", address) if email_address(address) is None else ("", "")
    if scheme == "tel":
        number = unquote(rest.partition(";")[0]).strip()
        return ("tel", number) if sum(map(str.isdigit, number)) >= FEWEST_DIGITS else ("", "")
    return ("page", link.strip()) if scheme in ("http", "https") and rest.startswith("//") else ("", "")


def _is_contact(text: str) -> bool:
    return "@" in text or sum(map(str.isdigit, text)) >= FEWEST_DIGITS
