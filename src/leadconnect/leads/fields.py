"""What a lead may hold: the rules of creating, importing and changing one, and the values that are stored."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

from asyncpg import Record
from msgspec import UNSET, Meta, UnsetType

from leadconnect.errors import FieldCode, FieldError, ValidationFailed
from leadconnect.leads.catalogue import Kind, columns_of
from leadconnect.leads.models import CustomerCategory, LeadSource, LeadStatus
from leadconnect.wire import (
    NAME_PATTERN,
    VISIBLE_PATTERN,
    CalendarDate,
    Email,
    Input,
    Refusal,
    Text20,
    Text50,
    Text100,
    Text255,
    Text5000,
    named_if_other,
    plain_text,
    text,
    unnamed,
)
from leadconnect.wire.types import Check

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME_OF_DAY = re.compile(
    r"[T ]([01][0-9]|2[0-3])(:?[0-5][0-9](:?[0-5][0-9]([.,][0-9]{1,9})?)?)?(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?"
)
"""What may follow the day in an ISO 8601 date-time; it is checked and then left out, whatever its zone."""


_NO_NAME = Refusal(FieldCode.FORMAT, "must have at least one letter or digit")
_NO_DAY = Refusal(FieldCode.FORMAT, "must be a real date written YYYY-MM-DD")


def person_name(value: str) -> Refusal | None:
    """Refuse a name without a letter or digit of any script."""
    return plain_text(value) or (None if any(map(str.isalnum, value)) else _NO_NAME)


def calendar_day(value: str) -> Refusal | None:
    """Refuse what is not a real day, alone or with a time after it."""
    return None if _day(value) else _NO_DAY


def calendar_day_or_empty(value: str) -> Refusal | None:
    """Refuse what is neither empty nor a real day."""
    return None if not value else calendar_day(value)


def plain_day_or_empty(value: str) -> Refusal | None:
    """Refuse what is neither empty nor a real day without a time."""
    return None if not value or (len(value) == 10 and _day(value)) else _NO_DAY


def _day(value: str) -> date | None:
    """Return the day that `value` begins with; a time after it shifts nothing."""
    if DAY.match(value) is None or (len(value) > 10 and TIME_OF_DAY.fullmatch(value, 10) is None):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def _date_text(check: Check, *, or_empty: bool = False) -> Any:
    described = {"anyOf": [{"format": "date"}, {"maxLength": 0}]} if or_empty else {"format": "date"}
    return Meta(max_length=40, extra={"check": check}, extra_json_schema=described)


Name = Annotated[str, text(255, check=person_name, min_length=1, pattern=NAME_PATTERN)]
Phone = Annotated[str, text(50)]
"""A phone number; empty where a lead has an e-mail address alone."""
PastDay = Annotated[str, _date_text(calendar_day)]
PastDayOrEmpty = Annotated[str, _date_text(calendar_day_or_empty, or_empty=True)]
PlainDayOrEmpty = Annotated[str, _date_text(plain_day_or_empty, or_empty=True)]

EXAMPLE = {
    "name": "Jürgen Groß",
    "phoneNumber": "+49 30 1234567",
    "email": "juergen@example.com",
    "city": "Berlin",
    "customerCategory": "potential",
    "nextFollowupDate": "2031-03-04",
    "leadSource": "other",
    "customLeadSource": "Hannover fair",
    "leadStatus": "new",
}
NAMED_SOURCE = named_if_other("leadSource", "customLeadSource")
REACHABLE = {
    "anyOf": [
        {"properties": {"phoneNumber": {"type": "string", "pattern": VISIBLE_PATTERN}}, "required": ["phoneNumber"]},
        {"properties": {"email": {"type": "string"}}, "required": ["email"]},
    ]
}
UNREACHABLE = FieldError.of("phoneNumber", FieldCode.REQUIRED, "or email is required")
"""The rule of every new lead, from a form, an import or a file: a name, and a phone number or an e-mail address."""


class LeadInput(Input, kw_only=True):
    """A new lead, from a form or from a row of an import. Instants in the two dates of the past count by their day."""

    rules: ClassVar[dict[str, Any]] = NAMED_SOURCE | REACHABLE | {"examples": [EXAMPLE]}

    name: Name
    phone_number: Phone = ""
    email: Email | None = None
    date_of_birth: PastDay | None = None
    city: Text255 | None = None
    state: Text255 | None = None
    country: Text255 | None = None
    pincode: Text20 | None = None
    company_name: Text100 | None = None
    designation: Text255 | None = None
    customer_category: CustomerCategory
    last_contacted_date: PastDay | None = None
    last_contacted_by: Text50 | None = None
    next_followup_date: CalendarDate | None = None
    customer_interested_in: Text100 | None = None
    preferred_communication_channel: Text50 | None = None
    custom_communication_channel: Text255 | None = None
    lead_source: LeadSource
    custom_lead_source: Text255 | None = None
    custom_referral_source: Text255 | None = None
    custom_generated_by: Text255 | None = None
    lead_status: LeadStatus
    lead_created_by: Text50 | None = None
    additional_notes: Text5000 | None = None
    sector: Text255 | None = None
    custom_sector: Text255 | None = None

    def problems(self) -> list[FieldError]:
        """Refuse a lead without a phone or an e-mail address, and a source `other` that is not named."""
        found = [] if _is_reachable(self.phone_number, self.email) else [UNREACHABLE]
        return found + unnamed("leadSource", self.lead_source, "customLeadSource", self.custom_lead_source)


class LeadPatch(Input, kw_only=True):
    """A change of a lead: only the keys that are sent. Null clears, and so does an empty date; what every lead must
    have takes neither. A source `other` needs its name, here or in the lead.
    """

    rules: ClassVar[dict[str, Any]] = NAMED_SOURCE

    name: Name | UnsetType = UNSET
    phone_number: Phone | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET
    date_of_birth: PastDayOrEmpty | UnsetType | None = UNSET
    city: Text255 | UnsetType | None = UNSET
    state: Text255 | UnsetType | None = UNSET
    country: Text255 | UnsetType | None = UNSET
    pincode: Text20 | UnsetType | None = UNSET
    company_name: Text100 | UnsetType | None = UNSET
    designation: Text255 | UnsetType | None = UNSET
    customer_category: CustomerCategory | UnsetType = UNSET
    last_contacted_date: PastDayOrEmpty | UnsetType | None = UNSET
    last_contacted_by: Text50 | UnsetType | None = UNSET
    next_followup_date: PlainDayOrEmpty | UnsetType | None = UNSET
    customer_interested_in: Text100 | UnsetType | None = UNSET
    preferred_communication_channel: Text50 | UnsetType | None = UNSET
    custom_communication_channel: Text255 | UnsetType | None = UNSET
    lead_source: LeadSource | UnsetType = UNSET
    custom_lead_source: Text255 | UnsetType | None = UNSET
    custom_referral_source: Text255 | UnsetType | None = UNSET
    custom_generated_by: Text255 | UnsetType | None = UNSET
    lead_status: LeadStatus | UnsetType = UNSET
    lead_created_by: Text50 | UnsetType | None = UNSET
    additional_notes: Text5000 | UnsetType | None = UNSET
    sector: Text255 | UnsetType | None = UNSET
    custom_sector: Text255 | UnsetType | None = UNSET


FIELDS = LeadInput.__struct_fields__
"""What people fill in, in the order of the wire; the columns of the table have the same names."""
CHECKED = ("phone_number", "email", "lead_source", "custom_lead_source")
"""The columns that `check_change` looks at."""
DATES = columns_of(Kind.DATE)


def stored_values(lead: LeadInput) -> list[Any]:
    """Return the values of `lead` as the table holds them, in the order of `FIELDS`."""
    return [stored(field, getattr(lead, field)) for field in FIELDS]


def stored_changes(patch: LeadPatch) -> dict[str, Any]:
    """Return what `patch` sets, as the table holds it."""
    given = ((field, getattr(patch, field)) for field in FIELDS)
    return {field: stored(field, value) for field, value in given if value is not UNSET}


def stored(field: str, value: Any) -> Any:
    """Return `value` as the column `field` holds it: days as dates, text without outer blanks, and null for empty text,
    but for the phone, which a file may leave empty. Notes keep their blanks.
    """
    if not isinstance(value, str):
        return value
    if field in DATES:
        return _day(value)
    if field == "additional_notes":
        return value if value.strip() else None
    return value.strip() or ("" if field == "phone_number" else None)


def _is_reachable(phone_number: str | None, email: str | None) -> bool:
    """Return whether a lead has a phone number or an e-mail address; a number that is itself at fault reads as None."""
    return phone_number is None or bool(phone_number.strip() or email)


def check_change(before: Mapping[str, Any] | Record, changes: Mapping[str, Any]) -> None:
    """Check that `changes`, by column, leave a lead reachable and its source named, unless it was neither before.

    Raises:
        ValidationFailed: the last of phone number and e-mail address would go, or a source `other` would have no name.
    """
    problems = []
    after = {field: changes.get(field, before[field]) for field in CHECKED}
    was, remains = (_is_reachable(row["phone_number"], row["email"]) for row in (before, after))
    if was and not remains:
        problems.append(_left_unreachable(changes))
    if not _names_source(after) and _names_source(before):
        problems += unnamed("leadSource", after["lead_source"], "customLeadSource", after["custom_lead_source"])
    if problems:
        raise ValidationFailed(problems)


def _left_unreachable(changes: Mapping[str, Any]) -> FieldError:
    cleared = [name for field, name in (("phone_number", "phoneNumber"), ("email", "email")) if field in changes]
    if len(cleared) > 1:
        return UNREACHABLE
    other = "email" if cleared == ["phoneNumber"] else "phoneNumber"
    return FieldError.of(cleared[0], FieldCode.REQUIRED, f"is required while the lead has no {other}")


def _names_source(row: Mapping[str, Any] | Record) -> bool:
    return not unnamed("leadSource", row["lead_source"], "customLeadSource", row["custom_lead_source"])
