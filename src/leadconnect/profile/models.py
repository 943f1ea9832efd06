"""The caller's profile and preferences as nouns."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import UNSET, UnsetType

from leadconnect.wire import Answer, Instant


class DefaultView(StrEnum):
    """How the client shows leads at first."""

    TABLE = "table"
    GRID = "grid"
    LIST = "list"


class ExportFormat(StrEnum):
    """The format that the client offers first for an export."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class ChangedProfile(Answer, kw_only=True):
    """The caller after a change. What is empty among company, website and phone is left out; so is the address that
    waits to be confirmed, unless there is one.
    """

    id: UUID
    email: str
    full_name: str
    role: str
    custom_role: str | None
    company_name: str | UnsetType = UNSET
    company_size: str | UnsetType = UNSET
    industry: str | UnsetType = UNSET
    custom_industry: str | None
    website: str | UnsetType = UNSET
    phone_number: str | UnsetType = UNSET
    subscription_status: str
    subscription_plan: str
    is_active: bool
    created_at: Instant
    time_zone: str
    locale: str
    pending_email: str | UnsetType = UNSET


class NotificationSettings(Answer):
    """What the user wants to be told, and how."""

    new_leads: bool
    follow_ups: bool
    hot_leads: bool
    conversions: bool
    browser_push: bool
    daily_summary: bool
    email_notifications: bool
    push_subscription: str | None
    own_actions: bool


class SecuritySettings(Answer):
    """How the user signs in. `session_timeout` is minutes of silence, as text; `api_key` is the beginning and the end
    of the key, if there is one.
    """

    two_factor_enabled: bool
    login_notifications: bool
    session_timeout: str
    api_key: str | None
    last_password_change: Instant | None
    two_factor_method: str
    last_two_factor_setup: Instant | None


class AppPreferences(Answer):
    """How the client looks."""

    default_view: str
    items_per_page: str
    auto_save: bool
    compact_mode: bool
    export_format: str
    export_notes: bool


class Preferences(Answer):
    """All settings of a user."""

    notifications: NotificationSettings
    security: SecuritySettings
    preferences: AppPreferences


class SecurityRow(Answer):
    """A row of `security_settings`. Never sent as it is."""

    two_factor_enabled: bool
    login_notifications: bool
    session_timeout: str | None
    last_password_change: datetime | None
    two_factor_method: str
    last_two_factor_setup: datetime | None
    api_key: str | None


class EmailChange(Answer):
    """The change of an address that waits for its code; `is_recent` for a minute after the code was mailed."""

    email: str
    email_normal: str
    is_recent: bool


class EmailChangeCode(Answer):
    """The code of a change of an address, in its sealed form. Never sent."""

    email: str
    email_normal: str
    otp: str
