"""The file of an import: out of the request, into the database in parts, and out of it again. Every instance and every
worker can so read it, and it goes with its account.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, cast
from uuid import UUID

from multipart import MultipartError, MultipartParser  # type: ignore[import-untyped]

from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import tenant
from leadconnect.errors import FieldCode, FieldError, MalformedRequest, PayloadTooLarge, ValidationFailed
from leadconnect.imports import queries
from leadconnect.imports.models import Upload
from leadconnect.imports.options import Options
from leadconnect.wire import JOINERS, decode
from leadconnect.wire.decoding import unknown_field

FILE, OPTIONS = "file", "options"
OPTIONS_BYTES = 1024 * 1024
"""Room for a choice for every column of the widest sheet; what else is in a form is not taken into the memory."""
NAME_LENGTH = 255


async def uploaded(body: BinaryIO, media: str, boundary: str | None) -> Upload:
    """Return what is in `body`: a form (multipart/form-data, RFC 7578) with a part ``file`` and perhaps a part
    ``options`` of JSON; or, without a `boundary`, the file itself.

    Raises:
        MalformedRequest: the body is no whole form.
        ValidationFailed: other parts, or options that are none; one message a fault.
        PayloadTooLarge: the options have more than `OPTIONS_BYTES`.
    """
    if boundary is None:
        size_bytes = body.seek(0, 2)
        body.seek(0)
        return Upload(body, "", media, size_bytes, Options())
    return await asyncio.to_thread(_from_form, body, boundary)


def _from_form(body: BinaryIO, boundary: str) -> Upload:
    try:
        parts = list(MultipartParser(body, boundary, strict=True, part_limit=8))
    except (MultipartError, LookupError, UnicodeError):
        raise MalformedRequest("The form cannot be read") from None
    files = [part for part in parts if part.name == FILE]
    wanted = [part for part in parts if part.name == OPTIONS]
    faults = [unknown_field(part.name[:100]) for part in parts if part.name not in (FILE, OPTIONS)]
    if not files:
        faults.append(FieldError.of(FILE, FieldCode.REQUIRED, "is required"))
    given = ((FILE, files), (OPTIONS, wanted))
    faults += [FieldError.of(name, FieldCode.REPEATED, "must be given once") for name, own in given if len(own) > 1]
    if faults:
        raise ValidationFailed(faults)
    if wanted and wanted[0].size > OPTIONS_BYTES:
        raise PayloadTooLarge(f"{OPTIONS} must have at most {OPTIONS_BYTES:,} bytes")
    (part,) = files
    name = (part.filename or "").replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in name if char.isprintable() or char in JOINERS)[:NAME_LENGTH]
    options = decode(wanted[0].raw, Options) if wanted else Options()
    return Upload(cast(BinaryIO, part.file), shown, part.content_type, part.size, options)


async def store(connection: Connection, account_id: UUID, import_id: UUID, file: BinaryIO) -> None:
    """Store `file`, from where it stands, as the file of an import."""
    number = 0
    while data := file.read(queries.CHUNK_BYTES):
        await queries.insert_chunk(connection, account_id, import_id, number, data)
        number += 1


@asynccontextmanager
async def fetched(database: Database, account_id: UUID, import_id: UUID) -> AsyncIterator[BinaryIO]:
    """Give the file of an import as a temporary file, which stands at its beginning; it is removed after the block.

    It is read in a transaction a part, so none stays open while a part is on its way.
    """
    with TemporaryFile() as file:
        number = 0
        while True:
            async with tenant(database, account_id) as connection:
                data = await queries.chunk(connection, account_id, import_id, number)
            if data is None:
                break
            file.write(data)
            number += 1
        file.seek(0)
        yield cast(BinaryIO, file)
