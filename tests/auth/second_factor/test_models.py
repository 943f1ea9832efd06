"""What people type: the rule that is described to clients is the one that is kept."""

import jsonschema_rs
import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadconnect.auth.second_factor.models import SecondFactorEntry, typed_code
from leadconnect.errors import ValidationFailed
from leadconnect.wire import convert

BLANKS = st.text(" \t\r\n", max_size=4)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=9)
CODES = st.text("0123456789", min_size=6, max_size=6)


def is_taken(code: str) -> bool:
    try:
        convert({"email": "eve@example.com", "otp": code}, SecondFactorEntry)
    except ValidationFailed:
        return False
    return True


@settings(deadline=None)
@given(st.one_of(TEXTS, st.builds("".join, st.tuples(BLANKS, TEXTS, BLANKS))))
@example("\ufeff12345")
@example("\u3000123456")
@example("12\n456")
def test_the_described_form_of_a_code_is_its_rule(code: str) -> None:
    schema = msgspec.json.schema(SecondFactorEntry)["$defs"]["SecondFactorEntry"]["properties"]["otp"]
    assert jsonschema_rs.validator_for(schema).is_valid(code) == is_taken(code)


@given(CODES, BLANKS, BLANKS)
def test_a_code_is_taken_with_any_blanks_around_it(code: str, before: str, after: str) -> None:
    assert is_taken(before + code + after)
    assert typed_code(before + code + after) == code
