"""How a file is read is decided by its options, each of which plans it again; and what no text can have is dropped."""

import io

import httpx
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from tests.cast import Actor
from tests.imports.importing import IMPORTS, applied, change, leads, rows, totals, upload

JOHN = "John,+1 415 555 0101,j@example.com,said\n"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (f"Name,Phone,Email,Notes\n{JOHN}".replace("John", "Jo\0hn"), "leads.csv"),
        (f"Name,Phone,Email,Notes\n{JOHN}".replace("415", "41\x005"), "leads.csv"),
        (f"Name,Phone,Email,Notes\n{JOHN}".replace("j@", "j\0@"), "leads.csv"),
        (f"Name,Phone,Email,Notes\n{JOHN}".replace("said", "s\0aid\0"), "leads.csv"),
        (f"Name,Phone,Email,No\0tes\n{JOHN}", "le\0ads.csv"),
        (f"Name,Phone,Email,Foo\n{JOHN}".replace("said", "\0said"), "leads.csv"),
        ('[{"name": "Jo\\u0000hn", "phone": "+1 415 555 0101", "email": "j@example.com", "notes": "s\\ud800"}]', "a"),
    ],
)
async def test_zero_bytes_are_dropped_wherever_they_are(
    client: httpx.AsyncClient, owner: Actor, data: str, name: str
) -> None:
    made = await upload(client, owner, data, name=name)
    assert totals(made) == {"create": 1}
    (row,) = await rows(client, owner, made)
    assert row["lead"]["name"] == "John"
    assert row["lead"]["email"] == "j@example.com"
    has_dropped = "characters_dropped" in [remark["code"] for remark in row["remarks"]]
    assert has_dropped is ("\0" in data.partition("\n")[2] or "\\u0000" in data)
    answer = await client.post(f"{IMPORTS}/{made['id']}/apply", headers=owner.headers | {"Prefer": "wait=30"})
    assert answer.json()["status"] == "applied"
    assert [lead["name"] for lead in await leads(client, owner)] == ["John"]


async def test_a_name_of_zero_bytes_is_no_name(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, "Name,Phone\n\0,+1 415 555 0101\n")
    assert made["plan"]["totals"]["reasons"] in ({"no_name": 1}, {})
    (row,) = await rows(client, owner, made)
    assert "characters_dropped" in [remark["code"] for remark in row["remarks"]]
    answer = await client.get(f"{IMPORTS}/{made['id']}/rejects", headers=owner.headers)
    assert answer.status_code == 200


async def test_a_zero_byte_in_what_a_failure_repeats_is_stored(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, '[{"a\\u0000": "1", "a\\u0000": "2"}]')
    assert (made["status"], made["failure"]["code"]) == ("failed", "unreadable_file")


