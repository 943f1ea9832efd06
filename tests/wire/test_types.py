"""How instants are written."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import example, given
from hypothesis import strategies as st

from leadconnect.wire import instant, instant_at

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_MICROSECOND = 2**33 * 1_000_000 - 1
"""Up to here the doubles lie closer together than microseconds do."""


def test_an_instant_is_written_in_utc_with_milliseconds() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    assert instant(datetime(2031, 3, 4, 5, 6, 7, 890_999, UTC)) == "2031-03-04T05:06:07.890Z"
    assert instant(datetime(2031, 3, 4, 5, 6, 7, tzinfo=india)) == "2031-03-03T23:36:07.000Z"


@example(LAST_MICROSECOND)
@given(st.integers(0, LAST_MICROSECOND) | st.integers(0, LAST_MICROSECOND // 1_000).map(lambda number: number * 1_000))
def test_an_instant_in_seconds_is_written_as_the_same_instant(microseconds: int) -> None:
    """In seconds as PostgreSQL counts them, whole microseconds divided once; also where a millisecond just begins."""
    assert instant_at(microseconds / 1_000_000) == instant(EPOCH + timedelta(microseconds=microseconds))
