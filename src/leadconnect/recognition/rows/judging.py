"""The last word on a row: whether a lead takes what it says, and where each of its cells went."""

import re
from collections.abc import Sequence

from leadconnect.errors import FieldCode, FieldError, ValidationFailed
from leadconnect.files.reading.records import Record
from leadconnect.leads.fields import LeadInput
from leadconnect.recognition.models import IGNORED, Fate, Fault, Mapping, Reading, Remark
from leadconnect.recognition.rows.cells import kept
from leadconnect.recognition.rows.defaults import ALWAYS
from leadconnect.recognition.rows.row import NOTES_LENGTH
from leadconnect.wire import convert

SHORTENED = frozenset({"name", "customLeadSource"})
"""Fields that a lead cannot do without: what is too long for one is cut, and kept whole in the notes."""
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")


def judge(reading: Reading, titles: Sequence[str]) -> LeadInput | list[Fault]:
    """Return the lead that `reading` says, or what is wrong with it, which is added to the reading's faults.

    What a lead does not take of its optional fields goes to the notes, with a remark. `titles` are the names of the
    file's columns.
    """
    if reading.faults:
        return reading.faults
    try:
        return convert(reading.values, LeadInput)
    except ValidationFailed as error:
        for fault in error.errors:
            if fault.code == FieldCode.REQUIRED and fault.field in reading.values:
                continue  # another error says what is wrong with what is there
            _mend(reading, fault, titles)
        _limit_notes(reading)
    if not reading.faults:
        _require_again(reading)
    if reading.faults:
        return reading.faults
    try:
        return convert(reading.values, LeadInput)
    except ValidationFailed as error:
        reading.faults = [Fault("invalid", None, None, each.message, None) for each in error.errors]
        return reading.faults


def _mend(reading: Reading, fault: FieldError, titles: Sequence[str]) -> None:
    """Take from the values of a row what its field does not take, as `fault` says, and keep it in the notes."""
    field = fault.field
    value = reading.values.get(field)
    if value is None:
        reading.faults.append(Fault("invalid", None, None, fault.message, None))
        return
    position = reading.origins.get(field)
    title = titles[position] if position is not None and position < len(titles) else field
    size = fault.limit if fault.code == FieldCode.MAX_LENGTH else None
    if fault.code == FieldCode.CONTROL_CHARACTERS:
        clean = " ".join(CONTROLS.sub(" ", value).split()) if field != "additionalNotes" else CONTROLS.sub(" ", value)
        _replace(reading, field, clean)
        code, what = "control_characters", "has control characters, which were left out"
    else:
        _replace(reading, field, value[:size].strip() if size and field in SHORTENED else "")
        notes = reading.values.get("additionalNotes")
        line = f"{title}: {CONTROLS.sub(' ', value)}"
        reading.values["additionalNotes"] = f"{notes}\n{line}" if notes else line
        if position is not None:
            reading.noted.append(position)
        code = "too_long" if size else "invalid"
        what = f"{fault.requirement}; it was kept in the notes"
    reading.remarks.append(Remark(code, title, kept(value), f"{title} {what}"))


def _replace(reading: Reading, field: str, text: str) -> None:
    if text:
        reading.values[field] = text
    elif field in ALWAYS:
        reading.values[field] = ALWAYS[field]
    else:
        del reading.values[field]


def _limit_notes(reading: Reading) -> None:
    notes = reading.values.get("additionalNotes", "")
    if len(notes) > NOTES_LENGTH:
        reading.values["additionalNotes"] = notes[:NOTES_LENGTH]
        reading.cut += reading.noted[-1:]
        message = f"Notes take {NOTES_LENGTH:,} characters; what follows was left out"
        reading.remarks.append(Remark("notes_cut", "", kept(notes[NOTES_LENGTH:]), message))


def _require_again(reading: Reading) -> None:
    """Refuse a row that has lost its name or contact."""
    values = reading.values
    if "name" not in values:
        reading.faults.append(Fault("no_name", None, None, "The row has no name", "Add a name or a company"))
    if not values.get("phoneNumber") and "email" not in values:
        message = "The row has no contact"
        reading.faults.append(Fault("no_contact", None, None, message, "Add a phone number or an e-mail address"))


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
