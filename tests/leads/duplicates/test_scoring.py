"""How likely two leads are one person: certain, worth a look, or colleagues."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.leads.duplicates.keys import Keys
from leadconnect.leads.duplicates.scoring import WEIGHTS, Profile, Reason, likeness

PHONE, OFFICE = "+49301234567", "+49307654321"
MAIL, INFO = "asha@rao.example", "info@rao.example"


def profile(name: str = "Asha Rao", phone: str | None = None, email: str | None = None, **others: Any) -> Profile:
    return Profile(name, others.pop("company", None), Keys(phone, email), **others)


def reasons(one: Profile, other: Profile, **crowded: Any) -> list[str]:
    return [each.reason.value for each in likeness(one, other, **crowded).reasons]


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (profile(phone=PHONE, email=MAIL), profile(phone=PHONE, email=MAIL), 100, 100),
        (profile(phone=PHONE), profile("Dr. A. Rao", phone=PHONE), 80, 95),
        (profile(email=MAIL), profile("Rao, Asha", email=MAIL), 90, 100),
        (profile(phone=PHONE), profile("Asha Patil", phone=PHONE), 50, 60),
        (profile(company="Rao Traders"), profile(company="Rao Traders Ltd"), 50, 60),
        (profile(phone=PHONE, email=MAIL), profile("Ravi Nair", phone=PHONE, email=MAIL), 20, 30),
        (profile(), profile(), 30, 39),
        (profile(phone=PHONE), profile("Ravi Nair", phone=PHONE), 0, 20),
        (profile(email=INFO), profile("Ravi Nair", email=INFO), 0, 5),
        (
            profile(phone=OFFICE, email=INFO, company="Rao"),
            profile("Ravi Nair", phone=OFFICE, email=INFO, company="Rao"),
            0,
            5,
        ),
        (profile(), profile("Ravi Nair"), 0, 0),
    ],
)
def test_the_score(one: Profile, other: Profile, least: int, most: int) -> None:
    assert least <= likeness(one, other).score <= most


def test_reasons_are_named_the_weightiest_first_for_and_against() -> None:
    one = profile(phone=PHONE, email=INFO, company="Rao Traders", birth_date=date(1990, 3, 4))
    other = profile("Ravi Nair", phone=PHONE, email=INFO, company="Rao Traders", birth_date=date(1985, 3, 4))
    assert reasons(one, other) == [
        "different_name", "same_mailbox", "same_phone", "shared_mailbox", "different_birth_date", "same_company",
    ]  # fmt: skip
    assert reasons(one, one, crowded={PHONE}) == [
        "same_mailbox", "same_phone", "shared_mailbox", "same_name", "shared_phone", "same_birth_date", "same_company",
    ]  # fmt: skip


BOTH: Any = {"phone": PHONE, "email": MAIL}
OWN, OTHER = "asha@example.com", "other@example.com"


@pytest.mark.parametrize(
    ("one", "other", "is_duplicate"),
    [
        (profile(phone=PHONE, email=MAIL), profile("Ravi Rao", phone=PHONE, email=MAIL), False),
        (profile(**BOTH, company="Rao"), profile("Ravi Rao", **BOTH, company="Rao"), False),
        (profile(phone=PHONE), profile("Ravi Rao", phone=PHONE), False),
        (profile(email=MAIL), profile("Ravi Rao", email=MAIL), False),
        (profile(phone=PHONE, email=OWN), profile("Asha Patil", phone=PHONE, email=OTHER), False),
        (profile(phone=PHONE, email=OWN), profile("Asha Patil", phone=PHONE, email=OWN), True),
        (profile(phone=PHONE, email=OWN), profile("Asha Patil", phone=PHONE), True),
        (profile(phone=PHONE, email=OWN), profile("Rao, Asha", phone=PHONE, email=OTHER), True),
        (profile(phone=PHONE, email=OWN), profile("Asha", phone=PHONE, email=OTHER), True),
        (profile(email=MAIL), profile("Frau A. Rao", email=MAIL), True),
        (profile(email=INFO), profile(email=INFO), True),
        (profile(email=INFO), profile("Asha Patil", email=INFO), False),
        (profile("Rao Ltd", phone=PHONE, company="Rao"), profile(phone=PHONE, company="Rao"), True),
        (profile("+49 30 1234567", phone=PHONE), profile(phone=PHONE), True),
        (profile("asha@rao.example", email=MAIL), profile(email=MAIL), True),
        (profile("Rao Ltd", phone=PHONE, company="Rao"), profile("Nair Ltd", phone=PHONE, company="Nair"), False),
    ],
)  # fmt: skip
def test_who_is_a_duplicate(one: Profile, other: Profile, is_duplicate: bool) -> None:
    assert likeness(one, other).is_duplicate is is_duplicate
    assert likeness(other, one).is_duplicate is is_duplicate


def test_a_crowded_number_alone_makes_no_duplicate() -> None:
    crowded = {PHONE}
    assert likeness(profile(phone=PHONE), profile("Asha Patil", phone=PHONE)).is_duplicate
    assert not likeness(profile(phone=PHONE), profile("Asha Patil", phone=PHONE), crowded=crowded).is_duplicate
    assert likeness(profile(phone=PHONE), profile("Rao, Asha", phone=PHONE), crowded=crowded).is_duplicate


def test_further_numbers_and_mailboxes_of_a_lead_count_like_its_own() -> None:
    merged = profile(phone=PHONE, email=MAIL, other_phones=frozenset({OFFICE}), other_emails=frozenset({OWN}))
    assert reasons(merged, profile(phone=OFFICE)) == ["same_phone", "same_name"]
    assert reasons(profile(email=OWN), merged) == ["same_mailbox", "same_name"]
    assert "different_mailbox" not in reasons(profile("Asha Patil", phone=PHONE, email=OWN), merged)


def test_a_number_of_many_tells_less() -> None:
    one, other = profile(phone=PHONE), profile("Asha Patil", phone=PHONE)
    assert "shared_phone" in reasons(one, other, crowded={PHONE})
    assert likeness(one, other, crowded={PHONE}).score == likeness(one, other).score + WEIGHTS[Reason.SHARED_PHONE]


def test_the_ids_of_other_systems_speak_for_and_against() -> None:
    one = profile(external_ids={"meta": frozenset({"1"}), "hubspot": frozenset({"7"})})
    assert "different_external_id" in reasons(one, profile(external_ids={"meta": frozenset({"2"})}))
    assert reasons(one, profile(external_ids={"zoho": frozenset({"1"})})) == ["same_name"]
    same = profile("Ravi Nair", external_ids={"meta": frozenset({"1", "2"})})
    assert reasons(one, same) == ["same_external_id", "different_name"]


PROFILES = st.builds(
    profile,
    st.sampled_from(["Asha Rao", "Rao Asha", "A Rao", "Ravi Nair", "محمد علي"]),
    phone=st.sampled_from([None, PHONE, OFFICE]),
    email=st.sampled_from([None, MAIL, INFO]),
    company=st.sampled_from([None, "Rao Traders", "Rao", "Nair & Sons"]),
    birth_date=st.sampled_from([None, date(1990, 3, 4), date(1985, 3, 4)]),
)


@given(PROFILES, PROFILES, st.sets(st.sampled_from([PHONE, MAIL])))
def test_a_score_is_what_its_reasons_weigh_whoever_is_compared_with_whom(
    one: Profile, other: Profile, crowded: set[str]
) -> None:
    found = likeness(one, other, crowded=crowded)
    assert found.score == min(100, max(0, sum(each.weight for each in found.reasons)))
    assert found == likeness(other, one, crowded=crowded)
    assert len({each.reason for each in found.reasons}) == len(found.reasons)
    assert (found.score > 0) <= any(each.weight > 0 for each in found.reasons)
