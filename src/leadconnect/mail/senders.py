"""How mail leaves: over SMTP, or as files in the data folder where no SMTP server is configured."""

import asyncio
import ipaddress
import os
import socket
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol

import aiosmtplib
import structlog

from leadconnect.mail.message import parse_mailbox, recipient, serialise
from leadconnect.mail.refusals import Refusal, refusal_of
from leadconnect.settings import InvalidSettings, Settings

_log = structlog.get_logger()

SMTP_TIMEOUT = 15.0
"""Seconds for the connection and for each answer."""


class DeliveryFailed(Exception):
    """A message was not taken; the text is a short reason without an address, such as ``smtp_451`` or ``timeout``."""


class RecipientRefused(DeliveryFailed):
    """The recipient was refused for good, so that another try cannot succeed; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"recipient_{refusal.problem}")
        self.refusal = refusal


class Sender(Protocol):
    """Something that delivers a message."""

    async def send(self, message: EmailMessage) -> None:
        """Deliver `message`.

        Raises:
            RecipientRefused: the recipient was refused for good.
            DeliveryFailed: it was not taken.
        """


def sender(settings: Settings) -> Sender:
    """Return the sender that `settings` ask for: SMTP when there is a host, else files in ``data_dir/mail``.

    Raises:
        InvalidSettings: see `check_mail_settings`.
    """
    check_mail_settings(settings)
    return SmtpSender(settings) if settings.smtp_host else FileSender(settings.data_dir / "mail")


def check_mail_settings(settings: Settings) -> None:
    """Check what can be known about the mail settings without a connection.

    Raises:
        InvalidSettings: ``SMTP_FROM`` is no address, ``SMTP_CA_FILE`` cannot be read, or a password would go out in
            clear.
    """
    try:
        parse_mailbox(settings.smtp_from)
    except ValueError:
        raise InvalidSettings("SMTP_FROM: an address such as LeadConnect <no-reply@example.com>") from None
    if not settings.smtp_host:
        return
    if settings.smtp_secure == "off" and settings.smtp_user and not _is_loopback(settings.smtp_host):
        raise InvalidSettings("SMTP_SECURE: off would send the password in clear; use starttls or tls")
    _tls_context(settings.smtp_ca_file)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _tls_context(ca_file: str) -> ssl.SSLContext:
    """Return a context that checks chain and host name, against `ca_file` alone where it is given."""
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError:
        raise InvalidSettings(f"SMTP_CA_FILE: {ca_file!r} holds no certificate that can be read") from None


class SmtpSender:
    """Delivers to one SMTP server, each message over a connection of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tls = _tls_context(settings.smtp_ca_file)
        self._own_name = ""

    async def send(self, message: EmailMessage) -> None:
        """Deliver `message`; once the server has taken it, nothing that follows makes it fail.

        Raises:
            RecipientRefused: the server refused the recipient for good.
            DeliveryFailed: the server refused it, could not be reached, or its certificate is not trusted.
        """
        client = await self._client()
        failure, refusal = "", None
        try:
            await client.connect()
            await client.sendmail(
                parseaddr(str(message["From"]))[1],
                recipient(message),
                serialise(message),
                mail_options=[] if recipient(message).isascii() else ["SMTPUTF8"],
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            failure, refusal = _reason(error), refusal_of(error)
        finally:
            await _hang_up(client, politely=not failure)
        if refusal is not None:
            raise RecipientRefused(refusal)
        if failure:
            raise DeliveryFailed(failure)

    async def _client(self) -> aiosmtplib.SMTP:
        if not self._own_name:
            self._own_name = await asyncio.to_thread(socket.getfqdn) or "localhost"
        settings = self._settings
        return aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=settings.smtp_pass if settings.smtp_user else None,
            local_hostname=self._own_name,
            timeout=SMTP_TIMEOUT,
            use_tls=settings.smtp_secure == "tls",
            start_tls=settings.smtp_secure == "starttls",
            tls_context=self._tls,
        )


async def _hang_up(client: aiosmtplib.SMTP, *, politely: bool) -> None:
    try:
        if politely and client.is_connected:
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=2)
    finally:
        client.close()


def _reason(error: BaseException) -> str:
    """Return why a delivery failed, in words that hold nothing of the message or the address."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return _reason(error.recipients[0])
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"smtp_{error.code}"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "certificate_not_trusted"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, TimeoutError):
        return "timeout"
    return "unreachable" if isinstance(error, ConnectionError) else type(error).__name__


class FileSender:
    """Writes each message into a folder as an ``.eml`` file; names sort by the time of posting."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: EmailMessage) -> None:
        """Write `message` whole or not at all; a message that is there already is left alone.

        Raises:
            DeliveryFailed: the file cannot be written.
        """
        posted_at = message["Date"].datetime
        identifier = str(message["Message-ID"]).strip("<>").partition("@")[0]
        path = self._folder / f"{posted_at:%Y%m%dT%H%M%SZ}-{identifier}.eml"
        failure = ""
        try:
            await asyncio.to_thread(_write_once, path, serialise(message))
        except OSError as error:
            failure = type(error).__name__
        if failure:
            raise DeliveryFailed(failure)
        _log.info("mail_written", path=str(path))


def _write_once(path: Path, content: bytes) -> None:
    """Write `content` to `path`, readable by its owner alone, through a draft beside it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        return
    draft = path.with_suffix(f".{os.getpid()}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
