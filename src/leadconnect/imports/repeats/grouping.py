"""Which rows that share a key are one person. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.imports.models import Share
from leadconnect.imports.options import MatchKey
from leadconnect.leads.duplicates.keys import Keys
from leadconnect.leads.duplicates.lookup import MOST_COMPARED, name_key
from leadconnect.leads.duplicates.scoring import CROWD, Profile, likeness

SHARED = {MatchKey.PHONE: "shares_phone", MatchKey.EMAIL: "shares_email"}
SAME = {MatchKey.EXTERNAL_ID: "same_external_id", MatchKey.PHONE: "same_phone", MatchKey.EMAIL: "same_email"}
MOST_NAMED = 5
"""Rows or leads that are named as sharing a key."""


class Repeats:
    """What is found about the rows of a file, key by key."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._of_row: dict[int, int] = {}
        self._codes: dict[int, str] = {}
        self._sharing: dict[int, dict[MatchKey, tuple[int, ...]]] = {}

    def add_group(self, key: MatchKey, rows: Iterable[tuple[int, int | None, Profile]]) -> None:
        """Compare rows that share a key of the kind `key`: their numbers in ascending order, the earlier row that each
        is known to repeat, and what is compared of them.
        """
        group = list(rows)
        crowded = _keys_of(key, group) if len(group) > CROWD else set()
        persons: list[tuple[int, Profile]] = []
        namesakes: dict[str, list[tuple[int, Profile]]] = {}
        for number, of_row, profile in group:
            if of_row is not None:
                self._of_row[number] = of_row
            own = namesakes.setdefault(name_key(profile.name), [])
            others = dict([*own[:MOST_COMPARED], *persons[:MOST_COMPARED]][:MOST_COMPARED])
            same = [n for n, other in others.items() if likeness(profile, other, crowded=crowded).is_duplicate]
            if same and of_row is None:
                self._repeat(number, min(same), key)
            elif not same and persons:
                self._sharing.setdefault(number, {})[key] = tuple(each for each, _ in persons[:MOST_NAMED])
            if not same:
                persons.append((number, profile))
            own.append((number, profile))

    def _repeat(self, number: int, of_row: int, key: MatchKey) -> None:
        if of_row < self._of_row.get(number, number):
            self._of_row[number] = of_row
            self._codes[number] = SAME[key]

    def repeated(self) -> list[tuple[int, int, str]]:
        """Return the rows that were found to repeat an earlier one: their numbers, the first row of the same person,
        and the codes of what they share.
        """
        return [(number, self._first(number), code) for number, code in self._codes.items()]

    def _first(self, number: int) -> int:
        while (earlier := self._of_row.get(number)) is not None:
            number = earlier
        return number

    def shares(self) -> list[tuple[int, tuple[Share, ...]]]:
        """Return the rows that share a key with earlier rows and are other people."""
        return [
            (number, tuple(Share(SHARED[key], row_numbers=numbers) for key, numbers in by_key.items()))
            for number, by_key in self._sharing.items()
            if number not in self._of_row
        ]


def _keys_of(key: MatchKey, group: list[tuple[int, int | None, Profile]]) -> set[str]:
    keys = {profile.keys.phone if key is MatchKey.PHONE else profile.keys.email for _, _, profile in group}
    return {each for each in keys if each is not None}


def keys_among(row: Record, keys: Collection[MatchKey]) -> Keys:
    """Return those keys of a row that are of the kinds `keys`."""
    return Keys(
        row["phone_key"] if MatchKey.PHONE in keys else None, row["email_key"] if MatchKey.EMAIL in keys else None
    )


def profile_of(keys: Keys, given: Mapping[str, Any] | Record, external_id: str | None, system: str) -> Profile:
    """Return what is compared of a row: its keys, what it gives by names on the wire, and its id in `system`."""
    ids = {system: frozenset({external_id})} if external_id else {}
    born = given.get("dateOfBirth")
    return Profile(
        given.get("name") or "",
        given.get("companyName"),
        keys,
        date.fromisoformat(born) if born else None,
        external_ids=ids,
    )


def lead_share(key: MatchKey, lead_ids: Iterable[UUID]) -> Share:
    """Return that a row shares a key with leads that are other people."""
    return Share(SHARED[key], lead_ids=tuple(lead_ids)[:MOST_NAMED])


def as_detail(name: str, shares: tuple[Share, ...]) -> str:
    """Return JSON that is added to the detail of a row, under `name`."""
    return msgspec.json.encode({name: shares}).decode()
