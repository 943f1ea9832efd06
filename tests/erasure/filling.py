"""Accounts with something in every table, and what is left of one."""

from datetime import UTC, datetime
from uuid import UUID

import httpx
import msgspec

from leadconnect.auth.services import Services
from leadconnect.database.pool import Database
from leadconnect.database.transaction import erasing, maintenance, tenant
from leadconnect.erasure import queries
from leadconnect.identifiers import new_id
from leadconnect.leads.writing import set_external_ids
from leadconnect.mail.announcements import Announcement, Kind, announce
from leadconnect.notifications import queries as notifications
from leadconnect.notifications.wording import Words
from leadconnect.queue.actions import enqueue
from tests import make
from tests.auth.signed_in import grow_stale
from tests.cast import Actor, Cast
from tests.imports.importing import applied_here
from tests.leads.changes.acting import undo, update
from tests.leads.merging.merges import merged
from tests.leads.writing import add_lead
from tests.profile.changing import change

CODES = """
    with resets as (
        insert into password_resets (account_id, id, user_id, email, otp, expires_at)
        values ($1, $2, $3, 'somebody@example.com', 'digest', now() + interval '1 minute')
    )
    insert into two_factor_codes (account_id, id, user_id, purpose, otp, challenge_at, expires_at)
    values ($1, $2, $3, 'sign in', 'digest', now(), now() + interval '1 minute')
"""


async def full_account(client: httpx.AsyncClient, cast: Cast, services: Services, company: str = "Acme Ltd") -> Actor:
    """Make an account that has a row in every table, jobs of every kind, and keys of jobs."""
    owner = await cast.owner(company=company)
    lead_id = await _use(client, owner)
    await applied_here(client, services, owner, "Name,Phone\nLi Wei,+919876543219\n")
    leads = (await client.get("/api/leads", headers=owner.headers)).json()["data"]
    pair = f"/api/leads/{leads[0]['id']}/duplicates/{leads[1]['id']}/dismiss"
    assert (await client.post(pair, headers=owner.headers)).is_success
    await cast.api_key(owner)
    await grow_stale(services, owner)
    assert (await change(client, owner, email=make.email("new"))).json()["pendingEmail"]
    await client.post("/api/auth/forgot-password", json={"email": owner.email})
    account_id, user_id = owner.account_id, owner.user_id
    async with tenant(services.database, account_id) as connection:
        await connection.execute(CODES, account_id, new_id(), user_id)
        await set_external_ids(connection, account_id, "meta", [("l:1", lead_id)])
        told = [(user_id, Kind.NEW_LEAD, Words("A new lead", "Somebody"))]
        await notifications.insert(connection, account_id, f"new_lead:{new_id()}", lead_id, told)
        await enqueue(connection, "send_push", b"{}", key=f"push:{user_id}")
    async with maintenance(services.database) as connection:
        digest = Announcement(kind=Kind.DAILY_SUMMARY, account_id=account_id, day=datetime.now(UTC).date())
        await announce(connection, digest, key=f"daily_summary:{account_id}:today")
    return owner


async def _use(client: httpx.AsyncClient, owner: Actor) -> UUID:
    """Do what leaves rows: leads that are merged, a sector, a colleague with a link to a password, a device, and a bulk
    change that is undone.
    """
    colleague = {
        "fullName": "Ravi Nair", "email": make.email("ravi"), "password": make.PASSWORD,
        "confirmPassword": make.PASSWORD, "role": "Sales Manager",
    }  # fmt: skip
    for path, body in (
        ("/api/leads", make.lead()),
        ("/api/leads/sectors", {"sector": "Looms"}),
        ("/api/profile/sub-users", colleague),
        ("/api/notifications/subscribe", make.SUBSCRIPTION),
    ):
        headers = owner.headers | {"Idempotency-Key": f"the first of {path}"}
        answer = await client.post(path, json=body, headers=headers)
        assert answer.is_success, answer.text
    leads = (await client.get("/api/leads", headers=owner.headers)).json()["data"]
    await merged(client, owner, leads[0]["id"], await add_lead(client, owner, phoneNumber="+49 30 7654321"))
    await undo(client, owner, (await update(client, owner, [leads[0]["id"]], city="Ulm"))["id"])
    return UUID(leads[0]["id"])


async def rows_of(database: Database, account_id: UUID) -> dict[str, int]:
    """Return how many rows every table of tenants has of an account, and the queue with its keys."""
    async with erasing(database, account_id) as connection:
        found = {}
        for table in await queries.tenant_tables(connection):
            count = table.statement.replace("delete from", "select count(*) from", 1)
            found[table.name] = int(await connection.fetchval(count, account_id))
        for table_name in ("pgqueuer", "job_keys"):
            mine = f"select count(*) from {table_name} t where to_jsonb(t)::text like '%' || $1::uuid::text || '%'"
            found[table_name] = int(await connection.fetchval(mine, account_id))
    return found


async def asked_for(services: Services, address: str) -> int:
    """Return how many sealed jobs in the queue name an address."""
    async with services.database.acquire() as connection:
        payloads = await connection.fetch("select payload from pgqueuer where entrypoint = 'mail_reset_code'")
    wanted = msgspec.json.encode(address)
    return sum(wanted in services.outbox.unseal(row["payload"]) for row in payloads)
