"""Problems are data: no code reads a message, ours or msgspec's, to learn what was wrong."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "leadconnect"
TEXTS = ("message", "requirement")
"""The attributes of errors that are text for people."""
SEARCHING = frozenset(
    {"count", "endswith", "find", "findall", "finditer", "fullmatch", "index", "match", "partition", "removeprefix",
     "removesuffix", "rfind", "rpartition", "rsplit", "search", "split", "splitlines", "startswith", "sub"}
)  # fmt: skip
"""Methods that look into a text."""
SENTENCE_SHOWN = {"wire/decoding.py": "what is no JSON at all is shown in msgspec's words, less the first of them"}
"""Files that may use the sentence of a msgspec error, each with the reason."""
RAISED_BY_MSGSPEC = frozenset({"ValidationError", "DecodeError", "MsgspecError"})


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in TEXTS


def _names(node: ast.AST | None) -> set[str]:
    return {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)} if node else set()


def read_messages(source: str) -> Iterator[int]:
    """Yield the lines of `source` that look into a message."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=attr), args=args) if attr in SEARCHING:
                found = _is_text(value) or any(map(_is_text, args))
            case ast.Compare(ops=ops, left=left, comparators=others):
                operands = (left, *others)
                found = any(isinstance(op, (ast.In, ast.NotIn, ast.Eq)) for op in ops) and any(map(_is_text, operands))
            case ast.For(iter=each) | ast.comprehension(iter=each):
                found = _is_text(each)
                node = each
            case _:
                continue
        if found:
            yield getattr(node, "lineno", 0)


def read_sentences(source: str) -> Iterator[int]:
    """Yield the lines of `source` where an error of msgspec gets a name, by which its sentence could be read."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler) and node.name and _names(node.type) & RAISED_BY_MSGSPEC:
            yield node.lineno


@pytest.mark.parametrize(
    "source",
    [
        "for message in error.message: pass",
        "[each for each in error.message]",
        "field = fault.message.partition(' ')",
        "AT_MOST.search(fault.requirement)",
        "'control characters' in fault.requirement",
        "fault.message == 'name is required'",
    ],
)
def test_looking_into_a_message_is_found(source: str) -> None:
    assert list(read_messages(source)) == [1]


def test_naming_an_error_of_msgspec_is_found() -> None:
    assert list(read_sentences("try:\n    pass\nexcept msgspec.ValidationError as error:\n    pass")) == [3]
    assert list(read_sentences("try:\n    pass\nexcept (msgspec.MsgspecError, OSError):\n    pass")) == []


def test_no_code_looks_into_a_message() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in SOURCE.rglob("*.py")
        for line in read_messages(path.read_text())
    ]
    assert found == []


def test_no_code_reads_the_sentence_of_a_msgspec_error() -> None:
    readers = {str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if [*read_sentences(path.read_text())]}
    assert readers == set(SENTENCE_SHOWN)
