"""The names of countries as one file: ``python -m leadconnect.accounts.cldr`` writes ``countries.tsv``.

They are those of the Unicode CLDR, as Babel has them. Its data of six languages takes long to load and much memory,
which no process that only keys a phone number should pay for; a test holds the file to be true.
"""

import sys

from babel import Locale
from babel.core import get_global
from phonenumbers import SUPPORTED_REGIONS

from leadconnect.accounts.countries import NAMES

LANGUAGES = ("en", "de", "fr", "es", "hi", "ar")
_HEADER = "# Names of countries by the Unicode CLDR, written by `make countries`. Do not edit; add to OTHER_NAMES.\n"


def names_of_cldr() -> str:
    """Return a line for each region that has phone numbers, with tabs between its code (ISO 3166-1), its name in each
    of `LANGUAGES`, and its codes of three letters, former ones too.
    """
    locales = [Locale(language) for language in LANGUAGES]
    lines = []
    for region in sorted(SUPPORTED_REGIONS):
        names = [locale.territories[region] for locale in locales if region in locale.territories]
        lines.append("\t".join((region, *dict.fromkeys(names), *_codes_of_three(region))))
    return _HEADER + "\n".join(lines) + "\n"


def _codes_of_three(region: str) -> list[str]:
    aliases = get_global("territory_aliases").items()
    return sorted(code for code, regions in aliases if len(code) == 3 and code.isalpha() and regions == [region])


if __name__ == "__main__":
    NAMES.write_text(names_of_cldr(), encoding="utf-8")
    sys.stdout.write(f"{NAMES} written\n")
