"""What a search's page says came of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from journal.actors import SYSTEM
from schedule.domain.searches import searches as runs
from schedule.domain.searches.weights import weigh
from schedule.domain.timetables.drafts import create_draft
from schedule.models import SolverRun
from schedule.solver.problem import Weights
from tests.factories import both, make_conference
from tests.organize.conftest import Desk, signed_in
from tests.organize.searches.searching import NOTHING, TOO_SMALL, finished, impossible, remedy, running
from tests.responses import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asleep")]

GONE = {"code": "cause.seats", "values": {"session": {"sessions": ["GONE"]}, "seats": 500}}


def figures(**changes: float) -> dict[str, float]:
    known = {
        "people": 5000,
        "first_wishes": 3120,
        "mean_rank": 1.84,
        "worst_attended": 1,
        "worst_wished": 5,
        "worst_people": 12,
        "unseated": 33,
        "mean_walks": 1.25,
        "mean_walk_minutes": 6.5,
        "mean_idle": 41.3,
    }
    return known | changes


def test_the_answer_says_what_people_get_beside_before_and_the_bound(desk: Desk) -> None:
    kept = {
        "now": figures(),
        "before": figures(first_wishes=2500, unseated=1234, worst_attended=0, worst_people=1),
        "answers": [figures(first_wishes=3000)],
        "most_first_wishes": 4800,
    }
    run = finished(desk, attendance=kept)
    page = squeezed(signed_in(desk.alice).get(f"/organize/forum/searches/{run.pk}/").content.decode())
    for piece in (
        "What 5000 people with wishes get",
        'data-label="Before">2,500 (50.0 %)<',
        'data-label="Now">3,120 (62.4 %)<',
        'data-label="Answer 2">3,000 (60.0 %)<',
        'data-label="Before">0 of 5 wishes (1 person)<',
        'data-label="Now">1 of 5 wishes (12 people)<',
        'data-label="Before">1,234<',
        'data-label="Now">41.3<',
        "No timetable can give more than 96.0 % all of their first three wishes.",
    ):
        assert piece in page, piece


def test_without_a_timetable_before_or_wishes_there_is_no_column_or_table(desk: Desk) -> None:
    only: dict[str, Any] = {"now": figures(), "before": None, "answers": [], "most_first_wishes": 5000}
    run = finished(desk, attendance=only)
    page = squeezed(signed_in(desk.alice).get(f"/organize/forum/searches/{run.pk}/").content.decode())
    table = page.partition("people with wishes get")[2].partition("</table>")[0]
    assert "Now" in table
    assert "Before" not in table
    bare = finished(desk)
    page = squeezed(signed_in(desk.alice).get(f"/organize/forum/searches/{bare.pk}/").content.decode())
    assert "with wishes get" not in page


def test_the_answer_has_its_terms_its_bound_and_its_draft(desk: Desk) -> None:
    run = finished(desk)
    page = squeezed(signed_in(desk.alice).get(f"/organize/forum/searches/{run.pk}/").content.decode())
    assert run.draft is not None
    for piece in (
        "People without a seat",
        ">77<",
        ">40<",
        ">400<",
        "proved bound 300 (at most 25 % better)",
        f"/organize/forum/programme/compare/?old=published&amp;new=draft-{run.draft.pk}",
        "M4.3 4.0H32.0V156.0H640.0",
    ):
        assert piece in page


def test_a_search_is_compared_with_a_release_where_there_is_one(desk: Desk) -> None:
    bare = make_conference(slug="bare", team=desk.team)
    draft = create_draft(bare, name="First", actor=SYSTEM)
    unpublished = SolverRun.objects.create(conference=bare, actor=str(SYSTEM), state="done", draft=draft)
    alice = signed_in(desk.alice)
    pages = [
        alice.get(f"/organize/{one.conference.slug}/searches/{one.pk}/").content.decode()
        for one in (finished(desk), unpublished)
    ]
    assert [page.count("Compare with what is published") for page in pages] == [1, 0]
    assert [page.count("Open the draft") for page in pages] == [1, 1]


def test_what_would_help_stands_below_what_fights(desk: Desk) -> None:
    run = running(desk)
    runs.finish(run, impossible(causes=[TOO_SMALL], remedies=[remedy()]), now=timezone.now())
    client = signed_in(desk.alice)
    address = f"/organize/forum/searches/{run.pk}/"
    english, korean = (client.get(address, headers={"accept-language": code}).content.decode() for code in ("en", "ko"))
    assert (
        english.index("“Talk” needs 500 seats.")
        < english.index("What would help")
        < english.index("Have one more room.")
    )
    assert "Penalty saved" not in english
    assert "/help/" not in english
    assert "장소를 하나 더 마련합니다." in korean
    assert "Have one more room." not in korean


def test_where_nothing_that_was_tried_helps_that_is_said(desk: Desk) -> None:
    run = runs.finish(running(desk), impossible(), now=timezone.now())
    page = signed_in(desk.alice).get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert "No change that was tried gives a timetable, and no few of them together." in page


def test_what_helps_together_stands_in_one_row(desk: Desk) -> None:
    both = remedy() | {"also": [{"message": {"code": "relax.breaks_only", "values": {"room": {"rooms": ["HALL"]}}}}]}
    run = runs.finish(running(desk), impossible(remedies=[both]), now=timezone.now())
    page = squeezed(signed_in(desk.alice).get(f"/organize/forum/searches/{run.pk}/").content.decode())
    assert re.findall(r'<th scope="row">(<p>.+?)</th>', page) == [
        "<p>Have one more room.</p><p>Open Hall to sessions that are no breaks.</p>"
    ]


def test_other_answers_have_their_drafts_and_what_distinguishes_them(desk: Desk) -> None:
    other: dict[str, Any] = {
        "timetable": [["TALK", 660, 720, "HALL"]],
        "objective": 410,
        "terms": {"unseated": 41},
        "messages": [
            {"code": "alternative.elsewhere", "values": {"count": 1, "all": 1, "sessions": {"sessions": ["TALK"]}}}
        ],
    }
    run = finished(desk, answers=[other])
    answer = run.further.get()
    assert answer.draft is not None
    page = signed_in(desk.alice).get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert run.draft is not None
    compared = f"/organize/forum/programme/compare/?old=draft-{run.draft.pk}&amp;new=draft-{answer.draft.pk}"
    for piece in (
        "Answer 2",
        "penalty 410 (+10)",
        "1 of 1 sessions are at another time: “Talk”.",
        f"/organize/forum/programme/compare/?old=published&amp;new=draft-{answer.draft.pk}",
        compared,
    ):
        assert piece in page
    assert "세션 1개 중" not in page


@pytest.mark.parametrize(
    ("exhausted", "sentence"), [(True, "It is proved that there are no more"), (False, "No more answers this good")]
)
def test_fewer_answers_than_asked_for_are_explained(desk: Desk, exhausted: bool, sentence: str) -> None:
    run = finished(desk, exhausted=exhausted)
    client, address = signed_in(desk.alice), f"/organize/forum/searches/{run.pk}/"
    assert sentence not in client.get(address).content.decode()
    SolverRun.objects.filter(pk=run.pk).update(answers=2)
    assert sentence in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("minimal", "sentence"), [(True, "It is proved that fewer changes do not suffice."), (False, "Fewer changes may")]
)
def test_a_repair_shows_what_moved(desk: Desk, minimal: bool, sentence: str) -> None:
    asked = runs.ask(
        desk.conference, seconds=30, seed=1, base=desk.draft, actor=SYSTEM, purpose=SolverRun.Purpose.REPAIR
    )
    run = runs.begin(asked.pk, now=timezone.now())
    assert run is not None
    client, address = signed_in(desk.alice), f"/organize/forum/searches/{asked.pk}/"
    assert "Looking for what breaks a rule." in client.get(address).content.decode()
    found = NOTHING | {
        "feasible": True,
        "objective": 400,
        "bound": None,
        "terms": {},
        "seconds": 2,
        "minimal": minimal,
        "timetable": [["TALK", 780, 840, "ATTIC"]],
        "moves": [["TALK", [600, 660, "HALL"], [780, 840, "ATTIC"]], ["GONE", None, [600, 660, "HALL"]]],
    }
    runs.finish(run, found, now=timezone.now())
    html = squeezed(client.get(address).content.decode())
    for piece in (
        "<h1>Repair with the fewest changes</h1>",
        sentence,
        "Mon 1, 10:00–11:00</span>, Hall",
        "Mon 1, 13:00–14:00</span>, Attic",
    ):
        assert piece in html
    assert "GONE" not in html


def test_where_nothing_had_to_move_that_is_said(desk: Desk) -> None:
    asked = runs.ask(
        desk.conference, seconds=30, seed=1, base=desk.draft, actor=SYSTEM, purpose=SolverRun.Purpose.REPAIR
    )
    run = runs.begin(asked.pk, now=timezone.now())
    assert run is not None
    runs.finish(run, impossible(feasible=True, minimal=True), now=timezone.now())
    page = signed_in(desk.alice).get(f"/organize/forum/searches/{asked.pk}/").content.decode()
    assert "nothing has to move" in page


def test_causes_are_in_the_readers_language(desk: Desk) -> None:
    run = running(desk)
    runs.finish(run, impossible(causes=[TOO_SMALL]), now=timezone.now())
    client = signed_in(desk.alice)
    address = f"/organize/forum/searches/{run.pk}/"
    pages = [client.get(address, headers={"accept-language": code}).content.decode() for code in ("en", "ko")]
    said = ("“Talk” needs 500 seats.", "‘Talk (한국어)’에는 500석이 필요합니다.")
    assert [tuple(text in page for text in said) for page in pages] == [(True, False), (False, True)]
    desk.talk.title = both("Speech")
    desk.talk.save()
    assert "“Speech” needs 500 seats." in client.get(address).content.decode()
    SolverRun.objects.filter(pk=run.pk).update(causes=[TOO_SMALL | {"messages": [GONE]}])
    assert "“GONE” needs 500 seats." in client.get(address).content.decode()


def test_a_search_shows_the_weights_it_was_made_with(desk: Desk) -> None:
    weigh(desk.conference, replace(Weights(), unseated=50), actor=SYSTEM)
    run = finished(desk)
    weigh(desk.conference, Weights(), actor=SYSTEM)
    page = squeezed(signed_in(desk.alice).get(f"/organize/forum/searches/{run.pk}/").content.decode())
    row = page[page.index("People without a seat") :]
    assert re.findall(r">([\d,]+)</td>", row[: row.index("</tr>")]) == ["77", "40", "50", "2000"]


@pytest.mark.parametrize("count", [1, 3])
def test_what_moved_and_what_is_kept_cost_the_same(desk: Desk, count: int, django_assert_num_queries: Any) -> None:
    desk.add_sessions(count)
    codes = [f"MORE{number}" for number in range(count)]
    place = {"start": "2037-06-01T01:00:00+00:00", "end": "2037-06-01T02:00:00+00:00", "room": "HALL"}
    moves = [{"session": code, "old": None, "new": place} for code in codes]
    run = SolverRun.objects.create(
        conference=desk.conference,
        actor=str(SYSTEM),
        state="done",
        purpose="repair",
        base=desk.draft,
        kept=codes,
        moves=moves,
    )
    client = signed_in(desk.alice)
    with django_assert_num_queries(8):  # the five of every search's page, kept sessions, moved sessions, rooms
        page = client.get(f"/organize/forum/searches/{run.pk}/").content.decode()
    assert page.count("MORE0") == 2
    with django_assert_num_queries(9):  # the six of the page, the draft that is chosen, its sessions, days
        page = client.get(f"/organize/forum/searches/?from={desk.draft.pk}").content.decode()
    assert len(re.findall('name="kept"', page)) == 1 + count
