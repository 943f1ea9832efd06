"""What became of each cell of a row: one entry for every cell, in every format, as long as the file is kept."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.files.reading.records import Described, FileFormat
from leadconnect.imports.file.cells import cell_outcomes
from leadconnect.imports.models import Plan, RowVerdict, Totals, Verdict
from leadconnect.imports.queries import CHUNK_BYTES
from leadconnect.recognition.models import Fate
from tests.cast import Actor, Cast
from tests.files.reading.making import row, workbook
from tests.files.reading.saving import as_ods, as_xls
from tests.imports.importing import IMPORTS, applied, sheet, upload
from tests.recognition.rows.reading import Sheet

HEADER = ["Name", "Phone", "Email", "Shoe size", "City"]
ASHA = ["Asha Rao", "+91 98765 43210 / +91 91234 56789", "asha@example.com", "38", ""]
NOBODY = ["Nobody", "", "", "", "Pune"]
CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Asha Rao\r\nTEL;TYPE=CELL:+91 98765 43210\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nobody\r\nEND:VCARD\r\n"
)


async def read(client: httpx.AsyncClient, actor: Actor, made: dict[str, Any], number: object) -> httpx.Response:
    """Ask for a row of an import."""
    return await client.get(f"{IMPORTS}/{made['id']}/rows/{number}", headers=actor.headers)


async def cells(client: httpx.AsyncClient, actor: Actor, made: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Return the entries of a row."""
    answer = await read(client, actor, made, number)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["cells"]
    return found


def files() -> dict[str, bytes]:
    """The same two rows in every format, by the name of the file."""
    table = [HEADER, ASHA, NOBODY]
    objects = [dict(zip(HEADER, each, strict=True)) for each in (ASHA, NOBODY)]
    return {
        "leads.csv": "\r\n".join(",".join(each) for each in table).encode(),
        "leads.json": json.dumps(objects).encode(),
        "leads.jsonl": "\n".join(map(json.dumps, objects)).encode(),
        "leads.xlsx": workbook("".join(row(number, *each) for number, each in enumerate(table, start=1))),
        "leads.xls": as_xls({"Leads": table}),
        "leads.ods": as_ods({"Leads": table}),
    }


@pytest.mark.parametrize("name", ["leads.csv", "leads.json", "leads.jsonl", "leads.xlsx", "leads.xls", "leads.ods"])
async def test_each_cell_of_a_row_is_answered_in_every_format(
    client: httpx.AsyncClient, owner: Actor, name: str
) -> None:
    made = await upload(client, owner, files()[name], name=name)
    found = await cells(client, owner, made, 1)
    assert [(one["header"], one["cell"]) for one in found][:4] == list(zip(HEADER, ASHA, strict=True))[:4]
    assert [one["fate"] for one in found][:4] == ["field", "notes", "field", "notes"]
    assert found[0]["values"] == {"name": "Asha Rao"}
    assert found[1]["values"] == {"phoneNumber": "+91 98765 43210"}
    rejected = await cells(client, owner, made, 2)
    assert {one["cell"]: one["fate"] for one in rejected if one["cell"]} == {"Nobody": "rejected", "Pune": "rejected"}


async def test_a_card_is_answered_too(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, CARDS, name="people.vcf")
    found = await cells(client, owner, made, 1)
    assert {"name", "phoneNumber"} <= {field for one in found for field in one["values"]}
    assert [one["position"] for one in found] == list(range(len(found)))
    assert "Nobody" in [one["cell"] for one in await cells(client, owner, made, 2)]


