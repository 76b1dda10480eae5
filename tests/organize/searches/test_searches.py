from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from journal.actors import SYSTEM
from schedule.domain.editing.absences import close_room
from schedule.domain.searches import searches as runs
from schedule.domain.timetables.drafts import create_draft
from schedule.models import Draft, SolverRun
from tests.factories import at
from tests.organize.conftest import Desk, signed_in
from tests.organize.searches.searching import finished, impossible, remedy, running
from tests.responses import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asleep")]
State = SolverRun.State
ASKED = {"seconds": "30", "seed": "3", "base": "", "answers": "1"}


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
    for base in (desk.draft, create_draft(desk.conference, name="Empty", actor=SYSTEM)):
        given = {**ASKED, "base": str(base.pk), "kept": ["TALK", "NOWHERE"]}
        assert ("“NOWHERE” is not on the list" in client.post(address, given).content.decode()) == (base == desk.draft)
    (run,) = SolverRun.objects.all()
    assert run.kept == []
    for key in ("999999", "-1", "x", "9" * 40, str(Draft.objects.create(conference=desk.elsewhere, name="Theirs").pk)):
        assert "Keep these" not in client.get(f"{address}?from={key}").content.decode()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"seconds": "4"}, "At least 5, please."),
        ({"seconds": "601"}, "At most 600, please."),
        ({"seed": "-1"}, "At least 0, please."),
        ({"base": "999999"}, "is not on the list"),
        ({"answers": "6"}, "is not on the list"),
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
    assert "Search again</button>" in squeezed(client.get(address).content.decode())
    assert "/again/" not in signed_in(desk.bob).get(address).content.decode()
    response = client.post(f"{address}again/")
    again = SolverRun.objects.exclude(pk=run.pk).get()
    assert response["Location"] == f"/organize/forum/searches/{again.pk}/"
    assert (again.seconds, again.seed, again.actor) == (30, 1, f"organizer:{desk.alice.pk}")
    refused = client.post(f"{address}again/", {"csrfmiddlewaretoken": "another page"}, follow=True)
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
    gain = remedy(gain=130, proved=True, effect={"terms": [["empty_seats", 40, 27]]})
    runs.finish(begun, impossible(feasible=True, objective=400, remedies=[gain]), now=timezone.now())
    page = squeezed(client.get(f"/organize/forum/searches/{asked.pk}/").content.decode())
    for piece in ("<h1>What would help?</h1>", "Have one more room.", "empty seats 40 → 27", "130", "(proved)"):
        assert piece in page


def close_hall(desk: Desk) -> None:
    close_room(desk.hall, starts_at=at(desk.conference, "09:00"), ends_at=at(desk.conference, "12:00"), actor=SYSTEM)


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
    refused = client.post(address, {"csrfmiddlewaretoken": "another page"}, follow=True)
    assert refused.redirect_chain == [(f"{draft}/", 302)]
    assert "A search is running already." in refused.content.decode()


def test_without_a_timetable_help_does_not_begin(desk: Desk) -> None:
    run = runs.finish(running(desk), impossible(), now=timezone.now())
    assert signed_in(desk.alice).post(f"/organize/forum/searches/{run.pk}/help/").status_code == 404
    assert SolverRun.objects.count() == 1


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
