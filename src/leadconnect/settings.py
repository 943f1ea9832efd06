"""The settings: environment variables, also from a `.env` file; `docs/settings.md` describes every one of them."""

import ipaddress
import math
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from dotenv import dotenv_values
from msgspec import Meta, inspect

from leadconnect.dsn import InvalidDatabaseUrl, check_database_url

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Port = Annotated[int, Meta(ge=0, le=65535)]
Count = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(gt=0)]
UNCHOSEN_IDLE_TIMEOUT = timedelta(minutes=30)


class InvalidSettings(Exception):
    """Settings have values that cannot be used; each of `problems` names the variable and what it takes."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings of one process. A field's environment variable is its name in capitals, with the prefix
    ``LEADCONNECT_`` where `PREFIXED` names it. Sizes are bytes, durations seconds.
    """

    environment: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: Port = 3000
    workers: Count = 1
    metrics_host: str = "127.0.0.1"
    metrics_port: Port = 0
    data_dir: Path = Path("data")
    secret: str = ""
    public_url: str = ""
    set_password_url: str = ""

    database_url: str = ""
    database_pool_size: Count = 20
    database_pool_wait: Seconds = 1.5
    database_start_wait: Annotated[float, Meta(ge=0)] = 30
    database_statement_cache: bool = True
    database_ca_file: str = ""

    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    body_limit: Count = 1_048_576
    import_body_limit: Count = 10_485_760
    import_row_limit: Count = 10_000
    upload_limit: Count = 104_857_600
    upload_row_limit: Count = 1_000_000
    unfinished_imports: Count = 20
    import_storage: Count = 1_073_741_824
    body_deadline: Seconds = 30
    upload_deadline: Seconds = 600
    download_deadline: Seconds = 60
    exports_per_account: Count = 5
    exports_per_process: Count = 50
    drain: Annotated[float, Meta(ge=0, le=60)] = 1

    password_hash: Literal["bcrypt", "argon2id"] = "bcrypt"
    bcrypt_rounds: Annotated[int, Meta(ge=4, le=16)] = 10
    hash_queue_wait: Seconds = 2
    log_ins_per_address: Count = 300
    sign_ups_per_address: Count = 300
    wrong_log_ins: Count = 10
    users_per_account: Count = 500
    links_per_account: Count = 300
    invitations_per_address: Count = 1
    idle_timeout: Literal["off", "explicit", "always"] = "explicit"

    smtp_host: str = ""
    smtp_port: Port = 587
    smtp_user: str = ""
    smtp_pass: str = ""
    smtp_secure: Literal["tls", "starttls", "off"] = "starttls"
    smtp_from: str = "LeadConnect <no-reply@leadconnect.invalid>"
    smtp_ca_file: str = ""
    news_interval: Annotated[float, Meta(ge=0)] = 300

    vapid_private_key: str = ""
    vapid_subject: str = ""
    push_inner_hosts: tuple[str, ...] = ()
    push_ca_file: str = ""

    run_worker: bool = True
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def is_production(self) -> bool:
        """True where the documentation routes are hidden and a secret must be given."""
        return self.environment == "production"

    @property
    def ends_idle_sessions(self) -> bool:
        """True where a session ends after the silence that its user chose."""
        return self.idle_timeout != "off"

    @property
    def unchosen_idle_timeout(self) -> timedelta | None:
        """The silence after which a session ends whose user chose none; None where it does not."""
        return UNCHOSEN_IDLE_TIMEOUT if self.idle_timeout == "always" else None

    @property
    def proxy_networks(self) -> tuple[Network, ...]:
        """The networks whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are believed."""
        return tuple(ipaddress.ip_network(text, strict=False) for text in self.trusted_proxies)


PREFIXED = frozenset(
    {"environment", "data_dir", "secret", "public_url", "body_limit", "import_body_limit", "import_row_limit",
     "upload_limit", "upload_row_limit", "unfinished_imports", "import_storage", "upload_deadline", "body_deadline",
     "download_deadline", "exports_per_account", "exports_per_process", "drain", "password_hash", "bcrypt_rounds",
     "hash_queue_wait", "log_ins_per_address", "sign_ups_per_address", "users_per_account", "wrong_log_ins",
     "idle_timeout", "set_password_url", "links_per_account", "invitations_per_address", "news_interval",
     "push_inner_hosts", "push_ca_file", "run_worker", "log_level"}
)  # fmt: skip
"""The fields whose variable carries the prefix ``LEADCONNECT_``; the others have names that operators know already."""

SMTP_SECURE_SPELLINGS = dict.fromkeys(("true", "1", "yes"), "tls") | dict.fromkeys(("false", "0", "no"), "starttls")
ANY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104  compared with, not listened on
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/?#@*]+")
"""An origin as browsers send it (RFC 6454 §6.2): no path, not even a slash."""
PUBLIC_URL = re.compile(
    r"https?://[^\s/?#@\\:]+(:[0-9]{1,5})?(/[^\s?#\\]*)?|https?://\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?/?"
)
FORMS = (
    ("public_url", PUBLIC_URL, "the URL that users open, such as https://app.example.com, without a user, a query or a"
     " fragment"),
    ("vapid_private_key", re.compile(r"[A-Za-z0-9_-]{43}=?"), "32 bytes in base64url (RFC 4648 §5)"),
    ("vapid_subject", re.compile(r"mailto:[^\s@]+@[^\s@]+|https://[^\s/?#]+\S*"),
     "mailto:admin@example.com or an https URL (RFC 8292 §2.1)"),
    ("set_password_url", re.compile(r"https?://[^\s/?#]+[^\s\"<>]*"), "a URL such as https://app.example.com/set-password"),
)  # fmt: skip
"""The settings with a form of their own, and what they take in words."""


