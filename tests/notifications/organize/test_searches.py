from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from schedule import runs
from schedule.models import Draft, SolverRun
from tests.notifications.organize.conftest import Desk, signed_in

pytestmark = pytest.mark.django_db
State = SolverRun.State
ASKED = {"seconds": "30", "seed": "3", "base": ""}


@pytest.fixture(autouse=True)
def _asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "wake", lambda run_id: None)


def running(desk: Desk) -> SolverRun:
    asked = runs.ask(desk.conference, seconds=30, seed=1, base=None, actor="system")
    run = runs.begin(asked.pk, now=timezone.now())
    assert run is not None
    run.curve, run.objective, run.terms = [[0.2, 900, None], [1.5, 400, None]], 400, {"unseated": 4}
    runs.beat(run, now=timezone.now())
    return run


def finished(desk: Desk) -> SolverRun:
    found: dict[str, Any] = {
        "feasible": True, "objective": 400, "bound": 300, "terms": {"unseated": 40}, "seconds": 2,
        "base_terms": {"unseated": 77}, "causes": [], "timetable": [["TALK", 600, 660, "HALL"]],
    }  # fmt: skip
    return runs.finish(running(desk), found, now=timezone.now())


def test_asking_leads_to_the_search(desk: Desk) -> None:
    response = signed_in(desk.alice).post("/organize/forum/searches/", {**ASKED, "base": str(desk.draft.pk)})
    run = SolverRun.objects.get()
    assert response["Location"] == f"/organize/forum/searches/{run.pk}/"
    assert (run.seconds, run.seed, run.base, run.actor) == (30, 3, desk.draft, f"organizer:{desk.alice.pk}")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"seconds": "4"}, "Ensure this value is greater than or equal to 5."),
        ({"seconds": "601"}, "Ensure this value is less than or equal to 600."),
        ({"seed": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"base": "999999"}, "Select a valid choice."),
    ],
)
def test_a_wrong_value_is_named_and_nothing_begins(desk: Desk, changes: dict[str, str], error: str) -> None:
    page = signed_in(desk.alice).post("/organize/forum/searches/", {**ASKED, **changes}).content.decode()
    assert error in page
    assert SolverRun.objects.count() == 0


def test_a_draft_of_another_conference_cannot_be_the_start(desk: Desk) -> None:
    foreign = Draft.objects.create(conference=desk.elsewhere, name="Secret plan")
    client = signed_in(desk.alice)
    assert "Secret plan" not in client.get("/organize/forum/searches/").content.decode()
    client.post("/organize/forum/searches/", {**ASKED, "base": str(foreign.pk)})
    assert SolverRun.objects.count() == 0


def test_while_one_runs_no_other_begins(desk: Desk) -> None:
    run = running(desk)
    client = signed_in(desk.alice)
    page = client.get("/organize/forum/searches/").content.decode()
    assert "Search for a timetable</button>" not in page
    assert f"/organize/forum/searches/{run.pk}/" in page
    assert client.post("/organize/forum/searches/", ASKED).status_code == 409
    assert SolverRun.objects.count() == 1


def test_progress_is_polled_until_the_search_has_ended(desk: Desk) -> None:
    run = running(desk)
    client = signed_in(desk.alice)
    address = f"/organize/forum/searches/{run.pk}/progress/"
    going = client.get(address)
    assert going.status_code == 200
    assert f'hx-get="{address}"' in going.content.decode()
    assert "<html" not in going.content.decode()
    runs.fail(run, failure="memory", now=timezone.now())
    ended = client.get(address)
    assert ended.status_code == 286
    assert "hx-get" not in ended.content.decode()
    assert "SOLVER_MEMORY_MB" in ended.content.decode()


def test_the_answer_has_its_terms_its_bound_and_its_draft(desk: Desk) -> None:
    run = finished(desk)
    page = signed_in(desk.alice).get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert run.draft is not None
    for piece in ("People without a seat", ">77<", ">40<", ">400<", "proved bound 300 (at most 25 % better)",
                  f"/organize/forum/drafts/{run.draft.pk}/publish/", "M4.3 4.0H32.0V156.0H640.0"):  # fmt: skip
        assert piece in page


def test_causes_are_in_the_readers_language(desk: Desk) -> None:
    run = running(desk)
    cause = {"en": "The hall is too small.", "ko": "홀이 너무 작습니다."}
    nothing = {"objective": None, "bound": None, "terms": {}, "base_terms": {}, "timetable": [], "causes": [cause]}
    runs.finish(run, {"feasible": False, "seconds": 1, **nothing}, now=timezone.now())
    client = signed_in(desk.alice)
    address = f"/organize/forum/searches/{run.pk}/"
    pages = [client.get(address, headers={"accept-language": code}).content.decode() for code in ("en", "ko")]
    assert [(cause["en"] in page, cause["ko"] in page) for page in pages] == [(True, False), (False, True)]


def test_stopping_asks_the_worker_to_end(desk: Desk) -> None:
    run = running(desk)
    response = signed_in(desk.alice).post(f"/organize/forum/searches/{run.pk}/stop/")
    run.refresh_from_db()
    assert (response.status_code, run.state, run.stop_asked) == (302, State.RUNNING, True)


def test_who_may_only_look_starts_and_stops_nothing(desk: Desk) -> None:
    run = running(desk)
    client = signed_in(desk.bob)
    page = client.get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert "400" in page
    assert "/stop/" not in page
    assert client.post(f"/organize/forum/searches/{run.pk}/stop/").status_code == 404
    assert client.post("/organize/forum/searches/", ASKED).status_code == 404
    run.refresh_from_db()
    assert (run.stop_asked, SolverRun.objects.count()) == (False, 1)


def test_another_team_finds_nothing(desk: Desk) -> None:
    run = running(desk)
    client = signed_in(desk.charlie)
    for address in ("forum/searches/", f"forum/searches/{run.pk}/", f"elsewhere/searches/{run.pk}/progress/"):
        assert client.get(f"/organize/{address}").status_code == 404
    assert client.post(f"/organize/elsewhere/searches/{run.pk}/stop/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(desk: Desk, count: int, django_assert_num_queries: Any) -> None:
    for _ in range(count):
        runs.fail(running(desk), failure="time", now=timezone.now())
    client = signed_in(desk.alice)
    with django_assert_num_queries(6):  # browser session, user, conference, membership, searches, drafts to start from
        client.get("/organize/forum/searches/")
