"""`python -m ops.child PARENT COMMAND...`: become COMMAND, a process that ends when PARENT ends, however that ends.

A process of its own does this, because code between fork and exec (preexec_fn) is not safe in a program with threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h; kept across exec


def main(arguments: list[str]) -> None:
    parent, command = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it ended before the line above: no signal will come
            sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606  # the command is one of ops/parts.py; a shell would be a process in between


if __name__ == "__main__":
    main(sys.argv[1:])
