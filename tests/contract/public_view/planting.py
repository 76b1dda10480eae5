"""A conference with a marked word in every place and state that the public must not see, and one in each that it may.

A mark is a word that nothing else holds, as short as a code may be. Codes and addresses are marked too: what leaks need
not be a text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from accounts.models import Membership, TeamInvitation, User
from journal.actors import SYSTEM
from notifications import addresses
from notifications.feeds.personal_feeds import feed_url
from notifications.models import Announcement, Message, Suppression, WebhookDelivery, WebhookSubscription
from notifications.webhooks.signing import secret_of
from registration.domain.registrations.tokens import TokenPurpose
from registration.models import Registration
from schedule.domain.programme.people import take_down
from schedule.domain.programme.sessions import cancel_session
from schedule.domain.published.identities import person_identity
from schedule.domain.timetables.drafts import create_draft
from schedule.models import (
    Conference,
    Invitation,
    Placement,
    ProgrammeUpload,
    Room,
    Session,
    SolverRun,
    Unavailability,
    WholeArchive,
)
from tests.factories import (
    at,
    both,
    make_body,
    make_conference,
    make_kind,
    make_participant,
    make_person,
    make_registration,
    make_room,
    make_session,
    make_team,
    make_theme,
    make_user,
    publish,
)
from tests.fixtures.conferences import signed_in
from tests.notifications.places import make_feed
from tests.present import present

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Marks:
    """Every mark with what it was put on. `shown` are the ones everybody may see; they prove that looking finds."""

    hidden: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    # What only the team may see before the conference is public: its own pages look as they will then.
    preview: dict[str, str] = field(default_factory=dict)
    # What nobody is shown again, not even the team.
    secret: dict[str, str] = field(default_factory=dict)

    def _put(self, marks: dict[str, str], about: str) -> str:
        number = sum(map(len, (self.hidden, self.shown, self.preview, self.secret)))
        mark = f"zq{number:03}q"
        marks[mark] = about
        return mark

    def hide(self, about: str) -> str:
        return self._put(self.hidden, about)

    def show(self, about: str) -> str:
        return self._put(self.shown, about)

    def before_it_is_public(self, about: str) -> str:
        return self._put(self.preview, about)


@dataclass
class Planted:
    """What was planted, and who looks at it."""

    marks: Marks
    conference: Conference
    unpublished: Conference
    sessions: dict[str, Session]
    # What the parts of an address can be, by the conference that the address is of.
    values: dict[str, dict[str, list[str]]]
    readers: dict[str, Client]
    participant: Registration
    invited: Invitation


def texts(mark: str) -> LazyI18nString:
    """The mark in both languages."""
    return LazyI18nString({"en": f"In {mark} words", "ko": f"말 {mark} 둘"})


def _full_session(conference: Conference, name: str, put: Callable[[str], str], **fields: Any) -> Session:
    """A session of which every detail is marked by `put`."""
    session = make_session(
        conference,
        code=name,
        title=both(f"Title of {name}"),
        abstract=texts(put(f"abstract, {name}")),
        theme=make_theme(conference, code=f"theme-{name}", name=texts(put(f"theme, {name}"))),
        languages=[put(f"language, {name}")],
        interpretation_pairs=[f"{put(f'interpretation, {name}')}-en"],
        sign_languages=[put(f"sign language, {name}")],
        caption_languages=[put(f"captions, {name}")],
        **fields,
    )
    person = make_person(
        conference, code=f"{name}-person", name=texts(put(f"person, {name}")), affiliation=put(f"affiliation, {name}")
    )
    session.roles.create(person=person, role="speaker")
    session.host_links.create(body=make_body(conference, name=texts(put(f"host, {name}"))))
    return session


def _inner_fields(session: Session, marks: Marks) -> None:
    """What is never public of any session, whatever its state."""
    name = session.code
    session.required_features = [marks.hide(f"needs, {name}")]
    session.online_url = f"https://join.example.org/{marks.hide(f'online address, {name}')}"
    session.save()
    hidden = make_body(
        session.conference,
        code=marks.hide(f"code of body, {name}"),
        name=texts(marks.hide(f"host not to be named, {name}")),
    )
    hidden.contact = make_person(session.conference, name=texts(marks.hide(f"contact, {name}")))
    hidden.save()
    session.host_links.create(body=hidden, position=7, is_shown=False)
    session.roles.create(person=None, role=marks.hide(f"role without a person, {name}"), position=8)
    person = make_person(
        session.conference,
        code=marks.hide(f"code of a person, {name}"),
        name=texts(marks.hide(f"taken down, {name}")),
        affiliation=marks.hide(f"affiliation of one taken down, {name}"),
        email=f"{marks.hide(f'address, {name}')}@example.org",
    )
    session.roles.create(person=person, role="speaker", position=9)
    take_down(person, actor=SYSTEM)
    reason = both(marks.hide(f"why somebody cannot come, {name}"))
    start = at(session.conference, "09:00")
    Unavailability.objects.create(
        conference=session.conference, person=person, starts_at=start, ends_at=start + timedelta(hours=1), reason=reason
    )


def _someone(conference: Conference, marks: Marks, name: str) -> Registration:
    """A registration whose every answer is marked."""
    return make_registration(
        conference,
        participant=make_participant(email=f"{marks.hide(f'mail, {name}')}@example.org"),
        display_name=marks.hide(f"name, {name}"),
        latin_name=marks.hide(f"latin name, {name}"),
        affiliation=marks.hide(f"organisation, {name}"),
        access_note=marks.hide(f"access note, {name}"),
    )


def _at_the_desk(conference: Conference, marks: Marks, session: Session, room: Room) -> dict[str, list[str]]:
    """What the team works with: a draft, a search, announcements, mails, webhooks. Returns what addresses may say."""
    draft = create_draft(conference, name=marks.hide("name of a draft"), actor=SYSTEM)
    start = at(conference, "15:00")
    Placement.objects.create(draft=draft, session=session, room=room, start=start, end=start + timedelta(hours=1))
    someone = _someone(conference, marks, "somebody registered")
    message = Message.objects.create(
        conference=conference,
        participant=someone.participant,
        registration=someone,
        kind="registration_confirmed",
        dedup_key="canary",
        state=Message.State.FAILED,
        last_answer=f"550 {marks.hide('answer of a mail server')}",
    )
    announcement = Announcement.objects.create(
        conference=conference,
        planned=0,
        texts={"en": {"subject": marks.hide("subject not sent"), "body": marks.hide("text not sent")}},
        registration_states=["accepted"],
    )
    suppression = Suppression.objects.create(
        address=someone.participant.email, reason="refused", answer=marks.hide("why an address is suppressed")
    )
    webhook = WebhookSubscription.objects.create(
        conference=conference,
        name=marks.hide("name of a webhook"),
        url=f"https://hooks.example.org/{marks.hide('address of a webhook')}",
        verbs=["room.closed"],
    )
    marks.secret[secret_of(webhook.uid, webhook.secret_number)] = "secret of a webhook"
    delivery = WebhookDelivery.objects.create(
        subscription=webhook, journal_entry_id=1, verb="room.closed", body="{}", state="failed"
    )
    search = SolverRun.objects.create(conference=conference, actor=str(SYSTEM), state="running")
    emergency = SolverRun.objects.create(
        conference=conference,
        actor=str(SYSTEM),
        purpose=SolverRun.Purpose.EMERGENCY,
        release=conference.releases.latest("number"),
        state="done",
        assumed=[{"do": "session_off", "whom": "open"}],
    )
    upload = ProgrammeUpload.objects.create(
        conference=conference,
        file_name=marks.hide("name of an uploaded file"),
        content=f"title,minutes\n{marks.hide('title in an uploaded file')},60\n".encode(),
        format="table",
    )
    archive = WholeArchive.objects.create(
        conference=conference,
        language="en",
        state="ready",
        ready_at=timezone.now(),
        content=marks.hide("content of an archive").encode(),
        size=1,
    )
    TeamInvitation.objects.create(
        team=present(conference.team),
        email=f"{marks.hide('address of an invitation')}@example.org",
        expires_at=timezone.now() + timedelta(days=7),
    )
    return {
        "draft": [str(draft.pk)],
        "run": [str(search.pk)],
        "repair": [str(emergency.pk)],
        "happened": ["room", "session", "later", "person"],
        "what": ["conflicts", "calendars", "print"],
        "pk": [str(one.pk) for one in (suppression, upload)],
        "uid": [str(one.uid) for one in (message, announcement, webhook, delivery, archive, someone)],
        "token": ["no-such-token"],
        "object_id": ["1"],
        "content_type_id": ["1"],
        "id": ["1"],
        "language": ["en", "ko"],
        "extension": ["json", "xml", "xlsx", "pdf", "txt"],
        "file": ["book-a4.pdf", "timetable.xlsx", "site.zip"],
        "step": ["about-you", "needs", "review"],
    }


def _programme(conference: Conference, marks: Marks) -> tuple[dict[str, Session], Room]:
    """Sessions in every state; those of the last release are open, closed and cancelled."""
    hall, attic = make_room(conference, code="HALL", capacity=40), make_room(conference, code="ATTIC")
    make_kind(conference, code="talk", name=both("Talk"))
    sessions = {
        "open": _full_session(conference, "open", marks.show),
        "closed": _full_session(conference, "closed", marks.hide, signup="invitation"),
        "cancelled": _full_session(conference, "cancelled", marks.hide),
        "withdrawn": _full_session(conference, "withdrawn", marks.hide),
    }
    meal = make_kind(conference, code="meal", is_break=True)
    sessions["dinner"] = _full_session(conference, "dinner", marks.hide, signup="invitation", kind=meal)
    sessions["draft"] = _full_session(conference, marks.hide("code of a draft"), marks.hide)
    sessions["draft"].title = texts(marks.hide("title of a draft"))
    sessions["draft"].kind = make_kind(conference, code="unused", name=texts(marks.hide("kind of a draft")))
    sessions["draft"].save()
    for session in sessions.values():
        _inner_fields(session, marks)
    rows = [
        (sessions[name], hall, at(conference, f"{9 + n:02}:00"))
        for n, name in enumerate(("open", "closed", "cancelled", "dinner"))
    ]
    publish(conference, [*rows, (sessions["withdrawn"], attic, at(conference, "09:00"))])
    publish(conference, rows)
    unused = make_room(conference, code="UNUSED", name=texts(marks.hide("room of a draft")))
    return sessions, unused


def plant() -> Planted:
    """Everything, in a public conference and in one that is not."""
    marks, team = Marks(), make_team(name="Team")
    conference = make_conference(slug="forum", name=both("Forum"), team=team)
    sessions, unused = _programme(conference, marks)
    at_desk = _at_the_desk(conference, marks, sessions["draft"], unused)
    unpublished = make_conference(
        slug="hush",
        name=texts(marks.before_it_is_public("name of a conference")),
        theme=texts(marks.before_it_is_public("theme of a conference")),
        venue=texts(marks.before_it_is_public("venue of a conference")),
        is_public=False,
        team=team,
    )
    quiet = _full_session(unpublished, "quiet", marks.before_it_is_public)
    quiet.title = texts(marks.before_it_is_public("title in a conference that is not public"))
    quiet.save()
    silent = _full_session(unpublished, "silent", marks.hide, signup="invitation")
    lobby = make_room(unpublished, code="LOBBY")
    publish(unpublished, [(quiet, lobby, at(unpublished, "09:00")), (silent, lobby, at(unpublished, "11:00"))])
    own = make_registration(conference, display_name="Pia", participant=make_participant(email="pia@example.org"))
    feed = feed_url(make_feed(own)).rpartition("/")[2].removesuffix(".ics")
    person = make_person(conference, code="invited", name=both("Ivo"), email="ivo@example.org")
    role = sessions["closed"].roles.create(person=person, role="chair", position=5)
    invited = Invitation.objects.create(session=sessions["closed"], role=role, person=person, invited_at=timezone.now())
    cancel_session(sessions["cancelled"], actor=SYSTEM)
    for one in conference.people.filter(taken_down_at__isnull=False):
        marks.hidden[str(person_identity(conference, one.code))] = f"public name of {one.code}"
    marks.hidden[str(person_identity(conference, "closed-person"))] = "public name of somebody behind closed doors"
    forum, hush = _parts_of(conference), _parts_of(unpublished)
    forum["token"] = [feed, addresses.secret(TokenPurpose.INVITATION, invited.uid).split("/")[-2], "no-such-token"]
    forum["uid"] = [*at_desk["uid"], str(invited.uid)]
    values = {one["slug"][0]: at_desk | one for one in (forum, hush)}
    return Planted(marks, conference, unpublished, sessions, values, _readers(team.pk, own), own, invited)


def _parts_of(conference: Conference) -> dict[str, list[str]]:
    """What its own addresses may say."""
    codes = [one.code for one in conference.sessions.all()]
    return {
        "slug": [conference.slug],
        "code": codes,
        "session": codes,
        "speaker": [str(person_identity(conference, one.code)) for one in conference.people.all()],
        "theme": [one.code for one in conference.themes.all()],
        "kind": [*(one.code for one in conference.kinds.all()), "place_confirmed", "privacy"],
        "version": ["1"],
        "room": [one.code for one in conference.rooms.all()],
        "day": [one.isoformat() for one in conference.dates],
        "number": [str(one.number) for one in conference.releases.all()],
    }


def _readers(team_id: int, own: Registration) -> dict[str, Client]:
    viewer = _member(team_id, "viewer", "vera")
    other = _member(make_team().pk, "owner", "otto")
    return {
        "visitor": Client(),
        "participant": signed_in(own.participant),
        "another team": _organizer(other),
        "viewer": _organizer(viewer),
    }


def _member(team_id: int, role: str, name: str) -> User:
    user = make_user(email=f"{name}@example.org", name=name.title(), password=None)
    Membership.objects.create(team_id=team_id, user=user, role=role)
    return user


def _organizer(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client
