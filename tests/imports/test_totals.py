"""A plan against a plain model of it: every row has the verdict that it should, and the totals add up."""

from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import msgspec
import pytest

from tests.cast import Actor
from tests.imports.importing import applied, apply, leads, rows, sheet, totals, upload

PHONES = [f"+9198765432{number:02d}" for number in range(12)]
EMAILS = [f"p{number}@example.com" for number in range(12)]
NAMES = {"Asha Rao": "Asha", "Rao Asha": "Asha", "Dr. Asha Rao": "Asha", "Ravi Nair": "Ravi", "NAIR RAVI": "Ravi"}
"""Spellings of the names of two people, who share numbers and addresses."""
SPELLED = {"+919876543200": "0091 98765 43200", "p3@example.com": "P3+news@Example.com"}


class Line(msgspec.Struct, frozen=True):
    """A row of a random file."""

    name: str
    phone: str
    email: str
    city: str

    def cells(self, random: Random) -> str:
        spelled = [SPELLED.get(key, key) if random.random() < 0.5 else key for key in (self.phone, self.email)]
        return ",".join((self.name, *spelled, self.city))


def lines(random: Random, count: int) -> list[Line]:
    """Return random rows; those without a name have no contact either, which would name them."""
    return [_line(random) for _ in range(count)]


def _line(random: Random) -> Line:
    line = Line(
        random.choice([*NAMES, *NAMES, "", "", ""]),
        random.choice([*PHONES, "", "", ""]),
        random.choice([*EMAILS, "", "", ""]),
        random.choice(["Pune", "Kochi", ""]),
    )
    return line if line.name else msgspec.structs.replace(line, phone="", email="")


def verdicts(file: list[Line], there: list[dict[str, Any]], policy: str, on_match: str) -> Iterator[str]:
    """Yield what becomes of each row, one after the other, as people would say it."""
    seen: set[tuple[str, str]] = set()
    changed: set[str] = set()
    for line in file:
        keys = {(NAMES.get(line.name, ""), key) for key in (line.phone, line.email) if key}
        if not line.name or not keys:
            yield "reject"
            continue
        if keys & seen:
            yield "duplicate"
            seen |= keys
            continue
        seen |= keys
        yield _verdict(line, there, policy, on_match, changed)


def _verdict(line: Line, there: list[dict[str, Any]], policy: str, on_match: str, changed: set[str]) -> str:
    person = [lead for lead in there if NAMES[lead["name"]] == NAMES[line.name]]
    by_phone = [lead for lead in person if line.phone and lead["phoneNumber"] == line.phone]
    by_email = [lead for lead in person if line.email and lead["email"] == line.email]
    by_both = [lead for lead in by_phone if lead in by_email]
    if not by_phone and not by_email:
        return "skip" if policy == "update" else "create"
    lead = (by_both or by_email or by_phone)[0]
    if policy == "create":
        return "duplicate"
    given = {"name": line.name, "phoneNumber": line.phone, "email": line.email, "city": line.city}
    differs = [
        field
        for field, value in given.items()
        if value and value != (lead[field] or "") and (on_match == "overwrite" or not lead[field])
    ]
    if not differs:
        return "skip"
    if lead["id"] in changed:
        return "duplicate"
    changed.add(lead["id"])
    return "update"


@pytest.mark.parametrize("seed", range(12))
async def test_every_row_has_the_verdict_that_the_model_gives_it(
    client: httpx.AsyncClient, owner: Actor, seed: int
) -> None:
    random = Random(seed)
    before = [line for line in lines(random, 8) if line.name and (line.phone or line.email)]
    await applied(client, owner, sheet(*(",".join((each.name, each.phone, each.email, each.city)) for each in before)))
    there = await leads(client, owner)
    policy, on_match = random.choice(["create", "update", "upsert"]), random.choice(["fill_blanks", "overwrite"])
    file = [line for line in lines(random, 40) if any(msgspec.structs.astuple(line))]  # what is blank is no row
    made = await upload(
        client, owner, sheet(*(line.cells(Random(seed)) for line in file)), policy=policy, onMatch=on_match
    )
    planned = await rows(client, owner, made, limit=500)
    assert len(planned) == made["plan"]["totals"]["read"] == len(file)
    if on_match == "fill_blanks":  # a number spelled in another way is another text, which only overwriting would write
        assert [row["verdict"] for row in planned] == list(verdicts(file, there, policy, on_match))
    done = await apply(client, owner, made)
    assert totals(done) == totals(made)
    added = totals(done).get("create", 0)
    assert len(await leads(client, owner)) == len(there) + added
    if policy == "create" or (policy == "upsert" and on_match == "fill_blanks"):  # overwriting makes others of leads
        again = await upload(client, owner, sheet(*(line.cells(Random(seed)) for line in file)))
        assert totals(again).get("create", 0) == 0
