from __future__ import annotations

import re
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from schedule import runs
from schedule.drafts import create_draft
from schedule.editing import close_room
from schedule.models import Draft, SolverRun
from schedule.solver.problem import Weights
from schedule.weighing import weigh, weights_of
from tests.factories import at
from tests.notifications.organize.conftest import Desk, signed_in

pytestmark = pytest.mark.django_db
State = SolverRun.State
ASKED = {"seconds": "30", "seed": "3", "base": "", "answers": "1"}


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


NOTHING: dict[str, Any] = {
    "base_terms": {}, "causes": [], "answers": [], "exhausted": False, "remedies": [], "moves": [], "minimal": False,
}  # fmt: skip


def remedy(**figures: Any) -> dict[str, Any]:
    unknown = {"gain": None, "proved": False, "effect_en": "", "effect_ko": ""}
    return {"asks": "room", "en": "Have one more room.", "ko": "장소를 하나 더 마련합니다.", **unknown, **figures}


def finished(desk: Desk, **changes: Any) -> SolverRun:
    found = NOTHING | {
        "feasible": True, "objective": 400, "bound": 300, "terms": {"unseated": 40}, "seconds": 2,
        "base_terms": {"unseated": 77}, "timetable": [["TALK", 600, 660, "HALL"]],
    }  # fmt: skip
    return runs.finish(running(desk), found | changes, now=timezone.now())


def test_asking_leads_to_the_search(desk: Desk) -> None:
    response = signed_in(desk.alice).post("/organize/forum/searches/", {**ASKED, "base": str(desk.draft.pk)})
    run = SolverRun.objects.get()
    assert response["Location"] == f"/organize/forum/searches/{run.pk}/"
    assert (run.seconds, run.seed, run.base, run.actor) == (30, 3, desk.draft, f"organizer:{desk.alice.pk}")


def test_sessions_of_a_draft_are_kept_where_they_are(desk: Desk) -> None:
    desk.add_sessions(1)
    client, address = signed_in(desk.alice), "/organize/forum/searches/"
    draft = str(desk.draft.pk)
    assert "Keep these where they are" not in client.get(address).content.decode()
    for page in (client.get(f"{address}?from={draft}"), client.post(address, {**ASKED, "base": draft, "choose": "1"})):
        html = page.content.decode()
        assert re.findall(r'name="kept" value="(\w+)"', html) == ["TALK", "MORE0"]
        assert "10:00 Talk, Hall" in html
        assert f'<option value="{draft}" selected>' in html
    assert not SolverRun.objects.exists()
    response = client.post(address, {**ASKED, "base": draft, "kept": ["TALK"]})
    run = SolverRun.objects.get()
    assert (run.base, run.kept) == (desk.draft, ["TALK"])
    html = client.get(response["Location"]).content.decode()
    assert "1 session kept where it was" in html
    assert 'Talk <span class="code muted">TALK</span>' in html


def test_what_the_draft_does_not_place_cannot_be_kept(desk: Desk) -> None:
    client, address = signed_in(desk.alice), "/organize/forum/searches/"
    for base in (desk.draft, create_draft(desk.conference, name="Empty", actor="system")):
        given = {**ASKED, "base": str(base.pk), "kept": ["TALK", "NOWHERE"]}
        assert ("NOWHERE is not one of" in client.post(address, given).content.decode()) == (base == desk.draft)
    (run,) = SolverRun.objects.all()
    assert run.kept == []
    for key in ("999999", "-1", "x", "9" * 40, str(Draft.objects.create(conference=desk.elsewhere, name="Theirs").pk)):
        assert "Keep these" not in client.get(f"{address}?from={key}").content.decode()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"seconds": "4"}, "Ensure this value is greater than or equal to 5."),
        ({"seconds": "601"}, "Ensure this value is less than or equal to 600."),
        ({"seed": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"base": "999999"}, "Select a valid choice."),
        ({"answers": "6"}, "Select a valid choice."),
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


def test_while_it_works_it_says_what_it_does_and_what_it_has(desk: Desk) -> None:
    run = running(desk)
    client, address = signed_in(desk.alice), f"/organize/forum/searches/{run.pk}/progress/"

    def page(**changes: Any) -> str:
        SolverRun.objects.filter(pk=run.pk).update(**changes)
        return client.get(address).content.decode()

    assert "Looking for a first timetable." in page()
    assert "1 timetable found." in page(found=1)
    assert "Trying moves of sessions." in page(phase="local")
    assert "12 timetables found, each better than the one before." in page(found=12)
    late = timezone.now() - timedelta(seconds=40)
    assert "The time is over." in page(started_at=late)
    assert "Explaining why." in page(phase="explain")
    trying = page(phase="help", tried=3)
    assert "Trying single changes." in trying
    assert "3 changes tried." in trying
    ended = page(state="stopped", ended_at=timezone.now())
    assert "Trying" not in ended
    assert "12 timetables found" in ended


