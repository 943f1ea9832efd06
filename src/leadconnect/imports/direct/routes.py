"""Leads in, as JSON or as a file, in one call."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from litestar import Request, Router

from leadconnect.accounts.permissions import Right
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Services
from leadconnect.database.transaction import Begin
from leadconnect.imports.direct import actions
from leadconnect.imports.direct.models import DirectImportQuery, ImportReport, LeadImport
from leadconnect.imports.file.keeping import uploaded
from leadconnect.web import Given, post_once

JSON, FORM = "application/json", "multipart/form-data"
SAME_IMPORT = timedelta(minutes=10)
"""For so long the same import, without a key, is taken for an impatient second try."""
FORM_SCHEMA = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "description": "The file: CSV, XLSX, XLS, XLSB, ODS, JSON, JSON Lines or vCard."}
    },
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
    query=DirectImportQuery,
)
async def import_leads(
    request: Request[Any, Any, Any],
    params: Given[DirectImportQuery],
    principal: Given[Principal],
    begin: Given[Begin],
    services: Given[Services],
) -> ImportReport:
    """Import up to 10,000 leads at once, from JSON or from a file (CSV, a workbook, JSON, vCard). All rows that are
    right are stored together, and the report says what became of each: a bad row costs only itself. A row of a file
    needs a name or a company, and a phone number or an e-mail address. The same content again within ten minutes gets
    the first report. Rows that are leads already fail as duplicates, unless the query has `allowDuplicates=true`; the
    rows of one request are not compared with each other.
    """
    media, parameters = request.content_type
    body = await request.body()
    if media != FORM:
        return await actions.import_json(services, begin, principal, body, params)
    given = await uploaded(BytesIO(body), media, parameters.get("boundary", ""))
    return await actions.import_file(services, begin, principal, given, params)


router = Router(path="/leads", tags=["Import and export"], route_handlers=[import_leads])
