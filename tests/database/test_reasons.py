"""Why a server with the wrong certificate, or none, cannot be used is said in a line that names the remedy."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
import trustme

from leadconnect.database.reasons import explain
from leadconnect.dsn import connect_arguments
from tests.test_dsn import REMOTE, context_for, server


async def reason(port: int, ca_file: str = "") -> str | None:
    """Return the line for what a connection to `port` raises."""
    url = f"postgresql://someone:hidden@{REMOTE}:{port}/d"
    with pytest.raises((OSError, asyncpg.PostgresError, asyncpg.InterfaceError)) as raised:
        await asyncpg.connect(**connect_arguments(url, ca_file=ca_file))
    text = explain(raised.value)
    assert text is not None
    assert not any(word in text for word in ("hidden", "someone", REMOTE))
    assert "\n" not in text
    return text


@pytest.fixture
def authority(tmp_path: Path) -> tuple[trustme.CA, str]:
    """An authority, and the file of its certificate."""
    made = trustme.CA()
    path = tmp_path / "ca.pem"
    made.cert_pem.write_to_path(str(path))
    return made, str(path)


async def test_a_certificate_of_another_authority_name_or_time_is_told_apart(authority: tuple[trustme.CA, str]) -> None:
    ca, path = authority
    expired = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert(REMOTE, not_after=datetime.now(UTC) - timedelta(days=1)).configure_cert(expired)
    for context, ca_file, word in (
        (context_for(ca, REMOTE), "", "issuer"),
        (context_for(ca, "other.example"), path, "mismatch"),
        (expired, path, "expired"),
    ):
        async with server(context) as (port, _):
            text = await reason(port, ca_file)
        assert text is not None
        assert text.startswith("DATABASE_URL: the certificate of the server is not accepted")
        assert word in text
        assert "DATABASE_CA_FILE" in text


async def test_a_server_without_tls_is_named() -> None:
    async with server(None) as (port, _):
        assert await reason(port) == (
            "DATABASE_URL: the server offers no TLS, which another machine needs: set ssl = on in postgresql.conf"
        )


def test_a_fault_of_our_own_is_not_explained_away() -> None:
    assert explain(ValueError("ours")) is None
    assert explain(AssertionError()) is None
