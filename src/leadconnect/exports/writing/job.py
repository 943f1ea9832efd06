"""What the process that makes a workbook or a document is told, and the names of the files that it works with."""

import msgspec

ORDER = "order.json"
LEADS = "leads.jsonl"
RESULT = "result"


class Heading(msgspec.Struct, frozen=True):
    """What stands above a list and around it. `lines` say what it is a list of; `footer` is on every page; `locale`
    (BCP 47) and `time_zone` (of the IANA database) are the account's.
    """

    company: str
    lines: list[str]
    footer: str
    locale: str
    time_zone: str


class Job(msgspec.Struct, frozen=True):
    """A file to be made: ``xlsx`` or ``pdf``, with the columns of these keys."""

    format: str
    columns: list[str]
    heading: Heading
