"""Preferences as nouns. The values are the defaults that every user starts with."""

from datetime import datetime

from leadconnect.wire import Answer, Instant


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


class SecuritySettings(Answer):
    """How the user signs in. `session_timeout` is minutes of silence, as text."""

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
