"""Regions, as ISO 3166-1 codes such as ``IN``: where a national phone number is dialled. Pure.

Zones, their links and the names of countries are those of the IANA time zone database, as the package tzdata has it.
"""

from functools import cache, lru_cache
from importlib.resources import files

REGION_CHANGED = "region_changed"
"""The entry point of the queue for what is due when an account moves to another region; its payload is the account's
id as text.
"""
OTHER_NAMES = {
    "AE": "uae, are, emirates, الإمارات, الإمارات العربية المتحدة",
    "AT": "österreich, aut",
    "AU": "aus",
    "BD": "bgd, বাংলাদেশ",
    "BE": "belgien, belgique, belgië, bel",
    "BR": "brasil, bra",
    "CA": "can",
    "CD": "democratic republic of the congo",
    "CF": "central african republic",
    "CG": "congo, republic of the congo",
    "CH": "schweiz, suisse, svizzera, che",
    "CI": "ivory coast, cote d'ivoire, côte d'ivoire",
    "CN": "中国, people's republic of china, chn",
    "CZ": "czechia, česko, cze",
    "DE": "deutschland, allemagne, alemania, federal republic of germany, deu",
    "DK": "danmark, dnk",
    "EG": "مصر, egy",
    "ES": "españa, espana, spanien, espagne, esp",
    "FI": "suomi, fin",
    "FR": "frankreich, francia, fra",
    "GB": "united kingdom, uk, great britain, britain, england, scotland, wales, northern ireland, gbr",
    "GR": "hellas, grc",
    "ID": "idn",
    "IE": "republic of ireland, irl",
    "IN": "bharat, भारत, indien, inde, الهند, ind",
    "IT": "italia, italien, italie, ita",
    "JP": "日本, jpn",
    "KN": "saint kitts and nevis",
    "KP": "north korea",
    "KR": "south korea, republic of korea, korea, 대한민국, 한국, kor",
    "LC": "saint lucia",
    "LK": "lka",
    "MM": "myanmar, burma",
    "MO": "macao",
    "MX": "méxico, mexiko, mex",
    "MY": "mys",
    "NL": "the netherlands, holland, nederland, niederlande, pays-bas, nld",
    "NO": "norge, nor",
    "NP": "npl",
    "NZ": "aotearoa, nzl",
    "PH": "the philippines, phl",
    "PK": "pak, پاکستان",
    "PL": "polska, polen, pol",
    "PT": "prt",
    "RU": "russian federation, россия, rus",
    "SA": "ksa, kingdom of saudi arabia, السعودية, المملكة العربية السعودية, sau",
    "SE": "sverige, schweden, swe",
    "SG": "sgp",
    "SZ": "eswatini, swaziland",
    "TL": "timor-leste",
    "TR": "türkiye, turkiye, tur",
    "TW": "台灣, 台湾",
    "TZ": "united republic of tanzania",
    "UA": "україна, ukr",
    "US": "usa, us of america, united states of america, america, vereinigte staaten, états-unis, estados unidos",
    "VA": "holy see",
    "VC": "saint vincent and the grenadines",
    "VN": "viet nam, vnm",
    "WS": "samoa",
    "ZA": "zaf",
}
"""What countries are called besides the English names of the database: in full, by themselves, by three letters."""


def default_region(locale: str, time_zone: str) -> str | None:
    """Return the region of an account: of its locale (``en-IN``), else of its time zone; None where neither has one."""
    _, _, region = locale.partition("-")
    return region or region_of_time_zone(time_zone)


@lru_cache(maxsize=1_000)
def region_of_time_zone(name: str) -> str | None:
    """Return the region of a zone such as ``Asia/Kolkata``, or of a link to one such as ``Asia/Calcutta``; None for one
    of no country, such as ``UTC``.
    """
    regions, links = _zones(), _links()
    return regions.get(name) or regions.get(links.get(name, ""))


@lru_cache(maxsize=10_000)
def region_of_country(name: str | None) -> str | None:
    """Return the region that a country's name or code means: in English, and for some countries in other languages
    too, whatever the case; None where it means none.
    """
    return _countries().get(_folded(name)) if name else None


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, name in _table("iso3166.tab"):
        found |= dict.fromkeys((code.lower(), _folded(name)), code)
    for code, names in OTHER_NAMES.items():
        found |= dict.fromkeys(map(_folded, names.split(",")), code)
    return found


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


def _folded(name: str) -> str:
    """Return a country's name as it is compared: ``U.S.A.`` and ``usa``, ``&`` and ``and`` are the same."""
    return " ".join(name.casefold().replace(".", "").replace("&", " and ").replace("’", "'").split())
