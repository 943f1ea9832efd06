"""Why a request was answered 503, for the log: class, SQLSTATE and a short reason, without a row or a secret."""

import time
from pathlib import Path
from traceback import walk_tb

import asyncpg
import structlog

from leadconnect.errors import ServiceBusy

PAUSE_SECONDS = 1.0
"""How long the same cause is not logged again."""
LONGEST_REASON = 200

_WITHOUT_ROWS = ("08", "25", "53", "55", "57", "58")
"""Classes of SQLSTATE (PostgreSQL, appendix A) whose messages speak of the server and never quote a row."""

_log = structlog.get_logger()
_logged_at: dict[tuple[str, ...], float] = {}


def cause_of(error: BaseException) -> dict[str, str]:
    """Return the fields of a log line for the first cause of `error`: class, place, and SQLSTATE and reason if any."""
    while error.__cause__ is not None:
        error = error.__cause__
    found = {"cause": type(error).__name__, "place": place_of(error)}
    if isinstance(error, asyncpg.PostgresError) and error.sqlstate:
        found["sqlstate"] = error.sqlstate
        if error.sqlstate.startswith(_WITHOUT_ROWS):
            found["reason"] = _short(error)
    elif isinstance(error, OSError):
        found["reason"] = error.strerror or _short(error)
    elif isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError):
        found["reason"] = _short(error)
    return {name: value for name, value in found.items() if value}


def log_busy(error: ServiceBusy) -> None:
    """Log the cause of a 503, each cause once a second at most."""
    fields = cause_of(error)
    key = (error.code, fields["cause"], fields.get("sqlstate", ""), fields["place"])
    now = time.monotonic()
    if now - _logged_at.get(key, float("-inf")) < PAUSE_SECONDS:
        return
    _logged_at[key] = now
    _log.warning("service_busy", error_code=error.code, **fields)


def place_of(error: BaseException) -> str:
    """Return file and line of our own code nearest to where `error` was raised."""
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    ours = [place for place in frames if "site-packages" not in place[0] and Path(place[0]).is_file()]
    path, line = (ours or frames or [("", 0)])[-1]
    return f"{Path(path).name}:{line}"


def _short(error: BaseException) -> str:
    return str(error.args[0] if error.args else "").partition("\n")[0][:LONGEST_REASON]
