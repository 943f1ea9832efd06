"""The headers of ``headers.tsv``: the usual names of contact fields in every language that an account can choose."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

HEADERS = Path(__file__).with_name("headers.tsv")


class Spellings(msgspec.Struct, frozen=True):
    """The headers that mean `target` in a language (BCP 47, without a country)."""

    language: str
    target: str
    headers: tuple[str, ...]


def spellings() -> Iterator[Spellings]:
    """Yield the lines of the table in their order."""
    for line in HEADERS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            language, target, headers = line.split("\t")
            yield Spellings(language, target, tuple(headers.split(" | ")))
