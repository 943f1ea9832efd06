"""Leads in, as files."""

from datetime import timedelta
from typing import Any

from litestar import Request, Router

from leadconnect.auth.parameters import Given
from leadconnect.auth.permissions import Right
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Services
from leadconnect.database.transaction import Begin
from leadconnect.idempotency.routing import post_once
from leadconnect.transfer import actions
from leadconnect.transfer.models import ImportReport, LeadImport
from leadconnect.transfer.upload import uploaded_file

JSON, FORM, CSV = "application/json", "multipart/form-data", "text/csv"
SAME_IMPORT = timedelta(minutes=10)
"""For so long the same import, without a key, is taken for an impatient second try."""
FORM_SCHEMA = {
    "type": "object",
    "properties": {"file": {"type": "string", "contentMediaType": CSV}},
    "required": ["file"],
    "additionalProperties": False,
}


@post_once(
    "/import",
    same_content_within=SAME_IMPORT,
    right=Right.ADD_LEADS,
    media=(JSON, FORM),
    body_limit="import_body_limit",
    body=LeadImport,
    other_bodies={FORM: {"schema": FORM_SCHEMA}},
)
async def import_leads(
    request: Request[Any, Any, Any], principal: Given[Principal], begin: Given[Begin], services: Given[Services]
) -> ImportReport:
    """Import leads, from JSON or from a CSV file. All rows that are right are stored together, and the report says what
    became of each: a bad row costs only itself. A row of a file needs a name, and a phone number or an e-mail address.
    The same content again within ten minutes gets the first report and stores nothing, but with a new
    `Idempotency-Key` it is imported once more.
    """
    is_form = request.content_type[0] == FORM
    body = await uploaded_file(request) if is_form else await request.body()
    act = actions.import_file if is_form else actions.import_json
    return await act(begin, principal, body, row_limit=services.settings.import_row_limit)


router = Router(path="/leads", tags=["Import and export"], route_handlers=[import_leads])
