"""The SQL of analytics: one statement over the running totals of leads (`leads.totals`)."""

from uuid import UUID

import msgspec

from leadconnect.analytics.calendar import Calendar
from leadconnect.analytics.models import Figures
from leadconnect.database.pool import Connection
from leadconnect.leads.selection import SOON

LISTED = 100
"""Entries of a list within the answer."""

STATUSES = "select lead_status as label, lead_count from lead_counts where account_id = $1"
CATEGORIES = "select customer_category as label, lead_count from lead_counts where account_id = $1"
SOURCES = "select label, lead_count from lead_tallies where account_id = $1 and kind = 'source'"
CHANNELS = "select label, lead_count from lead_tallies where account_id = $1 and kind = 'channel'"


def _groups(rows: str) -> str:
    """Return the expression of the largest groups of the statement `rows`.

    Its value is JSON, ``[[label, count], …]``.
    """
    return f"""(
        select coalesce(json_agg(json_build_array(label, lead_count)), '[]')
        from (
            select label, sum(lead_count)::bigint as lead_count from ({rows}) as rows
            group by label having sum(lead_count) <> 0
            order by 2 desc, label collate "C" limit {LISTED}
        ) as groups
    )"""  # noqa: S608  constants


def _at_the_edges(kind: str) -> str:
    """Return the statement that counts leads that were `kind` in the partial days of a span."""
    return f"""
        select number, '{kind}' as kind, (
            select count(*) from leads
            where account_id = $1 and deleted_at is null and {kind}_at >= since and {kind}_at < until
        ) as lead_count
        from edges
    """  # noqa: S608  constants


FIGURES = f"""
    with followups as (
        select coalesce(sum(lead_count) filter (where day < $2), 0)::bigint as overdue,
            coalesce(sum(lead_count) filter (where day between $2 and $3), 0)::bigint as due,
            coalesce(sum(lead_count) filter (where day > $3), 0)::bigint as future,
            coalesce(sum(lead_count) filter (where label = 'followup'), 0)::bigint as pending
        from lead_tallies where account_id = $1 and kind = 'followup'
    ), conversions as (
        select coalesce(sum(lead_count), 0)::bigint as conversion_count,
            coalesce(sum(conversion_days), 0)::bigint as conversion_days
        from lead_tallies where account_id = $1 and kind = 'converted'
    ), spans as (
        select *, (whole_since at time zone 'UTC')::date as first_day, (whole_until at time zone 'UTC')::date as end_day
        from unnest($6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
            with ordinality as span (since, whole_since, whole_until, until, number)
    ), edges as (
        select number, since, whole_since as until from spans
        union all
        select number, whole_until, until from spans
    ), happened as (
        select number, kind, lead_count
        from spans join lead_tallies on account_id = $1 and kind in ('created', 'converted', 'lost') and label = ''
            and day >= first_day and day < end_day
        union all {_at_the_edges("created")}
        union all {_at_the_edges("converted")}
        union all {_at_the_edges("lost")}
    ), figures as (
        select followups.*, conversions.*,
            {_groups(STATUSES)} as statuses,
            {_groups(CATEGORIES)} as categories,
            {_groups(SOURCES)} as sources,
            {_groups(CHANNELS)} as channels,
            (
                select count(*) from leads
                where account_id = $1 and deleted_at is null and lead_status = 'new'
                    and created_at >= $4 and created_at < $5
            ) as new_this_week,
            (
                select coalesce(json_agg(next_one), '[]')
                from (
                    select id, name, email, phone_number as "phoneNumber", next_followup_date as "nextFollowupDate",
                        lead_status as "leadStatus", customer_category as "customerCategory"
                    from leads
                    where account_id = $1 and deleted_at is null and next_followup_date between $2 and $3
                        and lead_status not in ('converted', 'lost')
                    order by next_followup_date, id limit {LISTED}
                ) as next_one
            ) as next_followups,
            (
                select json_agg(span order by number)
                from (
                    select number,
                        sum(lead_count) filter (where kind = 'created')::bigint as created,
                        sum(lead_count) filter (where kind = 'converted')::bigint as converted,
                        sum(lead_count) filter (where kind = 'lost')::bigint as lost
                    from happened group by number
                ) as span
            ) as spans
        from followups, conversions
    )
    select row_to_json(figures) from figures
"""  # noqa: S608  constants


async def figures(connection: Connection, account_id: UUID, calendar: Calendar) -> Figures:
    """Return the figures of the account.

    Their spans are the calendar's months and, last, this month in full.
    """
    spans = [*(span for _, span in calendar.months), calendar.this_month]
    found: str = await connection.fetchval(
        FIGURES,
        account_id,
        *(calendar.today, calendar.today + SOON),
        *(calendar.this_week.since, calendar.this_week.until),
        *([getattr(span, name) for span in spans] for name in ("since", "whole_since", "whole_until", "until")),
    )
    return msgspec.json.decode(found, type=Figures)
