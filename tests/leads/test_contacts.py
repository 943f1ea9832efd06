"""What a lead needs, by one rule on every way in: a name, and a phone number or an e-mail address."""

from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.errors import ValidationFailed
from leadconnect.leads.fields import FIELDS, LeadInput, LeadPatch, check_change, stored_changes, stored_values
from leadconnect.wire import convert, decode
from tests import make
from tests.cast import Actor
from tests.idempotency.sending import IMPORT, LEADS, send, upload

NAMES = {field.name: field.encode_name for field in msgspec.structs.fields(LeadInput)}
UNREACHABLE = "phoneNumber or email is required"
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20)
CHOICES = {
    "customerCategory": st.sampled_from(["existing", "potential"]),
    "leadSource": st.sampled_from(["website", "referral", "other"]),
    "leadStatus": st.sampled_from(["new", "hot", "converted", "lost"]),
}
DAYS = ("dateOfBirth", "lastContactedDate", "nextFollowupDate")


def by_email(**changes: Any) -> dict[str, Any]:
    """Return the body of a lead with an e-mail address alone."""
    return make.lead(email=make.email("reach"), **changes) | {"phoneNumber": changes.get("phoneNumber", "")}


def without_phone() -> dict[str, Any]:
    """Return the body of a lead with an e-mail address, and without the key of the phone number."""
    return {name: value for name, value in by_email().items() if name != "phoneNumber"}


@st.composite
def leads(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the body of a lead that is taken: any optional field there, null or absent."""
    body: dict[str, Any] = {name: draw(choices) for name, choices in CHOICES.items()}
    body["name"] = "A" + draw(TEXTS)
    for name in set(NAMES.values()) - set(body) - {"phoneNumber", "email"}:
        kind = st.dates().map(str) if name in DAYS else TEXTS
        if (value := draw(st.none() | kind)) is not None or draw(st.booleans()):
            body[name] = value
    body["phoneNumber"] = draw(st.sampled_from(["", " ", "+49 30 1234567", "N/A"]))
    body["email"] = draw(st.none() | st.just("asha@example.com")) if body["phoneNumber"].strip() else "asha@example.com"
    if body["leadSource"] == "other":
        body["customLeadSource"] = "B" + draw(TEXTS)
    return body


@given(leads())
def test_what_a_lead_has_can_be_sent_back_and_changes_nothing(body: dict[str, Any]) -> None:
    stored = dict(zip(FIELDS, stored_values(convert(body, LeadInput)), strict=True))
    sent = msgspec.json.encode({NAMES[field]: value for field, value in stored.items()})
    changes = stored_changes(decode(sent, LeadPatch))
    check_change(stored, changes)
    assert changes == stored


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        ({"phone_number": "", "email": None}, {"phone_number": "", "email": None, "name": "A"}),
        ({"lead_source": "other", "custom_lead_source": None}, {"lead_source": "other", "custom_lead_source": None}),
        ({"phone_number": "1", "email": "a@b.c"}, {"email": None}),
        ({"phone_number": "1", "email": "a@b.c"}, {"phone_number": ""}),
    ],
)
def test_what_was_missing_before_may_stay_missing(before: dict[str, Any], changes: dict[str, Any]) -> None:
    row = {"phone_number": "1", "email": None, "lead_source": "website", "custom_lead_source": None} | before
    check_change(row, changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"phone_number": ""}, "phoneNumber is required while the lead has no email"),
        ({"phone_number": "", "email": None}, UNREACHABLE),
        ({"lead_source": "other"}, "customLeadSource is required when leadSource is other"),
    ],
)
def test_a_change_may_not_take_what_a_lead_needs(changes: dict[str, Any], message: str) -> None:
    row = {"phone_number": "1", "email": None, "lead_source": "website", "custom_lead_source": None}
    with pytest.raises(ValidationFailed) as refusal:
        check_change(row, changes)
    assert refusal.value.message == [message]


async def test_a_lead_with_an_address_alone_is_added_like_one_of_a_file(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    single = await send(client, owner, LEADS, json=by_email())
    absent = await send(client, owner, LEADS, json=without_phone())
    rows = await send(client, owner, IMPORT, json={"leads": [by_email(), by_email(phoneNumber=" "), without_phone()]})
    file = await upload(client, owner, b"Name,Email\nAsha,asha@example.com\n")
    added = [single.json(), absent.json(), *(row["lead"] for row in rows.json()["results"] + file.json()["results"])]
    assert [lead["phoneNumber"] for lead in added] == [""] * 6
    for lead in added:
        lead.pop("duplicates", None)
        editable = {name: lead[name] for name in NAMES.values()}
        answer = await client.patch(f"{LEADS}/{lead['id']}", json=editable, headers=owner.headers)
        assert answer.status_code == 200, answer.text
        assert answer.json() == lead | {name: answer.json()[name] for name in ("updatedAt", "version")}
        history = (await client.get(f"{LEADS}/{lead['id']}/history", headers=owner.headers)).json()
        assert [event["kind"] for event in history["data"]] == ["created"]


async def test_a_lead_with_neither_is_refused_on_every_way_in(client: httpx.AsyncClient, owner: Actor) -> None:
    for contact in ({"phoneNumber": ""}, {"phoneNumber": " "}, {"phoneNumber": "", "email": None}):
        single = await send(client, owner, LEADS, json=make.lead(**contact))
        assert (single.status_code, single.json()["message"]) == (400, [UNREACHABLE])
        rows = (await send(client, owner, IMPORT, json={"leads": [make.lead(**contact)]})).json()
        assert [row["error"] for row in rows["results"]] == [UNREACHABLE]


async def test_the_last_contact_of_a_lead_cannot_be_cleared(client: httpx.AsyncClient, owner: Actor) -> None:
    lead = (await send(client, owner, LEADS, json=by_email())).json()
    path = f"{LEADS}/{lead['id']}"
    refused = await client.patch(path, json={"email": None}, headers=owner.headers)
    assert refused.json()["message"] == ["email is required while the lead has no phoneNumber"]
    ids = {"ids": [lead["id"]], "action": "update", "set": {"email": None}, "expectedCount": 1}
    assert (await client.post(f"{LEADS}/bulk", json=ids, headers=owner.headers)).status_code == 400
    swapped = await client.patch(path, json={"email": None, "phoneNumber": "030 1"}, headers=owner.headers)
    assert (swapped.status_code, swapped.json()["email"]) == (200, None)
    refused = await client.patch(path, json={"phoneNumber": ""}, headers=owner.headers)
    assert refused.json()["message"] == ["phoneNumber is required while the lead has no email"]


async def test_a_merge_keeps_a_contact(client: httpx.AsyncClient, owner: Actor) -> None:
    mail = (await send(client, owner, LEADS, json=by_email())).json()
    phone = (await send(client, owner, LEADS, json=make.lead())).json()
    take = {"phoneNumber": mail["id"], "email": phone["id"]}
    body = {"leadIds": [mail["id"]], "take": take}
    refused = await send(client, owner, f"{LEADS}/{phone['id']}/merge", json=body)
    assert (refused.status_code, refused.json()["message"]) == (400, [UNREACHABLE])
    merged = await send(client, owner, f"{LEADS}/{phone['id']}/merge", json={"leadIds": [mail["id"]]})
    assert (merged.json()["lead"]["phoneNumber"], merged.json()["lead"]["email"]) == ("+49 30 1234567", mail["email"])