async def test_a_file_of_unknown_headers_can_be_imported_by_naming_its_columns(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    made = await upload(client, owner, "A,B,C\nVikram,98765 43210,Pune\n")
    assert made["status"] == "planned"
    assert made["plan"]["file"]["headerIsSure"] is False
    assert [column["header"] for column in made["plan"]["mapping"]["columns"]] == ["A", "B", "C"]
    columns = [{"position": 0, "target": "name"}, {"position": 1, "target": "phoneNumber"}]
    made = await change(client, owner, made, columns=columns)
    assert totals(made) == {"create": 1}
    (row,) = await rows(client, owner, made)
    assert (row["lead"]["name"], row["lead"]["phoneNumber"]) == ("Vikram", "98765 43210")


async def test_the_header_line_can_be_said_afterwards(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, "Name,Email\nKontakt,Elektropost\nVikram,vikram@example.com\n")
    assert made["plan"]["file"]["headerLine"] == 1
    made = await change(client, owner, made, headerLine=2)
    assert made["options"]["headerLine"] == 2
    assert made["plan"]["file"]["header"] == ["Kontakt", "Elektropost"]
    assert made["plan"]["totals"]["read"] == 1
    made = await change(client, owner, made, headerLine=None)
    assert made["plan"]["file"]["headerLine"] == 1


async def test_a_file_without_a_header_is_imported_and_its_columns_are_not_remembered(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    columns = [{"position": 0, "target": "name"}, {"position": 1, "target": "phoneNumber"}]
    first = await applied(client, owner, "Asha Rao,+91 98765 43210\n", columns=columns)
    assert totals(first) == {"create": 1}
    assert first["plan"]["file"]["hasHeader"] is False
    second = await upload(client, owner, "Pune,+91 98765 43211\n")
    assert {column["because"] for column in second["plan"]["mapping"]["columns"]} <= {"content", "unknown"}


async def test_rejects_of_a_file_without_a_header_can_be_mended_and_sent_again(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    columns = [{"position": 0, "target": "name"}, {"position": 1, "target": "phoneNumber"}]
    made = await upload(client, owner, "Asha Rao,+91 98765 43210\nRavi Nair,\n", columns=columns)
    assert totals(made) == {"create": 1, "reject": 1}
    answer = await client.get(f"{IMPORTS}/{made['id']}/rejects", headers=owner.headers)
    lines = answer.text.splitlines()
    assert lines[0] == "Column A,Column B,LeadConnect Error,LeadConnect Suggestion"
    assert lines[1].startswith("Ravi Nair,,The row has")
    again = await upload(client, owner, answer.text.replace("Nair,,", "Nair,+91 98765 43211,"), columns=columns)
    assert totals(again) == {"create": 1}


@pytest.mark.parametrize("option", [{"headerLine": -1}, {"headerLine": 1.5}, {"hiddenRows": "maybe"}])
async def test_options_that_cannot_be_are_refused(
    client: httpx.AsyncClient, owner: Actor, option: dict[str, object]
) -> None:
    made = await upload(client, owner, "Name,Phone\nAsha,+91 98765 43210\n")
    answer = await client.patch(f"{IMPORTS}/{made['id']}", json=option, headers=owner.headers)
    assert answer.status_code == 400
    assert next(iter(option)) in answer.text


async def test_hidden_rows_are_read_or_left_out(client: httpx.AsyncClient, owner: Actor) -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for at, cells in enumerate([("Name", "Email"), ("Ann", "ann@example.com"), ("Bob", "bob@example.com")]):
        sheet.write_row(at, 0, cells)
    sheet.set_row(2, None, None, {"hidden": True})
    book.close()
    made = await upload(client, owner, file.getvalue(), name="leads.xlsx")
    assert totals(made) == {"create": 2}
    assert made["plan"]["file"]["warnings"] == ["Rows that are hidden in the sheet were read like the others: 1."]
    made = await change(client, owner, made, hiddenRows="skip")
    assert totals(made) == {"create": 1}
    assert made["plan"]["file"]["warnings"] == ["Rows that are hidden in the sheet were left out: 1."]


async def test_an_encoding_can_be_said_afterwards(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, "Name;Email\nPeña;p@example.com\n".encode("mac-roman"))
    file = made["plan"]["file"]
    assert file["encodingIsSure"] is False
    assert {"encoding": "Mac Roman", "lines": ["Peña;p@example.com"]} in file["encodingCandidates"]
    made = await change(client, owner, made, encoding="macintosh")
    assert (made["options"]["encoding"], made["plan"]["file"]["encoding"]) == ("macintosh", "Mac Roman")
    (row,) = await rows(client, owner, made)
    assert row["lead"]["name"] == "Peña"
    answer = await client.patch(f"{IMPORTS}/{made['id']}", json={"encoding": "klingon"}, headers=owner.headers)
    assert answer.status_code == 400
    assert "encoding must be one of: UTF-8, " in answer.text


async def test_a_row_in_another_encoding_than_the_file_says_so(client: httpx.AsyncClient, owner: Actor) -> None:
    lines = [f"Jörg {at},j{at}@example.com\n".encode() for at in range(5)]
    data = b"Name,Email\n" + b"".join(lines) + "Zoë,z@example.com\n".encode("cp1252")
    made = await upload(client, owner, data)
    assert totals(made) == {"create": 6}
    found = await rows(client, owner, made)
    assert [row["lead"]["name"] for row in found][-2:] == ["Jörg 4", "Zoë"]
    assert [[remark["code"] for remark in row["remarks"]] for row in found] == [[]] * 5 + [["other_encoding"]]


async def test_what_links_lead_to_is_read(client: httpx.AsyncClient, owner: Actor) -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Name", "Email", "Phone", "LinkedIn page"])
    sheet.write_url(1, 0, "mailto:vikram@example.com", string="Vikram")
    sheet.write_url(1, 3, "https://www.example.com/in/vikram", string="profile")
    sheet.write_row(2, 0, ["Ann"])
    sheet.write_url(2, 1, "mailto:ann@example.com", string="write to Ann")
    sheet.write_row(3, 0, ["Bob"])
    sheet.write_formula(3, 2, '=HYPERLINK("tel:+14155550101","Call")', value="Call")
    book.close()
    made = await upload(client, owner, file.getvalue(), name="leads.xlsx")
    assert totals(made) == {"create": 3}
    found = [row["lead"] for row in await rows(client, owner, made)]
    assert [(lead["name"], lead.get("email")) for lead in found] == [
        ("Vikram", "vikram@example.com"), ("Ann", "ann@example.com"), ("Bob", None),
    ]  # fmt: skip
    assert found[2]["phoneNumber"] == "+14155550101"
    assert "https://www.example.com/in/vikram" in str(found[0])


async def test_cards_are_imported_and_their_rejects_come_back_as_csv(client: httpx.AsyncClient, owner: Actor) -> None:
    data = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Rao;Asha;;;\r\nFN:Asha Rao\r\nTEL;TYPE=CELL:+91 98765 43210\r\n"
        "EMAIL:asha@example.com\r\nORG:Rao Textiles\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Nobody\r\nEND:VCARD\r\n"
    )
    made = await upload(client, owner, data, name="contacts.vcf")
    assert totals(made) == {"create": 1, "reject": 1}
    found = (await rows(client, owner, made))[0]["lead"]
    assert (found["name"], found["phoneNumber"], found["email"], found["companyName"]) == (
        "Asha Rao", "+91 98765 43210", "asha@example.com", "Rao Textiles",
    )  # fmt: skip
    answer = await client.get(f"{IMPORTS}/{made['id']}/rejects", headers=owner.headers)
    assert answer.headers["content-disposition"] == 'attachment; filename="contacts_rejects.csv"'
    mended = answer.content.decode().replace("Nobody,,,", "Nobody,,,+91 98765 43211")
    assert totals(await upload(client, owner, mended)) == {"create": 1}
