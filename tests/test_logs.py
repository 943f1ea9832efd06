"""What is logged, in which form, and what never is."""

import asyncio
import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
import structlog

from leadconnect import logs
from leadconnect.settings import Settings

CANARY = "hunter2-canary"
TOKEN = "4c436101" + "0123456789abcdef" * 15 + "89abcdef"  # fixed, for it stands in the names of tests
URL = f"postgresql://app:{CANARY}-db@db.example.com/leads?sslmode=require"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def root_logger() -> Iterator[None]:
    """Leave the logging of the other tests alone."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def output(root_logger: None) -> io.StringIO:
    """The log of a production process."""
    stream = io.StringIO()
    secret = f"{CANARY}-secret-of-the-process-0123456789"
    logs.configure(
        Settings(environment="production", secret=secret, smtp_pass=f"{CANARY}-smtp", database_url=URL), stream
    )
    return stream


def lines(output: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_time_and_level(output: io.StringIO) -> None:
    structlog.get_logger("leadconnect.test").info("lead_created", count=3, note="two\nlines")
    (line,) = lines(output)
    assert line["timestamp"].endswith("Z")
    assert (line["level"], line["event"], line["count"], line["note"]) == ("info", "lead_created", 3, "two\nlines")


@pytest.mark.parametrize("name", ["litestar", "_granian", "asyncio", "pgqueuer", "alembic.runtime", "anything"])
def test_the_libraries_log_in_the_same_form_with_the_request_id(name: str, output: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="r-1")
    logging.getLogger(name).warning("happened %s times", 3)
    (line,) = lines(output)
    assert (line["event"], line["logger"], line["level"]) == ("happened 3 times", name, "warning")
    assert line["request_id"] == "r-1"


def test_a_terminal_gets_text() -> None:
    stream = Terminal()
    logs.configure(Settings(), stream)
    structlog.get_logger("leadconnect.test").info("lead_created", password=CANARY)
    logs.access({"method": "GET", "route": "/api/leads"})
    assert "lead_created" in stream.getvalue()
    assert "/api/leads" in stream.getvalue()
    assert not stream.getvalue().startswith("{")
    assert CANARY not in stream.getvalue()


def test_the_level_is_a_setting() -> None:
    stream = io.StringIO()
    logs.configure(Settings(log_level="warning"), stream)
    structlog.get_logger("leadconnect.test").info("quiet")
    logging.getLogger("anything").info("quiet")
    logs.access({"route": "/quiet"})
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    "key",
    [
        "password", "newPassword", "password_hash", "passwd", "passphrase", "token", "accessToken", "refresh_token",
        "otp", "code", "resetCode", "otp_code", "backupCode", "secret", "client_secret", "Authorization", "cookie",
        "Set-Cookie", "smtp_pass", "SMTP_PASS", "pass", "api_key", "apiKey", "X-Api-Key", "private_key", "credentials",
    ],
)  # fmt: skip
def test_a_value_whose_key_names_a_secret_is_not_logged(key: str, output: io.StringIO) -> None:
    log = structlog.get_logger("leadconnect.test")
    log.info("flat", **{key: CANARY})
    log.info("deep", body={"user": [{key: {"inner": CANARY}}]})
    log.info("number", **{key: 123456})
    assert CANARY not in output.getvalue()
    assert "123456" not in output.getvalue()
    assert output.getvalue().count(logs.REDACTED) == 3


@pytest.mark.parametrize("key", ["status_code", "token_count", "token_kind", "error_code", "duration_ms", "row_count"])
def test_a_key_that_only_sounds_secret_is_logged(key: str, output: io.StringIO) -> None:
    structlog.get_logger("leadconnect.test").info("harmless", **{key: 1234})
    assert lines(output)[0][key] == 1234


@pytest.mark.parametrize(
    "text",
    [
        f"token {TOKEN} refused",
        f"digest {TOKEN[:64]}",
        f"Authorization: Bearer {CANARY}",
        f"cannot connect to {URL}",
        f"cannot connect to postgresql://app:{CANARY}%40x:y@host/db",
        f"password={CANARY}",
        f"'password': '{CANARY} and more'",
        f'{{"newPassword": "{CANARY}"}}',
        f"secret: {CANARY}",
        f"?access_token={CANARY}&a=1",
        "your code is 483920",
        '{"code":"483920"}',
        f"SMTP said no to {CANARY}-smtp",
        f"key {CANARY}-secret-of-the-process-0123456789",
        f"duplicate key\nDETAIL:  Key (email)=({CANARY}@example.com) already exists.\nand {CANARY}",
        f"invalid input for query argument $1: '{CANARY}' (expected int)",
        f'invalid input syntax for type uuid: "{CANARY}"',
        f"[SQL: select 1]\n[parameters: ('{CANARY}',)]",
    ],
)
def test_a_secret_in_a_text_is_not_logged(text: str, output: io.StringIO) -> None:
    log = structlog.get_logger("leadconnect.test")
    log.info(text)
    log.info("event", note=text, several=[text, {"inner": text}])
    logging.getLogger("library").warning("said %s", text)
    logging.getLogger("library").warning("raised", exc_info=ValueError(text))
    for canary in (CANARY, TOKEN[:64], "483920"):
        assert canary not in output.getvalue()
    assert len(lines(output)) == 4


def test_a_failure_is_logged_with_its_cause_and_without_its_variables(output: io.StringIO) -> None:
    def fail(given: str) -> None:
        local_password = given + "!"
        try:
            raise KeyError(len(local_password))
        except KeyError as error:
            raise RuntimeError("no luck") from error

    try:
        fail("".join(reversed(CANARY)))
    except RuntimeError:
        structlog.get_logger("leadconnect.test").exception("failed")
    told = lines(output)[0]["exception"]
    assert told.index("KeyError: 15") < told.index("RuntimeError: no luck")
    assert "in fail" in told
    assert "".join(reversed(CANARY)) not in told


def test_the_members_of_an_exception_group_are_logged(output: io.StringIO) -> None:
    group = ExceptionGroup("several", [ValueError("first"), ValueError(f"password={CANARY}")])
    logging.getLogger("asyncio").error("tasks failed", exc_info=group)
    told = lines(output)[0]["exception"]
    assert "ValueError: first" in told
    assert CANARY not in told


def test_the_row_in_a_database_error_is_not_logged(output: io.StringIO) -> None:
    error = asyncpg.UniqueViolationError("duplicate key value violates unique constraint")
    error.detail = f"Key (email)=({CANARY}\n\n@example.com) already exists."
    logging.getLogger("library").error("failed", exc_info=error)
    structlog.get_logger("leadconnect.test").error("failed", error=error)
    assert CANARY not in output.getvalue()
    assert "SQLSTATE 23505" in lines(output)[0]["exception"]
    assert "violates unique constraint" in lines(output)[1]["error"]


async def test_a_task_that_fails_unseen_is_logged_without_its_secret(output: io.StringIO) -> None:
    loop = asyncio.get_running_loop()
    loop.call_exception_handler({"message": "unseen", "exception": ValueError(f"token={CANARY}")})
    assert "ValueError" in lines(output)[0]["exception"]
    assert CANARY not in output.getvalue()


def test_warnings_are_logged(output: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn(f"password={CANARY}", stacklevel=1)
    logging.captureWarnings(False)
    assert lines(output)[0]["logger"] == "py.warnings"
    assert CANARY not in output.getvalue()


def test_a_record_that_cannot_be_formatted_does_not_show_its_values(
    output: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    record = logging.LogRecord("library", logging.WARNING, __file__, 1, "%d is no number", (CANARY,), None)
    logging.getLogger().handlers[0].handle(record)
    assert CANARY not in output.getvalue() + capsys.readouterr().err


@pytest.mark.parametrize("value", ["half \ud800 a pair", b"bytes", object(), {1, 2}, float("nan"), [[[[[[[[1]]]]]]]]])
def test_any_value_can_be_logged(value: object, output: io.StringIO) -> None:
    structlog.get_logger("leadconnect.test").info("odd", value=value)
    assert lines(output)[0]["event"] == "odd"


def test_a_very_long_text_is_cut(output: io.StringIO) -> None:
    structlog.get_logger("leadconnect.test").info("long", note="ab " * 100_000)
    assert len(output.getvalue()) < 2 * logs.LONGEST_TEXT


@pytest.mark.parametrize(("outcome", "level"), [("ok", "info"), ("refused", "warning")])
def test_a_security_event_has_its_actor_and_outcome(outcome: str, level: str, output: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="r-1", client="203.0.113.0/24")
    logs.security_event("export", outcome=outcome, account_id="a", user_id="u", row_count=20)
    (line,) = lines(output)
    expected = {"kind": "security", "event": "export", "outcome": outcome, "level": level, "row_count": 20}
    expected |= {"account_id": "a", "user_id": "u", "request_id": "r-1", "client": "203.0.113.0/24"}
    assert expected.items() <= line.items()


def test_the_statements_of_a_library_are_not_logged_even_when_debugging() -> None:
    stream = io.StringIO()
    logs.configure(Settings(log_level="debug"), stream)
    logging.getLogger("sqlalchemy.engine.Engine").info("insert into users values (%s)", CANARY)
    assert stream.getvalue() == ""


def test_the_chatter_of_the_libraries_is_dropped(output: io.StringIO) -> None:
    logging.getLogger("alembic.runtime.migration").info("Context impl %s.", "PostgresqlImpl")
    logging.getLogger("_granian.asgi").info('ASGI transport error: "Closed(..)"')
    logging.getLogger("_granian").info("Started worker-1")
    assert [line["event"] for line in lines(output)] == ["Started worker-1"]


def test_a_closed_output_fails_no_request(output: io.StringIO) -> None:
    output.close()
    logs.access({"route": "/api/leads"})
