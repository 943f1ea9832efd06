"""Accounts and users as nouns: the enums of the wire, and what we tell about a user."""

import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType

from leadconnect.wire import Answer, Instant, instant


class UserRole(StrEnum):
    """What a user is in the company. Rights never follow from a custom role's text."""

    SALES_REPRESENTATIVE = "Sales Representative"
    SALES_MANAGER = "Sales Manager"
    MANAGEMENT = "Management"
    OTHER = "other"


class CompanySize(StrEnum):
    """Employees of the company."""

    UP_TO_10 = "1-10"
    UP_TO_50 = "11-50"
    UP_TO_200 = "51-200"
    UP_TO_500 = "201-500"
    UP_TO_1000 = "501-1000"
    MORE = "1000+"


class Industry(StrEnum):
    """What the company does. `REAL_ESTATE_SPELLED_OTHERWISE` is what some clients send for `REAL_ESTATE`."""

    REAL_ESTATE = "real-estate"
    AUTOMOTIVE = "automotive"
    TEXTILE = "textile"
    ELECTRONICS = "electronics"
    PHARMACEUTICALS = "pharmaceuticals"
    FOOD_BEVERAGE = "food-beverage"
    CONSTRUCTION = "construction"
    FURNITURE = "furniture"
    AGRICULTURE = "agriculture"
    CHEMICALS = "chemicals"
    AEROSPACE = "aerospace"
    HEALTHCARE = "healthcare"
    RETAIL = "retail"
    ENERGY_OIL_GAS = "energy-oil-gas"
    RENEWABLE_ENERGY = "renewable-energy"
    PLASTICS = "plastics"
    PAPER_PULP = "paper-pulp"
    TELECOMMUNICATIONS = "telecommunications"
    MINING = "mining"
    MARINE = "marine"
    JEWELRY = "jewelry"
    PRINTING_PUBLISHING = "printing-publishing"
    COSMETICS = "cosmetics"
    LOGISTICS = "logistics"
    EDUCATION = "education"
    MANPOWER_SERVICES = "manpower-services"
    TECHNOLOGY = "technology"
    FINANCE = "finance"
    CONSULTING = "consulting"
    REAL_ESTATE_SPELLED_OTHERWISE = "real_estate"
    OTHER = "other"


class Locale(StrEnum):
    """Language, and where it matters the country, in which an account reads (BCP 47)."""

    ENGLISH = "en"
    ENGLISH_AU = "en-AU"
    ENGLISH_CA = "en-CA"
    ENGLISH_GB = "en-GB"
    ENGLISH_IN = "en-IN"
    ENGLISH_US = "en-US"
    ARABIC = "ar"
    BENGALI = "bn"
    CZECH = "cs"
    DANISH = "da"
    GERMAN = "de"
    GERMAN_AT = "de-AT"
    GERMAN_CH = "de-CH"
    GREEK = "el"
    SPANISH = "es"
    SPANISH_MX = "es-MX"
    FINNISH = "fi"
    FRENCH = "fr"
    FRENCH_CA = "fr-CA"
    GUJARATI = "gu"
    HEBREW = "he"
    HINDI = "hi"
    HUNGARIAN = "hu"
    INDONESIAN = "id"
    ITALIAN = "it"
    JAPANESE = "ja"
    KANNADA = "kn"
    KOREAN = "ko"
    MALAYALAM = "ml"
    MARATHI = "mr"
    NORWEGIAN = "nb"
    DUTCH = "nl"
    PUNJABI = "pa"
    POLISH = "pl"
    PORTUGUESE = "pt"
    PORTUGUESE_BR = "pt-BR"
    ROMANIAN = "ro"
    RUSSIAN = "ru"
    SWEDISH = "sv"
    TAMIL = "ta"
    TELUGU = "te"
    THAI = "th"
    TURKISH = "tr"
    UKRAINIAN = "uk"
    URDU = "ur"
    VIETNAMESE = "vi"
    CHINESE = "zh"
    CHINESE_TW = "zh-TW"


class Permissions(Answer):
    """What a sub-user may do with the account's leads."""

    can_view_leads: bool
    can_edit_leads: bool
    can_add_leads: bool
    can_export_leads: bool


