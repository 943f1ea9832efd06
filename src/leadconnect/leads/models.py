"""Leads as nouns: the enums of the wire, the answers, and the query of the list."""

import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Meta

from leadconnect.auth.principal import Owner
from leadconnect.paging import Limit, PageMeta, PageNumber
from leadconnect.wire import Answer, CalendarDate, Input, Instant, Label, Text255, instant, instant_at, values_of


class LeadStatus(StrEnum):
    """How far a lead has come. `CONVERTED` and `LOST` are closed: nothing is followed up any more."""

    NEW = "new"
    FOLLOWUP = "followup"
    QUALIFIED = "qualified"
    HOT = "hot"
    CONVERTED = "converted"
    LOST = "lost"


class LeadSource(StrEnum):
    """Where a lead came from. `OTHER` needs a text beside it."""

    WEBSITE = "website"
    REFERRAL = "referral"
    LINKEDIN = "linkedin"
    FACEBOOK = "facebook"
    TWITTER = "twitter"
    CAMPAIGN = "campaign"
    INSTAGRAM = "instagram"
    GENERATED_BY = "generated_by"
    ON_FIELD = "on_field"
    OTHER = "other"


class CustomerCategory(StrEnum):
    """Whether the lead buys already."""

    EXISTING = "existing"
    POTENTIAL = "potential"


class FollowupFilter(StrEnum):
    """When the next follow-up of an open lead is due, as seen from today in the account's time zone: before today,
    today or within the seven days after it, or later.
    """

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    FUTURE = "future"


SOON = timedelta(days=7)
NAME_PARTS = 4
"""Into how many parts commas may divide the name of a city or sector that is asked for."""
STATUS_SPELLINGS = {"new lead": LeadStatus.NEW}


class LeadOwner(Answer):
    """The owner of the account, as every lead shows them. Sub-users read null for phone and subscription."""

    id: UUID
    email: str
    full_name: str
    role: str
    custom_role: str | None
    company_name: str | None
    company_size: str | None
    industry: str | None
    website: str | None
    phone_number: str | None
    subscription_status: str | None
    subscription_plan: str | None
    is_active: bool
    created_at: Instant
    updated_at: Instant


class Lead(Answer):
    """A lead on the wire. Made by position from a row of `leads.queries.COLUMNS`, which has the same order."""

    id: UUID
    name: str
    phone_number: str
    email: str | None
    date_of_birth: CalendarDate | None
    city: str | None
    state: str | None
    country: str | None
    pincode: str | None
    company_name: str | None
    designation: str | None
    customer_category: CustomerCategory
    last_contacted_date: CalendarDate | None
    last_contacted_by: str | None
    next_followup_date: CalendarDate | None
    customer_interested_in: str | None
    preferred_communication_channel: str | None
    custom_communication_channel: str | None
    lead_source: LeadSource
    custom_lead_source: str | None
    custom_referral_source: str | None
    custom_generated_by: str | None
    lead_status: LeadStatus
    lead_created_by: str | None
    additional_notes: str | None
    sector: str | None
    custom_sector: str | None
    user_id: UUID
    user: LeadOwner
    created_at: Instant
    updated_at: Instant


USER_AT = Lead.__struct_fields__.index("user")


class LeadPage(Answer):
    """A page of leads, newest first."""

    data: list[Lead]
    meta: PageMeta


class Cities(Answer):
    """The cities of the account's leads, ascending, each in one spelling."""

    cities: list[str]


class Sectors(Answer):
    """The sectors the account has named, ascending."""

    sectors: list[str]


class NewSector(Input):
    """A sector to remember."""

    sector: Label


class SectorAdded(Answer):
    """The sector as it is remembered: in the spelling that was first."""

    message: str
    sector: str


def _known_status(value: str) -> str | None:
    return None if not value.strip() or _status(value) else f"must be one of: {', '.join(values_of(LeadStatus))}"


def _known_category(value: str) -> str | None:
    known = values_of(CustomerCategory)
    return None if not value.strip() or value.strip().lower() in known else f"must be one of: {', '.join(known)}"


def _status(value: str) -> str | None:
    spelled = value.strip().lower()
    spelled = STATUS_SPELLINGS.get(spelled, spelled)
    return spelled if spelled in values_of(LeadStatus) else None


def _enum_schema(kind: type[StrEnum]) -> dict[str, Any]:
    return {"enum": [*values_of(kind), ""]}


StatusText = Annotated[str, Meta(extra={"check": _known_status}, extra_json_schema=_enum_schema(LeadStatus))]
CategoryText = Annotated[str, Meta(extra={"check": _known_category}, extra_json_schema=_enum_schema(CustomerCategory))]


