"""The schema's rules, read from PostgreSQL's own catalogue, so that a migration that forgets one cannot pass."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from leadconnect.database.pool import Connection
from leadconnect.dsn import connect_arguments

OF_ALL_ACCOUNTS = {
    "throttles": "counts attempts before anybody is known; its keys are digests",
    "job_keys": "keeps jobs from being added twice, for the whole system",
    "pgqueuer": "the queue of the whole system; payloads with personal data are sealed",
    "pgqueuer_log": "what became of jobs",
    "pgqueuer_schedules": "periodic work of the whole system",
    "pgqueuer_statistics": "counts of jobs",
    "alembic_version": "which migrations were run",
}
"""The tables without an account, each with the reason."""

NOT_LED_BY_THE_ACCOUNT = {
    "users_email_normal_key": "an e-mail address is looked up before an account is known, and unique among all",
    "tokens_token_key": "a token's digest is looked up before an account is known",
    "api_keys_digest_key": "an API key's digest is looked up before an account is known",
    "sessions_expires_idx": "background work finds what has expired in all accounts",
    "tokens_expires_idx": "background work finds what has expired in all accounts",
    "password_resets_expires_idx": "background work finds what has expired in all accounts",
    "email_changes_expires_idx": "background work finds what has expired in all accounts",
    "password_links_token_key": "a link's digest is looked up before an account is known",
    "password_links_expires_idx": "background work finds what has expired in all accounts",
    "two_factor_codes_expires_idx": "background work finds what has expired in all accounts",
    "known_devices_last_seen_idx": "background work finds what has expired in all accounts",
    "idempotency_keys_expires_idx": "background work finds what has expired in all accounts",
    "notifications_created_idx": "background work finds what is old in all accounts",
    "imports_created_idx": "background work finds what is old in all accounts",
    "lead_search_codes_idx": "its codes are begun from the account's id",
}
"""Indexes of tenant tables that do not begin with the account, each with the reason."""

ACROSS_ACCOUNTS = {
    "leadconnect_directory": {
        "accounts", "users", "user_permissions", "security_settings", "sessions", "tokens", "password_resets",
        "leads", "lead_counts", "lead_tallies", "two_factor_codes", "known_devices", "password_links", "email_changes",
        "notification_settings", "notifications", "push_subscriptions", "idempotency_keys", "api_keys", "lead_search",
        "import_chunks", "imports",
    },
    "leadconnect_search": {"leads", "lead_search"},
}  # fmt: skip
"""The tables of which a role sees every account's rows."""

DELETED_BY_REQUESTS = {
    "tokens": "a session keeps its newest access tokens only",
    "api_keys": "of a key that is revoked, nothing is to be kept",
    "lead_external_ids": "a merge that is undone gives a lead the ids back that were its own",
    "import_chunks": "the file of an import that is cancelled or applied is of no more use",
    "import_rows": "a plan that is made anew replaces the one before",
    "lead_redirects": "a merge that is undone leaves no redirect",
    "duplicate_dismissals": "users take back that two leads are not the same person",
    "lead_other_contacts": "a merge that is undone takes away what it gave",
    "push_subscriptions": "a device that is taken back, or that its push service knows no more, is to be forgotten",
}
"""The tables that requests delete from, each with the reason."""

ROLES = ["leadconnect_request", "leadconnect_directory", "leadconnect_search"]

TENANT_TABLES = """
    select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, a.attnotnull, a.attnum,
        format_type(a.atttypid, null) as type
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid
        and a.attname = case when c.relname = 'accounts' then 'id' else 'account_id' end and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
"""


@pytest.fixture
async def catalogue(database_url: str) -> AsyncIterator[Connection]:
    """A connection of the login role, in a transaction that is rolled back."""
    connection: Connection = await asyncpg.connect(**connect_arguments(database_url))
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


async def column(connection: Connection, query: str, *arguments: Any) -> list[Any]:
    """Return the first column of what `query` finds."""
    return [record[0] for record in await connection.fetch(query, *arguments)]


