"""Days, weeks and months of an account begin where its clocks say so."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.analytics.calendar import Calendar, Span, calendar_of

ZONES = ["UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "America/Sao_Paulo", "Pacific/Auckland"]
DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def calendar(today: str, zone: str = "UTC", days: int = 7) -> Calendar:
    return calendar_of(date.fromisoformat(today), ZoneInfo(zone), days)


@pytest.mark.parametrize(
    ("today", "sunday"), [("2031-03-01", "2031-02-23"), ("2031-03-02", "2031-03-02"), ("2031-03-03", "2031-03-02")]
)
def test_a_week_begins_on_sunday(today: str, sunday: str) -> None:
    assert calendar(today).this_week.since == at(f"{sunday}T00:00Z")


def test_a_day_begins_at_midnight_of_the_zone() -> None:
    month = calendar("2031-03-05", "Asia/Kolkata").this_month
    assert month == Span(at("2031-02-28T18:30Z"), at("2031-03-05T18:30Z"))


def test_a_day_on_which_clocks_change_has_another_length() -> None:
    spring, autumn = calendar("2031-03-09", "America/New_York"), calendar("2031-11-02", "America/New_York")
    assert spring.this_week.until - spring.this_week.since == timedelta(hours=23)
    assert autumn.this_week.until - autumn.this_week.since == timedelta(hours=25)


def test_a_midnight_that_clocks_skip_is_the_moment_of_the_skip() -> None:
    assert calendar("2018-11-04", "America/Sao_Paulo").this_week.since == at("2018-11-04T03:00Z")


def test_the_months_reach_from_the_first_day_to_today_and_none_is_left_out() -> None:
    found = calendar("2031-03-05", days=40)
    assert found.first_day == date(2031, 1, 24)
    assert found.months == [
        ("2031-01", Span(at("2031-01-24T00:00Z"), at("2031-02-01T00:00Z"))),
        ("2031-02", Span(at("2031-02-01T00:00Z"), at("2031-03-01T00:00Z"))),
        ("2031-03", Span(at("2031-03-01T00:00Z"), at("2031-03-06T00:00Z"))),
    ]


@given(DAYS, st.sampled_from(ZONES), st.integers(1, 365))
def test_the_months_follow_each_other_without_a_gap(today: date, zone: str, days: int) -> None:
    found = calendar_of(today, ZoneInfo(zone), days)
    names, spans = [name for name, _ in found.months], [span for _, span in found.months]
    assert names == sorted(set(names))
    assert (names[0], names[-1]) == (f"{found.first_day:%Y-%m}", f"{today:%Y-%m}")
    assert len(names) <= 13
    assert [span.until for span in spans[:-1]] == [span.since for span in spans[1:]]
    for name, span in found.months:
        begin, end = (moment.astimezone(ZoneInfo(zone)) for moment in (span.since, span.until - timedelta(seconds=1)))
        assert f"{begin:%Y-%m}" == f"{end:%Y-%m}" == name
    assert spans[0].since.astimezone(ZoneInfo(zone)).date() == found.first_day
    assert spans[-1].until == found.this_month.until == found.this_week.until


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_a_span_is_its_whole_days_and_less_than_one_at_either_end(since: datetime, length: timedelta) -> None:
    span, day = Span(since, since + length), timedelta(days=1)
    assert span.since <= span.whole_since <= span.whole_until <= span.until
    assert span.whole_since - span.since < day
    assert span.until - span.whole_until < day
    if span.whole_since.date() != span.whole_until.date():
        assert span.whole_since.time() == span.whole_until.time() == datetime.min.time()
