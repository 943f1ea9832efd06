"""Which leads are meant, and in which order: queries of the list and the export, and the filter of bulk operations."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from leadconnect.accounts.countries import country_key
from leadconnect.errors import FieldCode
from leadconnect.leads.models import CustomerCategory, LeadSource, LeadStatus, text_key
from leadconnect.paging import Limit, PageNumber
from leadconnect.wire import Input, Refusal, Text255, values_of


class FollowupFilter(StrEnum):
    """When the next follow-up of an open lead is due, as seen from today in the account's time zone: before today,
    today, today or within the seven days after it, or later.
    """

    OVERDUE = "overdue"
    TODAY = "today"
    DUE_SOON = "due_soon"
    FUTURE = "future"


class Sort(StrEnum):
    """Orders of a list; a minus means descending. Leads without a value come last either way."""

    NAME = "name"
    NAME_DESCENDING = "-name"
    OLDEST = "createdAt"
    NEWEST = "-createdAt"
    UPDATED = "updatedAt"
    LAST_UPDATED = "-updatedAt"
    NEXT_FOLLOWUP = "nextFollowupDate"
    LATEST_FOLLOWUP = "-nextFollowupDate"
    LAST_CONTACTED = "lastContactedDate"
    LATEST_CONTACTED = "-lastContactedDate"

    @property
    def key(self) -> str:
        """The field that is sorted by."""
        return self.value.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """True where the largest value comes first."""
        return self.value.startswith("-")


NEWEST_FIRST = Sort.NEWEST
SOON = timedelta(days=7)
NAME_PARTS = 4
"""Into how many parts commas may divide the name of a city, a sector or a country that is asked for."""
STATUS_SPELLINGS = {"new lead": LeadStatus.NEW}


def _status(value: str) -> str | None:
    spelled = value.strip().lower()
    spelled = STATUS_SPELLINGS.get(spelled, spelled)
    return spelled if spelled in values_of(LeadStatus) else None


def _one_of(kind: type[StrEnum], read: Callable[[str], str | None]) -> Any:
    """Return the constraint of a text that `read` understands as a value of `kind`, or that is blank."""
    refusal = Refusal(FieldCode.ENUM, f"must be one of: {', '.join(values_of(kind))}")

    def check(value: str) -> Refusal | None:
        return None if not value.strip() or read(value) else refusal

    return Meta(extra={"check": check}, extra_json_schema={"enum": [*values_of(kind), ""]})


def _value_of(kind: type[StrEnum]) -> Callable[[str], str | None]:
    """Return what reads a value of `kind`, whatever its case."""
    known = frozenset(values_of(kind))
    return lambda value: spelled if (spelled := value.strip().lower()) in known else None


_category = _value_of(CustomerCategory)
_source = _value_of(LeadSource)

StatusText = Annotated[str, _one_of(LeadStatus, _status)]
CategoryText = Annotated[str, _one_of(CustomerCategory, _category)]
SourceText = Annotated[str, _one_of(LeadSource, _source)]
INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
"""A date-time of RFC 3339 §5.6."""


def _instant(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value.upper()) if INSTANT.fullmatch(value) else None
    except ValueError:
        return None


def _is_instant(value: str) -> Refusal | None:
    if _instant(value):
        return None
    return Refusal(FieldCode.FORMAT, "must be an instant such as 2031-03-04T05:06:07Z")


InstantText = Annotated[
    str, Meta(max_length=40, extra={"check": _is_instant}, extra_json_schema={"format": "date-time"})
]


class LeadSelection(Input):
    """Which leads are meant. Empty values count as absent, filters combine with and.

    Status, category, source, city, sector and country are compared without regard to case. Days are days in the
    account's time zone, the last one included; `updatedSince` includes its instant.
    """

    search: Text255 = ""
    status: list[StatusText] = msgspec.field(default_factory=list)
    category: CategoryText = ""
    city: list[Text255] = msgspec.field(default_factory=list)
    sector: list[Text255] = msgspec.field(default_factory=list)
    country: list[Text255] = msgspec.field(default_factory=list)
    lead_source: list[SourceText] = msgspec.field(default_factory=list)
    followup_date_filter: FollowupFilter | None = None
    followup_from: date | None = None
    followup_to: date | None = None
    created_from: date | None = None
    created_to: date | None = None
    updated_since: InstantText | None = None

    def filters(self) -> "LeadFilters":
        """Return what is asked for, in the form that is compared with."""
        return LeadFilters(
            search=self.search if self.search.strip() else "",
            statuses=_values(_status, self.status),
            category=self.category.strip().lower() or None,
            city_keys=_keys(text_key, self.city),
            sector_keys=_keys(text_key, self.sector),
            country_keys=_keys(country_key, self.country),
            sources=_values(_source, self.lead_source),
            followup=self.followup_date_filter,
            followup_from=self.followup_from,
            followup_to=self.followup_to,
            created_from=self.created_from,
            created_to=self.created_to,
            updated_since=_instant(self.updated_since) if self.updated_since else None,
        )


class LeadQuery(LeadSelection):
    """The query of the export, and most of that of the list. Lists take repeated keys and comma lists."""

    page: PageNumber = 1
    limit: Limit = 10
    sort: Sort = NEWEST_FIRST


class ListQuery(LeadQuery):
    """The query of the list, which can also have the deleted leads in place of the others, for owners."""

    deleted: bool = False

    def filters(self) -> "LeadFilters":
        """Return what the query asks for, in the form that is compared with."""
        return msgspec.structs.replace(super().filters(), deleted=self.deleted)


class LeadFilters(msgspec.Struct, frozen=True, kw_only=True):
    """Which leads are meant. An empty tuple or text, and None, mean all; the keys are `text_key`s and `country_key`s.

    What depends on the account is filled in by `listing.resolving.resolve`: `countries`, which are the spellings of
    `country_keys` that its leads have, and the instants of `created_from` and `created_to`.
    """

    search: str = ""
    statuses: tuple[str, ...] = ()
    category: str | None = None
    city_keys: tuple[str, ...] = ()
    sector_keys: tuple[str, ...] = ()
    country_keys: tuple[str, ...] = ()
    countries: tuple[str, ...] | None = None
    sources: tuple[str, ...] = ()
    followup: FollowupFilter | None = None
    followup_from: date | None = None
    followup_to: date | None = None
    created_from: date | None = None
    created_to: date | None = None
    created_since: datetime | None = None
    created_before: datetime | None = None
    updated_since: datetime | None = None
    deleted: bool = False
    """True means the deleted ones, and no others."""

    @property
    def is_of_account(self) -> bool:
        """True where the filters depend on the account: on its time zone, or on how its leads spell countries."""
        return bool(self.followup or self.created_from or self.created_to or self.country_keys)

    def in_zone(self, time_zone: str, countries: Collection[str]) -> "LeadFilters":
        """Return the filters as they are for an account in `time_zone` with leads from `countries`."""
        zone = ZoneInfo(time_zone)
        wanted = frozenset(self.country_keys)
        return msgspec.structs.replace(
            self,
            countries=tuple(sorted(c for c in countries if country_key(c) in wanted)) if wanted else None,
            created_since=_start(self.created_from, zone) if self.created_from else None,
            created_before=_end(self.created_to, zone) if self.created_to else None,
        )


def followup_days(followup: FollowupFilter, today: date) -> tuple[date, date]:
    """Return the first day of `followup` and the day after its last one; `date.min` and `date.max` stand for no end."""
    tomorrow = today + timedelta(days=1)
    after_soon = tomorrow + SOON
    return {
        FollowupFilter.OVERDUE: (date.min, today),
        FollowupFilter.TODAY: (today, tomorrow),
        FollowupFilter.DUE_SOON: (today, after_soon),
        FollowupFilter.FUTURE: (after_soon, date.max),
    }[followup]


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _end(day: date, zone: ZoneInfo) -> datetime | None:
    """Return the instant at which `day` has ended; None for the last day that a date can be."""
    return None if day == date.max else _start(day + timedelta(days=1), zone)


def _values(read: Callable[[str], str | None], given: list[str]) -> tuple[str, ...]:
    return tuple(sorted({found for value in given if (found := read(value))}))


def _keys(key_of: Callable[[str], str | None], parts: list[str]) -> tuple[str, ...]:
    """Return the keys of `parts` and of neighbours joined again, for a name that has commas itself."""
    runs = (",".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, min(i + NAME_PARTS, len(parts)) + 1))
    return tuple(sorted({key for run in runs if (key := key_of(run))}))
