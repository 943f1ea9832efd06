"""The template of an import: downloaded, filled in and sent, every column of it is known."""

import csv
import io

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest

from tests.cast import Actor, Cast
from tests.imports.importing import IMPORTS, rows, totals, upload

KINDS = ["csv", "xlsx"]


def header(kind: str, content: bytes) -> list[str]:
    """Return the header of a template."""
    if kind == "csv":
        return next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Leads", "Examples"]
    return [str(cell.value) for cell in book["Leads"][1]]


def filled(kind: str, content: bytes, row: list[str]) -> bytes:
    """Return a template with a row filled in."""
    if kind == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerow(row)
        return content + text.getvalue().encode()
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["Leads"].append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_filled_template_is_planned_with_all_columns_known(
    client: httpx.AsyncClient, owner: Actor, kind: str
) -> None:
    answer = await client.get(f"{IMPORTS}/template.{kind}", headers=owner.headers)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="leads_template.{kind}"'
    names = header(kind, answer.content)
    row = ["" for _ in names]
    row[names.index("Name")], row[names.index("Phone Number")] = "Asha Rao", "+91 98765 43210"
    made = await upload(client, owner, filled(kind, answer.content, row), name=f"leads.{kind}")
    assert totals(made) == {"create": 1}
    columns = made["plan"]["mapping"]["columns"]
    assert {column["because"] for column in columns} <= {"alias", "signature"}
    assert {column["target"] for column in columns}.isdisjoint({"notes", "ignored"})
    assert made["plan"]["file"]["headerIsSure"] is True
    (found,) = await rows(client, owner, made)
    assert found["lead"]["name"] == "Asha Rao"


@pytest.mark.parametrize("kind", KINDS)
async def test_an_empty_template_has_no_rows(client: httpx.AsyncClient, owner: Actor, kind: str) -> None:
    content = (await client.get(f"{IMPORTS}/template.{kind}", headers=owner.headers)).content
    made = await upload(client, owner, content, name=f"leads.{kind}")
    assert made["plan"]["totals"]["read"] == 0
    assert "The file has no rows below its header." in made["plan"]["file"]["warnings"]
    direct = await client.post("/api/leads/import", files={"file": ("l", content)}, headers=owner.headers)
    assert direct.status_code == 400
    assert "The file has no rows below its header." in direct.text


async def test_the_examples_can_be_imported(client: httpx.AsyncClient, owner: Actor) -> None:
    content = (await client.get(f"{IMPORTS}/template.xlsx", headers=owner.headers)).content
    made = await upload(client, owner, content, name="leads.xlsx", sheet="Examples")
    assert totals(made) == {"create": 2}
    assert [row["remarks"] for row in await rows(client, owner, made)] == [[], []]


@pytest.mark.parametrize("kind", KINDS)
async def test_the_template_is_for_those_who_may_add_leads(
    client: httpx.AsyncClient, cast: Cast, owner: Actor, kind: str
) -> None:
    viewer, adder, stranger = await cast.sub_user(owner), await cast.sub_user(owner, add=True), await cast.owner()
    assert (await client.get(f"{IMPORTS}/template.{kind}")).status_code == 401
    assert (await client.get(f"{IMPORTS}/template.{kind}", headers=viewer.headers)).status_code == 403
    for actor in (adder, stranger):
        assert (await client.get(f"{IMPORTS}/template.{kind}", headers=actor.headers)).status_code == 200
