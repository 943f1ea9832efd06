"""The first walk through a file: what its columns are, by its header, its cells, the account and what was confirmed."""

import asyncio
from datetime import date
from typing import BinaryIO
from uuid import UUID

import msgspec
from babel.languages import get_official_languages

from leadconnect.accounts import face as accounts
from leadconnect.clock import today_in
from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.files.reading.opening import open_source
from leadconnect.files.reading.records import Source
from leadconnect.imports import queries
from leadconnect.imports.options import Options
from leadconnect.recognition.headers import fingerprint
from leadconnect.recognition.models import DateOrder, Mapping, Question
from leadconnect.recognition.proposing import propose
from leadconnect.recognition.questions import questions_of
from leadconnect.recognition.survey import Survey
from leadconnect.recognition.systems import header_score

MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})
"""Regions where the month comes before the day (Unicode CLDR, short date formats)."""


class File(msgspec.Struct, frozen=True):
    """A file whose columns are recognised, with the number of its rows; `region` is where its phones are dialled."""

    source: Source
    mapping: Mapping
    row_count: int
    region: str | None
    today: date
    questions: tuple[Question, ...] = ()


async def recognised(
    database: Database, account_id: UUID, opened: BinaryIO, name: str, media: str, wanted: Options, *, row_limit: int
) -> File:
    """Return the file `opened`, of which somebody wants what `wanted` says. It is walked through once, in a thread.

    Raises:
        UnreadableFile, UnsupportedFile, TooManyRows, FileTooLarge: see `open_source`.
        ValidationFailed: a column, a target or a region is wanted that there is not.
    """
    async with tenant(database, account_id) as connection:
        region = wanted.region or await accounts.region_of(connection, account_id)
        today = today_in(await accounts.time_zone_of(connection, account_id))
    source = await asyncio.to_thread(
        open_source,
        opened,
        name=name,
        media=media,
        options=wanted.reading(languages_of(region)),
        header_score=header_score,
        row_limit=row_limit,
    )
    survey = await asyncio.to_thread(_surveyed, source)
    kept = None
    if source.described.has_header:  # columns without a header are not known again by it
        async with tenant(database, account_id) as connection:
            kept = await queries.remembered(connection, account_id, fingerprint(source.described.header))
    mapping = propose(
        source.described,
        survey,
        region=region,
        day_first=_is_day_first(wanted, region),
        remembered=msgspec.json.decode(kept, type=Mapping) if kept else None,
        choices=wanted.columns,
        values=wanted.values(),
    )
    of_phones = next((plan.region for plan in mapping.columns if plan.target == "phoneNumber" and plan.region), region)
    return File(source, mapping, survey.row_count, of_phones, today, tuple(questions_of(mapping)))


def _surveyed(source: Source) -> Survey:
    survey = Survey(source.described)
    for record in source.records():
        survey.add(record)
    return survey


def _is_day_first(wanted: Options, region: str | None) -> bool:
    if wanted.date_order is not None:
        return wanted.date_order is DateOrder.DAY_FIRST
    return region not in MONTH_FIRST


def languages_of(region: str | None) -> tuple[str, ...]:
    """Return the languages of a region (ISO 639-1), as Unicode CLDR has them."""
    if region is None:
        return ()
    return tuple(dict.fromkeys(language.partition("_")[0] for language in get_official_languages(region)))
