"""The process that makes a workbook or a document: ``python -m leadconnect.exports.writing FOLDER``.

The folder has the job and the leads, and gets the result. Not in the server: there it would take turns with requests,
could not be ended when the client goes, and would leave the process as large as it was at its largest.
"""

import os
import sys
from pathlib import Path

import msgspec

from leadconnect.exports.columns import BY_KEY
from leadconnect.exports.writing.job import LEADS, ORDER, RESULT, Job

POLITENESS = 5
"""How far to stand back behind requests (nice)."""


def make(folder: Path) -> int:
    """Do the job in `folder`; return how many leads the result has."""
    job = msgspec.json.decode((folder / ORDER).read_bytes(), type=Job)
    columns = [BY_KEY[key] for key in job.columns]
    with (folder / LEADS).open("rb") as lines:
        leads = map(msgspec.json.decode, lines)
        if job.format == "xlsx":
            from leadconnect.exports.writing import workbook  # each here, for the other one need not load

            return workbook.write(leads, columns, folder / RESULT, heading=job.heading)
        from leadconnect.exports.writing import document

        return document.write(leads, columns, folder / RESULT, heading=job.heading)


if __name__ == "__main__":
    os.nice(POLITENESS)
    make(Path(sys.argv[1]))
