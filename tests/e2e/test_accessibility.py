"""Every page and state: clean for axe, no sideways scrolling on the narrowest phone, nothing in the console.

The last is checked when a visitor leaves (see conftest.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from accounts.domain.invitations import key_of
from accounts.models import Membership
from journal.actors import SYSTEM, Actor
from notifications.addresses import secret
from notifications.announcements.announcing import Content, compose_due, create_announcement, schedule_announcement
from notifications.delivery.delivering import deliver
from notifications.inbound.replies.declining import ask
from notifications.models import DeclinedPlace, Message, Suppression, WebhookDelivery, WebhookSubscription, WebhookTry
from notifications.rules.intake import take_in
from notifications.webhooks.editing import rotate_secret, subscribe
from registration.domain.registrations.registering import take_part
from registration.domain.registrations.tokens import TokenPurpose, token_for
from registration.models import SignUp
from schedule.domain.emergencies.settling import settle
from schedule.domain.programme.invitations import invite_to_speak
from schedule.domain.searches import searches as runs
from schedule.models import Conference, Draft, Invitation, Role, SolverRun, WholeArchive
from tests.e2e.conftest import Visit
from tests.e2e.stage import Stage
from tests.e2e.visiting import Visitor
from tests.factories import at, make_person
from tests.smtp_sink import SmtpSink

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Mails are shown in frames that may run no scripts: axe cannot be in them, and its knocking would fill the console.
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "iframes": False}
# What makes the page scroll sideways: nothing, when it does not; otherwise the innermost elements that are too wide.
TOO_WIDE = """() => {
  if (document.scrollingElement.scrollWidth <= innerWidth) return [];
  const out = [...document.body.querySelectorAll("*")].filter(
    (element) => element.getBoundingClientRect().left + element.scrollWidth > innerWidth);
  const innermost = out.filter((element) => !out.some((other) => other !== element && element.contains(other)));
  return [`${document.scrollingElement.scrollWidth} px`, ...innermost.map((element) => element.outerHTML.slice(0, 99))];
}"""
# Colours fade into each other; on the way there is not enough contrast.
SETTLED = "() => Promise.all(document.getAnimations().map((animation) => animation.finished))"
HEIGHT = 800
# What a search says of a goal's timetable and of itself.
OFFERED: dict[str, Any] = {
    "terms": {"wish_clashes": 290, "track_rooms": 2, "person_gaps": 1200, "moved_times": 3, "moved_rooms": 12},
    "attendance": {"people": 5000, "first_wishes": 3120, "mean_walk_minutes": 6.5},
}
MADE: dict[str, Any] = {
    "problem": "sha256:" + 64 * "a",
    "seed": 1,
    "seconds": 30,
    "workers": 1,
    "versions": {"numba": "1"},
}
SUBMIT = "main form button[type=submit]"


class Look(NamedTuple):
    width: int
    scheme: Literal["light", "dark"]


# The phone is as narrow as WCAG 1.4.10 asks pages to be.
DESKTOP, PHONE = Look(1280, "light"), Look(320, "dark")
# By language. Where only words differ, nothing new is to be found by axe: they may be too long, and that is all.
LOOKS = {"en-GB": (DESKTOP, PHONE), "ko-KR": ()}


class Inspection:
    """Opens pages and notes what is wrong with them."""

    def __init__(self, visitor: Visitor, looks: tuple[Look, ...]) -> None:
        self.visitor = visitor
        self.looks = looks
        self.found: list[str] = []
        self.seen: list[str] = []

    def see(self, path: str, status: int = 200) -> None:
        assert (path, self.visitor.open(path).status) == (path, status)
        self.here()

    def here(self, state: str = "") -> None:
        """Look at the page as it now is."""
        page = self.visitor.page
        name = f"{self.visitor.path} {state}".strip()
        self.seen.append(name)
        page.wait_for_load_state("load")
        for look in self.looks:
            page.set_viewport_size({"width": look.width, "height": HEIGHT})
            page.emulate_media(color_scheme=look.scheme)
            page.evaluate(SETTLED)
            for violation in Axe().run(page, options=RULES).response["violations"]:
                self.found += [
                    f"{name}: {look}: {violation['id']}: {node['html'][:160]}" for node in violation["nodes"]
                ]
        wide: list[str] = page.evaluate(TOO_WIDE)
        self.found += [f"{name}: wider than {PHONE.width} px: {html}" for html in wide]

    def submit(self, state: str = "") -> None:
        """Send the form of the page, and look at what comes."""
        self.visitor.page.locator(SUBMIT).first.click()
        self.here(state)


@pytest.fixture(params=LOOKS)
def inspection(request: pytest.FixtureRequest, visit: Visit) -> Inspection:
    """In one language. The browser is a phone before and after each page has been looked at."""
    locale: str = request.param
    viewport = {"width": PHONE.width, "height": HEIGHT}
    return Inspection(visit(viewport=viewport, locale=locale, reduced_motion="reduce"), LOOKS[locale])


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
        "calendar/",
    ):
        inspection.see(f"/my/forum/{path}")
    inspection.submit("with an address")
    for path in ("", "sessions/OPEN/", "sessions/RIVAL/", "sessions/FULL/"):
        inspection.see(f"/forum/{path}")
    assert inspection.found == [], "\n".join(inspection.found)


def test_the_organizers_pages(stage: Stage, inspection: Inspection) -> None:
    stage.conflicting_draft()
    take_in()
    inspection.see("/accounts/login/")
    inspection.submit("with errors")
    inspection.see(f"/accounts/invitation/{key_of(stage.invited_into_the_team())}/")
    inspection.submit("with errors")
    inspection.visitor.sign_in_as(stage.organizer())
    draft = Draft.objects.get(conference=stage.conference)
    message = Message.objects.first()
    assert message is not None
    inspection.see("/organize/")
    for path in (
        "",
        "programme/",
        f"drafts/{draft.pk}/",
        "drafts/new/",
        *(f"drafts/{draft.pk}/{page}/" for page in ("rename", "delete", "history")),
        f"drafts/{draft.pk}/publish/",
        f"drafts/{draft.pk}/publish/samples/",
        f"drafts/{draft.pk}/sessions/OPEN/",
        f"drafts/{draft.pk}/sessions/OPEN/?day=2037-06-01&time=10:00&room=small",
        f"drafts/{draft.pk}/sessions/OPEN/?day=&time=&room=small",
        f"drafts/{draft.pk}/sessions/OPEN/places/",
        "programme/compare/",
        f"programme/compare/people/?old=published&new=draft-{draft.pk}",
        "releases/2/",
        "conflicts/",
        f"conflicts/?of=draft-{draft.pk}",
        "my-mails/",
        "sessions/",
        "sessions/OPEN/",
        f"people/{stage.conference.people.get().code}/in-public/",
        "registrations/",
        f"registrations/{stage.bob.uid}/",
        "registrations/rule/",
        "texts/",
        "retention/",
        "texts/privacy/",
        f"registrations/decide/?decision=decline&chosen={stage.bob.uid}&chosen={stage.alice.uid}",
        "sign-ups/",
        "sign-ups/FULL/",
        "outbox/",
        f"outbox/{message.uid}/",
        "team/",
        "team/invite/",
        "journal/",
        *stage.setup_pages(),
    ):
        inspection.see(f"/organize/forum/{path}")
    for act in ("role", "leave"):
        inspection.see(f"/organize/forum/team/{Membership.objects.earliest('pk').pk}/{act}/")
    inspection.see("/organize/elsewhere/", 404)
    inspection.see("/accounts/email/no-key/", 404)
    inspection.see("/accounts/password/reset/done/")
    assert inspection.found == [], "\n".join(inspection.found)


def search_of(
    stage: Stage, purpose: SolverRun.Purpose = SolverRun.Purpose.SEARCH, *, goal: str = "own", **found: Any
) -> SolverRun:
    """One that has ended."""
    base = Draft.objects.filter(conference=stage.conference).last()
    asked = runs.ask(
        stage.conference,
        seconds=30,
        seed=1,
        base=base,
        actor=Actor.organizer(1),
        answers=3,
        purpose=purpose,
        kept=["LATER"] if base else [],
        goal=goal,
    )
    begun = runs.begin(asked.pk, now=timezone.now())
    assert begun is not None
    nothing: dict[str, Any] = {
        "feasible": True,
        "objective": 4090,
        "bound": 1100,
        "terms": {"wish_clashes": 290, "empty_seats": 1190},
        "seconds": 30,
        "base_terms": {},
        "attendance": {},
        "causes": [],
        "answers": [],
        "exhausted": False,
        "remedies": [],
        "timetable": [],
        "moves": [],
        "minimal": False,
    }
    begun.curve = [[0.2, 9000, None], [8.5, 4090, 1100]]
    return runs.finish(begun, nothing | found, now=timezone.now())


def emergency_of(stage: Stage, state: str, **found: Any) -> SolverRun:
    """The booth is lost on the first day."""
    times = {
        name: at(stage.conference, clock).isoformat() for name, clock in (("starts_at", "09:00"), ("ends_at", "18:00"))
    }
    return SolverRun.objects.create(
        conference=stage.conference,
        purpose=SolverRun.Purpose.EMERGENCY,
        release=stage.conference.releases.first(),
        state=state,
        actor=str(Actor.organizer(1)),
        assumed=[{"do": "room_lost", "whom": "single", **times}],
        **found,
    )


def test_the_pages_of_exports(stage: Stage, inspection: Inspection) -> None:
    inspection.visitor.sign_in_as(stage.organizer())
    inspection.see("/organize/forum/exports/")
    inspection.see("/organize/forum/exports/everything/")
    about = {"conference": stage.conference, "language": "en"}
    WholeArchive.objects.create(**about, state="ready", ready_at=timezone.now(), size=1_000_000)
    WholeArchive.objects.create(**about, state="failed")
    WholeArchive.objects.create(**about)
    inspection.see("/organize/forum/exports/everything/")
    assert inspection.found == [], "\n".join(inspection.found)


def test_the_pages_of_an_emergency(stage: Stage, inspection: Inspection) -> None:
    for role in stage.conference.people.all():
        stage.open.roles.create(person=role, role="speaker")
    old, new = (
        {
            "start": at(stage.conference, "14:00").isoformat(),
            "end": at(stage.conference, "15:00").isoformat(),
            "room": room,
        }
        for room in ("single", "small")
    )
    found = emergency_of(stage, "done", moves=[{"session": "FULL", "old": old, "new": new}], minimal=True)
    nothing = emergency_of(stage, "done")
    message = {"code": "relax.session", "values": {"session": {"sessions": ["FULL"]}}}
    remedy = {"asks": "session", "message": message, "subject": ["session", "FULL"], "change": {}}
    small = {"code": "cause.seats", "values": {"session": {"sessions": ["FULL"]}, "seats": 500}}
    without = emergency_of(
        stage, "infeasible", causes=[{"rule": "room_too_small", "messages": [small]}], remedies=[remedy]
    )
    busy, failed = emergency_of(stage, "running"), emergency_of(stage, "failed", failure="time")
    inspection.visitor.sign_in_as(stage.organizer())
    inspection.see("/organize/forum/emergency/")
    for happened in ("room", "session", "later", "person"):
        inspection.see(f"/organize/forum/emergency/{happened}/")
    for run in (found, nothing, without, busy, failed):
        inspection.see(f"/organize/forum/emergency/repairs/{run.pk}/")
    settle(found, actor=Actor.organizer(1))
    for run in (found, nothing):  # published, and outdated by that
        inspection.see(f"/organize/forum/emergency/repairs/{run.pk}/")
    inspection.see("/organize/forum/releases/3/")
    inspection.see("/organize/forum/releases/3/sessions/OPEN/?day=2037-06-01&time=14:00&room=small")
    assert inspection.found == [], "\n".join(inspection.found)


def test_the_pages_about_searches(stage: Stage, inspection: Inspection) -> None:
    timetable = [["OPEN", 600, 660, "hall"]]
    codes = {"sessions": ["OPEN", "RIVAL"]}
    elsewhere = {"code": "alternative.elsewhere", "values": {"count": 16, "all": 21, "sessions": codes}}
    longer, now = (f"2017-09-16T{clock}+09:00" for clock in ("08:00", "09:00"))
    spans = {name: {"spans": [[begin, "2017-09-16T18:30+09:00"]]} for name, begin in (("new", longer), ("old", now))}
    remedies: list[dict[str, Any]] = [
        {
            "asks": asks,
            "message": {"code": "relax.hours", "values": spans},
            "gain": gain,
            "proved": proved,
            "effect": {"terms": [["wish_clashes", 290, 257], ["empty_seats", 1190, 1200]]},
        }
        for asks, gain, proved in (("hour", 330, True), ("equipment", 40, False), ("session", 10, False))
    ]
    other = {"timetable": timetable, "objective": 4160, "terms": {"wish_clashes": 297}, "messages": [elsewhere]}
    small = {"code": "cause.seats", "values": {"session": {"sessions": ["OPEN"]}, "seats": 500}}
    causes = [{"rule": "room_too_small", "messages": [small]}]
    stage.conflicting_draft()
    draft = Draft.objects.get()
    several = search_of(stage, timetable=timetable, answers=[other])
    moves = [["OPEN", [600, 660, "hall"], [780, 840, "single"]], ["RIVAL", None, [780, 840, "small"]]]
    repaired = search_of(stage, SolverRun.Purpose.REPAIR, timetable=timetable, moves=moves, minimal=True)
    helped = search_of(stage, SolverRun.Purpose.HELP, remedies=remedies)
    impossible = search_of(
        stage, feasible=False, objective=None, bound=None, terms={}, causes=causes, remedies=remedies
    )
    offers = [{"goal": goal, "timetable": timetable, "objective": 9} | OFFERED for goal in ("clashes", "moves")]
    goals = search_of(stage, goal=SolverRun.Goal.EVERY, offers=offers, made=MADE)
    inspection.visitor.sign_in_as(stage.organizer())
    inspection.see("/organize/forum/searches/")
    inspection.see("/organize/forum/searches/weights/")
    inspection.see(f"/organize/forum/searches/?from={draft.pk}")
    busy = runs.begin(
        runs.ask(stage.conference, seconds=30, seed=1, base=None, actor=Actor.organizer(1)).pk, now=timezone.now()
    )
    assert busy is not None
    SolverRun.objects.filter(pk=busy.pk).update(phase="local", found=12, curve=[[0.2, 9000, None]])
    inspection.see(f"/organize/forum/searches/{busy.pk}/")
    runs.fail(busy, failure="time", now=timezone.now())
    for run in (several, repaired, helped, impossible, goals, busy):
        inspection.see(f"/organize/forum/searches/{run.pk}/")
    assert inspection.found == [], "\n".join(inspection.found)


def test_the_webhooks_pages(stage: Stage, inspection: Inspection) -> None:
    inspection.visitor.sign_in_as(stage.organizer())
    inspection.see("/organize/forum/webhooks/")
    inspection.see("/organize/forum/webhooks/new/")
    inspection.submit("with errors")
    hooks = [webhook(stage.conference, name=name) for name in ("The website with all that changes", "Badges")]
    WebhookSubscription.objects.filter(pk=hooks[1].pk).update(state="disabled", failing_since=timezone.now())
    rotate_secret(hooks[0], actor=Actor.organizer(1), now=timezone.now())
    rows = [delivery(hooks[0], state) for state in ("delivered", "failed", "queued")]
    inspection.see("/organize/forum/")
    inspection.see("/organize/forum/webhooks/")
    for path in ("", "edit/", "delete/", "?state=claimed"):
        inspection.see(f"/organize/forum/webhooks/{hooks[0].uid}/{path}")
    inspection.see(f"/organize/forum/webhooks/{hooks[1].uid}/")
    for row in rows:
        inspection.see(f"/organize/forum/webhooks/deliveries/{row.uid}/")
    assert inspection.found == [], "\n".join(inspection.found)


def webhook(conference: Conference, *, name: str) -> WebhookSubscription:
    url = "https://hooks.example.org/" + "a-rather-long-path/" * 4
    verbs = ["room.closed", "signup.displaced"]
    return subscribe(conference, name=name, url=url, verbs=verbs, actor=Actor.organizer(1), now=timezone.now())


def delivery(subscription: WebhookSubscription, state: str) -> WebhookDelivery:
    now = timezone.now()
    body = json.dumps(
        {"type": "room.closed", "data": {"api": "https://forum.example.org/api/v1/conferences/forum/sessions/"}}
    )
    made = WebhookDelivery.objects.create(
        subscription=subscription, verb="room.closed", body=body, state=state, delivered_at=now
    )
    if state != "queued":
        status, answer = (200, "") if state == "delivered" else (None, "ConnectionRefusedError: [Errno 111] refused")
        WebhookTry.objects.create(
            delivery=made, at=now, url=subscription.url, status=status, answer=answer, milliseconds=9
        )
    return made


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


def test_the_organizers_pages_about_mails(stage: Stage, inspection: Inspection, sink: SmtpSink) -> None:
    now = timezone.now()
    content = Content(texts={"en": ("Bring water", "Dear {name},\n\nsee {programme}")})
    draft = create_announcement(stage.conference, content, actor=SYSTEM, now=now)
    sending = create_announcement(stage.conference, content, actor=SYSTEM, now=now)
    schedule_announcement(sending, due_at=now, version=0, actor=SYSTEM)
    compose_due(now=now)
    deliver("bulk", limit=1)
    Suppression.objects.create(address="alice@example.org", reason="refused", answer="550 5.1.1 no such mailbox")
    inspection.visitor.sign_in_as(stage.organizer())
    for path in (
        "announcements/",
        f"announcements/{draft.uid}/",
        f"announcements/{draft.uid}/edit/",
        f"announcements/{draft.uid}/discard/",
        f"announcements/{sending.uid}/",
        "wordings/",
        "wordings/place_confirmed/en/",
        "wordings/place_confirmed/ko/reset/",
        "suppressions/",
        "announcements/new/",
    ):
        inspection.see(f"/organize/forum/{path}")
    inspection.submit("with errors")
    inspection.see(secret(TokenPurpose.UNSUBSCRIBE, stage.alice.uid).removeprefix(inspection.visitor.address))
    inspection.submit("ended")
    assert inspection.found == [], "\n".join(inspection.found)
