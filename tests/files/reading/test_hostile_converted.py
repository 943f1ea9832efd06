"""Workbooks in other formats made to harm the reader: each is refused within the limits, in our own words."""

import io
import random
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest

from leadconnect.files.reading.converted import process, source
from leadconnect.files.reading.errors import FileTooLarge, TooManyRows, UnreadableFile, UnsupportedFile
from tests.files.reading.making import archive, cells, opened
from tests.files.reading.saving import SAVERS, Sheets, as_ods, as_xls, ods_of, record, sheet_of, xlsb_of
from tests.files.reading.walking import walk

SHEETS: Sheets = {"Leads": [["Name", "Phone"], ["Ann", 919876543210]]}
SHEET = "xl/worksheets/sheet1.bin"
FILE_PASS = 0x2F
INTERFACE = 0xE1


def table(rows: str) -> str:
    return f'<table:table table:name="Leads">{rows}</table:table>'


def row(cells: str, *, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def text_cell(content: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{content}</text:p></table:table-cell>'


def repeated(times: int) -> str:
    return text_cell("a").replace("-cell ", f'-cell table:number-columns-repeated="{times}" ', 1)


def number_cell(column: int) -> bytes:
    return record(5, struct.pack("<IId", column, 0, 1.5))


@pytest.mark.parametrize("ending", SAVERS)
@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused_or_read_in_part(ending: str, share: float) -> None:
    data = SAVERS[ending](SHEETS)
    assert walk(data[: int(len(data) * share)]) in ("unreadable_file", "unsupported_file", "read")


@pytest.mark.parametrize("seed", range(3))
def test_random_bytes_in_a_compound_file_are_refused(seed: int) -> None:
    noise = random.Random(seed).randbytes(20_000)
    data = as_xls(SHEETS)
    for cut in (8, 512, 1024):
        with pytest.raises((UnreadableFile, UnsupportedFile)):
            opened(data[:cut] + noise)


@pytest.mark.parametrize("part", ["content.xml", "xl/workbook.bin", SHEET])
def test_random_bytes_in_a_part_are_refused(part: str) -> None:
    with zipfile.ZipFile(io.BytesIO(SAVERS["ods" if part == "content.xml" else "xlsb"](SHEETS))) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    for seed in range(3):
        with pytest.raises((UnreadableFile, FileTooLarge)):
            opened(archive({**parts, part: random.Random(seed).randbytes(5_000)}))


def test_an_archive_that_unpacks_to_far_more_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(FileTooLarge, match="unpacks to far more"):
        opened(ods_of(table("") + " " * 50_000_000))
    with pytest.raises(FileTooLarge, match="unpacks to far more"):
        opened(xlsb_of({SHEET: bytes(50_000_000)}))


HUGE = {
    "ods area": ods_of(table(row(repeated(1_000), times=1_000_000))),
    "ods columns": ods_of(table(row(repeated(4_000_000_000)))),
    "xlsb area": xlsb_of({SHEET: sheet_of([(0, [number_cell(0)]), (1_048_575, [number_cell(16_383)])])}),
}


@pytest.mark.parametrize("name", HUGE)
def test_a_small_file_of_a_huge_sheet_is_refused(name: str) -> None:
    assert len(HUGE[name]) < 10_000
    assert walk(HUGE[name]) in ("file_too_large", "unreadable_file", "no_header")


def test_a_sheet_that_needs_more_memory_than_the_child_has_is_refused() -> None:
    data = ods_of(table(row(text_cell("Name")) + row(repeated(60), times=1_000_000)))
    assert len(data) < 10_000
    with pytest.raises(FileTooLarge, match="more memory or time"):
        opened(data)


def test_a_cell_outside_of_any_sheet_is_not_read() -> None:
    outside = sheet_of([(0, [number_cell(0)]), (0xFFFF_FFFE, [number_cell(1 << 31)])])
    assert cells(xlsb_of({SHEET: outside})) == [["1.5"]]


def test_a_row_that_is_repeated_beyond_the_last_one_has_too_many_rows() -> None:
    data = ods_of(table(row(text_cell("Name")) + row(repeated(1), times=4_000_000_000)))
    source = opened(data, row_limit=1_000)
    with pytest.raises(TooManyRows):
        list(source.records())


def test_a_sheet_of_every_cell_that_an_xls_file_can_have_is_read_or_refused() -> None:
    rows: list[list[str]] = [["Name", "Phone"], *([] for _ in range(65_533)), [*[""] * 255, "x"]]
    assert walk(as_xls({"Leads": rows})) in ("read", "file_too_large")


def test_entities_are_not_expanded() -> None:
    levels = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "ha">{levels}]>'
    entities = table(row(text_cell("&e11;")))
    with pytest.raises(UnreadableFile, match="damaged"):
        opened(ods_of(entities, before=bomb))
    external = '<!DOCTYPE x [<!ENTITY e11 SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(UnreadableFile, match="damaged"):
        opened(ods_of(entities, before=external))


def test_a_document_type_alone_does_no_harm() -> None:
    assert cells(as_ods(SHEETS, before="<!DOCTYPE x>")) == [["Ann", "919876543210"]]


def test_deep_nesting_is_refused_or_read() -> None:
    deep = "<text:span>" * 200_000 + "</text:span>" * 200_000
    assert walk(ods_of(table(row(text_cell(deep))))) in ("read", "unreadable_file", "file_too_large")


def test_a_workbook_with_a_password_is_refused_as_such() -> None:
    data = as_xls(SHEETS)
    at = data.index(struct.pack("<HH", INTERFACE, 2))
    encrypted = data[:at] + struct.pack("<HH", FILE_PASS, 2) + data[at + 4 :]
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    for locked in (encrypted, ods_of(table(""), manifest=entry)):
        with pytest.raises(UnsupportedFile, match="protected by a password") as refused:
            opened(locked)
        assert refused.value.status == 415


def test_a_compound_file_of_another_program_is_no_workbook() -> None:
    data = as_xls(SHEETS).replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le"))
    with pytest.raises(UnsupportedFile, match="no Excel workbook"):
        opened(data)


def test_a_file_above_the_limit_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "FILE_BYTES_LIMIT", 1 << 20)
    data = as_xls(SHEETS)
    with pytest.raises(FileTooLarge, match=r"A \.xls file may have 1 MB"):
        opened(data + bytes(1 << 20))


@pytest.mark.parametrize("ending", SAVERS)
def test_a_child_that_takes_too_long_is_ended(ending: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(process, "LONGEST_SECONDS", 0.001)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(FileTooLarge, match="more memory or time"):
        opened(SAVERS[ending](SHEETS))
    assert list(tmp_path.iterdir()) == []


def test_a_conversion_waits_for_a_slot_and_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PATIENCE_SECONDS", 0.01)
    with process._slot(), process._slot(), pytest.raises(process.ReadingBusy) as busy:
        opened(as_ods(SHEETS))
    assert (busy.value.status, busy.value.code) == (503, "reading_busy")
    assert cells(as_ods(SHEETS)) == [["Ann", "919876543210"]]


def test_the_child_process_has_no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    marker = tmp_path / "environment"
    (tmp_path / "sitecustomize.py").write_text(f"import os\nopen({str(marker)!r}, 'w').write('\\n'.join(os.environ))\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("LEADCONNECT_SECRET", "secret")
    assert cells(as_ods(SHEETS)) == [["Ann", "919876543210"]]
    names = marker.read_text().splitlines()
    assert "PYTHONPATH" in names
    assert not [name for name in names if name.startswith("LEADCONNECT")]
