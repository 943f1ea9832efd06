"""How imports wait for the worker: how many an account may have, whose turn it is, and the position of each.

Jobs of imports carry a priority: the first import of each account goes before the second one of any. So the imports of
one account never stand before those of another, however many they are.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection
from leadconnect.errors import Conflict, TooManyRequests
from leadconnect.imports import queries
from leadconnect.imports.models import UNDER_WAY, Import, ImportRow, Status, Upload, import_answer
from leadconnect.queue.actions import enqueue, positions
from leadconnect.settings import Settings

IMPORT, LARGE_IMPORT = "import", "large_import"
"""The entry points of the queue; their payload is an `Order`. Large ones wait for each other, and small ones not for
them."""
LARGE_BYTES = 256 * 1024
"""A smaller file is planned and applied within a second or so."""
RETRY_AFTER = timedelta(seconds=10)


class TooManyImports(TooManyRequests):
    """Too many imports of this account are waiting. Wait until one is done, or cancel one."""

    code = "too_many_imports"


class StorageFull(Conflict):
    """The files of this account's imports use all of their space. Apply or cancel imports, then upload it again."""

    code = "import_storage_full"


class Order(msgspec.Struct, frozen=True):
    """What the worker is to do with an import, and for whom. Ids alone: it waits in the queue, which is in dumps."""

    account_id: UUID
    import_id: UUID
    run: UUID
    actor_id: UUID
    is_apply: bool = False

    @property
    def key(self) -> queries.Run:
        """The import and the name of the order."""
        return self.account_id, self.import_id, self.run


def check_limits(settings: Settings, usage: queries.Usage, given: Upload) -> None:
    """Refuse an upload that exceeds what one account may use.

    Raises:
        TooManyImports, StorageFull: as they say.
    """
    if usage.unfinished_count >= settings.unfinished_imports:
        raise TooManyImports(retry_after=RETRY_AFTER)
    if usage.kept_bytes + given.size_bytes > settings.import_storage:
        raise StorageFull


async def answers(connection: Connection, rows: Sequence[ImportRow]) -> list[Import]:
    """Return imports as they are sent, those that wait with their position."""
    names = [_job_name(row) for row in rows if row.status in UNDER_WAY]
    places = await positions(connection, (IMPORT, LARGE_IMPORT), names) if names else {}
    return [import_answer(row, places.get(_job_name(row))) for row in rows]


def _job_name(row: ImportRow) -> str:
    return f"import:{row.run}"


async def enqueue_run(connection: Connection, principal: Principal, row: ImportRow) -> None:
    """Have the worker plan or apply the import in `row`, as its status says."""
    is_apply = row.status == Status.APPLYING
    order = Order(principal.account_id, row.id, row.run, principal.user_id, is_apply)
    entrypoint = LARGE_IMPORT if row.size_bytes > LARGE_BYTES else IMPORT
    # The first import of each account goes before the second one of any.
    turn = (await queries.usage(connection, principal.account_id)).unfinished_count
    await enqueue(connection, entrypoint, msgspec.json.encode(order), priority=1 - turn, name=_job_name(row))
