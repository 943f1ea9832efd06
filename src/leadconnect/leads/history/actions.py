"""What decides something about histories: who may read whose."""

from uuid import UUID

from leadconnect.accounts.permissions import Right
from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection
from leadconnect.leads.actions import missing
from leadconnect.leads.history import queries
from leadconnect.leads.history.models import HistoryMeta, HistoryQuery, LeadHistory, lead_event


async def read(connection: Connection, principal: Principal, lead_id: UUID, query: HistoryQuery) -> LeadHistory:
    """Return a part of a lead's history; that of a deleted lead only to those who may restore it.

    Raises:
        NoSuchLead: not in this account, or deleted and not theirs to see.
        LeadMoved: it was merged into another one, which has its history.
    """
    deleted_too = principal.may(Right.RESTORE_LEADS)
    if not await queries.is_known(connection, principal.account_id, lead_id, deleted_too=deleted_too):
        raise await missing(connection, principal.account_id, lead_id, "history")
    rows = await queries.events(connection, principal.account_id, lead_id, before=query.cursor, limit=query.limit + 1)
    shown = rows[: query.limit]
    next_cursor = shown[-1].id if len(rows) > query.limit else None
    return LeadHistory(data=[lead_event(row) for row in shown], meta=HistoryMeta(next_cursor=next_cursor))
