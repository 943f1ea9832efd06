"""Texts of users make no links, and names stay as they are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.mail.defanging import defanged

LINK = re.compile(r"\w[.\u3002\uff0e\uff61][^\W\d_]{2,}(?:/|$)|:(?://|\\\\)")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://evil.example/x", "http[:]//evil[.]example/x"),
        ("HTTPS://1.2.3.4/x", "HTTPS[:]//1.2.3.4/x"),
        ("Win at evil.example now", "Win at evil[.]example now"),
        ("www.evil.co.in", "www[.]evil[.]co[.]in"),
        ("eve@evil.example", "eve@evil[.]example"),
        ("evil\u3002example", "evil[.]example"),
        ("Bit.Ly/x", "Bit[.]Ly/x"),
        ("Wert.es", "Wert[.]es"),
    ],
)
def test_addresses_and_host_names_are_broken_visibly(text: str, shown: str) -> None:
    assert defanged(text) == shown


@pytest.mark.parametrize(
    "name",
    ["Dr.Rao", "K.R.Shah", "J.R.R. Tolkien", "St. Gallen", "Acme Ltd.", "3.5 t", "12:30", "A/B", "می\u200cخواهم", "…"],
)
def test_names_and_numbers_stay(name: str) -> None:
    assert defanged(name) == name


@given(st.text(st.sampled_from("abAB1:/.\u3002@-[] "), max_size=40))
def test_nothing_that_looks_like_a_link_is_left_but_abbreviations(text: str) -> None:
    left = [token for token in defanged(text).split() if LINK.search(token)]
    assert all(defanged(token) == token for token in left)
    assert not any(":" in token and "://" in token for token in left)
