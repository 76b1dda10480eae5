"""Drafts made, named, put aside and deleted by organizers."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from journal.actors import SYSTEM
from schedule.domain.timetables.drafts import create_draft, place
from schedule.domain.timetables.lifecycle import archive_draft
from schedule.models import Draft, Placement, Release, SolverRun
from tests.factories import at, both, make_conference, make_room, make_session
from tests.organize.conftest import Desk

TOP = "/organize/forum/"


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def get(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def starts(draft: Draft) -> list[tuple[str, str]]:
    rows = draft.placements.select_related("session")
    return [(one.session.code, f"{draft.conference.local(one.start):%H:%M}") for one in rows]


@pytest.mark.parametrize(
    ("source", "found"), [("", []), ("draft", [("TALK", "10:00")]), ("release", [("TALK", "09:00")])]
)
def test_a_new_draft_is_empty_or_begins_with_another_timetable(
    desk: Desk, alice: Client, source: str, found: list[tuple[str, str]]
) -> None:
    key = {"": "", "draft": f"draft-{desk.draft.pk}", "release": "release-1"}[source]
    page = get(alice, f"{TOP}drafts/new/?from={key}")
    assert not key or f'<option value="{key}" selected>' in page
    answer = alice.post(f"{TOP}drafts/new/", {"name": "Plan B", "source": key})
    made = Draft.objects.get(name="Plan B")
    assert (answer.status_code, answer["Location"]) == (302, f"{TOP}drafts/{made.pk}/")
    assert (starts(made), made.conference) == (found, desk.conference)


def test_a_draft_from_another_conference_says_what_stayed_behind(desk: Desk, alice: Client) -> None:
    earlier = make_conference(slug="earlier", name=both("Earlier"), team=desk.team, starts_on=date(2036, 6, 1))
    room, attic = make_room(earlier, code="HALL"), make_room(earlier, code="CELLAR")
    draft = create_draft(earlier, name="Last year", actor=SYSTEM)
    make_session(desk.conference, code="BELOW")
    for code, where in (("TALK", room), ("BELOW", attic), ("<GONE>"[1:5], room)):
        session = make_session(earlier, code=code)
        place(draft, session, room=where, start=at(earlier, "14:00"), actor=SYSTEM)
    page = get(alice, f"{TOP}drafts/new/")
    assert '<optgroup label="Earlier">' in page
    assert "Elsewhere" not in page
    answer = alice.post(f"{TOP}drafts/new/", {"name": "Again", "source": f"earlier/draft-{draft.pk}"}, follow=True)
    assert starts(Draft.objects.get(name="Again")) == [("TALK", "14:00")]
    said = text_of(answer.content.decode())
    for sentence in (
        "Draft “Again” is made.",
        "No session here has this code: GONE.",
        "No room here has the code of the room they were in: BELOW.",
    ):
        assert sentence in said


def test_a_timetable_of_strangers_and_a_name_that_is_taken_make_no_draft(desk: Desk, alice: Client) -> None:
    foreign = create_draft(desk.elsewhere, name="Secret plan", actor=SYSTEM)
    count = Draft.objects.count()
    for wrong in ({"name": "X", "source": f"elsewhere/draft-{foreign.pk}"}, {"name": "Work"}, {"name": ""}):
        answer = alice.post(f"{TOP}drafts/new/", wrong)
        assert (answer.status_code, "Secret plan" in answer.content.decode()) == (422, False)
    assert Draft.objects.count() == count


def test_a_draft_is_renamed_and_the_later_of_two_is_told(desk: Desk, alice: Client) -> None:
    path = f"{TOP}drafts/{desk.draft.pk}/rename/"
    assert alice.post(path, {"name": "Plan B", "was": "Work"})["Location"] == f"{TOP}drafts/{desk.draft.pk}/"
    answer = alice.post(path, {"name": "Plan C", "was": "Work"})
    html = answer.content.decode()
    assert (answer.status_code, "it is called “Plan B” now" in html) == (409, True)
    assert ('value="Plan C"' in html, 'value="Plan B"' in html) == (True, True)
    assert alice.post(path, {"name": "Plan C", "was": "Plan B"}).status_code == 302
    assert alice.post(path, {"name": "", "was": "Plan C"}).status_code == 422
    assert Draft.objects.get(pk=desk.draft.pk).name == "Plan C"


def test_what_is_put_aside_is_looked_at_and_taken_up_again(desk: Desk, alice: Client) -> None:
    one = f"{TOP}drafts/{desk.draft.pk}/"
    assert alice.post(f"{one}archive/")["Location"] == f"{TOP}programme/"
    assert "Put aside <span" in get(alice, f"{TOP}programme/")
    page = get(alice, one)
    assert ("This draft is put aside" in page, "Move…" in page, "Publish…" in page) == (True, False, False)
    assert alice.get(f"{one}publish/")["Location"] == alice.post(f"{one}publish/", {"version": 0})["Location"] == one
    moved = alice.post(f"{one}sessions/TALK/", {"day": "2037-06-01", "time": "13:00", "room": "ATTIC", "version": 0})
    assert (moved.status_code, "was put aside" in moved.content.decode()) == (409, True)
    assert (starts(desk.draft), Release.objects.filter(conference=desk.conference).count()) == ([("TALK", "10:00")], 1)
    assert f'value="{desk.draft.pk}"' not in get(alice, f"{TOP}searches/")
    assert f"draft-{desk.draft.pk}" in get(alice, f"{TOP}programme/compare/")
    assert alice.post(f"{one}take-up/")["Location"] == one
    assert "Move…" in get(alice, one)


def test_deleting_says_what_goes_and_deletes_no_more_than_that(desk: Desk, alice: Client) -> None:
    SolverRun.objects.create(conference=desk.conference, state="done", base=desk.draft, actor=str(SYSTEM))
    path = f"{TOP}drafts/{desk.draft.pk}/delete/"
    said = text_of(get(alice, path))
    assert "This goes with it, for good: placements: 1 This stays, without it: searches for a timetable: 1" in said
    place(desk.draft, desk.talk, room=desk.attic, start=at(desk.conference, "12:00"), actor=SYSTEM)
    answer = alice.post(path, {"version": 0})
    assert (answer.status_code, "Somebody else has changed this draft" in answer.content.decode()) == (409, True)
    assert alice.post(path, {"version": "x"}).status_code == 409
    assert Draft.objects.filter(pk=desk.draft.pk).exists()
    assert alice.post(path, {"version": 1})["Location"] == f"{TOP}programme/"
    assert not Draft.objects.filter(pk=desk.draft.pk).exists()
    assert SolverRun.objects.get(state="done").base is None


def test_drafts_stand_newest_first_those_put_aside_apart(desk: Desk, alice: Client) -> None:
    for name in ("Second", "Third"):
        create_draft(desk.conference, name=name, actor=SYSTEM)
    archive_draft(Draft.objects.get(name="Second"), actor=SYSTEM)
    page = get(alice, f"{TOP}programme/")
    assert re.findall(r"/drafts/\d+/\">(\w+)</a>", page) == ["Third", "Work", "Second"]


def test_viewers_change_nothing(desk: Desk, bob: Client) -> None:
    one = f"{TOP}drafts/{desk.draft.pk}/"
    posts = {
        f"{TOP}drafts/new/": {"name": "X"},
        f"{one}rename/": {"name": "X", "was": "Work"},
        f"{one}archive/": {},
        f"{one}take-up/": {},
        f"{one}delete/": {"version": 0},
        f"{one}history/": {"turn": "undo", "step": 1},
        f"{TOP}programme/compare/": {
            "old": "release-1",
            "new": f"draft-{desk.draft.pk}",
            "all": "new",
            "versions": "0.0",
        },
    }
    assert {path: bob.post(path, data).status_code for path, data in posts.items()} == dict.fromkeys(posts, 404)
    assert [(one.name, one.archived_at, starts(one)) for one in desk.conference.drafts.all()] == [
        ("Work", None, [("TALK", "10:00")])
    ]
    assert not Placement.objects.exclude(draft=desk.draft).exists()
