"""What the columns of a file mean, and what its rows say: from cells to the input of a lead. Pure.

A file is walked through twice: for its `Survey`, from which `propose` makes the `Mapping` of its columns, and by a
`RowReader` made of that.
"""

from leadconnect.transfer.recognition.headers import fingerprint
from leadconnect.transfer.recognition.models import TARGETS
from leadconnect.transfer.recognition.proposing import propose
from leadconnect.transfer.recognition.questions import blocking, questions_of
from leadconnect.transfer.recognition.rows.judging import fates
from leadconnect.transfer.recognition.rows.reader import RowReader
from leadconnect.transfer.recognition.survey import Survey
from leadconnect.transfer.recognition.systems import header_score

__all__ = [
    "TARGETS",
    "RowReader",
    "Survey",
    "blocking",
    "fates",
    "fingerprint",
    "header_score",
    "propose",
    "questions_of",
]
