"""Cards of all versions, as phones, Apple's and Google's address books write them."""

import io
from typing import Any

import pytest

from leadconnect.files.reading.cards.properties import HEADER
from leadconnect.files.reading.errors import TooManyRows
from leadconnect.files.reading.rejects import Rejected, write_rejects
from tests.files.reading.making import opened


def cards(data: str | bytes, **options: Any) -> list[dict[str, str]]:
    """Return the filled cells of each card by their columns."""
    records = opened(data, **options).records()
    return [{name: cell for name, cell in zip(HEADER, one.cells, strict=True) if cell} for one in records]


def card(*lines: str, version: str = "3.0") -> str:
    """Return a card of these properties."""
    return "".join(f"{line}\r\n" for line in ("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD"))


def test_a_card_of_a_phone_in_version_2_1() -> None:
    data = card(
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gro=C3=9F;J=C3=B6rg;;Dr.;",
        "TEL;CELL;PREF:+49 170 1234567", "TEL;HOME;VOICE:030 7654321",
        "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:wants 200 l=", "=E4den=0D=0Asoon",
        "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQ", " AAAAAA==", "", version="2.1",
    )  # fmt: skip
    assert cards(data) == [
        {"Name": "Dr. Jörg Groß", "Phone": "+49 170 1234567", "Phone 2": "030 7654321",
         "Notes": "wants 200 läden\r\nsoon"}
    ]  # fmt: skip


def test_a_card_of_apple_in_version_3() -> None:
    data = card(
        "N:Rao;Asha;;;", "FN:Asha Rao", "ORG:Rao Textiles;Sales;", "TITLE:Owner\\, founder",
        "item1.EMAIL;type=INTERNET;type=pref:asha@example.com", "item1.X-ABLabel:_$!<Work>!$_",
        "EMAIL;type=INTERNET:a.rao@example.com", "item2.TEL:+91 98765 43210",
        "ADR;type=WORK:;;1 High St;Pune;Maharashtra;411001;India", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-07-26",
        "URL:https\\://example.com", "NOTE:one\\ntwo\\; thr", " ee", "CATEGORIES:hot,new", "NICKNAME:Ash",
    )  # fmt: skip
    assert cards(data) == [
        {"Name": "Asha Rao", "Company Name": "Rao Textiles", "Designation": "Owner, founder",
         "Phone": "+91 98765 43210", "Email": "asha@example.com", "Email 2": "a.rao@example.com",
         "Street": "1 High St", "City": "Pune", "State": "Maharashtra", "Pincode": "411001", "Country": "India",
         "Date of Birth": "--07-26", "Website": "https://example.com", "Labels": "hot,new",
         "Notes": "one\ntwo; three", "Other": "Org: Rao Textiles, Sales\nNickname: Ash"}
    ]  # fmt: skip


def test_a_card_in_version_4() -> None:
    data = card(
        "FN:Zoë Müller", 'TEL;VALUE=uri;TYPE="voice,home":tel:+49-30-1234567', "EMAIL;PREF=1:zoe@example.com",
        "EMAIL:z@example.com", "BDAY:19900726", "ADR:;;Weg 1;Köln;;50667;DE", version="4.0",
    )  # fmt: skip
    assert cards(data) == [
        {"Name": "Zoë Müller", "Phone": "+49-30-1234567", "Email": "zoe@example.com", "Email 2": "z@example.com",
         "Date of Birth": "1990-07-26", "Street": "Weg 1", "City": "Köln", "Pincode": "50667", "Country": "DE"}
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
def test_several_cards_in_any_encoding_with_their_lines_and_bytes(encoding: str) -> None:
    first, second = card("FN:Łukasz Żółć"), card("FN:Ann")
    data = f"{first}\r\n{second}".encode(encoding)
    records = list(opened(data).records())
    assert [(record.line, record.cells[0]) for record in records] == [(1, "Łukasz Żółć"), (6, "Ann")]
    plain = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)
    assert [data[record.start : record.end].decode(plain) for record in records] == [first, second]


def test_more_phones_than_columns_share_the_last_one() -> None:
    (found,) = cards(card("FN:Ann", *(f"TEL:+4930123456{at}" for at in range(7))))
    assert found["Phone 5"] == "+49301234564; +49301234565; +49301234566"


def test_what_is_broken_costs_only_itself() -> None:
    data = (
        "BEGIN:VCARD\r\nFN:lost\r\n" + card("FN:Ann", "no property", ";:", "TEL") + "FN:outside\r\nBEGIN:VCARD\r\nFN:x"
    )
    assert cards(data) == [{"Name": "Ann"}]
    assert cards(card("TEL:")) == []
    assert opened("BEGIN:VCARD\r\n").described.warnings == ("The file has no rows below its header.",)


def test_a_large_picture_is_passed_over() -> None:
    picture = "PHOTO;BASE64:" + "\r\n ".join(["A" * 70] * 40_000)
    assert cards(card(picture, "FN:Ann") + card("FN:Bob")) == [{"Name": "Ann"}, {"Name": "Bob"}]


def test_cards_are_bounded() -> None:
    with pytest.raises(TooManyRows):
        cards(card("FN:Ann") * 3, row_limit=2)


def test_rejects_of_cards_are_a_csv_file_that_can_be_sent_again() -> None:
    data = card("FN:=Ann", "TEL:+49 30 1234567") + card("FN:Bob")
    source = opened(data)
    rejected = [Rejected(record, "It is wrong.") for record in source.records()]
    again = b"".join(write_rejects(io.BytesIO(data.encode()), source.described, rejected))
    rows = [record.cells for record in opened(again).records()]
    assert [row[0] for row in rows] == ["'=Ann", "Bob"]
    assert [row[-2] for row in rows] == ["It is wrong.", "It is wrong."]
