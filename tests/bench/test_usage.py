"""CPU time and memory of real processes."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bench import usage

LINE = "4242 (a (strange) name) S 17 4242 4242 0 -1 4194304 9 9 0 0 150 50 30 20 20 0 3 0 99 1000000 250 0 0 0"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


@pytest.fixture
def busy() -> Iterator[subprocess.Popen[bytes]]:
    """A process with a child; both say a line once they have used half a second of CPU, then wait for input."""
    burn = "import os,sys,time\nwhile time.process_time() < 0.5: pass\nprint(flush=True)\nsys.stdin.read()"
    parent = f"import subprocess,sys\nchild = subprocess.Popen([sys.executable, '-c', {burn!r}])\n{burn}"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_a_name_with_parentheses_does_not_shift_the_fields() -> None:
    stat = usage.parse_stat(LINE)
    assert stat.parent == 17
    assert stat.cpu * usage.TICKS_PER_SECOND == 200
    assert stat.reaped * usage.TICKS_PER_SECOND == 50
    assert stat.rss_bytes == 250 * usage.PAGE_BYTES


def test_a_family_and_its_cpu_time_include_children(busy: subprocess.Popen[bytes]) -> None:
    assert busy.stdout is not None
    for _ in range(2):
        busy.stdout.readline()
    assert len(usage.family(busy.pid)) == 2
    assert 0.9 <= usage.cpu_seconds(busy.pid) < 3


def test_memory_is_that_of_the_whole_family_with_shared_pages_once(busy: subprocess.Popen[bytes]) -> None:
    assert busy.stdout is not None
    for _ in range(2):
        busy.stdout.readline()
    own, whole = usage.proportional_bytes(busy.pid), usage.memory_bytes(busy.pid)
    assert 2**20 < own < whole < sum(stat.rss_bytes for stat in usage.family(busy.pid).values())
    assert usage.largest_rss_bytes(busy.pid) > own


def test_an_ended_process_has_no_memory() -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        process.wait()
    assert usage.proportional_bytes(process.pid) == 0


def test_our_own_process_is_in_its_parents_family() -> None:
    assert os.getpid() in usage.family(os.getppid())
