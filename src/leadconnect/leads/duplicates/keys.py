"""The keys by which leads are found to be one person: the number behind a phone, the mailbox behind an address.

Pure.
"""

import re
from functools import cache
from typing import NamedTuple

import phonenumbers

from leadconnect.accounts.countries import region_of_country
from leadconnect.leads.search import digits_of, fold

FEWEST_DIGITS = 6
"""Digits that a phone must have, without zeros in front, to tell anybody from others."""
AS_WRITTEN = "~"
"""Stands before the digits of a phone whose country nobody knows; E.164 begins with a plus."""
COUNTRY_CODED = re.compile(r"[\s(]*[+\uff0b]")
ABROAD = re.compile(r"^[\s(]*00")
"""What a country code is dialled behind nearly everywhere (ITU-T E.164, international prefix)."""
PLAIN = re.compile(r"\+[1-9][0-9]*(?:[ -][0-9]+)*")
PUNCTUATION = {ord(char): None for char in "+ -"}
SHORTEST_NATIONAL, LONGEST_NATIONAL = 6, 17
"""Digits behind the country code that are a whole number, and that phonenumbers takes for one."""
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
    be made out, the key is `AS_WRITTEN` and the digits without zeros in front. None for fewer than `FEWEST_DIGITS`
    digits. The length is not checked: what is one digit short is written so again.
    """
    if (plain := _plain_key(phone)) is not None:
        return plain
    digits = _significant(phone)
    if len(digits) < FEWEST_DIGITS:
        return None
    if region is None:
        phone = ABROAD.sub("+", phone, count=1)
    try:
        number = phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException:
        return AS_WRITTEN + digits
    key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{key};ext={number.extension}" if number.extension else key


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
    local, _, domain = fold(address or "").strip().rpartition("@")
    if not local or not domain:
        return None
    mailbox = local.partition("+")[0] or local
    if domain in GOOGLE:
        return f"{mailbox.replace('.', '') or mailbox}@gmail.com"
    return f"{mailbox}@{domain}"


def _significant(phone: str) -> str:
    return digits_of(phone).lstrip("0")
