"""Base structs and text types of the wire, and how an answer is written."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from typing import Annotated, Any, ClassVar, NamedTuple

import msgspec
from msgspec import Meta

from leadconnect.errors import FieldCode, FieldError


class Refusal(NamedTuple):
    """Why a value is refused: `requirement` is the message without the name of the field, `limit` a broken bound."""

    code: FieldCode
    requirement: str
    limit: int | None = None


Check = Callable[[Any], Refusal | None]
"""A rule of one field: returns why it refuses the value, or None."""
Clean = Callable[[str], str]
"""Normalises the text of one field before its constraints and its check are applied; idempotent."""


class Answer(msgspec.Struct, rename="camel"):
    """Base of what we send: camelCase keys, every key always there."""


class FieldProblem(Answer):
    """What is wrong with one field: its path in wire names, such as ``columns.0.target``, a stable code and a message
    that names the field.
    """

    field: str
    code: str
    message: str


def field_problems(errors: Iterable[FieldError]) -> list[FieldProblem]:
    """Return `errors` as they are sent."""
    return [FieldProblem(each.field, each.code, each.message) for each in errors]


class Input(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """Base of what we take: camelCase keys, strict types, unknown keys refused.

    `rules` are keywords of JSON Schema that tell clients what `problems` refuses, as far as a schema can say it.
    """

    rules: ClassVar[dict[str, Any]] = {}

    def problems(self) -> list[FieldError]:
        """Return the broken rules that concern several fields; a field that is itself at fault reads as None."""
        return []


CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
CONTROL_IN_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROLS = r"\u0000-\u001f\u007f-\u009f"
PLAIN_PATTERN = rf"^[^{_CONTROLS}]*$"
LINES_PATTERN = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
VISIBLE_PATTERN = rf"^[^{_CONTROLS}]*[^\s{_CONTROLS}][^{_CONTROLS}]*$"
NAME_PATTERN = rf"^[^{_CONTROLS}]*[\p{{L}}\p{{N}}][^{_CONTROLS}]*$"
"""The checks below, and that of a name, as clients read them: regular expressions of ECMA-262 with the flag u."""
EMAIL = re.compile(
    r"[^\s@\"(),:;<>\[\]\\\x00-\x20\x7f]{1,64}@"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])?"
)
"""An address as the HTML standard takes it, with a dot in the domain, and letters of any script."""


_NO_CONTROLS = Refusal(FieldCode.CONTROL_CHARACTERS, "must not have control characters or line breaks")
_NO_CONTROLS_IN_LINES = Refusal(FieldCode.CONTROL_CHARACTERS, "must not have control characters")


def plain_text(value: str) -> Refusal | None:
    """Refuse control characters, line breaks among them."""
    return _NO_CONTROLS if CONTROL.search(value) else None


def lines_of_text(value: str) -> Refusal | None:
    """Refuse control characters other than tabs and line breaks."""
    return _NO_CONTROLS_IN_LINES if CONTROL_IN_LINES.search(value) else None


def not_blank(value: str) -> Refusal | None:
    """Refuse text without a visible character; the mark U+FEFF is none, as for the pattern."""
    if refusal := plain_text(value):
        return refusal
    return None if value.replace("\ufeff", "").strip() else Refusal(FieldCode.BLANK, "must not be blank")


def email_address(value: str) -> Refusal | None:
    """Refuse what is not one e-mail address."""
    if EMAIL.fullmatch(value) is None or ".." in value or value.startswith(".") or ".@" in value:
        return Refusal(FieldCode.FORMAT, "must be an e-mail address")
    return None


INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters without width that are copied along with an address: marks of direction, U+FEFF and their like."""
JOINERS = "\u200c\u200d"
"""The zero-width non-joiner and joiner, which Persian, the scripts of India and emoji are written with."""
BLANK = "".join(filter(str.isspace, map(chr, range(0x3001)))) + INVISIBLE


def trimmed(value: str) -> str:
    """Return `value` without white space and invisible characters around it."""
    return value.strip(BLANK)


def shown_text(value: str) -> str:
    """Return `value` with a blank in place of each character that is not printable; joiners stay."""
    return "".join(letter if letter.isprintable() or letter in JOINERS else " " for letter in value)


def text(
    max_length: int, *, check: Check = plain_text, min_length: int = 0, pattern: str | None = PLAIN_PATTERN
) -> Any:
    """Return the constraint of a text of `min_length` to `max_length` characters that `check` takes.

    `pattern` only describes the check to clients; None where it has nothing to say.
    """
    described = {"pattern": pattern} if pattern else None
    return Meta(
        min_length=min_length or None, max_length=max_length, extra={"check": check}, extra_json_schema=described
    )


def named_if_other(choice: str, name: str) -> dict[str, Any]:
    """Return the rule that the property `name` has visible text where the property `choice` is ``other``."""
    return {
        "if": {"properties": {choice: {"const": "other"}}, "required": [choice]},
        "then": {"properties": {name: {"type": "string", "pattern": VISIBLE_PATTERN}}, "required": [name]},
    }


def unnamed(choice: str, value: Any, name: str, custom: Any) -> list[FieldError]:
    """Return the refusal, if any, by the rule `named_if_other`, of `value` and `custom` under these properties."""
    if value != "other" or (isinstance(custom, str) and custom.strip()):
        return []
    return [FieldError.of(name, FieldCode.REQUIRED, f"is required when {choice} is other")]


Text20 = Annotated[str, text(20)]
Text50 = Annotated[str, text(50)]
Text100 = Annotated[str, text(100)]
Text255 = Annotated[str, text(255)]
Text5000 = Annotated[str, text(5000, check=lines_of_text, pattern=LINES_PATTERN)]
Label = Annotated[str, text(255, check=not_blank, min_length=1, pattern=VISIBLE_PATTERN)]
Email = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=255,
        extra={"check": email_address, "clean": trimmed},
        extra_json_schema={"format": "email"},
    ),
]
"""An e-mail address; white space around it is removed."""
Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
"""An instant on the wire: ``2031-03-04T05:06:07.890Z``."""
CalendarDate = date
"""A calendar date: ``YYYY-MM-DD``, a real day, nothing else (msgspec takes exactly this form)."""


def instant(moment: datetime) -> Instant:
    """Write an aware instant in UTC with milliseconds and ``Z`` (RFC 3339 §5.6)."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return f"{moment.isoformat(timespec='milliseconds')[:-6]}Z"  # without the "+00:00"


@lru_cache(maxsize=4096)  # the leads of a page that is read again, or of one import, share their instants
def instant_at(epoch_seconds: float) -> Instant:
    """Write the instant so many seconds after 1970 like `instant`. A double tells microseconds apart below 2**33
    seconds, so until March 2242.
    """
    return instant(datetime.fromtimestamp(epoch_seconds, UTC))


encode = msgspec.json.Encoder().encode
"""Write a struct as JSON bytes."""


def values_of(kind: type[Enum]) -> tuple[str, ...]:
    """Return the wire values of an enum."""
    return tuple(str(member.value) for member in kind)
