"""What a cell says of a lead, by what its column is. Each function takes one cell, not blank and mended, into a row."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from leadconnect.accounts.countries import region_of_country
from leadconnect.files.cells import restore, restore_phone
from leadconnect.leads.catalogue import CATALOGUE, Kind
from leadconnect.recognition.headers import OptingOut, header_key, opting_out
from leadconnect.recognition.models import BIRTH_PARTS, EXTERNAL_ID, IGNORED, NAME_PARTS, NOTES, DateOrder
from leadconnect.recognition.rows.contacts import LOST_DIGITS, is_simple_phone, mended_phone
from leadconnect.recognition.rows.dates import EMPTY_DAYS, WITHOUT_YEAR, UnknownDay, is_no_day, parse_day
from leadconnect.recognition.rows.row import Column, Row
from leadconnect.recognition.vocabulary.opting_out import NO, STATUSES
from leadconnect.recognition.vocabulary.spellings import KINDS_OF_SOURCE, SPELLINGS
from leadconnect.wire import email_address

DATE_FIELDS = tuple(field.name for field in CATALOGUE if field.kind is Kind.DATE)
SPELLED_LENGTH = 100
OPTED_OUT = "says that this person has opted out; it was kept in the notes"
PROFILE = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)?(?:linkedin\.com/(?:in|pub)/|facebook\.com/|instagram\.com/|xing\.com/profile/"
    r"|twitter\.com/|x\.com/)[^\s/?#]+", re.IGNORECASE
)  # fmt: skip
"""The address of a person's page on a network."""
EXTERNAL_ID_LENGTH = 200
META_PREFIXES = ("l:", "ag:", "as:", "c:", "f:")

Take = Callable[[Row, Column, str], None]

_VALUE_OF_KEY = {
    field: {header_key(spelling): value for value, spellings in values.items() for spelling in spellings}
    for field, values in SPELLINGS.items()
}
_NO = frozenset(map(header_key, NO))
_OPT_OUT_STATUSES = frozenset(map(header_key, STATUSES))
_SOURCE_OF_KIND = {header_key(kind): source for source, kinds in KINDS_OF_SOURCE.items() for kind in kinds}


def take_plain(row: Row, column: Column, text: str) -> None:
    """Take a text as it is."""
    row.set(column, column.target, text)


def take_country(row: Row, column: Column, text: str) -> None:
    """Take a country, in which the row's numbers are dialled. A calling code tells that too, but is no country."""
    if row.region is None:
        row.region = region_of_country(text)
    if text.lstrip("+").isdecimal():
        row.keep(column, text)
    else:
        row.set(column, "country", text)


def take_note(row: Row, column: Column, text: str) -> None:
    """Keep the cell in the notes."""
    row.keep(column, text)


def take_opt_out(row: Row, column: Column, text: str) -> None:
    """Keep in the notes that a person has opted out, and say so: by any value but no."""
    row.keep(column, text)
    if header_key(text) not in _NO:
        row.remark("opted_out", column, text, OPTED_OUT)


def take_opt_in(row: Row, column: Column, text: str) -> None:
    """Keep in the notes what a person is subscribed to; a no is an opt-out, and a yes is not read as consent."""
    row.keep(column, text)
    if header_key(text) in _NO:
        row.remark("opted_out", column, text, OPTED_OUT)


def take_subscription(row: Row, column: Column, text: str) -> None:
    """Keep the status of a subscription in the notes, and say where it is one of a person who has opted out."""
    row.keep(column, text)
    if is_opted_out(text):
        row.remark("opted_out", column, text, OPTED_OUT)


def is_opted_out(text: str) -> bool:
    """Tell whether `text` is the status of a person who has opted out."""
    return header_key(text[:SPELLED_LENGTH]) in _OPT_OUT_STATUSES


def take_link(row: Row, column: Column, text: str) -> None:
    """Keep a link in the notes; that to a person's profile is a contact where there is no other."""
    row.keep(column, text)
    if row.profile is None and PROFILE.match(text):
        row.profile = column, text


