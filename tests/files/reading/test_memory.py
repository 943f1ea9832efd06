"""The memory of a reader does not grow with its file. Each is measured in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.files.reading.growing import WRITERS

ROWS = {"csv": 100_000, "json": 40_000, "jsonl": 40_000, "xlsx": 20_000, "shared.xlsx": 20_000}
GROWTH_BYTES = 12_000_000
"""What a reader may take: buffers, and what it remembers. Holding the cells of the files below takes more."""


@pytest.mark.parametrize("kind", WRITERS)
def test_reading_a_large_file_takes_no_more_memory_than_a_reader_may(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"leads.{kind}"
    WRITERS[kind](path, ROWS[kind])
    command = [sys.executable, "-m", "tests.files.reading.growing", str(path), "1000000"]
    root = Path(__file__).parents[3]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split()
    assert int(found[0]) == ROWS[kind]
    assert int(found[1]) < GROWTH_BYTES
