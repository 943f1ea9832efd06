"""From the header and the survey of a file to what each of its columns is, with the reason and the evidence."""

from collections.abc import Iterator, Sequence

from phonenumbers import SUPPORTED_REGIONS

from leadconnect.accounts.countries import region_of_country
from leadconnect.errors import ValidationFailed
from leadconnect.transfer.reading.records import OURS, Described
from leadconnect.transfer.recognition.evidence import Finding, order_found, proved_order, region_found
from leadconnect.transfer.recognition.headers import (
    HEADER_LENGTH,
    clean_header,
    fingerprint,
    is_honorific,
    is_opt_out,
    is_placeholder,
    is_running_number,
    is_weak,
    target_of,
)
from leadconnect.transfer.recognition.models import (
    EXTERNAL_ID,
    IGNORED,
    NOTES,
    TARGETS,
    Because,
    ColumnChoice,
    ColumnPlan,
    DateOrder,
    Mapping,
)
from leadconnect.transfer.recognition.rows.columns import DATE_FIELDS, is_status
from leadconnect.transfer.recognition.survey import ColumnSurvey, Survey
from leadconnect.transfer.recognition.systems import Origin, origin_of

MOST = 0.8
"""Which part of the cells must be of a kind before they overrule, or stand in for, a header."""
FEWEST_CELLS = 2
"""Filled cells by which a column is recognised without a header of its own."""
SMALL_NUMBER = 4
"""Digits of an id that may as well be the number of the row."""

LONGEST_COUNT = 7
"""Digits of the number of the last row."""

Recognised = tuple[str, Because, str]
"""A target, why, and the same in people's words."""


def propose(
    described: Described,
    survey: Survey,
    *,
    region: str | None = None,
    day_first: bool = True,
    remembered: Mapping | None = None,
    choices: Sequence[ColumnChoice] = (),
) -> Mapping:
    """Return how a file is read.

    `choices` win over a `remembered` mapping of the same fingerprint, that over the header's signature and aliases,
    and those over what the cells look like. `region` (ISO 3166-1 alpha-2) and `day_first` are the account's, for
    numbers and days that the file leaves open.

    Raises:
        ValidationFailed: a choice names a column, target or region that there is not; one message a fault.
    """
    _check(choices, described)
    mark = fingerprint(described.header)
    origin = origin_of(described.header)
    known = _known(remembered, described.header) if remembered and remembered.fingerprint == mark else {}
    recognised = _overruled(_recognised(described, survey, origin), known, choices)
    columns = [
        ColumnPlan(
            position=at,
            header=clean_header(header[:HEADER_LENGTH]),
            target=target,
            because=because,
            filled_count=survey.column(at).filled_count,
            samples=survey.column(at).samples,
            reason=reason,
        )
        for at, (header, (target, because, reason)) in enumerate(zip(described.header, recognised, strict=True))
    ]
    mapping = Mapping(system=origin.system.name if origin else None, fingerprint=mark, columns=columns)
    chosen = {choice.position: choice for choice in choices}
    _find_orders(mapping, survey, origin, known, chosen, day_first=day_first)
    _find_regions(mapping, survey, known, chosen, region)
    return mapping


def _known(remembered: Mapping, header: Sequence[str]) -> dict[int, ColumnPlan]:
    """Return what was confirmed of the columns of `header`, by their positions: those of a reject file, which are not
    the sender's and may stand elsewhere than before, are passed over on both sides.
    """
    own = [at for at, cell in enumerate(header) if clean_header(cell) not in OURS]
    return dict(zip(own, (plan for plan in remembered.columns if plan.header not in OURS), strict=False))


def _overruled(
    recognised: list[Recognised], known: dict[int, ColumnPlan], choices: Sequence[ColumnChoice]
) -> list[Recognised]:
    """Return what each column is taken for once what was confirmed before, and then what was chosen, are minded."""
    found = list(recognised)
    for at, plan in known.items():
        if plan.target in TARGETS:
            found[at] = plan.target, Because.REMEMBERED, "As it was confirmed for these columns before."
    for choice in choices:
        if choice.target is not None:
            found[choice.position] = choice.target, Because.CHOSEN, "As it was chosen."
    return found


def missing(mapping: Mapping) -> list[str]:
    """Return what a lead needs and no column holds, in people's words; empty where rows can become leads."""
    targets = {plan.target for plan in mapping.columns}
    lacks = []
    if targets.isdisjoint({"name", "companyName", "firstName", "middleName", "lastName"}):
        lacks.append("a name (such as Name)")
    if targets.isdisjoint({"phoneNumber", "email"}):
        lacks.append("a phone number or an e-mail address (such as Phone Number, Email)")
    return lacks


def _check(choices: Sequence[ColumnChoice], described: Described) -> None:
    faults = []
    for choice in choices:
        if choice.position >= len(described.header):
            faults.append(f"position {choice.position} is beyond the last column of the file")
        if choice.region is not None and choice.region not in SUPPORTED_REGIONS:
            faults.append(f"region {choice.region} is no country with phone numbers")
    if faults:
        raise ValidationFailed(list(dict.fromkeys(faults)))