class EmailProblem(Answer):
    """Why mail to a user's address is refused for good, and since when; gone once a mail was accepted.

    `code` is `unknown` (no such address), `full` (the mailbox), `refused`, or `unsupported` (the mail server cannot
    write to an address with letters other than ASCII).
    """

    code: str
    since: Instant


class UserOut(Answer):
    """A user, with the account's company. `role` and `industry` show the custom text where there is one.

    What the reader may not see is null: sub-users learn id, name and role of the others.
    """

    id: UUID
    email: str | None
    full_name: str
    role: str
    custom_role: str | None
    company_name: str | None
    company_size: str | None
    industry: str | None
    custom_industry: str | None
    website: str | None
    phone_number: str | None
    subscription_status: str | None
    subscription_plan: str | None
    is_active: bool
    created_at: Instant
    updated_at: Instant


class Profile(UserOut):
    """The caller, with permissions and parent only when they are a sub-user, an address only while it waits to be
    confirmed, and a problem of the present one only while there is one. Time zone and locale are the account's.
    """

    time_zone: str
    locale: str
    email_problem: EmailProblem | UnsetType = UNSET
    pending_email: str | UnsetType = UNSET
    permissions: Permissions | UnsetType = UNSET
    parent_user_id: UUID | UnsetType = UNSET


class UserRow(Answer):
    """A row of `accounts.queries`: the user's and the account's columns as they are stored."""

    id: UUID
    email: str
    full_name: str
    role: str
    custom_role: str | None
    company_name: str
    company_size: str
    industry: str
    custom_industry: str | None
    website: str | None
    phone_number: str | None
    subscription_status: str
    subscription_plan: str
    is_active: bool
    created_at: datetime
    updated_at: datetime
    time_zone: str
    locale: str
    can_view_leads: bool | None
    can_edit_leads: bool | None
    can_add_leads: bool | None
    can_export_leads: bool | None
    parent_user_id: UUID | None
    invited_at: datetime | None = None
    mail_problem: str | None = None
    mail_problem_at: datetime | None = None


def normal_email(address: str) -> str:
    """Return `address` as it is compared: without outer blanks, in its compatibility form, case folded (the
    NFKC_Casefold of the Unicode Standard §3.13, less its invisible characters).

    Mail only ever goes to the address as it was given at sign-up, so two people who fall together here cannot get
    each other's; the second one cannot sign up.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address).casefold()).strip()


def user_out(row: UserRow) -> UserOut:
    """Return everything about the user that an owner may see."""
    return UserOut(**shown(row))


def user_in_brief(row: UserRow) -> UserOut:
    """Return what a sub-user may see of another user: id, name and role."""
    hidden = ("email", "website", "phone_number", "subscription_status", "subscription_plan")
    return UserOut(**shown(row) | dict.fromkeys(hidden))


def profile(row: UserRow, pending_email: str | None = None) -> Profile:
    """Return what the user sees of themselves."""
    return Profile(
        **shown(row),
        time_zone=row.time_zone,
        locale=row.locale,
        email_problem=email_problem(row),
        pending_email=pending_email or UNSET,
        permissions=UNSET if row.parent_user_id is None else permissions(row),
        parent_user_id=row.parent_user_id or UNSET,
    )


def email_problem(row: UserRow) -> EmailProblem | UnsetType:
    """Return why mail to the user's address is refused, if it is."""
    if row.mail_problem is None or row.mail_problem_at is None:
        return UNSET
    return EmailProblem(code=row.mail_problem, since=instant(row.mail_problem_at))


def permissions(row: UserRow) -> Permissions:
    """Return what a sub-user may do."""
    return Permissions(
        can_view_leads=bool(row.can_view_leads),
        can_edit_leads=bool(row.can_edit_leads),
        can_add_leads=bool(row.can_add_leads),
        can_export_leads=bool(row.can_export_leads),
    )


def shown(row: UserRow) -> dict[str, Any]:
    """Return the values of a user as every answer about users shows them, by the fields of `UserOut`."""
    return {
        **{field: getattr(row, field) for field in UserOut.__struct_fields__},
        "role": row.custom_role or row.role,
        "industry": row.custom_industry or row.industry,
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
    }
