"""How instants are written."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from leadconnect.wire import instant, instant_at

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2255, 1, 1), timezones=st.just(UTC))


def test_an_instant_is_written_in_utc_with_milliseconds() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    assert instant(datetime(2031, 3, 4, 5, 6, 7, 890_999, UTC)) == "2031-03-04T05:06:07.890Z"
    assert instant(datetime(2031, 3, 4, 5, 6, 7, tzinfo=india)) == "2031-03-03T23:36:07.000Z"


@given(MOMENTS)
def test_an_instant_in_seconds_is_written_as_the_same_instant(moment: datetime) -> None:
    """In seconds as PostgreSQL counts them: whole microseconds, divided once."""
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) / 1_000_000
    assert instant_at(seconds) == instant(moment)
