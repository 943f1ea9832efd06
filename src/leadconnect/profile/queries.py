"""The SQL of a user's settings, and of changes of addresses that wait for a code."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import UNSET

from leadconnect.database.pool import Connection
from leadconnect.errors import NotFound
from leadconnect.profile.fields import AppChanges, NotificationChanges
from leadconnect.profile.models import (
    AppPreferences,
    EmailChange,
    EmailChangeCode,
    NotificationSettings,
    Preferences,
    SecurityRow,
    SecuritySettings,
)
from leadconnect.wire import instant

EMAIL_CODE_LIFE = timedelta(hours=1)
EMAIL_CODE_ATTEMPT_COUNT = 5

NOTIFICATIONS = """
    select new_leads, follow_ups, hot_leads, conversions, browser_push, daily_summary, email_notifications,
        push_subscription, own_actions
    from notification_settings where account_id = $1 and user_id = $2
"""
SECURITY = """
    select s.two_factor_enabled, s.login_notifications, s.session_timeout, s.last_password_change, s.two_factor_method,
        s.last_two_factor_setup, k.prefix || '…' || k.last4 as api_key
    from security_settings s
    left join api_keys k on k.account_id = s.account_id and k.user_id = s.user_id
    where s.account_id = $1 and s.user_id = $2
"""
APP = """
    select default_view, items_per_page, auto_save, compact_mode, export_format, export_notes
    from user_preferences where account_id = $1 and user_id = $2
"""
CHANGE_NOTIFICATIONS = """
    update notification_settings set new_leads = coalesce($3, new_leads), follow_ups = coalesce($4, follow_ups),
        hot_leads = coalesce($5, hot_leads), conversions = coalesce($6, conversions),
        browser_push = coalesce($7, browser_push), daily_summary = coalesce($8, daily_summary),
        email_notifications = coalesce($9, email_notifications),
        push_subscription = case when $11::boolean then $10 else push_subscription end,
        own_actions = coalesce($12, own_actions), updated_at = now()
    where account_id = $1 and user_id = $2
    returning new_leads, follow_ups, hot_leads, conversions, browser_push, daily_summary, email_notifications,
        push_subscription, own_actions
"""
CHANGE_APP = """
    update user_preferences set default_view = coalesce($3, default_view),
        items_per_page = coalesce($4, items_per_page), auto_save = coalesce($5, auto_save),
        compact_mode = coalesce($6, compact_mode), export_format = coalesce($7, export_format),
        export_notes = coalesce($8, export_notes), updated_at = now()
    where account_id = $1 and user_id = $2
    returning default_view, items_per_page, auto_save, compact_mode, export_format, export_notes
"""
OPEN_EMAIL_CHANGE = """
    select email, email_normal, created_at > now() - interval '1 minute' as is_recent
    from email_changes where account_id = $1 and user_id = $2 and ended_at is null and expires_at > now()
"""
SET_EMAIL_CHANGE = """
    insert into email_changes (account_id, user_id, email, email_normal, otp, expires_at)
    values ($1, $2, $3, $4, $5, now() + $6)
    on conflict (account_id, user_id) do update set email = excluded.email, email_normal = excluded.email_normal,
        otp = excluded.otp, attempt_count = 0, expires_at = excluded.expires_at, ended_at = null, created_at = now()
    returning expires_at
"""
RESERVE_EMAIL_ATTEMPT = """
    update email_changes set attempt_count = attempt_count + 1
    where account_id = $1 and user_id = $2 and ended_at is null and expires_at > now() and attempt_count < $3
    returning email, email_normal, otp
"""
END_EMAIL_CHANGE = """
    update email_changes set ended_at = now() where account_id = $1 and user_id = $2 and ended_at is null
"""
PURGE_EMAIL_CHANGES = "delete from email_changes where expires_at < now() - interval '1 day'"
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


async def change_notifications(
    connection: Connection, account_id: UUID, user_id: UUID, changes: NotificationChanges
) -> NotificationSettings:
    """Set what `changes` has and leave the rest, in one statement, and return the whole.

    Raises:
        NotFound: the account has no such user.
    """
    given = (
        changes.new_leads, changes.follow_ups, changes.hot_leads, changes.conversions, changes.browser_push,
        changes.daily_summary, changes.email_notifications, changes.push_subscription,
    )  # fmt: skip
    row = await connection.fetchrow(
        CHANGE_NOTIFICATIONS, account_id, user_id, *map(_given, given), changes.push_subscription is not UNSET,
        _given(changes.own_actions),
    )  # fmt: skip
    if row is None:
        raise NotFound
    return NotificationSettings(**row)


async def change_app(connection: Connection, account_id: UUID, user_id: UUID, changes: AppChanges) -> AppPreferences:
    """Set what `changes` has and leave the rest, in one statement, and return the whole.

    Raises:
        NotFound: the account has no such user.
    """
    items = None if changes.items_per_page is UNSET else str(changes.items_per_page)
    given = (changes.auto_save, changes.compact_mode, changes.export_format, changes.export_notes)
    row = await connection.fetchrow(
        CHANGE_APP, account_id, user_id, _given(changes.default_view), items, *map(_given, given)
    )
    if row is None:
        raise NotFound
    return AppPreferences(**row)


async def open_email_change(connection: Connection, account_id: UUID, user_id: UUID) -> EmailChange | None:
    """Return the change of the user's address that waits for its code."""
    row = await connection.fetchrow(OPEN_EMAIL_CHANGE, account_id, user_id)
    return EmailChange(**row) if row else None


async def set_email_change(
    connection: Connection, account_id: UUID, user_id: UUID, *, email: str, email_normal: str, sealed: str
) -> datetime:
    """Let a change of the user's address wait for its code, in the place of any earlier one; return when it ends."""
    ends_at: datetime = await connection.fetchval(
        SET_EMAIL_CHANGE, account_id, user_id, email, email_normal, sealed, EMAIL_CODE_LIFE
    )
    return ends_at


async def reserve_email_attempt(connection: Connection, account_id: UUID, user_id: UUID) -> EmailChangeCode | None:
    """Count one guess at the code of the user's change; None unless one is open and has guesses left."""
    row = await connection.fetchrow(RESERVE_EMAIL_ATTEMPT, account_id, user_id, EMAIL_CODE_ATTEMPT_COUNT)
    return EmailChangeCode(**row) if row else None


async def end_email_change(connection: Connection, account_id: UUID, user_id: UUID) -> None:
    """End the change of the user's address that waits, if there is one."""
    await connection.execute(END_EMAIL_CHANGE, account_id, user_id)


async def purge_email_changes(connection: Connection) -> None:
    """Delete changes that ended a while ago; background work."""
    await connection.execute(PURGE_EMAIL_CHANGES)


def _given(value: Any) -> Any:
    """Return a value that was sent, else None."""
    return None if value is UNSET else value


def _security(row: SecurityRow) -> SecuritySettings:
    return SecuritySettings(
        two_factor_enabled=row.two_factor_enabled,
        login_notifications=row.login_notifications,
        session_timeout=row.session_timeout or TIMEOUT_SHOWN_WHEN_NONE_IS_CHOSEN,
        api_key=row.api_key,
        last_password_change=instant(row.last_password_change) if row.last_password_change else None,
        two_factor_method=row.two_factor_method,
        last_two_factor_setup=instant(row.last_two_factor_setup) if row.last_two_factor_setup else None,
    )