async def test_a_row_far_down_in_a_file_of_many_parts_is_read_from_its_place(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    lines = [f"Person {number},+91 98765 {number:05d},p{number}@example.com,{'x' * 80}" for number in range(6_000)]
    made = await upload(client, owner, sheet(*lines))
    assert made["sizeBytes"] > 2 * CHUNK_BYTES
    for number in (1, 2_500, 6_000):
        found = await cells(client, owner, made, number)
        assert ",".join(one["cell"] for one in found) == lines[number - 1]


async def test_a_row_beyond_the_header_and_a_remark_are_at_their_cells(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, sheet("Asha,12345,not an address,Pune", "Ben,+91 98765 43211,,,Mumbai"))
    first, second = [(await read(client, owner, made, number)).json() for number in (1, 2)]
    at_cells = {cell["header"]: cell["remarks"] for cell in first["cells"] if cell["remarks"]}
    assert at_cells == {one["column"]: [one] for one in first["remarks"]}
    assert at_cells.keys() == {"Phone", "Email"}
    beyond = second["cells"][4]
    assert (beyond["header"], beyond["target"], beyond["cell"], beyond["fate"]) == (None, None, "Mumbai", "rejected")


@pytest.mark.parametrize("number", [0, 2, 2**31, 10**30, -1, "x", "1.0"])
async def test_there_is_no_other_row(client: httpx.AsyncClient, owner: Actor, number: object) -> None:
    made = await upload(client, owner, sheet("Asha,+91 98765 43210,,"))
    answer = await read(client, owner, made, number)
    assert (answer.status_code, answer.json()["message"]) == (404, "There is no such row in this import")


async def test_a_file_that_is_not_kept_is_a_conflict(client: httpx.AsyncClient, owner: Actor) -> None:
    lines = [f"Person {number},+91 98765 {number:05d},,{'x' * 80}" for number in range(4_000)]
    made = await applied(client, owner, sheet(*lines))
    assert len(await cells(client, owner, made, 1)) == 4  # the first part of the file is kept
    answer = await read(client, owner, made, 4_000)
    assert (answer.status_code, answer.json()["message"]) == (
        409,
        "The file of this import is not kept any more. Upload it again.",
    )
    cancelled = await upload(client, owner, sheet("Ben,+91 98765 43211,,"))
    await client.delete(f"{IMPORTS}/{cancelled['id']}", headers=owner.headers)
    assert (await read(client, owner, cancelled, 1)).status_code == 409


async def test_rows_are_for_callers_who_see_the_import(client: httpx.AsyncClient, cast: Cast, owner: Actor) -> None:
    made = await upload(client, owner, sheet("Asha,+91 98765 43210,,"))
    stranger, viewer = await cast.owner(), await cast.sub_user(owner, view=True, edit=True)
    adder = await cast.sub_user(owner, view=False, add=True)
    assert (await client.get(f"{IMPORTS}/{made['id']}/rows/1")).status_code == 401
    assert (await read(client, stranger, made, 1)).status_code == 404
    assert (await read(client, viewer, made, 1)).status_code == 403
    assert (await read(client, adder, made, 1)).status_code == 404
    assert (await read(client, owner, made, 1)).status_code == 200


async def test_many_rows_can_be_read_in_parallel(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, files()["leads.xlsx"], name="leads.xlsx")
    found = await asyncio.gather(*(cells(client, owner, made, 1) for _ in range(8)))
    assert all(each == found[0] for each in found)


HEADERS = st.lists(st.sampled_from(["Name", "Phone", "Phone", "Email", "Shoe size", "", "City"]), min_size=1)
ROWS = st.lists(st.sampled_from(["", " ", "Asha", "9876543210", "#N/A", "a@example.com", "n" * 6_000]), max_size=10)


@given(HEADERS, ROWS, st.sampled_from(list(Verdict)))
def test_every_cell_has_exactly_one_entry(header: list[str], row_: list[str], verdict: Verdict) -> None:
    made = Sheet(header, [row_])
    (reading,) = made.readings()
    if reading.skip is None:
        made.reader.judge(reading)
    outcome = RowVerdict(1, 2, verdict, None, None, None, None, (), tuple(reading.faults), (), (), ())
    plan = Plan(Described(FileFormat.CSV, header, 1), made.mapping, Totals(1, {}))
    found = cell_outcomes(made.records[0], plan, reading, outcome, reading.values)
    assert [(one.position, one.cell) for one in found] == list(enumerate(row_))
    for one in found:
        assert (one.fate is Fate.BLANK) >= (not one.cell.strip())
        if one.cell.strip() and verdict is Verdict.REJECT:
            assert one.fate is Fate.REJECTED
