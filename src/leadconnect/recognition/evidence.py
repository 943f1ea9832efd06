"""What a survey proves: in which order a column writes its days, and where its phone numbers are dialled."""

from collections.abc import Iterable, Sequence

import msgspec
import phonenumbers

from leadconnect.accounts.countries import country_name
from leadconnect.recognition.models import DateOrder
from leadconnect.recognition.rows.cells import shown
from leadconnect.recognition.rows.contacts import Quality, quality_of
from leadconnect.recognition.survey import ColumnSurvey

USUAL_REGIONS = ("IN", "US", "GB", "DE", "FR", "ES", "AE", "SA")
"""Where numbers without a country code may be from, besides the regions that the file and the account name."""
MOST, HALF = 0.8, 0.5
"""Which part of the numbers must be valid in a region for it to be sure, and for it to be taken at all."""
ORDER_IN_WORDS = {DateOrder.DAY_FIRST: "the day comes first", DateOrder.MONTH_FIRST: "the month comes first"}


class Finding(msgspec.Struct, frozen=True):
    """What a column was found to be, by which evidence, and whether that is sure."""

    evidence: str
    is_sure: bool
    order: DateOrder | None = None
    region: str | None = None


def proved_order(column: ColumnSurvey) -> DateOrder | None:
    """Return the order that the cells of a column prove, unless they prove both."""
    return next(iter(column.orders)) if len(column.orders) == 1 else None


def order_found(column: ColumnSurvey, guesses: Sequence[tuple[DateOrder | None, str]]) -> Finding:
    """Return in which order a column writes its days: as a cell proves, or else the first of `guesses` that there is,
    each with the words that say where it comes from.
    """
    order = proved_order(column)
    if order is not None:
        proof = column.orders[order]
        return Finding(f"Line {proof.line}: in {shown(proof.cell)} {ORDER_IN_WORDS[order]}.", True, order=order)
    order, origin = next((guess, origin) for guess, origin in guesses if guess is not None)
    if len(column.orders) == 2:
        day, month = column.orders[DateOrder.DAY_FIRST], column.orders[DateOrder.MONTH_FIRST]
        evidence = (
            f"Line {day.line}: in {shown(day.cell)} the day comes first, but line {month.line}: in {shown(month.cell)} "
            f"the month does. Where both are possible {ORDER_IN_WORDS[order]}: {origin}."
        )
        return Finding(evidence, False, order=order)
    if not column.has_ambiguous_days:
        return Finding("No day in it could be read in two ways.", True, order=order)
    return Finding(f"No cell proves the order; that {ORDER_IN_WORDS[order]} is a guess: {origin}.", False, order=order)


def region_found(column: ColumnSurvey, default: str | None, named: Iterable[str]) -> Finding:
    """Return the region in which the numbers of a column that have no country code are dialled.

    It is `default` as long as half of them are valid there, or else the region in which most are; of equals one that
    the file names, as `named` or by its other numbers, and then one where numbers are grouped as these are.
    """
    bare = [(line, number) for line, number in column.numbers if not number.startswith(("+", "00"))]
    with_code = len(column.numbers) - len(bare)
    if not bare:
        say = "All numbers have their country code." if with_code else "There is no number in it."
        return Finding(say, with_code > 0, region=default)
    in_file = [*named, *_regions_with_code(column)]
    candidates = dict.fromkeys([*filter(None, [default]), *in_file, *USUAL_REGIONS])
    shares = {region: _valid_share(bare, region) for region in candidates}
    most = max(shares.values())
    equals = {region: (region in in_file, _grouped_share(bare, region)) for region in shares if shares[region] == most}
    best = default if default and shares[default] >= HALF else max(equals, key=equals.__getitem__)
    if shares[best] < HALF:
        say = f"Few of the {len(bare)} numbers without a country code are valid anywhere it was looked"
        return Finding(f"{say}; {_guess(default)}.", False, region=default)
    line, number = next((line, number) for line, number in bare if quality_of(number, best) is Quality.VALID)
    count = round(shares[best] * len(bare))
    say = f"{count} of {len(bare)} numbers without a country code are valid in {country_name(best)}, such as"
    is_sure = shares[best] >= MOST and (best == default or list(equals.values()).count(equals[best]) == 1)
    unsure = f" {with_code} have theirs." * (with_code > 0) + " This is a guess." * (not is_sure)
    return Finding(f"{say} {shown(number)} in line {line}.{unsure}", is_sure, region=best)


def plausible(column: ColumnSurvey, default: str | None) -> tuple[float, str]:
    """Return which part of the numbers without a country code is valid in the region `default`, or else in the usual
    one where most are; and which that is.
    """
    bare = [(line, number) for line, number in column.numbers if not number.startswith(("+", "00"))]
    if not bare:
        return 0.0, default or USUAL_REGIONS[0]
    shares = {region: _valid_share(bare, region) for region in filter(None, (default, *USUAL_REGIONS))}
    best = default if default and shares[default] >= HALF else max(shares, key=shares.__getitem__)
    return shares[best], best


def _guess(default: str | None) -> str:
    return f"{country_name(default)} is a guess, from your account" if default else "no country is taken"


def _regions_with_code(column: ColumnSurvey) -> list[str]:
    """Return the regions of the numbers that have a country code, the most frequent first."""
    counts: dict[str, int] = {}
    for _, number in column.numbers:
        if number.startswith(("+", "00")):
            text = f"+{number[2:]}" if number.startswith("00") else number
            try:
                region = phonenumbers.region_code_for_number(phonenumbers.parse(text))
            except phonenumbers.NumberParseException:
                continue
            if region in phonenumbers.SUPPORTED_REGIONS:
                counts[region] = counts.get(region, 0) + 1
    return sorted(counts, key=counts.__getitem__, reverse=True)


def _valid_share(numbers: Sequence[tuple[int, str]], region: str) -> float:
    return sum(quality_of(number, region) is Quality.VALID for _, number in numbers) / len(numbers)


def _grouped_share(numbers: Sequence[tuple[int, str]], region: str) -> float:
    """Return which part of `numbers` has its spaces where people in `region` put them."""
    return sum(_is_grouped(number, region) for _, number in numbers) / len(numbers)


def _is_grouped(number: str, region: str) -> bool:
    if number.isdigit():
        return False
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL) == number
