"""What a file is goes by its content, and what is not read is said plainly."""

import io
import zipfile

import pytest

from leadconnect.files.reading.errors import FileTooLarge, UnreadableFile, UnsupportedFile
from leadconnect.files.reading.opening import FILE_BYTES_LIMIT, open_source
from leadconnect.files.reading.records import FileFormat
from tests.files.reading.making import archive, opened, row, score, workbook

PEOPLE = "Name,Phone\nAnn,1\n"


@pytest.mark.parametrize(
    ("data", "name", "media", "kind"),
    [
        (PEOPLE.encode(), "leads.xlsx", "application/json", FileFormat.CSV),
        (PEOPLE.encode(), "leads.txt", "application/octet-stream", FileFormat.CSV),
        (PEOPLE.encode("utf-16"), "", "", FileFormat.CSV),
        (PEOPLE.encode("utf-16-le"), "", "", FileFormat.CSV),
        (PEOPLE.encode("utf-16-be"), "", "", FileFormat.CSV),
        (b'"[Name]","Phone"\nName,Phone\n', "", "", FileFormat.CSV),
        (b"[Name],Phone,City\n", "", "", FileFormat.CSV),
        (b"\r\nbegin:vcard\r\nFN:Ann\r\nEND:VCARD\r\n", "leads.csv", "text/csv", FileFormat.VCARD),
        (b'[{"name": "Ann"}]', "leads.csv", "text/csv", FileFormat.JSON),
        (b'\xef\xbb\xbf {"name": "Ann"}', "", "", FileFormat.JSON),
        (b'{"name": "Ann"}\n{"name": "Bob"}', "leads.json", "", FileFormat.JSON_LINES),
        (workbook(row(1, "Name", "Phone")), "leads.csv", "text/csv", FileFormat.XLSX),
    ],
)
def test_the_content_goes_before_name_and_media_type(data: bytes, name: str, media: str, kind: FileFormat) -> None:
    assert opened(data, name=name, media=media).described.format is kind


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
        (b"7z\xbc\xaf\x27\x1c\x00", "an archive"),
        (b"PK\x05\x06" + b"\0" * 18, "an archive"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"\xff\xd8\xff\xe0", "an image"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "an image"),
        (b"  <!DOCTYPE html><html>", "a web page"),
        (b"\xef\xbb\xbf<table><tr>", "a web page"),
        (b"<?xml version='1.0'?>", "an XML document"),
        (b"{\\rtf1\\ansi", "a rich text document"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00", "no text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "no Excel workbook, but another kind of Office file"),
        (archive({"a.txt": "b"}), "a zip archive, but no workbook"),
        (archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}), "OpenDocument"),
        (archive({"[Content_Types].xml": "", "_rels/.rels": "", "word/document.xml": ""}), "a Word document"),
    ],
)
def test_what_is_not_read_is_named_with_what_to_do(data: bytes, what: str) -> None:
    with pytest.raises(UnsupportedFile) as refused:
        opened(data, name="leads.csv", media="text/csv")
    assert refused.value.status == 415
    assert what in str(refused.value)
    assert "Please save it" in str(refused.value)


def test_a_workbook_with_a_password_is_told_apart() -> None:
    for length in (1024, 3 << 20):
        compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * length + "EncryptedPackage".encode("utf-16-le")
        with pytest.raises(UnsupportedFile, match="protected by a password"):
            opened(compound)


@pytest.mark.parametrize("data", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"is empty|No header"):
        opened(data)


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    class Sparse(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return FILE_BYTES_LIMIT + 1 if whence == 2 else super().seek(offset, whence)

    with pytest.raises(FileTooLarge, match="A file may have 100 MB") as refused:
        open_source(Sparse(PEOPLE.encode()), header_score=score, row_limit=10)
    assert refused.value.status == 413


def test_a_workbook_in_a_stored_archive_is_read() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(row(1, "Name", "Phone") + row(2, "A", "1")))) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert [record.cells for record in opened(archive(parts, zipfile.ZIP_STORED)).records()] == [["A", "1"]]
