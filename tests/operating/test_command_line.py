"""The command line: what a start says, what it refuses before anything runs, and options that show their choices."""

import json
import os
import signal
import socket
from importlib.metadata import version
from pathlib import Path

import pytest

from leadconnect import cli
from leadconnect.leads.models import LeadStatus
from tests import make
from tests.clusters import PASSWORD, ServerCluster
from tests.faults.harm import sign_up
from tests.live import LiveServer, wait_for
from tests.operating.programs import leadconnect

SECRET = "a secret that only production knows, 0123456789"


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    done = leadconnect(tmp_path, "--version")
    assert (done.returncode, done.stdout.strip()) == (0, version("leadconnect"))


@pytest.mark.parametrize(
    ("command", "choices"),
    [
        (
            ["export"],
            ["csv|xlsx|jsonl|pdf", "new|followup|qualified|hot|converted|lost", "overdue|today|due_soon|future"],
        ),
        (["import"], ["create|update|upsert", "skip|fill_blanks|overwrite", "day_first|month_first", "--columns"]),
        (["account", "erase"], ["--account", "--owner"]),
    ],
)
def test_help_shows_the_choices(tmp_path: Path, command: list[str], choices: list[str]) -> None:
    text = " ".join(leadconnect(tmp_path, *command, "--help").stdout.split())
    assert [choice for choice in choices if choice not in text] == []


def test_the_statuses_are_those_of_the_api() -> None:
    assert [status.value for status in cli.LeadStatus] == [status.value for status in LeadStatus]


def test_a_start_says_where_data_and_database_are_and_what_production_lacks(
    tmp_path: Path, cluster: ServerCluster
) -> None:
    environ = {"LEADCONNECT_ENVIRONMENT": "production", "LEADCONNECT_SECRET": SECRET}
    server = LiveServer(tmp_path / "data", None, DATABASE_URL=cluster.url("admin"), **environ)
    with server:
        lines = server.log.read_text().splitlines()
    assert f"leadconnect: data folder: {tmp_path / 'data'}" in lines
    assert f"leadconnect: database: leadconnect on 127.0.0.1:{cluster.port}" in lines
    assert [line for line in lines if line.startswith("leadconnect: SMTP_HOST: not set")]
    assert [line for line in lines if line.startswith("leadconnect: LEADCONNECT_PUBLIC_URL: not set")]
    assert [line for line in lines if line.startswith("leadconnect: DATABASE_URL: this is a superuser")]
    assert PASSWORD not in server.log.read_text()


@pytest.mark.parametrize("name", ["PORT", "METRICS_PORT"])
def test_a_port_in_use_is_named_before_an_address_is_announced(tmp_path: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environ = {"PORT": "0", name: str(taken.getsockname()[1])}
        done = leadconnect(tmp_path, "serve", **environ)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"leadconnect: {name}: cannot")
    assert "choose another one" in line
    assert not (tmp_path / "data" / "postgres").exists()


def test_a_host_that_is_not_ours_is_named(tmp_path: Path) -> None:
    (line,) = leadconnect(tmp_path, "serve", HOST="203.0.113.7").stderr.splitlines()
    assert line.startswith("leadconnect: PORT: cannot listen on 203.0.113.7")
    assert "HOST" in line


@pytest.mark.parametrize("command", [["serve"], ["migrate"], ["worker"], ["jobs", "list"]])
def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "data").write_text("in the way")
    for secret in ("", SECRET):
        done = leadconnect(tmp_path, *command, LEADCONNECT_SECRET=secret)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        line = done.stderr.splitlines()[-1]
        assert line.startswith("leadconnect: ")
        assert "LEADCONNECT_DATA_DIR" in line


def test_a_sigterm_to_the_whole_group_is_a_stop_like_any_other(tmp_path: Path) -> None:
    """As `timeout` and some supervisors send it: no error in the log, and requests in the drain are answered."""
    with LiveServer(tmp_path / "data", LEADCONNECT_DRAIN="3") as server:
        token = sign_up(server)["accessToken"]
        os.killpg(server.pid, signal.SIGTERM)
        wait_for(lambda: server.status("/health/ready") == 503, what="a server that is not ready")
        with server.client(token) as client:
            assert client.post("/api/leads", json=make.lead()).status_code == 201
        assert server.wait() == 0
        lines = [json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")]
    assert [line for line in lines if line["level"] == "error"] == []


def test_exporting_to_standard_output_leaves_nothing_but_the_file_there(tmp_path: Path, cluster: ServerCluster) -> None:
    url = {"DATABASE_URL": cluster.url()}
    with (
        LiveServer(tmp_path / "served", None, **url) as server,
        server.client(sign_up(server)["accessToken"]) as client,
    ):
        owner = client.get("/api/users/me").json()["email"]
        assert client.post("/api/leads", json=make.lead(name="Vikram Shah")).status_code == 201
    done = leadconnect(tmp_path, "export", "--owner", owner, "--output", "-", "--columns", "name", **url)
    assert (done.returncode, done.stdout) == (0, "Name\nVikram Shah\n"), done.stderr
    assert not (tmp_path / "-").exists()
    target = tmp_path / "leads.csv"
    target.write_text("the old one")
    arguments = ("export", "--owner", owner, "--output", "leads.csv", "--columns", "name")
    refused = leadconnect(tmp_path, *arguments, **url)
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("leadconnect: The file cannot be written: leads.csv")
    assert "--force" in refused.stderr
    assert target.read_text() == "the old one"
    assert leadconnect(tmp_path, *arguments, "--force", **url).returncode == 0
    assert target.read_text() == "Name\nVikram Shah\n"
    listed = leadconnect(tmp_path, "account", "list", **url)
    assert owner in listed.stdout


def test_columns_and_the_order_of_dates_can_be_chosen(tmp_path: Path, cluster: ServerCluster) -> None:
    url = {"DATABASE_URL": cluster.url()}
    (tmp_path / "leads.csv").write_text("Who,Call them,Again on\nVikram Shah,+91 98765 43210,03/04/2027\n")
    with (
        LiveServer(tmp_path / "served", None, **url) as server,
        server.client(sign_up(server)["accessToken"]) as client,
    ):
        owner = client.get("/api/users/me").json()["email"]
        done = leadconnect(
            tmp_path, "import", "leads.csv", "--owner", owner, "--yes",
            "--columns", "name,phoneNumber,nextFollowupDate",
            "--date-order", "month_first", **url,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        (lead,) = client.get("/api/leads").json()["data"]
    assert (lead["name"], lead["nextFollowupDate"][:10]) == ("Vikram Shah", "2027-03-04")
