"""Leads as nouns: the enums of the wire and the answers."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from asyncpg import Record

from leadconnect.auth.principal import Owner
from leadconnect.leads.versions import lead_version
from leadconnect.paging import PageMeta
from leadconnect.wire import Answer, CalendarDate, Input, Instant, Label, instant, instant_at


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
    version: str
    """The value of the entity tag, for If-Match."""


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
    updated_epoch = row[USER_AT + 1]
    version = lead_version(row[0], updated_epoch)
    lead = Lead(*(*row[:USER_AT], owner, instant_at(row[USER_AT]), instant_at(updated_epoch), version))
    if contact_names and lead.last_contacted_by is not None:
        lead.last_contacted_by = contact_names.get(lead.last_contacted_by, lead.last_contacted_by)
    return lead
