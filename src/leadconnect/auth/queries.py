"""The SQL of sessions, tokens, codes and throttles."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import asyncpg

from leadconnect.accounts.permissions import rights_of
from leadconnect.auth.credentials.tokens import TokenKind
from leadconnect.auth.models import Candidate, HeldUser, OpenCode, SessionRow, StoredPassword
from leadconnect.auth.principal import Idled, Owner, Principal
from leadconnect.database.pool import Connection

LookUp: TypeAlias = Callable[..., Awaitable[Principal | Idled | None]]
"""Finds a caller, with the parameters of `caller`."""

CODE_LIFE = timedelta(minutes=10)
CODE_ATTEMPT_COUNT = 5

CALLER = "select * from caller_by_token($1, $2, $3, $4)"
CANDIDATE = "select account_id, user_id, password, is_active, chosen_at from log_in_candidate($1)"
HOLD_USER = """
    select u.is_active, s.last_password_change as chosen_at, s.two_factor_enabled
    from users u
    join security_settings s on s.account_id = u.account_id and s.user_id = u.id
    where u.account_id = $1 and u.id = $2 and u.deleted_at is null
    for no key update
"""

IS_AUTHENTICATED_WITHIN = """
    select exists (
        select from sessions where account_id = $1 and id = $2 and authenticated_at > now() - $3::interval
            and revoked_at is null and expires_at > now()
    )
"""
IS_LIVE = """
    select exists (
        select from sessions where account_id = $1 and id = $2 and revoked_at is null and expires_at > now()
    )
"""
STORED_PASSWORD = "select email, password from users where account_id = $1 and id = $2 and deleted_at is null"
LIVE_SESSIONS = """
    select id, created_at, last_seen_at, expires_at, address, user_agent
    from sessions
    where account_id = $1 and user_id = $2 and revoked_at is null and expires_at > now()
    order by last_seen_at desc, id desc
"""
REVOKE_SESSION = """
    update sessions set revoked_at = now(), revoked_reason = $4
    where account_id = $1 and user_id = $2 and id = $3 and revoked_at is null and expires_at > now()
    returning id
"""
REVOKE_SESSIONS = """
    update sessions set revoked_at = now(), revoked_reason = $3
    where account_id = $1 and user_id = $2 and id is distinct from $4
        and (revoked_at is null or revoked_reason = 'idle')
"""
"""Sessions that ended for their silence are ended for good with the others: their devices go on taking pushes."""
REVOKE_API_KEY = "delete from api_keys where account_id = $1 and user_id = $2 returning user_id"

INSERT_CODE = """
    insert into password_resets (account_id, id, user_id, email, otp, expires_at)
    select $1, $2, $3, $4, $5, $6::timestamptz where $6::timestamptz > now()
    on conflict (account_id, id) do nothing returning id
"""
RESERVE_CODE_ATTEMPT = "select account_id, user_id, is_active, code_id, otp from reserve_code_attempt($1, $2)"
RETURN_CODE_ATTEMPT = """
    update password_resets set attempt_count = attempt_count - 1 where account_id = $1 and id = $2 and attempt_count > 0
"""
USE_CODE = """
    update password_resets set used_at = now()
    where account_id = $1 and id = $2 and used_at is null and expires_at > now() returning id
"""
VOID_CODES = """
    with challenges as (
        update two_factor_codes set used_at = now() where account_id = $1 and user_id = $2 and used_at is null
    )
    update password_resets set used_at = now() where account_id = $1 and user_id = $2 and used_at is null
"""

TAKE = """
    insert into throttles as held (key, used_count, window_ends_at)
    select key, 1, now() + span from unnest($1::text[], $2::interval[]) as wanted (key, span) order by key
    on conflict (key) do update set
        used_count = case when held.window_ends_at > now() then held.used_count + 1 else 1 end,
        window_ends_at = case when held.window_ends_at > now() then held.window_ends_at
            else excluded.window_ends_at end
    returning key, used_count, window_ends_at - now() as remaining
"""
RELEASE = """
    update throttles set used_count = case when key = any($2) then 0 else greatest(used_count - 1, 0) end
    where key in (select key from throttles where key = any($1) or key = any($2) order by key for update)
"""

PURGE = (
    """
    delete from throttles where ctid = any (
        array(select ctid from throttles where window_ends_at < now() - interval '1 hour' limit $1)
    )
    """,
    """
    delete from password_resets where ctid = any (
        array(select ctid from password_resets where expires_at < now() - interval '1 day' limit $1)
    )
    """,
    """
    delete from password_links where ctid = any (
        array(select ctid from password_links where expires_at < now() - interval '1 day' limit $1)
    )
    """,
    """
    delete from two_factor_codes where ctid = any (
        array(select ctid from two_factor_codes where expires_at < now() - interval '1 day' limit $1)
    )
    """,
    """
    delete from known_devices where ctid = any (
        array(select ctid from known_devices where last_seen_at < now() - interval '1 year' limit $1)
    )
    """,
    """
    delete from tokens where ctid = any (
        array(select ctid from tokens where expires_at < now() - interval '1 day' limit $1)
    )
    """,
    """
    delete from sessions where ctid = any (
        array(select ctid from sessions where expires_at < now() - interval '1 day' limit $1)
    )
    """,
)


async def caller(
    connection: Connection, digest: str, kind: TokenKind, *, ends_idle: bool = False, unchosen: timedelta | None = None
) -> Principal | Idled | None:
    """Return who holds the live token of this digest, or `Idled` when their session has just ended for its silence.

    With `ends_idle` it ends after the silence that its user chose, or `unchosen` where they chose nothing.
    """
    row = await connection.fetchrow(CALLER, digest, kind.value, ends_idle, unchosen)
    return None if row is None else caller_of(row)


def caller_of(row: asyncpg.Record) -> Principal | Idled:
    """Return the caller in a row of the database's type of that name, or that their session has just ended."""
    return Idled(row["account_id"], row["user_id"], row["session_id"]) if row["has_idled"] else principal_of(row)


