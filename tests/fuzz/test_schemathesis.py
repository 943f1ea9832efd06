"""schemathesis against a running server, in all its phases and with all its checks, as three people.

LEADCONNECT_FUZZ_EXAMPLES says how many cases an operation gets in the random phases, which are then drawn anew at every
run. Without it they are few and drawn from one seed, so that a change is judged by itself and not by what was drawn.
`schemathesis.toml` beside this has what is allowed, and why.
"""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from leadconnect.auth.services import open_services
from leadconnect.database.embedded import running_url
from leadconnect.settings import Settings
from tests.cast import Actor, Cast
from tests.leads.changes.acting import update
from tests.leads.writing import add_lead
from tests.live import LiveServer

FOLDER = Path(__file__).parent
EXAMPLES = os.environ.get("LEADCONNECT_FUZZ_EXAMPLES", "")
FEW = ("--max-examples", "4", "--seed", "20261126")
PHASES = "examples,coverage,fuzzing,stateful"
PHASES_OF_SUB_USER = PHASES if EXAMPLES else "examples,fuzzing,stateful"
"""In a quick run, the systematic phase is left to the owner: a sub-user's requests are read by the same code."""

PUBLIC = {
    "sign_up", "log_in", "finish_log_in", "mail_another_code", "verify_sign_in_code", "refresh", "forgot_password",
    "verify_code", "reset_password", "set_password", "read_password_page", "read_link_user", "read_public_key",
    "live", "ready",
}  # fmt: skip
NOT_BY_GUESSING = {
    "log_in", "finish_log_in", "disable_second_factor", "refresh", "reset_password", "set_password", "confirm_email",
    "change_password", "create_api_key", "send_followup_reminder", "merge_leads",
    "download_rejects", "undo_change_set", "read_link_user", "restore_duplicate", "dismiss_duplicate",
    "apply_import", "read_import_row",
}  # fmt: skip
"""Nobody guesses a password, a token, a code, a lead with a date, two leads or a file that leaves no question open; the
tests of these routes have them.
"""
NOT_BY_LOOKING = {"read_lead", "read_history", "read_change_set", "find_duplicates"}
"""Only by following a link from the list, which the random phases may do or not."""
EDITING = {
    "create_lead", "change_lead", "delete_lead", "restore_lead", "import_leads", "export_leads", "list_sub_users",
    "merge_leads", "add_sub_user", "change_sub_user", "change_permissions", "reset_sub_user_password",
    "delete_sub_user", "change_leads", "undo_change_set", "upload_import", "list_imports", "read_import",
    "change_import", "list_import_rows", "read_import_row", "apply_import", "cancel_import",
    "download_rejects", "follow_import",
    "download_csv_template", "download_xlsx_template", "restore_duplicate", "dismiss_duplicate",
}  # fmt: skip
"""What a sub-user who may only look at leads may not do."""


class People(msgspec.Struct):
    """Who asks, and for each kind of person somebody else of that kind whose sessions may be ended. The sub-users are
    not the owner's, who may delete their own.
    """

    owner: Actor
    other_owner: Actor
    sub_user: Actor
    other_sub_user: Actor


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server that does not count log-ins, sign-ups and users."""
    folder = tmp_path_factory.mktemp("fuzz") / "data"
    counted = ("LOG_INS_PER_ADDRESS", "SIGN_UPS_PER_ADDRESS", "USERS_PER_ACCOUNT")
    with LiveServer(folder, None, **{f"LEADCONNECT_{name}": "1000000" for name in counted}) as started:
        yield started


@pytest.fixture(scope="module")
async def people(server: LiveServer) -> AsyncIterator[People]:
    """Two owners and two sub-users on the server."""
    secret = (server.data_dir / "secret").read_text()
    url = running_url(server.data_dir)
    assert url is not None
    settings = Settings(database_url=url, data_dir=server.data_dir, secret=secret, bcrypt_rounds=4)
    services = await open_services(settings, "tests")
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        cast = Cast(client, services)
        owner, other = await cast.owner(), await cast.owner()
        for each in (owner, other):
            await update(client, each, [await add_lead(client, each)], city="Ulm")
        yield People(owner, other, await cast.sub_user(other), await cast.sub_user(other))
    await services.close()


def fuzz(
    server: LiveServer, seen: Path, caller: Actor | None = None, ended: Actor | None = None, *, phases: str = PHASES
) -> dict[str, set[int]]:
    """Run schemathesis as `caller`, with sessions of `ended` to be ended; return by operation the statuses of the
    cases that were meant to be right.
    """
    environ = os.environ | {"FUZZ_URL": server.url, "FUZZ_SEEN": str(seen), "PYTHONHASHSEED": "0"}
    if caller is not None and ended is not None:
        environ |= {"FUZZ_TOKEN": caller.token, "FUZZ_EMAIL": ended.email, "FUZZ_PASSWORD": ended.password}
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(FOLDER / "schemathesis.toml"),
        "run", f"{server.url}/api/openapi.json", "--phases", phases, "--no-color",
        *(("--max-examples", EXAMPLES) if EXAMPLES else FEW),
    ]  # fmt: skip
    done = subprocess.run(
        command, env=environ, cwd=FOLDER.parents[1], capture_output=True, text=True, timeout=3600, check=False
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-4_000:]
    statuses = defaultdict(set)
    for line in seen.read_text().splitlines():
        name, status = line.split()
        statuses[name].add(int(status))
    return statuses


def operations(server: LiveServer) -> set[str]:
    """Return the names of all operations that the description has."""
    paths = httpx.get(f"{server.url}/api/openapi.json").json()["paths"]
    return {operation["operationId"] for path in paths.values() for operation in path.values()}


def succeeded(statuses: dict[str, set[int]]) -> set[str]:
    """Return the operations that did something at least once."""
    return {name for name, found in statuses.items() if any(status < 300 for status in found)}


def test_nothing_an_owner_sends_breaks_the_server_or_its_description(
    server: LiveServer, people: People, tmp_path: Path
) -> None:
    """And every operation was reached: it is not that all cases failed at the door."""
    statuses = fuzz(server, tmp_path / "seen", people.owner, people.other_owner)
    assert operations(server) - succeeded(statuses) <= NOT_BY_GUESSING


def test_nothing_a_sub_user_sends_breaks_the_server_or_its_description(
    server: LiveServer, people: People, tmp_path: Path
) -> None:
    """What the sub-user may not do is refused, whatever is sent."""
    statuses = fuzz(server, tmp_path / "seen", people.sub_user, people.other_sub_user, phases=PHASES_OF_SUB_USER)
    assert EDITING <= operations(server) - succeeded(statuses) <= NOT_BY_GUESSING | EDITING | NOT_BY_LOOKING
    assert {name: statuses[name] for name in EDITING} == {name: {403} for name in EDITING}


def test_nothing_a_stranger_sends_breaks_the_server_or_its_description(server: LiveServer, tmp_path: Path) -> None:
    """And the stranger gets no further than the public routes."""
    statuses = fuzz(server, tmp_path / "seen")
    assert PUBLIC - NOT_BY_GUESSING <= succeeded(statuses) <= PUBLIC
    assert all(found == {401} for name, found in statuses.items() if name not in PUBLIC)
