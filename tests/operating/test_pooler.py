"""Behind PgBouncer in transaction mode the server starts and serves every time."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import make
from tests.clusters import NO_PGBOUNCER, PGBOUNCER, ServerCluster, pgbouncer, sql
from tests.faults.harm import sign_up
from tests.live import LiveServer, wait_for

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason=NO_PGBOUNCER)

STARTS = 5
CSV = b"Name,Phone Number,City\nVikram Shah,+91 98765 43210,Pune\nAsha Rao,+91 98765 43211,Delhi\n"
READ_BY_CURSOR = """
import asyncio, os, sys, asyncpg
from leadconnect.database.connecting import connection_arguments
from leadconnect.settings import Settings

async def main():
    settings = Settings(database_url=sys.argv[1], database_statement_cache=False)
    connection = await asyncpg.connect(**connection_arguments(settings, "leadconnect"))
    await connection.execute("begin")
    print([row["number"] async for row in connection.cursor("select 1 + $1::integer as number", 1)], flush=True)
    await connection.execute("commit")
    os._exit(0)

asyncio.run(main())
"""
"""Leaves the statement of its cursor behind, as a client does whose next statement goes to another server
connection."""
LIMITS = {"statement_timeout": "5s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "10s"}


@pytest.mark.parametrize("keeps_statements", ["true", "false"])
def test_every_start_behind_pgbouncer_serves_requests_and_jobs(
    tmp_path: Path, cluster: ServerCluster, keeps_statements: str
) -> None:
    name = f"pooled_{keeps_statements}"
    sql(cluster.url("admin", "postgres"), f"create database {name} owner leadconnect")
    with pgbouncer(cluster) as port:
        url = cluster.url(database=name, port=port)
        for number in range(STARTS):
            with LiveServer(
                tmp_path / f"data{number}", DATABASE_URL=url, DATABASE_STATEMENT_CACHE=keeps_statements
            ) as server:
                use(server, tmp_path / f"data{number}" / "mail")
                text = server.log.read_text()
            assert "Traceback" not in text
            assert '"level":"error"' not in text
            assert text.count("DATABASE_STATEMENT_CACHE: the connection pooler") == (keeps_statements == "true")
        for setting, value in LIMITS.items():
            assert sql(url, f"show {setting}") == value


def use(server: LiveServer, mails: Path) -> None:
    """Sign up, import, list, search; the worker sends a code and plans an import."""
    signed_up = sign_up(server)
    with server.client(signed_up["accessToken"]) as client:
        for _ in range(20):
            assert client.post("/api/leads", json=make.lead()).status_code == 201
        assert client.post("/api/leads/import", files={"file": ("a.csv", CSV)}).json()["successful"] == 2
        planned = client.post("/api/imports", files={"file": ("b.csv", CSV)}, headers={"Prefer": "wait=10"})
        assert planned.status_code in (200, 201, 202), planned.text
        path = f"/api/imports/{planned.json()['id']}"
        wait_for(lambda: client.get(path).json()["status"] != "planning", what="a planned import")
        assert client.get(path).json()["status"] == "planned"
        assert client.get("/api/leads").json()["meta"]["total"] == 22
        assert client.get("/api/leads", params={"search": "vikram"}).json()["meta"]["total"] >= 1
        forgotten = client.post("/api/auth/forgot-password", json={"email": signed_up["user"]["email"]})
        assert forgotten.status_code == 200, forgotten.text
    wait_for(lambda: any(mails.glob("*.eml")), what="a mail with a code")


def test_the_statement_of_a_cursor_that_was_left_behind_hinders_no_other_client(cluster: ServerCluster) -> None:
    with pgbouncer(cluster, default_pool_size="1") as port:
        for _ in range(2):
            run = [sys.executable, "-c", READ_BY_CURSOR, cluster.url(port=port)]
            assert subprocess.run(run, check=True, capture_output=True, text=True).stdout == "[2]\n"


def test_a_statement_that_takes_too_long_is_ended_behind_pgbouncer(tmp_path: Path, cluster: ServerCluster) -> None:
    """The limits hold although no start-up parameter carries them."""
    with pgbouncer(cluster) as port:
        url = cluster.url(port=port)
        with LiveServer(tmp_path / "data", DATABASE_URL=url) as server:
            token = sign_up(server)["accessToken"]
            with server.client(token) as client, cluster.locked("leads"):
                assert client.get("/api/leads").status_code == 503
            with server.client(token) as client:
                assert client.get("/api/leads").status_code == 200
