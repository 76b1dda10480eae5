"""A conference with a row in every table that joins rows of conferences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import models
from django.utils import timezone

from journal.actors import SYSTEM
from notifications.models import Announcement, Message
from registration.models import Interest, MagicLink, Registration, Seats, SignUp
from schedule.models import (
    Draft,
    Invitation,
    NotParallel,
    Placement,
    Preference,
    ReleasedPlacement,
    Role,
    RoomPart,
    RoomUse,
    SessionGroup,
    SessionHost,
    SessionOrder,
    SolverAnswer,
    SolverRun,
    Unavailability,
)
from tests.factories import (
    at,
    make_body,
    make_conference,
    make_kind,
    make_person,
    make_registration,
    make_room,
    make_session,
    make_theme,
    publish,
)


class Rows:
    """The rows of one conference, by table. Each column that may be empty is filled in one of a table's rows."""

    def __init__(self) -> None:
        self.of: dict[str, list[models.Model]] = {}
        self.conference = make_conference()
        self.keep([self.conference])
        self._make_programme()
        self._make_timetables()
        self._make_places()
        self._make_mails()

    def keep(self, rows: Iterable[models.Model]) -> None:
        for row in rows:
            self.of.setdefault(row._meta.db_table, []).append(row)

    def _make_programme(self) -> None:
        conference = self.conference
        self.part, self.hall = make_room(conference), make_room(conference)
        kind, theme = make_kind(conference), make_theme(conference)
        self.person = make_person(conference)
        body = make_body(conference, contact=self.person)
        self.session = make_session(conference, kind=kind, theme=theme, fixed_room=self.part)
        self.second = make_session(conference, kind=kind)
        self.host = SessionHost.objects.create(session=self.session, body=body)
        self.role = Role.objects.create(session=self.session, person=self.person, role="speaker")
        group = SessionGroup.objects.create(conference=conference, same="room")
        group.sessions.add(self.session)
        start, end = at(conference, "09:00"), at(conference, "10:00")
        away = {"conference": conference, "starts_at": start, "ends_at": end}
        asked = {"session": self.session, "person": self.person, "invited_at": start}
        self.keep([self.part, self.hall, kind, theme, self.person, body, self.host, self.role, group])
        self.keep([self.session, self.second])
        self.keep(group.sessions.through.objects.filter(sessiongroup_id=group.pk))
        self.keep(
            [
                RoomPart.objects.create(room=self.hall, part=self.part),
                SessionOrder.objects.create(earlier=self.session, later=self.second),
                NotParallel.objects.create(first=self.session, second=self.second),
                Preference.objects.create(session=self.session, room=self.part),
                Unavailability.objects.create(**away, room=self.part),
                Unavailability.objects.create(**away, person=self.person),
                Unavailability.objects.create(**away, body=body),
                Invitation.objects.create(**asked, role=self.role),
                Invitation.objects.create(**asked, host=self.host),
            ]
        )

    def _make_timetables(self) -> None:
        conference = self.conference
        start, end = at(conference, "09:00"), at(conference, "10:00")
        draft = Draft.objects.create(conference=conference, name="Draft")
        release = publish(conference, [(self.session, self.part, start), (self.second, self.part, end)])
        made_from = {"base": draft, "draft": draft, "release": release, "published": release}
        search, free = (
            SolverRun.objects.create(conference=conference, state="done", actor=str(SYSTEM), **made_from)
            for _ in range(2)
        )
        # Made after the release, so without seats: free to be pointed to where only one row may.
        self.keep([make_session(conference)])
        self.keep(
            [
                draft,
                Placement.objects.create(draft=draft, session=self.session, room=self.part, start=start, end=end),
                search,
                free,
                SolverAnswer.objects.create(run=search, number=2, draft=draft, objective=0, terms={}, texts={}),
                release,
            ]
        )
        self.keep(ReleasedPlacement.objects.filter(release=release))
        self.keep(RoomUse.objects.filter(release=release))

    def _make_places(self) -> None:
        self.registration: Registration = make_registration(self.conference)
        self.signup = SignUp.objects.create(registration=self.registration, session=self.session, state="confirmed")
        self.link = MagicLink.objects.create(
            participant=self.registration.participant,
            registration=self.registration,
            token_hash=f"link of {self.registration.pk}",
            expires_at=timezone.now() + timedelta(hours=1),
        )
        interest = Interest.objects.create(registration=self.registration, session=self.session, rank=1)
        self.signup.refresh_from_db()
        self.keep([self.registration, self.signup, self.link, interest])
        # Those of a session without sign-ups: seats are made with no place taken.
        self.keep(Seats.objects.filter(session=self.second))

    def _make_mails(self) -> None:
        announcement = Announcement.objects.create(conference=self.conference, registration_states=["accepted"])
        announcement.sessions.add(self.session)
        self.keep([announcement])
        self.keep(announcement.sessions.through.objects.filter(announcement_id=announcement.pk))
        self.keep(
            [
                Message.objects.create(
                    conference=self.conference,
                    participant=self.registration.participant,
                    registration=self.registration,
                    signup=self.signup,
                    magic_link=self.link,
                    announcement=announcement,
                    kind="announcement",
                    dedup_key=f"to {self.registration.pk}",
                ),
                Message.objects.create(
                    conference=self.conference,
                    person=self.person,
                    session=self.session,
                    kind="invitation",
                    dedup_key=f"to person {self.person.pk}",
                ),
            ]
        )
