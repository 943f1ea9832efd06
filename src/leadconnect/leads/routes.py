"""The leads of one's own account."""

from typing import Any

from litestar import Request, Response, Router
from litestar.params import FromPath, JSONBody

from leadconnect.accounts.permissions import Right
from leadconnect.auth.models import Message
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.errors import PreconditionFailed
from leadconnect.identifiers import parse_id
from leadconnect.leads import actions
from leadconnect.leads.actions import LeadMerged, LeadMoved
from leadconnect.leads.choices import queries as choices
from leadconnect.leads.duplicates.models import AddedLead
from leadconnect.leads.fields import LeadInput, LeadPatch
from leadconnect.leads.history import actions as history
from leadconnect.leads.history.models import HistoryQuery, LeadHistory
from leadconnect.leads.listing import actions as listing
from leadconnect.leads.models import Cities, Lead, LeadPage, NewSector, SectorAdded, Sectors
from leadconnect.leads.parameters import TAGGED, IfMatch, IfNoneMatch
from leadconnect.leads.selection import ListQuery
from leadconnect.leads.versions import is_known
from leadconnect.web import CREATED, Given, delete, get, patch, post, post_once


@get("/", right=Right.VIEW_LEADS, query=ListQuery, ahead=listing.look_ahead)
async def list_leads(
    params: Given[ListQuery], principal: Given[Principal], services: Given[Services], request: Request[Any, Any, Any]
) -> LeadPage:
    """List leads, newest first. The search looks for the text itself in name, e-mail, phone and company, and for a
    phone in whatever spelling; filters combine with and, the values of one filter with or. Owners can list the deleted
    leads instead.
    """
    return await listing.find(services.database, principal, params, request.scope["state"].get("newest"))


@post_once("/", right=Right.ADD_LEADS, answer_headers=TAGGED | CREATED)
async def create_lead(
    data: JSONBody[LeadInput], principal: Given[Principal], connection: Given[Connection]
) -> Response[AddedLead]:
    """Add a lead. It belongs to the account. `duplicates` has the leads that may be the same person."""
    lead, tag = await actions.create(connection, principal, data)
    return Response(lead, headers={"etag": tag, "location": f"/api/leads/{lead.id}"})


@get("/cities", right=Right.VIEW_LEADS)
async def list_cities(principal: Given[Principal], connection: Given[Connection]) -> Cities:
    """List the cities of the leads, ascending, each once."""
    return Cities(cities=await choices.cities(connection, principal.account_id))


@get("/sectors")
async def list_sectors(principal: Given[Principal], connection: Given[Connection]) -> Sectors:
    """List the sectors that the account has named, ascending."""
    return Sectors(sectors=await choices.sectors(connection, principal.account_id))


@post_once("/sectors")
async def add_sector(
    data: JSONBody[NewSector], principal: Given[Principal], connection: Given[Connection]
) -> SectorAdded:
    """Remember a sector. One that is known in another case keeps its spelling."""
    sector = await choices.add_sector(connection, principal.account_id, data.sector)
    return SectorAdded(message="The sector is remembered", sector=sector)


@get("/{lead_id:str}", right=Right.VIEW_LEADS, answer_headers=TAGGED, refuses=(LeadMoved,), not_modified=True)
async def read_lead(
    lead_id: FromPath[str],
    principal: Given[Principal],
    connection: Given[Connection],
    if_none_match: IfNoneMatch = None,
) -> Response[Lead]:
    """Read one lead. The header `ETag` names its version. One that was merged leads to the one that it went into."""
    lead, tag = await actions.read(connection, principal, parse_id(lead_id))
    if is_known(if_none_match, lead.version):
        return Response(None, status_code=304, headers={"etag": tag})  # type: ignore[arg-type]  # no body
    return Response(lead, headers={"etag": tag})


@patch("/{lead_id:str}", right=Right.EDIT_LEADS, refuses=(PreconditionFailed, LeadMerged), answer_headers=TAGGED)
async def change_lead(
    lead_id: FromPath[str],
    data: JSONBody[LeadPatch],
    principal: Given[Principal],
    connection: Given[Connection],
    if_match: IfMatch = None,
) -> Response[Lead]:
    """Change one lead: only the keys that are sent. With `If-Match` only the version that it names."""
    lead, tag = await actions.change(connection, principal, parse_id(lead_id), data, if_match)
    return Response(lead, headers={"etag": tag})


@delete("/{lead_id:str}", status_code=200, right=Right.EDIT_LEADS, refuses=(PreconditionFailed, LeadMerged))
async def delete_lead(
    lead_id: FromPath[str], principal: Given[Principal], connection: Given[Connection], if_match: IfMatch = None
) -> Message:
    """Delete one lead. With `If-Match` only the version that it names."""
    await actions.remove(connection, principal, parse_id(lead_id), if_match)
    return Message(message="The lead is deleted")


@post(
    "/{lead_id:str}/restore", status_code=200, right=Right.RESTORE_LEADS, refuses=(LeadMerged,), answer_headers=TAGGED
)
async def restore_lead(
    lead_id: FromPath[str], principal: Given[Principal], connection: Given[Connection]
) -> Response[Lead]:
    """Take the deletion of a lead back, for owners. One that is not deleted stays as it is."""
    lead, tag = await actions.restore(connection, principal, parse_id(lead_id))
    return Response(lead, headers={"etag": tag})


@get("/{lead_id:str}/history", right=Right.VIEW_LEADS, query=HistoryQuery, refuses=(LeadMoved,))
async def read_history(
    lead_id: FromPath[str], params: Given[HistoryQuery], principal: Given[Principal], connection: Given[Connection]
) -> LeadHistory:
    """Read what happened to a lead, newest first: who changed which field, when and how. `meta.nextCursor` leads to
    older events.
    """
    return await history.read(connection, principal, parse_id(lead_id), params)


router = Router(
    path="/leads",
    tags=["Leads"],
    route_handlers=[
        list_leads,
        create_lead,
        list_cities,
        list_sectors,
        add_sector,
        read_lead,
        change_lead,
        delete_lead,
        restore_lead,
        read_history,
    ],
)
