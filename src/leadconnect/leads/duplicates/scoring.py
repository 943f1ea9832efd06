"""How likely two leads are one person, and why. Pure.

The score is the sum of what each reason weighs, from 0 to 100. Leads that score `THRESHOLD` or more are duplicates, in
imports, for new leads and in lists. The weights are set so that a number or mailbox with a name like it is nearly
certain, and either with a name that is unclear is enough. People with different names are different people, even if
they share a number, a mailbox and a company, as families and colleagues do.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from leadconnect.leads.duplicates import names
from leadconnect.leads.duplicates.keys import Keys
from leadconnect.leads.duplicates.names import Alike
from leadconnect.wire import Answer


class Reason(StrEnum):
    """What speaks for two leads being one person, or against it."""

    SAME_EXTERNAL_ID = "same_external_id"
    SAME_PHONE = "same_phone"
    SAME_MAILBOX = "same_mailbox"
    SAME_NAME = "same_name"
    SIMILAR_NAME = "similar_name"
    SAME_COMPANY = "same_company"
    SIMILAR_COMPANY = "similar_company"
    SAME_BIRTH_DATE = "same_birth_date"
    DIFFERENT_NAME = "different_name"
    DIFFERENT_COMPANY = "different_company"
    DIFFERENT_BIRTH_DATE = "different_birth_date"
    DIFFERENT_EXTERNAL_ID = "different_external_id"
    DIFFERENT_MAILBOX = "different_mailbox"
    SHARED_PHONE = "shared_phone"
    SHARED_MAILBOX = "shared_mailbox"


WEIGHTS = {
    Reason.SAME_EXTERNAL_ID: 150,
    Reason.SAME_PHONE: 55,
    Reason.SAME_MAILBOX: 60,
    Reason.SAME_NAME: 35,
    Reason.SIMILAR_NAME: 30,
    Reason.SAME_COMPANY: 20,
    Reason.SIMILAR_COMPANY: 15,
    Reason.SAME_BIRTH_DATE: 25,
    Reason.DIFFERENT_NAME: -90,
    Reason.DIFFERENT_COMPANY: -10,
    Reason.DIFFERENT_BIRTH_DATE: -40,
    Reason.DIFFERENT_EXTERNAL_ID: -20,
    Reason.DIFFERENT_MAILBOX: -10,
    Reason.SHARED_PHONE: -25,
    Reason.SHARED_MAILBOX: -45,
}
"""What each reason adds to the score or takes from it."""

THRESHOLD = 50
"""The score from which on two leads, or a lead and a row of an import, are duplicates."""
CROWD = 4
"""A number or mailbox of more leads than these is an office's, or stands for none."""
OFFICE_MAILBOXES = frozenset({
    "accounts", "admin", "billing", "buero", "contact", "contacto", "enquiries", "enquiry", "hello", "help", "hr",
    "info", "inquiry", "kontakt", "mail", "marketing", "noreply", "no-reply", "office", "post", "reception",
    "sales", "service", "support", "team", "vertrieb", "webmaster",
})  # fmt: skip
"""Local parts that are read by whoever is there (some of RFC 2142, and those in use)."""


class Profile(NamedTuple):
    """What is compared of a lead. `other_phones` and `other_emails` are further keys, which merged leads have.
    `external_ids` has by the name of a system the ids by which that system knows it.
    """

    name: str
    company: str | None
    keys: Keys
    birth_date: date | None = None
    other_phones: frozenset[str] = frozenset()
    other_emails: frozenset[str] = frozenset()
    external_ids: dict[str, frozenset[str]] = {}  # noqa: RUF012  never changed


class Evidence(Answer):
    """A reason, and what it adds to the score; what speaks against the two being one takes from it."""

    reason: Reason
    weight: int


class Likeness(NamedTuple):
    """How likely two leads are one person, from 0 to 100, and the reasons, the weightiest first."""

    score: int
    reasons: list[Evidence]

    @property
    def is_duplicate(self) -> bool:
        """Return whether the two are taken for one person."""
        return self.score >= THRESHOLD


