"""What analytics are to say, worked out from the rows in plain Python, one lead after the other."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from asyncpg import Record

Row = Mapping[str, Any] | Record
OPEN = {"new", "followup", "qualified", "hot"}


def expected(rows: Iterable[Row], today: date, zone: ZoneInfo, days: int) -> dict[str, Any]:
    """Return the answer to `days` on the day `today`, of `rows` of all columns of the account's leads."""
    live = [row for row in rows if row["deleted_at"] is None]
    first, soon = today - timedelta(days=days), today + timedelta(days=7)
    due = [row for row in live if row["lead_status"] in OPEN and row["next_followup_date"]]
    timeline = {
        "overdue": sum(row["next_followup_date"] < today for row in due),
        "dueThisWeek": sum(today <= row["next_followup_date"] <= soon for row in due),
        "future": sum(row["next_followup_date"] > soon for row in due),
    }
    channels = [
        row["preferred_communication_channel"] or row["custom_communication_channel"] or "unknown" for row in live
    ]
    return {
        "basicMetrics": basic_metrics(live, today, zone) | {"dueThisWeek": timeline["dueThisWeek"]},
        "followupTimeline": timeline,
        "leadSourceBreakdown": shares("source", [row["lead_source"] for row in live]),
        "leadStatusBreakdown": shares("status", [row["lead_status"] for row in live]),
        "categoryBreakdown": shares("category", [row["customer_category"] for row in live]),
        "communicationChannels": shares("channel", channels),
        "next7DaysFollowups": [next_followup(row) for row in sorted(due, key=by_day) if in_days(row, today, soon)][
            :100
        ],
        "monthlyTrends": trends(live, first, today, zone),
        "period": {"days": days, "startDate": str(first), "endDate": str(today)},
    }


def basic_metrics(live: list[Row], today: date, zone: ZoneInfo) -> dict[str, Any]:
    statuses = Counter(row["lead_status"] for row in live)
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    took = [ceil((row["converted_at"] - row["created_at"]) / timedelta(days=1)) for row in live if row["converted_at"]]

    def this_month(column: str) -> int:
        return sum(month_of(row[column], zone) == f"{today:%Y-%m}" for row in live)

    return {
        "totalLeads": len(live),
        "convertedLeads": statuses["converted"],
        "hotLeads": statuses["hot"],
        "potentialCustomers": sum(row["customer_category"] == "potential" for row in live),
        "newThisWeek": sum(
            row["lead_status"] == "new" and sunday <= row["created_at"].astimezone(zone).date() <= today for row in live
        ),
        "pendingFollowups": sum(
            row["lead_status"] == "followup" and row["next_followup_date"] is not None for row in live
        ),
        "qualifiedLeads": statuses["qualified"],
        "readyToConvert": statuses["qualified"] + statuses["hot"],
        "highPriority": statuses["hot"],
        "convertedCustomers": this_month("converted_at"),
        "lostOpportunities": this_month("lost_at"),
        "conversionRate": percentage(statuses["converted"], len(live)),
        "successRate": percentage(statuses["converted"], statuses["converted"] + statuses["lost"]),
        "avgConversionTime": int(rounded(Decimal(sum(took)) / len(took), "1")) if took else 0,
    }


def shares(name: str, labels: list[str]) -> list[dict[str, Any]]:
    ordered = sorted(Counter(labels).items(), key=lambda item: (-item[1], item[0].encode()))
    return [
        {name: label, "count": count, "percentage": percentage(count, len(labels))} for label, count in ordered[:100]
    ]


def trends(live: list[Row], first: date, today: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    months = sorted({f"{first + timedelta(days=number):%Y-%m}" for number in range((today - first).days + 1)})

    def happened(column: str, month: str) -> int:
        days = (row[column].astimezone(zone).date() for row in live if row[column])
        return sum(first <= day <= today and f"{day:%Y-%m}" == month for day in days)

    return [
        {
            "month": month,
            "leads": happened("created_at", month),
            "converted": happened("converted_at", month),
            "lost": happened("lost_at", month),
        }
        for month in months
    ]


def next_followup(row: Row) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "email": row["email"],
        "phoneNumber": row["phone_number"],
        "nextFollowupDate": str(row["next_followup_date"]),
        "leadStatus": row["lead_status"],
        "customerCategory": row["customer_category"],
    }


def by_day(row: Row) -> tuple[date, Any]:
    return row["next_followup_date"], row["id"]


def in_days(row: Row, first: date, last: date) -> bool:
    return bool(first <= row["next_followup_date"] <= last)


def month_of(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m}" if moment else ""


def percentage(part: int, whole: int) -> float:
    return float(rounded(Decimal(100 * part) / whole, "0.01")) if whole else 0


def rounded(value: Decimal, to: str) -> Decimal:
    return value.quantize(Decimal(to), ROUND_HALF_UP)