async def test_every_table_has_an_account_or_is_listed(catalogue: Connection) -> None:
    tenant = {row["relname"] for row in await catalogue.fetch(TENANT_TABLES)}
    everything = await column(
        catalogue,
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'f', 'm')",
    )
    assert len(tenant) >= 10
    assert set(everything) - tenant == set(OF_ALL_ACCOUNTS)


async def test_row_security_is_enabled_and_forced_on_every_tenant_table(catalogue: Connection) -> None:
    rows = await catalogue.fetch(TENANT_TABLES)
    open_ones = [row["relname"] for row in rows if not (row["relrowsecurity"] and row["relforcerowsecurity"])]
    assert open_ones == []


async def test_every_account_is_a_uuid_and_never_null(catalogue: Connection) -> None:
    rows = await catalogue.fetch(TENANT_TABLES)
    assert [row["relname"] for row in rows if row["type"] != "uuid" or not row["attnotnull"]] == []


async def test_every_index_of_a_tenant_table_begins_with_the_account(catalogue: Connection) -> None:
    found = await column(
        catalogue,
        f"""
        select i.indexrelid::regclass::text from pg_index i join ({TENANT_TABLES}) t on t.oid = i.indrelid
        where i.indkey[0] <> t.attnum
        """,
    )
    assert set(found) == set(NOT_LED_BY_THE_ACCOUNT)


async def test_every_foreign_key_between_tenants_carries_the_account_first(catalogue: Connection) -> None:
    loose = await column(
        catalogue,
        f"""
        with tenant as ({TENANT_TABLES})
        select k.conname from pg_constraint k
        join tenant child on child.oid = k.conrelid
        join tenant parent on parent.oid = k.confrelid
        where k.contype = 'f' and (k.conkey[1] <> child.attnum or k.confkey[1] <> parent.attnum)
        """,
    )
    assert loose == []


async def test_no_foreign_key_takes_leads_or_users_away_with_it(catalogue: Connection) -> None:
    cascades = await column(
        catalogue, "select conrelid::regclass::text from pg_constraint where contype = 'f' and confdeltype <> 'a'"
    )
    assert set(cascades) == {"tokens", "import_chunks", "import_rows"}


async def test_the_roles_can_neither_log_in_nor_bypass_nor_create(catalogue: Connection) -> None:
    rows = await catalogue.fetch("select * from pg_roles where rolname = any($1)", ROLES)
    powers = ("rolsuper", "rolbypassrls", "rolcanlogin", "rolcreaterole", "rolcreatedb", "rolreplication")
    assert sorted(row["rolname"] for row in rows) == sorted(ROLES)
    assert [(row["rolname"], power) for row in rows for power in powers if row[power]] == []


async def test_the_roles_belong_to_no_other_role(catalogue: Connection) -> None:
    memberships = await column(
        catalogue, "select member::regrole::text from pg_auth_members where member::regrole::text = any($1)", ROLES
    )
    assert memberships == []


async def test_the_roles_own_nothing_but_functions_and_the_request_role_nothing_at_all(catalogue: Connection) -> None:
    owners = await catalogue.fetch(
        """
        select relowner::regrole::text as owner, relname::text as name from pg_class
        where relowner::regrole::text = any($1)
        union all
        select proowner::regrole::text, proname from pg_proc where proowner::regrole::text = any($1)
        """,
        ROLES,
    )
    assert {row["owner"] for row in owners} == {"leadconnect_directory", "leadconnect_search"}
    definers = set(await column(catalogue, "select proname from pg_proc where prosecdef"))
    assert {row["name"] for row in owners} <= definers


async def test_a_request_sees_the_rows_of_the_named_account_only(catalogue: Connection) -> None:
    rows = await catalogue.fetch(
        "select tablename, qual, with_check, cmd from pg_policies where 'leadconnect_request' = any(roles)"
    )
    tenant = {row["relname"] for row in await catalogue.fetch(TENANT_TABLES)}
    assert {row["tablename"] for row in rows} == tenant
    rule = "account_id = ( SELECT current_account_id() AS current_account_id)"
    for row in rows:
        expected = rule.replace("account_id =", "id =", 1) if row["tablename"] == "accounts" else rule
        assert row["qual"].strip("()") in (expected, expected.strip("()")), row["tablename"]
        assert row["with_check"] is None, row["tablename"]
        assert row["cmd"] == "ALL", row["tablename"]


