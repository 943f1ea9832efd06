"""``leadconnect import``: the plan as tables, and applying it once that is confirmed."""

import asyncio
import io
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import typer
from rich.console import Console

from leadconnect.auth.services import Services
from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.identifiers import new_id
from leadconnect.imports import command, queries
from leadconnect.imports.options import Options
from leadconnect.settings import Settings
from tests.cast import Actor
from tests.files.endless import Endless
from tests.imports.importing import IMPORTS, leads, sheet
from tests.worker.running import until_somebody_waits

ASHA = "Asha Rao,+91 98765 43210,asha@example.com,Pune"


def run(settings: Settings, file: Path, answer: str, account: Actor | None = None, **given: Any) -> str:
    """Run the command in this thread with somebody who answers, or with --yes, and return what it says; an exit that is
    no success is told by its code.
    """
    said = io.StringIO()
    named: dict[str, Any] = {"account_id": account.account_id if account else None, "owner": given.pop("owner", None)}
    named |= {"is_sure": answer == "--yes", "answers": given.pop("answers", None) or io.StringIO(f"{answer}\n")}
    try:
        command.run(settings, file, given=given, console=Console(file=said, width=200), **named)
    except typer.Exit as ended:
        return f"{said.getvalue()}exit {ended.exit_code}"
    return said.getvalue()


