"""The outbox: a mail is put in the queue by the transaction that causes it, sealed, and sent by the worker later.

Queue rows land in dumps and backups, and a mail holds an address and often a code. So the payload is sealed with
Fernet (AES-128-CBC and HMAC-SHA-256) under a key that HKDF-SHA-256 (RFC 5869) derives from the secret.
"""

import base64
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.mail.message import TEMPLATES, Letter
from leadconnect.queue.actions import enqueue

SEND_MAIL = "send_mail"
"""The entry point of the queue that sends mail."""
SEND_CODE = "send_code"
"""The entry point that sends what a user waits for; it has slots of its own, so that no other mail delays it."""
CODE_TEMPLATES = frozenset(
    {"password_reset", "sign_in_code", "switch_off_code", "email_change_code", "welcome", "set_password"}
)
NEWS_TEMPLATE = "notification"
CODE_PRIORITY, SECURITY_PRIORITY, NEWS_PRIORITY = 10, 5, 0
"""Which of the waiting mails go first."""


class UnreadablePayload(Exception):
    """A payload was not sealed with this secret, or is damaged."""


class Outbox:
    """Seals letters into the queue and opens them again; every instance with the same secret can read them."""

    def __init__(self, secret: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"leadconnect mail outbox 1")
        self._fernet = Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))

    async def post(
        self,
        connection: Connection,
        template: str,
        to: str,
        context: Mapping[str, str | list[str]],
        *,
        expires_at: datetime | None = None,
        key: str | None = None,
    ) -> None:
        """Queue one mail to the address `to` in the caller's transaction, rendered from `template` with `context`.

        After `expires_at` it is not sent any more. `key` makes it the only mail with that key
        (see `leadconnect.queue.actions.enqueue`).

        Raises:
            ValueError: there is no such template.
        """
        if template not in TEMPLATES:
            raise ValueError(f"no mail template {template!r}")
        letter = Letter(template=template, to=to, context=dict(context), expires_at=expires_at, message_id=new_id())
        is_code = template in CODE_TEMPLATES
        other = NEWS_PRIORITY if template == NEWS_TEMPLATE else SECURITY_PRIORITY
        await enqueue(
            connection,
            SEND_CODE if is_code else SEND_MAIL,
            self.seal(msgspec.json.encode(letter)),
            key=key,
            priority=CODE_PRIORITY if is_code else other,
        )

    def open(self, payload: bytes) -> Letter:
        """Return the letter in `payload`.

        Raises:
            UnreadablePayload: it is no letter of ours.
        """
        content = self.unseal(payload)
        with suppress(msgspec.MsgspecError):
            return msgspec.json.decode(content, type=Letter)
        raise UnreadablePayload

    def seal(self, content: bytes) -> bytes:
        """Return `content` as a payload that only the same secret opens."""
        return self._fernet.encrypt(content)

    def unseal(self, payload: bytes) -> bytes:
        """Return what was sealed.

        Raises:
            UnreadablePayload: `payload` was not sealed with this secret, or is damaged.
        """
        with suppress(InvalidToken):
            return self._fernet.decrypt(payload)
        raise UnreadablePayload  # outside of any handler, so that no trace of the content hangs on to it
