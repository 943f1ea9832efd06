"""Websites, phone numbers and time zones as people write them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadconnect.accounts import queries
from leadconnect.accounts.locales import time_zone
from leadconnect.auth.services import Services
from leadconnect.database.transaction import directory
from leadconnect.errors import ValidationFailed
from leadconnect.profile.fields import WEBSITE_PATTERN, AppChanges, phone_number, website_address
from leadconnect.profile.models import DefaultView, ExportFormat
from leadconnect.wire import decode, values_of


@pytest.mark.parametrize(
    "address",
    [
        "rao.example", "www.rao.example", "https://rao.example", "http://rao.example/shop?a=1#b", "HTTPS://RAO.EXAMPLE",
        "rao.example:8080/x", "bücher.example", "https://例え.テスト", "a-b.co.uk/", "http://192.0.2.7/x",
    ],
)  # fmt: skip
def test_a_web_address(address: str) -> None:
    assert website_address(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "javascript://rao.example/%0aalert(1)", "data:text/html,x", "ftp://rao.example",
        "//rao.example", "https://", "rao", "rao .example", "https://rao.example/ x", "mailto:a@rao.example",
        "https://user:secret@rao.example", "-a.example", "file:///etc/passwd", "https:rao.example", "rao..example",
    ],
)  # fmt: skip
def test_no_web_address(address: str) -> None:
    assert website_address(address) is not None


@settings(deadline=None)
@given(st.from_regex(re.compile(WEBSITE_PATTERN.partition("|")[2], re.ASCII), fullmatch=True))
def test_what_the_description_calls_a_website_is_one(address: str) -> None:
    assert website_address(address) is None


@given(st.text(st.characters(codec="utf-8"), max_size=30), st.from_regex(r"[a-z][a-z0-9+.-]*:", fullmatch=True))
def test_no_scheme_but_http_and_https_is_taken(rest: str, scheme: str) -> None:
    assert scheme in ("http:", "https:") or website_address(f"{scheme}//{rest}") is not None


@pytest.mark.parametrize(
    "number",
    ["", "+1 (555) 123-4567", "+91 98765 43210", "020/12 34-5", "+49.30.1234567", "555-1234 ext. 7", "٠١٢٣٤٥٦٧٨٩"],
)
def test_a_phone_number(number: str) -> None:
    assert phone_number(number) is None


@pytest.mark.parametrize("number", [" ", "none", "+", "12\n34", "12\x0034"])
def test_no_phone_number(number: str) -> None:
    assert phone_number(number) is not None


def test_a_time_zone_is_one_that_the_database_of_zones_has() -> None:
    assert time_zone("Asia/Kolkata") is time_zone("UTC") is None
    for name in ("", "IST2", "asia/kolkata", "Mars/Olympus", "../etc/passwd", "posixrules"):
        assert time_zone(name) is not None


async def test_a_time_zone_that_postgresql_does_not_know_is_told(services: Services) -> None:
    async with directory(services.database) as connection:
        for name in ("Asia/Kolkata", "Asia/Calcutta", "Europe/Kiev", "Europe/Kyiv", "US/Eastern"):
            await queries.check_time_zone(connection, name)
    with pytest.raises(ValidationFailed):
        async with directory(services.database) as connection:
            await queries.check_time_zone(connection, "Mars/Olympus")


@pytest.mark.parametrize("number", [10, 20, 30, 40, 50, 100])
def test_a_number_of_items_may_be_a_number_or_a_text(number: int) -> None:
    for written in (f"{number}", f'"{number}"'):
        assert str(decode(f'{{"itemsPerPage": {written}}}'.encode(), AppChanges).items_per_page) == str(number)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("user_preferences_default_view_check", values_of(DefaultView)),
        ("user_preferences_export_format_check", values_of(ExportFormat)),
        ("user_preferences_items_per_page_check", ("10", "20", "30", "40", "50", "100")),
    ],
)
async def test_the_database_takes_the_values_of_the_wire_and_no_other(
    services: Services, constraint: str, values: tuple[str, ...]
) -> None:
    async with services.database.acquire() as connection:
        definition = await connection.fetchval(
            "select pg_get_constraintdef(oid) from pg_constraint where conname = $1", constraint
        )
    assert sorted(part.partition("'")[0] for part in definition.split("'")[1::2]) == sorted(values)
