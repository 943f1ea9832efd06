"""Running the program as an operator does."""

import os
import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE_SECONDS


def leadconnect(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the program in `folder`; its data folder is ``data`` there."""
    return subprocess.run(
        [sys.executable, "-m", "leadconnect.cli", *arguments],
        env={"PATH": os.environ["PATH"], "LEADCONNECT_BCRYPT_ROUNDS": "4", "COLUMNS": "200", **environ},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
        cwd=folder,
    )
