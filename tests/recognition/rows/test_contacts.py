"""Finding the phone numbers and e-mail addresses in a cell."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.recognition.rows.contacts import (
    Quality,
    _pattern_of_code,
    contacts_in,
    mended_phone,
    quality_of,
)


@pytest.mark.parametrize(
    ("cell", "phones", "emails", "rest"),
    [
        ("john@example.com / +919812345678", ["+919812345678"], ["john@example.com"], ""),
        ("a@example.com; b@example.com", [], ["a@example.com", "b@example.com"], ""),
        ("a@example.com b@example.com", [], ["a@example.com", "b@example.com"], ""),
        ("9876543210 / 9123456789", ["9876543210", "9123456789"], [], ""),
        ("9876543210/9123456789", ["9876543210", "9123456789"], [], ""),
        ("9876543210 9123456789", ["9876543210", "9123456789"], [], ""),
        ("98765 43210 or 91234 56789", ["98765 43210", "91234 56789"], [], ""),
        ("030/1234567", ["030/1234567"], [], ""),
        ("98765 43210 (home)", ["98765 43210"], [], "home"),
        ("(040) 1234 5678 ext. 5", ["(040) 1234 5678 ext. 5"], [], ""),
        ("+1 202-555-0123 x123", ["+1 202-555-0123 x123"], [], ""),
        ("1-800-FLOWERS", ["1-800-FLOWERS"], [], ""),
        ("Mobile: +91 98765 43210", ["+91 98765 43210"], [], ""),
        ("0091 98765 43210", ["+91 98765 43210"], [], ""),
        ("919876543210@s.whatsapp.net", ["+919876543210"], [], ""),
        ("٠٩٨٧٦٥٤٣٢١٠", ["٠٩٨٧٦٥٤٣٢١٠"], [], ""),
        ("12345", ["12345"], [], ""),
        ("12", [], [], "12"),
        ("call me", [], [], "call me"),
        ("Asha Rao <asha@example.com>", [], ["asha@example.com"], "Asha Rao"),
        ("mailto:asha@example.com,", [], ["asha@example.com"], ""),
        ("asha@@example.com", [], [], "asha@@example.com"),
        ("asha@example", [], [], "asha@example"),
        ("", [], [], ""),
    ],
)
def test_a_cell_is_taken_apart(cell: str, phones: list[str], emails: list[str], rest: str) -> None:
    found = contacts_in(cell, "IN")
    assert ([number for number, _ in found.phones], found.emails, found.rest) == (phones, emails, rest)


def test_a_long_cell_is_looked_at_in_part_and_kept() -> None:
    cell = "9876543210; " + "x" * 1_000
    found = contacts_in(cell, "IN")
    assert [number for number, _ in found.phones] == ["9876543210"]
    assert found.rest.count("x") == 1_000


@pytest.mark.parametrize(
    ("number", "region", "quality"),
    [
        ("+919876543210", None, Quality.VALID),
        ("9876543210", "IN", Quality.VALID),
        ("09876543210", "IN", Quality.VALID),
        ("9876543210", None, Quality.VALID),
        ("04 50 11 22 33", "FR", Quality.VALID),
        ("555 123 4567", "US", Quality.POSSIBLE),
        ("0091 98765 43210", "US", Quality.VALID),
        ("+1 555 123 4567", "IN", Quality.POSSIBLE),
        ("12345", "IN", Quality.IMPOSSIBLE),
        ("12345", None, Quality.IMPOSSIBLE),
        ("+999 1", "IN", Quality.IMPOSSIBLE),
    ],
)
def test_a_number_is_as_good_as_it_is_where_it_is_dialled(number: str, region: str | None, quality: Quality) -> None:
    assert quality_of(number, region) is quality


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("p:+61402000111", "+61402000111"),
        ("919876543210.0", "919876543210"),
        ("919876543210@c.us", "+919876543210"),
        ("tel:+49301234567", "+49301234567"),
        ("+49 30 1234567", "+49 30 1234567"),
    ],
)
def test_what_programs_put_around_a_number_goes(text: str, phone: str) -> None:
    assert mended_phone(text) == phone


def library_quality(number: str, region: str) -> Quality:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return Quality.IMPOSSIBLE
    if phonenumbers.is_valid_number(parsed):
        return Quality.VALID
    return Quality.POSSIBLE if phonenumbers.is_possible_number(parsed) else Quality.IMPOSSIBLE


REGIONS = st.sampled_from(["IN", "US", "GB", "DE", "FR", "ES", "AE", "SA", "IT", "BR", "MX", "CN"])


@given(REGIONS, st.integers(4, 13).flatmap(lambda size: st.from_regex(rf"[1-9][0-9]{{{size}}}", fullmatch=True)),
       st.sampled_from(["", "0", "+"]))  # fmt: skip
def test_the_quick_way_finds_what_the_library_finds(region: str, digits: str, prefix: str) -> None:
    code = phonenumbers.country_code_for_region(region) if prefix == "+" else ""
    number = f"{prefix}{code}{digits}"
    assert quality_of(number, region) is library_quality(number, region)


PIECES = st.sampled_from(
    ["9876543210", "+49 30", "a@example.com", "@", "/", ";", " ", "ext", "00", "<", ">", "x", "\n", "("]
)


@given(st.text(max_size=60) | st.lists(PIECES, max_size=40).map("".join), st.sampled_from([None, "IN", "DE"]))
def test_any_cell_is_taken_apart_and_nothing_is_lost(cell: str, region: str | None) -> None:
    found = contacts_in(cell, region)
    kept = "".join([*(number for number, _ in found.phones), *found.emails, found.rest])
    assert {char for char in cell if char.isdigit()} <= set(kept)


def test_numbers_in_other_digits_do_not_pile_up() -> None:
    digits = [chr(code) for code in range(0x110000) if chr(code).isdecimal() and code > 0x7F]
    for first in digits[:20]:
        for second in digits[:200]:
            quality_of(f"+{first}{second}12345", None)
    assert _pattern_of_code.cache_info().currsize <= 2_000
