"""Where an account's national phone numbers are dialled."""

from zoneinfo import available_timezones

import phonenumbers
import pytest

from leadconnect.accounts.regions import default_region, region_of_time_zone


@pytest.mark.parametrize(
    ("locale", "time_zone", "region"),
    [
        ("en-IN", "UTC", "IN"),
        ("en-GB", "Asia/Kolkata", "GB"),
        ("en", "Asia/Kolkata", "IN"),
        ("en", "Asia/Calcutta", "IN"),
        ("de", "Europe/Vienna", "AT"),
        ("zh-TW", "Asia/Shanghai", "TW"),
        ("en", "US/Eastern", "US"),
        ("en", "UTC", None),
        ("en", "Etc/GMT-5", None),
    ],
)
def test_an_account_is_where_its_locale_says_and_else_where_its_clock_is(
    locale: str, time_zone: str, region: str | None
) -> None:
    assert default_region(locale, time_zone) == region


def test_a_zone_that_a_city_names_has_a_region_that_phones_know() -> None:
    cities = [
        zone for zone in available_timezones() if zone.partition("/")[0] in ("Africa", "America", "Asia", "Europe")
    ]
    found = {zone: region_of_time_zone(zone) for zone in cities}
    assert len(found) > 300
    assert [zone for zone, region in found.items() if region not in phonenumbers.SUPPORTED_REGIONS] == []
