"""The roles, grants, policies and owners that row security stands on: what is missing, and how it is made again.

A dump of one database has no roles. Restored without them, all that names one is missing too: memberships, grants,
policies and the owners of the functions that look a caller up. What should be there is read from ``schema.sql``, which
is pg_dump's own text of a migrated database, so it cannot differ from the migrations (a test compares the two).
"""

import re
from functools import cache
from typing import NamedTuple

import asyncpg

from leadconnect.database.connecting import Connection
from leadconnect.database.snapshot import SNAPSHOT

ROLES = ("leadconnect_request", "leadconnect_directory", "leadconnect_search")
_OWNER_IN_SNAPSHOT = "leadconnect"
_ADVISORY_LOCK = 0x6C65616465  # "leade", in the 64-bit key space

_POLICY = re.compile(r"^CREATE POLICY (\w+) ON public\.(\w+) .*?;$", re.MULTILINE | re.DOTALL)
_FUNCTION_OWNER = re.compile(r"^ALTER FUNCTION public\.((\w+)\(.*\)) OWNER TO (leadconnect_\w+);$", re.MULTILINE)
_ACL = re.compile(r"^(?:GRANT|REVOKE) .*;$", re.MULTILINE)
_TABLE_GRANT = re.compile(r"^GRANT ([A-Z,]+) ON TABLE public\.(\w+) TO (leadconnect_\w+);$", re.MULTILINE)
_COLUMN_GRANT = re.compile(r"([A-Z]+)\((\w+)\)")
_COLUMN_GRANTS = re.compile(r"^GRANT (\S+\)) ON TABLE public\.(\w+) TO (leadconnect_\w+);$", re.MULTILINE)
_FUNCTION_GRANT = re.compile(r"^GRANT ALL ON FUNCTION public\.(\w+)\(.*\) TO (leadconnect_\w+);$", re.MULTILINE)

_OWNER = "select pg_get_userbyid(relowner) from pg_class where oid = to_regclass('public.alembic_version')"
_MISSING_ROLES = """
    select w.name from unnest($1::text[]) w(name) left join pg_roles r on r.rolname = w.name
    where r.oid is null or w.name <> 'leadconnect_search' and not pg_has_role($2::name, r.oid, 'usage')
"""
_MISSING_POLICIES = """
    select w.name || ' on ' || w.on_table
    from unnest($1::text[], $2::text[]) w(name, on_table)
    where not exists (
        select from pg_policies p where p.schemaname = 'public' and p.tablename = w.on_table and p.policyname = w.name
    )
"""
_WRONG_OWNERS = """
    select distinct w.name || '()' from unnest($1::text[], $2::text[]) w(name, owner)
    join pg_proc p on p.proname = w.name and p.pronamespace = 'public'::regnamespace
    where pg_get_userbyid(p.proowner) <> w.owner
"""
_MISSING_TABLE_GRANTS = """
    select distinct w.role || ' on ' || w.on_table
    from unnest($1::text[], $2::text[], $3::text[]) w(right_name, on_table, role)
    where not has_table_privilege(w.role, 'public.' || w.on_table, w.right_name)
"""
_MISSING_COLUMN_GRANTS = """
    select distinct w.role || ' on ' || w.on_table
    from unnest($1::text[], $2::text[], $3::text[], $4::text[]) w(right_name, on_column, on_table, role)
    where not has_column_privilege(w.role, 'public.' || w.on_table, w.on_column, w.right_name)
"""
_MISSING_FUNCTION_GRANTS = """
    select distinct w.role || ' on ' || w.name || '()' from unnest($1::text[], $2::text[]) w(name, role)
    join pg_proc p on p.proname = w.name and p.pronamespace = 'public'::regnamespace
    where not has_function_privilege(w.role, p.oid, 'execute')
"""
_MAKE_ROLE = """
    do $$ begin create role {role} nologin; exception when duplicate_object or unique_violation then null; end $$
"""
_REVOKE_FROM_ALL = """
    do $$ begin execute format('revoke create, temporary on database %I from public', current_database()); end $$
"""


class _Wanted(NamedTuple):
    """What the snapshot says, as columns for the statements above."""

    policies: list[tuple[str, str, str]]
    """Name, table and statement."""
    owners: list[tuple[str, str, str]]
    """Name, owner and signature."""
    table_grants: list[tuple[str, str, str]]
    column_grants: list[tuple[str, str, str, str]]
    function_grants: list[tuple[str, str]]
    acl: list[str]


