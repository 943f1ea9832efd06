"""The pages say what is so: settings, links, the README's commands and size, and files without an address."""

import json
import re
from pathlib import Path

import httpx
import pytest
import typer

from leadconnect import cli
from leadconnect.settings import Settings, variable
from tests import make
from tests.cast import Cast

ROOT = Path(__file__).parents[2]

ROW = re.compile(r"\| `(?P<variable>[A-Z_]+)` \| (?P<default>\*empty\*|`[^`]*`) \| (?P<meaning>.+) \|")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
ADDRESS = re.compile(r"\b(https?|git|ssh|file|ftp)(\+\w+)?://", re.IGNORECASE)
BODY = re.compile(
    r"curl -s \S+/api(?P<path>/\S+)[^\n]* -d '(?P<json>[^']+)'|curl -s \$API(?P<short>/\S+)[^\n]* -d '(?P<body>[^']+)'"
)
COMMAND = re.compile(r"`leadconnect ([a-z]+)\b|\bleadconnect ([a-z]+)$")
README_LINES = 100


def pages() -> list[Path]:
    """Return every Markdown page of the tree."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/**/*.md")])


def written(value: object) -> str:
    """Return a setting's default as the page about settings writes it."""
    if value in ("", ()):
        return "*empty*"
    text = str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
    return f"`{text}`"


def test_every_setting_is_described_with_its_default_and_no_other() -> None:
    described = {
        row["variable"]: row["default"] for row in ROW.finditer((ROOT / "docs/settings.md").read_text("utf-8"))
    }
    defaults = Settings()
    real = {variable(field): written(getattr(defaults, field)) for field in Settings.__struct_fields__}
    assert described == real


def test_the_example_of_settings_names_only_real_ones() -> None:
    named = re.findall(r"^#?\s*([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert named
    assert set(named) <= {variable(field) for field in Settings.__struct_fields__}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    targets = [match["target"] for match in LINK.finditer(page.read_text("utf-8"))]
    local = [target for target in targets if not ADDRESS.match(target) and not target.startswith(("#", "mailto:"))]
    broken = [target for target in local if not (page.parent / target.partition("#")[0]).exists()]
    assert not broken


def test_every_path_that_the_readme_names_exists() -> None:
    found = re.findall(r"`((?:src|docs|tests|bench)(?:/[\w./-]*)?)`", (ROOT / "README.md").read_text("utf-8"))
    assert found
    assert [path for path in found if not (ROOT / path).exists()] == []


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= README_LINES


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_by_hash_and_name_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert ADDRESS.search(text) is None
    assert not re.search(r"^\s*-", text.replace("--hash=sha256:", ""), re.MULTILINE)
    entries = [entry for entry in text.replace("\\\n", " ").splitlines() if entry.strip()]
    loose = [entry for entry in entries if not re.match(r"[\w.\[\]-]+==\S+.* --hash=sha256:[0-9a-f]{64}", entry)]
    assert not loose


def test_the_tools_list_pins_what_the_runtime_list_pins() -> None:
    pins = [
        dict(re.findall(r"^([\w.\[\]-]+)==([^\s;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    ]
    runtime, everything = pins
    assert runtime.items() <= everything.items()


def bodies(page: str) -> dict[str, dict[str, str]]:
    """Return the bodies of the calls that a page shows, by their path below /api."""
    found = BODY.finditer((ROOT / page).read_text("utf-8"))
    return {match["path"] or match["short"]: json.loads(match["json"] or match["body"]) for match in found}


async def test_the_readmes_sign_up_answers_as_it_shows(client: httpx.AsyncClient) -> None:
    body = bodies("README.md")["/auth/signup"]
    answer = await client.post("/api/auth/signup", json={**body, "email": make.email("readme")})
    assert answer.status_code == 201, answer.text
    shown = re.search(r"```json\n(.+?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert shown
    example, real = json.loads(shown[1]), answer.json()
    assert example.keys() == real.keys()
    assert example["user"].keys() == real["user"].keys()
    assert {**real["user"], "id": "", "email": ""} == {**example["user"], "id": "", "email": ""}
    assert real["accessToken"].startswith(example["accessToken"].rstrip("…"))
    assert real["refreshToken"].startswith(example["refreshToken"].rstrip("…"))


async def test_the_readmes_file_is_imported_found_and_exported(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    printed = re.search(r"printf '(.+)' > leads.csv", (ROOT / "README.md").read_text("utf-8"))
    assert printed
    file = printed[1].replace("\\n", "\n").encode()
    answer = await client.post(
        "/api/leads/import", files={"file": ("leads.csv", file, "text/csv")}, headers=owner.headers
    )
    assert (answer.status_code, answer.json()["successful"]) == (201, 1), answer.text
    found = await client.get("/api/leads", params={"search": "vikram"}, headers=owner.headers)
    assert [lead["name"] for lead in found.json()["data"]] == ["Vikram Shah"]
    exported = await client.get("/api/leads/export", headers=owner.headers)
    assert "Vikram Shah" in exported.text


async def test_the_first_steps_make_a_lead(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    answer = await client.post("/api/leads", json=bodies("docs/guides/first-steps.md")["/leads"], headers=owner.headers)
    assert answer.status_code == 201, answer.text


async def test_the_first_steps_add_a_colleague(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    body = bodies("docs/guides/first-steps.md")["/profile/sub-users"] | {"email": make.email("ravi")}
    answer = await client.post("/api/profile/sub-users", json=body, headers=owner.headers)
    assert answer.status_code == 201, answer.text


def test_every_command_that_a_page_names_exists() -> None:
    group = typer.main.get_command(cli.app)
    commands = set(getattr(group, "commands", {}))
    named = {match[1] or match[2]: page.name for page in pages() for match in COMMAND.finditer(page.read_text("utf-8"))}
    assert commands
    assert {name: page for name, page in named.items() if name not in commands} == {}


def test_every_target_that_a_page_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {name for page in pages() for name in re.findall(r"`make ([a-z]+)", page.read_text("utf-8"))}
    assert named
    assert named <= targets
