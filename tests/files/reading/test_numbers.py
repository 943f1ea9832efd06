"""Numbers of a sheet as it shows them."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.files.reading.workbook.numbers import EPOCH, instant_of, plain, shower


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("5", "5"),
        ("5.0", "5"),
        ("-5", "-5"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.3"),
        ("919876543210", "919876543210"),
        ("9.1987654321E+11", "919876543210"),
        ("123456789012345", "123456789012345"),
        ("1.23456789012345E+14", "123456789012345"),
        ("12345678901234567890", "12345678901234567890"),
        ("007", "007"),
        ("1E+30", "1E+30"),
        ("1E+999", "1E+999"),
        ("nan", "nan"),
        ("1_000", "1_000"),
        ("twelve", "twelve"),
    ],
)
def test_a_number_without_format_keeps_its_digits(stored: str, shown: str) -> None:
    assert plain(stored) == shown


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [
        ("yyyy-mm-dd", "46229", "2026-07-26"),
        ("dd/mm/yyyy", "46229.375", "2026-07-26"),
        ("d-mmm-yy", "46229", "2026-07-26"),
        ("mmm yyyy", "46229", "2026-07-26"),
        ("[$-409]d mmmm yyyy;@", "46229", "2026-07-26"),
        ("yyyy\\-mm\\-dd\\ hh:mm", "46229.375", "2026-07-26 09:00"),
        ("m/d/yy h:mm AM/PM", "46229.75", "2026-07-26 18:00"),
        ("yyyy-mm-dd hh:mm:ss", "46229.37503472222", "2026-07-26 09:00:03"),
        ("yyyy-mm-dd hh:mm", "46229", "2026-07-26"),
        ("h:mm", "0.375", "09:00"),
        ("h:mm", "46229.375", "2026-07-26 09:00"),
        ("h:mm", "0", "00:00"),
        ("[h]:mm", "1.5", "36:00:00"),
        ("yyyy-mm-dd", "1", "1900-01-01"),
        ("yyyy-mm-dd", "59", "1900-02-28"),
        ("yyyy-mm-dd", "61", "1900-03-01"),
        ("yyyy-mm-dd", "60", "60"),
        ("yyyy-mm-dd", "-1", "-1"),
        ("yyyy-mm-dd", "2958466", "2958466"),
        ("yyyy-mm-dd", "many", "many"),
        ("0%", "0.125", "13%"),
        ("0.00%", "0.125", "12.50%"),
        ("0.00%", "1E+300", "1E+300"),
        ("00000", "1234", "01234"),
        ("000000", "411001", "411001"),
        ("00000", "1234567", "1234567"),
        ("00000-0000", "12345678", "01234-5678"),
        ("(000) 000-0000", "2015550123", "(201) 555-0123"),
        ("\\+00", "919876543210", "+919876543210"),
        ("0", "1234", "1234"),
        ("0.00", "12.5", "12.5"),
        ("#,##0.00", "1234567.5", "1234567.5"),
        ('#,##0 "days"', "3", "3"),
        ("[Red]0.0", "3", "3"),
        ('"Order" 0', "17", "Order 17"),
        ("General", "5", "5"),
        ("@", "5", "5"),
        ("", "5", "5"),
    ],
)
def test_a_format_says_what_is_shown(code: str, stored: str, shown: str) -> None:
    assert shower(code, is_1904=False)(stored) == shown


def test_days_may_be_counted_from_1904() -> None:
    assert shower("yyyy-mm-dd", is_1904=True)("44767") == "2026-07-26"
    assert shower("yyyy-mm-dd", is_1904=True)("0") == "1904-01-01"
    assert shower("yyyy-mm-dd", is_1904=True)("2957004") == "2957004"


def test_the_end_of_the_last_day_is_no_instant() -> None:
    assert instant_of("2958465.9999999", is_1904=False) is None


@given(st.datetimes(min_value=datetime(1900, 3, 1), max_value=datetime(9999, 12, 31)))
def test_every_instant_comes_back_to_the_second(instant: datetime) -> None:
    instant = instant.replace(microsecond=0)
    days = (instant - EPOCH) / timedelta(days=1)
    assert instant_of(repr(days), is_1904=False) == instant


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_format_and_no_text_makes_it_fail(code: str, stored: str) -> None:
    assert isinstance(shower(code, is_1904=False)(stored), str)


@given(st.text('0#.,%ymdhs[]"\\; -()@_*E+?/', max_size=12), st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_makes_a_format_fail(code: str, number: float) -> None:
    assert isinstance(shower(code, is_1904=False)(repr(number)), str)
