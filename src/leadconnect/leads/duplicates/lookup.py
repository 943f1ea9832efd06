"""Look up the leads that people who are not leads yet are duplicates of: rows of imports, and leads about to be added.

`sharers_of` asks the database once for many people; `Sharers.compare` then compares one of them, without the database.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from leadconnect.database.planner import IN_INDEX_ORDER, NO_WALKS, without
from leadconnect.database.pool import Connection
from leadconnect.leads.duplicates import queries
from leadconnect.leads.duplicates.keys import Keys
from leadconnect.leads.duplicates.names import bare_name
from leadconnect.leads.duplicates.scoring import CROWD, Likeness, Profile, likeness

MOST_SHARERS = 200
"""Leads of one key that are read, the oldest first."""
MOST_COMPARED = 20
"""Leads that one person is compared with: those of the same name first, then the oldest."""


class Comparison(NamedTuple):
    """The leads that a person is a duplicate of, the likeliest first, and those that only share a key with it."""

    duplicates: list[tuple[UUID, Likeness]]
    same_phone_ids: list[UUID]
    same_email_ids: list[UUID]


class Sharers:
    """Leads by the keys that they share with some people, and what is compared of these leads."""

    def __init__(self, phones: dict[str, list[UUID]], emails: dict[str, list[UUID]], profiles: dict[UUID, Profile]):
        """Keep what `sharers_of` has found."""
        self._phones, self._emails, self.profiles = phones, emails, profiles
        self._namesakes: dict[tuple[str, str], list[UUID]] = {}
        for kind, blocks in (("phone", phones), ("email", emails)):
            for key, lead_ids in blocks.items():
                if len(lead_ids) > MOST_COMPARED:
                    for lead_id in lead_ids:
                        place = kind + key, name_key(profiles[lead_id].name)
                        self._namesakes.setdefault(place, []).append(lead_id)

    def has_any(self, keys: Keys) -> bool:
        """Return whether any lead has one of the keys."""
        return keys.phone in self._phones or keys.email in self._emails

    def compare(self, person: Profile) -> Comparison:
        """Compare a person with the leads that share a key with it."""
        phone, email = person.keys
        by_phone, by_email = self._phones.get(phone or "", []), self._emails.get(email or "", [])
        crowded = {key for key, ids in ((phone, by_phone), (email, by_email)) if key and len(ids) > CROWD}
        chosen = dict.fromkeys(self._chosen("phone", phone, by_phone, person.name))
        chosen |= dict.fromkeys(self._chosen("email", email, by_email, person.name))
        compared = [(each, likeness(person, self.profiles[each], crowded=crowded)) for each in chosen]
        duplicates = sorted((each for each in compared if each[1].is_duplicate), key=lambda each: -each[1].score)
        found = {lead_id for lead_id, _ in duplicates}
        return Comparison(
            duplicates,
            [each for each in by_phone if each not in found],
            [each for each in by_email if each not in found],
        )

    def _chosen(self, kind: str, key: str | None, lead_ids: list[UUID], name: str) -> list[UUID]:
        if key is None or len(lead_ids) <= MOST_COMPARED:
            return lead_ids
        namesakes = self._namesakes.get((kind + key, name_key(name)), [])
        return [*namesakes, *lead_ids][:MOST_COMPARED]


def name_key(name: str) -> str:
    """Return the words of a name in alphabetical order, case folded, without titles."""
    return " ".join(sorted(word.casefold() for word in bare_name(name)))


async def sharers_of(
    connection: Connection, account_id: UUID, keys: Collection[Keys], *, for_import: bool = False
) -> Sharers:
    """Return the leads of the account that have any of `keys`, without deleted ones and those that this transaction
    adds. `for_import` is for many keys, on a database that may have no statistics of its tables yet.
    """
    wanted = {each.phone for each in keys if each.phone}, {each.email for each in keys if each.email}
    if not any(wanted):
        return Sharers({}, {}, {})
    async with without(connection, IN_INDEX_ORDER) if for_import else nullcontext():
        matches = await queries.matches(connection, account_id, *wanted, per_key=MOST_SHARERS)
    if not matches:
        return Sharers({}, {}, {})
    lead_ids = list({match["lead_id"] for match in matches})
    async with without(connection, NO_WALKS) if for_import else nullcontext():
        rows, external_ids = await queries.profile_parts(connection, account_id, lead_ids)
    profiles = {row["lead_id"]: _profile(row, external_ids) for row in rows if not row["is_own"]}
    blocks: dict[str, dict[str, list[UUID]]] = {"phone": {}, "email": {}}
    for match in matches:
        block = blocks[match["kind"]].setdefault(match["key"], []) if match["lead_id"] in profiles else None
        if block is not None and match["lead_id"] not in block:
            block.append(match["lead_id"])
    return Sharers(blocks["phone"], blocks["email"], profiles)


async def profiles_of(connection: Connection, account_id: UUID, lead_ids: Iterable[UUID]) -> dict[UUID, Profile]:
    """Return what is compared of leads, by id."""
    rows, external_ids = await queries.profile_parts(connection, account_id, list(lead_ids))
    return {row["lead_id"]: _profile(row, external_ids) for row in rows}


def _profile(row: Record, external_ids: Mapping[UUID, dict[str, frozenset[str]]]) -> Profile:
    return Profile(
        row["name"],
        row["company_name"],
        Keys(row["phone_key"], row["email_key"]),
        row["date_of_birth"],
        frozenset(row["other_phones"]),
        frozenset(row["other_emails"]),
        external_ids=external_ids.get(row["lead_id"], {}),
    )
