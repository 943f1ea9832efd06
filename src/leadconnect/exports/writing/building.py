"""Workbooks and documents are made as a whole, by a process of their own, in a folder that is gone afterwards."""

import asyncio
import shutil
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import msgspec
import structlog

from leadconnect.errors import LeadConnectError
from leadconnect.exports.slots import FairSlots
from leadconnect.exports.writing.job import ORDER, RESULT, Job

MADE_AT_ONCE = 2
"""Files that one process of the server has made at a time: each takes a core, 50 to 300 MB, and its folder on disk."""
PATIENCE_SECONDS = 30.0
"""How long others wait for their turn."""
WAITING_PER_ACCOUNT = 3
"""Requests of one account that wait at a time. Their leads are read when they have a slot."""
LONGEST_SECONDS = 600.0
FOLDER_PREFIX = "leadconnect-export-"

log = structlog.get_logger()
_slots = FairSlots(MADE_AT_ONCE)


class NotMade(LeadConnectError):
    """The file could not be made. Please choose another format."""

    code = "export_not_made"


@asynccontextmanager
async def workplace(account_id: UUID) -> AsyncIterator[Path]:
    """Give a folder for one file of an account, once it has a slot. The folder is gone at the end of the block.

    Raises:
        ExportsBusy: there was no slot for too long.
        TooManyExports: too many of the account wait already.
    """
    async with _slots.slot(account_id, patience_seconds=PATIENCE_SECONDS, waiting_count=WAITING_PER_ACCOUNT):
        folder = await asyncio.to_thread(tempfile.mkdtemp, prefix=FOLDER_PREFIX)
        try:
            yield Path(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


async def make(folder: Path, job: Job) -> BinaryIO:
    """Have the file made of what is in `folder`, and return it open: it can be read when the folder is gone. Whoever
    is cancelled meanwhile ends the process.

    Raises:
        NotMade: the process failed or took too long.
    """
    await asyncio.to_thread((folder / ORDER).write_bytes, msgspec.json.encode(job))
    command = (sys.executable, "-P", "-m", "leadconnect.exports.writing", str(folder))
    process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            _, said = await process.communicate()
    except TimeoutError:
        said = b"took too long"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        log.error("export_not_made", format=job.format, error=said[-2000:].decode(errors="replace"))
        raise NotMade
    file: BinaryIO = await asyncio.to_thread((folder / RESULT).open, "rb")
    return file
