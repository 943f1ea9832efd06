"""Made-up people and companies: names, addresses, phones and post codes that fit together. Pure."""

import unicodedata
from functools import lru_cache
from random import Random
from typing import NamedTuple

from leadconnect.seed.vocabulary.names import Culture
from leadconnect.seed.vocabulary.places import City, Country
from leadconnect.seed.vocabulary.trades import Trade

DOMAINS = ("example.com", "example.org", "example.net")
"""Domains that RFC 2606 §3 sets aside; the name ``.example`` of §2 serves for companies."""


class Person(NamedTuple):
    """A name as it is written, and in lower-case ASCII for e-mail addresses, such as ``bjorn.jager``."""

    name: str
    handle: str
    is_native: bool


def person(culture: Culture, random: Random) -> Person:
    """Return somebody of `culture`, written in the native script in its share of cases."""
    given, family = random.choice(culture.given), random.choice(culture.family)
    is_native = random.random() < culture.native_share
    if is_native:
        pair = (family.native, given.native) if culture.is_family_first else (given.native, family.native)
        name = culture.joiner.join(pair)
    else:
        name = f"{given.latin} {family.latin}"
    return Person(name, f"{ascii_word(given.latin)}.{ascii_word(family.latin)}", is_native)


def company(country: Country, trade: Trade, random: Random) -> str:
    """Return a company name such as ``Naidu Foods Pvt Ltd``, at most 100 characters."""
    family, word = random.choice(country.culture.family).latin, random.choice(trade.company_words)
    return f"{family} {word}{random.choice(country.company_endings)}"


def email(who: Person, company_name: str | None, random: Random) -> str:
    """Return an address of `who` at a domain that nobody can own (RFC 2606)."""
    chance = random.random()
    if company_name and chance < 0.5:
        return f"{who.handle}@{company_domain(company_name)}"
    number = str(random.randrange(1, 99)) if chance > 0.75 else ""
    return f"{who.handle}{number}@{random.choice(DOMAINS)}"


@lru_cache(maxsize=50_000)
def company_domain(name: str) -> str:
    """Return the made-up domain of the company `name`, such as ``naidu-foods.example``."""
    return f"{'-'.join(filter(None, (ascii_word(word) for word in name.split()[:2])))}.example"


@lru_cache(maxsize=50_000)
def ascii_word(text: str) -> str:
    """Return the letters and digits of `text` in lower-case ASCII: ``Jäger`` becomes ``jager``, ``Groß`` ``gross``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isascii() and character.isalnum())


def phone(country: Country, random: Random) -> str:
    """Return a phone number in one of the ways `country` writes them; it can reach nobody."""
    return filled(random.choice(country.phones), random)


def postcode(country: Country, city: City, random: Random) -> str:
    """Return a post code of `city`."""
    head, _, tail = country.postcode.partition("@")
    return f"{filled(head, random)}{city.postcode}{filled(tail, random)}"


def filled(pattern: str, random: Random) -> str:
    """Return `pattern` with a digit for each ``#`` and one of the letters A to H for each ``A``."""
    digits = iter(f"{random.randrange(10**10):010d}")
    return "".join(
        next(digits) if mark == "#" else "ABCDEFGH"[int(next(digits)) % 8] if mark == "A" else mark for mark in pattern
    )
