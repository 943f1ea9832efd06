"""Load from wrk, a generator in C: one in Python would take the cores that it measures."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

import msgspec

SCRIPT = Path(__file__).with_name("wrk.lua")


class CannotMeasure(Exception):
    """The benchmark cannot run here; the message says what is missing."""


class Call(NamedTuple):
    """One request. The body is JSON on one line, or empty."""

    method: str
    path: str
    body: str = ""


class Load(msgspec.Struct, frozen=True):
    """What one run of wrk saw. Durations are seconds; errors are refused connections, time-outs and answers ≥ 400."""

    requests: int
    seconds: float
    received_bytes: int
    p50: float
    p99: float
    errors: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def json_call(method: str, path: str, body: Any) -> Call:
    """Return a call whose body is `body` as JSON."""
    return Call(method, path, json.dumps(body, ensure_ascii=False, separators=(",", ":")))


def wrk_path() -> str:
    """Return where wrk is.

    Raises:
        CannotMeasure: it is not installed.
    """
    found = shutil.which("wrk")
    if found is None:
        raise CannotMeasure("wrk is not on the PATH. Debian and Ubuntu: apt install wrk; macOS: brew install wrk.")
    return found


def run_wrk(address: str, calls: list[Call], token: str, *, seconds: int, connections: int) -> Load:
    """Send `calls` in turn to `address` over `connections` for `seconds`."""
    with NamedTemporaryFile("w", suffix=".calls", encoding="utf-8") as file:
        file.writelines(f"{call.method}\t{call.path}\t{call.body}\n" for call in calls)
        file.flush()
        size = ["--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--timeout", "10s"]
        command = [wrk_path(), *size, "--script", str(SCRIPT), address, "--", file.name]
        environment = {**os.environ, "BENCH_TOKEN": token}
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30, env=environment)
    return parse_wrk(done.stdout + done.stderr)


def parse_wrk(output: str) -> Load:
    """Read the line of JSON that `SCRIPT` prints at the end.

    Raises:
        CannotMeasure: it is not there; the message holds what wrk said instead.
    """
    for line in output.splitlines():
        if line.startswith("RESULT "):
            return msgspec.json.decode(line.removeprefix("RESULT "), type=Load)
    raise CannotMeasure(f"wrk failed: {output.strip()}")
