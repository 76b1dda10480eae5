"""Every page and state: clean for axe, no sideways scrolling on the narrowest phone, nothing in the console.

The last is checked when a visitor leaves (see conftest.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.utils import timezone

from journal.actors import SYSTEM
from notifications.addresses import secret
from notifications.inbound.replies.declining import ask
from notifications.models import DeclinedPlace
from registration.domain.registrations.registering import take_part
from registration.domain.registrations.tokens import TokenPurpose, token_for
from registration.models import Registration, SignUp
from schedule.domain.programme.invitations import invite_to_speak
from schedule.models import Conference, Invitation, Role
from tests.e2e.inspecting import Inspection, inspection
from tests.e2e.stage import Stage
from tests.factories import make_person

__all__ = ["Inspection", "inspection"]  # a fixture


def test_public_pages(stage: Stage, inspection: Inspection) -> None:
    for path in (
        "/",
        "/forum/",
        "/forum/?q=dragons",
        "/forum/?day=all",
        "/forum/?kind=workshop",
        "/forum/changes/",
        "/my/sign-in/",
    ):
        inspection.see(path)
    for code in ("OPEN", "FULL", "LATER"):
        inspection.see(f"/forum/sessions/{code}/")
    inspection.see("/forum/speakers/")
    inspection.see("/forum/calendars/")
    inspection.see("/forum/sessions/OPEN/calendar/")
    inspection.see("/forum/sessions/NOWHERE/", 404)
    inspection.see("/my/link/nonsense/", 410)
    assert inspection.found == [], "\n".join(inspection.found)


def test_the_steps_of_registering(stage: Stage, inspection: Inspection, mails_to: Callable[[str], list[str]]) -> None:
    page = inspection.visitor.page
    inspection.see("/forum/register/")
    inspection.submit("with errors")
    page.locator("#id_display_name").fill("Dana")
    page.locator("#id_email").fill("dana@example.org")
    page.locator("#id_country").select_option("KR")
    inspection.submit()
    page.wait_for_url("**/needs/")
    page.locator("#id_access_note").evaluate("element => element.removeAttribute('maxlength')")
    page.locator("#id_access_note").fill("x" * 1001)
    inspection.submit("with errors")
    page.locator("#id_access_note").fill("A chair")
    inspection.submit()
    inspection.submit()
    [mail] = mails_to("dana@example.org")
    inspection.see("/my/link/" + mail.partition("/my/link/")[2].split()[0])
    inspection.submit("with errors")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    inspection.submit()
    assert inspection.seen == [
        "/forum/register/",
        "/forum/register/ with errors",
        "/forum/register/needs/",
        "/forum/register/needs/ with errors",
        "/forum/register/review/",
        "/forum/register/sent/",
        inspection.seen[6],
        f"{inspection.seen[6]} with errors",
        "/my/forum/",
    ]
    assert inspection.found == [], "\n".join(inspection.found)


def test_the_pages_about_the_line_for_a_conference_that_is_full(stage: Stage, inspection: Inspection) -> None:
    Conference.objects.filter(pk=stage.conference.pk).update(capacity=0)
    inspection.see("/forum/register/")
    dana = stage.person("Dana", state="draft", confirmed_at=None)
    take_part(dana, actor=SYSTEM, now=timezone.now())
    inspection.visitor.sign_in_as(dana)
    inspection.see("/my/forum/")
    inspection.see("/my/forum/cancel/")
    inspection.visitor.sign_in_as(stage.organizer())
    inspection.see("/organize/forum/registrations/?state=waitlisted")
    assert inspection.found == [], "\n".join(inspection.found)


def test_the_participants_own_pages(stage: Stage, inspection: Inspection) -> None:
    inspection.see("/my/sign-in/")
    inspection.submit("with errors")
    inspection.visitor.sign_in_as(stage.alice)
    inspection.see("/my/forum/")
    stage.sign_up(stage.alice, "open")
    stage.sign_up(stage.alice, "full")
    for path in (
        "",
        "sessions/OPEN/leave/",
        "sessions/FULL/leave/",
        "wishes/",
        "details/",
        "mails/",
        "cancel/",
        "data/",
        "calendar/",
    ):
        inspection.see(f"/my/forum/{path}")
    inspection.submit("with an address")
    inspection.see("/my/forum/details/")
    Registration.objects.filter(pk=stage.alice.pk).update(affiliation="Saved in another tab")
    inspection.submit("kept otherwise meanwhile")
    for path in ("", "sessions/OPEN/", "sessions/RIVAL/", "sessions/FULL/"):
        inspection.see(f"/forum/{path}")
    assert inspection.found == [], "\n".join(inspection.found)


def test_answering_an_invitation(stage: Stage, inspection: Inspection) -> None:
    person = make_person(stage.conference, name="Ann", email="ann@example.org")
    role = Role.objects.create(session=stage.open, person=person, role="speaker")
    address = secret(TokenPurpose.INVITATION, invite_to_speak(role, actor=SYSTEM).uid)
    path = address.removeprefix(inspection.visitor.address)
    inspection.see(path)
    inspection.submit("accepted")
    assert Invitation.objects.get().answer == "yes"
    assert inspection.found == [], "\n".join(inspection.found)


def test_the_question_after_a_calendar_declined(stage: Stage, inspection: Inspection) -> None:
    place = SignUp.objects.get(registration=stage.bob)
    assert ask(place, now=datetime(2037, 1, 1, tzinfo=UTC))
    DeclinedPlace.objects.update(asked_at=timezone.now())
    path = f"/my/link/declined/{token_for(TokenPurpose.DECLINE, place.uid)}/"
    inspection.see(path)
    inspection.submit("given back")
    inspection.see(path, 410)
    assert inspection.found == [], "\n".join(inspection.found)
