"""The keys by which leads are found to be one person: the number behind a phone, the mailbox behind an address.

Pure.
"""

import re
from functools import cache
from typing import NamedTuple

import phonenumbers

from leadconnect.accounts.countries import region_of_country
from leadconnect.leads.folding import fold_case
from leadconnect.leads.phone_text import digits_of

FEWEST_DIGITS = 6
"""Digits, without leading zeros, from which on a phone is compared as a number; a shorter one is compared as text."""
RUNS = ("01234567890", "987654321")
"""What is typed where a form demands a phone. 9876543210 is not one: it is a mobile number in India."""
PLACEHOLDER_ENDS = frozenset(
    run[start : start + FEWEST_DIGITS]
    for run in (*RUNS, *(digit * FEWEST_DIGITS for digit in "0123456789"))
    for start in range(len(run) - FEWEST_DIGITS + 1)
)
"""The last digits of all placeholders, to pass over other numbers quickly."""
FEWEST_REPEATED = 9
"""Times that one digit is repeated behind what may be a country code, from which on the number is a placeholder."""
AS_WRITTEN = "~"
"""Stands before the digits of a phone whose country nobody knows; E.164 begins with a plus."""
COUNTRY_CODED = re.compile(r"[\s(]*[+\uff0b]")
ABROAD = re.compile(r"^[\s(]*00")
"""What a country code is dialled behind nearly everywhere (ITU-T E.164, international prefix)."""
PLAIN = re.compile(r"\+[1-9][0-9]*(?:[ -][0-9]+)*")
PUNCTUATION = {ord(char): None for char in "+ -"}
SHORTEST_NATIONAL, LONGEST_NATIONAL = 6, 17
"""Digits behind the country code that are a whole number, and that phonenumbers takes for one."""
FORMER_FORMS = (
    ("+52", re.compile(r"\+52(?:1|04[45])([0-9]{10})"), r"+52\1"),
    ("+55", re.compile(r"\+55([1-9][1-9])([6-9][0-9]{7})"), r"+55\g<1>9\2"),
    ("+54", re.compile(r"\+549([0-9]{10})"), r"+54\1"),
    ("+229", re.compile(r"\+229([0-9]{8})"), r"+22901\1"),
)
"""Country codes, the national numbers that have a newer form, and that form."""
GOOGLE = frozenset({"gmail.com", "googlemail.com"})


class Keys(NamedTuple):
    """The keys of one lead, each None where it has nothing to tell by."""

    phone: str | None
    email: str | None


def contact_keys(phone: str, email: str | None, country: str | None, default_region: str | None) -> Keys:
    """Return the keys of a lead; `default_region` (ISO 3166-1) is where national numbers are from unless the lead's
    `country` says so.
    """
    region = (region_of_country(country) or default_region) if is_national(phone) else None
    return Keys(phone_key(phone, region), email_key(email))


def needs_default_region(phone: str, country: str | None) -> bool:
    """Tell whether `contact_keys` of such a lead depend on the default region."""
    return is_national(phone) and region_of_country(country) is None


def is_national(phone: str) -> bool:
    """Tell whether `phone` is written without a plus and a country code, and has a key at all."""
    return COUNTRY_CODED.match(phone) is None and len(_significant(phone)) >= FEWEST_DIGITS


def phone_key(phone: str, region: str | None) -> str | None:
    """Return the number behind a spelling of it: in E.164, with an extension as in RFC 3966 §5.1.1
    (``+493012345;ext=12``), for two extensions are two desks.

    A number without country code is taken to be dialled in `region` (ISO 3166-1). Where that is None or no number can
    be made out, the key is `AS_WRITTEN` and the digits without leading zeros. With fewer than `FEWEST_DIGITS` digits it
    is `AS_WRITTEN` and the text, trimmed. The length is not checked: what is one digit short is written so again.
    Numbers that have changed their form are keyed by the newer one, see `_current_form`. None where there is no digit,
    and for placeholders, see `is_placeholder`.
    """
    if (plain := _plain_key(phone)) is not None:
        return _real_current_form(plain)
    digits = _significant(phone)
    # As it is written, for the parser takes a national prefix away, which leaves too little of some placeholders.
    if is_placeholder(f"+{digits}" if COUNTRY_CODED.match(phone) else digits):
        return None
    if len(digits) < FEWEST_DIGITS:
        return AS_WRITTEN + fold_case(phone).strip()
    if region is None:
        phone = ABROAD.sub("+", phone, count=1)
    try:
        number = phonenumbers.parse(phone, region)
        key = _stable_e164(number)
    except phonenumbers.NumberParseException:
        return AS_WRITTEN + digits
    current = _real_current_form(key)
    return f"{current};ext={number.extension}" if current and number.extension else current


