"""What shows in which encoding a text file is: a cell, the letters, and lines that callers can compare."""

import re
from collections.abc import Sequence
from typing import BinaryIO

import msgspec

from leadconnect.files.reading.delimited.charsets import CHARSETS
from leadconnect.files.reading.delimited.detection import is_sure, near
from leadconnect.files.reading.delimited.encoding import Encoding, line_at, non_ascii_lines, read_at
from leadconnect.files.reading.layout import CELL_LIMIT, one_line
from leadconnect.files.reading.records import Change, Described, EncodingCandidate

SHOWN_LINES = 3
OTHER_ENCODING = "other_encoding"


def changed_cell(file: BinaryIO, encoding: Encoding, delimiter: str) -> list[str]:
    """Return the warning that a file is not UTF-8, with the cell that shows how it was read; none where it is."""
    place = encoding.not_utf_8_at
    if place < 0:
        return []
    codec, name = (encoding.second, encoding.second_name) if encoding.second else (encoding.codec, encoding.name)
    before = read_at(file, max(place - CELL_LIMIT, 0), min(place, CELL_LIMIT))
    edges = re.compile(rb"[" + re.escape(delimiter.encode()) + rb"\r\n]")
    raw = edges.split(before)[-1] + edges.split(read_at(file, place, CELL_LIMIT), maxsplit=1)[0]
    shown = one_line(raw.decode(codec, "replace").strip().strip('"'), 40)
    line = line_at(file, place)
    if encoding.codec == "utf-8":
        return [f"Some lines are not UTF-8 and were read as {name}; line {line} then says “{shown}”."]
    doubt = "" if is_sure(encoding.ranking) else "; check it, and set encoding if it is wrong"
    return [f"The file is not UTF-8 and was read as {name}; line {line} then says “{shown}”{doubt}."]


def with_evidence(file: BinaryIO, encoding: Encoding, described: Described) -> Described:
    """Return what is known of a file with the reasons for its encoding, and the other likely ones if it is not sure."""
    if encoding.is_chosen:
        return msgspec.structs.replace(described, encoding_evidence="As it was chosen.")
    if encoding.mark:
        evidence = f"The file begins with the byte order mark of {described.encoding}."
    elif not encoding.ranking:
        evidence = f"All of the file is valid {described.encoding}."
    else:
        evidence = ""
    if not encoding.ranking:
        return msgspec.structs.replace(described, encoding_evidence=evidence)
    best = encoding.ranking[0]
    letters = f"the other letters are those of {best.language_in_words} in {best.name}, such as “{best.words[0][:40]}”."
    evidence = f"{evidence} But not all of it is: " if evidence else ""
    start = evidence + ("Most lines are UTF-8; " if encoding.codec == "utf-8" else "It is not valid UTF-8; ")
    if is_sure(encoding.ranking):
        return msgspec.structs.replace(described, encoding_evidence=start + letters)
    lines = non_ascii_lines(file, encoding, SHOWN_LINES)
    candidates = (
        EncodingCandidate(one.name, tuple(one_line(line.decode(CHARSETS[one.name], "replace")) for line in lines))
        for one in near(encoding.ranking)
    )
    return msgspec.structs.replace(
        described,
        encoding_evidence=start + letters + " Other encodings are nearly as likely.",
        encoding_is_sure=False,
        encoding_candidates=tuple(candidates),
    )


def in_second_encoding(cells: Sequence[str], encoding: Encoding) -> tuple[Change, ...]:
    """Return the changes of a row that has lines in the second encoding of its file."""
    message = f"is not {encoding.name}; the row was read as {encoding.second_name}."
    if encoding.second == encoding.codec:
        message = f"has bytes that {encoding.name} does not have; they are shown as �."
    return tuple(Change(OTHER_ENCODING, at, message) for at, cell in enumerate(cells) if not cell.isascii())
