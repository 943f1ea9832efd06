"""Recording the statements that requests run, and running them again for another account."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest

from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import tenant

MOST_RUNS = 3
"""How many runs of a statement are kept for an account: with other values it may take another plan."""


class Run(msgspec.Struct, frozen=True):
    """A statement as it was run for an account, with the values of its parameters."""

    statement: str
    values: tuple[Any, ...]
    account_id: UUID

    def values_for(self, other_id: UUID) -> tuple[Any, ...]:
        """Return the values with the account `other_id` in place of the one it was run for."""
        return tuple(other_id if value == self.account_id else value for value in self.values)


class Recorder:
    """Keeps what asyncpg reports of statements that ran without an error."""

    def __init__(self) -> None:
        self._logged: list[tuple[str, tuple[Any, ...]]] = []

    def __call__(self, logged: Any) -> None:
        """Keep a statement that asyncpg reports."""
        if logged.exception is None:
            self._logged.append((logged.query, tuple(logged.args)))

    def runs(self, account_ids: Collection[UUID]) -> list[Run]:
        """Return up to `MOST_RUNS` runs a statement of those that name one of the accounts."""
        found: dict[tuple[str, UUID], list[Run]] = {}
        for statement, values in self._logged:
            for account_id in account_ids:
                if account_id in [value for value in values if isinstance(value, UUID)]:
                    found.setdefault((statement, account_id), []).append(Run(statement, values, account_id))
        return [run for runs in found.values() for run in runs[:MOST_RUNS]]


@contextmanager
def recording(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """Record what is run in the block, on every connection of every pool in this process."""
    recorder = Recorder()
    take = Database._take

    async def take_and_listen(database: Database) -> Connection:
        connection = await take(database)
        connection.add_query_logger(recorder)
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(Database, "_take", take_and_listen)
        yield recorder


async def outcome(database: Database, other_id: UUID, statement: str, values: tuple[Any, ...]) -> Any:
    """Run a statement for the account `other_id`, undo it, and return what it answered: its rows without instants and
    PostgreSQL's command tag, or the class of the error.
    """
    found: Any = None
    try:
        async with tenant(database, other_id) as connection:
            try:
                prepared = await connection.prepare(statement)
                rows = [_plain(row.values()) for row in await prepared.fetch(*values)]
                found = rows, prepared.get_statusmsg()
            except asyncpg.PostgresError as error:
                found = type(error).__name__
            raise _Undone
    except _Undone:
        return found


class _Undone(Exception):
    """Ends a transaction without its writes."""


def _plain(values: Any) -> list[str]:
    """Return `values` as text. Instants, and the numbers made of them, differ from run to run."""
    instants = (datetime, float)
    return ["an instant" if isinstance(value, instants) else str(value) for value in values]
