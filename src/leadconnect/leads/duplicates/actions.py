"""Finding leads that may be one person: those of one lead, and all of an account, part by part.

Whoever shares a number or a mailbox with a lead is compared with it. For one lead, those of the same name are as well,
whom the search finds; the sweep does without, for it walks an index of what leads share, and a name alone is too little
to take people for one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection
from leadconnect.leads.actions import existing, rows_of, shown
from leadconnect.leads.contacts import queries as contacts
from leadconnect.leads.duplicates import queries
from leadconnect.leads.duplicates.dismissals import queries as dismissals
from leadconnect.leads.duplicates.lookup import profiles_of
from leadconnect.leads.duplicates.models import (
    KINDS,
    Candidate,
    Candidates,
    CandidatesQuery,
    Group,
    Place,
    Sweep,
    SweepMeta,
    SweepQuery,
    read_cursor,
    write_cursor,
)
from leadconnect.leads.duplicates.names import bare_name
from leadconnect.leads.duplicates.scoring import CROWD, Likeness, Profile, likeness
from leadconnect.leads.models import Lead
from leadconnect.leads.queries import KEYED, keys_of
from leadconnect.leads.search import ids_with_any

NAMESAKES = 50
"""How many leads of the same name are looked at, the newest first."""


class Found(msgspec.Struct, frozen=True):
    """Leads that are compared: their rows, by id, and what is compared of them."""

    rows: dict[UUID, Record]
    profiles: dict[UUID, Profile]


async def find(connection: Connection, principal: Principal, lead_id: UUID, query: CandidatesQuery) -> Candidates:
    """Return the leads that may be the same person as one.

    Raises:
        NoSuchLead, LeadMoved: see `leads.actions.existing`.
    """
    account_id = principal.account_id
    row = await existing(connection, account_id, lead_id, "duplicates")
    (keys,) = await keys_of(connection, account_id, [[row[field] for field in KEYED]])
    others = await contacts.of_leads(connection, account_id, [lead_id])
    phones, emails = [
        [key for key in (own, *(each["key"] for each in others if each["kind"] == kind)) if key]
        for own, kind in zip(keys, KINDS, strict=True)
    ]
    blocks: dict[str, list[UUID]] = {}
    for match in await queries.matches(connection, account_id, phones, emails):
        blocks.setdefault(match["key"], []).append(match["lead_id"])
    crowded = {key for key, sharers in blocks.items() if len(sharers) > CROWD}
    ids = {each for sharers in blocks.values() for each in sharers}
    ids.update(await _namesakes(connection, account_id, row["name"]), {lead_id})
    found = await _found(connection, account_id, ids)
    dismissed = await dismissals.pairs_among(connection, account_id, ids)
    possible = sorted(each for each in ids - {lead_id} if frozenset((lead_id, each)) not in dismissed)
    alike = _compared(found, lead_id, possible, crowded, query.min_score)
    answers = await _answers(connection, principal, found, [each for each, _ in alike])
    return Candidates(data=_candidates(alike, answers))


async def sweep(connection: Connection, principal: Principal, query: SweepQuery) -> Sweep:
    """Return the next part of the groups of leads that may be one person: by the numbers they share, then by mailboxes.

    Leads that share both are told of once, under the number; where very many share it, and so not all of them were
    compared there, under the mailbox too.
    """
    account_id = principal.account_id
    shared: list[tuple[str, Record]] = []
    following: Place | None = read_cursor(query.cursor)
    while following is not None and len(shared) < query.limit:
        left = query.limit - len(shared)
        rows = await queries.shared_keys(connection, account_id, following, limit=left)
        shared += [(following.kind, row) for row in rows]
        following = _next_place(following, rows, is_full=len(rows) == left)
    found = await _found(connection, account_id, {each for _, row in shared for each in row["lead_ids"]})
    by_mailbox = [row for kind, row in shared if kind != "phone"]
    dismissed = await dismissals.pairs_among(connection, account_id, found.rows)
    told = await _numbers_told_of(connection, account_id, found, by_mailbox)
    groups = [
        group
        for kind, row in shared
        for group in _groups(found, row, set() if kind == "phone" else told, dismissed, query.min_score)
    ]
    wanted = {each for anchor, alike in groups for each in (anchor, *(other for other, _ in alike))}
    answers = await _answers(connection, principal, found, wanted)
    data = [Group(lead=answers[anchor], duplicates=_candidates(alike, answers)) for anchor, alike in groups]
    return Sweep(data=data, meta=SweepMeta(next_cursor=write_cursor(following) if following else None))


Compared = list[tuple[UUID, Likeness]]
"""Leads by their ids, and how likely they are the one they were compared with; the likeliest first."""


def _next_place(place: Place, rows: Sequence[Record], *, is_full: bool) -> Place | None:
    if is_full:
        return Place(place.kind, rows[-1]["key"])
    others = KINDS[KINDS.index(place.kind) + 1 :]
    return Place(others[0], "") if others else None


async def _numbers_told_of(
    connection: Connection, account_id: UUID, found: Found, rows: Sequence[Record]
) -> Collection[str]:
    """Return the numbers of the leads in `rows` of which all leads were compared under the number."""
    ids = {each for row in rows for each in row["lead_ids"] if each in found.profiles}
    numbers = {number for each in ids if (number := found.profiles[each].keys.phone)}
    if not numbers:
        return numbers
    matches = await queries.matches(connection, account_id, numbers, [], per_key=queries.SHARERS + 1)
    sharers = Counter(match["key"] for match in matches)
    return {number for number in numbers if sharers[number] <= queries.SHARERS}


def _groups(
    found: Found, row: Record, told: Collection[str], dismissed: dismissals.Pairs, min_score: int
) -> list[tuple[UUID, Compared]]:
    """Divide the leads that share a key into groups, each around the lead that was added first; without those that
    share one of the numbers `told` with it, and those of which users have `dismissed` that they are the same person.
    """
    crowded = {row["key"]} if row["lead_count"] > CROWD else set()
    rest = [each for each in row["lead_ids"] if each in found.rows]
    groups: list[tuple[UUID, Compared]] = []
    while len(rest) > 1:
        anchor, *others = rest
        number = found.profiles[anchor].keys.phone
        open_others = [each for each in others if frozenset((anchor, each)) not in dismissed]
        alike = _compared(found, anchor, open_others, crowded, min_score)
        is_told = number in told
        if new := [each for each in alike if not (is_told and found.profiles[each[0]].keys.phone == number)]:
            groups.append((anchor, new))
        grouped = {each for each, _ in alike}
        rest = [each for each in others if each not in grouped]
    return groups


def _compared(
    found: Found, lead_id: UUID, others: Iterable[UUID], crowded: Collection[str], min_score: int
) -> Compared:
    one = found.profiles[lead_id]
    compared = [
        (each, likeness(one, found.profiles[each], crowded=crowded)) for each in others if each in found.profiles
    ]
    return sorted((each for each in compared if each[1].score >= min_score), key=lambda each: -each[1].score)


async def _namesakes(connection: Connection, account_id: UUID, name: str) -> set[UUID]:
    """Return leads whose names have that of a person in them, its words as they stand or the other way round.

    One word is too many people's name.
    """
    words = bare_name(name)
    if len(words) < 2:
        return set()
    others, last = " ".join(words[:-1]), words[-1]
    spelled = [f"{others} {last}", f"{last} {others}", f"{last}, {others}"]
    return set(await ids_with_any(connection, account_id, spelled, limit=NAMESAKES))


async def _found(connection: Connection, account_id: UUID, lead_ids: Iterable[UUID]) -> Found:
    ids = list(lead_ids)
    rows = await rows_of(connection, account_id, ids)
    profiles = await profiles_of(connection, account_id, rows)
    return Found(rows, profiles)


async def _answers(
    connection: Connection, principal: Principal, found: Found, lead_ids: Iterable[UUID]
) -> dict[UUID, Lead]:
    rows = [found.rows[each] for each in lead_ids]
    return {row["id"]: lead for row, lead in zip(rows, await shown(connection, principal, rows), strict=True)}


def _candidates(alike: Compared, answers: dict[UUID, Lead]) -> list[Candidate]:
    return [Candidate(lead=answers[each], score=how.score, reasons=how.reasons) for each, how in alike]
