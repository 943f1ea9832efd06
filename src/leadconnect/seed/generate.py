"""The demo data itself: accounts with their people, and the leads of an account. Pure; the same seed, the same data.

Only ids are fresh each time, for two runs may meet in one database.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from leadconnect.identifiers import new_id
from leadconnect.seed import people, timeline
from leadconnect.seed.vocabulary import trades
from leadconnect.seed.vocabulary.places import COUNTRIES, HOMES, Country
from leadconnect.seed.vocabulary.weighted import Weighted


class SeedUser(NamedTuple):
    """A user; the four rights are None for the owner, who needs none."""

    id: UUID
    email: str
    full_name: str
    role: str
    custom_role: str | None
    phone_number: str
    can_view_leads: bool | None = None
    can_edit_leads: bool | None = None
    can_add_leads: bool | None = None
    can_export_leads: bool | None = None


class SeedAccount(NamedTuple):
    """An account and its users, the owner first."""

    id: UUID
    company_name: str
    company_size: str
    industry: str
    website: str
    time_zone: str
    home: Country
    users: tuple[SeedUser, ...]


class SeedLead(NamedTuple):
    """A lead as the columns of the table hold it, but for the account and the columns that search needs."""

    id: UUID
    user_id: UUID
    name: str
    phone_number: str
    email: str | None
    date_of_birth: date | None
    city: str | None
    state: str | None
    country: str | None
    pincode: str | None
    company_name: str | None
    designation: str | None
    customer_category: str
    last_contacted_date: date | None
    last_contacted_by: str | None
    next_followup_date: date | None
    customer_interested_in: str | None
    preferred_communication_channel: str | None
    custom_communication_channel: str | None
    lead_source: str
    custom_lead_source: str | None
    custom_referral_source: str | None
    custom_generated_by: str | None
    lead_status: str
    lead_created_by: str | None
    additional_notes: str | None
    sector: str | None
    custom_sector: str | None
    assigned_to_user_id: UUID | None
    created_by: UUID
    updated_by: UUID
    created_at: datetime
    updated_at: datetime


TEAM = (
    ("Management", None, None),
    ("Sales Manager", None, (True, True, True, True)),
    ("Sales Representative", None, (True, True, True, False)),
    ("Sales Representative", None, (True, False, False, False)),
    ("other", "Telecaller", (True, False, True, False)),
    ("Sales Representative", None, (False, False, False, False)),
)
"""Role, custom role and the rights to view, edit, add and export, of each user of an account; the first owns it."""

STATUSES = ("new", "followup", "qualified", "hot", "converted", "lost")
STATUS_WEIGHTS = (
    (7, Weighted(STATUSES, (58, 24, 9, 7, 1, 1))),
    (45, Weighted(STATUSES, (20, 34, 20, 12, 8, 6))),
    (400, Weighted(STATUSES, (5, 15, 12, 6, 34, 28))),
)
"""Up to this age in days, how often each status occurs: what is old has been decided."""
OPEN = frozenset({"new", "followup", "qualified", "hot"})

SOURCES = Weighted(
    (
        "website",
        "referral",
        "linkedin",
        "facebook",
        "campaign",
        "instagram",
        "on_field",
        "generated_by",
        "twitter",
        "other",
    ),
    (24, 16, 12, 11, 9, 9, 8, 4, 3, 4),
)
CHANNELS = Weighted(
    ("phone", "whatsapp", "email", "in-person", "sms", "linkedin", "other"),
    (34, 26, 24, 7, 4, 3, 2),
)
SIZES = ("11-50", "1-10", "51-200", "201-500", "501-1000", "1000+")
INDUSTRIES = ("textile", "retail", "logistics", "electronics", "education", "healthcare", "construction")
HOME_SHARE = 0.62
"""The share of an account's leads that come from its own country, 0 to 1."""


def account(number: int, address: str, random: Random) -> SeedAccount:
    """Return the account `number` (from 0) and its users; `address` is its owner's e-mail address, with a domain."""
    home = HOMES[number % len(HOMES)]
    name = people.company(home, random.choice(trades.TRADES), random)
    mailbox, _, domain = address.partition("@")
    users: list[SeedUser] = []
    for role, custom_role, rights in TEAM:
        who = people.person(home.culture, random)
        given = address if rights is None else f"{who.handle}{len(users)}.{mailbox}@{domain}"
        users.append(
            SeedUser(new_id(), given, who.name, role, custom_role, people.phone(home, random), *(rights or (None,) * 4))
        )
    return SeedAccount(
        id=new_id(),
        company_name=name,
        company_size=SIZES[number % len(SIZES)],
        industry=INDUSTRIES[number % len(INDUSTRIES)],
        website=f"www.{people.company_domain(name)}",
        time_zone=home.time_zone,
        home=home,
        users=tuple(users),
    )


