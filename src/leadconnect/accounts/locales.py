"""The time zone and the locale of an account, as forms and browsers send them. Pure.

Browsers give locales as BCP 47 tags (``de-DE``, ``zh-Hans-CN``) and time zones by names of the IANA database, old ones
such as ``Asia/Calcutta`` and ``Europe/Kiev`` among them.
"""

from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from msgspec import Meta

from leadconnect.accounts.models import Locale
from leadconnect.errors import FieldCode
from leadconnect.wire import Refusal, values_of

LOCALES = {value.lower(): Locale(value) for value in values_of(Locale)}
LANGUAGES = {"no": "nb", "nn": "nb", "iw": "he", "in": "id", "cmn": "zh"}
"""Other tags of languages that an account can have, by ISO 639 and in its former editions."""
TRADITIONAL = frozenset({"hant", "hk", "mo", "tw"})
"""Subtags of Chinese that is written in traditional characters, unless ``Hans`` comes first."""


def locale_of(tag: str) -> Locale | None:
    """Return the locale of an account that a BCP 47 tag stands for: itself, else its language; or None."""
    language, *rest = tag.strip().replace("_", "-").lower().split("-")
    language = LANGUAGES.get(language, language)
    subtags = [part for part in rest[: next((i for i, part in enumerate(rest) if len(part) == 1), None)] if part]
    if language == "zh":
        is_traditional = "hans" not in subtags and not TRADITIONAL.isdisjoint(subtags)
        return Locale.CHINESE_TW if is_traditional else Locale.CHINESE
    regions = (f"{language}-{part}" for part in subtags)
    return next((LOCALES[name] for name in (*regions, language) if name in LOCALES), None)


def known_locale(value: str) -> Refusal | None:
    """Refuse a tag whose language no account can have."""
    if locale_of(value):
        return None
    return Refusal(FieldCode.ENUM, f"must be one of: {', '.join(values_of(Locale))}, or a tag such as de-DE")


def time_zone(value: str) -> Refusal | None:
    """Refuse a name that the time zone database (IANA) does not have."""
    if value in _time_zones():
        return None
    return Refusal(FieldCode.FORMAT, "must be the name of a time zone such as Asia/Kolkata")


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


TimeZone = Annotated[
    str, Meta(max_length=64, extra={"check": time_zone}, extra_json_schema={"examples": ["Asia/Kolkata"]})
]
LocaleTag = Annotated[
    str, Meta(max_length=64, extra={"check": known_locale}, extra_json_schema={"examples": ["en-IN", "de-DE"]})
]
"""A locale as browsers give it; stored is `locale_of` it."""
