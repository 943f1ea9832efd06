"""Classify a mail server's refusal: is it final, and does it say something about the recipient's address?

Sources: RFC 5321 §4.2.1 (5xx is permanent), RFC 3463 and its registry (enhanced status codes), RFC 6531 (SMTPUTF8).
"""

import re
from enum import StrEnum

import aiosmtplib
import msgspec

REPLY_LENGTH = 200
"""Characters of a reply that are kept."""
_ENHANCED = re.compile(r"5\.(\d{1,3})\.(\d{1,3})\b")
_PRIVATE = re.compile(r"<[^<>]*>|\S*@\S*|\d{4,}")
"""Addresses, and numbers as long as a code."""
_OURS_BASIC = frozenset({500, 501, 502, 503, 504, 530, 534, 535, 538})
"""Replies about the conversation and about authentication."""
_OURS_ENHANCED = frozenset({"1.7", "1.8"})
"""Replies about the sender's address."""
_UNKNOWN = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"})


class AddressProblem(StrEnum):
    """Why mail to an address is refused for good."""

    UNKNOWN = "unknown"
    FULL = "full"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"


class Refusal(msgspec.Struct, frozen=True):
    """A permanent refusal of one recipient. `reply` is the server's, shortened and without addresses."""

    problem: AddressProblem
    reply: str


NOT_SUPPORTED = Refusal(AddressProblem.UNSUPPORTED, "The mail server does not support SMTPUTF8")


def refusal_of(error: Exception) -> Refusal | None:
    """Return the permanent refusal of the recipient in `error`; None where another try is worth it.

    A refusal of the connection, the log-in, the sender or of relaying is the operator's to mend and says nothing about
    the recipient.
    """
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return NOT_SUPPORTED
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    if not isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError):
        return None
    return classify(error.code, error.message)


def classify(code: int, message: str) -> Refusal | None:
    """Return what the reply `code` and `message` to ``RCPT`` or ``DATA`` says about the recipient; see `refusal_of`."""
    found = _ENHANCED.search(message)
    detail = f"{found[1]}.{found[2]}" if found else ""
    is_ours = code in _OURS_BASIC or detail in _OURS_ENHANCED or detail.startswith("5.") or "relay" in message.lower()
    if not 500 <= code <= 599 or is_ours:
        return None
    reply = shortened_reply(code, message)
    if detail in _UNKNOWN or (not detail and code in (550, 551, 553)):
        return Refusal(AddressProblem.UNKNOWN, reply)
    if detail == "2.2" or (not detail and code == 552):
        return Refusal(AddressProblem.FULL, reply)
    return Refusal(AddressProblem.REFUSED, reply)


def shortened_reply(code: int, message: str) -> str:
    """Return a reply on one line without e-mail addresses and long numbers, at most `REPLY_LENGTH` characters long."""
    line = " ".join(_PRIVATE.sub("…", message[: 10 * REPLY_LENGTH]).split())
    printable = "".join(letter for letter in line if letter.isprintable())
    return f"{code} {printable}"[:REPLY_LENGTH].rstrip()
