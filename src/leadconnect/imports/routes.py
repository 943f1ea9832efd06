"""Imports that are planned, looked at, and then applied."""

import asyncio
import re
from datetime import timedelta
from typing import Annotated, Any

from litestar import Request, Response, Router
from litestar.background_tasks import BackgroundTask
from litestar.params import FromPath, HeaderParameter, JSONBody
from litestar.response import ServerSentEvent, Stream

from leadconnect.accounts.permissions import Right
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.edge.body import BODY
from leadconnect.errors import Conflict
from leadconnect.files.reading.rejects import MEDIA_TYPES
from leadconnect.identifiers import parse_id
from leadconnect.imports import actions, rows
from leadconnect.imports.file import cells, rejects
from leadconnect.imports.file.keeping import uploaded
from leadconnect.imports.models import Import, ImportPage, ImportQuery, RowCells, RowPage, RowQuery
from leadconnect.imports.options import OptionsChange
from leadconnect.imports.template import CSV_MEDIA, XLSX_MEDIA, csv_template, xlsx_template
from leadconnect.imports.waiting import StorageFull, TooManyImports
from leadconnect.web import CREATED, Given, delete, get, patch, post

FORM, JSON, ANY_BYTES = "multipart/form-data", "application/json", "application/octet-stream"
FILES = (
    "text/csv",
    "text/tab-separated-values",
    "text/plain",
    JSON,
    "application/x-ndjson",
    "text/vcard",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ANY_BYTES,
)
"""The types under which a file may be sent as it is."""
FORM_SCHEMA = {
    "type": "object",
    "properties": {
        "file": {
            "type": "string",
            "minLength": 1,
            "description": "The file: CSV, XLSX, XLS, XLSB, ODS, JSON, JSON Lines or vCard.",
        },
        "options": {"type": "object", "description": "What is wanted, as in a change of it (JSON)."},
    },
    "required": ["file"],
    "additionalProperties": False,
}
BODIES: dict[str, Any] = {FORM: {"schema": FORM_SCHEMA}} | {media: {"schema": {}} for media in FILES}
EVENT_SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "event": {"const": "progress"},
        "data": {"type": "string"},
        "retry": {"type": "integer"},
    },
}
WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,4})(?:[,;\s]|$)", re.IGNORECASE)
ROW_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
Prefer = Annotated[
    str | None,
    HeaderParameter(
        name="Prefer", description="`wait=10`: answer as soon as the work is done, at the latest after 10 seconds."
    ),
]
LastEventId = Annotated[
    str | None,
    HeaderParameter(name="Last-Event-ID", description="The id of the last event that the client has; not repeated."),
]


def patience(prefer: str | None) -> timedelta:
    """Return how long a client prefers to wait for the work to be done (RFC 7240 §4.3)."""
    found = WAIT.search(prefer or "")
    return timedelta(seconds=int(found[1]) if found else 0)


@post("/", right=Right.ADD_LEADS, media=(FORM, *FILES), spooled=True, body_limit="upload_limit",
      body_deadline="upload_deadline", bodies=BODIES, answer_headers=CREATED,
      refuses=(TooManyImports, StorageFull))  # fmt: skip
async def upload_import(
    request: Request[Any, Any, Any], principal: Given[Principal], services: Given[Services], prefer: Prefer = None
) -> Response[Import]:
    """Upload a file of leads (CSV, a workbook, JSON or vCard, up to 100 MB) and have it planned: nothing is added yet.
    In a form, `options` beside `file` says how; or change that later. The plan is made in the background; with
    `Prefer: wait=10` the answer has it, if it is made within ten seconds.
    """
    media, parameters = request.content_type
    boundary = parameters.get("boundary", "") if media == FORM else None
    given = await uploaded(request.scope["state"][BODY], media, boundary)
    made = await actions.upload(services, principal, given)
    settled = await actions.settled(services.database, principal, made.id, patience(prefer))
    return Response(settled, headers={"location": f"/api/imports/{made.id}"})


@get("/", right=Right.ADD_LEADS, query=ImportQuery)
async def list_imports(
    params: Given[ImportQuery], principal: Given[Principal], connection: Given[Connection]
) -> ImportPage:
    """List imports, the newest first: one's own, and those of others for whoever may view leads. Files and plans are
    kept for 30 days.
    """
    return await actions.newest(connection, principal, params)


@get("/{import_id:str}", right=Right.ADD_LEADS)
async def read_import(
    import_id: FromPath[str], principal: Given[Principal], services: Given[Services], prefer: Prefer = None
) -> Import:
    """Read how far an import is and what its plan says. With `Prefer: wait=10`, as soon as nothing is under way."""
    return await actions.settled(services.database, principal, parse_id(import_id), patience(prefer))


