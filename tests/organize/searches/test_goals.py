"""Goals: asking for one, the timetables of all of them side by side, and how a search can be made again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from journal.actors import SYSTEM
from schedule.domain.searches import searches as runs
from schedule.domain.searches.weights import weights_of
from schedule.models import Draft, SolverAnswer, SolverRun
from schedule.solver.tradeoffs.goals import weights_for
from tests.organize.conftest import Desk
from tests.organize.searches.searching import NOTHING, finished, running
from tests.organize.searches.test_views import figures
from tests.responses import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asleep")]

ASKED = {"seconds": "30", "seed": "1", "answers": "1"}
MADE = {
    "problem": "sha256:abc",
    "seed": 1,
    "seconds": 30,
    "workers": 1,
    "repeatable": False,
    "versions": {"plenary": "0.1.0", "numba": "1"},
}


def offered(goal: str, clashes: int, idle: int, room: str = "HALL") -> dict[str, Any]:
    terms = {"wish_clashes": clashes, "track_rooms": 0, "person_gaps": idle, "moved_times": 1, "moved_rooms": 2}
    place = ["TALK", 600, 660, room]
    return {"goal": goal, "timetable": [place], "objective": 7, "terms": terms, "attendance": figures()}


def side_by_side(desk: Desk, **changes: Any) -> SolverRun:
    asked = runs.ask(desk.conference, seconds=30, seed=1, base=None, actor=SYSTEM, goal="every")
    run = runs.begin(asked.pk, now=timezone.now())
    assert run is not None
    offers = [offered("clashes", 0, 1200), offered("compact", 9, 0, "ATTIC")]
    found: dict[str, Any] = {"feasible": True, "objective": None, "bound": None, "terms": {}, "timetable": []}
    return runs.finish(
        run, NOTHING | found | {"seconds": 9, "offers": offers, "made": MADE} | changes, now=timezone.now()
    )


@pytest.mark.parametrize("goal", ["clashes", "moves", "walks", "compact"])
def test_a_goal_is_asked_for_with_its_weights(desk: Desk, alice: Client, goal: str) -> None:
    assert alice.post("/organize/forum/searches/", ASKED | {"goal": goal}).status_code == 302
    run = SolverRun.objects.get()
    weights = weights_for(goal, weights_of(desk.conference))
    assert (run.goal, run.weights) == (goal, {name: getattr(weights, name) for name in run.weights})
    page = alice.get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert str(SolverRun.Goal(goal).label) in page


def test_without_a_goal_what_counts_is_as_it_was_set(desk: Desk, alice: Client) -> None:
    alice.post("/organize/forum/searches/", ASKED)
    assert SolverRun.objects.get().goal == "own"


def test_what_does_not_go_with_a_goal_is_said_at_its_field(desk: Desk, alice: Client) -> None:
    def refused(**changes: str) -> str:
        html: str = alice.post("/organize/forum/searches/", ASKED | changes).content.decode()
        assert not SolverRun.objects.exists()
        return html

    assert "This goal starts from what is published" in refused(goal="moves", base=str(desk.draft.pk))
    assert "Each goal has one timetable." in refused(goal="every", answers="2")
    assert "Nothing is published yet" not in refused(goal="none")


def test_what_is_not_published_cannot_be_moved_little(charlie: Client) -> None:
    html = charlie.post("/organize/elsewhere/searches/", ASKED | {"goal": "moves"}).content.decode()
    assert "Nothing is published yet that could be moved." in html
    assert not SolverRun.objects.exists()


def test_timetables_of_all_goals_stand_side_by_side(desk: Desk, alice: Client) -> None:
    run = side_by_side(desk)
    assert Draft.objects.count() == 1, "drafts come of it when somebody asks"
    page = squeezed(alice.get(f"/organize/forum/searches/{run.pk}/").content.decode())
    table = page[page.index('<h2 id="goals">') :].partition("</table>")[0]
    rows = [re.findall(r">([^<>]+)</t[hd]>", row) for row in table.partition("<tbody>")[2].split("</tr>")[:-1]]
    assert [row[:5] for row in rows] == [
        ["Fewest clashes of wishes", "0", "0", "1,200", "1 in time, 2 in room"],
        ["Compact days for speakers", "9", "0", "0", "1 in time, 2 in room"],
    ]
    assert table.count("Make a draft of this") == 2


def test_a_draft_is_made_of_one_of_them_once(desk: Desk, alice: Client, bob: Client) -> None:
    run = side_by_side(desk)
    address = f"/organize/forum/searches/{run.pk}/goals/3/"
    assert bob.post(address).status_code == 404
    first, again = alice.post(address), alice.post(address)
    offer = SolverAnswer.objects.get(run=run, number=3)
    assert offer.draft is not None
    assert first["Location"] == again["Location"] == f"/organize/forum/drafts/{offer.draft.pk}/"
    assert [(row.session, row.room) for row in offer.draft.placements.all()] == [(desk.talk, desk.attic)]
    assert offer.draft.name.startswith("Compact days for speakers, 2")
    page = alice.get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert page.count("Make a draft of this") == 1
    assert offer.draft.name in page
    assert alice.post(f"/organize/forum/searches/{run.pk}/goals/9/").status_code == 404


def test_what_was_deleted_since_is_left_out_of_the_draft(desk: Desk, alice: Client) -> None:
    run = side_by_side(desk, offers=[offered("clashes", 0, 0, "GONE")])
    alice.post(f"/organize/forum/searches/{run.pk}/goals/2/")
    offer = SolverAnswer.objects.get(run=run)
    assert offer.draft is not None
    assert offer.draft.placements.count() == 0


def test_another_conferences_offer_is_not_there(desk: Desk, charlie: Client) -> None:
    run = side_by_side(desk)
    assert charlie.post(f"/organize/elsewhere/searches/{run.pk}/goals/2/").status_code == 404
    assert charlie.get(f"/organize/elsewhere/searches/{run.pk}.json").status_code == 404


def test_a_search_says_what_it_was_made_from_and_how_to_make_it_again(desk: Desk, alice: Client) -> None:
    run = finished(desk, made=MADE)
    page = alice.get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert "sha256:abc" in page
    assert f"manage.py problem_file forum --search {run.pk} --out problem.json" in page
    assert "solve problem.json --seconds 30 --seed 1 --by-work --out timetable.json" in page
    found = alice.get(f"/organize/forum/searches/{run.pk}.json").json()
    assert (found["made"], found["objective"], found["terms"]) == (MADE, 400, {"unseated": 40})
    assert found["draft"] == run.draft_id
    of_goals = side_by_side(desk)
    assert "--by-work" not in alice.get(f"/organize/forum/searches/{of_goals.pk}/").content.decode()
    told = alice.get(f"/organize/forum/searches/{of_goals.pk}.json").json()["answers"]
    assert [(one["goal"], one["draft"], one["attendance"]) for one in told] == [
        ("clashes", None, figures()),
        ("compact", None, figures()),
    ]


def test_before_it_has_ended_nothing_is_said_of_it(desk: Desk, alice: Client) -> None:
    run = running(desk)
    assert "How it was made" not in alice.get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert alice.get(f"/organize/forum/searches/{run.pk}.json").json()["made"] is None


def test_the_form_of_weights_is_filled_with_those_of_a_goal_and_stays_editable(desk: Desk, alice: Client) -> None:
    html = alice.get("/organize/forum/searches/weights/?goal=walks").content.decode()
    assert re.search(r'name="track_rooms" value="1000"', html)
    assert re.search(r'name="track_rooms" value="10"', alice.get("/organize/forum/searches/weights/").content.decode())
