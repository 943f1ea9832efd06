"""What is queued can be read with the secret alone."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet

from leadconnect.database.pool import Database
from leadconnect.database.transaction import directory, tenant
from leadconnect.mail.outbox import Outbox, UnreadablePayload

CONTEXT = {"code": "493817", "minutes": "10", "name": "Eve"}


async def queued(database: Database) -> list[bytes]:
    async with database.acquire() as connection:
        return [row["payload"] for row in await connection.fetch("SELECT payload FROM pgqueuer ORDER BY id")]


async def test_a_letter_can_be_read_again_with_the_same_secret(database: Database) -> None:
    expires_at = datetime.now(UTC) + timedelta(minutes=10)
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    async with tenant(database, uuid4()) as connection:
        await Outbox("one secret").post(
            connection, "password_reset", "eve@example.com", CONTEXT, expires_at=expires_at, key="reset:1"
        )
    (payload,) = await queued(database)
    letter = Outbox("one secret").open(payload)
    assert (letter.template, letter.to, letter.context) == ("password_reset", "eve@example.com", CONTEXT)
    assert letter.expires_at == expires_at
    assert letter.message_id.version == 7
    assert before <= letter.posted_at <= datetime.now(UTC)


async def test_the_database_shows_neither_code_nor_address_nor_name(database: Database) -> None:
    async with directory(database) as connection:
        await Outbox("one secret").post(connection, "password_reset", "eve@example.com", CONTEXT, key="reset:1")
    async with database.acquire() as connection:
        dump = ""
        for table in ("pgqueuer", "pgqueuer_log", "job_keys"):
            dump += await connection.fetchval(f"SELECT string_agg(t::text, ' ') FROM {table} t")
    dump += str(bytes.fromhex(dump.partition("\\x")[2].partition('"')[0]))
    for secret in ("493817", "eve", "Eve", "example.com", "password_reset"):
        assert secret not in dump


@pytest.mark.parametrize(
    "payload", [b"", b"forged", Fernet(Fernet.generate_key()).encrypt(b"{}")], ids=["empty", "forged", "foreign"]
)
def test_a_payload_that_was_not_sealed_with_the_secret_is_refused(payload: bytes) -> None:
    with pytest.raises(UnreadablePayload):
        Outbox("one secret").open(payload)


def test_other_content_can_be_sealed_as_well_but_is_no_letter() -> None:
    outbox = Outbox("one secret")
    sealed = outbox.seal(b"eve@example.com")
    assert b"eve" not in sealed
    assert outbox.unseal(sealed) == b"eve@example.com"
    with pytest.raises(UnreadablePayload):
        outbox.open(sealed)


async def test_another_secret_cannot_read_a_letter(database: Database) -> None:
    async with directory(database) as connection:
        await Outbox("one secret").post(connection, "password_reset", "eve@example.com", CONTEXT)
    (payload,) = await queued(database)
    with pytest.raises(UnreadablePayload):
        Outbox("another secret").open(payload)


async def test_a_second_mail_with_the_same_key_is_not_queued(database: Database) -> None:
    for _ in range(2):
        async with directory(database) as connection:
            await Outbox("one secret").post(connection, "password_changed", "eve@example.com", {}, key="changed:1")
    assert len(await queued(database)) == 1


@pytest.mark.parametrize("template", ["nothing", "../message", "", "layout"])
async def test_a_mail_without_a_template_is_a_mistake_of_the_caller(database: Database, template: str) -> None:
    async with directory(database) as connection:
        with pytest.raises(ValueError, match="no mail template"):
            await Outbox("one secret").post(connection, template, "eve@example.com", {})
    assert await queued(database) == []
