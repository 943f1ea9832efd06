"""The SQL of cities and sectors."""

from collections.abc import Iterable
from uuid import UUID

from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.leads.models import text_key

LIVE = "account_id = $1 and deleted_at is null"

CITIES = f"""
    with recursive keys as (
        (select city_key from leads where {LIVE} and city_key is not null order by city_key limit 1)
        union all
        select (
            select next.city_key from leads as next
            where next.account_id = $1 and next.deleted_at is null and next.city_key > keys.city_key
            order by next.city_key limit 1
        )
        from keys where keys.city_key is not null
    )
    select (
        select newest.city from leads as newest
        where newest.account_id = $1 and newest.deleted_at is null and newest.city_key = keys.city_key
        order by newest.created_at desc, newest.id desc limit 1
    ) as city
    from keys where keys.city_key is not null
"""  # noqa: S608  constants
COUNTRIES = """
    with recursive spellings as (
        (select country from leads where account_id = $1 and country is not null order by country limit 1)
        union all
        select (
            select next.country from leads as next
            where next.account_id = $1 and next.country > spellings.country
            order by next.country limit 1
        )
        from spellings where spellings.country is not null
    )
    select country from spellings where country is not null
"""
"""The spellings of countries, each read from the index by itself: they are few, and the leads many."""
SECTORS = "select sector from custom_sectors where account_id = $1"
REMEMBER_SECTORS = """
    insert into custom_sectors (account_id, id, sector, sector_key)
    select $1, id, sector, sector_key
    from unnest($2::uuid[], $3::text[], $4::text[]) as given (id, sector, sector_key)
    on conflict (account_id, sector_key) do nothing
"""
SECTOR_BY_KEY = "select sector from custom_sectors where account_id = $1 and sector_key = $2"


async def cities(connection: Connection, account_id: UUID) -> list[str]:
    """Return the cities of the account's leads, ascending, each as its newest lead spells it."""
    return sorted((row["city"] for row in await connection.fetch(CITIES, account_id)), key=_ascending)


async def countries(connection: Connection, account_id: UUID) -> list[str]:
    """Return the countries of the account's leads, deleted ones too, in every spelling that one of them has."""
    return [row["country"] for row in await connection.fetch(COUNTRIES, account_id)]


async def sectors(connection: Connection, account_id: UUID) -> list[str]:
    """Return the sectors that the account has named, ascending."""
    return sorted((row["sector"] for row in await connection.fetch(SECTORS, account_id)), key=_ascending)


async def remember_sectors(connection: Connection, account_id: UUID, named: Iterable[str | None]) -> None:
    """Keep those of `named` that the account has not named before, in whatever case."""
    new = {key: sector.strip() for sector in named if sector and (key := text_key(sector))}
    if new:
        keys = sorted(new)  # in one order, so that two transactions cannot wait for each other
        spelled = [new[key] for key in keys]
        await connection.execute(REMEMBER_SECTORS, account_id, [new_id() for _ in keys], spelled, keys)


async def add_sector(connection: Connection, account_id: UUID, sector: str) -> str:
    """Remember `sector`, which is not blank; return it in the spelling that was first."""
    await remember_sectors(connection, account_id, [sector])
    first: str = await connection.fetchval(SECTOR_BY_KEY, account_id, text_key(sector))
    return first


def _ascending(name: str) -> tuple[str, str]:
    return text_key(name) or "", name