def principal_of(row: asyncpg.Record) -> Principal:
    """Return the caller in a row of the database's type of that name."""
    account_id, user_id, session_id, role, is_owner, owner_is_active, view, edit, add, export, *owner, _, _, _ = row
    rights = rights_of(
        role=role, is_owner=is_owner, owner_is_active=owner_is_active, view=view, edit=edit, add=add, export=export
    )
    return Principal(account_id, user_id, session_id, role, is_owner, rights, Owner(*owner))


async def log_in_candidate(connection: Connection, email_normal: str) -> Candidate | None:
    """Return the user of an address, in whatever account."""
    row = await connection.fetchrow(CANDIDATE, email_normal)
    return Candidate(**row) if row else None


async def hold_user(connection: Connection, account_id: UUID, user_id: UUID) -> HeldUser | None:
    """Return what decides about a log-in of the user, and keep it so until commit."""
    row = await connection.fetchrow(HOLD_USER, account_id, user_id)
    return HeldUser(**row) if row else None


async def is_authenticated_within(connection: Connection, account_id: UUID, session_id: UUID, span: timedelta) -> bool:
    """Tell whether a password was proven in the session less than `span` ago, and it has not ended."""
    found: bool = await connection.fetchval(IS_AUTHENTICATED_WITHIN, account_id, session_id, span)
    return found


async def is_live(connection: Connection, account_id: UUID, session_id: UUID) -> bool:
    """Tell whether a session has not ended."""
    found: bool = await connection.fetchval(IS_LIVE, account_id, session_id)
    return found


async def stored_password(connection: Connection, account_id: UUID, user_id: UUID) -> StoredPassword | None:
    """Return the address and the stored password of a user of the account."""
    row = await connection.fetchrow(STORED_PASSWORD, account_id, user_id)
    return StoredPassword(**row) if row else None


async def live_sessions(connection: Connection, account_id: UUID, user_id: UUID) -> list[SessionRow]:
    """Return the user's sessions, the one used last first."""
    return [SessionRow(**row) for row in await connection.fetch(LIVE_SESSIONS, account_id, user_id)]


async def revoke_session(
    connection: Connection, account_id: UUID, user_id: UUID, session_id: UUID, reason: str
) -> bool:
    """End one live session of the user; False when they have no such one."""
    return await connection.fetchval(REVOKE_SESSION, account_id, user_id, session_id, reason) is not None


async def revoke_sessions(
    connection: Connection, account_id: UUID, user_id: UUID, reason: str, *, but: UUID | None = None
) -> None:
    """End all sessions of the user except `but`."""
    await connection.execute(REVOKE_SESSIONS, account_id, user_id, reason, but)


async def revoke_api_key(connection: Connection, account_id: UUID, user_id: UUID) -> bool:
    """Forget the user's API key, which is void at once; False when they have none."""
    return await connection.fetchval(REVOKE_API_KEY, account_id, user_id) is not None


async def insert_code(
    connection: Connection,
    account_id: UUID,
    user_id: UUID,
    code_id: UUID,
    *,
    email: str,
    sealed: str,
    expires_at: datetime,
) -> bool:
    """Open a password-reset code, which replaces earlier ones; False when it is there already or would have ended."""
    made = await connection.fetchval(INSERT_CODE, account_id, code_id, user_id, email, sealed, expires_at)
    return made is not None


async def reserve_code_attempt(connection: Connection, email_normal: str) -> OpenCode | None:
    """Count one guess at the newest code of the user of an address; None unless it is open and has guesses left."""
    row = await connection.fetchrow(RESERVE_CODE_ATTEMPT, email_normal, CODE_ATTEMPT_COUNT)
    return OpenCode(**row) if row else None


async def return_code_attempt(connection: Connection, account_id: UUID, code_id: UUID) -> None:
    """Take back a counted guess that was right."""
    await connection.execute(RETURN_CODE_ATTEMPT, account_id, code_id)


async def use_code(connection: Connection, account_id: UUID, code_id: UUID) -> bool:
    """Use a code up; False when somebody else was first or it has ended."""
    return await connection.fetchval(USE_CODE, account_id, code_id) is not None


async def void_codes(connection: Connection, account_id: UUID, user_id: UUID) -> None:
    """Make the user's open codes useless, whatever they are for."""
    await connection.execute(VOID_CODES, account_id, user_id)


async def take(
    connection: Connection, keys: Sequence[str], windows: Sequence[timedelta]
) -> dict[str, tuple[int, timedelta]]:
    """Count one use of every key and return, for each, the uses in its window and how long the window still lasts."""
    rows = await connection.fetch(TAKE, list(keys), list(windows))
    return {row["key"]: (row["used_count"], row["remaining"]) for row in rows}


async def release(connection: Connection, keys: Sequence[str], *, cleared: Sequence[str] = ()) -> None:
    """Take back one counted use of each of `keys`, and all of those of `cleared`."""
    await connection.execute(RELEASE, list(keys), list(cleared))


async def purge(connection: Connection, *, at_once: int = 5_000) -> None:
    """Delete what ended a while ago, so many rows `at_once` that no statement takes long; background work."""
    for statement in PURGE:
        while await connection.execute(statement, at_once) == f"DELETE {at_once}":
            pass
