"""The outcomes of the rows of an import, as the caller may see them."""

from typing import Any
from uuid import UUID

import msgspec

from leadconnect.accounts.permissions import Right
from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection
from leadconnect.imports.actions import visible
from leadconnect.imports.models import Detail, ImportRow, RowPage, RowQuery, RowVerdict, Share, Status, Verdict
from leadconnect.imports.repeats.remarks import merged, remarks_on
from leadconnect.imports.verdicts import queries as verdicts
from leadconnect.recognition.models import Mapping


async def rows(connection: Connection, principal: Principal, import_id: UUID, query: RowQuery) -> RowPage:
    """Return what becomes of the rows, in the order of the file.

    Raises:
        NoSuchImport: not in this account, or not the caller's to see.
    """
    made = await visible(connection, principal, import_id)
    found = await verdicts.rows(
        connection, principal.account_id, import_id, after=query.cursor, verdict=query.verdict, limit=query.limit + 1
    )
    plan = made.planned()
    mapping = plan.mapping if plan else None
    shown = [row_verdict(row, principal, made, mapping) for row in found[: query.limit]]
    return RowPage(data=shown, next_cursor=shown[-1].row_number if len(found) > query.limit else None)


def row_verdict(row: Any, principal: Principal, made: ImportRow, mapping: Mapping | None) -> RowVerdict:
    """Return the outcome in `row`, with ids of leads that exist, for callers who may view leads."""
    may_view = principal.may(Right.VIEW_LEADS)
    detail = msgspec.json.decode(row["detail"] or b"{}", type=Detail)
    shares = merged(detail.row_shares, detail.lead_shares) if row["verdict"] == Verdict.CREATE else ()
    given = msgspec.json.decode(row["lead"]) if row["lead"] and shares else {}
    is_there = row["verdict"] != Verdict.CREATE or made.status == Status.APPLIED
    return RowVerdict(
        row_number=row["row_number"],
        line=row["line"],
        verdict=Verdict(row["verdict"]),
        code=row["code"],
        lead_id=row["lead_id"] if may_view and is_there else None,
        of_row=row["of_row"],
        lead=msgspec.Raw(row["lead"].encode()) if row["lead"] else None,
        differences=detail.differences if may_view else (),
        faults=detail.faults,
        remarks=detail.remarks + remarks_on(shares, given, mapping),
        candidates=detail.candidates if may_view else (),
        shares=shares if may_view else tuple(Share(each.code, each.row_numbers) for each in shares),
    )
