"""What a sub-user is granted, from wherever in the body it is said."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.errors import ValidationFailed
from leadconnect.team.models import PERMISSIONS, NewSubUser
from leadconnect.wire import decode
from tests.team.managing import body

NAMES = list(PERMISSIONS.values())
SAID = st.dictionaries(st.sampled_from(NAMES), st.booleans())


def read(**changes: Any) -> NewSubUser:
    return decode(msgspec.json.encode(body(**changes)), NewSubUser)


@given(SAID, SAID)
def test_what_is_said_beside_and_within_counts_and_the_rest_is_the_default(
    beside: dict[str, bool], within: dict[str, bool]
) -> None:
    contradictions = [name for name in NAMES if name in beside and beside[name] is not within.get(name, beside[name])]
    if contradictions:
        with pytest.raises(ValidationFailed) as caught:
            read(**beside, permissions=within)
        assert caught.value.message == [f"{name} must not differ from permissions.{name}" for name in contradictions]
        return
    granted = read(**beside, permissions=within).granted()
    default = dict.fromkeys(NAMES, False) | {"canViewLeads": True}
    assert {PERMISSIONS[field]: value for field, value in granted.items()} == default | beside | within


@given(SAID)
def test_it_does_not_matter_where_it_is_said(said: dict[str, bool]) -> None:
    assert read(**said).granted() == read(permissions=said).granted()
