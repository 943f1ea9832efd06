"""Whatever the bytes: a file is read to its end and its rejects are written, or it is refused in our own words."""

import io
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.files.reading.making import archive, formats, opened, row, workbook
from tests.files.reading.saving import SAVERS
from tests.files.reading.walking import walk

WORKBOOK = workbook(
    row(1, "Report")
    + row(3, "Name", "Phone", "Email")
    + '<row r="4" hidden="1"><c r="A4" t="s"><v>1</v></c><c r="B4" s="1"><v>46229.5</v></c>'
    + '<c r="C4" t="b"><v>1</v></c></row>'
    + row(5, "Ann", "_x000D_", "a@example.com"),
    strings="<si><t>unused</t></si><si><r><t>Ri</t></r><r><t>ch</t></r></si>",
    styles=formats("yyyy-mm-dd hh:mm", "00000"),
)
SEEDS = {
    "csv": 'Report\n\nName,Phone,Email\n"Zoë ""Z""",1,"a\r\nb"\nName,Phone,Email\nBob;2;x\nTotal\n'.encode(),
    "windows": "sep=;\r\nName;Phone\r\nZoë;“1”\r\n".encode("cp1252"),
    "central european": "Name;City\nŁukasz Żółć;Kraków\n".encode("cp1250"),
    "mixed encodings": "Name,Notes\nJörg,ä\nZoë,ö\n".encode() + 'Zoë,"a "b" c"\n'.encode("cp1252"),
    "no header": b"Ann,+49 30 1234567\nBob,\x00\n",
    "unicode text": "Name\tPhone\nZoë\t1\n".encode("utf-16"),
    "json": b'{"leads": [{"name": "Ann", "n": -1.5e3, "x": {"y": [1, {}]}}, '
    b'{"field_data": [{"name": "q", "values": ["a"]}]}]}',
    "json lines": b'{"name": "Ann"}\n{"name": "B\\u00f6b", "phone": null}\n',
    "cards": "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gro=C3=9F;J=\r\n=C3=B6rg\r\n"
    "item1.TEL;TYPE=CELL,PREF:+49\r\n 30 1\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nFN:Zoë\\, A\r\nADR:;;1;2;3\r\nEND:VCARD\r\n".encode(),
    "workbook": WORKBOOK,
}
CONVERTED_SEEDS = {
    ending: save({"Leads": [["Name", "Phone"], ["Ann", 919876543210], ["Zoë", "00491234"]], "Other": [[True, 0.5]]})
    for ending, save in SAVERS.items()
}
"""Read by a child process, which takes a fifth of a second."""
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 3),
        st.binary(min_size=0, max_size=6) | st.sampled_from([b'"', b",", b"\n", b"{", b"<"]),
    ),
    min_size=1,
    max_size=4,
)


def edited(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """Return `data` with some pieces, at places from 0 to 1, taken out and others put in."""
    for place, length, put in edits:
        at = int(place * len(data))
        data = data[:at] + put + data[at + length :]
    return data


@given(st.binary(max_size=400))
@example(b'Name,Phone\n"')
@example(b"[{")
@example(b"PK\x03\x04")
@settings(deadline=None, max_examples=300)
def test_any_bytes(data: bytes) -> None:
    walk(data)


@given(
    st.text(st.sampled_from('Name,;\t|"\r\n\\{}[]:0e-é\x00\ufeff='), max_size=80),
    st.sampled_from(["utf-8", "cp1252", "utf-16", "utf-32"]),
)
@settings(deadline=None, max_examples=300)
def test_any_text_of_the_characters_that_matter(text: str, encoding: str) -> None:
    walk(f"Name,Phone\n{text}".encode(encoding, "replace"))
    walk(text.encode(encoding, "replace"))


@pytest.mark.parametrize("seed", SEEDS)
@given(EDITS)
@settings(deadline=None, max_examples=150)
def test_files_of_every_format_with_some_bytes_changed(seed: str, edits: list[tuple[float, int, bytes]]) -> None:
    walk(edited(SEEDS[seed], edits))


@pytest.mark.parametrize("ending", CONVERTED_SEEDS)
@given(EDITS)
@settings(deadline=None, max_examples=15)
def test_workbooks_that_are_converted_with_some_bytes_changed(
    ending: str, edits: list[tuple[float, int, bytes]]
) -> None:
    walk(edited(CONVERTED_SEEDS[ending], edits))


@pytest.mark.parametrize("ending", ["ods", "xlsb"])
@given(st.data())
@settings(deadline=None, max_examples=15)
def test_parts_of_converted_workbooks_with_some_bytes_changed(ending: str, data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(CONVERTED_SEEDS[ending])) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    walk(archive({**parts, name: edited(parts[name], data.draw(EDITS))}))


with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as packed:
    PARTS = {name: packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize("part", PARTS)
@given(EDITS)
@settings(deadline=None, max_examples=75)
def test_workbooks_with_some_bytes_of_a_part_changed(part: str, edits: list[tuple[float, int, bytes]]) -> None:
    walk(archive({**PARTS, part: edited(PARTS[part], edits)}))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_seeds_are_good(seed: str) -> None:
    assert len(list(opened(SEEDS[seed]).records())) >= 1
    assert walk(SEEDS[seed]) == "read"
