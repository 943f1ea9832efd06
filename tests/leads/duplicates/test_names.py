"""Names of one bearer are found alike, in any order, spelling and script; names of two are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.leads.duplicates.names import Alike, bare_name, companies, people

NAMES = st.text("aáàbßcdeéيमхあ .,-'", max_size=20)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Asha Rao", "asha  RAO", Alike.SAME),
        ("Dr. Asha Rao", "Rao, Asha", Alike.SAME),
        ("Łukasz Nowak", "Lukasz Nowak", Alike.SAME),
        ("王 伟", "王伟", Alike.SAME),
        ("Mr.", "mr", Alike.SAME),
        ("A. Rao", "Asha Rao", Alike.SIMILAR),
        ("Asha", "Asha Rao", Alike.SIMILAR),
        ("Jürgen Groß", "Juergen Gross", Alike.SIMILAR),
        ("Mohammed Ali", "Muhammad Ali", Alike.SIMILAR),
        ("Юрий Гагарин", "Yuri Gagarin", Alike.SIMILAR),
        ("Asha Rao", "Asha Patil", Alike.UNCLEAR),
        ("Ravi Kumar", "Rani Kumar", Alike.UNCLEAR),
        ("Meyer", "Meier", Alike.UNCLEAR),
        ("محمد علي", "John Smith", Alike.UNCLEAR),
        ("...", "Asha", Alike.UNCLEAR),
        ("Asha Rao", "Anil Rao", Alike.DIFFERENT),
        ("John Smith", "Mary Jones", Alike.DIFFERENT),
        ("王伟", "王卫", Alike.DIFFERENT),
    ],
)
def test_people(one: str, other: str, alike: Alike) -> None:
    assert people(one, other) is alike


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Rao Traders Pvt. Ltd.", "RAO TRADERS", Alike.SAME),
        ("ACME Inc", "Acme Corporation", Alike.SAME),
        ("Siemens AG", "Siemens Healthineers AG", Alike.SIMILAR),
        ("Müller & Söhne GmbH", "Mueller & Soehne", Alike.SIMILAR),
        ("TCS", "Tata Consultancy Services Ltd", Alike.SIMILAR),
        ("Rao Traders", "Patel Textiles", Alike.DIFFERENT),
        ("Rao Traders", None, Alike.UNCLEAR),
        (None, None, Alike.UNCLEAR),
        ("Ltd", "Limited", Alike.UNCLEAR),
    ],
)
def test_companies(one: str | None, other: str | None, alike: Alike) -> None:
    assert companies(one, other) is alike


@given(NAMES, NAMES)
def test_it_does_not_matter_who_is_compared_with_whom(one: str, other: str) -> None:
    assert people(one, other) is people(other, one)
    assert companies(one, other) is companies(other, one)


@given(st.text(max_size=30))
def test_a_name_is_never_another_one_than_itself(name: str) -> None:
    assert people(name, name) in (Alike.SAME, Alike.UNCLEAR)
    assert companies(name, name) in (Alike.SAME, Alike.UNCLEAR)
    if any(sign.isalpha() for sign in name.casefold() if sign.isascii()):
        assert people(name, name.swapcase()) is Alike.SAME


@pytest.mark.parametrize(
    ("name", "words"),
    [("Dr. Asha Rao", ["Asha", "Rao"]), ("Rao, Smt Asha", ["Rao", "Asha"]), ("Dr", ["Dr"]), ("", [])],
)
def test_a_bare_name_has_no_titles(name: str, words: list[str]) -> None:
    assert bare_name(name) == words
