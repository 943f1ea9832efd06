"""The keys of leads follow what they are made of, and are worked out for leads that are older than they."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from leadconnect.accounts.regions import REGION_CHANGED
from leadconnect.database.migrate import MIGRATIONS
from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import maintenance, tenant
from leadconnect.leads import writing
from leadconnect.leads.duplicates.filling import key_account, key_leads, key_older_leads
from leadconnect.leads.duplicates.keys import Keys
from leadconnect.leads.duplicates.queries import accounts_without_keys
from leadconnect.leads.fields import LeadInput
from leadconnect.leads.history.models import Act, Source
from leadconnect.profile.actions import LATECOMERS
from leadconnect.settings import Settings
from leadconnect.wire import convert
from tests import make
from tests.cast import Actor, Cast
from tests.leads.duplicates.stored import forget_keys, stored_keys
from tests.leads.writing import add_lead, change_lead
from tests.profile.changing import changed
from tests.worker.running import until, until_somebody_waits, worker


async def test_a_new_lead_has_its_keys(client: httpx.AsyncClient, owner: Actor, database: Database) -> None:
    lead_id = await add_lead(client, owner, phoneNumber="+49 (0)30 1234567", email="A.B+fair@GMail.com")
    assert await stored_keys(database, owner, lead_id) == Keys("+49301234567", "ab@gmail.com")


async def test_a_national_number_is_of_the_leads_country_or_else_of_the_account(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    nowhere = await add_lead(client, owner, phoneNumber="098765 43210")
    assert await stored_keys(database, owner, nowhere) == Keys("~9876543210", None)
    await changed(client, owner, timeZone="Asia/Kolkata")
    here = await add_lead(client, owner, phoneNumber="098765 43210")
    there = await add_lead(client, owner, phoneNumber="030 1234567", country="Germany")
    assert (await stored_keys(database, owner, here)).phone == "+919876543210"
    assert (await stored_keys(database, owner, there)).phone == "+49301234567"


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"phoneNumber": "030 7654321"}, Keys("+49307654321", "asha@example.com")),
        ({"email": "asha.rao@example.com"}, Keys("+49301234567", "asha.rao@example.com")),
        ({"email": None}, Keys("+49301234567", None)),
        ({"country": "France"}, Keys("+33301234567", "asha@example.com")),
        ({"city": "Berlin"}, Keys("+49301234567", "asha@example.com")),
    ],
)
async def test_keys_change_with_what_they_are_made_of(
    client: httpx.AsyncClient, owner: Actor, database: Database, changes: dict[str, str | None], keys: Keys
) -> None:
    lead_id = await add_lead(client, owner, phoneNumber="030 1234567", country="Germany", email="asha@example.com")
    await change_lead(client, owner, lead_id, **changes)
    assert await stored_keys(database, owner, lead_id) == keys


async def test_keys_of_older_leads_are_worked_out_in_every_account(
    client: httpx.AsyncClient, cast: Cast, database: Database
) -> None:
    owners = [await cast.owner(), await cast.owner()]
    leads = [(owner, await add_lead(client, owner, email="asha@example.com")) for owner in owners for _ in range(2)]
    await client.delete(f"/api/leads/{leads[0][1]}", headers=owners[0].headers)
    for owner in owners:
        await forget_keys(database, owner)
    await key_older_leads(database)
    for owner, lead_id in leads:
        assert await stored_keys(database, owner, lead_id) == Keys("+49301234567", "asha@example.com")


async def test_a_busy_account_keeps_no_other_one_from_its_keys(
    client: httpx.AsyncClient, cast: Cast, database: Database
) -> None:
    owners = {owner.account_id: owner for owner in (await cast.owner(), await cast.owner())}
    leads = {account_id: await add_lead(client, owner) for account_id, owner in owners.items()}
    for owner in owners.values():
        await forget_keys(database, owner)
    async with maintenance(database) as connection:
        busy, other = [each for each in await accounts_without_keys(connection) if each in owners]
    async with tenant(database, busy) as connection:
        await hold_leads(connection)
        await key_older_leads(database)
    assert (await stored_keys(database, owners[other], leads[other])).phone == "+49301234567"
    await key_older_leads(database)
    assert (await stored_keys(database, owners[busy], leads[busy])).phone == "+49301234567"


async def test_keys_are_worked_out_slice_by_slice(client: httpx.AsyncClient, owner: Actor, database: Database) -> None:
    leads = [await add_lead(client, owner) for _ in range(5)]
    for at_once in (1, 2, 5, 6):
        await forget_keys(database, owner)
        await key_leads(database, owner.account_id, only_without_keys=True, at_once=at_once)
        assert {(await stored_keys(database, owner, lead_id)).phone for lead_id in leads} == {"+49301234567"}


async def test_a_change_meanwhile_has_the_last_word(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    lead_id = await add_lead(client, owner)
    await forget_keys(database, owner)
    async with tenant(database, owner.account_id) as connection:
        await hold_leads(connection)
        changing = asyncio.create_task(change_lead(client, owner, lead_id, phoneNumber="+49 30 7654321"))
        keying = asyncio.create_task(key_account(database, str(owner.account_id).encode()))
        await until_somebody_waits(database, 2)
    await asyncio.gather(changing, keying)
    assert await stored_keys(database, owner, lead_id) == Keys("+49307654321", None)


async def hold_leads(connection: Connection) -> None:
    await connection.execute("select from leads for update")


async def test_an_account_that_moves_to_another_region_has_its_national_numbers_there(
    client: httpx.AsyncClient, owner: Actor, database: Database, settings: Settings
) -> None:
    national = await add_lead(client, owner, phoneNumber="098765 43210")
    abroad = await add_lead(client, owner)
    await changed(client, owner, locale="en-IN")

    async def is_keyed_anew() -> bool:
        return (await stored_keys(database, owner, national)).phone == "+919876543210"

    async with worker(settings):
        await until(is_keyed_anew)
    assert (await stored_keys(database, owner, abroad)).phone == "+49301234567"


async def test_an_account_that_stays_in_its_region_has_nothing_worked_out_anew(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    await changed(client, owner, timeZone="Asia/Kolkata")
    first = await jobs_of_moving(database, owner)
    await changed(client, owner, locale="en-IN")
    await changed(client, owner, website="rao.example")
    assert first == await jobs_of_moving(database, owner)


async def jobs_of_moving(database: Database, owner: Actor) -> list[tuple[bytes, timedelta]]:
    """Return what is queued for an account that moved to other regions, and how long after."""
    query = "select payload, execute_after - created as delay from pgqueuer where entrypoint = $1 and for_account = $2"
    async with database.acquire() as connection:
        rows = await connection.fetch(f"{query} order by id", REGION_CHANGED, owner.account_id)
    return [(row["payload"], row["delay"]) for row in rows]


async def test_a_lead_that_was_being_added_while_the_account_moved_has_its_number_there_in_the_end(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    lead = convert(make.lead(phoneNumber="098765 43210"), LeadInput)
    async with tenant(database, owner.account_id) as connection:
        (row,) = await writing.add(connection, owner.account_id, Act(owner.user_id, Source.API), [lead])
        await changed(client, owner, locale="en-IN")
        (first, at_once), (second, later) = await jobs_of_moving(database, owner)
        await key_account(database, first)
    assert (await stored_keys(database, owner, str(row["id"]))).phone == "~9876543210"
    await key_account(database, second)
    assert (await stored_keys(database, owner, str(row["id"]))).phone == "+919876543210"
    assert (at_once, later) == (timedelta(0), LATECOMERS)


async def test_keys_that_were_made_with_fewer_names_of_countries_are_worked_out_anew(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    lead_id = await add_lead(client, owner, phoneNumber="020 7946 0000", country="Royaume-Uni")
    async with tenant(database, owner.account_id) as connection:
        await connection.execute("update lead_search set phone_key = '~2079460000'")
    own = str(owner.account_id).encode()
    async with database.acquire() as connection:
        await connection.execute("begin")
        await connection.execute((MIGRATIONS / "0019_country_names.sql").read_text("utf-8"))
        jobs = await connection.fetch("select entrypoint from pgqueuer where payload = $1", own)
        await connection.execute("rollback")
    assert [job["entrypoint"] for job in jobs] == [REGION_CHANGED]
    await key_account(database, own)
    assert (await stored_keys(database, owner, lead_id)).phone == "+442079460000"


@pytest.mark.parametrize(
    ("phone", "former", "current"),
    [
        ("99999 99999", "~9999999999", None),
        ("4711", None, "~4711"),
        ("+52 1 55 1234 5678", "+5215512345678", "+525512345678"),
    ],
)
async def test_keys_of_former_releases_are_computed_again(
    client: httpx.AsyncClient, owner: Actor, database: Database, phone: str, former: str | None, current: str | None
) -> None:
    lead_id = await add_lead(client, owner, phoneNumber=phone)
    async with tenant(database, owner.account_id) as connection:
        await connection.execute("update lead_search set phone_key = $1", former)
    own = str(owner.account_id).encode()
    async with database.acquire() as connection:
        await connection.execute("begin")
        await connection.execute((MIGRATIONS / "0022_phone_keys.sql").read_text("utf-8"))
        jobs = await connection.fetch("select entrypoint from pgqueuer where payload = $1", own)
        await connection.execute("rollback")
    assert [job["entrypoint"] for job in jobs] == [REGION_CHANGED]
    await key_account(database, own)
    assert (await stored_keys(database, owner, lead_id)).phone == current
