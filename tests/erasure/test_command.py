"""``leadconnect account erase``, beside a server that runs: it asks, it erases, and no dump names the account."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
import typer
from rich.console import Console

from leadconnect.database.embedded import running_url
from leadconnect.erasure import command
from leadconnect.identifiers import new_id
from leadconnect.settings import Settings
from tests import make
from tests.conftest import changed
from tests.faults.harm import as_superuser
from tests.live import LiveServer
from tests.secrecy.search import Secrets, dump

COMPANY = "Rao [b]Textiles[/b]"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server that also does the background work."""
    with LiveServer(tmp_path_factory.mktemp("erase") / "data") as started:
        yield started


def signed_up(server: LiveServer, company: str) -> tuple[str, httpx.Client]:
    """Sign an owner up, who adds a lead; return their address and their client."""
    body = make.signup(companyName=company)
    with server.client() as nobody:
        token = nobody.post("/api/auth/signup", json=body).json()["accessToken"]
    client = server.client(token)
    assert client.post("/api/leads", json=make.lead()).status_code == 201
    return body["email"], client


def erase(server: LiveServer, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    environ = os.environ | {"LEADCONNECT_DATA_DIR": str(server.data_dir), "DATABASE_URL": "", "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "leadconnect.cli", "account", "erase", *arguments],
        input=typed, env=environ, cwd=server.data_dir.parent, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def dumped(server: LiveServer) -> bytes:
    url = running_url(server.data_dir)
    assert url is not None
    return dump(as_superuser(url))


def named(server: LiveServer, email: str, client: httpx.Client) -> Secrets:
    """Return what names an account and its owner, wherever it stands."""
    found = Secrets()
    user_id = found.add("user", client.get("/api/users/me").json()["id"])
    account = re.search(rb"INTO public.accounts VALUES \('([0-9a-f-]{36})', '%s'" % user_id.encode(), dumped(server))
    assert account is not None
    found.add("account", account[1].decode())
    found.add("address", email)
    return found


def test_the_typed_name_decides_and_afterwards_no_dump_names_the_account(server: LiveServer) -> None:
    email, owner = signed_up(server, COMPANY)
    other_email, other = signed_up(server, COMPANY)
    mine, others = named(server, email, owner), named(server, other_email, other)
    refused = erase(server, "--owner", email, typed="Rao Textiles\n")
    assert (refused.returncode, owner.get("/api/users/me").status_code) == (1, 200), refused.stdout
    assert "Nothing was erased" in refused.stdout
    done = erase(server, "--owner", email, typed=COMPANY + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lead_events" in done.stdout
    assert COMPANY in done.stdout
    assert (owner.get("/api/users/me").status_code, other.get("/api/users/me").status_code) == (401, 200)
    content = dumped(server)
    assert mine.among(content) == set()
    assert others.among(content) == {"user", "account", "address"}


def test_an_account_is_named_in_one_way(server: LiveServer) -> None:
    for arguments in ([], [str(new_id()), "--owner", "somebody@example.com"], ["no-id"]):
        assert erase(server, *arguments).returncode != 0


def run(settings: Settings, **arguments: object) -> str:
    """Run the command in this process and return what it says; an exit that is no success is told by its code."""
    output = io.StringIO()
    given = {"account_id": None, "owner": None, "is_sure": True, **arguments}
    try:
        command.run(settings, console=Console(file=output, width=200), **given)  # type: ignore[arg-type]
    except typer.Exit as ended:
        return f"{output.getvalue()}exit {ended.exit_code}"
    return output.getvalue()


def test_nobody_owns_an_account_under_an_unknown_address(settings: Settings) -> None:
    said = run(settings, owner=make.email("nobody"))
    assert "Nobody with this address owns an account" in said
    assert said.endswith("exit 1")


def test_an_id_that_is_gone_already_is_no_failure(settings: Settings) -> None:
    assert run(settings, account_id=new_id()) == "There is nothing of this account.\n"


def test_a_database_that_is_away_is_said(settings: Settings) -> None:
    away = changed(settings, database_url="postgresql://nobody@127.0.0.1:1/none", database_pool_wait=1)
    assert "leadconnect: DATABASE_URL: the database cannot be reached" in run(away, account_id=new_id())
