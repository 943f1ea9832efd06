"""A database that cannot be used ends the program with one line that names the variable and the remedy."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.clusters import PASSWORD, ServerCluster, sql
from tests.live import free_port
from tests.patience import PATIENCE_SECONDS

WHERE = ("leadconnect: data folder: ", "leadconnect: database: ", '{"event"')
"""What is said before a refusal: where everything is, and the lines of the log."""
COMMANDS = {
    "serve": ["serve"],
    "worker": ["worker"],
    "migrate": ["migrate"],
    "seed": ["seed", "--leads", "1"],
    "export": ["export", "--owner", "nobody@example.com"],
    "import": ["import", "leads.csv", "--owner", "nobody@example.com"],
    "erase": ["account", "erase", "--owner", "nobody@example.com", "--yes"],
}


def run(folder: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the program in `folder`, where `leads.csv` is a file of leads; it has no server to wait for."""
    folder.mkdir(exist_ok=True)
    (folder / "leads.csv").write_text("Name,Phone Number\nVikram,+91 98765 43210\n")
    with start(folder, *command, **environ) as process:
        output, said = process.communicate(timeout=PATIENCE_SECONDS)
        return subprocess.CompletedProcess(process.args, process.returncode, output, said)


def start(folder: Path, *command: str, **environ: str) -> subprocess.Popen[str]:
    """Start the program in `folder`."""
    return subprocess.Popen(
        [sys.executable, "-m", "leadconnect.cli", *command],
        env={"PATH": os.environ["PATH"], "DATABASE_START_WAIT": "0", "PORT": str(free_port()), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line of a refusal; it has no secret."""
    assert done.returncode == 1, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if not line.startswith(WHERE)]
    assert line.startswith("leadconnect: "), done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    assert "a wrong password" not in done.stdout + done.stderr
    assert "Traceback" not in done.stdout
    return line.removeprefix("leadconnect: ")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_refuses_a_wrong_password_alike(tmp_path: Path, cluster: ServerCluster, name: str) -> None:
    url = f"postgresql://leadconnect:a%20wrong%20password@127.0.0.1:{cluster.port}/leadconnect"
    line = refusal(run(tmp_path, *COMMANDS[name], DATABASE_URL=url))
    assert line.startswith("DATABASE_URL: the server refuses the user name or the password")


def test_what_is_wrong_with_the_url_is_told_apart(tmp_path: Path, cluster: ServerCluster) -> None:
    port = free_port()
    urls = {
        cluster.url(port=port): "DATABASE_URL: no server listens there",
        cluster.url(database="missing"): "DATABASE_URL: the server has no such database",
        cluster.url(role="unknown"): "DATABASE_URL: the server refuses the user name or the password",
        "postgresql://u:p@nowhere.invalid/x": "DATABASE_URL: the name of the host is not known",
        "postgresql://u:p@/x?host=/nowhere": "DATABASE_URL: there is no server with such a socket",
        "mysql://u:p@db/x": "DATABASE_URL: it must look like postgresql://",
    }
    for url, reason in urls.items():
        assert refusal(run(tmp_path, "migrate", DATABASE_URL=url)).startswith(reason)


def test_tables_of_another_role_are_refused_with_the_way_out(tmp_path: Path, cluster: ServerCluster) -> None:
    sql(cluster.url("admin", "postgres"), "create database foreign_owner owner admin")
    assert run(tmp_path, "migrate", DATABASE_URL=cluster.url("admin", "foreign_owner")).returncode == 0
    line = refusal(run(tmp_path, "serve", DATABASE_URL=cluster.url(database="foreign_owner")))
    assert line.startswith("DATABASE_URL: the database or its tables belong to another role")
    assert "reassign owned by" in line


def test_a_role_that_lacks_privileges_is_told_which(tmp_path: Path, cluster: ServerCluster) -> None:
    admin = cluster.url("admin", "postgres")
    sql(admin, f"create role poor login password '{PASSWORD}'", "create database poor owner poor")
    line = refusal(run(tmp_path, "migrate", DATABASE_URL=cluster.url("poor", "poor")))
    assert line.startswith("DATABASE_URL: 0001_accounts.sql")
    assert "grant leadconnect_request, leadconnect_directory, leadconnect_search to" in line


def test_a_newer_schema_is_named(tmp_path: Path, cluster: ServerCluster) -> None:
    sql(cluster.url("admin", "postgres"), "create database newer owner leadconnect")
    url = cluster.url(database="newer")
    assert run(tmp_path, "migrate", DATABASE_URL=url).returncode == 0
    sql(url, "update alembic_version set version_num = '9999_later'")
    line = refusal(run(tmp_path, "serve", DATABASE_URL=url))
    assert line.startswith("DATABASE_URL: the database is at 9999_later, which this release does not know")


def test_a_server_that_takes_no_writes_or_no_more_connections_is_named(tmp_path: Path, cluster: ServerCluster) -> None:
    admin = cluster.url("admin", "postgres")
    sql(admin, "create database limited owner leadconnect")
    url = cluster.url(database="limited")
    assert run(tmp_path, "migrate", DATABASE_URL=url).returncode == 0
    sql(admin, "alter database limited set default_transaction_read_only = on")
    assert refusal(run(tmp_path, "serve", DATABASE_URL=url)).startswith("DATABASE_URL: the server takes no writes")
    sql(admin, "alter database limited reset all", "alter database limited connection limit 0")
    assert refusal(run(tmp_path, "serve", DATABASE_URL=url)).startswith("DATABASE_URL: the server has no connection")


def test_a_database_that_comes_up_later_is_waited_for(tmp_path: Path, cluster: ServerCluster) -> None:
    """One line says so, and then the command does its work."""
    sql(cluster.url("admin", "postgres"), "create database late owner leadconnect")
    cluster.stop()
    try:
        url = cluster.url(database="late")
        with start(tmp_path, "migrate", DATABASE_URL=url, DATABASE_START_WAIT="60") as process:
            assert process.stderr is not None
            first = next(line for line in process.stderr if not line.startswith(WHERE))
            cluster.launch()
            _, others = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        if not cluster.answers():
            cluster.start()
    assert "waiting up to 60 s for the database" in first
    assert "waiting" not in others
    assert process.returncode == 0, others


def test_a_database_that_does_not_come_up_is_waited_for_no_longer_than_the_setting_says(tmp_path: Path) -> None:
    began = time.monotonic()
    done = run(tmp_path, "migrate", DATABASE_URL=f"postgresql://u@127.0.0.1:{free_port()}/x", DATABASE_START_WAIT="1")
    assert time.monotonic() - began > 0.5
    assert done.stderr.splitlines()[-1].startswith("leadconnect: DATABASE_URL: no server listens there")


def test_a_server_that_never_answers_is_named(tmp_path: Path) -> None:
    """Such as a firewall that drops packets, or a port of another service."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        line = refusal(run(tmp_path, "migrate", DATABASE_URL=f"postgresql://u@127.0.0.1:{port}/x"))
    assert line.startswith("DATABASE_URL: the server does not answer")