def likeness(one: Profile, other: Profile, *, crowded: Collection[str] = ()) -> Likeness:
    """Compare two leads. `crowded` has the keys that more than `CROWD` leads share."""
    by_names = _by_names(one, other)
    found = [
        *_by_keys(one, other, crowded, is_named=Reason.SAME_NAME in by_names or Reason.SIMILAR_NAME in by_names),
        *by_names,
        *_by_birth(one.birth_date, other.birth_date),
        *_by_external_ids(one.external_ids, other.external_ids),
    ]
    reasons = sorted((Evidence(reason, WEIGHTS[reason]) for reason in found), key=lambda each: -abs(each.weight))
    return Likeness(min(100, max(0, sum(each.weight for each in reasons))), reasons)


def shared_keys(one: Profile, other: Profile) -> Keys:
    """Return a phone and a mailbox that both have."""
    phone, email = one.keys.phone, one.keys.email
    if phone is None or (phone != other.keys.phone and phone not in other.other_phones):
        phone = min(_all(one.keys.phone, one.other_phones) & _all(other.keys.phone, other.other_phones), default=None)
    if email is None or (email != other.keys.email and email not in other.other_emails):
        email = min(_all(one.keys.email, one.other_emails) & _all(other.keys.email, other.other_emails), default=None)
    return Keys(phone, email)


def _all(key: str | None, others: frozenset[str]) -> frozenset[str]:
    return others if key is None else others | {key}


def _by_keys(one: Profile, other: Profile, crowded: Collection[str], *, is_named: bool) -> list[Reason]:
    """Compare the keys. Where the names do not say that the two are one, different mailboxes speak against it."""
    found = []
    shared = shared_keys(one, other)
    if shared.phone is not None:
        found += [Reason.SAME_PHONE] + [Reason.SHARED_PHONE] * (shared.phone in crowded)
    if shared.email is not None:
        is_shared = shared.email in crowded or shared.email.partition("@")[0] in OFFICE_MAILBOXES
        found += [Reason.SAME_MAILBOX] + [Reason.SHARED_MAILBOX] * is_shared
    elif one.keys.email is not None and other.keys.email is not None and not is_named:
        found.append(Reason.DIFFERENT_MAILBOX)
    return found


def _by_names(one: Profile, other: Profile) -> list[Reason]:
    """Compare the names and the companies. A name that stands in for a missing one speaks neither for nor against."""
    by_name = {
        Alike.SAME: Reason.SAME_NAME,
        Alike.SIMILAR: Reason.SIMILAR_NAME,
        Alike.DIFFERENT: Reason.DIFFERENT_NAME,
    }
    by_company = {
        Alike.SAME: Reason.SAME_COMPANY,
        Alike.SIMILAR: Reason.SIMILAR_COMPANY,
        Alike.DIFFERENT: Reason.DIFFERENT_COMPANY,
    }
    people = names.people(one.name, other.name)
    if people is Alike.DIFFERENT and _is_nameless(one) != _is_nameless(other):
        people = Alike.UNCLEAR
    alike = by_name.get(people), by_company.get(names.companies(one.company, other.company))
    return [reason for reason in alike if reason is not None]


def _is_nameless(one: Profile) -> bool:
    """Return whether the name is that of the company, an e-mail address or without a letter."""
    if "@" in one.name or not any(map(str.isalpha, one.name)):
        return True
    return one.company is not None and names.companies(one.name, one.company) is Alike.SAME


def _by_birth(one: date | None, other: date | None) -> list[Reason]:
    if one is None or other is None:
        return []
    return [Reason.SAME_BIRTH_DATE if one == other else Reason.DIFFERENT_BIRTH_DATE]


def _by_external_ids(one: dict[str, frozenset[str]], other: dict[str, frozenset[str]]) -> list[Reason]:
    """A system that knows both by one id takes them for one; by ids of which none is of both, for two."""
    common = one.keys() & other.keys()
    if any(one[system] & other[system] for system in common):
        return [Reason.SAME_EXTERNAL_ID]
    return [Reason.DIFFERENT_EXTERNAL_ID] if common else []
