"""Reading calendar days in the spellings of people and spreadsheets."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.recognition.models import DateOrder
from leadconnect.recognition.rows.dates import SERIAL_ORIGIN, UnknownDay, is_ambiguous, order_of, parse_day

TODAY = date(2026, 7, 26)


def parse(spelling: str, *, is_day_first: bool = True, is_past: bool = False) -> date:
    return parse_day(spelling, is_day_first=is_day_first, is_past=is_past, today=TODAY)


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("2026-07-26", date(2026, 7, 26)),
        ("2026-7-6", date(2026, 7, 6)),
        (" 2026-07-26T23:59:59.999+03:00 ", date(2026, 7, 26)),
        ("2024-03-12 09:14", date(2024, 3, 12)),
        ("2026/07/26 9:00", date(2026, 7, 26)),
        ("2026.07.26", date(2026, 7, 26)),
        ("20260726", date(2026, 7, 26)),
        ("26/07/2026", date(2026, 7, 26)),
        ("26.7.2026", date(2026, 7, 26)),
        ("26-07-26", date(2026, 7, 26)),
        ("07/26/2026 10:30 PM", date(2026, 7, 26)),
        ("12 Mar 2024", date(2024, 3, 12)),
        ("15-Jan-24", date(2024, 1, 15)),
        ("3rd September 2024", date(2024, 9, 3)),
        ("1. Sept 2024", date(2024, 9, 1)),
        ("March 12, 2024", date(2024, 3, 12)),
        ("Mar 12 2024 10:00", date(2024, 3, 12)),
        ("46280", date(2026, 9, 15)),
        ("46280.75", date(2026, 9, 15)),
        ("1768435200", date(2026, 1, 15)),
        ("1768435200000", date(2026, 1, 15)),
        ("Tue, 12 Mar 2024 10:00:00 +0000", date(2024, 3, 12)),
        ("12Mar2024", date(2024, 3, 12)),
        ("12. März 2024", date(2024, 3, 12)),
        ("3. Dez. 2023", date(2023, 12, 3)),
        ("1er août 2024", date(2024, 8, 1)),
        ("14 juil. 2024", date(2024, 7, 14)),
        ("12 de marzo de 2024", date(2024, 3, 12)),
        ("5-ene-24", date(2024, 1, 5)),
        ("12 मार्च 2024", date(2024, 3, 12)),
        ("१२ फरवरी २०२४", date(2024, 2, 12)),
        ("12 مارس، 2024", date(2024, 3, 12)),
        ("5 كانون الثاني 2024", date(2024, 1, 5)),
        ("٢٦/٧/٢٠٢٤", date(2024, 7, 26)),
    ],
)
def test_a_day_is_read(spelling: str, expected: date) -> None:
    assert parse(spelling) == expected


def test_the_order_of_two_small_numbers_is_the_columns() -> None:
    assert parse("03/04/2024", is_day_first=True) == date(2024, 4, 3)
    assert parse("03/04/2024", is_day_first=False) == date(2024, 3, 4)


@pytest.mark.parametrize(
    "spelling",
    ["", "soon", "31/02/2024", "2024-02-30", "1990", "13/13/2024", "0/1/2024", "12 Foo 2024", "1/2", "9999999999999",
     "12 Marzipan 2024", "06 12 34 56 78", "04 50 11 22 33", "2026-07-26 or so", "2024-01-01" + "0" * 1000, "1/2-2024",
     "-5"],
)  # fmt: skip
def test_what_is_no_day_is_refused(spelling: str) -> None:
    with pytest.raises(UnknownDay):
        parse(spelling)


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("26/07/2024", DateOrder.DAY_FIRST),
        (" 31.12.24 ", DateOrder.DAY_FIRST),
        ("07/26/2024 10:00", DateOrder.MONTH_FIRST),
        ("03/04/2024", None),
        ("2024-13-01", None),
        ("26/26/2024", None),
        ("50/11/2024", None),
        ("06 12 34 56 78", None),
        ("x", None),
        ("", None),
    ],
)
def test_a_day_proves_its_order_by_a_number_over_twelve(spelling: str, expected: DateOrder | None) -> None:
    assert order_of(spelling) is expected


def test_a_day_is_ambiguous_where_the_other_order_is_another_day() -> None:
    assert is_ambiguous("03/04/2024")
    assert not any(map(is_ambiguous, ("04/04/2024", "26/07/2024", "2024-03-04", "3 April 2024", "")))


def test_a_two_digit_year_of_a_past_day_never_lies_ahead() -> None:
    assert parse("15-Jan-50", is_past=True) == date(1950, 1, 15)
    assert parse("15-Jan-50") == date(2050, 1, 15)
    assert parse("15/01/85", is_past=True) == date(1985, 1, 15)
    assert parse("15/01/2050", is_past=True) == date(2050, 1, 15)


@given(st.dates(date(1970, 1, 1), date(2068, 12, 31)), st.booleans())
def test_every_day_survives_every_spelling(day: date, is_day_first: bool) -> None:
    order = "%d/%m/%Y" if is_day_first else "%m/%d/%Y"
    for spelling in (day.isoformat(), day.strftime(order), day.strftime("%d %b %Y"), day.strftime("%d-%b-%y"),
                     str((day - SERIAL_ORIGIN) // timedelta(days=1))):  # fmt: skip
        assert parse(spelling, is_day_first=is_day_first) == day


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{1,14}([-/. ][0-9a-z]{1,6}){0,3}", fullmatch=True))
def test_any_text_is_a_day_or_refused(spelling: str) -> None:
    order_of(spelling)
    is_ambiguous(spelling)
    with contextlib.suppress(UnknownDay):
        assert isinstance(parse(spelling, is_past=True), date)
