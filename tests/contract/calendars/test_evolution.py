"""A real calendar: evolution-data-server takes the mails as Evolution hands them over.

An update changes the one entry, a cancellation removes it, and nothing else in the calendar is touched.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.contract.calendars.playing import SCENARIOS, inert, play
from tests.contract.calendars.test_scenarios import location_of, sink
from tests.smtp_sink import SmtpSink

__all__ = ["sink"]  # a fixture
PROGRAM = Path(__file__).parent / "evolution" / "receive.py"
SYSTEM_PYTHON = "/usr/bin/python3"
SECONDS = 120
NEEDED = "evolution-data-server, gir1.2-ecal-2.0, python3-gi and dbus"


def _missing() -> bool:
    if shutil.which("dbus-run-session") is None or not Path(SYSTEM_PYTHON).exists():
        return True
    versions = "import gi; gi.require_version('ECal', '2.0'); gi.require_version('ICalGLib', '3.0')"
    return bool(subprocess.run([SYSTEM_PYTHON, "-c", versions], capture_output=True, check=False).returncode)


pytestmark = [pytest.mark.django_db, pytest.mark.skipif(_missing(), reason=f"not installed: {NEEDED}")]


def received(files: list[bytes], home: Path) -> list[list[dict[str, Any]]]:
    """What an empty calendar holds after each of these messages."""
    folders = {name: str(home / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        **folders,
        "LC_ALL": "C.UTF-8",
        "TZ": "America/St_Johns",
        "GSETTINGS_BACKEND": "memory",
    }
    done = subprocess.run(
        ["dbus-run-session", "--", SYSTEM_PYTHON, str(PROGRAM)],
        input=json.dumps({"files": [file.decode() for file in files]}),
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_update_changes_the_one_entry_and_a_cancellation_removes_it(sink: SmtpSink, tmp_path: Path) -> None:
    # Of every second scenario what the other person was told: each file takes a calendar some tenths of a second.
    steps = [told[number % 2] for number, name in enumerate(SCENARIOS) for told in play(name, sink)]
    calendars = received([step.mail for step in steps], tmp_path)
    assert len(calendars) == len(steps)
    expected: dict[str, dict[str, Any]] = {}
    for step, held in zip(steps, calendars, strict=True):
        expected.pop(step.uid, None)
        if step.method == "REQUEST":
            expected[step.uid] = {
                "uid": step.uid,
                "sequence": step.sequence,
                "summary": inert(step.summary),
                "location": location_of(step),
                "start": int(step.start.timestamp()),
                "end": int(step.end.timestamp()),
                "status": step.status,
            }
        assert sorted(held, key=lambda one: one["uid"]) == sorted(expected.values(), key=lambda one: one["uid"])
