"""Leads that may be one person, and making one of them."""

from litestar import Response, Router
from litestar.params import FromPath, JSONBody

from leadconnect.accounts.permissions import Right
from leadconnect.auth.models import Message
from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection
from leadconnect.errors import PreconditionFailed
from leadconnect.identifiers import parse_id
from leadconnect.leads.actions import LeadMerged, LeadMoved
from leadconnect.leads.duplicates import actions
from leadconnect.leads.duplicates.dismissals import actions as dismissing
from leadconnect.leads.duplicates.models import Candidates, CandidatesQuery, Sweep, SweepQuery
from leadconnect.leads.merging import actions as merging
from leadconnect.leads.merging.models import Merged, MergeInput
from leadconnect.leads.parameters import TAGGED, IfMatch
from leadconnect.web import Given, delete, get, post, post_once


@get("/duplicates", right=Right.VIEW_LEADS, query=SweepQuery)
async def sweep_duplicates(
    params: Given[SweepQuery], principal: Given[Principal], connection: Given[Connection]
) -> Sweep:
    """Find the duplicates of the account, part by part: leads that share a number or a mailbox, with a score and its
    reasons. `meta.nextCursor` leads to the next part.
    """
    return await actions.sweep(connection, principal, params)


@get("/{lead_id:str}/duplicates", right=Right.VIEW_LEADS, query=CandidatesQuery, refuses=(LeadMoved,))
async def find_duplicates(
    lead_id: FromPath[str],
    params: Given[CandidatesQuery],
    principal: Given[Principal],
    connection: Given[Connection],
) -> Candidates:
    """Find the leads that may be the same person as one, the likeliest first, each with a score and its reasons."""
    return await actions.find(connection, principal, parse_id(lead_id), params)


@post(
    "/{lead_id:str}/duplicates/{other_id:str}/dismiss",
    status_code=200,
    right=Right.EDIT_LEADS,
    refuses=(LeadMerged,),
)
async def dismiss_duplicate(
    lead_id: FromPath[str], other_id: FromPath[str], principal: Given[Principal], connection: Given[Connection]
) -> Message:
    """Keep that two leads are not the same person. They are not listed as duplicates of each other any more."""
    await dismissing.dismiss(connection, principal, parse_id(lead_id), parse_id(other_id))
    return Message(message="The leads are kept as two people")


@delete(
    "/{lead_id:str}/duplicates/{other_id:str}/dismiss",
    status_code=200,
    right=Right.EDIT_LEADS,
    refuses=(LeadMerged,),
)
async def restore_duplicate(
    lead_id: FromPath[str], other_id: FromPath[str], principal: Given[Principal], connection: Given[Connection]
) -> Message:
    """Forget that two leads are not the same person. They are listed as duplicates again."""
    await dismissing.restore(connection, principal, parse_id(lead_id), parse_id(other_id))
    return Message(message="The leads may be listed as duplicates again")


@post_once(
    "/{lead_id:str}/merge",
    status_code=200,
    right=Right.EDIT_LEADS,
    refuses=(PreconditionFailed, LeadMerged),
    answer_headers=TAGGED,
)
async def merge_leads(
    lead_id: FromPath[str],
    data: JSONBody[MergeInput],
    principal: Given[Principal],
    connection: Given[Connection],
    if_match: IfMatch = None,
) -> Response[Merged]:
    """Merge leads into one. Its blank fields are filled, notes are joined, and the other leads' ids lead to it. With
    `If-Match` only into the version that it names.
    """
    merged, tag = await merging.merge(connection, principal, parse_id(lead_id), data, if_match)
    return Response(merged, headers={"etag": tag})


router = Router(
    path="/leads",
    tags=["Leads"],
    route_handlers=[sweep_duplicates, find_duplicates, dismiss_duplicate, restore_duplicate, merge_leads],
)
