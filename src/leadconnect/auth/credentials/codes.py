"""Six-digit codes that people copy from a mail: how they are made, kept and compared.

A million codes are too few for a plain digest: whoever has the database tries them all in a second. So a code is kept
as HMAC-SHA-256 (RFC 2104) under a key that the database does not hold. What is sealed names purpose and user as well,
so that a code to sign in does not reset a password, nor one user's code another's.
"""

import hmac
import secrets
from uuid import UUID

CODE_LENGTH = 6
"""The digits of a code."""


def new_code() -> str:
    """Return six digits, "000000" to "999999", all equally likely, from the operating system's generator."""
    return f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}d}"


class CodeSealer:
    """Seals codes under a key made from the server's secret.

    Raises:
        ValueError: the secret is empty.
    """

    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("codes cannot be sealed without a secret")
        self._key = hmac.digest(secret.encode(), b"leadconnect: mailed codes, version 1", "sha256")

    def seal(self, code: str, purpose: str, user_id: UUID) -> str:
        """Return 64 hexadecimal characters that stand for `code`, for this purpose and user alone; takes any text."""
        parts = (part.encode("utf-8", "surrogatepass") for part in (purpose, str(user_id), code))
        # Lengths go in front, for otherwise the end of one part could pass for the start of the next.
        message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hmac.digest(self._key, message, "sha256").hex()

    def matches(self, code: str, purpose: str, user_id: UUID, sealed: str) -> bool:
        """Tell whether `sealed` is the seal of `code`; the time taken says nothing about how nearly."""
        return hmac.compare_digest(self.seal(code, purpose, user_id), sealed)
