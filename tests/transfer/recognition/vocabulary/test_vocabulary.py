"""The words by which values, countries and months are known."""

import pytest

from leadconnect.leads.models import CustomerCategory, LeadSource, LeadStatus
from leadconnect.transfer.recognition.headers import header_key
from leadconnect.transfer.recognition.vocabulary.countries import country_name, region_of
from leadconnect.transfer.recognition.vocabulary.spellings import KINDS_OF_SOURCE, SPELLINGS
from leadconnect.wire import values_of


@pytest.mark.parametrize("field", SPELLINGS)
def test_a_spelling_means_one_value(field: str) -> None:
    seen: dict[str, str] = {}
    for value, spellings in SPELLINGS[field].items():
        for spelling in spellings:
            key = header_key(spelling)
            assert key
            assert seen.setdefault(key, value) == value, spelling


def test_a_kind_of_a_source_is_no_spelling_of_one() -> None:
    known = {header_key(spelling) for spellings in SPELLINGS["leadSource"].values() for spelling in spellings}
    kinds = [header_key(kind) for kinds in KINDS_OF_SOURCE.values() for kind in kinds]
    assert known.isdisjoint(kinds)
    assert len(kinds) == len(set(kinds))


def test_every_value_is_spelled_by_itself() -> None:
    for field, kind in (("customerCategory", CustomerCategory), ("leadStatus", LeadStatus), ("leadSource", LeadSource)):
        assert set(SPELLINGS[field]) == set(values_of(kind))
        assert all(value in spellings for value, spellings in SPELLINGS[field].items())


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("India", "IN"), ("in", "IN"), ("IND", "IN"), ("भारत", "IN"), ("الهند", "IN"), ("Inde", "IN"), ("+91", "IN"),
        ("Deutschland", "DE"), ("Alemania", "DE"), ("0049", "DE"), ("U.S.A.", "US"), ("États-Unis", "US"), ("UK", "GB"),
        ("United Kingdom", "GB"), ("UAE", "AE"), ("السعودية", "SA"), ("Mars", None), ("", None), ("999999", None),
        ("++91", "IN"), ("0+91", "IN"), ("+", None),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_names_and_codes(country: str, region: str | None) -> None:
    assert region_of(country) == region


def test_a_region_has_an_english_name() -> None:
    assert (country_name("DE"), country_name("XX")) == ("Germany", "XX")
