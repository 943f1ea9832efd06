"""What people type: the rule that is described to clients is the one that is kept."""

import jsonschema_rs
import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadconnect.auth.models import TYPED_CODE_LENGTH, typed_code
from leadconnect.auth.second_factor.models import SecondFactorEntry
from leadconnect.errors import ValidationFailed
from leadconnect.wire import convert

BLANKS = st.text(" \t\r\n-–\u00a0\u200b\ufeff", max_size=4)
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
@example("123\n456")
@example("123 456")
@example("123\u2011456\u200e")
@example("\x1c123\x85456")
def test_the_described_form_of_a_code_is_its_rule(code: str) -> None:
    schema = msgspec.json.schema(SecondFactorEntry)["$defs"]["SecondFactorEntry"]["properties"]["otp"]
    assert jsonschema_rs.validator_for(schema).is_valid(code) == is_taken(code)


@given(CODES, BLANKS, BLANKS, BLANKS)
def test_a_code_is_taken_with_any_separators_around_and_inside(code: str, before: str, inside: str, after: str) -> None:
    written = before + code[:3] + inside + code[3:] + after
    assert is_taken(written)
    assert typed_code(written) == code


def test_separators_beyond_the_longest_code_are_refused() -> None:
    assert is_taken("123456" + " " * (TYPED_CODE_LENGTH - 6))
    assert not is_taken("123456" + " " * (TYPED_CODE_LENGTH - 5))
