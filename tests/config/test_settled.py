"""Processes that serve do not look for garbage among what they have loaded."""

from __future__ import annotations

import subprocess
import sys

from ops.embedded import BASE_DIR

SAID = """
import gc, sys
import config.asgi
from celery.signals import worker_process_init
print(gc.get_freeze_count() > 100_000, "organize.urls" in sys.modules)
gc.unfreeze()
worker_process_init.send(None)
print(gc.get_freeze_count() > 100_000)
"""


def test_what_is_loaded_is_left_out_of_the_collector() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAID], cwd=BASE_DIR, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout.splitlines(), done.stderr) == (["True True", "True"], "")
