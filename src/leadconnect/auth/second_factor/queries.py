"""The SQL of the second factor: its codes, and the settings that switch it."""

from datetime import datetime, timedelta
from uuid import UUID

from leadconnect.auth.models import OpenCode
from leadconnect.auth.queries import CODE_ATTEMPT_COUNT, CODE_LIFE
from leadconnect.auth.second_factor.models import SecondFactorStatus
from leadconnect.database.pool import Connection

CHALLENGE_LIFE = CODE_LIFE + timedelta(seconds=5)
"""From the proof of the password on. Clients count ten minutes from the answer, so its way does not count."""
MAIL_INTERVAL = timedelta(minutes=1)
PROOF_LIFE = timedelta(minutes=15)
"""How long after the password another code may be asked for. The browser client lets people do so only once the ten
minutes of the first code are over.
"""

INSERT_CODE = """
    insert into two_factor_codes (account_id, id, user_id, purpose, otp, challenge_at, expires_at)
    values ($1, $2, $3, $4, $5, clock_timestamp(), clock_timestamp() + $6::interval) returning expires_at
"""
INSERT_CODE_AGAIN = """
    insert into two_factor_codes (account_id, id, user_id, purpose, otp, challenge_at, expires_at)
    select $1, $2, $3, $4, $5, newest.challenge_at, $6::timestamptz + $7::interval
    from (
        select challenge_at, used_at from two_factor_codes
        where account_id = $1 and user_id = $3 and purpose = $4 order by created_at desc, id desc limit 1
    ) as newest
    where newest.used_at is null and newest.challenge_at > $6::timestamptz - $8::interval
        and $6::timestamptz + $7::interval > now()
    on conflict (account_id, id) do nothing returning expires_at
"""
PROLONG_YOUNG_CODE = """
    update two_factor_codes set challenge_at = clock_timestamp(), expires_at = clock_timestamp() + $4::interval
    where account_id = $1 and id = (
        select id from two_factor_codes
        where account_id = $1 and user_id = $2 and purpose = $3 order by created_at desc, id desc limit 1
    )
    and created_at > now() - $5::interval and used_at is null and expires_at > now() and attempt_count < $6
    returning id
"""
RESERVE_ATTEMPT = "select account_id, user_id, is_active, code_id, otp from reserve_two_factor_attempt($1, $2, $3)"
RETURN_ATTEMPT = """
    update two_factor_codes set attempt_count = attempt_count - 1
    where account_id = $1 and id = $2 and attempt_count > 0
"""
USE_CODE = """
    with ended as (
        update two_factor_codes set used_at = now()
        where account_id = $1 and user_id = $2 and purpose = $3 and used_at is null
        returning id, challenge_at, expires_at
    )
    select challenge_at from ended where id = $4 and expires_at > now()
"""
VOID_CODES = """
    update two_factor_codes set used_at = now() where account_id = $1 and user_id = $2 and used_at is null
"""
STATUS = """
    select s.two_factor_enabled as enabled, u.email
    from users u
    join security_settings s on s.account_id = u.account_id and s.user_id = u.id
    where u.account_id = $1 and u.id = $2 and u.deleted_at is null
"""
SWITCH = """
    update security_settings set two_factor_enabled = $3, updated_at = now(),
        last_two_factor_setup = case when $3 then now() else last_two_factor_setup end
    where account_id = $1 and user_id = $2 and two_factor_enabled <> $3
    returning user_id
"""
SET_SECURITY = """
    update security_settings set login_notifications = coalesce($3, login_notifications),
        session_timeout = coalesce($4, session_timeout), updated_at = now()
    where account_id = $1 and user_id = $2
"""


async def insert_code(
    connection: Connection, account_id: UUID, user_id: UUID, code_id: UUID, *, purpose: str, sealed: str
) -> datetime:
    """Open a challenge with its first code, which replaces earlier ones, and return when it ends."""
    expires_at: datetime = await connection.fetchval(
        INSERT_CODE, account_id, code_id, user_id, purpose, sealed, CHALLENGE_LIFE
    )
    return expires_at


async def insert_code_again(
    connection: Connection,
    account_id: UUID,
    user_id: UUID,
    code_id: UUID,
    *,
    purpose: str,
    sealed: str,
    asked_at: datetime,
) -> datetime | None:
    """Add one more code to the open challenge and return when it ends; None without one, or when it is there."""
    life = (asked_at, CHALLENGE_LIFE, PROOF_LIFE)
    expires_at: datetime | None = await connection.fetchval(
        INSERT_CODE_AGAIN, account_id, code_id, user_id, purpose, sealed, *life
    )
    return expires_at


async def prolong_young_code(connection: Connection, account_id: UUID, user_id: UUID, purpose: str) -> bool:
    """Let the newest code live its whole life from now on, if it can be used and was mailed within the last minute."""
    kept = await connection.fetchval(
        PROLONG_YOUNG_CODE, account_id, user_id, purpose, CHALLENGE_LIFE, MAIL_INTERVAL, CODE_ATTEMPT_COUNT
    )
    return kept is not None


async def reserve_attempt(connection: Connection, email_normal: str, *, purpose: str) -> OpenCode | None:
    """Count one guess at the newest code of the user of an address; None unless it is open."""
    row = await connection.fetchrow(RESERVE_ATTEMPT, email_normal, purpose, CODE_ATTEMPT_COUNT)
    return OpenCode(**row) if row else None


async def return_attempt(connection: Connection, account_id: UUID, code_id: UUID) -> None:
    """Take back a counted guess that was right."""
    await connection.execute(RETURN_ATTEMPT, account_id, code_id)


async def use_code(
    connection: Connection, account_id: UUID, user_id: UUID, purpose: str, code_id: UUID
) -> datetime | None:
    """Use a code up, with all others of its challenge, and return when that began; None when it has ended already."""
    challenge_at: datetime | None = await connection.fetchval(USE_CODE, account_id, user_id, purpose, code_id)
    return challenge_at


async def void_codes(connection: Connection, account_id: UUID, user_id: UUID) -> None:
    """Make the user's open codes of a second factor useless."""
    await connection.execute(VOID_CODES, account_id, user_id)


async def status(connection: Connection, account_id: UUID, user_id: UUID) -> SecondFactorStatus | None:
    """Return whether the user has a second factor, and their address."""
    row = await connection.fetchrow(STATUS, account_id, user_id)
    return SecondFactorStatus(**row) if row else None


async def switch(connection: Connection, account_id: UUID, user_id: UUID, *, on: bool) -> bool:
    """Switch the user's second factor; False when it is so already."""
    return await connection.fetchval(SWITCH, account_id, user_id, on) is not None


async def set_security(
    connection: Connection,
    account_id: UUID,
    user_id: UUID,
    *,
    login_notifications: bool | None,
    session_timeout: str | None,
) -> None:
    """Change the user's other security settings; None leaves one as it is."""
    await connection.execute(SET_SECURITY, account_id, user_id, login_notifications, session_timeout)
