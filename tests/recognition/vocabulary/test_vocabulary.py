"""The words by which values are known."""

import pytest

from leadconnect.leads.models import CustomerCategory, LeadSource, LeadStatus
from leadconnect.recognition.headers import header_key
from leadconnect.recognition.vocabulary.spellings import KINDS_OF_SOURCE, SPELLINGS
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
