from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import notifications.calendars

HERE = Path(notifications.calendars.__file__).parent
MODULES = sorted(f"notifications.calendars.{path.stem}" for path in HERE.glob("*.py") if path.stem != "__init__")


def test_calendars_import_no_django() -> None:
    """Every module together, in a process of its own."""
    code = f"import sys, {', '.join(MODULES)}; print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE.parent.parent, timeout=60
    )
    assert done.stdout == "[]\n"