class LeadSelection(Input):
    """Which leads are meant. Empty values count as absent, filters combine with and.

    Status, category, city and sector are compared without regard to case.
    """

    search: Text255 = ""
    status: list[StatusText] = msgspec.field(default_factory=list)
    category: CategoryText = ""
    city: list[Text255] = msgspec.field(default_factory=list)
    sector: list[Text255] = msgspec.field(default_factory=list)
    followup_date_filter: FollowupFilter | None = None

    def filters(self) -> "LeadFilters":
        """Return what is asked for, in the form that is compared with."""
        return LeadFilters(
            search=self.search if self.search.strip() else "",
            statuses=tuple(sorted({found for value in self.status if (found := _status(value))})),
            category=self.category.strip().lower() or None,
            city_keys=_keys(self.city),
            sector_keys=_keys(self.sector),
            followup=self.followup_date_filter,
        )


class LeadQuery(LeadSelection):
    """The query of the export, and most of that of the list. Lists take repeated keys and comma lists."""

    page: PageNumber = 1
    limit: Limit = 10


class ListQuery(LeadQuery):
    """The query of the list, which can also have the deleted leads in place of the others, for owners."""

    deleted: bool = False

    def filters(self) -> "LeadFilters":
        """Return what the query asks for, in the form that is compared with."""
        return msgspec.structs.replace(super().filters(), deleted=self.deleted)


class LeadFilters(msgspec.Struct, frozen=True, kw_only=True):
    """Which leads are meant. An empty tuple or text, and None, mean all; the keys are `text_key`s."""

    search: str = ""
    statuses: tuple[str, ...] = ()
    category: str | None = None
    city_keys: tuple[str, ...] = ()
    sector_keys: tuple[str, ...] = ()
    followup: FollowupFilter | None = None
    deleted: bool = False
    """True means the deleted ones, and no others."""


def _keys(parts: list[str]) -> tuple[str, ...]:
    """Return the keys of `parts` and of neighbours joined again, for a name that has commas itself."""
    runs = (",".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, min(i + NAME_PARTS, len(parts)) + 1))
    return tuple(sorted({key for run in runs if (key := text_key(run))}))


def followup_days(followup: FollowupFilter, today: date) -> tuple[date, date]:
    """Return the first day of `followup` and the day after its last one; `date.min` and `date.max` stand for no end."""
    if followup is FollowupFilter.OVERDUE:
        return date.min, today
    after_soon = today + SOON + timedelta(days=1)
    return (today, after_soon) if followup is FollowupFilter.DUE_SOON else (after_soon, date.max)


def text_key(value: str | None) -> str | None:
    """Return `value` as cities and sectors are compared: Unicode NFC (Standard Annex #15), case folded, blanks single;
    None where nothing is left.
    """
    if not value:
        return None
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
    return " ".join(value.casefold().split()) or None


def lead_owner(row: Owner, *, for_owner: bool) -> LeadOwner:
    """Return the owner as leads show them, whole only to themselves."""
    return LeadOwner(
        id=row.id,
        email=row.email,
        full_name=row.full_name,
        role=row.custom_role or row.role,
        custom_role=row.custom_role,
        company_name=row.company_name,
        company_size=row.company_size,
        industry=row.industry,
        website=row.website,
        phone_number=row.phone_number if for_owner else None,
        subscription_status=row.subscription_status if for_owner else None,
        subscription_plan=row.subscription_plan if for_owner else None,
        is_active=True,  # without an active owner nobody sees leads
        created_at=instant(row.created_at),
        updated_at=instant(row.updated_at),
    )


def lead_answer(row: Record, owner: LeadOwner, contact_names: Mapping[str, str]) -> Lead:
    """Return the lead in `row`, of `leads.queries.COLUMNS`. `contact_names` has the names of users whose ids stand for
    the last contact.
    """
    lead = Lead(*(*row[:USER_AT], owner, instant_at(row[USER_AT]), instant_at(row[USER_AT + 1])))
    if contact_names and lead.last_contacted_by is not None:
        lead.last_contacted_by = contact_names.get(lead.last_contacted_by, lead.last_contacted_by)
    return lead


def entity_tag(lead_id: UUID, updated_epoch: float) -> str:
    """Return the strong entity tag (RFC 9110 §8.8.3) of a lead, last changed that many seconds after 1970; every change
    moves it on.
    """
    return f'"{lead_id.hex}-{round(updated_epoch * 1_000_000):x}"'
