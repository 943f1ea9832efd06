"""When the server's processes end: a stop that is announced, and workers that end with the main process.

Whether the server is about to stop is one byte that the main process and its workers share. Granian tells a worker to
stop by closing its listener at once, after which nobody can ask it anything. So the main process sets this byte first,
and the workers say "not ready" while they still answer.
"""

import ctypes
import os
import signal
import threading
import time
from multiprocessing.sharedctypes import RawValue

Flag = ctypes.c_byte
"""Lies in shared memory: a forked worker inherits it, a spawned one gets it as an argument."""


LOOK_SECONDS = 0.5


class _Process:
    flag: Flag = ctypes.c_byte(0)


def share() -> Flag:
    """Put the flag, lowered, where processes started from this one see it; return it."""
    _Process.flag = RawValue(ctypes.c_byte, 0)
    return _Process.flag


def adopt(flag: Flag) -> None:
    """Take the flag that another process shares as this process's own."""
    _Process.flag = flag


def announce() -> None:
    """Raise the flag."""
    _Process.flag.value = 1


def stopping() -> bool:
    """Tell whether the stop has been announced. Costs no more than reading a variable."""
    return _Process.flag.value != 0


def leave_group() -> None:
    """Leave the process group of the main process, which alone takes signals to the group and passes on what it wants:
    after a SIGTERM to all, a worker would close its listener before the stop was announced.
    """
    os.setpgid(0, 0)


def end_with(main_pid: int) -> None:
    """Ask this process to end, by SIGTERM, when the main process, which started it, has ended in whatever way.

    The parent's number tells: a pipe to it, as `multiprocessing` has one, is held open by processes forked later.
    """

    def watch() -> None:
        while os.getppid() == main_pid:
            time.sleep(LOOK_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()
