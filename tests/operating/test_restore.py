"""Backup and restore work with the very commands of docs/guides/operating.md, and a half restored dump is refused."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leadconnect.database.snapshot import SNAPSHOT, dump_schema
from tests import make
from tests.clusters import PASSWORD, ServerCluster, server_cluster, sql
from tests.live import LiveServer
from tests.patience import PATIENCE_SECONDS

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "operating.md"
SECRET = "a secret that outlives the server, 0123456789"


def commands(title: str) -> list[str]:
    """Return the blocks of commands in a section of the guide."""
    section = re.split(r"^## ", GUIDE.read_text("utf-8"), flags=re.MULTILINE)
    (text,) = [part for part in section if part.startswith(f"{title}\n")]
    return re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)


def environ(cluster: ServerCluster) -> dict[str, str]:
    """Return the variables that the guide's commands use."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{cluster.programs}:{os.environ['PATH']}",
        "DATABASE_URL": cluster.url(),
        "ADMIN_URL": cluster.url("admin", "postgres"),
        "SUPERUSER_URL": cluster.url("admin"),
        "PASSWORD": PASSWORD,
        "LEADCONNECT_SECRET": SECRET,
    }


def run(folder: Path, script: str, cluster: ServerCluster) -> subprocess.CompletedProcess[str]:
    """Run commands of the guide in `folder`."""
    return subprocess.run(
        ["/bin/bash", "-e", "-c", script],
        env=environ(cluster), cwd=folder, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def account() -> dict[str, Any]:
    """What the owner signs up with."""
    return make.signup()


@pytest.fixture(scope="module")
def dumped(tmp_path_factory: pytest.TempPathFactory, account: dict[str, Any]) -> Path:
    """The folder of a dump, made as the guide says, of a server with one account and three leads."""
    folder = tmp_path_factory.mktemp("backup")
    with server_cluster() as cluster:
        with LiveServer(folder / "data", DATABASE_URL=cluster.url(), LEADCONNECT_SECRET=SECRET) as server:
            with server.client() as client:
                token = client.post("/api/auth/signup", json=account).json()["accessToken"]
            with server.client(token) as client:
                for _ in range(3):
                    assert client.post("/api/leads", json=make.lead()).status_code == 201
        for script in commands("Backup"):
            done = run(folder, script, cluster)
            assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def fresh() -> Iterator[ServerCluster]:
    """A server on which nothing of ours is."""
    with server_cluster(is_empty=True) as cluster:
        yield cluster


def lines(dump: str) -> list[str]:
    """Return the lines of a dump; grants are in the order in which they were made."""
    return sorted(dump.splitlines())


def check_that_all_is_back(folder: Path, cluster: ServerCluster, account: dict[str, Any]) -> None:
    """Log in, list, and write; every right is as the migrations make it."""
    assert lines(dump_schema(cluster.url("admin"))) == lines(SNAPSHOT.read_text("utf-8"))
    may_create = "select has_database_privilege('leadconnect_request', current_database(), 'temporary')"
    assert sql(cluster.url("admin"), may_create) is False
    with LiveServer(folder / "restored", DATABASE_URL=cluster.url(), LEADCONNECT_SECRET=SECRET) as server:
        with server.client() as client:
            answer = client.post("/api/auth/login", json={name: account[name] for name in ("email", "password")})
            assert answer.status_code in (200, 201), answer.text
        with server.client(answer.json()["accessToken"]) as client:
            assert client.get("/api/leads").json()["meta"]["total"] == 3
            assert client.post("/api/leads", json=make.lead()).status_code == 201
    assert sql(cluster.url(), "show statement_timeout") == "5s"


def test_a_dump_is_restored_with_the_commands_of_the_guide(
    tmp_path: Path, dumped: Path, fresh: ServerCluster, account: dict[str, Any]
) -> None:
    for script in commands("Restoring"):
        done = run(dumped, script, fresh)
        assert done.returncode == 0, done.stdout + done.stderr
    check_that_all_is_back(tmp_path, fresh, account)


def test_a_dump_restored_without_its_roles_is_refused_until_it_is_repaired(
    tmp_path: Path, dumped: Path, fresh: ServerCluster, account: dict[str, Any]
) -> None:
    first, _ = commands("Restoring")
    assert run(dumped, first, fresh).returncode == 0
    done = run(dumped, 'pg_restore --dbname="$SUPERUSER_URL" leadconnect.dump', fresh)
    assert 'role "leadconnect_request" does not exist' in done.stderr
    refused = run(tmp_path, "leadconnect serve", fresh)
    assert refused.returncode == 1
    line = refused.stderr.splitlines()[-1]
    assert line.startswith("leadconnect: DATABASE_URL: the database was restored without its roles")
    assert "leadconnect migrate" in line
    assert "Traceback" not in refused.stderr
    assert "superuser" in run(tmp_path, "leadconnect migrate", fresh).stderr  # functions belong to one
    repaired = run(tmp_path, 'DATABASE_URL="$SUPERUSER_URL" leadconnect migrate', fresh)
    assert repaired.returncode == 0, repaired.stderr
    check_that_all_is_back(tmp_path, fresh, account)


def test_rights_that_were_taken_away_are_named_at_the_start(tmp_path: Path, fresh: ServerCluster) -> None:
    """A grant, a policy and a membership."""
    fresh.make_role()
    assert run(tmp_path, "leadconnect migrate", fresh).returncode == 0
    for statement, name in (
        ("revoke insert on leads from leadconnect_request", "leadconnect_request on leads"),
        ("drop policy own_account on sessions", "own_account on sessions"),
        ("revoke leadconnect_directory from leadconnect", "leadconnect_directory"),
    ):
        sql(fresh.url("admin"), f"set role leadconnect; {statement}", "select 1")
        refused = run(tmp_path, "leadconnect serve", fresh)
        assert name in refused.stderr.splitlines()[-1]
        assert run(tmp_path, "leadconnect migrate", fresh).returncode == 0
    assert lines(dump_schema(fresh.url("admin"))) == lines(SNAPSHOT.read_text("utf-8"))
