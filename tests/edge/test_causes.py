"""The cause of a 503 stands in the log once a second, and never quotes a row."""

import asyncpg
import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.database.pool import Database
from leadconnect.database.transaction import directory
from leadconnect.edge import causes
from leadconnect.edge.causes import cause_of, log_busy
from leadconnect.errors import ServiceBusy
from leadconnect.settings import Settings
from tests import make
from tests.conftest import changed, client_of, running_app


@pytest.fixture(autouse=True)
def _nothing_logged_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(causes, "_logged_at", {})


async def failure(database: Database, statement: str) -> ServiceBusy:
    """Return what the pool raises for a statement."""
    with pytest.raises(ServiceBusy) as raised:
        async with directory(database) as connection:
            await connection.execute(statement)
    return raised.value


async def test_the_first_cause_is_named_with_its_state_and_place(database: Database) -> None:
    found = cause_of(await failure(database, "set local statement_timeout = '50ms'; select pg_sleep(5)"))
    assert found["cause"] == "QueryCanceledError"
    assert found["sqlstate"] == "57014"
    assert found["reason"] == "canceling statement due to statement timeout"
    assert found["place"].endswith(tuple("0123456789"))


async def test_one_cause_is_logged_once_a_second_and_another_one_by_itself(database: Database) -> None:
    timeout = await failure(database, "set local statement_timeout = '50ms'; select pg_sleep(5)")
    read_only = await failure(database, "set transaction read only; delete from throttles where false")
    with capture_logs() as lines:
        for _ in range(50):
            log_busy(timeout)
        log_busy(read_only)
    assert [line["sqlstate"] for line in lines] == ["57014", "25006"]
    assert {line["log_level"] for line in lines} == {"warning"}


def test_a_message_that_may_quote_a_row_is_left_out() -> None:
    error = ServiceBusy()
    error.__cause__ = asyncpg.UniqueViolationError("Key (email)=(asha@example.com) already exists.")
    assert "reason" not in cause_of(error)
    error.__cause__ = OSError(111, "Connection refused")
    assert cause_of(error)["reason"] == "Connection refused"


async def test_a_request_without_a_database_says_why_in_the_log(settings: Settings) -> None:
    away = changed(settings, database_url="postgresql://nobody@127.0.0.1:1/none", database_pool_wait=0.5)
    async with running_app(away) as app, client_of(app) as client:
        with capture_logs() as lines:
            refused: httpx.Response = await client.post("/api/auth/signup", json=make.signup())
            not_ready = await client.get("/health/ready")
    assert (refused.status_code, not_ready.status_code) == (503, 503)
    found = [line for line in lines if line["event"] == "service_busy"]
    assert found
    assert "cause" in found[0]


async def test_a_server_that_takes_no_writes_is_not_ready(settings: Settings) -> None:
    """Also where all reads work."""
    option = "options=-c%20default_transaction_read_only%3Don"
    url = f"{settings.database_url}{'&' if '?' in settings.database_url else '?'}{option}"
    async with running_app(changed(settings, database_url=url)) as app, client_of(app) as client:
        with capture_logs() as lines:
            assert (await client.get("/health/ready")).status_code == 503
    assert [line.get("sqlstate") for line in lines if line["event"] == "service_busy"] == ["25006"]


async def test_readiness_leaves_nothing_behind(client: httpx.AsyncClient, database: Database) -> None:
    assert (await client.get("/health/ready")).status_code == 200
    async with database.acquire() as connection:
        assert await connection.fetchval("select count(*) from job_keys where key = 'write probe'") == 0
        assert await connection.fetchval("show work_mem") != "64kB"
