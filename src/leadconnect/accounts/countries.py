"""Countries by their names and codes, for where a national phone number is dialled. Pure.

Names in six languages are those of the Unicode CLDR, in a file that `leadconnect.accounts.cldr` writes. A name that
comes to mean something else changes the stored keys of leads, so it needs a migration that has them worked out anew.
"""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS

NAMES = Path(__file__).with_name("countries.tsv")
OTHER_NAMES = {
    "AE": "UAE, Emirates, VAE, Émirats, EAU, الإمارات",
    "AS": "Samoa (American)",
    "BD": "বাংলাদেশ",
    "BE": "België",
    "CD": "Democratic Republic of the Congo, Congo (Dem. Rep.)",
    "CF": "Central African Rep.",
    "CG": "Republic of the Congo, Congo (Rep.)",
    "CH": "Svizzera",
    "CI": "Ivory Coast",
    "CN": "中国, People's Republic of China, P.R. China, PRC",
    "CZ": "Česko, Czech Republic, Tschechische Republik",
    "DE": "Federal Republic of Germany",
    "DK": "Danmark",
    "FI": "Suomi",
    "GB": "UK, Great Britain, Britain, England, Scotland, Wales, Northern Ireland, Großbritannien, Grande-Bretagne,"
    " Gran Bretaña, Inglaterra",
    "GR": "Hellas",
    "HK": "Hong Kong",
    "IE": "Republic of Ireland",
    "IN": "Bharat, Hindustan",
    "JP": "日本",
    "KN": "Saint Kitts and Nevis",
    "KP": "Korea (North)",
    "KR": "Republic of Korea, Korea, Korea (South), 대한민국, 한국",
    "LC": "Saint Lucia",
    "MM": "Burma",
    "MO": "Macao, Macau",
    "NL": "The Netherlands, Holland, Nederland",
    "NO": "Norge",
    "NZ": "Aotearoa",
    "PH": "The Philippines",
    "PK": "پاکستان",
    "PL": "Polska",
    "PS": "Palestine",
    "RU": "Russian Federation, Россия",
    "SA": "KSA, Kingdom of Saudi Arabia, Saudi, السعودية",
    "SE": "Sverige",
    "SZ": "Swaziland",
    "TC": "Turks & Caicos Is",
    "TL": "East Timor",
    "TR": "Turkey",
    "TW": "台灣, 台湾",
    "TZ": "United Republic of Tanzania",
    "UA": "Україна",
    "US": "US of America, United States of America, America, Estados Unidos de América, EE. UU., États-Unis d'Amérique",
    "VA": "Holy See",
    "VC": "Saint Vincent and the Grenadines, St Vincent",
    "VG": "Virgin Islands (UK)",
    "VI": "Virgin Islands (US)",
    "WS": "Samoa (western)",
}
"""What countries are called besides: in full, by a part of them, by themselves, in lists that people choose from."""
LONGEST_NAME = 80
"""Characters that are looked at; no name is that long."""
LONGEST_CALLING_CODE = 6
"""Characters of a calling code of three digits with what is written before it: ``+``, ``00``, ``0+``."""


def region_of_country(name: str | None) -> str | None:
    """Return the region (ISO 3166-1 alpha-2) that a country's name means in one of six languages and in some of its
    own, or its code of two or three letters, or its calling code (``+49``), whatever the case; None where it means none
    that has phone numbers.
    """
    return _region_called(name.strip()[:LONGEST_NAME]) if name else None


@lru_cache(maxsize=10_000)
def _region_called(text: str) -> str | None:
    digits = text.lstrip("+0")
    if digits.isdecimal() and len(text) <= LONGEST_CALLING_CODE:
        region = next(iter(COUNTRY_CODE_TO_REGION_CODE.get(int(digits), ())), None)
        return region if region in SUPPORTED_REGIONS else None
    return _regions().get(_folded(text))


def country_key(name: str | None) -> str | None:
    """Return what all spellings of a country have in common: its region, or where it means none, the name in lower case
    without accents, blanks and punctuation; None where nothing is left.
    """
    if not name:
        return None
    return region_of_country(name) or _folded(name.strip()[:LONGEST_NAME]) or None


def country_name(region: str) -> str:
    """Return the English name of a region, or its code where it has none."""
    return next((names[0] for code, *names in _listed() if code == region), region)


@cache
def _regions() -> dict[str, str]:
    listed = [*_listed(), *([region, *names.split(",")] for region, names in OTHER_NAMES.items())]
    return {_folded(name): names[0] for names in listed for name in names}


@cache
def _listed() -> list[list[str]]:
    lines = NAMES.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def _folded(name: str) -> str:
    """Return a country's name as it is compared: without accents, blanks and punctuation, so that ``U.S.A.`` and
    ``usa``, ``&`` and ``and`` are the same. Vowel signs, such as those of Hindi, stay.
    """
    spelled = unicodedata.normalize("NFKD", name.casefold().replace("&", " and ")).casefold()
    return "".join(
        char
        for char in spelled
        if char.isalnum() or (unicodedata.category(char).startswith("M") and not unicodedata.combining(char))
    )
