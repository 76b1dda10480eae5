"""`python -m schedule.solver`: solve, repair, check and explain problem files. No Django, no database."""

from __future__ import annotations

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
