"""Logging: one JSON object a line on stdout, or a readable console on a terminal, and never a secret in either.

Everything goes through `logging` into one handler, so that lines of the libraries and ours share form, request id and
redaction. Redaction is the last step before rendering; nothing passes beside it but `access`, whose fields are known.
"""

import io
import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO
from urllib.parse import unquote, urlsplit

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

from leadconnect.settings import Settings

REDACTED = "[redacted]"
LONGEST_TEXT = 20_000
"""Characters of one value that are logged; the rest is cut."""
DEEPEST = 6
SHORTEST_SECRET = 6
"""Characters from which on the secrets of the settings are also sought by value."""

LIBRARIES = {
    "_granian": logging.INFO,
    "granian.access": logging.INFO,
    "litestar": logging.INFO,
    "asyncio": logging.INFO,
    "pgqueuer": logging.INFO,
    "alembic": logging.INFO,
    "alembic.runtime.plugins": logging.WARNING,
    "aiohttp": logging.INFO,
    "sqlalchemy": logging.WARNING,
    "py.warnings": logging.WARNING,
}
"""The libraries' loggers, and the level below which they are never heard: SQLAlchemy tells every statement at INFO."""

CHATTER = {
    "_granian": ("ASGI transport error", "Application callable raised an exception"),
    "alembic": ("Context impl", "Will assume"),
}
"""Messages of libraries that are dropped: of Granian, that a client went away, and a failure that the edge has logged
already; of Alembic, what it says before each migration.
"""

_SECRET_KEY = re.compile(
    r"password|passwd|passphrase|(^|_)pass$|smtp_?pass|token|otp|secret|authori[sz]ation|cookie|credential"
    r"|api[_-]?key|private_?key|(^|[_-])code$|(otp|reset|backup|factor|verification)code$"
)
_HARMLESS_KEY = re.compile(r"(^|_)(count|kind|type|status_code|error_code|country_code|exit_code)$")
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[0-9A-Fa-f]{64,}"), REDACTED),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), rf"\1 {REDACTED}"),
    (re.compile(r"(\w://[^\s:/@]*:)[^\s]+@"), rf"\1{REDACTED}@"),
    (re.compile(r"(?s)\bDETAIL:.*|\[parameters: .*"), REDACTED),
    (re.compile(r"(invalid input for query argument [^:\n]*: ).*"), rf"\1{REDACTED}"),
    (re.compile(r'(invalid input (?:syntax|value) [^:\n]*: )".*"'), rf"\1{REDACTED}"),
    (
        re.compile(
            r"""(?ix) ( \b [\w-]* (?: password | passwd | passphrase | token | secret | otp | api[_-]?key | cookie )
            ["']? \s* [=:] \s* ) (?: "[^"\n]*" | '[^'\n]*' | [^\s"',;&}\])]+ )"""
        ),
        rf"\1{REDACTED}",
    ),
    (re.compile(r"""(?i)(\bcode["']?\s*(?:=|:|\bis\b)\s*["']?)\d{4,8}\b"""), rf"\1{REDACTED}"),
)

_security_log = structlog.stdlib.get_logger("leadconnect.security")


class _State:
    """What `configure` decided: where access lines go, in which form, and the secrets that are sought by value."""

    stream: TextIO | None = None
    as_json = False
    access_level = logging.INFO
    known_secrets: re.Pattern[str] | None = None


