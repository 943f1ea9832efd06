"""The demo data: the same each time, within the limits of the wire contract, and with something in every corner."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from leadconnect.seed import generate, timeline
from leadconnect.seed.generate import SeedAccount, SeedLead

NOW = datetime(2031, 3, 5, 12, 0, tzinfo=UTC)
FRESH = {"id", "user_id", "assigned_to_user_id", "created_by", "updated_by"}
LIMITS = {
    "name": 255, "phone_number": 50, "email": 255, "city": 255, "state": 255, "country": 255, "pincode": 20,
    "company_name": 100, "designation": 255, "last_contacted_by": 50, "lead_created_by": 50,
    "customer_interested_in": 100, "preferred_communication_channel": 50, "custom_communication_channel": 255,
    "custom_lead_source": 255, "custom_referral_source": 255, "custom_generated_by": 255, "additional_notes": 200,
    "sector": 255,
}  # fmt: skip
"""Most characters of a field, by the wire contract."""


def account(number: int = 0, seed: int = 1) -> SeedAccount:
    return generate.account(number, "demo1@example.com", Random(seed))


@pytest.fixture(scope="module")
def leads() -> list[SeedLead]:
    return list(generate.leads(account(), 6_000, NOW, Random(1)))


def content(lead: SeedLead) -> dict[str, object]:
    return {field: value for field, value in lead._asdict().items() if field not in FRESH}


def test_the_same_seed_makes_the_same_leads_with_fresh_ids() -> None:
    first, again = (list(generate.leads(account(), 300, NOW, Random("7/0"))) for _ in range(2))
    assert [content(lead) for lead in first] == [content(lead) for lead in again]
    assert not {lead.id for lead in first} & {lead.id for lead in again}


def test_another_seed_makes_other_leads() -> None:
    first, other = (list(generate.leads(account(), 300, NOW, Random(seed))) for seed in (1, 2))
    assert (
        len({lead.name + lead.phone_number for lead in first} & {lead.name + lead.phone_number for lead in other}) < 30
    )


@pytest.mark.parametrize("number", range(12))
def test_an_account_has_an_owner_and_a_team_with_differing_rights(number: int) -> None:
    made = account(number)
    owner, *others = made.users
    assert owner.email == "demo1@example.com"
    assert owner.role == "Management"
    assert owner.can_view_leads is None
    rights = {(user.can_view_leads, user.can_edit_leads, user.can_add_leads, user.can_export_leads) for user in others}
    assert len(rights) == len(others) == 5
    assert len({user.email for user in made.users}) == 6
    assert all(len(user.full_name) <= 50 for user in made.users)
    assert ZoneInfo(made.time_zone).key == made.home.time_zone


def test_every_status_source_and_category_occurs(leads: list[SeedLead]) -> None:
    assert {lead.lead_status for lead in leads} == set(generate.STATUSES)
    assert {lead.lead_source for lead in leads} == set(generate.SOURCES.values)
    assert {lead.customer_category for lead in leads} == {"existing", "potential"}


def test_every_custom_field_goes_with_its_choice(leads: list[SeedLead]) -> None:
    for lead in leads:
        assert (lead.lead_source == "other") == (lead.custom_lead_source is not None)
        assert (lead.lead_source == "generated_by") == (lead.custom_generated_by is not None)
        assert (lead.custom_communication_channel is None) or lead.preferred_communication_channel == "other"


def test_texts_stay_within_the_limits_of_the_wire(leads: list[SeedLead]) -> None:
    for lead in leads:
        for field, limit in LIMITS.items():
            value = getattr(lead, field)
            assert value is None or 0 < len(value) <= limit, (field, value)


def test_names_are_of_many_scripts(leads: list[SeedLead]) -> None:
    scripts = {"Latin": "A", "Devanagari": "ऀ", "Tamil": "஀", "Arabic": "؀", "Hangul": "가", "Han": "一"}
    starts = sorted((ord(start), script) for script, start in scripts.items())

    def script_of(name: str) -> str:
        return [script for start, script in starts if start <= ord(name[0])][-1]

    assert set(Counter(script_of(lead.name) for lead in leads)) == set(scripts)


def test_leads_come_in_over_400_days_oldest_first(leads: list[SeedLead]) -> None:
    instants = [lead.created_at for lead in leads]
    assert instants == sorted(instants)
    assert NOW - timeline.SPAN <= instants[0] < NOW - timedelta(days=390)
    assert NOW - timedelta(days=2) < instants[-1] < NOW


def test_leads_come_in_by_day_and_on_working_days(leads: list[SeedLead]) -> None:
    local = [lead.created_at.astimezone(ZoneInfo("Asia/Kolkata")) for lead in leads]
    assert sum(moment.weekday() < 5 for moment in local) > 0.85 * len(local)
    assert sum(8 <= moment.hour < 20 for moment in local) > 0.85 * len(local)
    assert {moment.weekday() for moment in local} == set(range(7))


def test_a_lead_is_changed_after_it_came_in_and_not_in_the_future(leads: list[SeedLead]) -> None:
    assert all(lead.created_at <= lead.updated_at <= NOW for lead in leads)
    assert all(lead.last_contacted_date is None or lead.last_contacted_date <= date(2031, 3, 5) for lead in leads)


def test_follow_ups_lie_before_on_and_after_today_and_only_on_open_leads(leads: list[SeedLead]) -> None:
    today = date(2031, 3, 5)
    days = Counter((lead.next_followup_date - today).days for lead in leads if lead.next_followup_date)
    assert days[0] > 0
    assert sum(count for day, count in days.items() if day < 0) > 100
    assert sum(count for day, count in days.items() if 1 <= day <= 7) > 100
    assert sum(count for day, count in days.items() if day > 7) > 100
    assert all(lead.lead_status in generate.OPEN for lead in leads if lead.next_followup_date)


def test_an_id_carries_the_time_of_its_lead(leads: list[SeedLead]) -> None:
    for lead in leads[:200]:
        assert lead.id.version == 7
        assert lead.id.int >> 80 == int(lead.created_at.timestamp() * 1000)


def test_leads_belong_to_the_owner_and_were_made_by_people_of_the_account() -> None:
    made = account()
    people = {user.id for user in made.users}
    for lead in generate.leads(made, 200, NOW, Random(1)):
        assert lead.user_id == made.users[0].id
        assert {lead.created_by, lead.updated_by, lead.assigned_to_user_id} - {None} <= people
