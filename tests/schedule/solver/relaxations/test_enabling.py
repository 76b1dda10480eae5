"""Where there is no timetable: the culprit is among what helps, and what is called help is help."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from schedule.solver.explain.infeasible_subset import explain
from schedule.solver.problem import Problem, Rules, Session
from schedule.solver.relaxations.changes import Asks, without_session
from schedule.solver.relaxations.outcome import Help, Remedy, Tried
from schedule.solver.relaxations.relax import relax
from schedule.solver.sentences.message import CodedMessage
from schedule.solver.verify import violations
from schedule.solver.warm import warm
from tests.schedule.solver.brute import all_timetables, problem_of, problems
from tests.schedule.solver.explain.test_infeasible_subset import SLOW
from tests.schedule.solver.patience import asked
from tests.schedule.solver.speaking import english
from tests.schedule.solver.variants import INFEASIBLE, forum

# name -> the change that undoes the variant, or does the same otherwise
CULPRITS = {
    "plenary_two_while_halls_are_let": ("fixed_start", "P2"),
    "state_violence_in_209_210": ("fixed_room", "T9"),
    "roundtable_two_hours": ("not_after", "O2"),
    "changeover_half_an_hour": ("changeover",),
    "booths_only_in_the_halls": ("equipment", "R209210"),
    "halls_closed_and_no_booth_in_209_210": ("equipment", "R209210"),
    "one_interpreter_team": ("interpreters",),
    "two_open_sessions_at_once": ("max_parallel",),
    "closing_on_saturday": ("not_after", "C1"),
    "expert_blocks_from_friday": ("body_away", "hrc-ac", "0"),
}

# How many changes are tried until the culprit of a slow variant is found (3, 24, 27), and some more.
TRIES = {
    "two_open_sessions_at_once": 6,
    "booths_only_in_the_halls": 30,
    "halls_closed_and_no_booth_in_209_210": 40,
}


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """No search waits for the compiler: each has little time."""
    warm()


def check(name: str, found: Help) -> None:
    assert found.feasible is False
    assert CULPRITS[name] in [one.subject for one in found.remedies]
    assert_true(found)


def changed(one: Remedy) -> Problem:
    """The problem with all that the remedy changes."""
    return (one, *one.also)[-1].problem


def assert_true(found: Help) -> None:
    """Every remedy has its proof; single changes come first, and of them those that ask for less."""
    assert [violations(changed(one), one.timetable) for one in found.remedies] == [[] for _ in found.remedies]
    together = [bool(one.also) for one in found.remedies]
    assert together == sorted(together)
    single = [one for one in found.remedies if not one.also]
    assert [one.asks for one in single] == sorted(one.asks for one in single)
    looked_at: list[Remedy | Tried] = [*single, *found.in_vain, *found.undecided]
    subjects = [one.subject for one in looked_at]
    assert len(subjects) == len(set(subjects))


@pytest.mark.parametrize("name", sorted(INFEASIBLE.keys() - SLOW.keys()))
def test_the_culprit_of_an_infeasible_variant_is_among_what_helps(name: str) -> None:
    check(name, relax(INFEASIBLE[name][0](forum(gap=False)), seconds=60, seed=1))


@pytest.mark.parametrize("name", sorted(SLOW))
def test_the_culprit_of_a_slow_variant_is_among_what_helps(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its explanation is not yet the smallest, and there is no time for everything that softens what it names."""
    problem = INFEASIBLE[name][0](forum(gap=False))
    why = explain(problem, seconds=120, should_stop=asked(SLOW[name], monkeypatch))
    tried: list[CodedMessage] = []
    check(
        name,
        relax(
            problem,
            seconds=120,
            seed=1,
            why=why,
            on_tried=tried.append,
            should_stop=lambda: len(tried) > TRIES[name],
        ),
    )


@settings(max_examples=25, deadline=None)
@given(problems())
def test_help_agrees_with_trying_everything(problem: Problem) -> None:
    found = relax(problem, seconds=20)
    assert found.feasible is (next(all_timetables(problem), None) is not None)
    assert found.undecided == ()
    if found.feasible:
        return
    assert_true(found)
    assert found.causes
    assert [next(all_timetables(changed(one)), None) is not None for one in found.remedies] == [True] * len(
        found.remedies
    )
    # A session alone may break no rule of its own, so leaving out every other one is tried as well as it can be.
    left_out = {one.subject[1] for one in found.remedies if one.asks is Asks.SESSION and not one.also}
    assert left_out == {
        session.code
        for session in problem.sessions
        if next(all_timetables(without_session(problem, session.code)), None) is not None
    }


def test_what_is_asked_for_is_as_little_as_helps() -> None:
    """Two sessions of 75 minutes in the one booth from 9 to 12: on the half hours, no changeover fits between them."""
    rules = Rules(slot_minutes=30, room_changeover_minutes=60, interpreter_teams=1)
    booth = frozenset({"booth"})
    problem = problem_of(
        (Session("X", "Tea", 75, required_features=booth), Session("Y", "Cake", 75, required_features=booth)),
        rules=rules,
    )
    found = relax(problem, seconds=10)
    assert [(one.asks.name, english(problem, one.message), one.size) for one in found.remedies] == [
        ("DECISION", "Leave 0 instead of 60 minutes between two uses of a room.", 60),
        ("DECISION", "Do “Tea” without booth.", 0),
        ("DECISION", "Do “Cake” without booth.", 0),
        ("HOUR", "Open an hour longer: Mon 3 May 09:00 to 13:00 instead of Mon 3 May 09:00 to 12:00.", 60),
        ("HOUR", "Open an hour longer: Mon 3 May 08:00 to 12:00 instead of Mon 3 May 09:00 to 12:00.", 60),
        ("EQUIPMENT", "Equip Room C with booth.", 30),
        ("EQUIPMENT", "Equip Room A with booth.", 50),
        ("ROOM", "Have one more room with booth.", 0),
        ("SESSION", "Leave out “Tea”.", 0),
        ("SESSION", "Leave out “Cake”.", 0),
    ]
