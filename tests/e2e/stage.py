"""What the browser tests visit: a released conference with a choice, a clash and a full session."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import Membership, TeamInvitation, User
from journal.actors import SYSTEM
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration, SignUp
from schedule.domain.timetables.drafts import create_draft, place
from tests.factories import (
    at,
    both,
    make_conference,
    make_kind,
    make_participant,
    make_person,
    make_registration,
    make_room,
    make_session,
    make_team,
    make_user,
    publish,
)

PASSWORD = "correct horse battery staple"


class Stage:
    """The conference "forum" on 1 and 2 June 2037 in Seoul.

    On the first day OPEN and RIVAL at 10:00 clash and FULL at 14:00 has its one seat taken, by bob; on the second day
    LATER, which release 2 moved by an hour. Alice is registered, Olga owns the team, Zoe organizes elsewhere.
    """

    def __init__(self) -> None:
        self.team = make_team()
        self.conference = make_conference(slug="forum", name=both("The Forum"), team=self.team, venue=both("City Hall"))
        talk = make_kind(self.conference, code="talk", name=both("Talk"))
        workshop = make_kind(self.conference, code="workshop", name=both("Workshop"))
        self.hall = make_room(self.conference, code="hall", name=both("Great hall"), capacity=50)
        self.small = make_room(self.conference, code="small", name=both("Small room"), capacity=8)
        self.single = make_room(self.conference, code="single", name=both("Booth"), capacity=1)
        make = {"conference": self.conference}
        self.open = make_session(
            **make, kind=talk, code="OPEN", title=both("Cities and rights"), abstract=both("Who owns the city?")
        )
        self.rival = make_session(**make, kind=workshop, code="RIVAL", title=both("Water for all"), languages=["ko"])
        self.full = make_session(**make, kind=workshop, code="FULL", title=both("Tiny workshop"))
        self.later = make_session(**make, kind=talk, code="LATER", title=both("Looking back"))
        make_person(self.conference)
        first_day = [
            (self.open, self.hall, at(self.conference, "10:00")),
            (self.rival, self.small, at(self.conference, "10:00")),
            (self.full, self.single, at(self.conference, "14:00")),
        ]
        publish(self.conference, [*first_day, (self.later, self.hall, at(self.conference, "10:00", day=1))])
        publish(self.conference, [*first_day, (self.later, self.hall, at(self.conference, "11:00", day=1))])
        self.bob = self.person("Bob")
        self.sign_up(self.bob, "full")
        self.alice = self.person("Alice")

    def person(self, name: str, **fields: object) -> Registration:
        participant = make_participant(email=f"{name.lower()}@example.org")
        return make_registration(self.conference, participant=participant, display_name=name, **fields)

    def sign_up(self, person: Registration, session: str) -> SignUp:
        return sign_up(person, getattr(self, session), actor=SYSTEM)

    def organizer(self) -> User:
        olga = make_user(email="olga@example.org", name="Olga", password=PASSWORD)
        Membership.objects.create(team=self.team, user=olga, role="owner")
        return olga

    def stranger(self) -> User:
        """Owns another team with another conference."""
        zoe = make_user(email="zoe@example.org", name="Zoe", password=PASSWORD)
        team = make_team()
        Membership.objects.create(team=team, user=zoe, role="owner")
        make_conference(slug="elsewhere", name=both("Elsewhere"), team=team)
        return zoe

    def invited_into_the_team(self, by: User) -> TeamInvitation:
        """Somebody who has no account yet."""
        until = timezone.now() + timedelta(days=1)
        return self.team.invitations.create(email="ivan@example.org", role="desk", expires_at=until, invited_by=by)

    def conflicting_draft(self) -> None:
        """A draft with two sessions in one room at one time."""
        draft = create_draft(self.conference, name="Work", actor=SYSTEM)
        for session in (self.open, self.rival):
            place(draft, session, room=self.hall, start=at(self.conference, "10:00"), actor=SYSTEM)

    def setup_pages(self) -> list[str]:
        """A page of each kind on which the conference is set up."""
        room, session = f"setup/rooms/{self.hall.pk}/", f"setup/sessions/{self.open.pk}/"
        person = f"setup/people/{self.conference.people.earliest('pk').pk}/"
        lists = [f"setup/{many}/" for many in ("conference", "rooms", "sessions", "bodies")]
        further = [f"{room}{page}/" for page in ("delete", "history", "away")]
        return [*lists, room, session, person, *further, f"{session}cancel/"]
