"""Made-up people are believable, and none of them can be called or written to."""

import re
from random import Random

import phonenumbers
import pytest

from leadconnect.seed import people
from leadconnect.seed.vocabulary import names
from leadconnect.seed.vocabulary.names import Culture
from leadconnect.seed.vocabulary.places import COUNTRIES, HOMES, INDIA_NORTH, JAPAN, City, Country
from leadconnect.seed.vocabulary.trades import TRADES

RESERVED = {
    "US": r"[2-9]\d{2}55501\d{2}",
    "GB": r"7700900\d{3}|2079460\d{3}|161496\d{4}|113496\d{4}",
    "DE": r"3023125\d{3}|4066969\d{3}|8999998\d{3}|2214710\d{3}|6990009\d{3}|17139200\d{2}",
    "FR": r"19900\d{4}|63998\d{4}|46571\d{4}",
    "SE": r"846500\d{3}|7017406\d{2}",
}
"""National numbers that the regulators have set aside for fiction."""

every_country = pytest.mark.parametrize(
    "country", COUNTRIES, ids=lambda country: f"{country.name}-{country.cities[0].name}"
)
CULTURES = tuple(dict.fromkeys(country.culture for country in COUNTRIES))
every_culture = pytest.mark.parametrize("culture", CULTURES, ids=lambda culture: culture.family[0].latin)


@every_country
def test_a_phone_number_is_possible_and_reaches_nobody(country: Country) -> None:
    random = Random(1)
    for _ in range(400):
        text = people.phone(country, random)
        number = phonenumbers.parse(text, country.code)
        assert number.country_code == phonenumbers.country_code_for_region(country.code), text
        assert phonenumbers.is_possible_number(number), text
        if country.code in RESERVED:
            assert re.fullmatch(RESERVED[country.code], str(number.national_number)), text
        else:
            assert not phonenumbers.is_valid_number(number), text


@every_culture
def test_a_handle_is_ascii_for_every_name(culture: Culture) -> None:
    random = Random(2)
    for _ in range(400):
        assert re.fullmatch(r"[a-z]+\.[a-z]+", people.person(culture, random).handle)


@every_culture
def test_native_names_are_written_in_their_script(culture: Culture) -> None:
    natives = [name for name in culture.given + culture.family if name.native != name.latin]
    assert all(not re.search(r"[A-Za-z]", name.native) for name in natives)
    assert bool(natives) == (culture.native_share > 0)


def test_some_people_are_written_natively_and_some_romanised() -> None:
    random = Random(3)
    made = [people.person(names.JAPANESE, random) for _ in range(200)]
    assert 40 < sum(who.is_native for who in made) < 180


def test_a_family_name_comes_first_where_that_is_the_custom() -> None:
    random = Random(4)
    native = next(who for who in iter(lambda: people.person(names.JAPANESE, random), None) if who.is_native)
    assert native.name.split(" ")[0] in {name.native for name in names.JAPANESE.family}


@pytest.mark.parametrize(
    ("text", "word"),
    [("Jäger", "jager"), ("Groß", "gross"), ("O'Neill", "oneill"), ("Åberg", "aberg"), ("Noël", "noel")],
)
def test_a_word_is_folded_to_ascii(text: str, word: str) -> None:
    assert people.ascii_word(text) == word


@every_country
def test_an_address_is_at_a_domain_that_nobody_can_own(country: Country) -> None:
    random = Random(5)
    for _ in range(200):
        who = people.person(country.culture, random)
        company = people.company(country, random.choice(TRADES), random)
        address = people.email(who, random.choice([company, None]), random)
        assert re.fullmatch(r"[a-z.]+\d{0,2}@(example\.(com|org|net)|[a-z0-9-]+\.example)", address)


@every_country
def test_a_company_name_fits_its_column(country: Country) -> None:
    random = Random(6)
    assert all(len(people.company(country, trade, random)) <= 100 for trade in TRADES for _ in range(50))


@pytest.mark.parametrize(
    ("country", "city", "form"),
    [(INDIA_NORTH, INDIA_NORTH.cities[1], r"4110\d\d"), (JAPAN, JAPAN.cities[0], r"100-00\d\d")],
    ids=["India", "Japan"],
)
def test_a_post_code_belongs_to_its_city(country: Country, city: City, form: str) -> None:
    assert re.fullmatch(form, people.postcode(country, city, Random(7)))


def test_every_country_is_a_home_and_native_cities_match_their_cities() -> None:
    assert set(HOMES) == set(COUNTRIES)
    assert all(len(country.native_cities) in (0, len(country.cities)) for country in COUNTRIES)
