"""The verbs of imports at once. They let other requests have their turn: no step keeps the process for long."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import UNSET

from leadconnect.accounts import face as accounts
from leadconnect.accounts.permissions import Right
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Services
from leadconnect.clock import today_in
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import Begin, tenant
from leadconnect.errors import FieldCode, FieldError, ValidationFailed
from leadconnect.files.reading.errors import UnreadableFile
from leadconnect.files.reading.layout import NO_ROWS
from leadconnect.imports.direct.judging import Verdict, judge_file, judge_json, split_json
from leadconnect.imports.direct.models import DirectImportQuery, ImportReport, ImportResult
from leadconnect.imports.file.recognising import recognised
from leadconnect.imports.models import Upload
from leadconnect.imports.options import Options
from leadconnect.imports.queries import take_turn
from leadconnect.leads import actions as leads
from leadconnect.leads import writing
from leadconnect.leads.additions import addition
from leadconnect.leads.changes.models import ChangeSetKind
from leadconnect.leads.duplicates.keys import Keys
from leadconnect.leads.duplicates.lookup import sharers_of
from leadconnect.leads.duplicates.scoring import Profile, Reason
from leadconnect.leads.fields import LeadInput
from leadconnect.leads.history.models import Act, Source
from leadconnect.leads.models import Lead
from leadconnect.mail.announcements import Announcement, Kind, announce
from leadconnect.recognition.questions import blocking, questions_of
from leadconnect.wire import encode, field_problems

JUDGED_AT_ONCE = 20
WRITTEN_AT_ONCE = 80
SHOWN_AT_ONCE = 500
REPORTED_AT_ONCE = 100
"""Rows between two turns of others: each a few milliseconds, at most about 20."""
EXISTS = {
    "same_phone": "This person is a lead already: the phone number is the same. Send allowDuplicates=true to add it",
    "same_email": "This person is a lead already: the e-mail address is the same. Send allowDuplicates=true to add it",
}
"""What is said of rows that are leads already, by the code of what both have."""
ONLY_ADDED = "cannot be chosen here, where leads are only added; import the file by a plan (POST /imports) for that"


async def import_json(
    services: Services, begin: Begin, principal: Principal, body: bytes, query: DirectImportQuery
) -> ImportReport:
    """Import the rows of a JSON body; what is wrong with one costs only that one. The account's day settles the
    century of two-digit years of the past, as in files.

    Raises:
        MalformedRequest, ValidationFailed, TooManyRows: see `judging.split_json`; nothing was written.
    """
    rows = await asyncio.to_thread(split_json, body, row_limit=services.settings.import_row_limit)
    async with tenant(services.database, principal.account_id) as connection:
        today = today_in(await accounts.time_zone_of(connection, principal.account_id))
    return await _apply(begin, principal, await _drawn(judge_json(rows, today=today)), "JSON", query)


async def import_file(
    services: Services, begin: Begin, principal: Principal, given: Upload, query: DirectImportQuery
) -> ImportReport:
    """Import the rows of a file.

    Raises:
        UnreadableFile, UnsupportedFile, TooManyRows, FileTooLarge: see `reading.opening.open_source`; nothing was
            written.
        ValidationFailed: what is wanted of the file cannot be, or concerns leads that are there.
    """
    _require_adding(given.options)
    limit = services.settings.import_row_limit
    file = await recognised(services.database, principal.account_id, given.file, given.name, given.media,
                            given.options, row_limit=limit)  # fmt: skip
    if question := blocking(questions_of(file.mapping)):
        names = ", ".join(plan.header[:60] for plan in file.mapping.columns[:20] if plan.header)
        raise UnreadableFile(f"{question.message}. The columns are: {names}")
    if not file.row_count:
        raise UnreadableFile(NO_ROWS)
    verdicts = await asyncio.to_thread(lambda: list(judge_file(file)))
    return await _apply(begin, principal, verdicts, given.name, query)


def _require_adding(options: Options) -> None:
    """Refuse what is wanted of leads that are there already."""
    usual = Options()
    others = {"policy": "policy", "on_match": "onMatch", "match_on": "matchOn"}
    if chosen := [key for field, key in others.items() if getattr(options, field) != getattr(usual, field)]:
        raise ValidationFailed([FieldError.of(key, FieldCode.NOT_ALLOWED, ONLY_ADDED) for key in chosen])


async def _drawn(verdicts: Iterator[Verdict]) -> list[Verdict]:
    found = []
    for verdict in verdicts:
        found.append(verdict)
        if len(found) % JUDGED_AT_ONCE == 0:
            await asyncio.sleep(0)
    return found


async def _apply(
    begin: Begin, principal: Principal, verdicts: Sequence[Verdict], name: str, query: DirectImportQuery
) -> ImportReport:
    """Write the leads among `verdicts` in one transaction, all or none, and report on every row. People are told of
    the import as one event, and it can be undone as the change set `name`.
    """
    added: list[Lead] = []
    wanted = {verdict.number: verdict.lead for verdict in verdicts if verdict.lead is not None}
    if wanted:
        connection = await begin()
        account_id = principal.account_id
        keys = dict(zip(wanted, await leads.keys_of_new(connection, account_id, wanted.values()), strict=True))
        found: dict[int, Verdict] = {}
        if not query.allow_duplicates:
            found = await _duplicates(connection, principal, wanted, keys)
            verdicts = [found.get(verdict.number, verdict) for verdict in verdicts]
        new = [(lead, keys[number]) for number, lead in wanted.items() if number not in found]
        added = await _added(connection, principal, new, name) if new else []
    return ImportReport(
        total=len(verdicts),
        successful=len(added),
        failed=len(verdicts) - len(added),
        duplicates=sum(verdict.code != "" for verdict in verdicts),
        results=await _results(verdicts, added),
    )


async def _duplicates(
    connection: Connection, principal: Principal, wanted: Mapping[int, LeadInput], keys: Mapping[int, Keys]
) -> dict[int, Verdict]:
    """Return the rows that are leads already, by number. Direct imports of an account look one after the other, so that
    of two with the same people the second one finds the leads of the first.
    """
    await take_turn(connection, principal.account_id)
    sharers = await sharers_of(connection, principal.account_id, keys.values(), for_import=True)
    found: dict[int, Verdict] = {}
    for count, (number, lead) in enumerate(wanted.items(), start=1):
        if count % JUDGED_AT_ONCE == 0:
            await asyncio.sleep(0)
        if not sharers.has_any(keys[number]):
            continue
        born = date.fromisoformat(lead.date_of_birth) if lead.date_of_birth else None
        person = Profile(lead.name, lead.company_name, keys[number], born)
        if same := sharers.compare(person).duplicates:
            lead_id, how = same[0]
            code = "same_phone" if any(each.reason is Reason.SAME_PHONE for each in how.reasons) else "same_email"
            shown_id = lead_id if principal.may(Right.VIEW_LEADS) else None
            found[number] = Verdict(number, None, EXISTS[code], code, shown_id)
    return found


async def _added(
    connection: Connection, principal: Principal, new: Sequence[tuple[LeadInput, Keys]], name: str
) -> list[Lead]:
    act = Act(principal.user_id, Source.IMPORT)
    rows = await _written(connection, principal.account_id, act, new)
    account_id, actor_id = principal.account_id, principal.user_id
    await writing.open_change_set(
        connection, account_id, act, ChangeSetKind.IMPORT, description=name, lead_count=len(rows)
    )
    event = Announcement(kind=Kind.LEADS_IMPORTED, account_id=account_id, actor_id=actor_id, count=len(rows))
    await announce(connection, event)
    added: list[Lead] = []
    for start in range(0, len(rows), SHOWN_AT_ONCE):
        added += await leads.shown(connection, principal, rows[start : start + SHOWN_AT_ONCE])
    return added


async def _written(
    connection: Connection, account_id: UUID, act: Act, new: Sequence[tuple[LeadInput, Keys]]
) -> list[Record]:
    """Add leads with their keys, slice by slice, and return their rows. A slice is prepared while the one before it is
    written.
    """
    under_way: list[asyncio.Task[list[Record]]] = []
    try:
        async with asyncio.TaskGroup() as tasks:
            for start in range(0, len(new), WRITTEN_AT_ONCE):
                part = new[start : start + WRITTEN_AT_ONCE]
                additions = [addition(account_id, lead, keys) for lead, keys in part]
                if under_way:
                    await under_way[-1]
                following = writing.add_prepared(connection, account_id, act, additions, with_sectors=False)
                under_way.append(tasks.create_task(following))
                await asyncio.sleep(0)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None  # whoever opened the transaction knows what to make of it
    await writing.add_sectors(connection, account_id, (lead.sector for lead, _ in new))
    return [row for task in under_way for row in task.result()]


async def _results(verdicts: Sequence[Verdict], added: Sequence[Lead]) -> list[ImportResult]:
    """Return what is reported on each row; each is written as JSON here already, so that no step takes long."""
    stored = iter(added)
    results: list[Any] = []
    for verdict in verdicts:
        if verdict.lead is not None:
            result = ImportResult(success=True, row_number=verdict.number, lead=next(stored))
        elif verdict.code:
            result = ImportResult(
                success=False,
                row_number=verdict.number,
                error=verdict.error,
                code=verdict.code,
                duplicate_of=verdict.duplicate_of,
            )
        else:
            result = ImportResult(success=False, row_number=verdict.number, error=verdict.error)
            if verdict.errors:
                result.errors = field_problems(verdict.errors)
        result.remark = verdict.remark or UNSET
        results.append(msgspec.Raw(encode(result)))
        if len(results) % REPORTED_AT_ONCE == 0:
            await asyncio.sleep(0)
    return results
