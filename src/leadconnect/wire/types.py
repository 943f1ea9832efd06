"""Base structs and text types of the wire, and how an answer is written."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

Check = Callable[[Any], str | None]
"""A rule of one field: returns the refusal without the field's name, or None."""


class Answer(msgspec.Struct, rename="camel"):
    """Base of what we send: camelCase keys, every key always there."""


class Input(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """Base of what we take: camelCase keys, strict types, unknown keys refused."""

    def problems(self) -> list[str]:
        """Return the broken rules that concern several fields; a field that is itself at fault reads as None."""
        return []


CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
CONTROL_IN_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
EMAIL = re.compile(
    r"[^\s@\"(),:;<>\[\]\\\x00-\x20\x7f]{1,64}@"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])?"
)
"""An address as the HTML standard takes it, with a dot in the domain, and letters of any script."""


def plain_text(value: str) -> str | None:
    """Refuse control characters, line breaks among them."""
    return "must not have control characters or line breaks" if CONTROL.search(value) else None


def lines_of_text(value: str) -> str | None:
    """Refuse control characters other than tabs and line breaks."""
    return "must not have control characters" if CONTROL_IN_LINES.search(value) else None


def not_blank(value: str) -> str | None:
    """Refuse text without a visible character."""
    return plain_text(value) or (None if value.strip() else "must not be blank")


def email_address(value: str) -> str | None:
    """Refuse what is not one e-mail address."""
    if EMAIL.fullmatch(value) is None or ".." in value or value.startswith(".") or ".@" in value:
        return "must be an e-mail address"
    return None


def text(max_length: int, *, check: Check = plain_text, min_length: int = 0) -> Any:
    """Return the constraint of a text of `min_length` to `max_length` characters that `check` takes."""
    return Meta(min_length=min_length or None, max_length=max_length, extra={"check": check})


Text20 = Annotated[str, text(20)]
Text50 = Annotated[str, text(50)]
Text100 = Annotated[str, text(100)]
Text255 = Annotated[str, text(255)]
Text5000 = Annotated[str, text(5000, check=lines_of_text)]
Label = Annotated[str, text(255, check=not_blank, min_length=1)]
Email = Annotated[
    str, Meta(min_length=3, max_length=255, extra={"check": email_address}, extra_json_schema={"format": "email"})
]
Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
"""An instant on the wire: ``2031-03-04T05:06:07.890Z``."""
CalendarDate = date
"""A calendar date: ``YYYY-MM-DD``, a real day, nothing else (msgspec takes exactly this form)."""


def instant(moment: datetime) -> Instant:
    """Write an aware instant in UTC with milliseconds and ``Z`` (RFC 3339 §5.6)."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


encode = msgspec.json.Encoder().encode
"""Write a struct as JSON bytes."""


def values_of(kind: type[Enum]) -> tuple[str, ...]:
    """Return the wire values of an enum."""
    return tuple(str(member.value) for member in kind)
