"""Become an unprivileged user, tie one's life to the parent's, and turn into another program.

Run by its path, in a fresh interpreter without site-packages: ``python -I -S launch.py UID GID PARENT PROGRAM …``.
A program of its own, because doing this between fork and exec of a process with threads can deadlock, and because
the tie must be made after the change of user, which undoes it (Linux manual, prctl(2), PR_SET_PDEATHSIG).
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""From linux/prctl.h: the signal a process gets when the thread that started it ends. It outlives exec."""


def main(arguments: list[str]) -> None:
    """Turn into the program that `arguments` name after user id, group id and the parent's process id.

    Raises:
        OSError: the system does not let us change the user or run the program.
    """
    uid, gid, parent = (int(text) for text in arguments[:3])
    if os.geteuid() == 0:
        os.setgroups([gid])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the process that started this one has ended")  # before the tie was made, so no signal will come
    os.execv(arguments[3], arguments[3:])  # noqa: S606  a program of ours, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