class _Handler(logging.StreamHandler[TextIO]):
    """Writes records; one that cannot be written is told of without its values."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Name the logger of `record` on stderr, where `logging` would print its arguments."""
        sys.stderr.write(f"a log record of {record.name} could not be written\n")


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all logging of this process to `stream` (default: stdout), as JSON in production and off a terminal.

    May be called again, such as in a worker process after its server has arranged logging in its own way.
    """
    stream = sys.stdout if stream is None else stream
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    _State.stream, _State.as_json = stream, settings.is_production or not stream.isatty()
    _State.access_level = level
    _State.known_secrets = _pattern_of(settings)
    handler = _Handler(stream)
    handler.setFormatter(_formatter(_State.as_json))
    handler.addFilter(_is_worth_a_line)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, floor in LIBRARIES.items():
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate, library.disabled = True, False
        library.setLevel(max(level, floor))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[*_shared_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def security_event(name: str, *, outcome: str, **fields: Any) -> None:
    """Record the security event `name`, such as ``log_in``, with its outcome: ``ok`` or what went wrong.

    The request id and the client's network stand in the line by themselves; `fields` name the actor (``user_id``),
    the tenant (``account_id``) and, for an export, the ``row_count``. No secrets, no mail addresses.
    """
    level = logging.INFO if outcome == "ok" else logging.WARNING
    _security_log.log(level, name, kind="security", outcome=outcome, **fields)


def access(fields: Mapping[str, Any], *, level: int = logging.INFO) -> None:
    """Write the line of one request. `fields` hold nothing secret and values that JSON knows.

    It goes straight to the stream: through `logging` a line costs as much as the rest of the edge together.
    """
    stream = _State.stream
    if stream is None or level < _State.access_level:
        return
    if not _State.as_json:
        structlog.stdlib.get_logger("leadconnect.access").log(level, "request", **fields)
        return
    line = {"timestamp": _now(), "level": logging.getLevelName(level).lower(), "event": "request", **fields}
    try:
        stream.write(_to_json(line) + "\n")
        stream.flush()
    except (OSError, ValueError):
        pass  # nobody reads our output any more; that must not fail the request


def redact(text: str) -> str:
    """Return `text` without what looks like a token, a password, a one-time code, or a database's error detail."""
    if _State.known_secrets is not None:
        text = _State.known_secrets.sub(REDACTED, text)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"


def exception_text(error: BaseException) -> str:
    """Return the traceback of `error` and of what caused it, without local variables and with redacted messages."""
    parts: list[str] = []
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        joint = "was the direct cause of" if error.__cause__ else "was being handled during"
        parts.append(f"{exception_text(before)}\n\nThe above {joint} the following:\n")
    if error.__traceback__ is not None:
        parts.append("Traceback (most recent call last):")
        parts.append("".join(traceback.format_tb(error.__traceback__)).rstrip("\n"))
    parts.append(f"{type(error).__module__}.{type(error).__qualname__}: {redact(_message(error))}")
    if sqlstate := getattr(error, "sqlstate", None):
        parts.append(f"SQLSTATE {sqlstate}")
    if isinstance(error, BaseExceptionGroup):
        parts.extend(exception_text(inner).replace("\n", "\n  ") for inner in error.exceptions)
    return "\n".join(parts)


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "(no message)"


def _pattern_of(settings: Settings) -> re.Pattern[str] | None:
    password = urlsplit(settings.database_url).password or ""
    found = {settings.smtp_pass, settings.secret, settings.vapid_private_key, password, unquote(password)}
    texts = sorted((text for text in found if len(text) >= SHORTEST_SECRET), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, texts))) if texts else None


def _shared_processors() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        _add_timestamp,
    ]


def _formatter(as_json: bool) -> structlog.stdlib.ProcessorFormatter:
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(serializer=_to_json)
        if as_json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared_processors(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _render_exception,
            _redact_event,
            renderer,
        ],
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _add_timestamp(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    event["timestamp"] = _now()
    return event


def _render_exception(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = exception_text(error)
    return event


def _redact_event(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    return {key: value if key == "exception" else _clean(key, value, 0) for key, value in event.items()}


def _clean(key: str, value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    lowered = key.lower()
    if _SECRET_KEY.search(lowered) and not _HARMLESS_KEY.search(lowered):
        return REDACTED
    if isinstance(value, int | float):
        return value
    if depth < DEEPEST:
        if isinstance(value, Mapping):
            return {str(name): _clean(str(name), inner, depth + 1) for name, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [_clean("", inner, depth + 1) for inner in value]
    if isinstance(value, BaseException):
        return f"{type(value).__qualname__}: {redact(_message(value))}"
    return redact(value if isinstance(value, str) else str(value))


def _to_json(event: Any, **_: Any) -> str:
    try:
        return msgspec.json.encode(event).decode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can only write as an escape
        return json.dumps(event)


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(CHATTER.get(record.name.partition(".")[0], ()))