def variable(field: str) -> str:
    """Return the environment variable of the settings field `field`."""
    return f"LEADCONNECT_{field.upper()}" if field in PREFIXED else field.upper()


def load_settings(environ: Mapping[str, str] | None = None, *, dotenv: Path | None = Path(".env")) -> Settings:
    """Read the settings from `environ` (default: the process's), over those of the file `dotenv` where it exists.

    Without ``LEADCONNECT_SECRET`` outside production, a secret is made once and kept in the data folder.

    Raises:
        InvalidSettings: values cannot be used, or production lacks its secret; all that is wrong at once.
    """
    given = _dotenv(dotenv)
    given.update(os.environ if environ is None else environ)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field in Settings.__struct_fields__:
        if text := given.get(variable(field), "").strip():
            try:
                values[field] = _value(field, _spelling(field, text))
            except InvalidSettings as error:
                problems += error.problems
    settings = Settings(**values)  # with the default of what cannot be used, for the other checks
    problems += _problems(settings)
    if problems:
        raise InvalidSettings(*problems)
    if settings.secret:
        return settings
    return msgspec.structs.replace(
        settings, secret=kept_secret(settings.data_dir / "secret", lambda: secrets.token_urlsafe(48))
    )


def _dotenv(path: Path | None) -> dict[str, str]:
    try:
        if path is None or not path.is_file():
            return {}
        return {key: value for key, value in dotenv_values(path).items() if value is not None}
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSettings(f"{path}: the file cannot be read ({type(error).__name__}): write it as UTF-8") from None


def _value(field: str, given: Any) -> Any:
    """Return `given` as the type of the field.

    Raises:
        InvalidSettings: it is no such value; the message says what is taken.
    """
    kind = _TYPES[field]
    try:
        value = msgspec.convert(given, kind, strict=False, dec_hook=lambda wanted, text: wanted(text))
    except msgspec.ValidationError:
        value = None
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        raise InvalidSettings(f"{variable(field)}: takes {_taken(kind)}, not {given!r}")
    return value


def _taken(kind: Any) -> str:
    """Return what a setting of this type takes, in words."""
    match inspect.type_info(kind):
        case inspect.LiteralType(values=values):
            return f"one of {', '.join(map(str, values))}"
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType(ge=ge, le=le):
            return f"a whole number {_range('from', ge, le)}"
        case inspect.FloatType(gt=gt, ge=ge, le=le):
            return f"a number of seconds {_range('from', ge, le) if gt is None else f'greater than {gt}'}"
    return "another value"


def _range(word: str, ge: float | None, le: float | None) -> str:
    return f"of at least {ge}" if le is None else f"{word} {ge} to {le}"


_TYPES = get_type_hints(Settings, include_extras=True)


def _spelling(field: str, text: str) -> Any:
    if field in ("cors_origins", "trusted_proxies", "push_inner_hosts"):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if field == "smtp_secure":
        return SMTP_SECURE_SPELLINGS.get(text.lower(), text.lower())
    return text


def _overlap(settings: Settings) -> bool:
    """Return whether the API and the metrics listen on one address."""
    return settings.host == settings.metrics_host or not {settings.host, settings.metrics_host}.isdisjoint(ANY_ADDRESS)


def _problems(settings: Settings) -> Iterator[str]:
    """Yield what is wrong with values that are of the right type."""
    try:
        _ = settings.proxy_networks
    except ValueError as error:
        yield f"TRUSTED_PROXIES: takes networks such as 10.0.0.0/8: {error}"
    for origin in settings.cors_origins:
        if not ORIGIN.fullmatch(origin):
            yield f"CORS_ORIGINS: list exact origins such as https://app.example.com, not {origin!r}"
    for field, form, taken in FORMS:
        if (value := getattr(settings, field)) and not form.fullmatch(value):
            yield f"{variable(field)}: takes {taken}"
    if settings.metrics_port and settings.metrics_port == settings.port and _overlap(settings):
        yield f"METRICS_PORT: takes another port than PORT, which is {settings.port} too"
    if settings.database_url:
        try:
            check_database_url(settings.database_url)
        except InvalidDatabaseUrl as error:
            yield f"DATABASE_URL: {error}"
    if settings.is_production and not settings.secret:
        yield "LEADCONNECT_SECRET: production needs a secret of at least 32 characters"
    if settings.secret and len(settings.secret) < 32:
        yield "LEADCONNECT_SECRET: at least 32 characters"


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """Return the secret kept in the file `path`, made on first use; the file is readable by its owner alone.

    Raises:
        InvalidSettings: the file can be neither read nor made.
    """
    try:
        return _kept_text(path, make)
    except OSError as error:
        raise InvalidSettings(
            f"LEADCONNECT_DATA_DIR: {path.parent} cannot be used ({error.strerror}): name a folder that this user may"
            " read and write"
        ) from None


def _kept_text(path: Path, make: Callable[[], str]) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        with draft.open("w") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())  # a name without its content would be a lost secret
        try:
            os.link(draft, path)  # fails if another process was first, whose secret then counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_text().strip()
