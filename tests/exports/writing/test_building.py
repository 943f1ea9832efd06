"""Having a file made by another process."""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from leadconnect.exports.columns import COLUMNS
from leadconnect.exports.slots import ExportsBusy
from leadconnect.exports.writing import building
from leadconnect.exports.writing.building import NotMade, make, workplace
from leadconnect.exports.writing.job import LEADS, ORDER, Heading, Job
from tests.exports.downloading import eventually, sheet, traces
from tests.exports.writing.leads import lead

HEADING = Heading("Rao Traders", [], "", "en", "UTC")
KEYS = [column.key for column in COLUMNS]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the folders of exports are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


async def test_a_file_stays_readable_when_its_folder_is_gone(folder: Path) -> None:
    async with workplace(uuid4()) as place:
        (place / LEADS).write_bytes(msgspec.json.Encoder().encode_lines([lead(name="Asha"), lead(name="Ravi")]))
        file = await make(place, Job("xlsx", KEYS, HEADING))
    assert not place.exists()
    with file:
        assert [row[1] for row in sheet(file.read())] == ["Name", "Asha", "Ravi"]
    assert traces(folder) == []


async def test_what_cannot_be_made_is_said_and_leaves_nothing(folder: Path) -> None:
    with pytest.raises(NotMade):
        async with workplace(uuid4()) as place:
            (place / LEADS).write_bytes(b"{}\n")
            await make(place, Job("xlsx", KEYS, HEADING))
    assert traces(folder) == []


async def test_whoever_is_cancelled_ends_the_process(folder: Path) -> None:
    async def work() -> None:
        async with workplace(uuid4()) as place:
            (place / LEADS).write_bytes(msgspec.json.Encoder().encode_lines([lead()] * 3_000))
            await make(place, Job("pdf", KEYS[:9], HEADING))

    working = asyncio.create_task(work())
    await eventually(lambda: any("exports.writing" in trace for trace in traces(folder)))
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert traces(folder) == []


async def test_so_many_have_a_place_at_a_time_and_the_others_wait(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "PATIENCE_SECONDS", 0.01)
    async with workplace(uuid4()), workplace(uuid4()):
        with pytest.raises(ExportsBusy):
            async with workplace(uuid4()):
                pass
        assert len(traces(folder)) == building.MADE_AT_ONCE
    async with workplace(uuid4()):
        assert len(traces(folder)) == 1


@pytest.mark.parametrize(("format_", "limit_mb"), [("xlsx", 80), ("pdf", 400)])
def test_the_process_does_not_grow_with_the_leads(tmp_path: Path, format_: str, limit_mb: int) -> None:
    (tmp_path / LEADS).write_bytes(msgspec.json.Encoder().encode_lines([lead(city="Pune " * 5)] * 3_000))
    (tmp_path / ORDER).write_bytes(msgspec.json.encode(Job(format_, KEYS[:9], HEADING)))
    program = (
        "import re, sys; from pathlib import Path; from leadconnect.exports.writing.__main__ import make;"
        "count = make(Path(sys.argv[1])); status = Path('/proc/self/status').read_text();"
        "print(count, int(re.search(r'VmHWM:\\s+(\\d+) kB', status)[1]) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    count, largest_mb = map(int, done.stdout.split())
    assert count == 3_000
    assert largest_mb < limit_mb
