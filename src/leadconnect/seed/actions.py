"""Filling a database with demo data."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from random import Random

import asyncpg
import msgspec

from leadconnect.accounts.regions import region_of_time_zone
from leadconnect.auth.credentials.passwords import PasswordHasher
from leadconnect.database.pool import Database
from leadconnect.database.transaction import directory, tenant
from leadconnect.errors import ServiceBusy
from leadconnect.leads import writing
from leadconnect.leads.additions import Addition, Origin, columns, prepared
from leadconnect.leads.catalogue import COLUMNS
from leadconnect.leads.duplicates.keys import contact_keys
from leadconnect.leads.history.models import Act, Source
from leadconnect.seed import generate, queries, timeline
from leadconnect.seed.generate import SeedAccount, SeedLead
from leadconnect.seed.vocabulary.trades import TRADES
from leadconnect.settings import Settings

CHUNK = 2_000
"""Leads written by one statement."""

NOT_MIGRATED = (asyncpg.UndefinedTableError, asyncpg.UndefinedFunctionError, asyncpg.UndefinedColumnError)


class SeedFailed(Exception):
    """Demo data could not be written; the message says why and what helps."""


class SeedResult(msgspec.Struct, frozen=True, kw_only=True):
    """What was made. `email` and `password` log in as the owner of the first account; all users share the password."""

    email: str
    password: str
    accounts: tuple[SeedAccount, ...]
    lead_count: int


async def seed(
    settings: Settings,
    *,
    accounts: int,
    leads: int,
    number: int = 1,
    progress: Callable[[int], None] = lambda written: None,
) -> SeedResult:
    """Make `accounts` accounts with `leads` leads each in the migrated database of `settings`, each account in one
    transaction. The same `number` makes the same data, but for ids and addresses; `progress` hears how many leads were
    written since it was last called.

    Raises:
        SeedFailed: the database is away, not migrated, or an address was taken meanwhile.
    """
    database = await Database.connect(settings, "leadconnect seed")
    password = secrets.token_urlsafe(12)
    try:
        hashed = await PasswordHasher(settings).hash(password)
        made = [await _seed_account(database, index, leads, number, hashed, progress) for index in range(accounts)]
        async with database.acquire() as connection:
            await queries.analyze(connection)
    except ServiceBusy:
        raise SeedFailed("DATABASE_URL: the database cannot be reached or is too slow") from None
    except NOT_MIGRATED:
        raise SeedFailed("The database lacks our tables. Run `leadconnect migrate` first.") from None
    except asyncpg.UniqueViolationError:
        raise SeedFailed("Somebody else added the same demo address meanwhile. Please run it again.") from None
    finally:
        await database.close()
    return SeedResult(
        email=made[0].users[0].email, password=password, accounts=tuple(made), lead_count=accounts * leads
    )


async def _seed_account(
    database: Database, index: int, leads: int, number: int, password: str, progress: Callable[[int], None]
) -> SeedAccount:
    random = Random(f"{number}/{index}")  # noqa: S311 (made-up data, not a secret)
    now = datetime.now(UTC).replace(microsecond=0)
    account = generate.account(index, await _free_address(database), random)
    additions = (_addition(account, lead) for lead in generate.leads(account, leads, now, random))
    act = Act(account.users[0].id, Source.IMPORT)
    async with tenant(database, account.id) as connection:
        sectors = [trade.sector for trade in TRADES]
        await queries.insert_account(connection, account, sectors, password, now - timeline.SPAN - timedelta(days=1))
        chunk = await asyncio.to_thread(_take, additions)
        while chunk:
            following = asyncio.create_task(
                asyncio.to_thread(_take, additions)
            )  # made while PostgreSQL writes this one
            try:
                await writing.add_columns(connection, account.id, act, columns(chunk))
            finally:
                written, chunk = len(chunk), await following
            progress(written)
    return account


async def _free_address(database: Database) -> str:
    """Return the first of demo1@example.com, demo2@… that nobody has."""
    async with directory(database) as connection:
        for number in count(1):
            address = f"demo{number}@example.com"
            if not await queries.is_taken(connection, address):
                return address
    raise AssertionError("count() never ends")


def _addition(account: SeedAccount, lead: SeedLead) -> Addition:
    row = lead._asdict()
    keys = contact_keys(lead.phone_number, lead.email, lead.country, region_of_time_zone(account.time_zone))
    origin = Origin(**{name: row[name] for name in Origin.__struct_fields__})
    return prepared(account.id, lead.id, [row[name] for name in COLUMNS], keys, origin)


def _take(additions: Iterator[Addition]) -> list[Addition]:
    return list(islice(additions, CHUNK))