def is_placeholder(number: str) -> bool:
    """Return whether the digits of a number stand for none: one digit repeated, or a run such as 1234567890.

    `number` is digits, or an E.164 number, of which the national part counts as well. Of digits without a plus, one
    digit repeated `FEWEST_REPEATED` times or more behind a country code counts too.
    """
    digits = number.removeprefix("+")
    if len(digits) >= FEWEST_DIGITS and digits[-FEWEST_DIGITS:] not in PLACEHOLDER_ENDS:
        return False
    nationals = [digits[size:] for size in _country_code_sizes(digits)]
    if number.startswith("+"):
        runs = [digits, *(each for each in nationals if len(each) >= SHORTEST_NATIONAL)]
    else:
        runs = [digits, *(each for each in nationals if len(each) >= FEWEST_REPEATED and len(set(each)) == 1)]
    return any(len(set(each)) <= 1 or any(each in run for run in RUNS) for each in runs)


def _country_code_sizes(digits: str) -> list[int]:
    return [size for size in (1, 2, 3) if int(digits[:size] or 0) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE]


def _current_form(key: str) -> str:
    """Return an E.164 number in the form that is dialled today, where a country has had two forms for one number.

    Mexico: the 1, 044 and 045 for mobiles ended in 2019 (IFT). Brazil: mobiles got a 9 behind the area code by 2016
    (Anatel). Argentina: the 9 is dialled for mobiles from abroad only, and no fixed line differs from a mobile by it
    alone (ENACOM). Benin: 01 precedes all numbers since 2024 (ARCEP).
    """
    for prefix, former, replacement in FORMER_FORMS:
        if key.startswith(prefix) and (match := former.fullmatch(key)):
            return match.expand(replacement)
    return key


def _real_current_form(key: str) -> str | None:
    """Return the current form of an E.164 number, and None where it is a placeholder in either form."""
    current = _current_form(key)
    is_fake = is_placeholder(key) or (current != key and is_placeholder(current))
    return None if is_fake else current


def _plain_key(phone: str) -> str | None:
    """Return the key of a number that is written out with its country code, as most are: the one that phonenumbers
    makes, which takes five times as long. None where there is anything to strip or to doubt.
    """
    if PLAIN.fullmatch(phone) is None:
        return None
    digits = phone.translate(PUNCTUATION)
    for size in (1, 2, 3):
        code = digits[:size]
        if int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            prefix = _national_prefix(int(code))
            national = digits[size:]
            is_whole = SHORTEST_NATIONAL <= len(national) <= LONGEST_NATIONAL
            return f"+{digits}" if is_whole and (prefix is None or prefix.match(national) is None) else None
    return None


def _stable_e164(number: phonenumbers.PhoneNumber) -> str:
    """Format a number in E.164 so that parsing the result gives the same number.

    Raises: `phonenumbers.NumberParseException` where nothing but national prefixes follows the country code.
    """
    key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    # One parse removes one national prefix: +55 00 11… becomes +55 0 11…, and that +55 11….
    for _ in range(LONGEST_NATIONAL):
        if _plain_key(key) is not None:
            break
        before, number = key, phonenumbers.parse(key, None)
        key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if key == before:
            break
    return key


@cache
def _national_prefix(country_code: int) -> re.Pattern[str] | None:
    """Return what numbers of a country may begin with that is not dialled from abroad; None where there is nothing."""
    region = phonenumbers.region_code_for_country_code(country_code)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(country_code, region)
    prefix = metadata.national_prefix_for_parsing if metadata else None
    return re.compile(prefix) if prefix else None


def email_key(address: str | None) -> str | None:
    """Return the mailbox behind an address; None where there is no address.

    Case is folded, and what follows a plus in the local part is a tag (subaddressing, RFC 5233 §1) that leads to the
    same mailbox with the big providers. Dots count, but with Google, which documents that they do not ("Dots don't
    matter in Gmail addresses", Gmail Help) and that googlemail.com is gmail.com; not so for its customers' own domains.
    """
    local, _, domain = fold_case(address or "").strip().rpartition("@")
    if not local or not domain:
        return None
    mailbox = local.partition("+")[0] or local
    if domain in GOOGLE:
        return f"{mailbox.replace('.', '') or mailbox}@gmail.com"
    return f"{mailbox}@{domain}"


def _significant(phone: str) -> str:
    return digits_of(phone).lstrip("0")
