"""`python -m schedule.solver`: solve, repair, check and explain problem files. No Django, no database."""

from __future__ import annotations

import gc
import os
import signal
import sys

INTERRUPTED = 128 + signal.SIGINT


def _leave(*_: object) -> None:
    """End at once: nothing is found yet that could be kept.

    An exception would not do. Libraries turn one that comes while they load into an ImportError.
    """
    os.write(sys.stderr.fileno(), b"Interrupted.\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, _leave)
    from .cli.commands import main  # loading the solver's libraries takes the better part of a second

    status = main()
    # Whatever the search leaves behind goes with the process; to look for it first would take seconds.
    gc.freeze()
    sys.exit(status)
