"""Answering what a list is asked for."""

from datetime import timedelta
from typing import Any

from leadconnect.accounts.permissions import Right
from leadconnect.auth.credentials.tokens import TokenKind
from leadconnect.auth.face import LookUp
from leadconnect.auth.principal import Idled, Principal
from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import tenant
from leadconnect.leads.actions import named, shown
from leadconnect.leads.listing import queries
from leadconnect.leads.listing.resolving import resolve
from leadconnect.leads.models import Lead, LeadPage
from leadconnect.leads.selection import NEWEST_FIRST, LeadFilters, ListQuery
from leadconnect.paging import offset, page_meta

ALL = LeadFilters()


def look_ahead(query: ListQuery, state: dict[str, Any]) -> LookUp | None:
    """Return how to look the caller up together with the page of newest leads, which is put into `state` as ``newest``;
    None where `query` asks for another page.
    """
    skipped = offset(query.page, query.limit)
    if query != ListQuery(page=query.page, limit=query.limit) or skipped >= queries.DEEP:
        return None

    async def look_up(
        connection: Connection, digest: str, _: TokenKind, *, ends_idle: bool, unchosen: timedelta | None
    ) -> Principal | Idled | None:
        found, state["newest"] = await queries.caller_and_newest_page(
            connection, digest, ends_idle=ends_idle, unchosen=unchosen, limit=query.limit, offset=skipped
        )
        return found

    return look_up


async def find(
    database: Database, principal: Principal, query: ListQuery, newest: queries.Found | None = None
) -> LeadPage:
    """Return one page of what `query` asks for; `newest` is that page where it was read together with the caller.

    Raises:
        Forbidden: it asks for deleted leads, and the caller may not restore them.
    """
    if query.deleted:
        principal.require(Right.RESTORE_LEADS)
    if newest is not None:
        return _page(query, newest, await named(database, principal, newest.rows))
    filters = query.filters()
    place = {"limit": query.limit, "offset": offset(query.page, query.limit)}
    if filters == ALL and query.sort is NEWEST_FIRST and place["offset"] < queries.DEEP:
        newest = await queries.newest_page(database, principal.account_id, **place)
        if newest is not None:
            return _page(query, newest, await named(database, principal, newest.rows))
    if filters.search and not (filters.deleted or filters.is_of_account):
        found = await queries.found_page(database, principal.account_id, filters, sort=query.sort, **place)
        return _page(query, found, await named(database, principal, found.rows))
    async with tenant(database, principal.account_id) as connection:
        filters, today = await resolve(connection, principal.account_id, filters)
        found = await queries.page(connection, principal.account_id, filters, today, sort=query.sort, **place)
        return _page(query, found, await shown(connection, principal, found.rows))


def _page(query: ListQuery, found: queries.Found, leads: list[Lead]) -> LeadPage:
    return LeadPage(data=leads, meta=page_meta(total=found.total, page=query.page, limit=query.limit))
