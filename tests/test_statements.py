"""Every statement of the code is known to PostgreSQL, and fills the struct that it is meant to fill."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import msgspec
import pytest

import leadconnect
from leadconnect.accounts import queries as accounts
from leadconnect.accounts.models import UserRow
from leadconnect.auth import queries as auth
from leadconnect.auth.models import Candidate, HeldUser, OpenCode, SessionRow, StoredPassword
from leadconnect.auth.password_links import queries as links
from leadconnect.auth.password_links.models import OpenLink
from leadconnect.auth.second_factor import queries as second_factor
from leadconnect.auth.second_factor.models import SecondFactorStatus
from leadconnect.auth.sessions import queries as sessions
from leadconnect.auth.sessions.models import HeldSession, Presented
from leadconnect.database.pool import Database
from leadconnect.idempotency import queries as idempotency
from leadconnect.idempotency.models import KeptAnswer
from leadconnect.leads.changes import queries as changes
from leadconnect.leads.changes.models import ChangeSetRow, PastEvent, PendingAct
from leadconnect.leads.history import queries as history
from leadconnect.leads.history.models import EventRow
from leadconnect.notifications import queries as notifications
from leadconnect.notifications.models import DayNumbers, DueLead, InboxRow, LeadFacts, Person
from leadconnect.notifications.push import queries as devices
from leadconnect.profile import queries as profile
from leadconnect.profile.models import (
    AppPreferences,
    EmailChange,
    EmailChangeCode,
    NotificationSettings,
    SecurityRow,
)

STATEMENT = re.compile(r"\s*(select|insert|update|delete|with)\b")
FRAGMENTS: frozenset[str] = frozenset({"leadconnect.accounts.queries.USER"})
"""Constants that begin like a statement and are only put into others."""


def constants() -> Iterator[tuple[str, str]]:
    """Yield every constant of the query modules that reads like a statement, with its full name."""
    for module in pkgutil.walk_packages(leadconnect.__path__, "leadconnect."):
        if module.name.rpartition(".")[2] not in ("queries", "search", "safety"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            texts = value if isinstance(value, tuple) else (value,)
            for text in texts:
                if name.isupper() and isinstance(text, str) and STATEMENT.match(text):
                    yield f"{module.name}.{name}", text


STATEMENTS = sorted(set(constants()))

ROWS: tuple[tuple[str, type[msgspec.Struct]], ...] = (
    (accounts.ONE_USER, UserRow),
    (accounts.LOCK_USER, UserRow),
    (accounts.ALL_USERS, UserRow),
    (accounts.ALL_SUB_USERS, UserRow),
    (auth.CANDIDATE, Candidate),
    (auth.LIVE_SESSIONS, SessionRow),
    (auth.HOLD_USER, HeldUser),
    (auth.RESERVE_CODE_ATTEMPT, OpenCode),
    (auth.STORED_PASSWORD, StoredPassword),
    (changes.CHANGE_SETS, ChangeSetRow),
    (changes.ONE_CHANGE_SET, ChangeSetRow),
    (changes.PENDING, PendingAct),
    (changes.EVENTS_SINCE, PastEvent),
    (history.EVENTS, EventRow),
    (idempotency.KEPT_ANSWER, KeptAnswer),
    (links.OPEN_LINK, OpenLink),
    (sessions.HOLD_SESSION, HeldSession),
    (sessions.PRESENTED, Presented),
    (second_factor.RESERVE_ATTEMPT, OpenCode),
    (second_factor.STATUS, SecondFactorStatus),
    (devices.DEVICES, devices.DeviceRow),
    (devices.MESSAGE, devices.MessageRow),
    (notifications.DAY_NUMBERS, DayNumbers),
    (notifications.DUE_LEADS, DueLead),
    (notifications.INBOX, InboxRow),
    (notifications.LEAD, LeadFacts),
    (notifications.PEOPLE, Person),
    (profile.NOTIFICATIONS, NotificationSettings),
    (profile.SECURITY, SecurityRow),
    (profile.APP, AppPreferences),
    (profile.CHANGE_NOTIFICATIONS, NotificationSettings),
    (profile.CHANGE_APP, AppPreferences),
    (profile.OPEN_EMAIL_CHANGE, EmailChange),
    (profile.RESERVE_EMAIL_ATTEMPT, EmailChangeCode),
)


def test_there_are_statements_to_prepare() -> None:
    assert len(STATEMENTS) > 40


@pytest.mark.parametrize(("name", "statement"), STATEMENTS, ids=[name for name, _ in STATEMENTS])
async def test_a_statement_can_be_prepared(name: str, statement: str, database: Database) -> None:
    if name in FRAGMENTS:
        statement = f"select * from ({statement}) as fragment"
    async with database.acquire() as connection:
        await connection.prepare(statement)


@pytest.mark.parametrize(("statement", "struct"), ROWS)
async def test_a_statement_has_the_columns_of_its_struct(
    statement: str, struct: type[msgspec.Struct], database: Database
) -> None:
    async with database.acquire() as connection:
        columns = [attribute.name for attribute in (await connection.prepare(statement)).get_attributes()]
    assert columns == list(struct.__struct_fields__)