def _recognised(described: Described, survey: Survey, origin: Origin | None) -> list[Recognised]:
    """Return what each column is taken for by its header, or else by its cells."""
    header = described.header
    found = [_by_header(cell, at, survey.column(at), origin) for at, cell in enumerate(header)]
    targets = {target for target, _, _ in found}
    if origin is None and "name" in targets and ("firstName" in targets) != ("lastName" in targets):
        other = "lastName" if "firstName" in targets else "firstName"
        reason = f"It stands beside the {'first' if other == 'lastName' else 'last'} name."
        found = [(other, Because.ALIAS, reason) if one[0] == "name" else one for one in found]
    for at, (target, because, _) in enumerate(found):
        if because is Because.ALIAS and is_weak(header[at]) and _is_elsewhere(target, at, header, found):
            found[at] = NOTES, Because.ALIAS, "Another column says it better; its cells are kept in the notes."
        if because is Because.UNKNOWN and (by_content := _by_content(header[at], survey.column(at), targets)):
            found[at] = by_content
    return found


def _is_elsewhere(target: str, position: int, header: Sequence[str], found: Sequence[Recognised]) -> bool:
    """Tell whether a column other than that at `position` is meant to hold `target`."""
    return any(one[0] == target and at != position and not is_weak(header[at]) for at, one in enumerate(found))


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
    if target in ("name", "companyName") and (held := _kind_held(column)):
        return held[0], Because.CONTENT, held[1]
    if target is not None:
        return target, Because.ALIAS, "Its header says so."
    return NOTES, Because.UNKNOWN, "No field of a lead is known for it; its cells are kept in the notes."


def _kind_held(column: ColumnSurvey) -> tuple[str, str] | None:
    """Return the target that the cells of a column say by themselves, and the words for it."""
    for kind, target, words in (("email", "email", "e-mail addresses"), ("phone", "phoneNumber", "phone numbers")):
        if column.looked_at >= FEWEST_CELLS and column.share_of(kind) >= MOST:
            return target, f"{column.kinds[kind]} of {column.looked_at} cells that were looked at are {words}."
    return None


def _by_content(header: str, column: ColumnSurvey, targets: set[str]) -> Recognised | None:
    """Return what a column that nobody knows holds: addresses always, numbers only where they can be no others."""
    held = _kind_held(column)
    if held is None:
        return None
    target, reason = held
    is_telling = any(map(str.isalpha, clean_header(header))) and not is_placeholder(header)
    if is_telling and (target in targets or (target == "phoneNumber" and not _has_country_codes(column))):
        return None
    return target, Because.CONTENT, reason


def _has_country_codes(column: ColumnSurvey) -> bool:
    codes = sum(number.startswith("+") for _, number in column.numbers)
    return codes >= MOST * len(column.numbers)


def _find_orders(
    mapping: Mapping,
    survey: Survey,
    origin: Origin | None,
    known: dict[int, ColumnPlan],
    chosen: dict[int, ColumnChoice],
    *,
    day_first: bool,
) -> None:
    """Set in which order the columns of days write them, with the evidence."""
    plans = [plan for plan in mapping.columns if plan.target in DATE_FIELDS]
    proved = {proved_order(survey.column(plan.position)) for plan in mapping.columns} - {None}
    elsewhere = proved.pop() if len(proved) == 1 else None
    system = origin.system if origin else None
    for plan in plans:
        remembered = known[plan.position].date_order if plan.position in known else None
        guesses: list[tuple[DateOrder | None, str]] = [
            (remembered, "as it was confirmed before"),
            (elsewhere, "as another column of the file has it"),
            (system.date_order if system else None, f"as {system.title if system else ''} writes it"),
            (DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST, "as it is usual for your account"),
        ]
        found = order_found(survey.column(plan.position), guesses)
        choice = chosen.get(plan.position)
        if choice is not None and choice.date_order is not None:
            found = Finding("As it was chosen.", True, order=choice.date_order)
        plan.date_order, plan.date_order_evidence, plan.date_order_is_sure = found.order, found.evidence, found.is_sure


def _find_regions(
    mapping: Mapping,
    survey: Survey,
    known: dict[int, ColumnPlan],
    chosen: dict[int, ColumnChoice],
    region: str | None,
) -> None:
    """Set where the columns of phones are dialled, with the evidence."""
    named = list(_named_regions(mapping, survey))
    for plan in mapping.columns:
        if plan.target != "phoneNumber":
            continue
        remembered = known[plan.position].region if plan.position in known else None
        found = region_found(survey.column(plan.position), remembered or region, named)
        choice = chosen.get(plan.position)
        if choice is not None and choice.region is not None:
            found = Finding("As it was chosen.", True, region=choice.region)
        plan.region, plan.region_evidence = found.region, found.evidence


def _named_regions(mapping: Mapping, survey: Survey) -> Iterator[str]:
    for plan in mapping.columns:
        if plan.target == "country":
            yield from filter(None, (region_of_country(sample) for sample in survey.column(plan.position).samples))
