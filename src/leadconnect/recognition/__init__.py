"""What the columns of a file mean, and what its rows say: from cells to the input of a lead. Pure.

A file is walked through twice: for its `Survey`, from which `propose` makes the `Mapping` of its columns, and by a
`RowReader` made of that.
"""

from leadconnect.recognition.headers import fingerprint
from leadconnect.recognition.models import TARGETS
from leadconnect.recognition.proposing import propose
from leadconnect.recognition.questions import blocking, questions_of
from leadconnect.recognition.rows.judging import fates
from leadconnect.recognition.rows.reader import RowReader
from leadconnect.recognition.survey import Survey
from leadconnect.recognition.systems import header_score

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
