"""What processes took: CPU time and memory from ``/proc`` (proc(5)), so on Linux alone."""

import os
from pathlib import Path
from typing import NamedTuple

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Stat(NamedTuple):
    """The fields of ``/proc/PID/stat`` that are of use here. CPU is seconds, `reaped` that of ended children."""

    parent: int
    cpu: float
    reaped: float
    rss_bytes: int


def parse_stat(text: str) -> Stat:
    """Read one line of ``/proc/PID/stat``; the name in parentheses may itself have spaces and parentheses."""
    fields = text.rpartition(")")[2].split()  # fields[0] is the third of proc(5)
    return Stat(
        parent=int(fields[1]),
        cpu=(int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND,
        reaped=(int(fields[13]) + int(fields[14])) / TICKS_PER_SECOND,
        rss_bytes=int(fields[21]) * PAGE_BYTES,
    )


def family(root: int) -> dict[int, Stat]:
    """Return the process `root` and all that descend from it, by process id."""
    everyone: dict[int, Stat] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                everyone[int(folder.name)] = parse_stat((folder / "stat").read_text())
            except OSError:  # it has ended since
                continue
    found: dict[int, Stat] = {}
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        if pid in everyone:
            found[pid] = everyone[pid]
            waiting += [child for child, stat in everyone.items() if stat.parent == pid]
    return found


def cpu_seconds(root: int) -> float:
    """Return the CPU time of `root`, its descendants, and those that have ended and were waited for."""
    return sum(stat.cpu + stat.reaped for stat in family(root).values())


def memory_bytes(root: int) -> int:
    """Return the memory of `root` and its descendants, a page that several share counted once in all."""
    return sum(proportional_bytes(pid) for pid in family(root))


def largest_rss_bytes(root: int) -> int:
    """Return the resident memory of the largest process among `root` and its descendants."""
    return max(stat.rss_bytes for stat in family(root).values())


def proportional_bytes(pid: int) -> int:
    """Return the memory of one process, a page that n processes share as an n-th (Pss of proc_pid_smaps(5))."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):  # it has ended since
        return 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
