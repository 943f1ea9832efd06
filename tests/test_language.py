"""The language of the field: docs/glossary.md lists the words, and this test finds those that it replaces.

Docstrings, comments, messages and names are read. A package joins `CHECKED` when its text has been revised.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "leadconnect"
CHECKED = ("analytics", "clock", "dsn", "index", "mail/announcements", "notifications", "queue")
FIRST_LINE_LENGTH = 90

REPLACED = re.compile(
    r"\b(told|tells?|telling|news|somebody|nobody|anew|beside|meanwhile|verdicts?|judge[sd]?|judging|at once"
    r"|great acts?|idled|silence)\b",
    re.IGNORECASE,
)
"""The words of the left column of the glossary that have no other meaning in this program."""

ALLOWED: dict[str, str] = {
    "notifications/telling.py: tell": "the function that handles the jobs named so by earlier versions",
    "notifications/mailing.py: news": "the value that queued jobs of earlier versions have, and its handler",
    "mail/announcements.py: tell": "the value that queued jobs of earlier versions have",
}
"""Words that stay, as ``path: word``, each with the reason."""


def checked_files() -> list[Path]:
    """Return the source files of the packages and modules in `CHECKED`."""
    found: list[Path] = []
    for name in CHECKED:
        path = SOURCE / name
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    return found


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the strings and comments of a file with their lines; docstrings are strings too."""
    source = path.read_text("utf-8")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.STRING, tokenize.COMMENT):
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name.replace("_", " ")


def first_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the first line of each docstring with the line of what it describes."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            text = ast.get_docstring(node)
            if text:
                yield getattr(node, "lineno", 1), text.splitlines()[0]


@pytest.mark.parametrize("path", checked_files(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_word_is_used_that_the_glossary_replaces(path: Path) -> None:
    name = str(path.relative_to(SOURCE))
    found = [
        f"{name}:{line}: {word}"
        for line, text in texts(path)
        for word in REPLACED.findall(text)
        if f"{name}: {word.lower()}" not in ALLOWED
    ]
    assert not found


@pytest.mark.parametrize("path", checked_files(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_first_line_of_a_docstring_is_short(path: Path) -> None:
    long = [f"{line}: {text}" for line, text in first_lines(path) if len(text) > FIRST_LINE_LENGTH]
    assert not long


def test_the_glossary_has_every_word_that_is_replaced() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8").lower()
    for word in ("told", "news", "somebody", "nobody", "anew", "beside", "meanwhile", "verdict", "judge", "at once"):
        assert f"| {word}" in text or f", {word}" in text, word
