"""The limits of a session are settings of the role in its database, and a pooler in between is noticed."""

import asyncio

import asyncpg

from leadconnect.database.connecting import (
    SESSION_SETTINGS,
    connection_arguments,
    ensure_session_settings,
    is_pooled,
    keeps_statements,
)
from leadconnect.dsn import connect_arguments
from leadconnect.settings import Settings
from tests.conftest import changed

FORGET = """
    do $$ begin
        execute format('alter role %I in database %I reset all', session_user, current_database());
        execute format('alter role %I in database %I set geqo = off', session_user, current_database());
    end $$
"""


async def values(url: str, *names: str) -> list[str]:
    """Return what a new connection has."""
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        return [await connection.fetchval("select current_setting($1)", name) for name in names]
    finally:
        await connection.close()


async def test_a_new_connection_has_the_limits_without_asking_for_them(database_url: str) -> None:
    assert await values(database_url, *SESSION_SETTINGS) == list(SESSION_SETTINGS.values())


async def test_lost_settings_are_written_again_and_those_of_the_operator_stay(database_url: str) -> None:
    """As after a restore; by two instances at once."""
    connections = [await asyncpg.connect(**connect_arguments(database_url)) for _ in range(2)]
    try:
        await connections[0].execute(FORGET)
        assert await values(database_url, "statement_timeout") == ["0"]
        await asyncio.gather(*map(ensure_session_settings, connections))
        assert await values(database_url, *SESSION_SETTINGS, "geqo") == [*SESSION_SETTINGS.values(), "off"]
        assert await connections[0].fetchval("show statement_timeout") == "5s"
    finally:
        for connection in connections:
            await connection.close()


async def test_without_a_pooler_statements_are_kept(database_url: str) -> None:
    connection = await asyncpg.connect(**connect_arguments(database_url))
    try:
        assert not await is_pooled(connection)
        assert await keeps_statements(connection)
    finally:
        await connection.close()


def test_no_start_up_parameter_is_sent_but_the_name_of_the_application(settings: Settings) -> None:
    """PgBouncer refuses the others."""
    for keeps, count in ((True, 200), (False, 0)):
        found = connection_arguments(changed(settings, database_statement_cache=keeps), "leadconnect")
        assert found["server_settings"] == {"application_name": "leadconnect"}
        assert found["statement_cache_size"] == count
