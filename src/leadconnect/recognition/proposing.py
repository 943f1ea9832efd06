"""From the header and the survey of a file to what each of its columns is, with the reason and the evidence."""

from collections.abc import Iterator, Sequence

from phonenumbers import SUPPORTED_REGIONS

from leadconnect.accounts.countries import region_of_country
from leadconnect.errors import FieldCode, FieldError, ValidationFailed
from leadconnect.files.reading.records import OURS, Described
from leadconnect.recognition.choices import list_values
from leadconnect.recognition.evidence import Finding, order_found, proved_order, region_found
from leadconnect.recognition.headers import (
    HEADER_LENGTH,
    clean_header,
    fingerprint,
)
from leadconnect.recognition.models import (
    TARGETS,
    Because,
    ColumnChoice,
    ColumnPlan,
    DateOrder,
    Mapping,
    Recognised,
)
from leadconnect.recognition.rows.columns import DATE_FIELDS
from leadconnect.recognition.survey import Survey
from leadconnect.recognition.systems import Origin, origin_of
from leadconnect.recognition.targets import recognised
from leadconnect.recognition.values import ValueRules


def propose(
    described: Described,
    survey: Survey,
    *,
    region: str | None = None,
    day_first: bool = True,
    remembered: Mapping | None = None,
    choices: Sequence[ColumnChoice] = (),
    values: ValueRules | None = None,
) -> Mapping:
    """Return how a file is read.

    `choices` win over a `remembered` mapping of the same fingerprint, that over the header's signature and aliases,
    and those over what the cells look like. `values` win over the remembered ones. `region` (ISO 3166-1 alpha-2) and
    `day_first` are the account's, for numbers and days that the file leaves open.

    Raises:
        ValidationFailed: a choice names a column, target or region that there is not; one message a fault.
    """
    _check(choices, described)
    mark = fingerprint(described.header)
    origin = origin_of(described.header)
    remembered = remembered if remembered and remembered.fingerprint == mark else None
    known = _known(remembered, described.header) if remembered else {}
    targets = _overruled(recognised(described, survey, origin, region), known, choices)
    rules = (values or ValueRules()).over(remembered.values if remembered else None)
    mapping = Mapping(
        system=origin.system.name if origin else None,
        fingerprint=mark,
        columns=_columns(described, survey, targets),
        values=rules,
    )
    chosen = {choice.position: choice for choice in choices}
    _find_orders(mapping, survey, origin, known, chosen, day_first=day_first)
    _find_regions(mapping, survey, known, chosen, region)
    list_values(mapping, survey)
    return mapping


def _columns(described: Described, survey: Survey, targets: Sequence[Recognised]) -> list[ColumnPlan]:
    return [
        ColumnPlan(
            position=at,
            header=clean_header(header[:HEADER_LENGTH]),
            target=target,
            because=because,
            filled_count=survey.column(at).filled_count,
            samples=survey.column(at).samples,
            reason=reason,
        )
        for at, (header, (target, because, reason)) in enumerate(zip(described.header, targets, strict=True))
    ]


def _known(remembered: Mapping, header: Sequence[str]) -> dict[int, ColumnPlan]:
    """Return what was confirmed of the columns of `header`, by their positions: those of a reject file, which are not
    the sender's and may stand elsewhere than before, are passed over on both sides.
    """
    own = [at for at, cell in enumerate(header) if clean_header(cell) not in OURS]
    return dict(zip(own, (plan for plan in remembered.columns if plan.header not in OURS), strict=False))


def _overruled(
    proposed: list[Recognised], known: dict[int, ColumnPlan], choices: Sequence[ColumnChoice]
) -> list[Recognised]:
    """Return what each column is taken for once what was confirmed before, and then what was chosen, are minded."""
    found = list(proposed)
    for at, plan in known.items():
        if plan.target in TARGETS:
            found[at] = plan.target, Because.REMEMBERED, "As it was confirmed for these columns before."
    for choice in choices:
        if choice.target is not None:
            found[choice.position] = choice.target, Because.CHOSEN, "As it was chosen."
    return found


def _check(choices: Sequence[ColumnChoice], described: Described) -> None:
    faults = []
    for at, choice in enumerate(choices):
        if choice.position >= len(described.header):
            message = f"position {choice.position} is beyond the last column of the file"
            faults.append(FieldError(f"columns.{at}.position", FieldCode.RANGE, message))
        if choice.region is not None and choice.region not in SUPPORTED_REGIONS:
            message = f"region {choice.region} is no country with phone numbers"
            faults.append(FieldError(f"columns.{at}.region", FieldCode.ENUM, message))
    if faults:
        raise ValidationFailed(list({fault.message: fault for fault in reversed(faults)}.values())[::-1])


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
