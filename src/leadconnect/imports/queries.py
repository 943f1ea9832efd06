"""The SQL of imports: their state, their files, and how headers were read before. Of their rows, see `verdicts`."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from leadconnect.database.pool import Connection
from leadconnect.files.reading.cleaning import storable
from leadconnect.imports.models import ImportRow, Plan, Upload
from leadconnect.imports.options import Options
from leadconnect.recognition.models import Mapping
from leadconnect.wire import encode

COLUMNS = ", ".join(ImportRow.__struct_fields__)
MINE = "account_id = $1 and id = $2"
OF_RUN = f"{MINE} and run = $3 and status in ('planning', 'applying')"

INSERT = f"""
    insert into imports (account_id, id, created_by, status, run, file_name, media, size_bytes, options)
    values ($1, $2, $3, 'planning', $4, $5, $6, $7, $8::jsonb)
    returning {COLUMNS}
"""  # noqa: S608  constants
INSERT_CHUNK = "insert into import_chunks (account_id, import_id, number, data) values ($1, $2, $3, $4)"
CHUNK = "select data from import_chunks where account_id = $1 and import_id = $2 and number = $3"
ONE = f"select {COLUMNS} from imports where {MINE}"  # noqa: S608  constants
ONE_LOCKED = f"{ONE} for update"
NEWEST = f"""
    select {COLUMNS} from imports
    where account_id = $1 and ($2::uuid is null or created_by = $2) and ($3::uuid is null or id < $3)
    order by id desc limit $4
"""  # noqa: S608  constants
ORDER = f"""
    update imports set status = $4, run = $3, options = $5::jsonb, rows_done = 0, failure_code = null, failure = null,
        plan = case when $4 = 'planning' then null else plan end, updated_at = now()
    where {MINE} returning {COLUMNS}
"""  # noqa: S608  constants
CANCEL = f"update imports set status = 'cancelled', run = $3, finished_at = now(), updated_at = now() where {MINE} returning {COLUMNS}"  # noqa: S608, E501  constants
ADVANCE = f"update imports set rows_done = $4, rows_total = $5, updated_at = now() where {OF_RUN} returning true"  # noqa: S608
SET_PLANNED = f"""
    update imports set status = 'planned', plan = $4::jsonb, rows_done = $5, rows_total = $5, updated_at = now()
    where {OF_RUN} returning true
"""  # noqa: S608  constants
SET_FAILED = f"""
    update imports set status = 'failed', failure_code = $4, failure = $5, updated_at = now() where {OF_RUN}
"""  # noqa: S608  constants
SET_APPLIED = f"""
    update imports set status = 'applied', change_set_id = $4, plan = $5::jsonb, rows_done = rows_total,
        finished_at = now(), updated_at = now()
    where {OF_RUN} returning true
"""  # noqa: S608  constants
USAGE = """
    select count(*) filter (where status in ('planning', 'applying')) as unfinished_count,
        coalesce(sum(coalesce(kept_bytes, size_bytes)), 0)::bigint as kept_bytes
    from imports where account_id = $1
"""
DROP_CHUNKS = "delete from import_chunks where account_id = $1 and import_id = $2 and number >= $3"
SET_KEPT = f"update imports set kept_bytes = least(size_bytes, $3) where {MINE}"  # noqa: S608  constants
DROP_FAILED = """
    with failed as (
        update imports set kept_bytes = 0
        where status = 'failed' and coalesce(kept_bytes, size_bytes) > 0 and updated_at < now() - $1::interval
        returning account_id, id
    )
    delete from import_chunks using failed
    where import_chunks.account_id = failed.account_id and import_chunks.import_id = failed.id
"""
TRY_ALONE = "select pg_try_advisory_xact_lock(hashtextextended($1::uuid::text || $2::uuid::text, 0))"
TAKE_TURN = "select pg_advisory_xact_lock(hashtextextended('direct import ' || $1::uuid::text, 0))"
PATIENCE = "set local statement_timeout = '10min'; set local idle_in_transaction_session_timeout = '5min'"
PATIENCE_SECONDS = 600

OWNER = "select owner_id from accounts where id = $1"
MAPPING = "select mapping from import_mappings where account_id = $1 and fingerprint = $2"
KEEP_MAPPING = """
    insert into import_mappings (account_id, fingerprint, mapping) values ($1, $2, $3::jsonb)
    on conflict (account_id, fingerprint) do update set mapping = excluded.mapping, updated_at = now()
