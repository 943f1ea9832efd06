"""Workbooks that mean harm: refused before anything is unpacked, or as soon as they show it."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from leadconnect.errors import LeadConnectError
from leadconnect.files.reading.errors import FileTooLarge, UnreadableFile, UnsupportedFile
from tests.files.reading.making import NAMESPACE, archive, opened, row, workbook

GOOD = workbook(row(1, "Name", "Phone") + row(2, "A", "1"))
SHEET = "xl/worksheets/sheet1.xml"


def refused(data: bytes, kind: type[LeadConnectError], message: str) -> None:
    with pytest.raises(kind) as found:
        list(opened(data).records())
    assert message in str(found.value)


def sheet(inside: str, before: str = "") -> bytes:
    return workbook(
        parts={SHEET: f'{before}<worksheet xmlns="{NAMESPACE}"><sheetData>{inside}</sheetData></worksheet>'}
    )


def changed(data: bytes, change: Callable[[bytearray], None]) -> bytes:
    copy = bytearray(data)
    change(copy)
    return bytes(copy)


def entries(data: bytes) -> list[int]:
    """Return the offsets of the entries of an archive's directory."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        at = packed.start_dir
        found = []
        for _ in packed.infolist():
            found.append(at)
            at += 46 + sum(struct.unpack_from("<3H", data, at + 28))
    return found


def test_the_one_they_are_made_from_is_good() -> None:
    assert [record.cells for record in opened(GOOD).records()] == [["A", "1"]]


def test_a_part_that_unpacks_to_more_than_a_hundred_times_its_size_is_refused() -> None:
    refused(sheet("<row/>" * 2_000_000), FileTooLarge, "unpacks to far more than its size")
    refused(workbook(parts={"xl/media/image1.png": b"\0" * 50_000_000}), FileTooLarge, "unpacks to far more")


def test_an_archive_of_a_million_entries_is_refused_without_reading_them() -> None:
    entry = b"PK\x01\x02" + b"\0" * 24 + struct.pack("<3H", 1, 0, 0) + b"\0" * 12 + b"a"
    count = 1_000_000
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 0xFFFF, 0xFFFF, count * len(entry), 30, 0)
    refused(b"PK\x03\x04" + b"\0" * 26 + entry * count + end, UnreadableFile, "damaged")


def test_more_sheets_than_anybody_has_are_refused() -> None:
    many = "".join(f'<sheet name="{n}" r:id="rId1"/>' for n in range(2_000))
    start = f'<workbook xmlns="{NAMESPACE}" xmlns:r="urn:r"><sheets>'
    refused(workbook(parts={"xl/workbook.xml": f"{start}{many}</sheets></workbook>"}), UnreadableFile, "1,000 sheets")
    padded = "".join(f'<sheet name="{n * 7919 % 999_983}" r:id="rId{n}"/>' for n in range(100_000))
    refused(workbook(parts={"xl/workbook.xml": f"{start}{padded}</sheets></workbook>"}), UnreadableFile, "damaged")


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels"])
def test_a_document_type_is_refused_in_every_part(part: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    refused(workbook(row(1, "Name"), parts={part: bomb}), UnreadableFile, "has a document type")


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "xl/../../evil", "..\\evil", "C:\\evil.xml"])
def test_names_that_lead_out_of_the_archive_are_refused(name: str) -> None:
    refused(workbook(row(1, "Name"), parts={name: "x"}), UnreadableFile, "names that none may have")


def test_a_name_that_stands_there_twice_is_refused() -> None:
    data = workbook(row(1, "Name"), parts={"a": "1", "b": "2"})
    twice = data[: entries(data)[0]] + data[entries(data)[0] :].replace(b"b", b"a")
    refused(twice, UnreadableFile, "names that none may have")


def test_parts_that_overlap_are_refused() -> None:
    first, second = entries(GOOD)[2:4]
    refused(
        changed(GOOD, lambda data: data.__setitem__(slice(first + 42, first + 46), data[second + 42 : second + 46])),
        UnreadableFile,
        "overlap",
    )


@pytest.mark.parametrize("size", [0, 1, 10, 0xFFFFFFF0])
def test_sizes_that_lie_are_refused(size: int) -> None:
    for at in entries(GOOD)[1:]:  # the first part is not read
        for field in (20, 24):
            lying = changed(GOOD, lambda data, at=at + field: struct.pack_into("<L", data, at, size))  # type: ignore[misc]
            with pytest.raises((UnreadableFile, FileTooLarge)):
                list(opened(lying).records())