def take_birth_part(row: Row, column: Column, text: str) -> None:
    """Take the year, month or day of birth; they are joined when all are there."""
    if column.target in row.birth:
        row.keep(column, text)
    else:
        row.birth[column.target] = column, text


def take_nothing(row: Row, column: Column, text: str) -> None:
    """Pass over a cell of a column that is not imported."""


def take_external_id(row: Row, column: Column, text: str) -> None:
    """Take the other system's id, without the prefix that Meta writes before it."""
    text = next((text[len(prefix) :] for prefix in META_PREFIXES if text.startswith(prefix)), text)
    if len(text) > EXTERNAL_ID_LENGTH or not text.isprintable():
        row.keep_and_tell("bad_id", column, text, "is no id")
    elif row.external_id is None:
        row.external_id = text
        row.origins[EXTERNAL_ID] = column.position
    elif row.external_id != text:
        row.keep(column, text)


def take_name_part(row: Row, column: Column, text: str) -> None:
    """Take a part of the name; they are joined when all are there."""
    if column.target in row.names:
        if row.names[column.target][1] != text:
            row.keep(column, text)
    else:
        row.names[column.target] = column, text


def take_phone(row: Row, column: Column, text: str) -> None:
    """Take a cell of a column of phones, which may hold several, or e-mail addresses."""
    text = mended_phone(restore_phone(text))
    if is_simple_phone(text):
        row.phones.append((column, text, None))
    elif LOST_DIGITS.fullmatch(text):
        row.lost.append((column, text))
    else:
        row.mixed.append((column, text))


def take_email(row: Row, column: Column, text: str) -> None:
    """Take a cell of a column of e-mail addresses, which may hold several, or phones."""
    if email_address(text) is None:
        row.emails.append((column, text))
    else:
        row.mixed.append((column, text))


def take_day(today: date, empty: frozenset[date], row: Row, column: Column, text: str) -> None:
    """Take a day, but for those of `empty`. Words without digits, and birthdays without a year, go to the notes."""
    is_past = column.target != "nextFollowupDate"
    is_day_first = column.date_order is not DateOrder.MONTH_FIRST
    try:
        day = parse_day(text, is_day_first=is_day_first, is_past=is_past, today=today)
    except UnknownDay:
        if is_no_day(text):
            row.blank.append(column.position)
        elif WITHOUT_YEAR.fullmatch(text):
            row.keep_and_tell("date_without_year", column, text, "has no year")
        else:
            row.keep_and_tell("bad_date" if any(map(str.isdigit, text)) else "no_date", column, text, "is not a date")
        return
    if day in empty:
        row.blank.append(column.position)
        return
    row.set(column, column.target, day.isoformat())


def known_value(target: str, text: str, mapped: Mapping[str, str]) -> str | None:
    """Return the value of ours that `text` is in a column of choices, by `mapped` or its spelling; None if unknown.

    The keys of `mapped` are those of `header_key`.
    """
    key = header_key(text[:SPELLED_LENGTH])
    value = mapped.get(key) or _VALUE_OF_KEY[target].get(key)
    return _SOURCE_OF_KIND.get(key) if value is None and target == "leadSource" else value


def take_choice(row: Row, column: Column, text: str) -> None:
    """Take a category or status; one that is not ours is kept in the notes."""
    value = known_value(column.target, text, column.mapped)
    if value is not None:
        if row.values.setdefault(column.target, value) != value:
            row.keep(column, text)
        else:
            row.origins.setdefault(column.target, column.position)
    elif column.target == "leadStatus" and is_opted_out(text):
        take_subscription(row, column, text)
    else:
        message = f"is not a known value, so “{column.fallback}” was taken"
        row.keep_and_tell(f"unknown_{'status' if column.target == 'leadStatus' else 'category'}", column, text, message)


def is_status(text: str) -> bool:
    """Tell whether `text` is a status in one of the spellings that are known."""
    return header_key(text[:SPELLED_LENGTH]) in _VALUE_OF_KEY["leadStatus"]


