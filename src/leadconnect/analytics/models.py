"""The types of analytics: query, answer, and the figures behind it."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from leadconnect.analytics.calendar import Calendar
from leadconnect.leads.models import CustomerCategory, LeadSource, LeadStatus
from leadconnect.wire import Answer, CalendarDate, Input


class AnalyticsQuery(Input):
    """The query of the analytics: over how many days before today the monthly trends look back."""

    days: Annotated[int, Meta(ge=1, le=365)] = 7


class BasicMetrics(Answer):
    """The leads of the account in single numbers.

    Rates are percentages, 0 of nothing, rounded to two decimals.

    `conversionRate` is the share of converted leads in all, `successRate` in those that are closed: converted or lost.
    `convertedCustomers` and `lostOpportunities` were won and lost this month, `newThisWeek` came in since Sunday and
    are still new. `avgConversionTime` is whole days from creation to conversion. `dueThisWeek` is that of the timeline,
    `highPriority` the hot leads, `readyToConvert` these and the qualified ones.
    """

    total_leads: int
    converted_leads: int
    hot_leads: int
    potential_customers: int
    new_this_week: int
    pending_followups: int
    due_this_week: int
    qualified_leads: int
    ready_to_convert: int
    high_priority: int
    converted_customers: int
    lost_opportunities: int
    conversion_rate: float
    success_rate: float
    avg_conversion_time: int


class FollowupTimeline(Answer):
    """Follow-ups of open leads: before today, from today to the seventh day after it, and later."""

    overdue: int
    due_this_week: int
    future: int


class SourceShare(Answer):
    """How many leads came from a source, and their percentage of all."""

    source: LeadSource
    count: int
    percentage: float


class StatusShare(Answer):
    """How many leads have a status, and their percentage of all."""

    status: LeadStatus
    count: int
    percentage: float


class CategoryShare(Answer):
    """How many leads are of a category, and their percentage of all."""

    category: CustomerCategory
    count: int
    percentage: float


class ChannelShare(Answer):
    """How many leads prefer a channel, and their percentage of all.

    Without a preferred channel the custom one counts, and `unknown` without either.
    """

    channel: str
    count: int
    percentage: float


class NextFollowup(Answer):
    """An open lead that is to be followed up within a week."""

    id: UUID
    name: str
    email: str | None
    phone_number: str
    next_followup_date: CalendarDate
    lead_status: LeadStatus
    customer_category: CustomerCategory


class MonthlyTrend(Answer):
    """The leads added, converted and lost in a month, ``YYYY-MM``, within the period.
    The last two count by the day of the event, whenever the lead came in.
    """

    month: str
    leads: int
    converted: int
    lost: int


class Period(Answer):
    """The days of the monthly trends, by the account's calendar; the last is today."""

    days: int
    start_date: CalendarDate
    end_date: CalendarDate


class Analytics(Answer):
    """What the leads of the account add up to. Only the trends depend on the period.

    Lists have up to 100 entries: shares the largest first and equal ones by name, follow-ups the next first.
    """

    basic_metrics: BasicMetrics
    followup_timeline: FollowupTimeline
    lead_source_breakdown: list[SourceShare]
    lead_status_breakdown: list[StatusShare]
    category_breakdown: list[CategoryShare]
    communication_channels: list[ChannelShare]
    next7_days_followups: list[NextFollowup]
    monthly_trends: list[MonthlyTrend]
    period: Period


class Happened(msgspec.Struct, frozen=True):
    """How many leads came in, were won and were lost within a span of time."""

    created: int
    converted: int
    lost: int


class Figures(msgspec.Struct, frozen=True):
    """What `queries.FIGURES` finds.

    Groups are a label and its count, the largest first; `spans` are in the order in which they were asked for;
    `conversion_days` is the sum over the `conversion_count` leads that were won.
    """

    statuses: list[tuple[LeadStatus, int]]
    categories: list[tuple[CustomerCategory, int]]
    sources: list[tuple[LeadSource, int]]
    channels: list[tuple[str, int]]
    overdue: int
    due: int
    future: int
    pending: int
    new_this_week: int
    conversion_count: int
    conversion_days: int
    next_followups: list[NextFollowup]
    spans: list[Happened]


def analytics(figures: Figures, calendar: Calendar) -> Analytics:
    """Return the answer for `figures`.

    Their spans are the calendar's months and, last, this month in full.
    """
    *months, this_month = figures.spans
    total = sum(count for _, count in figures.statuses)
    return Analytics(
        basic_metrics=_basic_metrics(figures, this_month, total),
        followup_timeline=FollowupTimeline(figures.overdue, figures.due, figures.future),
        lead_source_breakdown=[SourceShare(name, n, percentage(n, total)) for name, n in figures.sources],
        lead_status_breakdown=[StatusShare(name, n, percentage(n, total)) for name, n in figures.statuses],
        category_breakdown=[CategoryShare(name, n, percentage(n, total)) for name, n in figures.categories],
        communication_channels=[ChannelShare(name, n, percentage(n, total)) for name, n in figures.channels],
        next7_days_followups=figures.next_followups,
        monthly_trends=[
            MonthlyTrend(month, happened.created, happened.converted, happened.lost)
            for (month, _), happened in zip(calendar.months, months, strict=True)
        ],
        period=Period((calendar.today - calendar.first_day).days, calendar.first_day, calendar.today),
    )


def _basic_metrics(figures: Figures, this_month: Happened, total: int) -> BasicMetrics:
    by_status, by_category = dict(figures.statuses), dict(figures.categories)
    converted, lost = by_status.get(LeadStatus.CONVERTED, 0), by_status.get(LeadStatus.LOST, 0)
    hot, qualified = by_status.get(LeadStatus.HOT, 0), by_status.get(LeadStatus.QUALIFIED, 0)
    return BasicMetrics(
        total_leads=total,
        converted_leads=converted,
        hot_leads=hot,
        potential_customers=by_category.get(CustomerCategory.POTENTIAL, 0),
        new_this_week=figures.new_this_week,
        pending_followups=figures.pending,
        due_this_week=figures.due,
        qualified_leads=qualified,
        ready_to_convert=qualified + hot,
        high_priority=hot,
        converted_customers=this_month.converted,
        lost_opportunities=this_month.lost,
        conversion_rate=percentage(converted, total),
        success_rate=percentage(converted, converted + lost),
        avg_conversion_time=_rounded(figures.conversion_days, figures.conversion_count),
    )


def percentage(part: int, whole: int) -> float:
    """Return `part` in percent of `whole` with two decimals, halves rounded up; 0 of nothing."""
    return _rounded(10_000 * part, whole) / 100


def _rounded(dividend: int, divisor: int) -> int:
    """Return the quotient of two numbers ≥ 0, halves rounded up; 0 without a divisor."""
    return (2 * dividend + divisor) // (2 * divisor) if divisor else 0
