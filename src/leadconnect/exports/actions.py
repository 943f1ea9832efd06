"""The verbs of export. What takes long is done in slices or by a process of its own, and no connection is held while
a client reads.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.accounts.models import normal_email
from leadconnect.accounts.permissions import Right
from leadconnect.auth.principal import Principal
from leadconnect.clock import today_in
from leadconnect.database.pool import Database
from leadconnect.database.transaction import maintenance, tenant
from leadconnect.errors import FieldCode, FieldError, NotFound, PayloadTooLarge, ValidationFailed
from leadconnect.exports import queries
from leadconnect.exports.columns import Column, with_details
from leadconnect.exports.models import (
    LIMITS,
    MEDIA_TYPES,
    AccountFacts,
    Download,
    ExportFormat,
    ExportQuery,
    Preferences,
    columns_of,
)
from leadconnect.exports.slots import Running, Slot
from leadconnect.exports.writing import lines, text
from leadconnect.exports.writing.building import make, workplace
from leadconnect.exports.writing.job import LEADS, Heading, Job
from leadconnect.leads import actions as leads
from leadconnect.leads.listing.queries import ids_in_order
from leadconnect.leads.listing.resolving import resolve
from leadconnect.leads.selection import NEWEST_FIRST, LeadFilters
from leadconnect.logs import security_event
from leadconnect.settings import Settings

READ_AT_ONCE = 500
"""Rows between two turns of others: a few milliseconds."""
SENT_AT_ONCE_BYTES = 128 * 1024
STREAMED = (ExportFormat.CSV, ExportFormat.JSONL)
"""Written while they are sent; the others are made as a whole before."""
_running = Running()
NO_CHOICE = Preferences(export_format=ExportFormat.CSV, export_notes=True)

Progress = Callable[[int], None]
"""Is told how many leads have been read since it was told last."""
Slice = tuple[Sequence[Record], Mapping[str, str]]
"""Rows of leads, and the names of users whose ids stand for the last contact in them."""


class TooManyToExport(PayloadTooLarge):
    """There are more leads than a file of this format takes."""

    code = "too_many_to_export"


class NoSuchAccount(NotFound):
    """There is no such account."""

    code = "no_such_account"


class Order(msgspec.Struct, frozen=True):
    """An export that can be carried out. `total` is how many leads were meant when it was asked for, and `ids` which
    where they are searched for or sorted; None where it need not be known.
    """

    account: AccountFacts
    query: ExportQuery
    filters: LeadFilters
    format: ExportFormat
    columns: tuple[Column, ...]
    today: date
    total: int | None
    ids: list[UUID] | None
    progress: Progress | None = None
    user_id: UUID | None = None


async def export(database: Database, settings: Settings, principal: Principal, query: ExportQuery) -> Download:
    """Return the file of all leads that `query` means, in its order. No connection is held while it is on its way.

    What can go wrong goes wrong before this returns, so that it is told by a status and not by a file that breaks off;
    of a file that is written while it is sent, that is its beginning.

    Raises:
        Forbidden: it asks for deleted leads, and the caller may not restore them.
        TooManyToExport, ValidationFailed: the format does not take so many leads or columns.
        TooManyExports: the account has too many exports under way.
        ServiceBusy: the database is away or too busy, or too many others are exporting.
    """
    if query.deleted:
        principal.require(Right.RESTORE_LEADS)
    slot = _running.take(principal.account_id, settings)
    try:
        wanted = await order(database, principal.account_id, query, user_id=principal.user_id)
        return await carry_out(database, wanted, slot)
    except BaseException:
        slot.release()
        raise


async def account_of(database: Database, owner: str) -> UUID | None:
    """Return the id of the account whose owner has this e-mail address; for an operator."""
    async with maintenance(database) as connection:
        return await queries.account_of_owner(connection, normal_email(owner))


async def order(
    database: Database,
    account_id: UUID,
    query: ExportQuery,
    *,
    user_id: UUID | None = None,
    progress: Progress | None = None,
) -> Order:
    """Return what it takes to carry `query` out for an account: for one of its users by their preferences, or for an
    operator, who has none and is told the total.

    Raises:
        NoSuchAccount: there is none of this id.
        TooManyToExport, ValidationFailed: the format does not take so many leads or columns.
        ServiceBusy: the database is away or too busy.
    """
    filters = query.filters()
    async with tenant(database, account_id) as connection:
        account = await queries.account_facts(connection, account_id)
        if account is None:
            raise NoSuchAccount
        chosen = (user_id and await queries.preferences_of(connection, account_id, user_id)) or NO_CHOICE
        is_preferred = query.format is ExportFormat.PREFERRED
        format_ = ExportFormat(chosen.export_format) if is_preferred else query.format
        today = today_in(account.time_zone)
        total, ids = None, None
        filters, _ = await resolve(connection, account_id, filters)
        if query.sort is not NEWEST_FIRST or (filters.search and not filters.deleted):
            ids = await ids_in_order(connection, account_id, filters, today, query.sort)
            total = len(ids)
        elif progress or LIMITS[format_].leads is not None:
            total = await queries.total(connection, account_id, filters, today)
    columns = columns_of(query, format_, has_notes=chosen.export_notes)
    _check(format_, total, columns)
    return Order(account, query, filters, format_, columns, today, total, ids, progress, user_id)


def _check(format_: ExportFormat, total: int | None, columns: Sequence[Column]) -> None:
    limits, name = LIMITS[format_], format_.upper()
    if limits.columns is not None and len(columns) > limits.columns:
        requirement = f"must be at most {limits.columns} for a file of the format {name}"
        raise ValidationFailed([FieldError.of("columns", FieldCode.MAX_LENGTH, requirement, limits.columns)])
    if limits.leads is not None and total is not None and total > limits.leads:
        raise TooManyToExport(
            f"A file of the format {name} takes at most {limits.leads:,} leads, and these are {total:,}. "
            "Please choose another format, such as CSV, or narrow the filters"
        )


async def carry_out(database: Database, order: Order, slot: Slot | None = None) -> Download:
    """Return the file that `order` is about; see `export`. `slot` is released when it was sent.

    Raises:
        NotMade: the file could not be made.
        TooManyExports: too many of the account wait for a file to be made.
        ServiceBusy: the database is away or too busy, or too many others are exporting.
    """
    name = f"leads_export_{order.today.isoformat()}.{order.format}"
    outcome = {"outcome": "broken off", "row_count": 0}
    slices = _counted(_slices(database, order), outcome, order.progress)
    if order.format in STREAMED:
        first = await anext(slices, None)
        chunks, file, size_bytes = _streamed(order, first, slices), None, None
    else:
        file, size_bytes = await _made(order, slices)
        chunks = _read(file)
    return Download(name, MEDIA_TYPES[order.format], _noted(order, chunks, outcome, slot), file, size_bytes, slot)


async def _noted(
    order: Order, chunks: AsyncGenerator[bytes], outcome: dict[str, Any], slot: Slot | None
) -> AsyncGenerator[bytes]:
    """Pass `chunks` on; then release `slot` and leave a security event of what became of them."""
    try:
        async with aclosing(chunks):
            async for chunk in chunks:
                yield chunk
        outcome["outcome"] = "ok"
    finally:
        if slot is not None:
            slot.release()
        actor = {"user_id": str(order.user_id)} if order.user_id else {"by": "operator"}
        security_event("export", format=order.format.value, **outcome, account_id=str(order.account.id), **actor)


async def _counted(
    slices: AsyncIterator[Slice], outcome: dict[str, Any], progress: Progress | None
) -> AsyncIterator[Slice]:
    async for rows, names in slices:
        outcome["row_count"] += len(rows)
        yield rows, names
        if progress:
            progress(len(rows))


async def _streamed(order: Order, first: Slice | None, others: AsyncIterator[Slice]) -> AsyncGenerator[bytes]:
    is_csv = order.format is ExportFormat.CSV
    encode = text.encode_rows if is_csv else lines.encode_rows
    mark = text.BYTE_ORDER_MARK if is_csv and order.query.bom else b""
    start = mark + text.header_line(order.columns) if is_csv else b""
    yield start + (encode(*first, order.columns) if first else b"")
    async for rows, names in others:
        yield encode(rows, names, order.columns)


async def _made(order: Order, slices: AsyncIterator[Slice]) -> tuple[BinaryIO, int]:
    """Have the file made from a file of JSON Lines; return it open, with its size in bytes. No name leads to it."""
    async with workplace(order.account.id) as folder:
        row_count, written = 0, with_details(order.columns)
        with await asyncio.to_thread((folder / LEADS).open, "wb") as leads_file:
            async for rows, names in slices:
                await asyncio.to_thread(leads_file.write, lines.encode_rows(rows, names, written))
                row_count += len(rows)
        keys = [column.key for column in order.columns]
        file = await make(folder, Job(format=order.format, columns=keys, heading=_heading(order, row_count)))
        size_bytes = await asyncio.to_thread(file.seek, 0, 2)
        file.seek(0)
        return file, size_bytes


def _heading(order: Order, row_count: int) -> Heading:
    day = f"{order.today.day} {order.today:%B %Y}"
    count = f"{row_count:,} lead{'' if row_count == 1 else 's'}, {order.query.order_in_words()}"
    return Heading(
        company=order.account.company_name,
        lines=[line for line in (f"{day} · {count}", order.query.in_words()) if line],
        footer=f"{order.account.company_name} · {day}",
        locale=order.account.locale,
        time_zone=order.account.time_zone,
    )


async def _read(file: BinaryIO) -> AsyncGenerator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, SENT_AT_ONCE_BYTES):
            yield chunk


async def _slices(database: Database, order: Order) -> AsyncIterator[Slice]:
    account_id, filters, ids = order.account.id, order.filters, order.ids
    place = queries.BEFORE_ALL
    start, is_last = 0, False
    while not is_last:
        async with tenant(database, account_id) as connection:
            if ids is not None:
                rows = await queries.by_ids(
                    connection, account_id, ids[start : start + READ_AT_ONCE], deleted=filters.deleted
                )
                start += READ_AT_ONCE
                is_last = start >= len(ids)
            else:
                rows = await queries.next_slice(connection, account_id, filters, order.today, place, size=READ_AT_ONCE)
                is_last = len(rows) < READ_AT_ONCE
            names = await leads.contact_names(connection, account_id, rows)
        if rows:
            place = rows[-1]["created_at"], rows[-1]["id"]
            yield rows, names
