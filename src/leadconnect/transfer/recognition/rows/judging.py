"""The last word on a row: whether a lead takes what it says, and where each of its cells went."""

import re
from collections.abc import Sequence

from leadconnect.errors import ValidationFailed
from leadconnect.leads.fields import LeadInput
from leadconnect.transfer.models import FileLead
from leadconnect.transfer.reading.records import Record
from leadconnect.transfer.recognition.models import IGNORED, Fate, Fault, Mapping, Reading
from leadconnect.transfer.recognition.rows.cells import kept
from leadconnect.wire import convert

AT_MOST = re.compile(r"must be at most (\d+) characters long")


def judge(reading: Reading, titles: Sequence[str]) -> LeadInput | list[Fault]:
    """Return the lead that `reading` says, or what is wrong with it: what was found already, or else what a lead does
    not take, which is added to the reading's faults. `titles` are the names of the file's columns.
    """
    if reading.faults:
        return reading.faults
    try:
        return convert(reading.values, FileLead)
    except ValidationFailed as error:
        reading.faults = [_fault(message, reading, titles) for message in error.message]
        return reading.faults


def _fault(message: str, reading: Reading, titles: Sequence[str]) -> Fault:
    """Return the fault that `message` names, which begins with the wire's name of a field."""
    field, _, rest = message.partition(" ")
    position = reading.origins.get(field)
    title = titles[position] if position is not None and position < len(titles) else None
    cell = reading.values.get(field)
    code, suggestion = _kind(field, rest)
    shown = kept(cell) if cell is not None else None
    return Fault(code, title, shown, f"{title or field} {rest}.", suggestion)


def _kind(field: str, rest: str) -> tuple[str, str | None]:
    size = AT_MOST.search(rest)
    if size:
        return "too_long", f"Shorten it to {size[1]} characters, or keep the column in the notes."
    if "control characters" in rest:
        return "control_characters", "Type the cell anew: it has invisible characters."
    if field == "email":
        return "bad_email", "Correct the address, or empty the cell."
    if field == "name":
        return "no_name", "Write a name with at least one letter or digit."
    return "invalid", None


def fates(record: Record, mapping: Mapping, reading: Reading) -> dict[int, Fate]:
    """Return for the position of each cell of `record` that is not blank where its text went. A reading that was not
    judged yet counts as one that a lead takes.
    """
    filled = [at for at, cell in enumerate(record.cells) if cell and not cell.isspace()]
    if reading.skip is not None:
        return dict.fromkeys(filled, Fate.SKIPPED)
    if reading.faults:
        return dict.fromkeys(filled, Fate.REJECTED)
    ignored = {plan.position for plan in mapping.columns if plan.target == IGNORED}
    found = {}
    for at in filled:
        if at in reading.blank:
            found[at] = Fate.BLANK
        elif at in reading.cut:
            found[at] = Fate.CUT
        elif at in reading.noted:
            found[at] = Fate.NOTES
        else:
            found[at] = Fate.IGNORED if at in ignored else Fate.FIELD
    return found
