"""Signing in as nouns: what is sent to these routes, what comes back, and the rows behind it."""

import re
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from leadconnect.accounts.locales import LocaleTag, TimeZone
from leadconnect.accounts.models import CompanySize, Industry, UserRole
from leadconnect.auth.credentials.codes import CODE_LENGTH
from leadconnect.auth.credentials.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH, password_problems
from leadconnect.errors import FieldCode, FieldError
from leadconnect.wire import (
    Answer,
    Email,
    Input,
    Instant,
    Label,
    Refusal,
    Text255,
    named_if_other,
    text,
    unnamed,
)

Password = Annotated[str, text(MAXIMUM_LENGTH, check=lambda value: None, min_length=1, pattern=None)]
"""A password, compared exactly as sent. Rules for new ones are `passwords.password_problems`."""
ChosenPassword = Annotated[str, Meta(max_length=MAXIMUM_LENGTH, extra_json_schema={"minLength": MINIMUM_LENGTH})]
"""A new password; that it is long enough is judged with its other rules."""
SEPARATORS = (
    r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000"  # white space, with U+200B
    r"\ufeff\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"  # invisible characters
    r"\-\u2010-\u2015\u2212"  # dashes
)
"""What may stand around and between the digits of a code, as ranges of a regular expression."""
TYPED_CODE_LENGTH = 64


def typed_code(value: str) -> str:
    """Return a code without separators: ``123 456`` and ``123-456`` are ``123456``."""
    return re.sub(f"[{SEPARATORS}]", "", value) if len(value) <= TYPED_CODE_LENGTH else value


def _code(value: str) -> Refusal | None:
    if len(value) == CODE_LENGTH:
        return None
    return Refusal(FieldCode.FORMAT, f"must be {CODE_LENGTH} characters long")


Code = Annotated[
    str,
    Meta(
        max_length=TYPED_CODE_LENGTH,
        extra={"check": _code, "clean": typed_code},
        extra_json_schema={
            "minLength": CODE_LENGTH,
            "pattern": f"^[{SEPARATORS}]*(?:[^{SEPARATORS}][{SEPARATORS}]*){{{CODE_LENGTH}}}$",
            "examples": ["042917"],
        },
    ),
]
"""A code as users type or paste it; separators do not count."""


def confirmed(
    new_password: str | None, confirmation: str | None, *, field: str = "newPassword", **person: str | None
) -> list[FieldError]:
    """Return what is wrong with the new password in `field`, given twice; `person` as `password_problems` takes it."""
    known = {key: value or "" for key, value in person.items()}
    problems = password_problems(new_password, field=field, **known) if new_password is not None else []
    if new_password is not None and confirmation is not None and new_password != confirmation:
        problems.append(FieldError.of("confirmPassword", FieldCode.PASSWORD_MISMATCH, "must equal the password"))
    return problems


class SignUp(Input, kw_only=True):
    """A new account and its owner."""

    rules: ClassVar[dict[str, Any]] = {
        "allOf": [named_if_other("role", "customRole"), named_if_other("industry", "customIndustry")],
        "examples": [
            {
                "fullName": "Asha Rao",
                "email": "asha@example.com",
                "role": "Management",
                "companyName": "Rao Traders",
                "companySize": "11-50",
                "industry": "textile",
                "password": "a long enough passphrase",
                "confirmPassword": "a long enough passphrase",
            }
        ],
    }

    full_name: Label
    email: Email
    role: UserRole
    custom_role: Text255 | None = None
    company_name: Label
    company_size: CompanySize
    industry: Industry
    custom_industry: Text255 | None = None
    website: Text255 | None = None
    time_zone: TimeZone | None = None
    locale: LocaleTag | None = None
    password: ChosenPassword
    confirm_password: Password

    def problems(self) -> list[FieldError]:
        """The password's rules, and the texts that belong to the choice `other`."""
        found = confirmed(
            self.password, self.confirm_password, field="password", email=self.email, company=self.company_name
        )
        found += unnamed("role", self.role, "customRole", self.custom_role)
        return found + unnamed("industry", self.industry, "customIndustry", self.custom_industry)


class Credentials(Input):
    """E-mail and password of a log-in."""

    email: Email
    password: Password


class RefreshToken(Input):
    """The refresh token of a session."""

    refresh_token: Annotated[str, Meta(min_length=1, max_length=1024)]


class LogOut(Input):
    """Which sessions end: this one, or all of the user's."""

    all: bool = False


class ForgottenPassword(Input):
    """Whose password is forgotten."""

    email: Email


class CodeEntry(Input):
    """A code as copied from a mail."""

    email: Email
    otp: Code


class NewPassword(Input):
    """A code, and the password it entitles to set."""

    email: Email
    otp: Code
    new_password: ChosenPassword
    confirm_password: Password

    def problems(self) -> list[FieldError]:
        """The password's rules."""
        return confirmed(self.new_password, self.confirm_password, email=self.email)


class AuthUser(Answer):
    """The signed-in user in brief; a company name is left out when there is none."""

    id: UUID
    email: str
    full_name: str
    role: str
    company_name: str | UnsetType = UNSET


class SignedIn(Answer):
    """A new session: its tokens, 256 hexadecimal characters each, the life of the first in seconds, and whose it is."""

    access_token: str
    refresh_token: str
    expires_in: int
    user: AuthUser


class AccessToken(Answer):
    """A new access token of the same session, and its life in seconds; the refresh token stays."""

    access_token: str
    expires_in: int


class RotatedTokens(Answer):
    """The tokens of a rotating session: only the newest refresh token is good. `expires_in` is seconds of the other."""

    access_token: str
    refresh_token: str
    expires_in: int


class Message(Answer):
    """A sentence for people."""

    message: str


class CodeVerdict(Answer):
    """Whether a code would be taken."""

    valid: bool
    message: str


class Session(Answer):
    """One signed-in device."""

    id: UUID
    created_at: Instant
    last_seen_at: Instant
    expires_at: Instant
    ip: str | None
    user_agent: str | None
    current: bool


class Candidate(Answer):
    """The user whom a log-in names, as `log_in_candidate` finds them. Never sent."""

    account_id: UUID
    user_id: UUID
    password: str
    is_active: bool
    chosen_at: datetime | None


class StoredPassword(Answer):
    """A user's address and the stored form of their password. Never sent."""

    email: str
    password: str


class CodeRequest(Answer):
    """Somebody's wish for a code, as it waits in the queue, sealed. The code gets its id."""

    id: UUID
    email: str


class HeldUser(Answer):
    """What decides about a log-in once the password is right. Never sent.

    The password counts as another one when the user chose another one, not when the same was hashed anew.
    """

    is_active: bool
    chosen_at: datetime | None
    two_factor_enabled: bool


class OpenCode(Answer):
    """An open code and whose it is; the sealed code is None when its guesses are used up. Never sent."""

    account_id: UUID
    user_id: UUID
    is_active: bool
    code_id: UUID
    otp: str | None


class SessionRow(Answer):
    """A row of `sessions`. Never sent as it is."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str | None
    user_agent: str | None
