"""From a letter to a message: templates rendered with everything escaped, and exactly the header fields intended."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from uuid import UUID

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from leadconnect.mail.defanging import defanged
from leadconnect.wire import shown_text

_FOLDER = Path(__file__).parent / "templates"
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=select_autoescape(["html"], default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

TEMPLATES = frozenset(path.parent.name for path in _FOLDER.glob("*/subject.txt"))
"""The mails there are: folders with ``subject.txt``, ``text.txt`` and ``html.html``."""

SUBJECT_LENGTH = 150
"""Characters of a subject at most."""


OURS = frozenset({"link", "url", "email", "code"})
"""Values that are shown as they are: links and codes of ours, and the address that the reader knows as their own."""
LONGEST = {"name": 100, "owner": 100, "company": 100, "agent": 200}
"""Characters of a value at most, where not `VALUE_LENGTH`."""
VALUE_LENGTH = 300


class UnusableAddress(ValueError):
    """The address of a letter cannot be used in a header."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A mail before it is rendered. `message_id` is a UUID version 7 made when it was posted, and names it for good."""

    template: str
    to: str
    context: dict[str, str | list[str]]
    message_id: UUID
    expires_at: datetime | None = None

    @property
    def posted_at(self) -> datetime:
        """When the letter was posted: the milliseconds in its id (RFC 9562 §5.7)."""
        return datetime.fromtimestamp((self.message_id.int >> 80) / 1000, UTC)


def parse_mailbox(text: str) -> Address:
    """Return the one mailbox in `text`, such as ``LeadConnect <no-reply@example.com>`` or only the address.

    Raises:
        ValueError: it is none, or more than one.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = text
    field = message["From"]
    if field.defects or len(field.addresses) != 1 or not field.addresses[0].domain:
        raise ValueError(f"not a mail address: {text!r}")
    found: Address = field.addresses[0]
    return found


def build(letter: Letter, *, sender: Address, public_url: str = "") -> EmailMessage:
    """Return `letter` as a message from `sender` with a text and an HTML part.

    The same letter always gives the same bytes: what is sent again after a crash is the same message (RFC 5322
    §3.6.4), with the ``Date`` on which it was posted. Control characters and line ends in the context become blanks
    (joiners stay), texts of users are shortened and make no links. The addresses are parsed, so no value can add a
    header field.

    Raises:
        UnusableAddress: the address cannot be used in a header.
        jinja2.UndefinedError: the context lacks a value that the template needs.
    """
    values = {name: _cleaned(name, value) for name, value in letter.context.items()} | {"public_url": public_url}
    text, html = (_render(letter.template, part, values) for part in ("text.txt", "html.html"))
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = _recipient(letter.to)
    message["Subject"] = _one_line(_render(letter.template, "subject.txt", values))[:SUBJECT_LENGTH]
    message["Date"] = letter.posted_at
    message["Message-ID"] = f"<{letter.message_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: nobody's out-of-office note should answer
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    for part in message.iter_parts():
        del part["MIME-Version"]  # it belongs to the message alone (RFC 2045 §4)
    message.set_boundary(f"=_{letter.message_id.hex}")
    return message


def recipient(message: EmailMessage) -> str:
    """Return the address that the message is to."""
    return str(message["To"].addresses[0].addr_spec)


def serialise(message: EmailMessage) -> bytes:
    """Return the bytes of `message`: ASCII alone, unless the local part of the recipient's address is not (RFC 6531).

    Header lines may have the 998 characters of RFC 5322 §2.1.1: folding them at 78 would break long addresses.
    """
    written = SMTP.clone(utf8=not recipient(message).isascii(), max_line_length=998, cte_type="7bit")
    return message.as_bytes(policy=written)


def _render(template: str, part: str, values: dict[str, str | list[str]]) -> str:
    return _ENVIRONMENT.get_template(f"{template}/{part}").render(values)


def _cleaned(name: str, value: str | list[str]) -> str | list[str]:
    """Return a value of the context on one line, shortened, and without anything that mail programs make links of."""
    if not isinstance(value, str):
        return [str(_cleaned(name, each)) for each in value]
    line = _one_line(value)
    if name in OURS:
        return line
    length = LONGEST.get(name, VALUE_LENGTH)
    return defanged(line if len(line) <= length else line[: length - 1] + "…")


def _one_line(value: str) -> str:
    return " ".join(shown_text(value).split())


def _recipient(text: str) -> Address:
    """Return the address `text`, its domain in ASCII (RFC 5890), which every mail server takes.

    Raises:
        UnusableAddress: it is no address, or more than one; the message does not repeat it.
    """
    local, _, domain = text.rpartition("@")
    with suppress(ValueError, IndexError, MessageError):
        if not domain.isascii():
            domain = domain.encode("idna").decode("ascii")
        if not re.fullmatch(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?", domain):
            pass
        elif local.isascii():
            return Address(addr_spec=f"{local}@{domain}")
        elif not re.search(r'[\s\x00-\x20\x7f()<>\[\]:;@\\,"]', local):
            return Address(username=local, domain=domain)  # the parser of addr_spec takes ASCII only
    raise UnusableAddress("not a mail address")
