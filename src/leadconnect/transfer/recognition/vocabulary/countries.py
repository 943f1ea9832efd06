"""Countries by their names, for the region of a phone number that is written without its country code."""

import unicodedata
from functools import cache, lru_cache

from babel import Locale
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS

LANGUAGES = ("en", "de", "fr", "es", "hi", "ar")
"""The names of these are known (Unicode CLDR)."""

MORE_NAMES = {
    "US": (
        "USA", "U.S.A.", "United States of America", "America", "Estados Unidos de América", "EE. UU.",
        "États-Unis d'Amérique",
    ),
    "GB": ("UK", "U.K.", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland",
           "Großbritannien",
           "Grande-Bretagne", "Gran Bretaña", "Inglaterra"),
    "AE": ("UAE", "U.A.E.", "Emirates", "VAE", "Émirats", "EAU", "الإمارات", "الامارات"),
    "SA": ("KSA", "Saudi", "السعودية"),
    "IN": ("Bharat", "Hindustan"),
    "NL": ("Holland", "The Netherlands"),
    "CZ": ("Czech Republic", "Tschechische Republik"),
    "TR": ("Turkey",),
    "KR": ("Korea", "Republic of Korea"),
    "RU": ("Russian Federation",),
    "VN": ("Viet Nam",),
    "HK": ("Hong Kong",),
    "CI": ("Ivory Coast",),
    "CN": ("P.R. China", "PRC"),
}  # fmt: skip
"""Names that people use besides."""

ISO_3 = {
    "IND": "IN", "USA": "US", "GBR": "GB", "DEU": "DE", "FRA": "FR", "ESP": "ES", "ARE": "AE", "SAU": "SA",
    "CAN": "CA",
    "AUS": "AU", "CHE": "CH", "AUT": "AT", "BEL": "BE", "NLD": "NL", "ITA": "IT", "MEX": "MX", "BRA": "BR",
    "ARG": "AR",
    "COL": "CO", "CHL": "CL", "PER": "PE", "EGY": "EG", "JOR": "JO", "KWT": "KW", "QAT": "QA", "BHR": "BH",
    "OMN": "OM",
    "LBN": "LB", "MAR": "MA", "DZA": "DZ", "TUN": "TN", "PAK": "PK", "BGD": "BD", "LKA": "LK", "NPL": "NP",
    "SGP": "SG",
    "MYS": "MY", "IDN": "ID", "PHL": "PH", "THA": "TH", "CHN": "CN", "JPN": "JP", "KOR": "KR", "ZAF": "ZA",
    "KEN": "KE",
    "NGA": "NG", "IRL": "IE", "NZL": "NZ", "PRT": "PT", "POL": "PL", "SWE": "SE", "NOR": "NO", "DNK": "DK",
    "FIN": "FI",
}  # fmt: skip
"""Codes of three letters (ISO 3166-1 alpha-3) that exports write now and then."""


@lru_cache(maxsize=1024)
def region_of(country: str) -> str | None:
    """Return the region (ISO 3166-1 alpha-2) that `country` names in one of six languages, by its code or by its
    calling code (``+49``), or ``None``.
    """
    text = country.strip()
    upper = text.upper()
    if upper in SUPPORTED_REGIONS:
        return upper
    digits = text.lstrip("+0")
    if digits.isdecimal() and len(text) <= 6:
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits), ())
        return regions[0] if regions and regions[0] in SUPPORTED_REGIONS else None
    return ISO_3.get(upper) or _regions().get(_folded(text[:80]))


def country_name(region: str) -> str:
    """Return the English name of a region, or its code where it has none."""
    return str(Locale("en").territories.get(region, region))


@cache
def _regions() -> dict[str, str]:
    known = {_folded(name): region for region, names in MORE_NAMES.items() for name in names}
    for language in LANGUAGES:
        for region, name in Locale(language).territories.items():
            if region in SUPPORTED_REGIONS:
                known.setdefault(_folded(name), region)
    return known


def _folded(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", name).casefold() if char.isalnum())
