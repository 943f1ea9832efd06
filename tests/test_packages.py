"""Packages are units: what they import from each other has no cycle, and the README's map is that graph in words."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "leadconnect"


def packages() -> set[str]:
    """Return the packages and modules right below `leadconnect`."""
    return {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or path.is_dir()} - {
        "__init__",
        "__pycache__",
        "py",
    }


THROUGH_QUERIES: dict[str, str] = {
    "exports": "the list and the export must find the same rows, so they share one predicate",
}
"""Packages that import `leads.queries` or the queries of its parts, each with the reason."""


def imported(path: Path) -> Iterator[str]:
    """Yield the modules of ours that a file imports, or names of them, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.startswith("leadconnect."):
                yield name.removeprefix("leadconnect.")


@cache
def graph() -> dict[str, set[str]]:
    """Return what each package imports of the others."""
    found: dict[str, set[str]] = {package: set() for package in packages()}
    for path in SOURCE.rglob("*.py"):
        package = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        if package in found:
            found[package] |= {name.partition(".")[0] for name in imported(path)} - {package}
    return found


def the_map() -> list[str]:
    """Return the packages in the order of the README's map."""
    text = (ROOT / "README.md").read_text("utf-8").partition("## Map of the code")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`(\w+)`", row)]


def test_the_graph_knows_every_package() -> None:
    assert {"leads", "imports", "database"} <= graph().keys()
    assert {name for imports in graph().values() for name in imports} <= graph().keys()
    assert "leads" in graph()["imports"]


def test_no_package_imports_itself_by_way_of_others() -> None:
    assert set(TopologicalSorter(graph()).static_order()) == packages()


def test_the_map_names_every_package_once() -> None:
    assert sorted(the_map()) == sorted(packages())


def test_a_package_imports_only_what_comes_after_it_in_the_map() -> None:
    order = {package: number for number, package in enumerate(the_map())}
    wrong = [(one, other) for one, others in graph().items() for other in others if order[other] < order[one]]
    assert not wrong


def test_no_package_imports_the_queries_of_another() -> None:
    found = set()
    for path in SOURCE.rglob("*.py"):
        package = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for name in imported(path):
            other, *parts = name.split(".")
            if other != package and "queries" in parts:
                found.add((package, other))
    assert found == {(package, "leads") for package in THROUGH_QUERIES}
