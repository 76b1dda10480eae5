"""The harness of `make faults` at a small size: everything is broken once while a few dozen people register."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.catalogue import FAULTS
from tests.faults.processes import ROOT

PEOPLE = 60
SECONDS = 1500


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 60)
def test_no_mail_is_lost_and_none_doubled_but_what_was_cut_off(tmp_path: Path) -> None:
    written = tmp_path / "rows.json"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.faults",
            "--people",
            str(PEOPLE),
            "--releases",
            "1",
            "--impatient",
            "--json",
            str(written),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    print(done.stdout)
    assert written.exists(), done.stderr
    found = json.loads(written.read_text())
    assert found["problems"] == []
    assert [row["fault"] for row in found["rows"]] == [fault.name for fault in FAULTS]
    assert sum(row["due"] for row in found["rows"]) >= 3 * PEOPLE
    assert {(row["lost"], row["doubled_otherwise"]) for row in found["rows"]} == {(0, 0)}
    assert done.returncode == 0
