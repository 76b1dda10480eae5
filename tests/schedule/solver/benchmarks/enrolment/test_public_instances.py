"""The copied public instances, where they are at hand: that their form is understood, not how well they are solved."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from schedule.solver.benchmarks.enrolment.check import check
from schedule.solver.benchmarks.enrolment.files import itc, preferences
from schedule.solver.benchmarks.enrolment.instance import EnrolmentKind
from schedule.solver.benchmarks.enrolment.search import solve
from schedule.solver.results import SearchProgress

ROOT = Path(__file__).resolve().parents[5]
INSTANCES = Path(os.environ.get("PLENARY_SHARED_DATA") or ROOT.parent / "shared/data") / "timetabling/instances"

pytestmark = pytest.mark.skipif(
    not INSTANCES.is_dir(), reason=f"no public instances at {INSTANCES}; set PLENARY_SHARED_DATA"
)


@pytest.mark.parametrize("folder", ["itc2007-track2", "itc2002"])
def test_every_student_attends_a_usual_number_of_events(folder: str) -> None:
    """The token count is the same with the axes exchanged; the sums are not."""
    for path in sorted((INSTANCES / folder).glob("*.tim")):
        instance = itc.read(path)
        assert instance.kind is (EnrolmentKind.ITC2002 if folder == "itc2002" else EnrolmentKind.ITC2007)
        attended = instance.attendance.sum(axis=1)
        assert 4 < attended.min() <= attended.max() < 30


@pytest.mark.parametrize(("name", "pairs", "lost"), [("syn400_seed7", 6806, 6308), ("syn400_seed7_planted", 0, 0)])
def test_the_witnesses_are_worth_what_is_recorded(name: str, pairs: int, lost: int) -> None:
    path = INSTANCES / "synthetic" / f"{name}.json"
    instance = preferences.read(path)
    report = check(instance, preferences.read_timetable(instance, path))
    assert report.feasible
    assert report.terms == {"pair_conflicts": pairs, "lost_preferences": lost}
    assert int(np.triu(instance.together > 0).sum()) == {"syn400_seed7": 61_728, "syn400_seed7_planted": 60_049}[name]


def test_a_tight_instance_gets_a_complete_timetable() -> None:
    """As many rooms and slots as barely hold the events: what constructive methods fail on."""
    path = next((INSTANCES / "itc2007-track2").glob("*-1.tim"))
    heard: list[SearchProgress] = []

    def complete() -> bool:
        return any("unplaced_events" not in one.terms for one in heard)

    result = solve(itc.read(path), seconds=60, seed=1, on_progress=heard.append, should_stop=complete)
    assert result.feasible is True
    assert result.terms.keys() == {"last_slot", "more_than_two_in_a_row", "single_event"}