@pytest.mark.parametrize("state", ["stopped", "infeasible", "nothing", "failed", "lost"])
def test_one_button_searches_again(desk: Desk, state: str) -> None:
    run = running(desk)
    SolverRun.objects.update(state=state)
    client, address = signed_in(desk.alice), f"/organize/forum/searches/{run.pk}/"
    assert "Search again</button>" in client.get(address).content.decode()
    assert "/again/" not in signed_in(desk.bob).get(address).content.decode()
    response = client.post(f"{address}again/")
    again = SolverRun.objects.exclude(pk=run.pk).get()
    assert response["Location"] == f"/organize/forum/searches/{again.pk}/"
    assert (again.seconds, again.seed, again.actor) == (30, 1, f"organizer:{desk.alice.pk}")
    refused = client.post(f"{address}again/", follow=True)
    assert refused.redirect_chain == [(address, 302)]
    assert "A search is running already." in refused.content.decode()
    assert SolverRun.objects.count() == 2


def test_a_search_that_goes_on_or_was_answered_is_not_repeated(desk: Desk) -> None:
    run = running(desk)
    client, address = signed_in(desk.alice), f"/organize/forum/searches/{run.pk}/"
    for state in ("running", "done"):
        SolverRun.objects.update(state=state)
        assert "Search again" not in client.get(address).content.decode()
        assert client.post(f"{address}again/").status_code == 404
    assert SolverRun.objects.count() == 1


def test_the_answer_has_its_terms_its_bound_and_its_draft(desk: Desk) -> None:
    run = finished(desk)
    page = signed_in(desk.alice).get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert run.draft is not None
    for piece in ("People without a seat", ">77<", ">40<", ">400<", "proved bound 300 (at most 25 % better)",
                  f"/organize/forum/drafts/{run.draft.pk}/publish/", "M4.3 4.0H32.0V156.0H640.0"):  # fmt: skip
        assert piece in page


def impossible(**changes: Any) -> dict[str, Any]:
    nothing = {"feasible": False, "seconds": 1, "objective": None, "bound": None, "terms": {}, "timetable": []}
    return NOTHING | nothing | changes


def test_what_would_help_stands_below_what_fights(desk: Desk) -> None:
    run = running(desk)
    cause = {"en": "The hall is too small.", "ko": "홀이 너무 작습니다."}
    runs.finish(run, impossible(causes=[cause], remedies=[remedy()]), now=timezone.now())
    client = signed_in(desk.alice)
    address = f"/organize/forum/searches/{run.pk}/"
    english, korean = (client.get(address, headers={"accept-language": code}).content.decode() for code in ("en", "ko"))
    assert english.index(cause["en"]) < english.index("What would help") < english.index("Have one more room.")
    assert "Penalty saved" not in english
    assert "/help/" not in english
    assert "장소를 하나 더 마련합니다." in korean
    assert "Have one more room." not in korean


def test_where_no_single_change_helps_that_is_said(desk: Desk) -> None:
    run = runs.finish(running(desk), impossible(), now=timezone.now())
    page = signed_in(desk.alice).get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert "it may take several at once" in page


def test_other_answers_have_their_drafts_and_what_distinguishes_them(desk: Desk) -> None:
    other = {
        "timetable": [["TALK", 660, 720, "HALL"]], "objective": 410, "terms": {"unseated": 41},
        "en": "1 of 1 sessions are at another time: “Talk”.", "ko": "세션 1개 중 1개의 시간이 다릅니다.",
    }  # fmt: skip
    run = finished(desk, answers=[other])
    answer = run.further.get()
    assert answer.draft is not None
    page = signed_in(desk.alice).get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert run.draft is not None
    compared = f"/organize/forum/programme/compare/?old=draft-{run.draft.pk}&amp;new=draft-{answer.draft.pk}"
    for piece in (
        "Answer 2", "penalty 410 (+10)", other["en"], f"/organize/forum/drafts/{answer.draft.pk}/publish/", compared,
    ):  # fmt: skip
        assert piece in page
    assert other["ko"] not in page


