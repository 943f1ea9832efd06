"""Zero bytes and halves of surrogate pairs, wherever a file has them, are dropped and said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.files.reading.cleaning import DROPPED, cleaned
from leadconnect.files.reading.records import Record, Source
from tests.files.reading.making import opened, row, workbook


def dropped(source: Source) -> list[tuple[list[str], list[int]]]:
    """Return the cells of each row, and the positions of those of which characters were dropped."""
    return [
        (record.cells, [change.position for change in record.changes if change.code == DROPPED])
        for record in source.records()
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_zero_bytes_in_cells_of_a_csv_file(encoding: str) -> None:
    source = opened("Na\0me,Phone,\0\nJos\0é,\0,a\0b\0\nAnn,1,\n".encode(encoding))
    assert source.described.header == ["Name", "Phone", ""]
    assert dropped(source) == [(["José", "", "ab"], [0, 1, 2]), (["Ann", "1", ""], [])]


def test_zero_bytes_in_a_quoted_cell_and_above_the_header() -> None:
    source = opened('Re\0port\nName,Notes\nAnn,"a\0\r\n""b"""\n')
    assert source.described.left_out == ("Report",)
    assert dropped(source) == [(["Ann", 'a\r\n"b"'], [1])]


def test_a_row_of_zero_bytes_is_blank() -> None:
    assert dropped(opened("Name,Phone\n\0,\0\nAnn,1\n")) == [(["Ann", "1"], [])]


@pytest.mark.parametrize("bad", ["\\u0000", "\\ud800", "\\udc00\\ud800", "\0"])
def test_characters_of_json_that_no_text_can_have(bad: str) -> None:
    source = opened('[{"na?me": "Jo?hn", "n": {"x": "?"}, "list": ["?a", "b"]}]'.replace("?", bad))
    assert source.described.header == ["name", "n.x", "list"]
    assert dropped(source) == [(["John", "", "a; b"], [0, 1, 2])]


def test_keys_of_json_that_are_equal_without_them_stay_apart() -> None:
    assert opened('[{"a": "1", "a\\u0000": "2"}]').described.header == ["a", "a (2)"]


def test_a_whole_pair_of_surrogates_is_a_character() -> None:
    assert dropped(opened('[{"name": "\\ud83d\\ude00"}]')) == [(["😀"], [])]


def test_escaped_zero_bytes_of_a_workbook() -> None:
    assert dropped(opened(workbook(row(1, "Name", "Phone") + row(2, "A_x0000_nn", "1")))) == [(["Ann", "1"], [0])]


@given(st.lists(st.text(st.characters(categories=["L", "Cs"]) | st.just("\0"))))
def test_what_is_left_can_be_stored_and_nothing_else_is_lost(cells: list[str]) -> None:
    found = cleaned(Record(1, cells))
    for at, (before, after) in enumerate(zip(cells, found.cells, strict=True)):
        assert after == "".join(char for char in before if char != "\0" and not 0xD800 <= ord(char) < 0xE000)
        assert (before != after) == (at in [change.position for change in found.changes])
    json.dumps(found.cells, ensure_ascii=False).encode()
