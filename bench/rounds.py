"""Rounds: every scenario and every yardstick in turn, several times over, so that noise on the machine falls on all."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import msgspec

from bench import usage
from bench.load import Call, Load, run_wrk
from bench.yardstick import Pace, run_pgbench

CONNECTIONS = 16


class Scenario(msgspec.Struct, frozen=True):
    """Calls to send as the holder of `token`. `ratio_to` names the yardstick that does the same work, if one does."""

    name: str
    calls: list[Call]
    token: str
    connections: int = CONNECTIONS
    ratio_to: str = ""


class Yardstick(msgspec.Struct, frozen=True):
    """A script for pgbench, with its variables."""

    name: str
    script: str
    variables: dict[str, str]


class Measured(msgspec.Struct, frozen=True):
    """Medians over the rounds: `rate` a second, `p50` and `p99` in seconds, CPU in seconds a request.

    For a yardstick `p50` is the mean and `p99` is 0, for pgbench tells no more.
    """

    name: str
    rate: float
    slowest_rate: float
    fastest_rate: float
    p50: float
    p99: float
    server_cpu: float
    postgres_cpu: float
    errors: int


class Run(msgspec.Struct, frozen=True):
    """One round of one scenario or yardstick."""

    seen: Load | Pace
    server_cpu: float
    postgres_cpu: float


class Machinery(msgspec.Struct, frozen=True):
    """What is under test, and how long each run lasts."""

    address: str
    server_pid: int
    postgres_pid: int
    database_url: str
    binaries: Path
    seconds: int


def run_rounds(
    machinery: Machinery,
    scenarios: list[Scenario],
    yardsticks: list[Yardstick],
    count: int,
    say: Callable[[str], None],
) -> tuple[list[Measured], list[Measured]]:
    """Run everything `count` times in turn, after a second each to warm up; return what was measured of either list."""
    for scenario in scenarios:
        _load(machinery, scenario, seconds=1)
    runs: dict[str, list[Run]] = {}
    for number in range(1, count + 1):
        for scenario in scenarios:
            say(f"round {number} of {count}: {scenario.name}")
            runs.setdefault(scenario.name, []).append(
                _watched(machinery, partial(_load, machinery, scenario, seconds=machinery.seconds))
            )
        for yardstick in yardsticks:
            say(f"round {number} of {count}: yardstick, {yardstick.name}")
            runs.setdefault(yardstick.name, []).append(_watched(machinery, partial(_pace, machinery, yardstick)))
    return (
        [measured(scenario.name, runs[scenario.name]) for scenario in scenarios],
        [measured(yardstick.name, runs[yardstick.name]) for yardstick in yardsticks],
    )


def _load(machinery: Machinery, scenario: Scenario, *, seconds: int) -> Load:
    return run_wrk(machinery.address, scenario.calls, scenario.token, seconds=seconds, connections=scenario.connections)


def _pace(machinery: Machinery, yardstick: Yardstick) -> Pace:
    return run_pgbench(
        machinery.binaries,
        machinery.database_url,
        yardstick.script,
        yardstick.variables,
        seconds=machinery.seconds,
        clients=CONNECTIONS,
    )


def _watched(machinery: Machinery, action: Callable[[], Load | Pace]) -> Run:
    server, postgres = usage.cpu_seconds(machinery.server_pid), usage.cpu_seconds(machinery.postgres_pid)
    seen = action()
    return Run(
        seen, usage.cpu_seconds(machinery.server_pid) - server, usage.cpu_seconds(machinery.postgres_pid) - postgres
    )


def measured(name: str, runs: list[Run]) -> Measured:
    """Return the medians of `runs`, and the sum of their errors."""
    rates = [run.seen.rate for run in runs]
    return Measured(
        name=name,
        rate=median(rates),
        slowest_rate=min(rates),
        fastest_rate=max(rates),
        p50=median(run.seen.p50 if isinstance(run.seen, Load) else run.seen.latency for run in runs),
        p99=median(run.seen.p99 if isinstance(run.seen, Load) else 0.0 for run in runs),
        server_cpu=median(run.server_cpu / max(1, _count(run.seen)) for run in runs),
        postgres_cpu=median(run.postgres_cpu / max(1, _count(run.seen)) for run in runs),
        errors=sum(run.seen.errors if isinstance(run.seen, Load) else run.seen.failures for run in runs),
    )


def _count(seen: Load | Pace) -> int:
    return seen.requests if isinstance(seen, Load) else seen.transactions