def leads(owner: SeedAccount, count: int, now: datetime, random: Random) -> Iterator[SeedLead]:
    """Yield `count` leads of the account `owner`, oldest first, created in the 400 days before `now` (aware UTC)."""
    zone = ZoneInfo(owner.time_zone)
    for created_at in timeline.creation_instants(count, now, zone, random):
        yield _lead(owner, created_at, now, zone, random)


def _lead(owner: SeedAccount, created_at: datetime, now: datetime, zone: ZoneInfo, random: Random) -> SeedLead:
    country = owner.home if random.random() < HOME_SHARE else random.choice(COUNTRIES)
    who = people.person(country.culture, random)
    trade = random.choice(trades.TRADES)
    company = people.company(country, trade, random) if random.random() < 0.72 else None
    status = _status((now - created_at).days, random)
    source = SOURCES.pick(random)
    channel = CHANNELS.pick(random) if random.random() < 0.8 else None
    maker, holder = random.choice(owner.users[:3]), random.choice(owner.users[:4])
    updated_at = created_at if status == "new" else timeline.moment_between(created_at, now, random)
    today = now.astimezone(zone).date()
    return SeedLead(
        id=_id_at(created_at),
        user_id=owner.users[0].id,
        name=who.name,
        phone_number=people.phone(country, random),
        email=people.email(who, company, random) if random.random() < 0.85 else None,
        date_of_birth=date(1955, 1, 1) + timedelta(days=random.randrange(18_000)) if random.random() < 0.15 else None,
        **_place(country, who.is_native, random),
        company_name=company,
        designation=random.choice(trades.OCCUPATIONS) if company and random.random() < 0.8 else None,
        customer_category="existing" if random.random() < (0.8 if status == "converted" else 0.12) else "potential",
        last_contacted_date=None if status == "new" else updated_at.astimezone(zone).date(),
        last_contacted_by=None if status == "new" else holder.full_name,
        next_followup_date=timeline.follow_up_day(today, random) if status in OPEN and random.random() < 0.8 else None,
        customer_interested_in=random.choice(trade.interests) if random.random() < 0.7 else None,
        preferred_communication_channel=channel,
        custom_communication_channel="Video call" if channel == "other" else None,
        lead_source=source,
        custom_lead_source=random.choice(trades.CAMPAIGNS) if source == "other" else None,
        custom_referral_source=random.choice(trades.REFERRERS) if source == "referral" else None,
        custom_generated_by=maker.full_name if source == "generated_by" else None,
        lead_status=status,
        lead_created_by=maker.full_name,
        additional_notes=random.choice(trades.NOTES[status]) if random.random() < 0.6 else None,
        sector=trade.sector if random.random() < 0.8 else None,
        custom_sector=None,
        assigned_to_user_id=holder.id if random.random() < 0.7 else None,
        created_by=maker.id,
        updated_by=holder.id if updated_at > created_at else maker.id,
        created_at=created_at,
        updated_at=updated_at,
    )


def _place(country: Country, is_native: bool, random: Random) -> dict[str, str | None]:
    chance = random.random()
    if chance > 0.9:
        return {"city": None, "state": None, "country": country.name if chance > 0.95 else None, "pincode": None}
    index = random.randrange(len(country.cities))
    city = country.cities[index]
    name = country.native_cities[index] if is_native and country.native_cities else city.name
    code = people.postcode(country, city, random) if chance < 0.7 else None
    return {"city": name, "state": city.state, "country": country.name, "pincode": code}


def _status(age_days: int, random: Random) -> str:
    return next((some for limit, some in STATUS_WEIGHTS if age_days <= limit), STATUS_WEIGHTS[-1][1]).pick(random)


def _id_at(instant: datetime) -> UUID:
    """Return a fresh UUIDv7 whose time part is `instant`, so that ids sort as the leads were created."""
    return uuid7(nanoseconds=int(instant.timestamp() * 1000) * 1_000_000)
