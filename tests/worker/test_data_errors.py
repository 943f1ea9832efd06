"""Jobs that cannot succeed are tried once: the database refuses their data, or their payload cannot be read."""

import io
from collections.abc import AsyncIterator

import msgspec
import pytest

from leadconnect.auth.actions import sign_up
from leadconnect.auth.models import SignUp
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Client, Services, open_services
from leadconnect.database.transaction import directory, maintenance, tenant
from leadconnect.identifiers import new_id
from leadconnect.imports import actions, waiting
from leadconnect.imports.models import Import, Upload
from leadconnect.imports.options import Options
from leadconnect.leads import writing
from leadconnect.leads.changes import actions as acts
from leadconnect.leads.changes.models import BulkRequest, ChangeSetState
from leadconnect.leads.fields import LeadInput
from leadconnect.leads.history.models import Act, Source
from leadconnect.mail.announcements import TELL
from leadconnect.queue.actions import enqueue
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor
from tests.worker.running import states, try_count, until, until_empty, worker

FILE = b"Name,Phone\nEve,+919876543210\nAsha,+919876543211\n"


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    opened = await open_services(msgspec.structs.replace(settings, bcrypt_rounds=4), "tests")
    yield opened
    await opened.close()


@pytest.fixture
async def principal(services: Services) -> Principal:
    wanted = msgspec.convert(make.signup(email="eve@example.com"), SignUp)
    await sign_up(services, wanted, Client(address="203.0.113.7", user_agent=None))
    async with maintenance(services.database) as connection:
        account = await connection.fetchrow("select id, owner_id from accounts")
    assert account is not None
    return Actor("eve@example.com", "", "", "", account["owner_id"], account["id"]).principal


async def refuse(services: Services, table: str, condition: str) -> None:
    """Have the database refuse rows of `table` that do not meet `condition`."""
    async with services.database.acquire() as connection:
        await connection.execute(f"alter table {table} add constraint of_a_test check ({condition}) not valid")


async def upload(services: Services, principal: Principal) -> Import:
    given = Upload(io.BytesIO(FILE), "leads.csv", "text/csv", len(FILE), Options())
    return await actions.upload(services, principal, given)


async def shown(services: Services, principal: Principal, made: Import) -> Import:
    return await actions.settled(services.database, principal, made.id, actions.LONGEST_WAIT)


async def until_parked(services: Services) -> None:
    """Wait until one job is parked and no other waits."""

    async def is_parked() -> bool:
        return await states(services.database) == ["failed"]

    await until(is_parked)


async def test_an_import_whose_rows_the_database_refuses_fails_at_its_first_try(
    services: Services, principal: Principal, settings: Settings
) -> None:
    await refuse(services, "import_rows", "lead ->> 'name' <> 'Eve'")
    made = await upload(services, principal)
    async with worker(settings):
        found = await shown(services, principal, made)
        await until_parked(services)
    assert found.status == "failed"
    assert found.failure is not None
    assert found.failure.code == "import_cannot_be_stored"
    assert await try_count(services.database) == 1


async def test_an_import_whose_leads_the_database_refuses_fails_at_its_first_try(
    services: Services, principal: Principal, settings: Settings
) -> None:
    await refuse(services, "leads", "name <> 'Eve'")
    made = await upload(services, principal)
    async with worker(settings):
        assert (await shown(services, principal, made)).status == "planned"
        await actions.apply(services.database, principal, made.id)
        found = await shown(services, principal, made)
        await until_parked(services)
    assert found.status == "failed"
    assert found.failure is not None
    assert found.failure.code == "import_cannot_be_stored"
    assert await try_count(services.database) == 2  # one to plan and one to apply


async def test_a_bulk_operation_that_the_database_refuses_fails_at_its_first_try(
    services: Services, principal: Principal, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "AT_ONCE", 1)
    inputs = [msgspec.convert(make.lead(name=name), LeadInput) for name in ("Eve", "Asha")]
    async with tenant(services.database, principal.account_id) as connection:
        rows = await writing.add(connection, principal.account_id, Act(principal.user_id, Source.API), inputs)
        ids = [str(row["id"]) for row in rows]
    await refuse(services, "leads", "lead_status <> 'lost'")
    wanted = {"action": "update", "ids": ids, "set": {"leadStatus": "lost"}, "expectedCount": 2}
    async with tenant(services.database, principal.account_id) as connection:
        made = await acts.bulk_change(connection, principal, msgspec.convert(wanted, BulkRequest))
    assert made.change_set is not None
    async with worker(settings):
        await until_parked(services)
    async with tenant(services.database, principal.account_id) as connection:
        found = await acts.read(connection, principal, made.change_set.id)
    assert found.state == ChangeSetState.FAILED
    assert found.failure
    assert await try_count(services.database) == 1


@pytest.mark.parametrize("entrypoint", [waiting.IMPORT, acts.CARRY_OUT, TELL])
async def test_a_payload_that_cannot_be_read_is_tried_once(
    services: Services, settings: Settings, entrypoint: str
) -> None:
    async with directory(services.database) as connection:
        await enqueue(connection, entrypoint, b"\xff no JSON")
    async with worker(settings):
        await until_parked(services)
    assert await try_count(services.database) == 1


async def test_a_job_of_an_account_that_does_not_exist_any_more_ends(services: Services, settings: Settings) -> None:
    order = waiting.Order(new_id(), new_id(), new_id(), new_id())
    async with directory(services.database) as connection:
        await enqueue(connection, waiting.IMPORT, msgspec.json.encode(order))
        await enqueue(connection, waiting.IMPORT, msgspec.json.encode(msgspec.structs.replace(order, is_apply=True)))
        await enqueue(connection, acts.CARRY_OUT, msgspec.json.encode(acts.LongAct(new_id(), new_id())))
    async with worker(settings):
        await until_empty(services.database)
    assert await try_count(services.database) == 3
