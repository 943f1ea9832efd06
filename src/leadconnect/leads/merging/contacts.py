"""Which phones and e-mail addresses a merge keeps besides those of the lead that stays. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from asyncpg import Record

from leadconnect.leads.contacts.queries import Contact
from leadconnect.leads.duplicates.keys import contact_keys, email_key
from leadconnect.leads.merging.values import BETWEEN_NOTES, LONGEST_NOTES

LABELS = {"phone": ("Other phone", "Other phones"), "email": ("Other e-mail", "Other e-mails")}
Row = Mapping[str, Any] | Record


def other_contacts(
    rows: Sequence[Row], after: Mapping[str, Any], known: Sequence[Row], region: str | None
) -> list[Contact]:
    """Return the contacts of `rows`, the leads of a merge, and those `known` of them, but for what the lead has `after`
    the merge; each once, whatever its spelling. National numbers without a country are dialled in `region`.
    """
    found: list[Contact] = []
    for row in rows:
        keys = contact_keys(row["phone_number"], None, row["country"], region)
        found.append(Contact("phone", row["phone_number"] or "", keys.phone))
        found.append(Contact("email", row["email"] or "", email_key(row["email"])))
    found += [Contact(row["kind"], row["value"], row["key"]) for row in known]
    own = contact_keys(after["phone_number"], after["email"], after["country"], region)
    seen = {("phone", own.phone or after["phone_number"]), ("email", own.email or after["email"])}
    kept = []
    for contact in found:
        place = contact.kind, contact.key or contact.value
        if contact.value.strip() and place not in seen:
            seen.add(place)
            kept.append(contact)
    return kept


def with_contacts(notes: str | None, contacts: Sequence[Contact]) -> str | None:
    """Return notes with a line of the contacts that are not in them yet. Where they would be too long they stay as they
    are: the contacts are stored and found all the same.
    """
    parts = []
    for kind, labels in LABELS.items():
        values = [each.value for each in contacts if each.kind == kind and each.value not in (notes or "")]
        if values:
            parts.append(f"{labels[len(values) > 1]}: {', '.join(values)}")
    if not parts:
        return notes
    longer = BETWEEN_NOTES.join(filter(None, (notes, "; ".join(parts))))
    return longer if len(longer) <= LONGEST_NOTES else notes
