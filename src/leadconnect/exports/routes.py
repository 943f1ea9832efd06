"""Leads out, as files."""

from typing import Any

from litestar import Request, Router
from litestar.background_tasks import BackgroundTask
from litestar.response import Stream

from leadconnect.accounts.permissions import Right
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Services
from leadconnect.exports import actions
from leadconnect.exports.listening import while_connected
from leadconnect.exports.models import MEDIA_TYPES, ExportFormat, ExportQuery
from leadconnect.exports.slots import TooManyExports
from leadconnect.web import Given, get

TEXT: dict[str, Any] = {"schema": {"type": "string"}}
ANSWERS = {media: TEXT if kind is ExportFormat.CSV else {} for kind, media in MEDIA_TYPES.items()}


@get(
    "/export",
    right=Right.VIEW_LEADS | Right.EXPORT_LEADS,
    query=ExportQuery,
    answers=ANSWERS,
    refuses=(actions.TooManyToExport, TooManyExports),
)
async def export_leads(
    request: Request[Any, Any, Any], params: Given[ExportQuery], principal: Given[Principal], services: Given[Services]
) -> Stream:
    """Export all leads that the filters mean, in the order of `sort`: as CSV, as a workbook (`xlsx`), as JSON Lines
    (`jsonl`), as a list to print (`pdf`), or in the format of the caller's preferences (`preferred`). `page` and
    `limit` are read and ignored. Notes are left out for callers who prefer so, unless `columns` names them. Cells of
    a CSV file that a spreadsheet could run begin with an apostrophe; importing the file again takes it away.
    """
    file = await while_connected(
        request.receive, actions.export(services.database, services.settings, principal, params)
    )
    headers = {"content-disposition": f'attachment; filename="{file.name}"'}
    if file.size_bytes is not None:
        headers["content-length"] = str(file.size_bytes)
    # Closed by us, for Litestar leaves a generator open when the client goes.
    return Stream(file.chunks, media_type=file.media_type, headers=headers, background=BackgroundTask(file.close))


router = Router(path="/leads", tags=["Import and export"], route_handlers=[export_leads])
