"""The keys of leads: every spelling of one number or mailbox has one key, and two of them never share it."""

from itertools import pairwise
from random import Random

import phonenumbers
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from leadconnect.leads.duplicates.keys import (
    AS_WRITTEN,
    FEWEST_DIGITS,
    FORMER_FORMS,
    contact_keys,
    email_key,
    is_national,
    is_placeholder,
    needs_default_region,
    phone_key,
)
from leadconnect.leads.phone_text import digits_of

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
UNCHANGED = sorted({*CODES} - {int(prefix) for prefix, _, _ in FORMER_FORMS})
"""Countries whose numbers have one form."""


@given(st.sampled_from(UNCHANGED), st.text("0123456789", min_size=1, max_size=19), st.randoms())
def test_a_number_that_is_written_out_has_the_key_that_phonenumbers_makes(
    code: int, national: str, random: Random
) -> None:
    spelled = f"+{code}" + "".join(random.choice(["", "", " ", "-"]) + digit for digit in national)
    try:
        number = phonenumbers.parse(spelled)
        expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        expected = None
    if expected is not None and is_placeholder(expected):
        expected = None
    key = phone_key(spelled, None)
    assert key == expected or (expected is None and (key or AS_WRITTEN)[0] == AS_WRITTEN) or len(national) < 6


@pytest.mark.parametrize(
    ("phone", "region", "key"),
    [
        ("+91 98765 43210", None, "+919876543210"),
        ("+91-98765-43210", "DE", "+919876543210"),
        ("+91 (98) 0012-3456", None, "+919800123456"),
        ("(+91) 98765 43210", None, "+919876543210"),
        ("0091 98765 43210", None, "+919876543210"),
        ("0091 98765 43210", "IN", "+919876543210"),
        ("011 91 98765 43210", "US", "+919876543210"),
        ("98765 43210", "IN", "+919876543210"),
        ("098765 43210", "IN", "+919876543210"),
        ("91 98765 43210", "IN", "+919876543210"),
        ("९८७६५ ४३२१०", "IN", "+919876543210"),
        ("+49 (0)30 1234567", None, "+49301234567"),
        ("030/1234567", "DE", "+49301234567"),
        ("(202) 555-0142", "US", "+12025550142"),
        ("02 1234 5678", "IT", "+390212345678"),
        ("+49 30 1234567 ext. 12", None, "+49301234567;ext=12"),
        ("98765 43210", None, "~9876543210"),
        ("098765 43210", None, "~9876543210"),
        ("98765 43210 / 98765 43211", "IN", "~98765432109876543211"),
        ("+999 123 456 7", None, "~9991234567"),
        ("+49 30 1234567 x12", None, "+49301234567;ext=12"),
        ("02966 15 42 1234", "AR", "+542966421234"),
        ("4711", "IN", "~4711"),
        (" 47-11 ", None, "~47-11"),
        ("0000 4711", "IN", "~0000 4711"),
        ("12345", "IN", None),
        ("00000000", "IN", None),
        ("N/A", "IN", None),
        ("", "IN", None),
    ],
)
def test_the_spellings_of_a_number_have_one_key(phone: str, region: str | None, key: str | None) -> None:
    assert phone_key(phone, region) == key


@given(st.sampled_from(REGIONS), st.sampled_from(["INTERNATIONAL", "NATIONAL", "RFC3966", "E164"]))
def test_a_number_of_any_country_is_known_in_every_notation(region: str, notation: str) -> None:
    number = phonenumbers.example_number(region)
    assume(number)
    assert number is not None
    spelled = phonenumbers.format_number(number, getattr(phonenumbers.PhoneNumberFormat, notation))
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assume(is_national(str(number.national_number)))  # a few islands have shorter ones
    assert phone_key(spelled, region) == (None if is_placeholder(e164) else e164)


@given(st.text(max_size=50), st.sampled_from([None, *REGIONS]))
def test_any_text_has_a_key_or_none_and_never_one_of_the_other_kind(text: str, region: str | None) -> None:
    key = phone_key(text, region)
    assert key is None or key[0] in ("+", AS_WRITTEN)
    if key is None and is_national(text):
        last = [int(digit) for digit in digits_of(text)[-FEWEST_DIGITS:]]
        assert {(b - a) % 10 for a, b in pairwise(last)} in ({0}, {1}, {9})


@pytest.mark.parametrize("region", [None, "IN", "DE", "US"])
@pytest.mark.parametrize(
    "phone",
    [
        "9999999999", "99999 99999", "1234567890", "0000000000", "1111111111", "123456", "12345678", "987654321",
        "+91 99999 99999", "+91 1234567890", "(+91) 99999-99999", "0091 99999 99999", "+1 (555) 555-5555", "+491111111",
        "654321", "0 11 11 11 11", "0123456789", "91 99999 99999", "1", "00", "123", "9999",
    ],
)  # fmt: skip
def test_a_placeholder_has_no_key(phone: str, region: str | None) -> None:
    assert phone_key(phone, region) is None