def test_offsets_that_lie_are_refused() -> None:
    at = entries(GOOD)[-1]
    refused(changed(GOOD, lambda data: struct.pack_into("<L", data, at + 42, 0x7FFFFFFF)), UnreadableFile, "")
    end = GOOD.rindex(b"PK\x05\x06")
    refused(changed(GOOD, lambda data: struct.pack_into("<L", data, end + 16, 0x7FFFFFFF)), UnreadableFile, "damaged")
    refused(changed(GOOD, lambda data: struct.pack_into("<L", data, end + 12, 0x7FFFFFFF)), UnreadableFile, "damaged")


def test_an_encrypted_part_is_refused() -> None:
    at = entries(GOOD)[-1]
    encrypted = changed(GOOD, lambda data: struct.pack_into("<H", data, at + 8, 1))
    refused(encrypted, UnsupportedFile, "protected by a password")


def test_other_ways_of_packing_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    refused(archive(parts, zipfile.ZIP_LZMA), UnreadableFile, "packed in a way")


def test_a_part_that_was_damaged_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as packed:
        info = packed.getinfo(SHEET)
    at = info.header_offset + 30 + len(SHEET) + info.compress_size // 2
    refused(changed(GOOD, lambda data: data.__setitem__(at, data[at] ^ 0xFF)), UnreadableFile, "damaged")


@pytest.mark.parametrize("length", range(0, len(GOOD), 97))
def test_a_workbook_that_was_cut_off_is_refused(length: int) -> None:
    with pytest.raises((UnreadableFile, UnsupportedFile)):
        opened(GOOD[:length])


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<a>" * 20_000, "not built as sheets are"),
        ("<row><c><is>" + "<r>" * 20_000, "not built as sheets are"),
        ("<row><c><v>" + "<v>" * 20_000, "not built as sheets are"),
        ("<row><c>" * 10_000, "not built as sheets are"),
        (
            f"<row {' '.join(f'a{n}=' + chr(34) + str(n * 7919) + chr(34) for n in range(120_000))}/>",
            "tag that is too long",
        ),
        ('<row r="1048577"/>', "a row 1048577 after row 1, which no sheet has"),
        ('<row r="1"/>', "a row 1 after row 1, which no sheet has"),
        ('<row r="x"/>', "damaged"),
        ("".join('<row><c r="XFD1"><v>1</v></c></row>' for _ in range(2_000)), "not built as sheets are"),
        ('<row><c r="XFE1"/></row>', "which no sheet has"),
        ('<row><c r="1"/></row>', "which no sheet has"),
        (f'<row><c r="{"A" * 5_000}1"/></row>', "which no sheet has"),
        ('<row><c t="s"><v>0</v></c></row>', "no text with the number 0"),
        ('<row><c t="s"><v>-1</v></c></row>', "no text with the number -1"),
        (f'<row><c t="s"><v>{"9" * 5_000}</v></c></row>', "damaged"),
        ('<row><c s="x"><v>1</v></c></row>', "damaged"),
        ("<row></c>", "damaged"),
        ("<row>&unknown;</row>", "damaged"),
    ],
)
def test_a_sheet_that_is_not_built_as_sheets_are_is_refused(inside: str, message: str) -> None:
    refused(sheet(row(1, "Name", "Phone") + inside), UnreadableFile, message)


def test_a_cell_or_text_without_end_is_refused() -> None:
    long = "".join(f"{n * 7919 % 999_983}\n" for n in range(25_000))
    for length, limit in ((None, "131,072"), (32_768, "32,767")):
        refused(workbook(row(1, "Name", long[:length])), UnreadableFile, f"longer than {limit}")
        refused(
            workbook(row(1, "Name"), strings=f"<si><t>{long[:length]}</t></si>"), UnreadableFile, f"longer than {limit}"
        )
    assert opened(workbook(row(1, "Name", long[:32_767]))).described.header[1] == long[:32_767]
    refused(workbook(row(1, "Name"), strings="<si>" + "<r>" * 20_000), UnreadableFile, "nested too deep")


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"])
@pytest.mark.parametrize("text", ["", "no XML", "<a><b></a>", "\0"])
def test_parts_that_hold_something_else_are_refused(part: str, text: str) -> None:
    with pytest.raises(UnreadableFile):
        opened(workbook(row(1, "Name"), parts={part: text}))


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_parts_that_lack_what_belongs_there_are_refused(part: str) -> None:
    with pytest.raises(UnreadableFile):
        opened(workbook(row(1, "Name"), parts={part: "<worksheet/>"}))