def take_channel(row: Row, column: Column, text: str) -> None:
    """Take a channel of communication; one that is not ours stays as it is written."""
    value = _VALUE_OF_KEY["preferredCommunicationChannel"].get(header_key(text[:SPELLED_LENGTH]), text)
    row.set(column, column.target, value)


def take_source(row: Row, column: Column, text: str) -> None:
    """Take a source. One that is not ours becomes the custom one; of one that says more than ours the words are kept.

    Columns of custom sources are taken before.
    """
    values = row.values
    key = header_key(text[:SPELLED_LENGTH])
    value = column.mapped.get(key) or _VALUE_OF_KEY["leadSource"].get(key)
    words_are_kept = value is None or value == "other"
    if value is None:
        value = _SOURCE_OF_KIND.get(key, "other")
    if "leadSource" in values:
        if values["leadSource"] != value or words_are_kept:
            row.keep(column, text)
        return
    values["leadSource"] = value
    row.origins["leadSource"] = column.position
    if not words_are_kept:
        return
    custom = "customReferralSource" if value == "referral" else "customLeadSource"
    if values.setdefault(custom, text) == text:
        row.origins.setdefault(custom, column.position)
    elif key not in ("other", "others"):
        row.keep(column, text)
    if value == "other" and key not in column.mapped and key not in _VALUE_OF_KEY["leadSource"]:
        row.remark("unknown_source", column, text, "is none of our sources; it was kept as a custom one")


def take_exactly(row: Row, column: Column, cell: str) -> None:
    """Take a cell of our own export as it was before it."""
    row.set(column, column.target, restore(cell))


def take_phone_exactly(row: Row, column: Column, cell: str) -> None:
    """Take a phone of our own export as it was, unless a spreadsheet has spoilt it meanwhile."""
    text = restore_phone(cell)
    if LOST_DIGITS.fullmatch(text):
        row.lost.append((column, text))
    else:
        row.set(column, "phoneNumber", text)


_TAKES: dict[str, Take] = {
    "country": take_country,
    "phoneNumber": take_phone,
    "email": take_email,
    "customerCategory": take_choice,
    "leadStatus": take_choice,
    "preferredCommunicationChannel": take_channel,
    "leadSource": take_source,
    NOTES: take_note,
    IGNORED: take_nothing,
    EXTERNAL_ID: take_external_id,
    **dict.fromkeys(NAME_PARTS, take_name_part),
    **dict.fromkeys(BIRTH_PARTS, take_birth_part),
}
_EXACT = {"phoneNumber": take_phone_exactly}
_READ_ALL_THE_SAME = {
    *DATE_FIELDS,
    "customerCategory",
    "leadStatus",
    "leadSource",
    NOTES,
    IGNORED,
    EXTERNAL_ID,
    *NAME_PARTS,
    *BIRTH_PARTS,
}


def exact_take_of(target: str, *, is_neutralised: bool) -> Take | None:
    """Return what takes the cells of a column of our own export exactly as they are; ``None`` for those that people or
    spreadsheets may have spelled otherwise meanwhile.
    """
    if target in _READ_ALL_THE_SAME:
        return None
    return _EXACT.get(target, take_exactly) if is_neutralised else take_plain


def take_of(
    target: str, *, today: date, header: str = "", has_links: bool = False, is_own_export: bool = False
) -> Take:
    """Return what takes the cells of a column, mended before. `has_links` says that some of its cells are URLs. In our
    own export no day stands for an empty cell.
    """
    if target in DATE_FIELDS:
        return partial(take_day, today, frozenset() if is_own_export else EMPTY_DAYS)
    if target == NOTES:
        kind = opting_out(header)
        return _NOTES_OF_KIND[kind] if kind else take_link if has_links else take_note
    return _TAKES.get(target, take_plain)


_NOTES_OF_KIND = {
    OptingOut.OUT: take_opt_out,
    OptingOut.IN: take_opt_in,
    OptingOut.STATUS: take_subscription,
}