@given(st.sampled_from("0123456789"), st.integers(6, 14), st.sampled_from(CODES))
@example("0", 6, 27)
def test_one_digit_repeated_has_no_key_in_any_country(digit: str, count: int, code: int) -> None:
    assert phone_key(digit * count, None) is None
    assert phone_key(f"+{code} {digit * count}", None) is None


@pytest.mark.parametrize(
    ("former", "current", "key"),
    [
        ("+52 1 55 1234 5678", "+52 55 1234 5678", "+525512345678"),
        ("+52 1 664 987 6543", "+52 664 987 6543", "+526649876543"),
        ("+55 11 8765-4321", "+55 11 9 8765-4321", "+5511987654321"),
        ("+55 (21) 7765 4321", "+55 (21) 9 7765 4321", "+5521977654321"),
        ("+54 9 11 2345-6789", "+54 11 2345-6789", "+541123456789"),
        ("+54 11 15 2345-6789", "+54 11 2345-6789", "+541123456789"),
        ("+229 90 12 34 56", "+229 01 90 12 34 56", "+2290190123456"),
    ],
)
def test_the_former_form_of_a_number_has_the_key_of_its_current_form(former: str, current: str, key: str) -> None:
    assert phone_key(former, None) == phone_key(current, None) == key


def test_national_spellings_of_former_forms_have_the_same_key() -> None:
    assert phone_key("044 55 1234 5678", "MX") == phone_key("55 1234 5678", "MX") == "+525512345678"
    assert phone_key("(11) 8765-4321", "BR") == phone_key("011 98765-4321", "BR") == "+5511987654321"
    assert phone_key("011 15 2345-6789", "AR") == phone_key("11 2345-6789", "AR") == "+541123456789"


@given(st.sampled_from(["2", "3", "4", "5"]), st.text("0123456789", min_size=7, max_size=7))
def test_a_fixed_line_in_brazil_gets_no_ninth_digit(first: str, rest: str) -> None:
    assert phone_key(f"+55 11 {first}{rest}", None) in (f"+5511{first}{rest}", None)


@given(st.sampled_from(["52", "54", "55", "229", "39", "91"]), st.text("0123456789", min_size=7, max_size=11))
@example("55", "0000000001")
@example("54", "90000000000")
def test_the_key_of_a_number_in_its_current_form_is_itself(code: str, national: str) -> None:
    key = phone_key(f"+{code}{national}", None)
    if key is not None and key.startswith("+"):
        assert phone_key(key, None) == key


@given(st.text(max_size=50), st.sampled_from([None, "India", "Nowhere"]), st.sampled_from(REGIONS))
def test_what_needs_no_region_has_the_same_key_everywhere(phone: str, country: str | None, region: str) -> None:
    if not needs_default_region(phone, country):
        assert contact_keys(phone, None, country, region) == contact_keys(phone, None, country, None)


def test_the_country_of_a_lead_says_where_its_number_is_dialled_and_else_the_account_does() -> None:
    assert contact_keys("030 1234567", None, "Germany", "IN").phone == "+49301234567"
    assert contact_keys("030 1234567", None, "Vereinigtes Königreich", "DE").phone == "+44301234567"
    assert contact_keys("030 1234567", None, "+49", "IN").phone == "+49301234567"
    assert contact_keys("030 1234567", None, "at home", "DE").phone == "+49301234567"
    assert contact_keys("030 1234567", None, None, "DE").phone == "+49301234567"
    assert contact_keys("+49 30 1234567", None, "India", "IN").phone == "+49301234567"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("Asha.Rao@Example.com", "asha.rao@example.com"),
        (" asha@example.com ", "asha@example.com"),
        ("asha+fair@example.com", "asha@example.com"),
        ("+fair@example.com", "+fair@example.com"),
        ("asha.rao+fair@gmail.com", "asharao@gmail.com"),
        ("A.s.h.a.Rao@GoogleMail.com", "asharao@gmail.com"),
        ("asha.rao@rao.example", "asha.rao@rao.example"),
        ("JÜRGEN@müller.example", "jürgen@müller.example"),
        ("no address", None),
        ("@example.com", None),
        ("asha@", None),
        ("", None),
        (None, None),
    ],
)
def test_the_addresses_of_a_mailbox_have_one_key(address: str | None, key: str | None) -> None:
    assert email_key(address) == key


@given(st.emails())
def test_the_key_of_a_key_is_itself(address: str) -> None:
    key = email_key(address)
    assert key is not None
    assert email_key(key) == key


@given(st.emails(), st.text("abc1.", max_size=5))
def test_a_tag_and_capitals_do_not_change_a_mailbox(address: str, tag: str) -> None:
    local, _, domain = address.rpartition("@")
    assume("+" not in local)
    assert email_key(f"{local.upper()}+{tag}@{domain.upper()}") == email_key(address)
