"""The analytics of one's own account."""

from litestar import Router

from leadconnect.accounts.permissions import Right
from leadconnect.analytics import actions
from leadconnect.analytics.models import Analytics, AnalyticsQuery
from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection
from leadconnect.web import Given, get


@get("/", right=Right.VIEW_LEADS, query=AnalyticsQuery)
async def read_analytics(
    params: Given[AnalyticsQuery], principal: Given[Principal], connection: Given[Connection]
) -> Analytics:
    """Read the figures of the account's leads: totals, follow-ups, shares and trends.

    Days, weeks (from Sunday) and months are those of the account's time zone. `days` is the period of the trends.
    """
    return await actions.analyse(connection, principal.account_id, params.days)


router = Router(path="/analytics", tags=["Analytics"], route_handlers=[read_analytics])
