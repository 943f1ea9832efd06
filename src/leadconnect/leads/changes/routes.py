"""Acts on many leads, and undoing them."""

from litestar import Router
from litestar.params import FromPath, JSONBody

from leadconnect.accounts.permissions import Right
from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection
from leadconnect.errors import Conflict
from leadconnect.identifiers import parse_id
from leadconnect.leads.changes import actions
from leadconnect.leads.changes.models import BulkRequest, BulkResult, ChangeSetDetail, ChangeSetQuery, ChangeSets
from leadconnect.web import Given, get, post_once


@post_once("/bulk", status_code=200, right=Right.EDIT_LEADS, refuses=(Conflict,))
async def change_leads(
    data: JSONBody[BulkRequest], principal: Given[Principal], connection: Given[Connection]
) -> BulkResult:
    """Change or delete many leads: all that are meant, or none. Without `expectedCount` nothing is changed, and
    `matched` says how many leads are meant; sent again with that number as `expectedCount`, it is done. More than
    10,000 leads are changed in the background, and the change set says when it is done.
    """
    return await actions.bulk_change(connection, principal, data)


@get("/", right=Right.VIEW_LEADS, query=ChangeSetQuery)
async def list_change_sets(
    params: Given[ChangeSetQuery], principal: Given[Principal], connection: Given[Connection]
) -> ChangeSets:
    """List acts on many leads, newest first: imports, bulk changes, merges and what was undone. `meta.nextCursor` leads
    to older ones.
    """
    return await actions.find(connection, principal, params)


@get("/{change_set_id:str}", right=Right.VIEW_LEADS)
async def read_change_set(
    change_set_id: FromPath[str], principal: Given[Principal], connection: Given[Connection]
) -> ChangeSetDetail:
    """Read one act on many leads: what it did, how far it is, and what it left alone."""
    return await actions.read(connection, principal, parse_id(change_set_id))


@post_once("/{change_set_id:str}/undo", status_code=200, right=Right.EDIT_LEADS, refuses=(Conflict,))
async def undo_change_set(
    change_set_id: FromPath[str], principal: Given[Principal], connection: Given[Connection]
) -> ChangeSetDetail:
    """Undo an act on many leads, as far as nobody has edited them since. What it left alone is listed. It answers the
    change set of the undoing, which can be undone itself; one of more than 10,000 leads is done in the background.
    """
    return await actions.undo(connection, principal, parse_id(change_set_id))


bulk_router = Router(path="/leads", tags=["Bulk changes and undo"], route_handlers=[change_leads])
router = Router(
    path="/change-sets",
    tags=["Bulk changes and undo"],
    route_handlers=[list_change_sets, read_change_set, undo_change_set],
)
