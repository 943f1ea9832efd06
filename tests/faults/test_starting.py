"""What a server says when it starts, what it refuses to start with, and what production hides."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadconnect.database.embedded import running_url
from tests import make
from tests.faults.harm import Cluster, as_superuser, ask, sign_up
from tests.live import LiveServer
from tests.patience import PATIENCE_SECONDS

SECRET = "a secret that only production knows, 0123456789"
NOT_IN_PRODUCTION = (
    "/api/docs",
    "/api/openapi.json",
    "/openapi.json",
    "/docs",
    "/schema",
    "/metrics",
    "/debug",
    "/test-email",
    "/test-auth",
    "/api/test-email",
    "/api/test-auth",
)


@pytest.fixture(scope="module")
def production(folder: Path) -> Iterator[LiveServer]:
    """A production server."""
    with LiveServer(folder / "production", LEADCONNECT_ENVIRONMENT="production", LEADCONNECT_SECRET=SECRET) as started:
        yield started


def test_a_first_start_needs_nothing_and_says_where_it_listens(server: LiveServer) -> None:
    """The first line that a newcomer looks for is there, and what it names works."""
    said = f"LeadConnect: http://127.0.0.1:{server.port}/api (documentation: /api/docs)"
    assert said in server.log.read_text()
    with server.client() as client:
        assert "LeadConnect API" in client.get("/api/docs").text
        assert client.get("/api/openapi.json").json()["openapi"] == "3.1.0"
    assert sign_up(server)["accessToken"]


def test_a_second_server_on_the_same_data_folder_is_refused(server: LiveServer) -> None:
    """It names the one that runs and the way out, and does the first one no harm."""
    token = sign_up(server)["accessToken"]
    second = LiveServer(server.data_dir)
    second.launch()
    assert second.wait() == 1
    said = second.log.read_text()
    assert f"another LeadConnect (process {server.pid}) already runs the database" in said
    assert "LEADCONNECT_DATA_DIR" in said
    assert "Traceback" not in said
    with server.client(token) as client:
        assert client.get("/api/leads").status_code == 200


def test_other_commands_work_beside_a_running_server(server: LiveServer) -> None:
    """They use its database, and leave it running."""
    command = [sys.executable, "-m", "leadconnect.cli", "migrate"]
    environ = {"LEADCONNECT_DATA_DIR": str(server.data_dir), "PATH": ""}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "The database is up to date.")
    assert server.is_ready()


def test_a_database_url_is_used_instead_of_the_embedded_one(folder: Path, cluster: Cluster) -> None:
    """No cluster is made in the data folder, and what is written lies in the database that was named."""
    url = cluster.database()
    with LiveServer(folder / "elsewhere", DATABASE_URL=url) as server:
        user_id = sign_up(server)["user"]["id"]
        assert not (server.data_dir / "postgres").exists()
        assert running_url(server.data_dir) is None
    assert str(ask(as_superuser(url), "select id from users")) == user_id


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({"LEADCONNECT_ENVIRONMENT": "production"}, "LEADCONNECT_SECRET: production needs a secret"),
        ({"LEADCONNECT_ENVIRONMENT": "production", "LEADCONNECT_SECRET": "short"}, "LEADCONNECT_SECRET: at least 32"),
        ({"LEADCONNECT_ENVIRONMENT": "staging"}, "LEADCONNECT_ENVIRONMENT"),
        ({"DATABASE_URL": "postgresql://u:hidden@db.example.com/x?sslmode=disable"}, "DATABASE_URL"),
        ({"CORS_ORIGINS": "*"}, "CORS_ORIGINS"),
        ({"SMTP_PORT": "many"}, "SMTP_PORT"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_before_anything_starts(
    folder: Path, environ: dict[str, str], reason: str
) -> None:
    """In one line, without a traceback or a secret; nothing is left behind."""
    settings: dict[str, str] = {"LEADCONNECT_DATA_DIR": str(folder / "never"), "PATH": "", **environ}
    command = [sys.executable, "-m", "leadconnect.cli", "serve"]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("leadconnect: ")
    assert reason in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "hidden" not in done.stderr
    assert not (folder / "never").exists()


@pytest.mark.parametrize("path", NOT_IN_PRODUCTION)
def test_production_serves_the_api_and_nothing_beside_it(production: LiveServer, path: str) -> None:
    """No documentation, no metrics, nothing to test or debug with, and no word of them."""
    assert f"LeadConnect: http://127.0.0.1:{production.port}/api\n" in production.log.read_text()
    with production.client() as client:
        answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json() == {
        "message": "There is no such address",
        "error": "Not Found",
        "statusCode": 404,
        "code": "not_found",
    }


def test_production_names_neither_its_parts_nor_their_versions(production: LiveServer) -> None:
    """Neither in the fields of an answer nor in a refusal."""
    token = sign_up(production)["accessToken"]
    with production.client(token) as client:
        answers = [client.get("/api/leads"), client.get("/api/none"), client.post("/api/leads", content=b"{"),
                   client.post("/api/leads", json=make.lead(leadStatus="none"))]  # fmt: skip
    for answer in answers:
        assert answer.headers["server"] == "leadconnect"
        told = f"{answer.headers} {answer.text if answer.status_code >= 400 else ''}".lower()
        assert not any(word in told for word in ("granian", "litestar", "python", "asyncpg", "msgspec", "x-powered-by"))
