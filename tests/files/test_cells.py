"""Cells that could be formulas, and getting their text back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadconnect.files.cells import is_hazard, literal, neutralise, restore, restore_phone

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.text(
    st.sampled_from("'\"=+-@ \t\r\n\0,;＝＋－＠\u200b\ufeffa1"), max_size=10
)
ANY_PHONE = ANY_TEXT | st.from_regex(r"'{0,2}\+?[0-9 ().-]{0,20}", fullmatch=True)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "\tx", "\rx", " =1",
     " \u00a0 =1", "\u200b=1", "\ufeff=1", "＝1", "＋1", "－1", "＠x", " ＝1", "+919876543210"],
)  # fmt: skip
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutralise(text) == f"'{text}"
    assert restore(f"'{text}") == text


@pytest.mark.parametrize("text", ["Asha", "a=b", "3-4", "", " plain", "(+91) 98", "O'Neil", "x@example.com", "李雷"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert neutralise(text) == text
    assert restore(text) == text


@given(ANY_TEXT)
@example("'")
@example("''=1")
@example("'plain")
def test_neutralising_is_undone_for_any_text(text: str) -> None:
    assert restore(neutralise(text)) == text


@given(ANY_TEXT)
@example("'=1")
def test_literal_text_is_restored_and_has_an_apostrophe_only_where_that_needs_one(text: str) -> None:
    assert restore(literal(text)) == text
    assert literal(text) == text or text.startswith("'")


@given(ANY_PHONE)
def test_a_literal_phone_is_restored(phone: str) -> None:
    assert restore_phone(literal(phone, restore_phone)) == phone


@pytest.mark.parametrize("text", ["=1+1", " =1", "\t1", "-2", "@x", "+SUM(1)"])
def test_what_could_be_run_once_it_is_edited_is_a_hazard(text: str) -> None:
    assert is_hazard(text)


@pytest.mark.parametrize("text", ["+91 98765-43210", "'=1", "Asha", "", "3-4"])
def test_a_phone_and_plain_text_are_no_hazard(text: str) -> None:
    assert not is_hazard(text)
