"""Finding the leads that rows are, and saying what becomes of the rows then."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from leadconnect.database.pool import Connection
from leadconnect.imports.models import Detail, Difference, Share, Verdict
from leadconnect.imports.options import MatchKey, OnMatch, Options, Policy
from leadconnect.imports.repeats.grouping import keys_among, lead_share, profile_of
from leadconnect.imports.verdicts import queries
from leadconnect.imports.verdicts.lookup import queries as lookup
from leadconnect.imports.verdicts.matching import (
    GONE,
    UNCHANGED,
    Found,
    differences,
    find,
    keys_of,
    system_of,
    verdict_on_match,
)
from leadconnect.imports.verdicts.queries import NewVerdict
from leadconnect.leads.actions import rows_of
from leadconnect.leads.catalogue import NAME_OF
from leadconnect.leads.duplicates.lookup import Comparison, sharers_of
from leadconnect.leads.history.models import FieldChange
from leadconnect.recognition.models import Mapping as FileMapping
from leadconnect.wire import encode


class Matched(NamedTuple):
    """What becomes of rows that are leads already, and by row number what others share with leads."""

    verdicts: list[NewVerdict]
    shares: dict[int, tuple[Share, ...]]


async def matched(
    connection: Connection,
    account_id: UUID,
    import_id: UUID,
    options: Options,
    mapping: FileMapping,
    between: tuple[int, int],
) -> Matched:
    """Return what becomes of those rows, after the first and up to the second of `between`, that would be added but are
    leads already, and what the others share with leads.
    """
    keys, system = keys_of(options, mapping), system_of(mapping)
    rows = {row["row_number"]: row for row in await lookup.row_keys(connection, account_id, import_id, between)}
    known = {}
    if MatchKey.EXTERNAL_ID in keys:
        known = await lookup.known_leads(connection, account_id, rows.values(), system)
    compared = await _compared(connection, account_id, import_id, rows, keys, system)
    found = {
        number: one for number in {*known, *compared} if (one := find(known.get(number), compared.get(number), keys))
    }
    told: dict[int, tuple[Difference, ...]] = {}
    if options.policy is not Policy.CREATE and options.on_match is not OnMatch.SKIP:
        targets = {number: one.lead_id for number, one in found.items() if one.lead_id is not None}
        told = await _told(connection, account_id, import_id, options, targets)
    return Matched(
        [_verdict(number, options, one, told.get(number, ())) for number, one in sorted(found.items())],
        {number: _shares(one) for number, one in compared.items() if number not in found and _shares(one)},
    )


async def _compared(
    connection: Connection,
    account_id: UUID,
    import_id: UUID,
    rows: Mapping[int, Record],
    keys: Sequence[MatchKey],
    system: str,
) -> dict[int, Comparison]:
    """Compare rows with the leads that have any of their keys; return what was found by row number."""
    own = {number: keys_among(row, keys) for number, row in rows.items()}
    sharers = await sharers_of(connection, account_id, own.values(), for_import=True)
    numbers = [number for number, each in own.items() if sharers.has_any(each)]
    values = await queries.values_of(connection, account_id, import_id, numbers) if numbers else {}
    return {
        number: sharers.compare(profile_of(own[number], given, rows[number]["external_id"], system))
        for number, given in values.items()
    }


def _shares(comparison: Comparison) -> tuple[Share, ...]:
    found = {MatchKey.PHONE: comparison.same_phone_ids, MatchKey.EMAIL: comparison.same_email_ids}
    return tuple(lead_share(key, ids) for key, ids in found.items() if ids)


async def _told(
    connection: Connection, account_id: UUID, import_id: UUID, options: Options, targets: Mapping[int, UUID]
) -> dict[int, tuple[Difference, ...]]:
    """Return what each row of `targets` would change in its lead."""
    given = await queries.values_of(connection, account_id, import_id, list(targets))
    leads = await rows_of(connection, account_id, list(targets.values()))
    return {
        number: tuple(
            Difference(NAME_OF[field], old, new)
            for field, old, new in differences(values, leads[targets[number]], options.on_match)
        )
        for number, values in given.items()
        if targets[number] in leads
    }


def _verdict(number: int, options: Options, found: Found, told: tuple[Difference, ...]) -> NewVerdict:
    verdict, code = verdict_on_match(options, found, has_differences=bool(told))
    candidates = found.candidates if found.lead_id is None else ()
    detail = encode(Detail(differences=told, candidates=candidates)).decode() if told or candidates else None
    return NewVerdict(number, verdict, code, found.lead_id, detail)


async def judged_again(
    connection: Connection, account_id: UUID, options: Options, wanted: Sequence[tuple[int, UUID, Mapping[str, str]]]
) -> tuple[list[FieldChange], list[NewVerdict]]:
    """Lock the leads of `wanted` (rows with their lead and their values) and judge again what is to be changed in each.
    Return that, and the verdicts on rows that have nothing to change any more.
    """
    leads = await rows_of(connection, account_id, [lead_id for _, lead_id, _ in wanted], locked=True)
    found: list[FieldChange] = []
    others: list[NewVerdict] = []
    for number, lead_id, values in wanted:
        if lead_id not in leads:
            others.append(NewVerdict(number, Verdict.SKIP, GONE, lead_id))
            continue
        changes = differences(values, leads[lead_id], options.on_match)
        found += [FieldChange(lead_id, field, old, new) for field, old, new in changes]
        if not changes:
            others.append(NewVerdict(number, Verdict.SKIP, UNCHANGED, lead_id))
    return found, others
