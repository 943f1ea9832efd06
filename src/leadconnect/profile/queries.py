"""The SQL of a user's settings."""

from uuid import UUID

from leadconnect.database.pool import Connection
from leadconnect.profile.models import AppPreferences, NotificationSettings, Preferences, SecurityRow, SecuritySettings
from leadconnect.wire import instant

NOTIFICATIONS = """
    select new_leads, follow_ups, hot_leads, conversions, browser_push, daily_summary, email_notifications,
        push_subscription
    from notification_settings where account_id = $1 and user_id = $2
"""
SECURITY = """
    select two_factor_enabled, login_notifications, session_timeout, last_password_change, two_factor_method,
        last_two_factor_setup
    from security_settings where account_id = $1 and user_id = $2
"""
APP = """
    select default_view, items_per_page, auto_save, compact_mode, export_format, export_notes
    from user_preferences where account_id = $1 and user_id = $2
"""
TIMEOUT_SHOWN_WHEN_NONE_IS_CHOSEN = "30"


async def preferences_of(connection: Connection, account_id: UUID, user_id: UUID) -> Preferences | None:
    """Return all settings of a user of the account."""
    notifications = await connection.fetchrow(NOTIFICATIONS, account_id, user_id)
    security = await connection.fetchrow(SECURITY, account_id, user_id)
    app = await connection.fetchrow(APP, account_id, user_id)
    if notifications is None or security is None or app is None:
        return None
    return Preferences(
        notifications=NotificationSettings(**notifications),
        security=_security(SecurityRow(**security)),
        preferences=AppPreferences(**app),
    )


async def security_of(connection: Connection, account_id: UUID, user_id: UUID) -> SecuritySettings | None:
    """Return the security settings of a user of the account."""
    row = await connection.fetchrow(SECURITY, account_id, user_id)
    return _security(SecurityRow(**row)) if row else None


def _security(row: SecurityRow) -> SecuritySettings:
    return SecuritySettings(
        two_factor_enabled=row.two_factor_enabled,
        login_notifications=row.login_notifications,
        session_timeout=row.session_timeout or TIMEOUT_SHOWN_WHEN_NONE_IS_CHOSEN,
        api_key=None,
        last_password_change=instant(row.last_password_change) if row.last_password_change else None,
        two_factor_method=row.two_factor_method,
        last_two_factor_setup=instant(row.last_two_factor_setup) if row.last_two_factor_setup else None,
    )
