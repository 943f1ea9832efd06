"""``leadconnect export``: a whole file or none, from the leads of one account."""

import asyncio
import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from rich.console import Console

from leadconnect.exports import command
from leadconnect.identifiers import new_id
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor, Cast
from tests.conftest import changed
from tests.exports.downloading import ALL_FORMATS, IMPORT, import_leads, locked_leads, names_in


def run(settings: Settings, output: Path | None, account: Actor | None = None, **given: Any) -> str:
    """Run the command in this thread and return what it says; an exit that is no success is told by its code."""
    said = io.StringIO()
    named: dict[str, Any] = {"account_id": account.account_id if account else None, "owner": given.pop("owner", None)}
    try:
        command.run(settings, output=output, given=given, console=Console(file=said, width=200), **named)
    except typer.Exit as ended:
        return f"{said.getvalue()}exit {ended.exit_code}"
    return said.getvalue()


def leadconnect(settings: Settings, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``leadconnect export`` as a process of its own in `folder`."""
    environ = os.environ | {"DATABASE_URL": settings.database_url, "LEADCONNECT_DATA_DIR": str(settings.data_dir)}
    program = [sys.executable, "-m", "leadconnect.cli", "export", *arguments]
    return subprocess.run(program, env=environ, cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("format_", ALL_FORMATS)
async def test_a_file_of_any_format_has_the_leads_of_the_account(
    settings: Settings, client: httpx.AsyncClient, cast: Cast, tmp_path: Path, format_: str
) -> None:
    owner, other = await cast.owner(company="Rao [b]Traders[/b]"), await cast.owner()
    await import_leads(client, owner, 1_100)
    await import_leads(client, other, 3)
    target = tmp_path / "leads"
    said = await asyncio.to_thread(run, settings, target, owner, format=format_)
    assert "1100/1100" in said
    assert f"Rao [b]Traders[/b]: {target}" in said
    assert names_in(target.read_bytes(), format_) == [f"Person {number}" for number in reversed(range(1_100))]
    assert os.listdir(tmp_path) == ["leads"]
    assert target.stat().st_mode & 0o077 == 0


async def test_the_account_is_found_by_its_owner_and_filters_choose(
    settings: Settings, client: httpx.AsyncClient, owner: Actor, tmp_path: Path
) -> None:
    rows = [make.lead(name=f"Person {number}", city="Pune" if number % 2 else "Agra") for number in range(6)]
    await client.post(IMPORT, json={"leads": rows}, headers=owner.headers)
    target = tmp_path / "leads.csv"
    await asyncio.to_thread(run, settings, target, owner=owner.email.upper(), city=["pune"], columns=["name"])
    assert target.read_bytes() == b"Name\nPerson 5\nPerson 3\nPerson 1\n"


async def test_the_options_filter_and_sort_as_the_query_of_the_list(
    settings: Settings, client: httpx.AsyncClient, owner: Actor, tmp_path: Path
) -> None:
    people = (
        {"name": "Asha", "leadSource": "website", "country": "India", "nextFollowupDate": "2031-03-04"},
        {"name": "Jürgen", "leadSource": "referral", "country": "Germany", "nextFollowupDate": "2031-03-05"},
        {"name": "Zoë", "leadSource": "campaign", "country": "Germany", "nextFollowupDate": "2031-03-06"},
    )
    await client.post(IMPORT, json={"leads": [make.lead(**each) for each in people]}, headers=owner.headers)
    before, after = [(datetime.now(UTC) + timedelta(days=days)).date().isoformat() for days in (-2, 2)]
    for options, names in (
        (["--lead-source", "website", "--lead-source", "campaign", "--sort", "name"], ["Asha", "Zoë"]),
        (["--country", "germany", "--country", "France", "--sort", "-nextFollowupDate"], ["Zoë", "Jürgen"]),
        (["--followup-from", "2031-03-05", "--followup-to", "2031-03-05"], ["Jürgen"]),
        (["--created-from", before, "--created-to", after, "--updated-since", f"{before}T00:00:00Z"],
         ["Zoë", "Jürgen", "Asha"]),
        (["--created-from", after], []),
        (["--created-to", before], []),
        (["--updated-since", f"{after}T00:00:00+02:00"], []),
    ):  # fmt: skip
        named = ["--account", str(owner.account_id), *options, "--columns", "name", "--output", "-"]
        done = await asyncio.to_thread(leadconnect, settings, tmp_path, *named)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == ["Name", *names]


async def test_every_option_with_a_wrong_value_is_named(settings: Settings, owner: Actor, tmp_path: Path) -> None:
    wrong = {
        "leadSource": ["--lead-source", "fax"],
        "createdFrom": ["--created-from", "yesterday"],
        "createdTo": ["--created-to", "1"],
        "followupFrom": ["--followup-from", "2031-13-01"],
        "followupTo": ["--followup-to", "2031-02-30"],
        "updatedSince": ["--updated-since", "2031-03-04T05:06:07"],
        "sort": ["--sort", "city"],
    }
    options = [part for pair in wrong.values() for part in pair]
    done = await asyncio.to_thread(leadconnect, settings, tmp_path, "--account", str(owner.account_id), *options)
    assert (done.returncode, os.listdir(tmp_path)) == (1, [])
    assert [field for field in wrong if f"{field} must" not in done.stderr] == []


async def test_what_has_been_there_stays_when_the_new_file_fails(
    settings: Settings, client: httpx.AsyncClient, owner: Actor, tmp_path: Path
) -> None:
    await import_leads(client, owner, 3)
    target = tmp_path / "leads.csv"
    target.write_text("the old one")
    async with locked_leads(settings):
        said = await asyncio.to_thread(run, settings, target, owner)
    assert said.endswith("exit 1")
    assert os.listdir(tmp_path) == ["leads.csv"]
    assert target.read_text() == "the old one"


async def test_what_is_wrong_is_said(settings: Settings, owner: Actor, tmp_path: Path) -> None:
    target = tmp_path / "leads"
    away = changed(settings, database_url="postgresql://nobody@127.0.0.1:1/none", database_pool_wait=1)
    stranger = Actor("", "", "", "", new_id(), new_id())
    for reason, arguments in {
        "format must be one of: csv": (settings, target, owner, {"format": "doc"}),
        "Nobody with this address owns an account": (settings, target, None, {"owner": make.email("nobody")}),
        "There is no such account": (settings, target, stranger, {}),
        "The file cannot be written": (settings, tmp_path / "none" / "leads", owner, {}),
        "leadconnect: DATABASE_URL: the database cannot be reached": (away, target, owner, {}),
    }.items():
        used, path, account, given = arguments
        said = await asyncio.to_thread(run, used, path, account, **given)
        assert reason in said
        assert said.endswith("exit 1")
    assert os.listdir(tmp_path) == []


async def test_the_program_takes_filters_and_names_the_file_itself(
    settings: Settings, client: httpx.AsyncClient, owner: Actor, tmp_path: Path
) -> None:
    await import_leads(client, owner, 12)
    done = await asyncio.to_thread(
        leadconnect, settings, tmp_path, "--owner", owner.email, "--format", "jsonl", "--search", '"person 1"',
        "--status", "new", "--columns", "name,leadStatus",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (name,) = os.listdir(tmp_path)
    assert name.startswith("leads_export_")
    assert (tmp_path / name).read_text().splitlines() == [
        f'{{"name":"Person {number}","leadStatus":"new"}}' for number in (11, 10, 1)
    ]
    for arguments in ([], ["--owner", owner.email, "--account", str(owner.account_id)]):
        assert (await asyncio.to_thread(leadconnect, settings, tmp_path, *arguments)).returncode == 1
