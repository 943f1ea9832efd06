"""What the query of the list means, and the small rules of leads."""

import re
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.database.pool import Database
from leadconnect.errors import ValidationFailed
from leadconnect.leads.models import CustomerCategory, LeadSource, LeadStatus, text_key
from leadconnect.leads.selection import FollowupFilter, LeadFilters, LeadQuery, followup_days
from leadconnect.wire import decode_query, values_of

TODAY = date(2026, 2, 26)
LEAD_ID = UUID("018f0000-0000-7000-8000-000000000001")


def filters(query: str) -> LeadFilters:
    return decode_query(query.encode(), LeadQuery).filters()


def refusals(query: str) -> list[str]:
    with pytest.raises(ValidationFailed) as caught:
        decode_query(query.encode(), LeadQuery)
    assert isinstance(caught.value.message, list)
    return caught.value.message


def test_no_query_means_the_first_ten_of_all_leads() -> None:
    query = decode_query(b"", LeadQuery)
    assert (query.page, query.limit) == (1, 10)
    assert query.filters() == LeadFilters()


def test_empty_values_count_as_absent() -> None:
    assert filters("search=&status=&category=&city=,&sector=%20&followupDateFilter=") == LeadFilters()


@pytest.mark.parametrize(
    "query", ["status=new&status=hot", "status=new,hot", "status=HOT,%20New%20", "status=hot,New+Lead"]
)
def test_a_status_filter_takes_lists_and_spellings(query: str) -> None:
    assert filters(query).statuses == ("hot", "new")


@pytest.mark.parametrize(
    ("query", "begin"),
    [
        ("status=bogus", "status must be one of: new"),
        ("status=new,bogus", "status must be one of: new"),
        ("category=bogus", "category must be one of: existing"),
        ("category=existing&category=potential", "category must be given once"),
        ("followupDateFilter=soon", "followupDateFilter must be one of: overdue"),
        ("page=0", "page must be at least 1"),
        ("page=-1", "page must be at least 1"),
        ("page=1.5", "page must be a whole number"),
        ("page=abc", "page must be a whole number"),
        ("page=1e2", "page must be a whole number"),
        ("page=9223372036854775807", "page must be"),
        ("page=1&page=2", "page must be given once"),
        ("limit=0", "limit must be at least 1"),
        ("limit=1001", "limit must be at most 1000"),
        ("limit=" + "9" * 31, "limit must be"),
        ("limit=", "limit must be a whole number"),
        ("sortBy=name", "property sortBy should not exist"),
        ("page[]=1", "property page[] should not exist"),
        ("status[a]=new", "property status[a] should not exist"),
        ("search=a%00b", "search must not have control characters"),
        ("search=" + "x" * 256, "search must be at most 255"),
        ("city=" + "x" * 256, "city must be"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(query: str, begin: str) -> None:
    (message,) = refusals(query)
    assert message.startswith(begin)


def test_all_wrong_values_are_named_at_once() -> None:
    assert len(refusals("status=bogus&category=x&page=0&limit=1001&foo=1")) == 5


def test_a_search_keeps_its_blanks_unless_it_has_nothing_else() -> None:
    assert filters("search=rao%20").search == "rao "
    assert filters("search=%20%20").search == ""


def test_a_city_with_commas_is_found_by_its_whole_name() -> None:
    keys = filters("city=Washington,%20D.C.&city=Pune").city_keys
    assert {"washington, d.c.", "pune"} <= set(keys)


@given(st.text())
def test_a_key_forgets_case_and_blanks_and_stays_as_it_is(value: str) -> None:
    key = text_key(value)
    assert key is None or (key and key == key.strip())
    assert text_key(f"  {value}\t") == key
    assert text_key(key) == key


@pytest.mark.parametrize(
    ("left", "right"),
    [("PUNE", " pune "), ("MÜNCHEN", "mu\u0308nchen"), ("New  Delhi", "new delhi"), ("ΣΊΣΥΦΟΣ", "σίσυφος")],
)
def test_two_spellings_of_a_city_have_one_key(left: str, right: str) -> None:
    assert text_key(left) == text_key(right)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_day_is_in_exactly_one_follow_up_filter(day: date) -> None:
    spans = [followup_days(followup, TODAY) for followup in FollowupFilter]
    assert sum(begin <= day < end for begin, end in spans) == 1


@pytest.mark.parametrize(
    ("after_today", "expected"),
    [
        (-1, FollowupFilter.OVERDUE),
        (0, FollowupFilter.DUE_SOON),
        (7, FollowupFilter.DUE_SOON),
        (8, FollowupFilter.FUTURE),
    ],
)
def test_the_ends_of_the_follow_up_filters(after_today: int, expected: FollowupFilter) -> None:
    begin, end = followup_days(expected, TODAY)
    assert begin <= TODAY + timedelta(days=after_today) < end


@pytest.mark.parametrize(
    ("column", "enum"),
    [("lead_status", LeadStatus), ("lead_source", LeadSource), ("customer_category", CustomerCategory)],
)
async def test_the_table_takes_exactly_the_values_of_the_enum(
    column: str, enum: type[StrEnum], database: Database
) -> None:
    async with database.acquire() as connection:
        checks = await connection.fetch(
            """
            select pg_get_constraintdef(c.oid) as text
            from pg_constraint c
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
            where c.conrelid = 'leads'::regclass and c.contype = 'c' and a.attname = $1
            """,
            column,
        )
    (check,) = [row["text"] for row in checks]
    assert set(re.findall(r"'([^']+)'::text", check)) == set(values_of(enum))
