"""What publishing would do to people is told before, and nothing of it stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from journal.actors import SYSTEM
from journal.models import Entry
from notifications.models import Message
from notifications.rules.intake import take_in
from organize.drafts.samples.finding import sample_mails
from organize.programme.rehearsal import PlaceFate, rehearse
from registration.domain.registrations.registering import set_interests
from registration.domain.signups.signing_up import sign_up
from registration.models import SignUp
from schedule.domain.programme.closing_times import change_session_closing
from schedule.domain.timetables.drafts import create_draft
from schedule.domain.timetables.queries import newest_release
from schedule.domain.timetables.releasing import release
from schedule.models import Draft, Placement, Release
from tests.factories import at, make_conference, make_room, make_session
from tests.fixtures.conferences import Small

pytestmark = pytest.mark.django_db


class Soon(Small):
    """The day after tomorrow, so that sign-up may have closed."""

    def __init__(self) -> None:
        day = timezone.localdate() + timedelta(days=2)
        self.conference = make_conference(starts_on=day, ends_on=day)
        self.two, self.three = (make_room(self.conference, capacity=seats) for seats in (2, 3))
        self.morning, self.noon = (make_session(self.conference) for _ in range(2))


def draft_of(world: Small, **placed: str) -> Draft:
    """A draft with these sessions: "09:00 three"."""
    draft = create_draft(world.conference, name=f"Next {Draft.objects.count()}", actor=SYSTEM)
    for name, words in placed.items():
        clock, _, room = words.partition(" ")
        start = at(world.conference, clock)
        Placement.objects.create(
            draft=draft,
            session=getattr(world, name),
            room=getattr(world, room),
            start=start,
            end=start + timedelta(hours=1),
        )
    return draft


def test_who_loses_and_who_gets_a_place_is_told_and_nothing_stays(small: Small) -> None:
    people = small.people(3)
    for person in people:
        sign_up(person, small.morning, actor=SYSTEM)
    sign_up(people[0], small.noon, actor=SYSTEM)
    set_interests(people[0], [small.morning, small.noon], actor=SYSTEM)
    before = list(SignUp.objects.order_by("pk").values_list("pk", "state"))
    # Morning gets a third seat, for whoever waits; noon begins at the same time.
    draft = draft_of(small, morning="09:00 three", noon="09:30 two")
    counts = (Release.objects.count(), Entry.objects.count())
    found = rehearse(draft, newest_release(small.conference), actor=SYSTEM, names=True)
    assert found is not None
    third = str(people[2].display_name)
    assert (found.given.count, found.given.first) == (1, [PlaceFate(third, str(small.morning.title))])
    assert (found.overlaps_before, found.overlaps_after) == (0, 1)
    assert found.lose.count + found.offered.count == 1, "nobody can be in two places at once"
    assert list(SignUp.objects.order_by("pk").values_list("pk", "state")) == before
    assert (Release.objects.count(), Entry.objects.count()) == counts


def test_what_would_be_refused_has_no_consequences(small: Small) -> None:
    draft = draft_of(small, morning="09:00 two", noon="09:30 two")
    assert rehearse(draft, newest_release(small.conference), actor=SYSTEM, names=True) is None
    assert Release.objects.count() == 1


def test_nobody_of_another_conference_is_counted(small: Small) -> None:
    other = Small()
    [stranger] = other.people(1)
    sign_up(stranger, other.morning, actor=SYSTEM)
    set_interests(stranger, [other.morning, other.parallel], actor=SYSTEM)
    draft = draft_of(small, morning="10:00 two")
    found = rehearse(draft, newest_release(small.conference), actor=SYSTEM, names=True)
    assert found is not None
    assert (found.lose.count, found.given.count, found.offered.count) == (0, 0, 0)
    assert (found.overlaps_before, found.overlaps_after) == (0, 0)
    assert stranger.signups.get().state == SignUp.State.CONFIRMED


@pytest.mark.parametrize(
    ("placed", "lost", "mails"),
    [
        ({"noon": "12:00 three"}, 2, {"session_cancelled": 3}),
        ({"noon": "12:00 three", "morning": "09:00 two"}, 0, {"place_changed": 2, "line_closed": 1}),
    ],
)
def test_who_waits_for_what_is_dropped_or_begins_too_soon_is_counted_with_their_mails(
    db: None, placed: dict[str, str], lost: int, mails: dict[str, int]
) -> None:
    small = Soon()
    small.publish(morning="15:00", noon="12:00")
    people = small.people(3)
    for person in people:
        sign_up(person, small.morning, actor=SYSTEM)
    # Sign-up closes in three hours; for a session at nine it would have closed three hours ago.
    until_noon = at(small.conference, "12:00") - timezone.now()
    change_session_closing(small.morning, minutes=until_noon // timedelta(minutes=1), actor=SYSTEM)
    take_in()
    Message.objects.update(state="sent", sent_at=timezone.now())
    draft = draft_of(small, **placed)
    found = rehearse(draft, newest_release(small.conference), actor=SYSTEM, names=True)
    assert found is not None
    waits = PlaceFate(str(people[2].display_name), str(small.morning.title))
    assert (found.lose.count, found.wait_no_more.first, found.wait_again.count) == (lost, [waits], 0)
    kinds = sample_mails(small.conference, lambda: release(draft, actor=SYSTEM), now=timezone.now(), names=True)
    assert {one.kind: one.count for one in kinds} == mails
    # So it is, and what takes it back is told as well.
    release(draft, actor=SYSTEM)
    again = draft_of(small, morning="15:00 two", noon="12:00 three")
    back = rehearse(again, newest_release(small.conference), actor=SYSTEM, names=True)
    assert back is not None
    assert (back.wait_again.first, back.wait_no_more.count) == ([waits], 0)


@pytest.mark.parametrize("names", [True, False])
def test_whoever_loses_two_places_is_one_person(small: Small, names: bool) -> None:
    people = small.people(2)
    for session in (small.morning, small.noon):
        sign_up(people[0], session, actor=SYSTEM)
    sign_up(people[1], small.morning, actor=SYSTEM)
    found = rehearse(draft_of(small), newest_release(small.conference), actor=SYSTEM, names=names)
    assert found is not None
    assert (found.lose.people, found.lose.count) == (2, 3)
    said = render_to_string("organize/programme/publishing/fates.html", {"group": found.lose})
    assert "2 people (3 in all, one for each session)" in " ".join(said.split())
    given = render_to_string("organize/programme/publishing/fates.html", {"group": found.given})
    assert given.split() == ["nobody"]
