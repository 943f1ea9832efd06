"""A real SMTP server in the test's own event loop, which can be told to refuse, to hesitate and to go away."""

import asyncio
import ssl
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.patience import PATIENCE_SECONDS


@dataclass(frozen=True)
class Received:
    """A message that was sent whole, with the addresses of its envelope."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)


class MailServer:
    """Takes mail on a port of its own. `answers` are given to the next messages in turn, after that ``250 OK``.

    `received` are all messages sent whole, `accepted` those that the server keeps, be its answer heard or not. While
    `may_answer` is clear, the server holds its answers back. `log_ins` are the user names and
    passwords that were tried; `password` is the right one. Without `takes_utf8` it does not offer SMTPUTF8.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, immediate_tls: bool = False) -> None:
        self.received: list[Received] = []
        self.accepted: list[Received] = []
        self.answers: list[str] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.connection_count = 0
        self.password = b"right"
        self.takes_utf8 = True
        self.log_ins: list[tuple[bytes, bytes]] = []
        self.port = 0
        self._tls = tls
        self._immediate_tls = immediate_tls
        self._changed = asyncio.Condition()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        loop = asyncio.get_running_loop()
        immediate = self._tls if self._immediate_tls else None
        self._server = await loop.create_server(self._protocol, "127.0.0.1", self.port, ssl=immediate)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuse connections from now on."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.may_answer.set()
        await self.stop()

    async def until(self, received_count: int, *, accepted_count: int = 0) -> None:
        """Wait until so many messages have come."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._changed:
            await self._changed.wait_for(
                lambda: len(self.received) >= received_count and len(self.accepted) >= accepted_count
            )

    def _protocol(self) -> SMTP:
        self.connection_count += 1
        offered = None if self._immediate_tls else self._tls
        return SMTP(
            self,
            hostname="mail.example.com",
            enable_SMTPUTF8=self.takes_utf8,
            authenticator=self._authenticate,
            auth_require_tls=False,
            loop=asyncio.get_running_loop(),
            tls_context=offered,
            require_starttls=offered is not None,
        )

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.log_ins.append((data.login, data.password))
        return AuthResult(success=data.password == self.password, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = cast(bytes, envelope.original_content)
        found = Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        await self._note(self.received, found)
        if answer.startswith("250"):
            await self._note(self.accepted, found)
        await self.may_answer.wait()
        return answer

    async def _note(self, where: list[Received], found: Received) -> None:
        async with self._changed:
            where.append(found)
            self._changed.notify_all()
