"""Every organizers' page and its states: clean for axe, in English and Korean, light and dark, no wider than a phone.

Which pages there are says `tests.organize.test_access.PAGES`, which a test compares with the addresses themselves: what
is new is looked at here, and if it takes what people type, it has to be named among those that are seen with errors.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

from accounts.domain.invitations import key_of
from journal.actors import Actor
from notifications.models import Message
from notifications.rules.intake import take_in
from schedule.domain.timetables.drafts import place
from schedule.models import Conference, Draft, Room, Session
from tests.e2e.inspecting import Inspection, organizing
from tests.e2e.stage import Stage
from tests.factories import at, both, make_conference, make_registration
from tests.organize.conftest import Desk
from tests.organize.test_access import FILES, FOR_PROGRAMS, FRAMES, MAY_READ, NO_PAGES, PAGES, PARTS, paths_of

__all__ = ["organizing"]  # a fixture
pytestmark = pytest.mark.timeout(600)  # a hundred pages, where much else goes on
SHOWN = [name for name in PAGES if name not in {*NO_PAGES, *FILES, *FRAMES, *PARTS, *FOR_PROGRAMS}]
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenausstellung"
# Of the whole conference: these have a state in which nothing is there.
ABOUT_ALL = [name for name in SHOWN if PAGES[name][0].startswith("/organize/forum/") and "{" not in PAGES[name][0]]
# What is typed into every box of a form so that it is refused.
WRONG = """() => {
  const form = document.querySelector("main form[method=post]");
  for (const field of form.querySelectorAll("input:not([type=hidden], [type=file]), textarea, select")) {
    if (field.disabled || field.readOnly) continue;
    if (field.matches("[type=checkbox], [type=radio]")) field.checked = false;
    else if (field.matches("[type=number]")) field.value = "-1";
    else if (field.matches("[type=email], [type=url]")) field.value = "nowhere";
    else field.value = "";
  }
}"""
# Pages on which something is typed, and which refuse it.
REFUSING = {
    name
    for name in SHOWN
    if name.endswith(("_new", "_edit", "_away"))
    or name in {
        "close_room", "conference_delete", "copied_conference", "imports", "new_conference", "new_draft",
        "registration_times", "rename_draft", "team_invite", "text", "weights", "webhook_new",
        "webhook_edit", "write_announcement", "edit_announcement",
    }
}  # fmt: skip


@pytest.fixture
def desk(site: str) -> Desk:
    return Desk()


def addresses_of(desk: Desk) -> dict[str, str]:
    registration = make_registration(desk.conference)
    message = Message.objects.create(
        conference=desk.conference,
        participant=registration.participant,
        registration=registration,
        kind="registration_confirmed",
        dedup_key="test",
        state=Message.State.FAILED,
        last_answer="550 no",
    )
    return paths_of(desk, message)


def clean(inspection: Inspection) -> bool:
    assert inspection.found == [], "\n".join(inspection.found)
    return True


def test_every_page_with_what_it_is_about(desk: Desk, organizing: Inspection) -> None:
    paths = addresses_of(desk)
    organizing.visitor.sign_in_as(desk.alice)
    for name in SHOWN:
        organizing.see(paths[name])
    assert organizing.seen == [paths[name] for name in SHOWN]  # and not somewhere else, as at the door
    assert clean(organizing)


def test_every_page_of_a_conference_that_has_nothing(desk: Desk, organizing: Inspection) -> None:
    make_conference(slug="bare", name=both("Bare"), team=desk.team, is_public=False, registration_open=False)
    organizing.visitor.sign_in_as(desk.alice)
    for name in ABOUT_ALL:
        path = PAGES[name][0].replace("/forum/", "/bare/")
        if organizing.visitor.open(path).status == 200:
            organizing.here("empty")
    assert {seen for seen in organizing.seen if not seen.startswith("/organize/bare/")} == set()
    assert len(organizing.seen) > 25
    assert clean(organizing)


def test_every_form_with_errors(desk: Desk, organizing: Inspection) -> None:
    paths = addresses_of(desk)
    # One with registrations has to stay, and its page has no form.
    make_conference(slug="bare", name=both("Bare"), team=desk.team, is_public=False, registration_open=False)
    paths["conference_delete"] = paths["conference_delete"].replace("/forum/", "/bare/")
    page = organizing.visitor.page
    organizing.visitor.sign_in_as(desk.alice)
    taken = []
    for name in SHOWN:
        if name in REFUSING:
            organizing.visitor.open(paths[name])
            page.evaluate(WRONG)
            page.locator("main form[method=post] button[type=submit]").first.click()
            organizing.here("with errors")
            if not page.locator(".error-summary").count():
                taken.append(name)
            assert organizing.seen[-1] == f"{paths[name]} with errors"
    assert taken == []
    assert clean(organizing)


def test_forms_that_somebody_else_was_quicker_with(desk: Desk, organizing: Inspection) -> None:
    """409: what is there now, beside what was typed."""
    paths = addresses_of(desk)
    page = organizing.visitor.page
    organizing.visitor.sign_in_as(desk.alice)
    changed: list[tuple[str, QuerySet[Any], dict[str, Any]]] = [
        ("room_edit", Room.objects.filter(pk=desk.hall.pk), {"distance_group": "West"}),
        ("session_edit", Session.objects.filter(pk=desk.talk.pk), {"expected_attendance": 35}),
        ("conference_edit", Conference.objects.filter(pk=desk.conference.pk), {"offer_hours": 7}),
    ]
    for name, rows, values in changed:
        organizing.visitor.open(paths[name])
        rows.update(**values)
        page.locator("main form[method=post] button[type=submit]").first.click()
        page.locator("#differences-title").wait_for()
        organizing.here("with differences")
    assert clean(organizing)


def test_what_is_confirmed_refused_and_forbidden(desk: Desk, organizing: Inspection) -> None:
    paths = addresses_of(desk)
    organizing.visitor.sign_in_as(desk.alice)
    organizing.visitor.open(paths["room_edit"])
    organizing.submit("saved")
    organizing.visitor.open(paths["publish"])
    organizing.submit("published")
    organizing.visitor.sign_in_as(desk.bob)
    for name in ("home", "programme", "draft", "room_edit", "rooms", "session", "registrations", "message", "team"):
        assert PAGES[name][1] == MAY_READ
        organizing.see(paths[name])
    organizing.see(paths["publish"], 404)
    organizing.see("/accounts/email/no-key/", 404)
    organizing.see("/accounts/password/reset/done/")
    assert clean(organizing)


def test_states_of_a_programme_that_is_worked_on(stage: Stage, organizing: Inspection) -> None:
    stage.conflicting_draft()
    take_in()
    organizing.see("/accounts/login/")
    organizing.submit("with errors")
    olga, draft = stage.organizer(), Draft.objects.get(conference=stage.conference)
    organizing.see(f"/accounts/invitation/{key_of(stage.invited_into_the_team(olga))}/")
    organizing.submit("with errors")
    organizing.visitor.sign_in_as(olga)
    Session.objects.filter(pk=stage.full.pk).update(title=both(LONG_WORD))
    place(draft, stage.full, room=stage.single, start=at(stage.conference, "16:00"), actor=Actor.organizer(olga.pk))
    for path in (
        "",
        "programme/",
        f"drafts/{draft.pk}/",
        f"drafts/{draft.pk}/history/",
        f"drafts/{draft.pk}/publish/",
        f"drafts/{draft.pk}/sessions/OPEN/?day=2037-06-01&time=10:00&room=small",
        f"drafts/{draft.pk}/sessions/OPEN/?day=&time=&room=small",
        f"drafts/{draft.pk}/sessions/OPEN/places/",
        "programme/compare/",
        f"programme/compare/people/?old=published&new=draft-{draft.pk}",
        "releases/2/",
        f"conflicts/?of=draft-{draft.pk}",
        "sessions/OPEN/",
        "sign-ups/",
        "sign-ups/FULL/",
        f"registrations/decide/?decision=decline&chosen={stage.bob.uid}&chosen={stage.alice.uid}",
        "journal/",
    ):
        organizing.see(f"/organize/forum/{path}")
    organizing.see("/organize/elsewhere/", 404)
    organizing.visitor.open("/organize/forum/searches/")
    organizing.visitor.page.evaluate(WRONG)
    organizing.submit("with errors")
    assert clean(organizing)
