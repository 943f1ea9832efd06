"""The SQL of sessions, their tokens, and the devices they come from."""

from datetime import datetime, timedelta
from uuid import UUID

from leadconnect.auth.credentials.tokens import TokenKind
from leadconnect.auth.sessions.models import HeldSession, Presented
from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id

ACCESS_TOKEN_LIFE = timedelta(hours=1)
SESSION_LIFE = timedelta(days=7)
LIVE_TOKEN_COUNTS = {TokenKind.ACCESS: 20, TokenKind.REFRESH: 250}
"""How many tokens of a kind a session keeps. Old refresh tokens are kept to be recognised when they come back."""
SESSION_COUNT = 50

INSERT_SESSION = """
    insert into sessions (account_id, id, user_id, mode, expires_at, authenticated_at, address, user_agent)
    values ($1, $2, $3, $4, now() + $5, coalesce($6, now()), $7, $8)
"""
INSERT_TOKEN = """
    insert into tokens (account_id, id, session_id, user_id, token, token_type, generation, expires_at, created_at)
    select s.account_id, $3, s.id, s.user_id, $4, $5, s.generation, least(now() + $6, s.expires_at), clock_timestamp()
    from sessions s where s.account_id = $1 and s.id = $2
"""
HOLD_SESSION = """
    update sessions set
        mode = case when refreshed_at is null and $3 then 'rotating' else mode end,
        refreshed_at = now()
    where account_id = $1 and id = $2 and revoked_at is null and expires_at > now()
    returning mode, generation, confirmed_generation, expires_at - now() as remaining
"""
PRESENTED = """
    select t.generation,
        coalesce((
            select min(used.first_used_at) from tokens used
            where used.account_id = $1 and used.session_id = $2 and used.token_type = 'refresh'
                and used.generation = t.generation
        ) > now() - $4::interval, false) as is_recent,
        (
            select count(*) from tokens current
            join sessions s on s.account_id = current.account_id and s.id = current.session_id
            where current.account_id = $1 and current.session_id = $2 and current.token_type = 'refresh'
                and current.generation = s.generation
        ) as current_count
    from tokens t where t.account_id = $1 and t.session_id = $2 and t.token = $3
"""
BEGIN_GENERATION = """
    with presented as (
        update tokens set first_used_at = clock_timestamp()
        where account_id = $1 and session_id = $2 and token = $3 and first_used_at is null
    )
    update sessions set generation = generation + 1 where account_id = $1 and id = $2
"""
EVICT_TOKENS = """
    delete from tokens where account_id = $1 and id in (
        select id from tokens where account_id = $1 and session_id = $2 and token_type = $3
        order by created_at desc, id desc offset $4
    )
"""
EVICT_SESSIONS = """
    update sessions set revoked_at = now(), revoked_reason = 'too many sessions'
    where account_id = $1 and id in (
        select id from sessions where account_id = $1 and user_id = $2 and revoked_at is null and expires_at > now()
        order by created_at desc, id desc offset $3
    )
    returning id
"""
END_IDLE_SESSIONS = """
    update sessions s set revoked_at = now(), revoked_reason = 'idle'
    from security_settings c
    where s.account_id = $1 and s.user_id = $2 and s.id <> $3 and s.revoked_at is null
        and c.account_id = s.account_id and c.user_id = s.user_id
        and s.last_seen_at <= now() - interval '1 minute'
            - coalesce(make_interval(mins => c.session_timeout::integer), $4::interval)
"""
NOTE_DEVICE = """
    insert into known_devices (account_id, user_id, device) values ($1, $2, $3)
    on conflict (account_id, user_id, device) do update set last_seen_at = now()
    returning xmax = 0 and exists (
        select from known_devices other where other.account_id = $1 and other.user_id = $2 and other.device <> $3
    )
"""
WANTS_LOG_IN_NOTICES = "select login_notifications from security_settings where account_id = $1 and user_id = $2"


async def insert_session(
    connection: Connection,
    account_id: UUID,
    user_id: UUID,
    *,
    mode: str,
    authenticated_at: datetime | None,
    address: str,
    user_agent: str | None,
) -> UUID:
    """Begin a session of a user, whose password was proven at `authenticated_at`, None being now."""
    session_id = new_id()
    await connection.execute(
        INSERT_SESSION, account_id, session_id, user_id, mode, SESSION_LIFE, authenticated_at, address, user_agent
    )
    return session_id


async def evict_sessions(connection: Connection, account_id: UUID, user_id: UUID) -> int:
    """End the user's oldest sessions beyond fifty, and return how many."""
    return len(await connection.fetch(EVICT_SESSIONS, account_id, user_id, SESSION_COUNT))


async def insert_token(
    connection: Connection, account_id: UUID, session_id: UUID, digest: str, kind: TokenKind
) -> None:
    """Add a token of the current generation to a session; it never outlives it."""
    life = ACCESS_TOKEN_LIFE if kind is TokenKind.ACCESS else SESSION_LIFE
    await connection.execute(INSERT_TOKEN, account_id, session_id, new_id(), digest, kind.value, life)


async def evict_tokens(connection: Connection, account_id: UUID, session_id: UUID, kind: TokenKind) -> None:
    """Drop the session's oldest tokens of this kind beyond its number."""
    await connection.execute(EVICT_TOKENS, account_id, session_id, kind.value, LIVE_TOKEN_COUNTS[kind])


async def hold_session(
    connection: Connection, account_id: UUID, session_id: UUID, *, rotates: bool
) -> HeldSession | None:
    """Lock a live session until commit and note the refresh; the first one may make it rotate."""
    row = await connection.fetchrow(HOLD_SESSION, account_id, session_id, rotates)
    return HeldSession(**row) if row else None


async def presented(
    connection: Connection, account_id: UUID, session_id: UUID, digest: str, grace: timedelta
) -> Presented | None:
    """Return what is known of a refresh token of the session."""
    row = await connection.fetchrow(PRESENTED, account_id, session_id, digest, grace)
    return Presented(**row) if row else None


async def begin_generation(connection: Connection, account_id: UUID, session_id: UUID, digest: str) -> None:
    """Let the session's next generation of refresh tokens begin, by the first use of the token given."""
    await connection.execute(BEGIN_GENERATION, account_id, session_id, digest)


async def end_idle_sessions(
    connection: Connection, account_id: UUID, user_id: UUID, *, but: UUID, unchosen: timedelta | None
) -> None:
    """End the user's sessions, except `but`, that were silent for longer than chosen so far."""
    await connection.execute(END_IDLE_SESSIONS, account_id, user_id, but, unchosen)


async def note_device(connection: Connection, account_id: UUID, user_id: UUID, device: str) -> bool:
    """Note that the user signs in from a device, and tell whether it is a new one beside others."""
    is_news: bool = await connection.fetchval(NOTE_DEVICE, account_id, user_id, device)
    return is_news


async def wants_log_in_notices(connection: Connection, account_id: UUID, user_id: UUID) -> bool:
    """Tell whether the user wants to hear of log-ins from new devices."""
    return bool(await connection.fetchval(WANTS_LOG_IN_NOTICES, account_id, user_id))
