"""How likely two leads are one person, and why. Pure.

The score is the sum of what each reason weighs, from 0 to 100. The weights are set so that a number or a mailbox with a
name like it is nearly certain; either alone is worth a look; and colleagues who share the number of an office or its
info@ are not taken for one person.
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
    SHARED_PHONE = "shared_phone"
    SHARED_MAILBOX = "shared_mailbox"


WEIGHTS = {
    Reason.SAME_EXTERNAL_ID: 100,
    Reason.SAME_PHONE: 55,
    Reason.SAME_MAILBOX: 60,
    Reason.SAME_NAME: 35,
    Reason.SIMILAR_NAME: 30,
    Reason.SAME_COMPANY: 20,
    Reason.SIMILAR_COMPANY: 15,
    Reason.SAME_BIRTH_DATE: 25,
    Reason.DIFFERENT_NAME: -40,
    Reason.DIFFERENT_COMPANY: -10,
    Reason.DIFFERENT_BIRTH_DATE: -40,
    Reason.DIFFERENT_EXTERNAL_ID: -20,
    Reason.SHARED_PHONE: -25,
    Reason.SHARED_MAILBOX: -45,
}
"""What each reason adds to the score or takes from it."""

CROWD = 4
"""A number or mailbox of more leads than these is an office's, or stands for none."""
OFFICE_MAILBOXES = frozenset({
    "accounts", "admin", "billing", "buero", "contact", "contacto", "enquiries", "enquiry", "hello", "help", "hr",
    "info", "inquiry", "kontakt", "mail", "marketing", "noreply", "no-reply", "office", "post", "reception",
    "sales", "service", "support", "team", "vertrieb", "webmaster",
})  # fmt: skip
"""Local parts that are read by whoever is there (some of RFC 2142, and those in use)."""


class Profile(NamedTuple):
    """What is compared of a lead. `external_ids` has by the name of a system the ids by which that system knows it."""

    name: str
    company: str | None
    keys: Keys
    birth_date: date | None = None
    external_ids: dict[str, frozenset[str]] = {}  # noqa: RUF012  never changed


class Evidence(Answer):
    """A reason, and what it adds to the score; what speaks against the two being one takes from it."""

    reason: Reason
    weight: int


class Likeness(NamedTuple):
    """How likely two leads are one person, from 0 to 100, and the reasons, the weightiest first."""

    score: int
    reasons: list[Evidence]


def likeness(one: Profile, other: Profile, *, crowded: Collection[str] = ()) -> Likeness:
    """Compare two leads. `crowded` has the keys that more than `CROWD` leads share."""
    found = [
        *_by_keys(one.keys, other.keys, crowded),
        *_by_names(one, other),
        *_by_birth(one.birth_date, other.birth_date),
        *_by_external_ids(one.external_ids, other.external_ids),
    ]
    reasons = sorted((Evidence(reason, WEIGHTS[reason]) for reason in found), key=lambda each: -abs(each.weight))
    return Likeness(min(100, max(0, sum(each.weight for each in reasons))), reasons)


def _by_keys(one: Keys, other: Keys, crowded: Collection[str]) -> list[Reason]:
    found = []
    if one.phone is not None and one.phone == other.phone:
        found += [Reason.SAME_PHONE] + [Reason.SHARED_PHONE] * (one.phone in crowded)
    if one.email is not None and one.email == other.email:
        is_shared = one.email in crowded or one.email.partition("@")[0] in OFFICE_MAILBOXES
        found += [Reason.SAME_MAILBOX] + [Reason.SHARED_MAILBOX] * is_shared
    return found


def _by_names(one: Profile, other: Profile) -> list[Reason]:
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
    alike = by_name.get(names.people(one.name, other.name)), by_company.get(names.companies(one.company, other.company))
    return [reason for reason in alike if reason is not None]


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