@patch("/{import_id:str}", right=Right.ADD_LEADS, refuses=(Conflict,))
async def change_import(
    import_id: FromPath[str],
    data: JSONBody[OptionsChange],
    principal: Given[Principal],
    services: Given[Services],
    prefer: Prefer = None,
) -> Import:
    """Change what is wanted of an import, and have it planned anew, without another upload: what its columns are, how
    days and phones are read, what rows may do and by what they are matched.
    """
    changed = await actions.change(services.database, principal, parse_id(import_id), data)
    return await actions.settled(services.database, principal, changed.id, patience(prefer))


@get("/{import_id:str}/rows", right=Right.ADD_LEADS, query=RowQuery)
async def list_import_rows(
    import_id: FromPath[str], params: Given[RowQuery], principal: Given[Principal], connection: Given[Connection]
) -> RowPage:
    """List what becomes of each row of an import: of all, or of those with one `verdict`."""
    return await rows.rows(connection, principal, parse_id(import_id), params)


@get("/{import_id:str}/rows/{row_number:str}", right=Right.ADD_LEADS, refuses=(Conflict,))
async def read_import_row(
    import_id: FromPath[str], row_number: FromPath[str], principal: Given[Principal], services: Given[Services]
) -> RowCells:
    """Read a row of an import, counted from 1, with what became of each of its cells. It is read again from the file,
    which must still be kept: else the answer is 409.
    """
    number = int(row_number) if ROW_NUMBER.fullmatch(row_number) else 0
    return await cells.read_cells(services, principal, parse_id(import_id), number)


@post("/{import_id:str}/apply", status_code=200, right=Right.ADD_LEADS, refuses=(Conflict,))
async def apply_import(
    import_id: FromPath[str], principal: Given[Principal], services: Given[Services], prefer: Prefer = None
) -> Import:
    """Write what the plan says, all of it or nothing. Rows whose lead was changed since are judged again. Applying
    twice does nothing more.
    """
    ordered = await actions.apply(services.database, principal, parse_id(import_id))
    return await actions.settled(services.database, principal, ordered.id, patience(prefer))


@delete("/{import_id:str}", status_code=200, right=Right.ADD_LEADS, refuses=(Conflict,))
async def cancel_import(import_id: FromPath[str], principal: Given[Principal], services: Given[Services]) -> Import:
    """Cancel an import, also while it is being applied: nothing of it is written."""
    return await actions.cancel(services.database, principal, parse_id(import_id))


@get(
    "/{import_id:str}/rejects",
    right=Right.ADD_LEADS,
    answers={media: {"schema": {}} for media in MEDIA_TYPES.values()},
    refuses=(Conflict,),
)
async def download_rejects(import_id: FromPath[str], principal: Given[Principal], services: Given[Services]) -> Stream:
    """Download the rows that are rejected, just as they stand in the file, with two columns more: what is wrong, and
    what would help. Mended, the file can be imported as it is.
    """
    found = await rejects.download(services, principal, parse_id(import_id))
    headers = {"content-disposition": f'attachment; filename="{found.name}"'}
    # Closed by us, for Litestar leaves a generator open when the client goes.
    return Stream(found.chunks, media_type=found.media, headers=headers, background=BackgroundTask(found.close))


@get("/{import_id:str}/events", right=Right.ADD_LEADS, answers={"text/event-stream": {"schema": EVENT_SCHEMA}})
async def follow_import(
    import_id: FromPath[str], principal: Given[Principal], services: Given[Services], last_event_id: LastEventId = None
) -> ServerSentEvent:
    """Follow an import as server-sent events: `progress` with the import whenever it gets on, the last one when nothing
    is under way any more. A stream ends after a minute at the latest. Open it again with `Last-Event-ID` to go on from
    the last event; `EventSource` does so by itself.
    """
    first = await actions.settled(services.database, principal, parse_id(import_id), timedelta(0))
    return ServerSentEvent(actions.follow(services.database, principal, first, last_event_id))


@get("/template.csv", right=Right.ADD_LEADS, answers={"text/csv": {"schema": {"type": "string"}}})
async def download_csv_template() -> Response[bytes]:
    """Download a CSV file with the header of all columns that an import knows, to be filled in."""
    return _attached(csv_template(), CSV_MEDIA, "leads_template.csv")


@get("/template.xlsx", right=Right.ADD_LEADS, answers={XLSX_MEDIA: {"schema": {}}})
async def download_xlsx_template() -> Response[bytes]:
    """Download a workbook with the header of all columns that an import knows, and examples on a second sheet."""
    return _attached(await asyncio.to_thread(xlsx_template), XLSX_MEDIA, "leads_template.xlsx")


def _attached(content: bytes, media: str, name: str) -> Response[bytes]:
    return Response(content, media_type=media, headers={"content-disposition": f'attachment; filename="{name}"'})


router = Router(
    path="/imports",
    tags=["Imports"],
    route_handlers=[
        upload_import,
        list_imports,
        download_csv_template,
        download_xlsx_template,
        read_import,
        change_import,
        list_import_rows,
        read_import_row,
        apply_import,
        cancel_import,
        download_rejects,
        follow_import,
    ],
)
