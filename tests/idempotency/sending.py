"""Sending requests more than once, and looking at what became of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import httpx

from leadconnect.auth.services import Services
from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.dsn import connect_arguments
from leadconnect.settings import Settings
from tests.cast import Actor

LEADS, TEAM, SECTORS = "/api/leads", "/api/profile/sub-users", "/api/leads/sectors"
IMPORT = "/api/leads/import?allowDuplicates=true"
"""Adds the same people as often as it is carried out, so that this can be counted."""
FILE = b"Name,Phone\nAsha Rao,98765 43210\nVikram Shah,98765 43211\n,\n"
WAITING = """
    select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()
"""


async def send(client: httpx.AsyncClient, actor: Actor, path: str, key: str | None = None, **sent: Any) -> Any:
    """Send a POST; `sent` has its body."""
    named = {} if key is None else {"Idempotency-Key": key}
    return await client.post(path, headers={**actor.headers, **named}, **sent)


async def upload(
    client: httpx.AsyncClient, actor: Actor, content: bytes = FILE, key: str | None = None
) -> httpx.Response:
    """Import a file; the form has another boundary each time."""
    answer: httpx.Response = await send(client, actor, IMPORT, key, files={"file": ("leads.csv", content, "text/csv")})
    return answer


async def lead_count(client: httpx.AsyncClient, actor: Actor) -> int:
    """Return how many leads the account has."""
    answer = await client.get(LEADS, headers=actor.headers)
    found: int = answer.json()["meta"]["total"]
    return found


async def kept_count(database: Database, actor: Actor) -> int:
    """Return how many answers are kept in the account."""
    async with tenant(database, actor.account_id) as connection:
        return int(await connection.fetchval("select count(*) from idempotency_keys"))


async def let_pass(services: Services, actor: Actor, by: timedelta) -> None:
    """Let time pass for the answers that are kept in an account."""
    async with tenant(services.database, actor.account_id) as connection:
        await connection.execute(
            """
            update idempotency_keys set created_at = created_at - $2::interval, expires_at = expires_at - $2::interval
            where account_id = $1
            """,
            actor.account_id, by,
        )  # fmt: skip


def was_replayed(answer: httpx.Response) -> bool:
    """Tell whether an answer says that it is an earlier one."""
    told: str | None = answer.headers.get("idempotent-replayed")
    return told == "true"


@asynccontextmanager
async def stopped_leads(settings: Settings) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Let nobody write leads until the end of the block, which has the condition that somebody is about to."""
    connection = await asyncpg.connect(**connect_arguments(settings.database_url))
    try:
        async with connection.transaction():
            await connection.execute("lock table leads in exclusive mode")

            async def is_waited_for() -> bool:
                return bool(await connection.fetchval(WAITING))

            yield is_waited_for
    finally:
        await connection.close()