async def test_the_policies_across_accounts_are_the_listed_ones(catalogue: Connection) -> None:
    rows = await catalogue.fetch(
        "select tablename, roles from pg_policies where not 'leadconnect_request' = any(roles)"
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        for role in row["roles"]:
            found.setdefault(role, set()).add(row["tablename"])
    assert found == ACROSS_ACCOUNTS


async def test_functions_that_lend_rights_are_closed_to_others_and_fix_where_they_look(catalogue: Connection) -> None:
    rows = await catalogue.fetch(
        """
        select proname, proowner::regrole::text as owner, proconfig, proargnames,
            exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0) as is_public
        from pg_proc where prosecdef and pronamespace = 'public'::regnamespace
        """
    )
    assert rows
    for row in rows:
        name = row["proname"]
        assert row["owner"] in ("leadconnect_directory", "leadconnect_search"), name
        assert not row["is_public"], name
        assert any(setting.startswith("search_path=pg_catalog") for setting in row["proconfig"] or ()), name


VIEWS_THAT_LEND_RIGHTS = """
    select relname from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace
        and not coalesce('security_invoker=true' = any(reloptions), false)
"""


async def test_no_view_lends_the_rights_of_its_owner(catalogue: Connection) -> None:
    assert await column(catalogue, VIEWS_THAT_LEND_RIGHTS) == []
    await catalogue.execute("create view all_leads as select * from leads")
    assert await column(catalogue, VIEWS_THAT_LEND_RIGHTS) == ["all_leads"]


async def test_a_request_may_delete_only_where_it_is_listed_and_never_empty_a_table(catalogue: Connection) -> None:
    grants = await catalogue.fetch(
        """
        select table_name::text, privilege_type::text from information_schema.role_table_grants
        where grantee = 'leadconnect_request'
            and privilege_type in ('DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
        """
    )
    assert {tuple(row) for row in grants} == {(table, "DELETE") for table in DELETED_BY_REQUESTS}


BEYOND_A_REQUEST = {
    "create a table": "create table mine (id int)",
    "create a temporary table": "create temporary table mine (id int)",
    "create a schema": "create schema mine",
    "create a function": "create function mine() returns int language sql return 1",
    "create a view": "create view mine as select 1",
    "create a role": "create role mine",
    "add a column": "alter table leads add column mine int",
    "switch row security off": "alter table leads disable row level security",
    "lift the force": "alter table leads no force row level security",
    "drop a policy": "drop policy own_account on leads",
    "add a policy": "create policy mine on leads using (true)",
    "drop a table": "drop table leads",
    "switch triggers off": "alter table leads disable trigger all",
    "replace a function": "create or replace function current_account_id() returns uuid language sql return null::uuid",
    "empty a table": "truncate leads",
    "delete a lead": "delete from leads",
    "run a program": "copy throttles from program 'true'",
    "write by a program": "copy throttles to program 'cat'",
    "read a file": "copy throttles from '/etc/passwd'",
    "read a file by function": "select pg_read_file('/etc/passwd')",
    "write a file": "copy throttles to '/tmp/leadconnect-throttles'",
    "import a large object": "select lo_import('/etc/passwd')",
    "grant itself a right": "grant select on pgqueuer_schedules to leadconnect_request",
    "read password hashes of roles": "select rolpassword from pg_authid",
    "read what a job carries": "select payload from pgqueuer",
}
"""What the role of requests must be refused, each with a statement that tries it."""


@pytest.mark.parametrize("statement", BEYOND_A_REQUEST.values(), ids=BEYOND_A_REQUEST.keys())
async def test_a_request_is_refused_to(catalogue: Connection, statement: str) -> None:
    await catalogue.execute("set local role leadconnect_request")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await catalogue.execute(statement)
