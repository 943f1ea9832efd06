"""Write the texts of notifications: a title, a sentence and the lines of a mail. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import msgspec

from leadconnect.mail.announcements import Kind
from leadconnect.notifications.models import DayNumbers, DueLead, DueNotification, LeadFacts

A_USER = "A user"
"""The actor of an event whose user is not known."""
LISTED_COUNT = 20
"""Leads that a list of due follow-ups names."""
TITLE_LENGTH = 150
BODY_LENGTH = 300


NOUNS = {
    Kind.NEW_LEAD: ("{} new lead", "{} new leads"),
    Kind.HOT_LEAD: ("{} hot lead", "{} hot leads"),
    Kind.CONVERSION: ("{} converted lead", "{} converted leads"),
    Kind.LEADS_IMPORTED: ("{} import", "{} imports"),
    Kind.FOLLOW_UP: ("{} reminder", "{} reminders"),
}
"""The singular and plural nouns of the kinds, in the order in which a title lists them."""


class Words(msgspec.Struct, frozen=True):
    """The text of a notification. `lines` are only in the mail, below title and body."""

    title: str
    body: str
    lines: list[str] = []


def about_lead(kind: Kind, lead: LeadFacts, actor: str | None) -> Words:
    """Return the text for an event of one lead.

    `actor` is the name of the user who caused it, None if unknown.
    """
    who = f"{lead.name} ({lead.company_name})" if lead.company_name else lead.name
    actor = actor or A_USER
    due = f"on {_day(lead.next_followup_date)}" if lead.next_followup_date else "now"
    title, body = {
        Kind.HOT_LEAD: (f"Hot lead: {lead.name}", f"{actor} marked {who} as a hot lead."),
        Kind.CONVERSION: (f"Converted: {lead.name}", f"{actor} converted {who}."),
        Kind.FOLLOW_UP: (f"Follow up with {lead.name}", f"The follow-up with {who} is due {due}."),
    }.get(kind, (f"New lead: {lead.name}", f"{actor} added {who}."))
    return _cut(title, body, lead_lines(lead))


def lead_lines(lead: LeadFacts) -> list[str]:
    """Return the lines of a mail about one lead."""
    named = (
        ("Phone", lead.phone_number),
        ("E-mail", lead.email),
        ("City", lead.city),
        ("Next follow-up", _day(lead.next_followup_date) if lead.next_followup_date else None),
    )
    return [f"{name}: {value}" for name, value in named if value]


def about_several(due: Sequence[DueNotification]) -> Words:
    """Return the text of a mail about several notifications.

    It has the number of each kind, and the first ones.
    """
    counts = Counter(Kind(each.kind) for each in due)
    parts = [NOUNS[kind][counts[kind] > 1].format(counts[kind]) for kind in NOUNS if counts[kind]]
    lines = [each.body for each in due[:LISTED_COUNT]]
    if len(due) > len(lines):
        lines.append(f"and {len(due) - len(lines)} more")
    title = ", ".join(parts)
    return _cut(title[:1].upper() + title[1:], "This happened since the last mail:", lines)


def about_import(count: int, actor: str | None) -> Words:
    """Return the text for an import that added `count` leads."""
    added = _count(count, "lead")
    return _cut(f"{added} imported", f"{actor or A_USER} imported {added}.", [])


def about_due_leads(leads: Sequence[DueLead], total: int, today: date) -> Words:
    """Return the text for follow-ups that are due on `today`. `leads` are the first of `total`."""
    is_one = total == 1
    title = f"{_count(total, 'follow-up')} {'is' if is_one else 'are'} due"
    names = ", ".join(lead.name for lead in leads[:3])
    rest = total - min(3, len(leads))
    body = f"Due: {names}{f' and {rest} more' if rest else ''}."
    lines = [_due_line(lead, today) for lead in leads]
    if total > len(leads):
        lines.append(f"and {total - len(leads)} more")
    return _cut(title, body, lines)


def about_day(numbers: DayNumbers, today: date) -> Words:
    """Return the text for what happened on `today`."""
    body = (
        f"{_count(numbers.new_count, 'new lead')}, {numbers.hot_count} became hot, {numbers.converted_count} converted."
    )
    lines = [
        f"New leads: {numbers.new_count}",
        f"Became hot: {numbers.hot_count}",
        f"Converted: {numbers.converted_count}",
        f"Follow-ups due: {numbers.due_count}",
        f"Leads in all: {numbers.total_count}",
    ]
    return _cut(f"Your day: {_day(today)}", body, lines)


PERSONAL: dict[Kind, Words] = {
    Kind.PASSWORD_CHANGED: Words(
        "Your password was changed",
        "If it was not you, choose a new one immediately and inform the owner of your account.",
    ),
    Kind.TWO_FACTOR_CHANGED: Words(
        "Two-step sign-in was changed",
        "If it was not you, change your password immediately and inform the owner of your account.",
    ),
}
"""The texts of the personal kinds."""


def _due_line(lead: DueLead, today: date) -> str:
    when = "today" if lead.next_followup_date >= today else f"since {_day(lead.next_followup_date)}"
    return " · ".join(part for part in (lead.name, lead.company_name, lead.phone_number, when) if part)


def _cut(title: str, body: str, lines: list[str]) -> Words:
    return Words(_shortened(title, TITLE_LENGTH), _shortened(body, BODY_LENGTH), lines)


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
