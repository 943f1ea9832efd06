"""What can be said of a row once all its cells are read: its name, its phone and e-mail, its defaults, its notes."""

import re
from contextlib import suppress
from datetime import date

from leadconnect.accounts.countries import country_name
from leadconnect.recognition.models import BIRTH_PARTS, NAME_PARTS, Fault, Remark
from leadconnect.recognition.rows.cells import kept
from leadconnect.recognition.rows.contacts import (
    PUNCTUATION,
    Contacts,
    Quality,
    contacts_in,
    quality_of,
    with_plus,
)
from leadconnect.recognition.rows.row import Column, Row

CORRECT = "Correct the address, or add a phone number"
EXPORT_AGAIN = "Format the column as text where the file comes from, and export it again"
SPOILT = frozenset({"bad_email", "lost_digits"})
"""Faults that say already why a row has no contact."""
NAMED_BY = {"email": "email", "phoneNumber": "phone"}
PARTS_THAT_NAME = frozenset({"firstName", "middleName", "lastName"})
DISPLAY_NAME = re.compile(r"\"?([^<>@\"]*[^<>@\"\s])\"?\s*<[^<>\s]+>")
"""A name before an address, as mail programs write it: ``Asha Rao <asha@example.com>`` (RFC 5322 §3.4)."""
AROUND_NAMES = {"namePrefix": "{part} {name}", "nameSuffix": "{name} {part}"}


def settle_name(row: Row) -> None:
    """Join the parts of the name. A name that is given whole wins, and gets what comes before and after it; other parts
    that it does not contain go to the notes.
    """
    names = row.names
    if not names:
        return
    name = row.values.get("name")
    if name is None and not names.keys().isdisjoint(PARTS_THAT_NAME):
        parts = [names[part] for part in NAME_PARTS if part in names]
        row.values["name"] = " ".join(text for _, text in parts)
        row.origins["name"] = parts[0][0].position
        return
    for part, (column, text) in names.items():
        if name is not None and text in name:
            continue
        if name is not None and part in AROUND_NAMES:
            name = row.values["name"] = AROUND_NAMES[part].format(name=name, part=text)
        else:
            row.keep(column, text)


def settle_birth(row: Row) -> None:
    """Join year, month and day of birth; where one of them is left out or wrong, each goes to the notes."""
    values = [row.birth[part][1] for part in BIRTH_PARTS if part in row.birth]
    with suppress(ValueError):
        day = date(*map(int, values)) if len(values) == len(BIRTH_PARTS) else None
        if day is not None and "dateOfBirth" not in row.values:
            row.set(row.birth["birthDay"][0], "dateOfBirth", day.isoformat())
            return
    for column, text in row.birth.values():
        row.keep(column, text)


def settle_contacts(row: Row) -> None:
    """Find the lead's phone and e-mail among those of the row: the first good one of each. The others, and what cannot
    be one, are kept in the notes.
    """
    wrong = _sort_out(row)
    if row.phones:
        _settle_phone(row)
    if row.emails:
        column, email = row.emails[0]
        row.set(column, "email", email)
        for column, other in row.emails[1:]:
            if other.lower() != email.lower():
                _keep_whole(row, column, other, "another_email", "is another e-mail address")
    has_contact = bool(row.phones or row.emails or "email" in row.values)
    for column, text in wrong:
        _refuse_or_keep(row, column, text, "bad_email", "is not an e-mail address", CORRECT, has_contact=has_contact)
    for column, text in row.lost:
        message = "has lost its digits in a spreadsheet"
        _refuse_or_keep(row, column, text, "lost_digits", message, EXPORT_AGAIN, has_contact=has_contact)


def _refuse_or_keep(
    row: Row, column: Column, text: str, code: str, message: str, suggestion: str, *, has_contact: bool
) -> None:
    """Keep `text` in the notes, or reject the row where no other contact is in it."""
    if has_contact:
        _keep_whole(row, column, text, code, message)
    else:
        row.fault(code, column, text, message, suggestion)


