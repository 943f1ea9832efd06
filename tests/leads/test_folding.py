"""Folding makes equal what people type for one another, and nothing else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.leads.folding import fold, fold_case


@pytest.mark.parametrize(
    "spellings",
    [
        ["Müller", "muller", "MULLER", "mu\u0308ller", "Ｍüller"],
        ["Straße", "STRASSE", "strasse"],
        ["Łódź", "lodz"],
        ["Ødegård Ærø", "odegard aero"],
        ["Đặng", "dang"],
        ["İstanbul", "istanbul", "ISTANBUL", "ıstanbul"],
        ["O’Neil", "O'Neil", "Oʼneil", "O`Neil", "o＇neil"],
        ["“Rao” – Söhne", '"rao" - sohne'],
        ["Ёлкина", "елкина", "ЁЛКИНА", "Е\u0308лкина"],
        ["Σίσυφος", "σισυφοσ", "ΣΙΣΥΦΟΣ"],
        ["أحمد", "احمد", "أَحْمَد", "أحـــمد"],
        ["فاطمة", "فاطمه"],
        ["علی", "على", "علي"],
        ["שָׁלוֹם", "שלום"],
        ["ガギグ", "ｶﾞｷﾞｸﾞ", "がぎぐ", "カ\u3099キ\u3099ク\u3099"],
        ["１２３", "123", "١٢٣", "१२३"],
        ["soft\u00adhyphen", "softhyphen", "soft\u200bhyphen"],
    ],
)
def test_spellings_of_one_text_are_one(spellings: list[str]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Йод", "Иод"), ("Їжак", "Іжак"), ("की", "क"), ("कि", "की"), ("ที่", "ที"), ("か", "が"), ("한", "하"), ("a%", "a_")],
)
def test_letters_that_differ_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folded_text_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(exclude_characters="\u0345")))
def test_normal_forms_are_one(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)), st.text(st.characters(max_codepoint=126)))
def test_a_part_of_plain_text_is_a_part_of_the_folded_text(text: str, other: str) -> None:
    assert fold(text) in fold(other + text + other)


def test_case_alone_is_folded_for_keys() -> None:
    assert fold_case("JOSÉ@example.com") == "josé@example.com"
