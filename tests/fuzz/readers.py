"""Fuzzing of the readers, guided by coverage: ``make fuzz`` runs it for a minute, SECONDS=600 longer.

It needs atheris (libFuzzer for Python, Linux only), which the development tools do not bring: ``pip install atheris``.
What it finds it leaves as a file ``crash-…`` in the current folder.
"""

import importlib
import sys
import tempfile
from pathlib import Path

atheris = importlib.import_module("atheris")

with atheris.instrument_imports(include=["leadconnect.files.reading", "zipfile", "json"]):
    from tests.files.reading.making import archive
    from tests.files.reading.test_fuzzing import CONVERTED_SEEDS, PARTS, SEEDS
    from tests.files.reading.walking import walk

SHEET = "xl/worksheets/sheet1.xml"
SEPARATOR = b"\0\0"


def one_input(data: bytes) -> None:
    """Read `data` as a file; what begins with ``<`` as the sheet of a workbook, and its shared strings, too."""
    if data.startswith(b"<"):
        sheet, _, strings = data.partition(SEPARATOR)
        walk(archive({**PARTS, SHEET: sheet, **({"xl/sharedStrings.xml": strings} if strings else {})}))
    walk(data)


def main() -> None:
    """Fuzz from our seeds with the arguments of libFuzzer, such as ``-max_total_time=60``."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in {
            **SEEDS,
            **CONVERTED_SEEDS,
            "sheet": PARTS[SHEET] + SEPARATOR + PARTS["xl/sharedStrings.xml"],
        }.items():
            Path(folder, name.replace(" ", "-")).write_bytes(data)
        atheris.Setup([*sys.argv, folder], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