"""
PURGE = "delete from imports where created_at < now() - $1::interval"


CHUNK_BYTES = 256 * 1024
"""The size of the parts in which files are kept."""

Run = tuple[UUID, UUID, UUID]
"""An account, an import, and the order that is carried out."""


class Usage(msgspec.Struct, frozen=True):
    """How many imports of an account wait or are in hand, and how many bytes of files are kept for it."""

    unfinished_count: int
    kept_bytes: int


async def insert(
    connection: Connection, account_id: UUID, import_id: UUID, user_id: UUID, run: UUID, given: Upload
) -> ImportRow:
    """Add an import that is to be planned, without its file."""
    about = (given.name, given.media, given.size_bytes, encode(given.options).decode())
    return _import(await connection.fetchrow(INSERT, account_id, import_id, user_id, run, *about))


async def insert_chunk(connection: Connection, account_id: UUID, import_id: UUID, number: int, data: bytes) -> None:
    """Store a part of the file, counted from 0."""
    await connection.execute(INSERT_CHUNK, account_id, import_id, number, data)


async def chunk(connection: Connection, account_id: UUID, import_id: UUID, number: int) -> bytes | None:
    """Return a part of the file; None beyond its end."""
    found: bytes | None = await connection.fetchval(CHUNK, account_id, import_id, number)
    return found


async def one(connection: Connection, account_id: UUID, import_id: UUID, *, locked: bool = False) -> ImportRow | None:
    """Return an import of the account; `locked` keeps others from changing it until the transaction ends."""
    row = await connection.fetchrow(ONE_LOCKED if locked else ONE, account_id, import_id)
    return _import(row) if row else None


async def newest(
    connection: Connection, account_id: UUID, *, of_user: UUID | None, before: UUID | None, limit: int
) -> list[ImportRow]:
    """Return up to `limit` imports of a user or of all, older than `before`, the newest first."""
    return [_import(row) for row in await connection.fetch(NEWEST, account_id, of_user, before, limit)]


async def order(
    connection: Connection, account_id: UUID, import_id: UUID, run: UUID, status: str, options: Options
) -> ImportRow:
    """Set an import to be planned or applied by the order `run`; orders before it hold no longer."""
    wanted = encode(options).decode()
    return _import(await connection.fetchrow(ORDER, account_id, import_id, run, status, wanted))


async def cancel(connection: Connection, account_id: UUID, import_id: UUID, run: UUID) -> ImportRow:
    """Set an import to be cancelled and drop its file; `run` is a new name, so that whoever works at it stops."""
    await drop_file(connection, account_id, import_id)
    return _import(await connection.fetchrow(CANCEL, account_id, import_id, run))


async def drop_file(connection: Connection, account_id: UUID, import_id: UUID, *, kept_chunks: int = 0) -> None:
    """Drop the file of an import but for its first `kept_chunks` parts."""
    await connection.execute(DROP_CHUNKS, account_id, import_id, kept_chunks)
    await connection.execute(SET_KEPT, account_id, import_id, kept_chunks * CHUNK_BYTES)


async def drop_failed_files(connection: Connection, *, age: timedelta) -> None:
    """Drop the files of imports, of all accounts, that failed longer than `age` ago. Background work."""
    await connection.execute(PATIENCE)
    await connection.execute(DROP_FAILED, age, timeout=PATIENCE_SECONDS)


async def usage(connection: Connection, account_id: UUID) -> Usage:
    """Return what the imports of an account use."""
    (row,) = await connection.fetch(USAGE, account_id)
    return Usage(**row)


async def advance(connection: Connection, key: Run, done: int, total: int | None) -> bool:
    """Note how far an order is; return False where it holds no longer."""
    return bool(await connection.fetchval(ADVANCE, *key, done, total))


async def set_planned(connection: Connection, key: Run, plan: Plan) -> bool:
    """Store the plan; return False where the order holds no longer."""
    return bool(await connection.fetchval(SET_PLANNED, *key, encode(plan).decode(), plan.totals.read))


async def set_failed(connection: Connection, key: Run, code: str, message: str) -> None:
    """Note why the import could not be planned or applied, if the order still holds."""
    await connection.execute(SET_FAILED, *key, code, storable(message))


async def set_applied(connection: Connection, key: Run, change_set_id: UUID, plan: Plan) -> bool:
    """Note what was written; return False where the order holds no longer."""
    return bool(await connection.fetchval(SET_APPLIED, *key, change_set_id, encode(plan).decode()))


async def is_alone(connection: Connection, account_id: UUID, import_id: UUID) -> bool:
    """Take the import for this transaction; return False where another transaction has it. The transaction may take
    its time.
    """
    await connection.execute(PATIENCE)
    return bool(await connection.fetchval(TRY_ALONE, account_id, import_id))


async def owner_of(connection: Connection, account_id: UUID) -> UUID | None:
    """Return the id of the account's owner; None where there is no such account."""
    found: UUID | None = await connection.fetchval(OWNER, account_id)
    return found


async def purge(connection: Connection, *, age: timedelta) -> None:
    """Forget imports older than `age`, of all accounts, with their files and rows. Background work."""
    await connection.execute(PATIENCE)
    await connection.execute(PURGE, age, timeout=PATIENCE_SECONDS)


async def remembered(connection: Connection, account_id: UUID, fingerprint: str) -> str | None:
    """Return how the account had a file with this header read, as JSON."""
    found: str | None = await connection.fetchval(MAPPING, account_id, fingerprint)
    return found


async def remember(connection: Connection, account_id: UUID, mapping: Mapping) -> None:
    """Keep how the account has files with this header read."""
    await connection.execute(KEEP_MAPPING, account_id, mapping.fingerprint, encode(mapping).decode())


def _import(row: Any) -> ImportRow:
    return ImportRow(**row)


async def take_turn(connection: Connection, account_id: UUID) -> None:
    """Wait until no other direct import of the account is looking for duplicates or adding leads."""
    await connection.execute(TAKE_TURN, account_id)
