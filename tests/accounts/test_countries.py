"""Which country a word means."""

import subprocess
import sys
from pathlib import Path

import pytest

from leadconnect.accounts.cldr import names_of_cldr
from leadconnect.accounts.countries import NAMES, OTHER_NAMES, country_name, region_of_country


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("India", "IN"), (" india ", "IN"), ("IN", "IN"), ("in", "IN"), ("IND", "IN"), ("भारत", "IN"), ("الهند", "IN"),
        ("Inde", "IN"), ("Deutschland", "DE"), ("Alemania", "DE"), ("ÖSTERREICH", "AT"), ("Autriche", "AT"),
        ("Royaume-Uni", "GB"), ("Vereinigtes Königreich", "GB"), ("United Kingdom", "GB"), ("UK", "GB"),
        ("England", "GB"), ("U.S.A.", "US"), ("États-Unis", "US"), ("united states of america", "US"), ("UAE", "AE"),
        ("السعودية", "SA"), ("Trinidad and Tobago", "TT"), ("Trinidad & Tobago", "TT"), ("Côte d'Ivoire", "CI"),
        ("The Netherlands", "NL"), ("Korea, South", "KR"), ("Rwanda", "RW"), ("RWA", "RW"), ("টোগো", None),
        ("Mars", None), ("Karnataka", None), ("", None), (None, None), ("+", None), ("Antarctica", None),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_names_and_codes(name: str | None, region: str | None) -> None:
    assert region_of_country(name) == region


@pytest.mark.parametrize(
    ("code", "region"),
    [
        ("+49", "DE"), ("49", "DE"), ("0049", "DE"), ("++91", "IN"), ("0+91", "IN"), ("+1", "US"),
        ("+800", None), ("999999", None), ("0", None),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_calling_code(code: str, region: str | None) -> None:
    assert region_of_country(code) == region


def test_vowel_signs_tell_countries_apart() -> None:
    assert (region_of_country("टोगो"), region_of_country("टोंगा")) == ("TG", "TO")


def test_every_name_means_the_country_that_it_is_listed_for() -> None:
    listed = [line.split("\t") for line in NAMES.read_text("utf-8").splitlines()[1:]]
    listed += [[region, *names.split(",")] for region, names in OTHER_NAMES.items()]
    wrong = {
        name: (region, region_of_country(name))
        for region, *names in listed
        for name in (region, *names)
        if region_of_country(name) != region
    }
    assert len(listed) > 240
    assert wrong == {}


def test_the_names_are_those_of_the_cldr() -> None:
    assert NAMES.read_text("utf-8") == names_of_cldr(), "run `make countries`"


def test_to_know_a_country_costs_no_import_of_babel() -> None:
    program = (
        "import sys; from leadconnect.leads.duplicates.keys import contact_keys;"
        "keys = contact_keys('030 1234567', None, 'Allemagne', None);"
        "sys.exit(keys.phone != '+49301234567' or 'babel' in sys.modules)"
    )
    source = str(Path(__file__).parents[2] / "src")
    done = subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": source}, check=False)
    assert done.returncode == 0


def test_a_region_has_an_english_name() -> None:
    assert (country_name("DE"), country_name("XX")) == ("Germany", "XX")
