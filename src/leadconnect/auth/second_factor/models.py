"""The second factor as nouns: what is sent to its routes, and what comes back."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from leadconnect.auth.credentials.codes import CODE_LENGTH
from leadconnect.auth.models import AuthUser, Password
from leadconnect.wire import Answer, Input, email_address


def _typed_address(value: str) -> str | None:
    return email_address(value.strip())


def typed_code(value: str) -> str:
    """Return a code without the blanks around it."""
    return value.strip(" \t\r\n")


def _typed_code(value: str) -> str | None:
    return None if len(typed_code(value)) == CODE_LENGTH else f"must be {CODE_LENGTH} characters long"


TypedEmail = Annotated[
    str, Meta(min_length=3, max_length=255, extra={"check": _typed_address}, extra_json_schema={"format": "email"})
]
"""An e-mail address as people type it: blanks around it do not count."""
TypedCode = Annotated[
    str,
    Meta(
        min_length=CODE_LENGTH,
        max_length=64,
        extra={"check": _typed_code},
        extra_json_schema={"pattern": r"^[ \t\r\n]*[^ \t\r\n][\s\S]{4}[^ \t\r\n][ \t\r\n]*$", "examples": ["042917"]},
    ),
]
"""A code as people copy it: blanks around it do not count."""


class SecondFactorEntry(Input):
    """The code that was mailed after the password, and whose."""

    email: TypedEmail
    otp: TypedCode


class CodeAgain(Input):
    """Who waits for a code."""

    email: TypedEmail


class SwitchOff(Input):
    """A proof that it is the user who switches the second factor off: their password, or the code mailed for it."""

    password: Password | None = None
    otp: TypedCode | None = None


class SecurityChanges(Input, kw_only=True):
    """A change of the security settings: only the keys that are sent."""

    two_factor_enabled: bool | UnsetType = UNSET
    login_notifications: bool | UnsetType = UNSET
    session_timeout: Literal["15", "30", "60", "120", "240", 15, 30, 60, 120, 240] | UnsetType = UNSET


class SecondFactorNeeded(Answer):
    """The password was right; the session begins once the code that was mailed is sent too."""

    requires_two_factor: bool
    message: str
    email: str


class SecondFactorVerdict(Answer):
    """Whether a code was right, which uses it up, and then whose it was."""

    valid: bool
    message: str
    user: AuthUser | UnsetType = UNSET


class SecondFactorStatus(Answer):
    """Whether a second factor is asked for, and where its codes go."""

    enabled: bool
    email: str
