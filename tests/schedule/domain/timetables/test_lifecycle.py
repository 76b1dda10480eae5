"""Drafts made from others, named, put aside and deleted."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from schedule.domain.editing.hanging import hanging_on
from schedule.domain.timetables.copies import bring_over, copy_draft
from schedule.domain.timetables.drafts import DraftChanged, DraftPutAside, create_draft, place
from schedule.domain.timetables.lifecycle import archive_draft, delete_draft, rename_draft, take_up_draft
from schedule.domain.timetables.releasing import release
from schedule.models import Draft, DraftStep, Release, SolverAnswer, SolverRun
from tests.factories import at, make_conference, make_room, make_session, publish

ALICE = Actor.organizer(7)
Where = list[tuple[str, str, datetime, datetime]]


class Work:
    """A draft with one session, on the clocks of Seoul."""

    def __init__(self) -> None:
        self.conference = make_conference()
        self.hall = make_room(self.conference, code="HALL")
        self.talk = make_session(self.conference, code="TALK")
        self.draft = create_draft(self.conference, name="Work", actor=SYSTEM)
        place(self.draft, self.talk, room=self.hall, start=at(self.conference, "09:00", day=1), actor=SYSTEM)


@pytest.fixture
def work(db: None) -> Work:
    return Work()


def where(draft: Draft) -> Where:
    return list(draft.placements.values_list("session__code", "room__code", "start", "end"))


def told(draft: Draft) -> list[tuple[str, str, dict[str, object]]]:
    rows = Entry.objects.filter(subject_id=draft.pk, verb__startswith="draft.", actor=str(ALICE)).order_by("pk")
    return [(one.verb, one.actor, one.data) for one in rows]


def test_a_copy_has_the_same_places_and_a_history_of_its_own(work: Work) -> None:
    made = copy_draft(work.draft, name="Copy", actor=ALICE)
    assert where(made) == where(work.draft)
    assert (made.name, made.version, made.steps.count()) == ("Copy", 0, 0)
    assert told(made) == [("draft.copied", "organizer:7", {"source": work.draft.pk})]
    place(made, work.talk, room=work.hall, start=at(work.conference, "10:00"), actor=ALICE)
    assert where(made) != where(work.draft)
    assert [copy_draft(work.draft, actor=ALICE).name for _ in range(2)] == ["Work (2)", "Work (3)"]


def test_what_has_the_same_codes_comes_from_another_conference(work: Work) -> None:
    """Two weeks after the clocks of Zurich were put forward it begins at nine there as it did in Seoul."""
    later = make_conference(starts_on=date(2038, 4, 12), timezone="Europe/Zurich")
    make_room(later, code="HALL")
    make_session(later, code="TALK", duration_minutes=45)
    make_session(later, code="NEW")
    for code, room in (("GONE", work.hall), ("ELSEWHERE", make_room(work.conference, code="ATTIC"))):
        place(
            work.draft,
            make_session(work.conference, code=code),
            room=room,
            start=at(work.conference, "09:00"),
            actor=SYSTEM,
        )
    make_session(later, code="ELSEWHERE")
    found = bring_over(work.draft, later, name="Like last year", actor=ALICE)
    zone = ZoneInfo("Europe/Zurich")
    assert where(found.draft) == [
        ("TALK", "HALL", datetime(2038, 4, 13, 9, tzinfo=zone), datetime(2038, 4, 13, 9, 45, tzinfo=zone))
    ]
    assert (found.draft.conference, found.draft.name) == (later, "Like last year")
    assert (found.sessions, found.no_session, found.no_room, found.no_time) == (1, ("GONE",), ("ELSEWHERE",), ())
    ((verb, _actor, data),) = told(found.draft)
    assert (verb, data["sessions"], data["left_out"]) == ("draft.brought_over", 1, 2)


def test_what_would_begin_when_the_clocks_are_put_forward_is_named(work: Work) -> None:
    place(work.draft, work.talk, room=work.hall, start=at(work.conference, "02:30", day=1), actor=SYSTEM)
    later = make_conference(starts_on=date(2037, 3, 28), timezone="Europe/Zurich")
    make_room(later, code="HALL")
    make_session(later, code="TALK")
    found = bring_over(work.draft, later, actor=ALICE)
    assert (where(found.draft), found.no_time, found.left_out) == ([], ("TALK",), 1)


def test_a_release_of_another_conference_can_be_brought_over(work: Work) -> None:
    made = publish(work.conference, [(work.talk, work.hall, at(work.conference, "11:00"))])
    later = make_conference(starts_on=date(2038, 6, 1))
    make_room(later, code="HALL")
    make_session(later, code="TALK")
    found = bring_over(made, later, actor=ALICE)
    assert [start for _, _, start, _ in where(found.draft)] == [at(later, "11:00")]
    assert found.draft.name == f"{work.conference.name} 1"


def test_a_draft_is_renamed_by_whoever_saw_its_name(work: Work) -> None:
    rename_draft(work.draft, name="Plan B", was="Work", actor=ALICE)
    rename_draft(work.draft, name="Plan B", was="Plan B", actor=ALICE)
    assert (work.draft.name, Draft.objects.get().name) == ("Plan B", "Plan B")
    assert told(work.draft) == [("draft.renamed", "organizer:7", {"old": "Work", "new": "Plan B"})]
    with translation.override("en"), pytest.raises(ValidationError, match="it is called “Plan B” now"):
        rename_draft(work.draft, name="Plan C", was="Work", actor=ALICE)
    create_draft(work.conference, name="Plan D", actor=SYSTEM)
    with translation.override("en"), pytest.raises(ValidationError, match="There is a draft with this name"):
        rename_draft(work.draft, name="Plan D", was="Plan B", actor=ALICE)
    assert sorted(Draft.objects.values_list("name", flat=True)) == ["Plan B", "Plan D"]


def test_what_is_put_aside_is_not_published_until_it_is_taken_up(work: Work) -> None:
    for _ in range(2):
        archive_draft(work.draft, actor=ALICE)
    with pytest.raises(DraftPutAside):
        release(work.draft, actor=ALICE)
    assert not Release.objects.exists()
    assert not Draft.objects.filter(conference=work.conference).worked_on().exists()
    for _ in range(2):
        take_up_draft(work.draft, actor=ALICE)
    assert [verb for verb, _actor, _data in told(work.draft)] == ["draft.archived", "draft.taken_up"]
    assert release(work.draft, actor=ALICE).number == 1


def test_deleting_takes_places_and_history_along_and_leaves_searches(work: Work) -> None:
    run = SolverRun.objects.create(
        conference=work.conference, state="done", base=work.draft, draft=work.draft, actor=str(SYSTEM)
    )
    answer = SolverAnswer.objects.create(run=run, number=2, draft=work.draft, objective=0, terms={}, texts={})
    made = release(work.draft, actor=SYSTEM)
    with translation.override("en"):
        assert [(one.what, one.count, one.fate) for one in hanging_on(work.draft)] == [
            ("changes of a draft", 1, "goes"),
            ("placements", 1, "goes"),
            ("answers of searches", 1, "lets-go"),
            ("searches for a timetable", 2, "lets-go"),
        ]
    delete_draft(work.draft, version=1, actor=ALICE)
    for row in (run, answer):
        row.refresh_from_db()
    assert (run.base, run.draft, answer.draft, DraftStep.objects.count()) == (None, None, None, 0)
    assert made.placements.count() == 1
    ((verb, _actor, data),) = Entry.objects.filter(actor=str(ALICE)).values_list("verb", "actor", "data")
    assert (verb, data) == ("draft.deleted", {"name": "Work", "placed": 1})


def test_nothing_is_deleted_that_has_changed_or_is_searched_from(work: Work) -> None:
    with pytest.raises(DraftChanged):
        delete_draft(work.draft, version=0, actor=ALICE)
    SolverRun.objects.create(conference=work.conference, state="running", base=work.draft, actor=str(SYSTEM))
    with translation.override("en"), pytest.raises(ValidationError, match="A search that starts from this draft"):
        delete_draft(work.draft, version=1, actor=ALICE)
    assert (Draft.objects.count(), told(work.draft)) == (1, [])
