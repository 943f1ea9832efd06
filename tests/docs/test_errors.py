"""The page about errors lists every code, with its status, and no other."""

import importlib
import pkgutil
import re
from pathlib import Path

import leadconnect
from leadconnect.errors import FieldCode, LeadConnectError

PAGE = (Path(__file__).parents[2] / "docs" / "guides" / "errors.md").read_text("utf-8")

for module in pkgutil.walk_packages(leadconnect.__path__, "leadconnect."):
    importlib.import_module(module.name)


def kinds(base: type[LeadConnectError] = LeadConnectError) -> list[type[LeadConnectError]]:
    """Return every error class of the program; tests have some of their own."""
    found = [base, *(each for child in base.__subclasses__() for each in kinds(child))]
    return [kind for kind in found if kind.__module__.startswith("leadconnect.")]


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table rows with a code below `heading`, without their back quotes."""
    _, _, below = PAGE.partition(f"## {heading}\n")
    section = below.partition("\n## ")[0]
    return [[cell.strip("` ") for cell in line[1:-1].split("|")] for line in re.findall(r"^\| `.*$", section, re.M)]


def test_every_code_of_a_field_is_listed_and_no_other() -> None:
    own = {(kind.code, field) for kind in kinds() if (field := _field_of(kind))}
    listed = [(cells[0], cells[1]) for cells in rows("Codes of fields")]
    assert {code for code, _ in listed} == {*FieldCode, *(code for code, _ in own)}
    assert own <= set(listed)


def test_every_code_of_an_error_is_listed_with_its_status_and_no_other() -> None:
    listed = {(cells[0], int(cells[1])) for cells in rows("Codes of errors")}
    assert listed == {(kind.code, kind.status) for kind in kinds()}


def _field_of(kind: type[LeadConnectError]) -> str | None:
    return None if kind.code == "validation_failed" else kind().field
