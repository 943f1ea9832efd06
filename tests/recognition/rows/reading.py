"""Reading rows in tests: from cells by header to what they say."""

from collections.abc import Sequence
from datetime import date

from leadconnect.files.reading.records import Described, FileFormat, Record
from leadconnect.recognition import RowReader, Survey, propose
from leadconnect.recognition.models import Mapping, Reading

TODAY = date(2026, 7, 26)


class Sheet:
    """A file of `header` and `rows`, and what is read in it."""

    def __init__(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], *, region: str | None = "IN", form: str = "csv"
    ) -> None:
        delimiter = "," if form == "csv" else ""
        self.described = Described(FileFormat(form), list(header), 1, delimiter=delimiter)
        self.records = [Record(line, list(cells)) for line, cells in enumerate(rows, start=2)]
        survey = Survey(self.described)
        for record in self.records:
            survey.add(record)
        self.mapping: Mapping = propose(self.described, survey, region=region)
        self.reader = RowReader(self.mapping, self.described, today=TODAY)

    def readings(self) -> list[Reading]:
        """Return what each row says."""
        return [self.reader.read(record) for record in self.records]


def one(*, region: str | None = "IN", **cells: str) -> Reading:
    """Read a file of one row, whose headers are the keys with spaces for underscores, beside a name and a phone."""
    whole = {"Name": "Asha", "Phone": "9876543210"} | {key.replace("_", " "): cell for key, cell in cells.items()}
    return Sheet(list(whole), [list(whole.values())], region=region).readings()[0]


def codes(reading: Reading) -> list[str]:
    """Return the codes of what is wrong with a row."""
    return [fault.code for fault in reading.faults]


def remarks(reading: Reading) -> list[str]:
    """Return the codes of what was done to its cells."""
    return [remark.code for remark in reading.remarks]
