"""What people may change about themselves, their company and their preferences: the fields of these requests."""

import re
from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from leadconnect.accounts.locales import LocaleTag, TimeZone
from leadconnect.accounts.models import CompanySize, Industry, UserRole
from leadconnect.auth.models import ChosenPassword, Code, Password, confirmed
from leadconnect.errors import FieldCode, FieldError
from leadconnect.profile.models import DefaultView, ExportFormat
from leadconnect.wire import (
    Email,
    Input,
    Label,
    Refusal,
    Text255,
    lines_of_text,
    named_if_other,
    plain_text,
    text,
    unnamed,
    values_of,
)
from leadconnect.wire.types import LINES_PATTERN

ROLES = values_of(UserRole)
INDUSTRIES = values_of(Industry)
WEBSITE = re.compile(
    r"(?:https?://)?(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])?\.?(?::[0-9]{1,5})?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
"""A web address as people write it, with http, https or neither, and a dot in the name of the host."""
WEBSITE_PATTERN = r"^$|^(https?://)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}(/[!-~]*)?$"
"""Some of `WEBSITE`, for clients, and the empty text, which clears."""
_CONTROLS = r"\u0000-\u001f\u007f-\u009f"
PHONE_PATTERN = rf"^$|^[^{_CONTROLS}]*\p{{Nd}}[^{_CONTROLS}]*$"
"""`phone_number` as clients read it."""


def phone_number(value: str) -> Refusal | None:
    """Refuse a text without a digit, unless it is empty; how people group and separate digits is theirs."""
    if not value:
        return None
    return plain_text(value) or (None if re.search(r"\d", value) else Refusal(FieldCode.FORMAT, "must have digits"))


def website_address(value: str) -> Refusal | None:
    """Refuse what is no web address, such as any scheme other than http and https."""
    if WEBSITE.fullmatch(value):
        return None
    return Refusal(FieldCode.FORMAT, "must be a web address such as https://www.example.com")


def _shown_choice(options: tuple[str, ...]) -> Any:
    """Return the constraint of a text that is one of `options`, or the text that stands for `other`."""
    return Meta(max_length=255, extra={"check": plain_text}, extra_json_schema={"enum": list(options)})


Website = Annotated[str, text(255, pattern=WEBSITE_PATTERN)]
"""Judged by `website_address` where it is stored, for what was stored under other rules may be sent back."""
PhoneNumber = Annotated[str, text(50, check=phone_number, pattern=PHONE_PATTERN)]
PushSubscription = Annotated[str, text(4096, check=lines_of_text, pattern=LINES_PATTERN)]


class ProfilePatch(Input, kw_only=True):
    """A change of the caller's profile: only the keys that are sent. `role` and `industry` take what a profile shows,
    which may be their custom text. A new address needs `currentPassword`, or waits to be confirmed.
    """

    rules: ClassVar[dict[str, Any]] = {
        "allOf": [named_if_other("role", "customRole"), named_if_other("industry", "customIndustry")],
        "examples": [{"fullName": "Asha Rao", "phoneNumber": "+91 98765 43210", "website": "rao.example"}],
    }

    full_name: Label | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    current_password: Password | UnsetType = UNSET
    phone_number: PhoneNumber | UnsetType | None = UNSET
    website: Website | UnsetType | None = UNSET
    role: Annotated[str, _shown_choice(ROLES)] | UnsetType = UNSET
    custom_role: Text255 | UnsetType | None = UNSET
    company_name: Label | UnsetType = UNSET
    company_size: CompanySize | UnsetType = UNSET
    industry: Annotated[str, _shown_choice(INDUSTRIES)] | UnsetType = UNSET
    custom_industry: Text255 | UnsetType | None = UNSET
    time_zone: TimeZone | UnsetType = UNSET
    locale: LocaleTag | UnsetType = UNSET

    def problems(self) -> list[FieldError]:
        """Refuse the choice `other` without a text."""
        found = unnamed("role", self.role, "customRole", self.custom_role)
        return found + unnamed("industry", self.industry, "customIndustry", self.custom_industry)


class EmailCode(Input):
    """A code as copied from the mail to the new address."""

    otp: Code


class PasswordChange(Input):
    """A new password, and the one it takes the place of."""

    current_password: Password
    new_password: ChosenPassword
    confirm_password: Password

    def problems(self) -> list[FieldError]:
        """The password's rules, and that it is another one."""
        found = confirmed(self.new_password, self.confirm_password)
        if self.new_password and self.new_password == self.current_password:
            found.append(FieldError.of("newPassword", FieldCode.PASSWORD_UNCHANGED, "must not be the current password"))
        return found


class NotificationChanges(Input, kw_only=True):
    """A change of what the user wants to be told, and how: only the keys that are sent."""

    new_leads: bool | UnsetType = UNSET
    follow_ups: bool | UnsetType = UNSET
    hot_leads: bool | UnsetType = UNSET
    conversions: bool | UnsetType = UNSET
    browser_push: bool | UnsetType = UNSET
    daily_summary: bool | UnsetType = UNSET
    email_notifications: bool | UnsetType = UNSET
    push_subscription: PushSubscription | UnsetType | None = UNSET
    own_actions: bool | UnsetType = UNSET


class AppChanges(Input, kw_only=True):
    """A change of how the client looks: only the keys that are sent. A number of items may be a number or a text."""

    default_view: DefaultView | UnsetType = UNSET
    items_per_page: Literal["10", "20", "30", "40", "50", "100", 10, 20, 30, 40, 50, 100] | UnsetType = UNSET
    auto_save: bool | UnsetType = UNSET
    compact_mode: bool | UnsetType = UNSET
    export_format: ExportFormat | UnsetType = UNSET
    export_notes: bool | UnsetType = UNSET