@pytest.mark.parametrize(
    ("exhausted", "sentence"), [(True, "It is proved that there are no more"), (False, "No more answers this good")]
)
def test_fewer_answers_than_asked_for_are_explained(desk: Desk, exhausted: bool, sentence: str) -> None:
    run = finished(desk, exhausted=exhausted)
    client, address = signed_in(desk.alice), f"/organize/forum/searches/{run.pk}/"
    assert sentence not in client.get(address).content.decode()
    SolverRun.objects.filter(pk=run.pk).update(answers=2)
    assert sentence in client.get(address).content.decode()


def test_help_starts_from_what_was_found(desk: Desk) -> None:
    run = finished(desk)
    client = signed_in(desk.alice)
    response = client.post(f"/organize/forum/searches/{run.pk}/help/")
    asked = SolverRun.objects.exclude(pk=run.pk).get()
    assert response["Location"] == f"/organize/forum/searches/{asked.pk}/"
    assert (asked.purpose, asked.base, asked.seconds, asked.seed) == ("help", run.draft, run.seconds, run.seed)
    client.post(f"/organize/forum/searches/{run.pk}/help/")
    assert SolverRun.objects.count() == 2  # one at a time
    begun = runs.begin(asked.pk, now=timezone.now())
    assert begun is not None
    gain = remedy(gain=130, proved=True, effect_en="empty seats 40 → 27", effect_ko="빈 좌석 40 → 27")
    runs.finish(begun, impossible(feasible=True, objective=400, remedies=[gain]), now=timezone.now())
    page = client.get(f"/organize/forum/searches/{asked.pk}/").content.decode()
    for piece in ("<h1>What would help?</h1>", "Have one more room.", "empty seats 40 → 27", "130", "(proved)"):
        assert piece in page


def close_hall(desk: Desk) -> None:
    close_room(
        desk.hall, starts_at=at(desk.conference, "09:00"), ends_at=at(desk.conference, "12:00"), actor="system"
    )  # fmt: skip


def test_a_draft_with_conflicts_is_repaired_by_one_button(desk: Desk) -> None:
    client, bob = signed_in(desk.alice), signed_in(desk.bob)
    draft = f"/organize/forum/drafts/{desk.draft.pk}"
    address, conflicts = f"{draft}/repair/", f"/organize/forum/conflicts/?of=draft-{desk.draft.pk}"
    assert address not in client.get(conflicts).content.decode()
    close_hall(desk)
    for page in (conflicts, f"{draft}/", f"{draft}/publish/"):
        assert f'action="{address}"' in client.get(page).content.decode()
    assert address not in client.get("/organize/forum/conflicts/?of=release-1").content.decode()
    for page in (conflicts, f"{draft}/"):
        assert address not in bob.get(page).content.decode()
    assert bob.post(address).status_code == 404
    response = client.post(address)
    run = SolverRun.objects.get()
    assert response["Location"] == f"/organize/forum/searches/{run.pk}/"
    assert (run.purpose, run.base, run.actor) == ("repair", desk.draft, f"organizer:{desk.alice.pk}")
    refused = client.post(address, follow=True)
    assert refused.redirect_chain == [(f"{draft}/", 302)]
    assert "A search is running already." in refused.content.decode()


@pytest.mark.parametrize(
    ("minimal", "sentence"), [(True, "It is proved that fewer changes do not suffice."), (False, "Fewer changes may")]
)
def test_a_repair_shows_what_moved(desk: Desk, minimal: bool, sentence: str) -> None:
    asked = runs.ask(
        desk.conference, seconds=30, seed=1, base=desk.draft, actor="system", purpose=SolverRun.Purpose.REPAIR
    )
    run = runs.begin(asked.pk, now=timezone.now())
    assert run is not None
    client, address = signed_in(desk.alice), f"/organize/forum/searches/{asked.pk}/"
    assert "Looking for what breaks a rule." in client.get(address).content.decode()
    found = NOTHING | {
        "feasible": True, "objective": 400, "bound": None, "terms": {}, "seconds": 2, "minimal": minimal,
        "timetable": [["TALK", 780, 840, "ATTIC"]],
        "moves": [["TALK", [600, 660, "HALL"], [780, 840, "ATTIC"]], ["GONE", None, [600, 660, "HALL"]]],
    }  # fmt: skip
    runs.finish(run, found, now=timezone.now())
    html = " ".join(client.get(address).content.decode().split())
    for piece in ("<h1>Repair with the fewest changes</h1>", sentence, "Mon 1, 10:00–11:00</span>, Hall",
                  "Mon 1, 13:00–14:00</span>, Attic"):  # fmt: skip
        assert piece in html
    assert "GONE" not in html


