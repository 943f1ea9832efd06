"""The verbs of import. They let other requests have their turn: no step keeps the process for long."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from asyncpg import Record

from leadconnect.auth.principal import Principal
from leadconnect.clock import now
from leadconnect.database.transaction import Begin
from leadconnect.leads import actions as leads
from leadconnect.leads.history.models import Act, Source
from leadconnect.leads.models import Lead
from leadconnect.notifications.announce import Announcement, Kind, announce
from leadconnect.transfer import queries
from leadconnect.transfer.models import ImportReport, ImportResult
from leadconnect.transfer.plan import Verdict, judge_file, judge_json, split_json
from leadconnect.transfer.reading.formats import Table, UnreadableFile, read_table
from leadconnect.transfer.reading.recognise import Columns, header_score, recognise
from leadconnect.wire import encode

JUDGED_AT_ONCE = 20
WRITTEN_AT_ONCE = 80
SHOWN_AT_ONCE = 500
REPORTED_AT_ONCE = 100
"""Rows between two turns of others: each a few milliseconds, at most about 20."""


async def import_json(begin: Begin, principal: Principal, body: bytes, *, row_limit: int) -> ImportReport:
    """Import the rows of a JSON body; what is wrong with one costs only that one.

    Raises:
        MalformedRequest, ValidationFailed, TooManyRows: see `plan.split_json`; nothing was written.
    """
    verdicts = judge_json(split_json(body, row_limit=row_limit), today=now().date())
    return await _apply(begin, principal, await _drawn(verdicts))


async def import_file(begin: Begin, principal: Principal, data: bytes, *, row_limit: int) -> ImportReport:
    """Import the rows of a CSV file.

    Raises:
        UnreadableFile, UnsupportedFile, TooManyRows: see `formats.read_table`; nothing was written.
    """
    table, columns = await asyncio.to_thread(_read, data, row_limit)
    return await _apply(begin, principal, await _drawn(judge_file(table, columns, today=now().date())))


def _read(data: bytes, row_limit: int) -> tuple[Table, Columns]:
    table = read_table(data, header_score, row_limit=row_limit)
    columns = recognise(table.header)
    if not table.rows:
        raise UnreadableFile("The file has no rows below its header.")
    return table, columns


async def _drawn(verdicts: Iterator[Verdict]) -> list[Verdict]:
    found = []
    for verdict in verdicts:
        found.append(verdict)
        if len(found) % JUDGED_AT_ONCE == 0:
            await asyncio.sleep(0)
    return found


async def _apply(begin: Begin, principal: Principal, verdicts: Sequence[Verdict]) -> ImportReport:
    """Write the leads among `verdicts` in one transaction, all or none, and report on every row. People are told of
    the import as one event.
    """
    added: list[Lead] = []
    wanted = [verdict.lead for verdict in verdicts if verdict.lead is not None]
    if wanted:
        connection = await begin()
        rows: list[Record] = []
        act = Act(principal.user_id, Source.IMPORT)
        for start in range(0, len(wanted), WRITTEN_AT_ONCE):
            part = wanted[start : start + WRITTEN_AT_ONCE]
            rows += await queries.add(connection, principal.account_id, act, part)
        account_id, actor_id = principal.account_id, principal.user_id
        event = Announcement(kind=Kind.LEADS_IMPORTED, account_id=account_id, actor_id=actor_id, count=len(rows))
        await announce(connection, event)
        for start in range(0, len(rows), SHOWN_AT_ONCE):
            added += await leads.shown(connection, principal, rows[start : start + SHOWN_AT_ONCE])
    return ImportReport(
        total=len(verdicts),
        successful=len(added),
        failed=len(verdicts) - len(added),
        results=await _results(verdicts, added),
    )


async def _results(verdicts: Sequence[Verdict], added: Sequence[Lead]) -> list[ImportResult]:
    """Return what is reported on each row; each is written as JSON here already, so that no step takes long."""
    stored = iter(added)
    results: list[Any] = []
    for verdict in verdicts:
        if verdict.lead is not None:
            result = ImportResult(success=True, row_number=verdict.number, lead=next(stored))
        else:
            result = ImportResult(success=False, row_number=verdict.number, error=verdict.error)
        results.append(msgspec.Raw(encode(result)))
        if len(results) % REPORTED_AT_ONCE == 0:
            await asyncio.sleep(0)
    return results
