"""What each column is taken for: by its header, by its cells, and by what stands in the other columns."""

from collections.abc import Sequence

from leadconnect.accounts.countries import country_name
from leadconnect.files.reading.records import OURS, Described
from leadconnect.recognition.competing import FEWEST_CELLS, MOST, guess_name, outweigh, part_company
from leadconnect.recognition.evidence import plausible
from leadconnect.recognition.headers import (
    clean_header,
    is_honorific,
    is_opt_out,
    is_placeholder,
    is_running_number,
    is_weak,
    numbers_no_phone,
    target_of,
)
from leadconnect.recognition.models import EXTERNAL_ID, IGNORED, NOTES, Because, Recognised
from leadconnect.recognition.rows.columns import is_status
from leadconnect.recognition.survey import ColumnSurvey, Survey
from leadconnect.recognition.systems import Origin

SMALL_NUMBER = 4
"""Digits of an id that may as well be the number of the row."""
LONGEST_COUNT = 7
"""Digits of the number of the last row."""


def recognised(described: Described, survey: Survey, origin: Origin | None, region: str | None) -> list[Recognised]:
    """Return what each column is taken for by its header, or else by its cells."""
    header = described.header
    found = [_by_header(cell, at, survey.column(at), origin) for at, cell in enumerate(header)]
    targets = {target for target, _, _ in found}
    if origin is None and "name" in targets and ("firstName" in targets) != ("lastName" in targets):
        other = "lastName" if "firstName" in targets else "firstName"
        reason = f"It stands beside the {'first' if other == 'lastName' else 'last'} name."
        found = [(other, Because.ALIAS, reason) if one[0] == "name" else one for one in found]
    if not targets.isdisjoint({"birthYear", "birthMonth"}):
        found = [
            ("birthDay", Because.CONTENT, "It has the day beside the year and month of birth.")
            if one[0] == "dateOfBirth" and all(len(text) <= 2 for text in survey.column(at).samples)
            else one
            for at, one in enumerate(found)
        ]
    for at, (target, because, _) in enumerate(found):
        if because is Because.ALIAS and is_weak(header[at]) and _is_elsewhere(target, at, found, header, survey):
            found[at] = NOTES, Because.ALIAS, "Another column says it better; its cells are kept in the notes."
    outweigh(header, survey, found)
    part_company(header, found)
    targets = {target for target, _, _ in found}
    for at, (_, because, _) in enumerate(found):
        if because is Because.UNKNOWN and (held := _by_content(header[at], survey.column(at), targets, region)):
            found[at] = held
    guess_name(header, survey, found)
    return found


def _is_elsewhere(
    target: str, position: int, found: Sequence[Recognised], header: Sequence[str], survey: Survey
) -> bool:
    """Tell whether a column other than that at `position` is meant to hold `target`, and holds something if this one
    holds what it should.
    """
    held = _kind_held(survey.column(position))
    others = (at for at, one in enumerate(found) if one[0] == target and at != position and not is_weak(header[at]))
    return any(held is None or held[0] != target or survey.column(at).filled_count for at in others)


def _by_header(header: str, position: int, column: ColumnSurvey, origin: Origin | None) -> Recognised:
    target = origin.targets[position] if origin else None
    if origin is not None and target is not None:
        title = origin.system.title
        if target == IGNORED:
            return target, Because.SIGNATURE, f"It is of use to {title} alone; its cells are not imported."
        if target == NOTES:
            return target, Because.SIGNATURE, f"A column of {title} that is no field of a lead; kept in the notes."
        return target, Because.SIGNATURE, f"{title} writes it under this header."
    if is_opt_out(header):
        return NOTES, Because.ALIAS, "Says who wants to be left alone; kept in the notes, and never read as consent."
    if clean_header(header) in OURS:
        return IGNORED, Because.SIGNATURE, "It says what was wrong when the row was rejected."
    if is_running_number(header) and all(text.isdecimal() and len(text) <= LONGEST_COUNT for text in column.samples):
        return IGNORED, Because.ALIAS, "It only counts the rows."
    target = target_of(header)
    if target == EXTERNAL_ID and all(text.isdigit() and len(text) <= SMALL_NUMBER for text in column.samples):
        return (
            NOTES,
            Because.ALIAS,
            "Its numbers are small, and may count the rows of this file only; kept in the notes.",
        )
    if target == "designation" and column.samples and all(map(is_honorific, column.samples)):
        return "namePrefix", Because.CONTENT, "It has what stands before a name, such as Ms."
    if target == "state" and column.samples and all(map(is_status, column.samples)):
        return "leadStatus", Because.CONTENT, "It has the states of leads, not those of a country."
    if target in ("name", "companyName", EXTERNAL_ID) and (held := _kind_held(column)):
        return held[0], Because.CONTENT, held[1]
    if target is not None:
        return target, Because.ALIAS, "Its header says so."
    return NOTES, Because.UNKNOWN, "No field of a lead is known for it; its cells are kept in the notes."


def _kind_held(column: ColumnSurvey) -> tuple[str, str] | None:
    """Return the target that the cells of a column say by themselves, and the words for it."""
    if column.looked_at < FEWEST_CELLS:
        return None
    kinds, total = column.kinds, column.looked_at
    emails, phones = kinds["email"] + kinds["mixed"], kinds["phone"]
    for count, target, words in (
        (emails, "email", "e-mail addresses"),
        (phones, "phoneNumber", "phone numbers"),
        (emails + phones, "phoneNumber", "phone numbers or e-mail addresses"),
    ):
        if count >= MOST * total:
            return target, f"{count} of {total} cells that were looked at are {words}."
    return None


def _by_content(header: str, column: ColumnSurvey, targets: set[str], region: str | None) -> Recognised | None:
    """Return what a column that nobody knows holds: addresses always, numbers only where they can be no others."""
    held = _kind_held(column)
    if held is None:
        return None
    target, reason = held
    if not any(map(str.isalpha, clean_header(header))) or is_placeholder(header):
        return target, Because.CONTENT, reason
    if target in targets or (target == "phoneNumber" and numbers_no_phone(header)):
        return None
    if target == "phoneNumber" and column.numbers and not _has_country_codes(column):
        share, where = plausible(column, region)
        if share < MOST:
            return None
        reason = f"{reason} {round(share * 100)} % of them are valid in {country_name(where)}."
    return target, Because.CONTENT, reason


def _has_country_codes(column: ColumnSurvey) -> bool:
    codes = sum(number.startswith("+") for _, number in column.numbers)
    return codes >= MOST * len(column.numbers)