def test_where_nothing_had_to_move_that_is_said(desk: Desk) -> None:
    asked = runs.ask(
        desk.conference, seconds=30, seed=1, base=desk.draft, actor="system", purpose=SolverRun.Purpose.REPAIR
    )
    run = runs.begin(asked.pk, now=timezone.now())
    assert run is not None
    runs.finish(run, impossible(feasible=True, minimal=True), now=timezone.now())
    page = signed_in(desk.alice).get(f"/organize/forum/searches/{asked.pk}/").content.decode()
    assert "nothing has to move" in page


def test_without_a_timetable_help_does_not_begin(desk: Desk) -> None:
    run = runs.finish(running(desk), impossible(), now=timezone.now())
    assert signed_in(desk.alice).post(f"/organize/forum/searches/{run.pk}/help/").status_code == 404
    assert SolverRun.objects.count() == 1


def test_causes_are_in_the_readers_language(desk: Desk) -> None:
    run = running(desk)
    cause = {"en": "The hall is too small.", "ko": "홀이 너무 작습니다."}
    runs.finish(run, impossible(causes=[cause]), now=timezone.now())
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
    assert client.post(f"/organize/forum/searches/{run.pk}/help/").status_code == 404
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


USUAL = {name: str(weight) for name, weight in asdict(Weights()).items()}


def test_weights_are_chosen_by_name_and_hold_from_the_next_search_on(desk: Desk) -> None:
    client = signed_in(desk.alice)
    response = client.post("/organize/forum/searches/weights/", USUAL | {"unseated": "50", "wish_clashes": "0"})
    assert response["Location"] == "/organize/forum/searches/"
    chosen = replace(Weights(), unseated=50, wish_clashes=0)
    assert weights_of(desk.conference) == chosen
    assert weights_of(desk.elsewhere) == Weights()
    page = client.get("/organize/forum/searches/weights/").content.decode()
    assert re.findall(r'name="(\w+)" value="(\d+)" min', page) == [
        (name, str(getattr(chosen, name))) for name in asdict(chosen)
    ]


def test_one_button_goes_back_to_what_is_usual(desk: Desk) -> None:
    weigh(desk.conference, replace(Weights(), unseated=50), actor="system")
    client = signed_in(desk.alice)
    client.post("/organize/forum/searches/weights/", USUAL | {"unseated": "many", "usual": "1"})
    assert weights_of(desk.conference) == Weights()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("-1", "Ensure this value is greater than or equal to 0."),
        ("1001", "Ensure this value is less than or equal to 1000."),
        ("many", "Enter a whole number."),
        ("", "This field is required."),
    ],
)
def test_a_wrong_weight_is_named_and_nothing_is_lost(desk: Desk, given: str, error: str) -> None:
    client = signed_in(desk.alice)
    response = client.post("/organize/forum/searches/weights/", USUAL | {"unseated": given, "empty_seats": "77"})
    page = response.content.decode()
    assert (response.status_code, page.count(error), 'value="77"' in page) == (422, 2, True)
    assert 'href="#id_unseated"' in page
    assert weights_of(desk.conference) == Weights()


def test_a_search_shows_the_weights_it_was_made_with(desk: Desk) -> None:
    weigh(desk.conference, replace(Weights(), unseated=50), actor="system")
    run = finished(desk)
    weigh(desk.conference, Weights(), actor="system")
    page = " ".join(signed_in(desk.alice).get(f"/organize/forum/searches/{run.pk}/").content.decode().split())
    row = page[page.index("People without a seat") :]
    assert re.findall(r">([\d,]+)</td>", row[: row.index("</tr>")]) == ["77", "40", "50", "2000"]


@pytest.mark.parametrize("count", [1, 3])
def test_what_moved_and_what_is_kept_cost_the_same(desk: Desk, count: int, django_assert_num_queries: Any) -> None:
    desk.add_sessions(count)
    codes = [f"MORE{number}" for number in range(count)]
    place = {"start": "2026-06-01T01:00:00+00:00", "end": "2026-06-01T02:00:00+00:00", "room": "HALL"}
    moves = [{"session": code, "old": None, "new": place} for code in codes]
    run = SolverRun.objects.create(
        conference=desk.conference, actor="system", state="done", purpose="repair", base=desk.draft, kept=codes,
        moves=moves,
    )  # fmt: skip
    client = signed_in(desk.alice)
    with django_assert_num_queries(8):  # the five of every search's page, kept sessions, moved sessions, rooms
        page = client.get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert page.count("MORE0") == 2
    with django_assert_num_queries(8):  # the six of the page, the draft that is chosen, its sessions
        page = client.get(f"/organize/forum/searches/?from={desk.draft.pk}").content.decode()
    assert len(re.findall('name="kept"', page)) == 1 + count
