"""The SQL of cities and sectors."""

from uuid import UUID

from leadconnect.database.pool import Connection
from leadconnect.leads.models import text_key
from leadconnect.leads.writing import add_sectors

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


async def add_sector(connection: Connection, account_id: UUID, sector: str) -> str:
    """Remember `sector`, which is not blank; return it in the spelling that was first."""
    await add_sectors(connection, account_id, [sector])
    first: str = await connection.fetchval(SECTOR_BY_KEY, account_id, text_key(sector))
    return first


def _ascending(name: str) -> tuple[str, str]:
    return text_key(name) or "", name
