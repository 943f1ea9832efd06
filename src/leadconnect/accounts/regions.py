"""Regions, as ISO 3166-1 codes such as ``IN``: where a national phone number is dialled. Pure.

Zones and their links are those of the IANA time zone database, as the package tzdata has it.
"""

from functools import cache, lru_cache
from importlib.resources import files

from babel.core import get_global

REGION_CHANGED = "region_changed"
"""The entry point of the queue for what is due when an account moves to another region, or when countries get other
names; its payload is the account's id as text.
"""


def default_region(locale: str, time_zone: str) -> str | None:
    """Return the region of an account; None where neither its locale nor its time zone tells one.

    It is that of the locale (``en-IN``), else that of the time zone, else the one where most speakers of the language
    are (``DE`` for ``de``); English is spoken in too many.
    """
    language, _, region = locale.partition("-")
    return region or region_of_time_zone(time_zone) or (None if language == "en" else likely_region(language))


@cache
def likely_region(language: str) -> str | None:
    """Return the region where most speakers of a language are (Unicode CLDR, likely subtags), such as ``DE``."""
    tag = get_global("likely_subtags").get(language, "")
    return tag.rpartition("_")[2] or None


@lru_cache(maxsize=1_000)
def region_of_time_zone(name: str) -> str | None:
    """Return the region of a zone such as ``Asia/Kolkata``, or of a link to one such as ``Asia/Calcutta``; None for one
    of no country, such as ``UTC``.
    """
    regions, links = _zones(), _links()
    return regions.get(name) or regions.get(links.get(name, ""))


@cache
def _zones() -> dict[str, str]:
    return {zone: code for code, _, zone, *_ in _table("zone.tab")}


@cache
def _links() -> dict[str, str]:
    """Return the zone that each other name stands for: lines ``L target name`` of the database's compact form."""
    lines = (line.split() for line in _text("tzdata.zi").splitlines() if line.startswith("L "))
    return {name: target for _, target, name in lines}


def _table(name: str) -> list[list[str]]:
    return [line.split("\t") for line in _text(name).splitlines() if line and not line.startswith("#")]


def _text(name: str) -> str:
    return files("tzdata").joinpath("zoneinfo", name).read_text("utf-8")
