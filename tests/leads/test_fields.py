"""The rules of a lead's fields, and what is stored of them."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadconnect.errors import ValidationFailed
from leadconnect.leads.fields import FIELDS, LeadInput, LeadPatch, stored_changes, stored_values
from leadconnect.wire import Input, decode
from tests import make

LIMITS = {
    "name": 255, "phoneNumber": 50, "city": 255, "state": 255, "country": 255, "designation": 255, "pincode": 20,
    "companyName": 100, "lastContactedBy": 50, "leadCreatedBy": 50, "preferredCommunicationChannel": 50,
    "customerInterestedIn": 100, "customCommunicationChannel": 255, "customLeadSource": 255,
    "customReferralSource": 255, "customGeneratedBy": 255, "additionalNotes": 5000, "sector": 255, "customSector": 255,
}  # fmt: skip
REQUIRED = ["name", "customerCategory", "leadSource", "leadStatus"]
LETTERS_AND_DIGITS = st.characters(categories=["L", "N"])
PRINTABLE = st.characters(categories=["L", "M", "N", "P", "S", "Zs"])


def new(**changes: Any) -> LeadInput:
    return decode(msgspec.json.encode(make.lead(**changes)), LeadInput)


def patch(**changes: Any) -> LeadPatch:
    return decode(msgspec.json.encode(changes), LeadPatch)


def refusals(body: dict[str, Any], kind: type[Input]) -> list[str]:
    with pytest.raises(ValidationFailed) as caught:
        decode(msgspec.json.encode(body), kind)
    assert isinstance(caught.value.message, list)
    return caught.value.message


def stored(lead: LeadInput) -> dict[str, Any]:
    return dict(zip(FIELDS, stored_values(lead), strict=True))


@given(st.text(PRINTABLE, max_size=120), LETTERS_AND_DIGITS, st.text(PRINTABLE, max_size=120))
@example("", "李", "雷")
@example("O'", "N", "eil-D’Arcy")
@example("", "José", "")
@example("", "عائشة", "")
@example("", "प्रिया", " शर्मा")
@example("3", "M", "")
def test_a_name_of_any_script_is_taken_and_trimmed(before: str, letter: str, after: str) -> None:
    name = before + letter + after
    assert stored(new(name=name))["name"] == name.strip()


@pytest.mark.parametrize("name", ["", " ", "--", "...", "\u00a0", "\u200b", "a\nb", "a\x00b", "a\tb", "a\x85b"])
def test_a_name_without_letter_or_digit_or_with_control_characters_is_refused(name: str) -> None:
    (message,) = refusals(make.lead(name=name), LeadInput)
    assert message.startswith("name must ")


@pytest.mark.parametrize(("field", "limit"), LIMITS.items())
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(field: str, limit: int) -> None:
    decode(msgspec.json.encode(make.lead(**{field: "x" * limit})), LeadInput)
    patch(**{field: "x" * limit})
    expected = [f"{field} must be at most {limit} characters long"]
    assert refusals(make.lead(**{field: "x" * (limit + 1)}), LeadInput) == expected
    assert refusals({field: "x" * (limit + 1)}, LeadPatch) == expected


def test_every_text_field_has_its_limit_tested() -> None:
    others = {
        "email",
        "dateOfBirth",
        "lastContactedDate",
        "nextFollowupDate",
        "customerCategory",
        "leadSource",
        "leadStatus",
    }
    assert set(LIMITS) | others == {field.encode_name for field in msgspec.structs.fields(LeadInput)}


def test_an_empty_body_names_every_field_that_must_be_there() -> None:
    expected = [*(f"{field} is required" for field in REQUIRED), "phoneNumber or email is required"]
    assert refusals({}, LeadInput) == expected


@pytest.mark.parametrize("field", REQUIRED)
@pytest.mark.parametrize("value", [None, ""])
def test_what_every_lead_must_have_takes_neither_null_nor_nothing(field: str, value: str | None) -> None:
    assert len(refusals(make.lead(**{field: value}), LeadInput)) == 1
    assert len(refusals({field: value}, LeadPatch)) == 1


@pytest.mark.parametrize("value", [1, True, ["x"], {"a": "b"}])
@pytest.mark.parametrize("field", ["name", "city", "additionalNotes", "leadStatus", "dateOfBirth", "nextFollowupDate"])
def test_another_type_is_refused(field: str, value: object) -> None:
    assert len(refusals(make.lead(**{field: value}), LeadInput)) == 1
    assert len(refusals({field: value}, LeadPatch)) == 1


@pytest.mark.parametrize(
    "field",
    [
        "id",
        "userId",
        "user",
        "accountId",
        "assignedToUserId",
        "createdAt",
        "isActive",
        "subscriptionPlan",
        "phone_number",
    ],
)
def test_what_is_not_a_field_of_a_lead_is_refused(field: str) -> None:
    assert refusals(make.lead(**{field: "x"}), LeadInput) == [f"property {field} should not exist"]
    assert refusals({field: "x"}, LeadPatch) == [f"property {field} should not exist"]


@pytest.mark.parametrize("email", ["", "x", "x@y", "a b@example.com", "x" * 250 + "@example.com"])
def test_an_address_that_is_none_is_refused(email: str) -> None:
    assert len(refusals(make.lead(email=email), LeadInput)) == 1
    assert len(refusals({"email": email}, LeadPatch)) == 1


@pytest.mark.parametrize("field", ["dateOfBirth", "lastContactedDate", "nextFollowupDate"])
@pytest.mark.parametrize(
    "text",
    ["2031-02-31", "2031-02-29", "2031", "2031-02", "31-02-2031", "2031-2-3", "2031-02-03T", "２０３１-02-03",
     "2031-02-03T25:00", "tomorrow", "0000-01-01", "2031-02-03 ", "2031-02-03x"],
)  # fmt: skip
def test_what_is_no_real_day_is_refused(field: str, text: str) -> None:
    expected = [f"{field} must be a real date written YYYY-MM-DD"]
    assert refusals(make.lead(**{field: text}), LeadInput) == expected
    assert refusals({field: text}, LeadPatch) == expected


@given(st.dates())
def test_a_day_is_stored_as_that_day(day: date) -> None:
    lead = stored(new(dateOfBirth=day.isoformat(), lastContactedDate=day.isoformat(), nextFollowupDate=day.isoformat()))
    assert [lead[field] for field in ("date_of_birth", "last_contacted_date", "next_followup_date")] == [day] * 3
    assert stored_changes(patch(nextFollowupDate=day.isoformat())) == {"next_followup_date": day}


@pytest.mark.parametrize(
    "time",
    ["T00:00:00.000Z", "T23:59:59+14:00", "T00:30:00-11:00", "T12:00", " 12:00:00", "T120000Z", "T23:30:00+0530"],
)
def test_the_time_after_a_day_of_the_past_shifts_nothing(time: str) -> None:
    text = f"2031-02-27{time}"
    lead = stored(new(dateOfBirth=text, lastContactedDate=text))
    assert (lead["date_of_birth"], lead["last_contacted_date"]) == (date(2031, 2, 27), date(2031, 2, 27))
    assert len(refusals(make.lead(nextFollowupDate=text), LeadInput)) == 1
    assert len(refusals({"nextFollowupDate": text}, LeadPatch)) == 1


@pytest.mark.parametrize("field", ["dateOfBirth", "lastContactedDate", "nextFollowupDate"])
def test_an_empty_date_clears_in_a_change_and_is_refused_in_a_new_lead(field: str) -> None:
    (cleared,) = stored_changes(patch(**{field: ""})).values()
    assert cleared is None
    assert len(refusals(make.lead(**{field: ""}), LeadInput)) == 1


@pytest.mark.parametrize("custom", [None, "", "  "])
def test_the_source_other_must_be_named(custom: str | None) -> None:
    expected = ["customLeadSource is required when leadSource is other"]
    assert refusals(make.lead(leadSource="other", customLeadSource=custom), LeadInput) == expected


def test_a_named_other_source_is_taken() -> None:
    assert stored(new(leadSource="other", customLeadSource=" Fair "))["custom_lead_source"] == "Fair"
    assert stored_changes(patch(leadSource="other", customLeadSource="Fair")) == {
        "lead_source": "other",
        "custom_lead_source": "Fair",
    }
    assert stored_changes(patch(customLeadSource=None)) == {"custom_lead_source": None}


def test_only_the_keys_that_were_sent_are_changed() -> None:
    assert stored_changes(patch()) == {}
    assert stored_changes(patch(city="Ulm", state=None)) == {"city": "Ulm", "state": None}


def test_texts_are_trimmed_and_blank_ones_are_stored_as_null() -> None:
    lead = stored(new(city="  Ulm ", state="  ", additionalNotes="\n one\n two\n"))
    assert (lead["city"], lead["state"], lead["additional_notes"]) == ("Ulm", None, "\n one\n two\n")
    assert stored_changes(patch(additionalNotes=" \n ")) == {"additional_notes": None}
