"""What the benchmark sends: calls for wrk, made from the data that lies in the database, and rows to import."""

import csv
import io
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from urllib.parse import quote

import asyncpg
import msgspec

from bench.load import Call, json_call
from leadconnect.seed import generate
from leadconnect.seed.generate import SeedAccount, SeedLead

TERM_COUNT = 40
ID_COUNT = 1_000
NEW_LEAD_COUNT = 2_000
ANALYTICS_CALLS = [Call("GET", f"/api/analytics?days={days}") for days in (7, 30, 90, 365)]
"""The periods that the browser client offers, and the longest one."""

NOT_SENT = frozenset({"id", "user_id", "assigned_to_user_id", "created_by", "updated_by", "created_at", "updated_at"})
SENT = tuple(field for field in SeedLead._fields if field not in NOT_SENT)


class Terms(msgspec.Struct, frozen=True):
    """Search terms, each list of another kind; all but `rare` find something."""

    rare: list[str]
    phone: list[str]
    first_name: list[str]
    company: list[str]


async def search_terms(connection: "asyncpg.Connection[asyncpg.Record]", account: SeedAccount) -> Terms:
    """Pick terms from the leads of `account`: five digits of a phone, a first name, the first words of a company."""
    rows = await connection.fetch(
        "select name, phone_number, company_name from leads where account_id = $1 and company_name is not null "
        "order by md5(id::text) limit $2",
        account.id,
        TERM_COUNT,
    )
    return Terms(
        rare=[f"q{number}xzvw" for number in range(TERM_COUNT)],
        phone=["".join(filter(str.isdigit, row["phone_number"]))[-5:] for row in rows],
        first_name=[given.latin for given in account.home.culture.given],
        company=[" ".join(row["company_name"].split()[:2]).lower() for row in rows],
    )


async def get_calls(connection: "asyncpg.Connection[asyncpg.Record]", account: SeedAccount) -> list[Call]:
    """Return reads of single leads of `account`, spread over all of them."""
    rows = await connection.fetch(
        "select id from leads where account_id = $1 order by md5(id::text) limit $2", account.id, ID_COUNT
    )
    return [Call("GET", f"/api/leads/{row['id']}") for row in rows]


def search_calls(terms: list[str]) -> list[Call]:
    """Return a search for each of `terms`, first page of 20."""
    return [Call("GET", f"/api/leads?limit=20&search={quote(term)}") for term in terms]


def post_calls(account: SeedAccount) -> list[Call]:
    """Return calls that create leads, no two alike."""
    return [json_call("POST", "/api/leads", lead) for lead in new_leads(account, NEW_LEAD_COUNT, number=1)]


def new_leads(account: SeedAccount, count: int, *, number: int) -> list[dict[str, Any]]:
    """Return `count` leads as the API takes them; another `number`, other leads. No two share a phone or an e-mail
    address: among so many, the generator makes some people twice, and an import leaves those out.
    """
    random = Random(f"new/{number}")
    leads = [_input(lead) for lead in generate.leads(account, count, datetime.now(UTC), random)]
    for position, lead in enumerate(leads):
        lead["phoneNumber"] = f"+91 7{number:02} {position:07}"
        if "email" in lead:
            lead["email"] = f"{number}.{position}.{lead['email']}"
    return leads


def csv_file(leads: list[dict[str, Any]]) -> bytes:
    """Return `leads` as a CSV file with the headings of the export, in UTF-8."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [_camel(field) for field in SENT], restval="")
    writer.writerow({_camel(field): _heading(field) for field in SENT})
    writer.writerows(leads)
    return text.getvalue().encode()


def _input(lead: SeedLead) -> dict[str, Any]:
    given = {_camel(field): getattr(lead, field) for field in SENT}
    return {
        field: value.isoformat() if isinstance(value, date) else value
        for field, value in given.items()
        if value is not None
    }


def _camel(field: str) -> str:
    head, *tail = field.split("_")
    return head + "".join(word.capitalize() for word in tail)


def _heading(field: str) -> str:
    return " ".join("of" if word == "of" else word.capitalize() for word in field.split("_"))
