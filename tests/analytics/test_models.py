"""Percentages are rounded to two decimals, a half upwards, and exactly."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.analytics.models import percentage


@pytest.mark.parametrize(
    ("part", "whole", "found"), [(2, 13, 15.38), (12, 13, 92.31), (1, 800, 0.13), (0, 5, 0), (5, 5, 100), (0, 0, 0)]
)
def test_a_percentage_has_two_decimals(part: int, whole: int, found: float) -> None:
    assert percentage(part, whole) == found


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_percentage_is_rounded_as_on_paper(part: int, whole: int) -> None:
    on_paper = (Decimal(100 * part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert percentage(part, whole) == float(on_paper)