async def planned(client: httpx.AsyncClient, owner: Actor, running: asyncio.Task[str]) -> dict[str, Any]:
    """Return the import of `running` once it is planned, and so the question has come."""
    made: dict[str, Any] = {"status": ""}
    while made["status"] != "planned" and not running.done():
        await asyncio.sleep(0.05)
        made = next(iter((await client.get(IMPORTS, headers=owner.headers)).json()["data"]), made)
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a row that is a lead, one that is rejected, and a column nobody knows."""
    path = tmp_path / "fair.csv"
    path.write_text(sheet(f"{ASHA},gold", "Nobody,,,Pune,", header="Name,Phone,Email,City,Medal"), "utf-8")
    return path


async def test_a_plan_is_shown_and_applied_once_it_is_confirmed(
    settings: Settings, client: httpx.AsyncClient, owner: Actor, file: Path
) -> None:
    said = await asyncio.to_thread(run, settings, file, "y", owner)
    for told in ("phoneNumber", "Medal", "create", "no_contact", "Line 3: The row has no contact", "Written"):
        assert told in said
    (lead,) = await leads(client, owner)
    assert (lead["name"], lead["additionalNotes"]) == ("Asha Rao", "Medal: gold")
    (made,) = (await client.get(IMPORTS, headers=owner.headers)).json()["data"]
    assert (made["status"], made["fileName"], made["createdBy"]) == ("applied", "fair.csv", str(owner.user_id))


async def test_what_is_not_confirmed_is_not_written(
    settings: Settings, client: httpx.AsyncClient, owner: Actor, file: Path
) -> None:
    assert "Nothing was written." in await asyncio.to_thread(run, settings, file, "n", owner)
    assert await leads(client, owner) == []
    (made,) = (await client.get(IMPORTS, headers=owner.headers)).json()["data"]
    assert made["status"] == "cancelled"


async def test_what_was_cancelled_while_it_asked_stays_cancelled(
    settings: Settings, client: httpx.AsyncClient, owner: Actor, file: Path
) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as answers, os.fdopen(writing, "w") as somebody:
        running = asyncio.create_task(asyncio.to_thread(run, settings, file, "", owner, answers=answers))
        made = await planned(client, owner, running)
        cancelled = await client.delete(f"{IMPORTS}/{made['id']}", headers=owner.headers)
        assert cancelled.json()["status"] == "cancelled"
        print("y", file=somebody, flush=True)
        said = await running
    assert "changed, applied or cancelled" in said
    assert said.endswith("exit 1")
    assert await leads(client, owner) == []


async def test_what_was_cancelled_while_it_was_read_is_said_in_a_line(
    settings: Settings, client: httpx.AsyncClient, owner: Actor, database: Database, file: Path
) -> None:
    async with database.acquire() as connection:
        await connection.execute("begin; lock table import_rows")
        running = asyncio.create_task(asyncio.to_thread(run, settings, file, "--yes", owner))
        await until_somebody_waits(database)
        (made,) = (await client.get(IMPORTS, headers=owner.headers)).json()["data"]
        await client.delete(f"{IMPORTS}/{made['id']}", headers=owner.headers)
        await connection.execute("rollback")
        said = await running
    assert said.endswith(f"\nleadconnect: {command.MEANWHILE}\nexit 1")
    (made,) = (await client.get(IMPORTS, headers=owner.headers)).json()["data"]
    assert (made["status"], made["failure"]) == ("cancelled", None)


async def test_what_somebody_else_applies_is_said_in_a_line(
    settings: Settings, client: httpx.AsyncClient, owner: Actor, database: Database, file: Path
) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as answers, os.fdopen(writing, "w") as somebody:
        running = asyncio.create_task(asyncio.to_thread(run, settings, file, "", owner, answers=answers))
        made = await planned(client, owner, running)
        async with tenant(database, owner.account_id) as connection:
            assert await queries.is_alone(connection, owner.account_id, UUID(made["id"]))
            print("y", file=somebody, flush=True)
            said = await running
    assert said.endswith(f"\nleadconnect: {command.MEANWHILE}\nexit 1")
    (made,) = (await client.get(IMPORTS, headers=owner.headers)).json()["data"]
    assert (made["status"], made["failure"]["code"]) == ("failed", "import_not_planned")
    assert await leads(client, owner) == []


async def test_what_is_stopped_while_it_is_read_says_so(
    settings: Settings, client: httpx.AsyncClient, owner: Actor, database: Database, file: Path
) -> None:
    console = Console(file=io.StringIO())
    async with database.acquire() as connection:
        await connection.execute("begin; lock table import_rows")
        running = asyncio.create_task(
            command._run(settings, file, owner.account_id, None, Options(), console, None, is_sure=True)
        )
        await until_somebody_waits(database)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await connection.execute("rollback")
    (made,) = (await client.get(IMPORTS, headers=owner.headers)).json()["data"]
    assert (made["status"], made["failure"]["message"]) == ("failed", command.STOPPED)


async def test_work_ends_with_whoever_watches_it(services: Services, owner: Actor) -> None:
    endless = Endless()
    run, console = (owner.account_id, new_id(), new_id()), Console(file=io.StringIO())
    watching = asyncio.create_task(command._watched(console, "Reading", services, run, endless.work()))
    await endless.begun.wait()
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
    assert endless.ended.is_set()


async def test_the_account_is_found_by_its_owner_and_the_policy_is_minded(
    settings: Settings, client: httpx.AsyncClient, owner: Actor, file: Path
) -> None:
    await asyncio.to_thread(run, settings, file, "--yes", owner=owner.email)
    file.write_text(sheet("Asha Rao-Nair,+919876543210,,"), "utf-8")  # noqa: ASYNC240  a few bytes
    said = await asyncio.to_thread(run, settings, file, "--yes", owner, policy="upsert", onMatch="overwrite")
    assert "update" in said
    assert [lead["name"] for lead in await leads(client, owner)] == ["Asha Rao-Nair"]
    assert "Nothing was written." in await asyncio.to_thread(run, settings, file, "--yes", owner, policy="create")


@pytest.mark.parametrize(
    ("owner_address", "given", "reason"),
    [
        ("nobody@example.com", {}, "Nobody with this address owns an account"),
        (None, {}, "There is no such account."),
        (None, {"policy": "all"}, "policy must be one of: create, update, upsert"),
    ],
)
async def test_what_cannot_be_is_said(
    settings: Settings, file: Path, owner_address: str | None, given: dict[str, str], reason: str
) -> None:
    stranger = Actor("", "", "", "", new_id(), new_id())
    account = None if owner_address else stranger
    said = await asyncio.to_thread(run, settings, file, "--yes", account, owner=owner_address, **given)
    assert reason in said
    assert said.endswith("exit 1")


async def test_a_file_that_cannot_be_read_is_said(settings: Settings, owner: Actor, tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF-1.7")
    said = await asyncio.to_thread(run, settings, path, "--yes", owner)
    assert "PDF document" in said
    assert said.endswith("exit 1")
