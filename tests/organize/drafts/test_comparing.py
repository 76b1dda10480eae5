"""Two timetables side by side."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from journal.actors import SYSTEM
from registration.domain.signups.signing_up import sign_up
from registration.models import Interest
from schedule.domain.timetables.drafts import create_draft, place
from schedule.domain.timetables.lifecycle import archive_draft
from schedule.models import Draft
from tests.factories import at, both, make_conference, make_registration, make_session, publish
from tests.organize.conftest import Desk

ADDRESS = "/organize/forum/programme/compare/"


def shown(client: Client, query: str = "") -> str:
    return " ".join(client.get(f"{ADDRESS}?{query}").content.decode().split())


def rows(html: str) -> list[list[str]]:
    """The sessions that differ, without the boxes they are chosen by."""
    table = html[html.index("<caption>") :] if "<caption>" in html else ""
    body = table[table.index("<tbody>") : table.index("</tbody>")] if table else ""
    cells = (re.findall(r"<t[hd].*?</t[hd]>", row) for row in body.split("</tr>"))
    return [[" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in row][1:] for row in cells if row]


def boxes(html: str) -> list[str]:
    return re.findall(r'name="row" value="([^"]+)"', html)


def test_what_differs_between_two_drafts_is_told_session_by_session(desk: Desk, alice: Client) -> None:
    first, second = desk.draft, create_draft(desk.conference, name="Other", actor=SYSTEM)
    sessions = {
        code: make_session(desk.conference, code=code, title=both(code.title())) for code in ("ONE", "TWO", "SAME")
    }
    for draft, code, room, clock in (
        (first, "ONE", desk.hall, "11:00"),
        (first, "TWO", desk.hall, "12:00"),
        (first, "SAME", desk.hall, "14:00"),
        (second, "ONE", desk.attic, "13:00"),
        (second, "SAME", desk.hall, "14:00"),
    ):
        place(draft, sessions[code], room=room, start=at(desk.conference, clock), actor=SYSTEM)
    place(second, desk.talk, room=desk.attic, start=at(desk.conference, "10:00"), actor=SYSTEM)
    for _ in range(2):
        Interest.objects.create(registration=make_registration(desk.conference), session=sessions["ONE"], rank=1)
    html = shown(alice, f"old=draft-{first.pk}&new=draft-{second.pk}")
    assert rows(html) == [
        ["Talk TALK", "Mon 1, 10:00–11:00, Hall", "Mon 1, 10:00–11:00, Attic", "room", "0"],
        ["Two TWO", "Mon 1, 12:00–13:00, Hall", "Without a time", "only in the first", "0"],
        ["One ONE", "Mon 1, 11:00–12:00, Hall", "Mon 1, 13:00–14:00, Attic", "time and room", "2"],
    ]
    for sentence in (
        "3 sessions differ.",
        "1 is at another time.",
        "2 are in another room.",
        "1 is only in the first.",
    ):
        assert sentence in html
    turned = shown(alice, f"old=draft-{second.pk}&new=draft-{first.pk}")
    assert "1 is only in the second." in turned


def test_without_a_choice_the_newest_draft_is_compared_with_what_is_published(desk: Desk, alice: Client) -> None:
    html = shown(alice)
    assert rows(html) == [["Talk TALK", "Mon 1, 09:00–10:00, Hall", "Mon 1, 10:00–11:00, Hall", "time", "0"]]
    assert '<option value="release-1" selected>' in html
    assert f'<option value="draft-{desk.draft.pk}" selected>' in html


def test_a_timetable_that_is_gone_is_said_and_not_replaced(desk: Desk, alice: Client) -> None:
    for query in (f"old=draft-0&new=draft-{desk.draft.pk}", "new=draft-0"):
        html = shown(alice, query)
        assert "There is no timetable “draft-0” (any more). Choose another." in html
        assert (rows(html), " selected" in html) == ([], query.startswith("old"))
    assert "(any more)" not in shown(alice)


def test_what_is_published_has_a_name_that_stays(desk: Desk, alice: Client) -> None:
    html = shown(alice, f"old=published&new=draft-{desk.draft.pk}")
    assert rows(html) == [["Talk TALK", "Mon 1, 09:00–10:00, Hall", "Mon 1, 10:00–11:00, Hall", "time", "0"]]
    other = make_conference(slug="unpublished", name=both("Unpublished"), team=desk.team)
    draft = create_draft(other, name="First", actor=SYSTEM)
    answer = alice.get(f"/organize/unpublished/programme/compare/?old=published&new=draft-{draft.pk}")
    assert "Nothing is published yet." in answer.content.decode()


def test_the_same_is_not_compared_with_itself(desk: Desk, alice: Client) -> None:
    assert "Choose two that are not the same." in shown(alice, "old=release-1&new=release-1")
    twin = desk.new_draft("Twin")
    assert "They have the same times and rooms." in shown(alice, f"old=draft-{twin.pk}&new=draft-{desk.draft.pk}")


def test_it_takes_two(desk: Desk, alice: Client, charlie: Client) -> None:
    Draft.objects.all().delete()
    assert "Nothing to compare yet" in shown(alice)
    assert charlie.get(ADDRESS).status_code == 404


def test_a_draft_of_another_conference_is_not_shown(desk: Desk, alice: Client) -> None:
    foreign = Draft.objects.create(conference=desk.elsewhere, name="Secret plan")
    assert "Secret plan" not in shown(alice, f"old=draft-{foreign.pk}&new=draft-{desk.draft.pk}")


@pytest.mark.parametrize("count", [1, 3])
def test_comparing_costs_the_same_for_any_number_of_sessions(
    desk: Desk, alice: Client, count: int, django_assert_num_queries: Any
) -> None:
    desk.add_sessions(count)
    other = create_draft(desk.conference, name="Other", actor=SYSTEM)
    # Browser session, user, conference, membership, drafts, releases, two, six of the problem, weights, places.
    with django_assert_num_queries(15):
        html = shown(alice, f"old=draft-{other.pk}&new=draft-{desk.draft.pk}")
    assert len(rows(html)) == 1 + count


# --- what it means, and following the other ---------------------------------------------------------------------------


def test_conflicts_penalties_and_people_are_told_before_and_after(desk: Desk, alice: Client) -> None:
    """In the second draft both are in the hall at ten, which both of two people wish for."""
    other = create_draft(desk.conference, name="Other", actor=SYSTEM)
    second = make_session(desk.conference, code="SECOND", title=both("Second"))
    for draft, clock, room in ((desk.draft, "14:00", desk.attic), (other, "10:00", desk.hall)):
        place(draft, second, room=room, start=at(desk.conference, clock), actor=SYSTEM)
    place(other, desk.talk, room=desk.hall, start=at(desk.conference, "10:00"), actor=SYSTEM)
    unplaced = make_session(desk.conference, code="THIRD", title=both("Third"))
    place(desk.draft, unplaced, room=desk.attic, start=at(desk.conference, "16:00"), actor=SYSTEM)
    for _ in range(2):
        person = make_registration(desk.conference)
        for rank, session in enumerate((desk.talk, second), start=1):
            Interest.objects.create(registration=person, session=session, rank=rank)
    publish(desk.conference, [(second, desk.attic, at(desk.conference, "14:00"))])
    sign_up(make_registration(desk.conference), second, actor=SYSTEM)
    html = shown(alice, f"old=draft-{desk.draft.pk}&new=draft-{other.pk}")
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    for sentence in (
        "1 person has a place in a session that differs.",
        "People whose wishes overlap: 0 → 2",
        "Pairs of wishes that overlap: 0 → 2",
        "In the second alone: 2. In the first alone: 0. In both: 0.",
        "Room used twice (must be solved)",
        "Without a time",
        "Counted over the 2 of 3 sessions that have a time in both.",
        "Wishes that overlap 0 8 10 80",
    ):
        assert sentence in text


def test_chosen_sessions_of_a_draft_follow_the_other(desk: Desk, alice: Client) -> None:
    desk.add_sessions(2)
    other = create_draft(desk.conference, name="Other", actor=SYSTEM)
    place(other, desk.talk, room=desk.attic, start=at(desk.conference, "15:00"), actor=SYSTEM)
    keys = {"old": f"draft-{other.pk}", "new": f"draft-{desk.draft.pk}"}
    found = boxes(shown(alice, urlencode(keys)))
    chosen = [one for one in found if one.startswith(f"{desk.talk.pk}.")]
    answer = alice.post(ADDRESS, keys | {"into": "new", "row": chosen})
    assert (len(found), answer.status_code, answer["Location"]) == (3, 302, f"/organize/forum/drafts/{desk.draft.pk}/")
    assert where(desk.draft) == [("MORE0", "11:00"), ("MORE1", "12:00"), ("TALK", "15:00")]
    assert "1 session of “Work” was moved. You can undo it here." in alice.get(answer["Location"]).content.decode()
    # All the others at once, the other way round: the second draft gets what the first has.
    versions = re.search(r'name="versions" value="([^"]+)"', shown(alice, urlencode(keys)))
    assert versions is not None
    assert alice.post(ADDRESS, keys | {"all": "old", "versions": versions[1]}).status_code == 302
    assert where(other) == where(desk.draft)


def test_what_somebody_moved_meanwhile_is_not_overwritten(desk: Desk, alice: Client) -> None:
    desk.add_sessions(2)
    keys = {"old": "release-1", "new": f"draft-{desk.draft.pk}"}
    html = shown(alice, urlencode(keys))
    found, versions = boxes(html), re.search(r'name="versions" value="([^"]+)"', html)
    assert versions is not None
    place(desk.draft, desk.talk, room=desk.attic, start=at(desk.conference, "16:00"), actor=SYSTEM)
    before = where(desk.draft)
    for posted in ({"into": "new", "row": found}, {"all": "new", "versions": versions[1]}):
        answer = alice.post(ADDRESS, keys | posted)
        page = " ".join(answer.content.decode().split())
        assert (answer.status_code, where(desk.draft), "meanwhile" in page) == (409, before, True)
        assert ["Talk TALK", "Mon 1, 09:00–10:00, Hall", "Mon 1, 16:00–17:00, Attic", "time and room", "0"] in rows(
            page
        )
    # What nobody has touched stays chosen, and can be sent.
    kept = [one for one in found if not one.startswith(f"{desk.talk.pk}.")]
    assert alice.post(ADDRESS, keys | {"into": "new", "row": kept}).status_code == 302
    assert where(desk.draft) == [("TALK", "16:00")]


@pytest.mark.parametrize(
    ("posted", "status"),
    [
        ({"into": "new"}, 409),
        ({"into": "new", "row": ["", "x", "1.2", "9" * 30 + ".0.0", "1.0.0\n"]}, 409),
        ({"all": "new", "versions": "7"}, 409),
        ({"into": "old", "row": ["1.0.0"]}, 404),
        ({"into": "new", "new": "release-1", "row": ["1.0.0"]}, 404),
        ({"into": "new", "old": "draft-0", "row": ["1.0.0"]}, 404),
    ],
)
def test_what_no_page_has_sent_moves_nothing(desk: Desk, alice: Client, posted: dict[str, Any], status: int) -> None:
    before = where(desk.draft)
    keys = {"old": "release-1", "new": f"draft-{desk.draft.pk}"}
    assert (alice.post(ADDRESS, keys | posted).status_code, where(desk.draft)) == (status, before)


def test_a_draft_put_aside_is_compared_and_does_not_follow(desk: Desk, alice: Client, bob: Client) -> None:
    keys = {"old": "release-1", "new": f"draft-{desk.draft.pk}"}
    assert 'name="into"' in shown(alice, urlencode(keys))
    assert 'name="into"' not in shown(bob, urlencode(keys))
    found = boxes(shown(alice, urlencode(keys)))
    archive_draft(desk.draft, actor=SYSTEM)
    assert 'name="into"' not in shown(alice, urlencode(keys))
    assert alice.post(ADDRESS, keys | {"into": "new", "row": found}).status_code == 409
    assert where(desk.draft) == [("TALK", "10:00")]


def where(draft: Draft) -> list[tuple[str, str]]:
    placed = draft.placements.select_related("session").order_by("session__code")
    return [(one.session.code, f"{draft.conference.local(one.start):%H:%M}") for one in placed]
