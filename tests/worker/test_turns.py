"""Imports of several accounts take turns, and what one account may use has limits."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from leadconnect.auth.actions import sign_up
from leadconnect.auth.models import SignUp
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Client, Services, open_services
from leadconnect.database.transaction import maintenance, tenant
from leadconnect.imports import actions, waiting
from leadconnect.imports.file.rejects import download
from leadconnect.imports.models import Import, ImportQuery, Upload
from leadconnect.imports.options import Options, OptionsChange
from leadconnect.leads import writing
from leadconnect.leads.changes import actions as acts
from leadconnect.leads.changes.models import BulkRequest
from leadconnect.leads.fields import LeadInput
from leadconnect.leads.history.models import Act, Source
from leadconnect.settings import Settings
from leadconnect.worker.schedule import drop_failed_files
from tests import make
from tests.cast import Actor
from tests.worker.running import worker

FILE = b"Name,Phone\nEve,+919876543210\n"
NOW = timedelta(0)


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    small = msgspec.structs.replace(settings, bcrypt_rounds=4, unfinished_imports=3, import_storage=1_000_000)
    opened = await open_services(small, "tests")
    yield opened
    await opened.close()


async def account(services: Services, email: str) -> Principal:
    """Make an account and return its owner."""
    wanted = msgspec.convert(make.signup(email=email), SignUp)
    signed_in = await sign_up(services, wanted, Client(address="203.0.113.7", user_agent=None))
    user_id = UUID(str(signed_in.user.id))
    async with maintenance(services.database) as connection:
        account_id = await connection.fetchval("select id from accounts where owner_id = $1", user_id)
    return Actor(email, "", "", "", user_id, account_id).principal


async def upload(services: Services, principal: Principal, file: bytes = FILE) -> Import:
    given = Upload(io.BytesIO(file), "leads.csv", "text/csv", len(file), Options())
    return await actions.upload(services, principal, given)


async def position(services: Services, principal: Principal, made: Import) -> int | None:
    return (await actions.settled(services.database, principal, made.id, NOW)).progress.queue_position


async def parts(services: Services, principal: Principal, made: Import) -> list[int]:
    """Return the numbers of the parts of the file that are kept."""
    statement = "select number from import_chunks where account_id = $1 and import_id = $2 order by number"
    async with tenant(services.database, principal.account_id) as connection:
        return [row["number"] for row in await connection.fetch(statement, principal.account_id, made.id)]


@pytest.mark.parametrize("rows", [1, 15_000], ids=["small", "large"])
async def test_the_first_import_of_an_account_goes_before_the_second_of_another(services: Services, rows: int) -> None:
    file = FILE + b"Asha,+919876543211\n" * (rows - 1)
    eager, other = await account(services, "eager@example.com"), await account(services, "other@example.com")
    first, second, third = [await upload(services, eager, file) for _ in range(3)]
    only = await upload(services, other, file)
    assert await position(services, eager, first) == 1
    assert await position(services, other, only) == 2
    assert await position(services, eager, second) == 3
    assert await position(services, eager, third) == 4
    async with tenant(services.database, eager.account_id) as connection:
        page = await actions.newest(connection, eager, ImportQuery())
    assert [one.progress.queue_position for one in page.data] == [4, 3, 1]


async def test_an_import_that_is_planned_has_no_position(services: Services, settings: Settings) -> None:
    owner = await account(services, "eve@example.com")
    made = await upload(services, owner)
    async with worker(settings):
        found = await actions.settled(services.database, owner, made.id, actions.LONGEST_WAIT)
    assert (found.status, found.progress.queue_position) == ("planned", None)


async def test_an_account_has_a_limited_number_of_imports_that_wait(services: Services) -> None:
    owner, other = await account(services, "eve@example.com"), await account(services, "other@example.com")
    made = [await upload(services, owner) for _ in range(3)]
    with pytest.raises(waiting.TooManyImports) as refused:
        await upload(services, owner)
    assert (refused.value.status, refused.value.code) == (429, "too_many_imports")
    assert refused.value.retry_after
    await upload(services, other)
    await actions.cancel(services.database, owner, made[0].id)
    await upload(services, owner)


async def test_an_account_has_limited_space_and_gets_it_back_by_cancelling(services: Services) -> None:
    owner, other = await account(services, "eve@example.com"), await account(services, "other@example.com")
    made = await upload(services, owner, bytes(600_000))
    assert await parts(services, owner, made) == [0, 1, 2]
    with pytest.raises(waiting.StorageFull) as refused:
        await upload(services, owner, bytes(600_000))
    assert (refused.value.status, refused.value.code) == (409, "import_storage_full")
    await upload(services, other, bytes(600_000))
    await actions.cancel(services.database, owner, made.id)
    assert await parts(services, owner, made) == []
    await upload(services, owner, bytes(600_000))


async def test_an_applied_import_keeps_what_its_reject_file_needs(services: Services, settings: Settings) -> None:
    owner = await account(services, "eve@example.com")
    lines = [b"Person %d%s,+91987654%04d\n" % (number, b" of Pune" * 8, number) for number in range(4_000)]
    taken = b"Name,Phone\n" + b"".join(lines)
    rejected = taken + b"Nobody,,\n"
    assert len(taken) > 256 * 1024
    async with worker(settings):
        kept = {}
        for file in (taken, rejected):
            made = await upload(services, owner, file)
            await actions.settled(services.database, owner, made.id, actions.LONGEST_WAIT)
            await actions.apply(services.database, owner, made.id)
            found = await actions.settled(services.database, owner, made.id, actions.LONGEST_WAIT)
            assert found.status == "applied"
            kept[file] = await parts(services, owner, made)
            content = await download(services, owner, made.id)
            text = b"".join([chunk async for chunk in content.chunks])
            assert text.startswith(b"Name,Phone,LeadConnect Error")
            assert (b"Nobody" in text) == (file is rejected)
    assert kept[taken] == [0]
    assert kept[rejected] == list(range(-(-len(rejected) // (256 * 1024))))


async def test_a_cancelled_import_has_no_reject_file(services: Services, settings: Settings) -> None:
    owner = await account(services, "eve@example.com")
    made = await upload(services, owner, FILE + b"Nobody,\n")
    async with worker(settings):
        await actions.settled(services.database, owner, made.id, actions.LONGEST_WAIT)
    await actions.cancel(services.database, owner, made.id)
    with pytest.raises(actions.FileDropped):
        await download(services, owner, made.id)


async def test_the_file_of_a_failed_import_is_kept_for_a_day(services: Services, settings: Settings) -> None:
    owner = await account(services, "eve@example.com")
    made = await upload(services, owner, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100)
    async with worker(settings):
        found = await actions.settled(services.database, owner, made.id, actions.LONGEST_WAIT)
    assert found.status == "failed"
    await drop_failed_files(services.database)
    assert await parts(services, owner, made) == [0]
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            "update imports set updated_at = now() - interval '25 hours' where account_id = $1", owner.account_id
        )
    await drop_failed_files(services.database)
    assert await parts(services, owner, made) == []
    with pytest.raises(actions.FileDropped):
        await actions.change(services.database, owner, made.id, OptionsChange(delimiter=";"))


async def test_bulk_operations_take_turns(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "AT_ONCE", 1)
    for email, count in (("eager@example.com", 2), ("other@example.com", 1)):
        owner = await account(services, email)
        inputs = [msgspec.convert(make.lead(name=name), LeadInput) for name in ("Eve", "Asha")]
        async with tenant(services.database, owner.account_id) as connection:
            rows = await writing.add(connection, owner.account_id, Act(owner.user_id, Source.API), inputs)
        wanted = {"action": "delete", "ids": [str(row["id"]) for row in rows], "expectedCount": 2}
        for _ in range(count):
            async with tenant(services.database, owner.account_id) as connection:
                await acts.bulk_change(connection, owner, msgspec.convert(wanted, BulkRequest))
    async with services.database.acquire() as connection:
        found = await connection.fetch(
            "select priority from pgqueuer where entrypoint = $1 order by id", acts.CARRY_OUT
        )
    assert [row["priority"] for row in found] == [0, -1, 0]
