"""Conversion of a workbook by a child process; enter by `convert`."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec
import structlog

from leadconnect.errors import ServiceBusy
from leadconnect.files.reading.converted.job import JOB, OUTCOME, ROWS, Failure, Job, Outcome

CHILDREN_COUNT = 2
"""Children of one process of the server at a time: each takes a core, up to 1 GiB of memory, and its folder on disk."""
PATIENCE_SECONDS = 60.0
"""How long others wait for their turn."""
LONGEST_SECONDS = 120.0
FOLDER_PREFIX = "leadconnect-reading-"
PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "TMPDIR", "LANG")
"""The environment of the child: not the settings, for it parses files of strangers."""
ENDED_BY_LIMIT = {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGXCPU}
"""Without memory the parser aborts; the others come from the kernel."""

log = structlog.get_logger()
_slots = threading.BoundedSemaphore(CHILDREN_COUNT)


class ReadingBusy(ServiceBusy):
    """Other workbooks are being read. Please try again in a moment, or save yours as .xlsx or CSV (UTF-8)."""

    code = "reading_busy"


def convert(file: BinaryIO, job: Job) -> tuple[Outcome, BinaryIO | None]:
    """Convert the workbook `file`; return the outcome and the open file of rows, ``None`` after a failure.

    It blocks the thread. The folder is gone afterwards, and the file of rows with its last reference.

    Raises:
        ReadingBusy: other conversions took too long.
    """
    with _slot(), tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX) as name:
        folder = Path(name)
        file.seek(0)
        with (folder / job.file_name).open("wb") as copy:
            shutil.copyfileobj(file, copy)
        (folder / JOB).write_bytes(msgspec.json.encode(job))
        outcome = _run(folder, job)
        return outcome, None if outcome.failure else (folder / ROWS).open("rb")


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=PATIENCE_SECONDS):
        raise ReadingBusy
    try:
        yield
    finally:
        _slots.release()


def _run(folder: Path, job: Job) -> Outcome:
    command = (sys.executable, "-P", "-m", "leadconnect.files.reading.converted", str(folder))
    environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
    try:
        # What the parser says may repeat cells, so it does not go to the log.
        ended = subprocess.run(  # noqa: S603  a program of ours, no shell
            command,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=environment, timeout=LONGEST_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return _failed(job, Failure.TOO_LARGE, "timeout")
    if ended.returncode in ENDED_BY_LIMIT:
        return _failed(job, Failure.TOO_LARGE, str(ended.returncode))
    try:
        return msgspec.json.decode((folder / OUTCOME).read_bytes(), type=Outcome)
    except (FileNotFoundError, msgspec.MsgspecError):
        return _failed(job, Failure.DAMAGED, str(ended.returncode))


def _failed(job: Job, failure: Failure, ended: str) -> Outcome:
    log.warning("workbook_not_converted", format=job.format.value, failure=failure.value, ended=ended)
    return Outcome(failure=failure)