@cache
def _wanted() -> _Wanted:
    text = SNAPSHOT.read_text(encoding="utf-8")
    return _Wanted(
        policies=[(found[1], found[2], found[0]) for found in _POLICY.finditer(text)],
        owners=[(found[2], found[3], found[1]) for found in _FUNCTION_OWNER.finditer(text)],
        table_grants=[
            (right, found[2], found[3]) for found in _TABLE_GRANT.finditer(text) for right in found[1].split(",")
        ],
        column_grants=[
            (right, column, found[2], found[3])
            for found in _COLUMN_GRANTS.finditer(text)
            for right, column in _COLUMN_GRANT.findall(found[1])
        ],
        function_grants=[(found[1], found[2]) for found in _FUNCTION_GRANT.finditer(text)],
        acl=_ACL.findall(text),
    )


async def missing_roles(connection: Connection) -> list[str]:
    """Return those of our roles that the server does not have, or that the owner of the tables cannot take on."""
    owner = await connection.fetchval(_OWNER)
    return [row["name"] for row in await connection.fetch(_MISSING_ROLES, list(ROLES), owner)]


async def missing_rights(connection: Connection) -> list[str]:
    """Return what row security needs and a migrated database lacks, as short texts; nothing where all is there."""
    if roles := await missing_roles(connection):
        return roles
    wanted = _wanted()
    found: list[asyncpg.Record] = []
    for statement, rows in (
        (_MISSING_POLICIES, [policy[:2] for policy in wanted.policies]),
        (_WRONG_OWNERS, [function[:2] for function in wanted.owners]),
        (_MISSING_TABLE_GRANTS, wanted.table_grants),
        (_MISSING_COLUMN_GRANTS, wanted.column_grants),
        (_MISSING_FUNCTION_GRANTS, wanted.function_grants),
    ):
        found += await connection.fetch(statement, *map(list, zip(*rows, strict=True)))
    return [row[0] for row in found]


async def make_roles(connection: Connection) -> None:
    """Make those of our roles that are missing, and the owner of the tables a member of those it takes on.

    Raises:
        InsufficientPrivilegeError: the login role may not make roles, or not hand these on.
    """
    owner = await connection.fetchval(_OWNER)
    async with connection.transaction():
        await connection.execute(f"select pg_advisory_xact_lock({_ADVISORY_LOCK})")
        for role in ROLES:
            await connection.execute(_MAKE_ROLE.format(role=role))
        if not await connection.fetchval("select rolsuper from pg_roles where rolname = $1", owner):
            await connection.execute(f"grant {ROLES[0]}, {ROLES[1]} to {_quoted(owner)}")


async def close_database(connection: Connection) -> None:
    """Take from all roles what PostgreSQL gives them in a new database; a dump does not have it."""
    await connection.execute(_REVOKE_FROM_ALL)


async def repair_rights(connection: Connection) -> None:
    """Make policies, grants and owners as the snapshot has them, in one transaction. The roles must be there.

    Raises:
        InsufficientPrivilegeError: a function belongs to another role, such as the superuser who restored the dump.
    """
    wanted = _wanted()
    owner = _quoted(await connection.fetchval(_OWNER))
    is_superuser = await connection.fetchval("select rolsuper from pg_roles where rolname = session_user")
    there = {tuple(row) for row in await connection.fetch("select policyname, tablename from pg_policies")}
    wrong = {row[0].removesuffix("()") for row in await _wrong_owners(connection)}
    async with connection.transaction():
        await connection.execute(f"select pg_advisory_xact_lock({_ADVISORY_LOCK})")
        if not is_superuser:
            await connection.execute(f"grant {ROLES[2]} to current_user")  # for the change of owners alone
        await connection.execute(f"grant create on schema public to {ROLES[1]}, {ROLES[2]}")
        for statement in wanted.acl:
            await connection.execute(re.sub(rf"\b(TO|FROM) {_OWNER_IN_SNAPSHOT};$", rf"\1 {owner};", statement))
        for name, table, statement in wanted.policies:
            if (name, table) not in there:
                await connection.execute(statement)
        for name, role, signature in wanted.owners:
            if name in wrong:
                await connection.execute(f"alter function public.{signature} owner to {role}")
        await connection.execute(f"revoke create on schema public from {ROLES[1]}, {ROLES[2]}")
        if not is_superuser:
            await connection.execute(f"revoke {ROLES[2]} from current_user")


async def _wrong_owners(connection: Connection) -> list[asyncpg.Record]:
    rows = [function[:2] for function in _wanted().owners]
    return list(await connection.fetch(_WRONG_OWNERS, *map(list, zip(*rows, strict=True))))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
