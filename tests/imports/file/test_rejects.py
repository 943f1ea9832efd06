"""The reject file: what was not taken, as it stands in the file, so that it can be mended and sent again."""

import asyncio
import csv
import io
import os
import tempfile
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from leadconnect.edge.middleware import Edge
from tests.cast import Actor
from tests.exports.downloading import Download
from tests.files.reading.making import row, workbook
from tests.imports.importing import IMPORTS, applied, leads, sheet, totals, upload
from tests.patience import PATIENCE_SECONDS

BOTH = ",LeadConnect Error,LeadConnect Suggestion"


async def rejects(client: httpx.AsyncClient, owner: Actor, made: dict[str, object]) -> httpx.Response:
    answer = await client.get(f"{IMPORTS}/{made['id']}/rejects", headers=owner.headers)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
async def test_rejected_rows_keep_their_bytes(client: httpx.AsyncClient, owner: Actor, encoding: str) -> None:
    bad = 'Jürgen "der Große";"";  ;Köln\r\n'
    text = f'Name;Phone;Email;City\r\nZoë;+4930123456;;\r\n{bad}"Multi\nline";;;"A;B"\r\n'
    made = await upload(client, owner, text.encode(encoding), name="messe leads.csv")
    assert totals(made) == {"create": 1, "reject": 2}
    answer = await rejects(client, owner, made)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="messeleads_rejects.csv"'
    found = answer.content.decode(encoding)
    assert answer.content.startswith(text.encode(encoding)[:2])
    assert bad.rstrip() + ";The row has no contact;Add a phone number or an e-mail address" in found
    assert '"Multi\nline";;;"A;B";The row has' in found
    assert found.count("\r\n") == 3


async def test_a_mended_reject_file_can_be_imported_as_it_is(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await applied(client, owner, sheet("Asha,+919876543210,,Pune", "Ravi,,,Kochi", "Li Wei,,x@@example.com,"))
    assert totals(made) == {"create": 1, "reject": 2}
    table = list(csv.reader(io.StringIO((await rejects(client, owner, made)).text)))
    assert table[0][-2:] == ["LeadConnect Error", "LeadConnect Suggestion"]
    table[1][1], table[2][2] = "+919876543211", "li@example.com"
    mended = io.StringIO()
    csv.writer(mended).writerows(table)
    again = await applied(client, owner, mended.getvalue())
    assert totals(again) == {"create": 2}
    found = await leads(client, owner)
    assert [lead["name"] for lead in found] == ["Asha", "Li Wei", "Ravi"]
    assert {lead["additionalNotes"] for lead in found} == {None}


async def test_a_json_file_gets_its_rejected_objects_back(client: httpx.AsyncClient, owner: Actor) -> None:
    data = '[{"name": "Asha", "phone": "+919876543210"}, {"name": "Ravi",  "age": 40}]'
    made = await upload(client, owner, data, name="leads.json")
    assert totals(made) == {"create": 1, "reject": 1}
    (found,) = (await rejects(client, owner, made)).json()
    assert (found["name"], found["age"]) == ("Ravi", 40)
    assert found["LeadConnect Error"] == "The row has no contact"


async def test_thousands_of_rejected_rows_come_back_in_their_order(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, sheet(*(f"Person {number},,,Pune" for number in range(2_500))))
    table = list(csv.reader(io.StringIO((await rejects(client, owner, made)).text)))
    assert [cells[0] for cells in table[1:]] == [f"Person {number}" for number in range(2_500)]


def open_files(folder: Path) -> list[str]:
    """Return the files in `folder` that this process has open, of which none has a name any more."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(os.readlink(link))
    return [name for name in found if name.startswith(str(folder))]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_client_that_leaves_while_its_rejects_are_sent_leaves_no_file_open(
    app: Edge, client: httpx.AsyncClient, owner: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    data = sheet("Asha,,,") if form == "csv" else workbook(row(1, "Name", "Phone") + row(2, "Asha"))
    made = await upload(client, owner, data, name=f"leads.{form}")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    download = Download(app, owner, path=f"{IMPORTS}/{made['id']}/rejects")
    await download.first_chunk()
    assert open_files(tmp_path)
    download.disconnect()
    await asyncio.wait_for(download.task, PATIENCE_SECONDS)
    assert not download.is_whole
    assert open_files(tmp_path) == []


async def test_an_import_without_a_plan_has_no_rejects(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, b"%PDF-1.7", name="x.pdf")
    answer = await client.get(f"{IMPORTS}/{made['id']}/rejects", headers=owner.headers)
    assert (answer.status_code, answer.json()["statusCode"]) == (409, 409)