def _sort_out(row: Row) -> list[tuple[Column, str]]:
    """Sort the cells that hold more than one number or address. Return those that must be an address and are none."""
    wrong = []
    for column, text in row.mixed:
        found = contacts_in(text, row.region or column.region)
        is_phones = column.target == "phoneNumber"
        phones = found.phones if is_phones else [phone for phone in found.phones if phone[1] > Quality.IMPOSSIBLE]
        row.phones += [(column, number, quality) for number, quality in phones]
        row.emails += [(column, email) for email in found.emails]
        if not found.emails and not is_phones and "@" in text:
            wrong.append((column, text))
        elif found.rest or len(phones) < len(found.phones):
            _keep_rest(row, column, text, found)
    if row.mixed:
        row.phones.sort(key=lambda phone: (phone[0].target != "phoneNumber", phone[0].position))
        row.emails.sort(key=lambda email: (email[0].target != "email", email[0].position))
    return wrong


def _keep_rest(row: Row, column: Column, text: str, found: Contacts) -> None:
    if "name" not in row.values and not row.names and (shown_as := DISPLAY_NAME.fullmatch(text)):
        row.set(column, "name", shown_as[1])
        return
    row.keep(column, text)
    if found.phones or found.emails:
        row.remark("kept_text", column, text, "says more; the whole cell was kept in the notes")
    else:
        kind = "phone number" if column.target == "phoneNumber" else "e-mail address"
        row.remark(f"no_{kind.split()[0].replace('-', '')}", column, text, f"is no {kind}; it was kept in the notes")


def _settle_phone(row: Row) -> None:
    judged = []
    for column, number, known in row.phones:
        quality = quality_of(number, row.region or column.region) if known is None else known
        judged.append((column, with_plus(number), quality))
        if quality is Quality.VALID and len(row.phones) == 1:
            break
    best = max(judged, key=lambda phone: phone[2])
    column, phone, quality = best
    row.set(column, "phoneNumber", phone)
    if quality is not Quality.VALID:
        _tell_quality(row, column, phone, quality)
    digits = phone.translate(PUNCTUATION)
    for other in judged:
        if other is not best and other[1].translate(PUNCTUATION) != digits:
            _keep_whole(row, other[0], other[1], "another_phone", "is another phone number")


def _tell_quality(row: Row, column: Column, phone: str, quality: Quality) -> None:
    region = row.region or column.region
    where = f" in {country_name(region)}" if region and not phone.startswith("+") else ""
    if quality is Quality.POSSIBLE:
        row.remark(
            "phone_not_valid", column, phone, f"has the length of a phone number{where}, but is none; it was kept"
        )
    else:
        row.remark("phone_not_possible", column, phone, f"cannot be a phone number{where}; it was kept as it is")


def _keep_whole(row: Row, column: Column, text: str, code: str, message: str) -> None:
    """Keep `text` in the notes, unless its whole cell is there already."""
    if column.position not in [position for position, _ in row.notes]:
        row.keep(column, text)
    row.remark(code, column, text, f"{message}; it was kept in the notes")


def require(row: Row) -> None:
    """Give a row without a person's name another one, and refuse a row without a contact.

    The company stands in, or else the e-mail address or the phone number.
    """
    values = row.values
    if "name" in values and not any(map(str.isalnum, values["name"])):
        row.keep(_column_of(row, "name"), values.pop("name"))
        del row.origins["name"]
    if "name" not in values:
        _name_by(row)
    if (
        not values.get("phoneNumber")
        and "email" not in values
        and not any(fault.code in SPOILT for fault in row.faults)
    ):
        message = "The row has no contact"
        row.faults.append(Fault("no_contact", None, None, message, "Add a phone number or an e-mail address"))


def _column_of(row: Row, field: str) -> Column:
    at = row.origins[field]
    return Column(position=at, target=field, title=field, heading="")


def _name_by(row: Row) -> None:
    """Name the lead by its company, e-mail address or phone number."""
    values = row.values
    for field, what in (("companyName", "company"), ("email", "e-mail address"), ("phoneNumber", "phone number")):
        if text := values.get(field):
            values["name"] = text
            row.origins["name"] = row.origins[field]
            if field != "companyName":
                message = f"The row has no name: its {what} names the lead"
                row.remarks.append(Remark(f"named_by_{NAMED_BY[field]}", "", kept(text), message))
            return
    if not row.faults:
        row.faults.append(Fault("no_name", None, None, "The row has no name", "Add a name or a company"))
