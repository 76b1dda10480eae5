"""What the demonstration counts and reports: each figure is noticed when it is wrong."""

from __future__ import annotations

from copy import deepcopy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from journal.actors import SYSTEM
from notifications.models import Message
from ops.demo import counting, steps, summary
from ops.inbox.store import Inbox
from registration.domain.signups.signing_up import leave
from registration.models import SignUp
from schedule.domain.timetables.queries import newest_release
from schedule.models import Release, ReleasedPlacement, Session
from tests.factories import at, make_conference, make_registration, make_session
from tests.fixtures.conferences import Small

GOOD: dict[str, Any] = {
    "sessions": 30,
    "placed": 30,
    "hard_conflicts": 0,
    "registrations": 600,
    "signups_confirmed": 1500,
    "signups_waiting": 40,
    "oversold": 0,
    "double_booked": 0,
    "messages_due": 2700,
    "messages_sent": 2700,
    "messages_lost": 0,
    "messages_doubled": 0,
    "invites_attached": 1500,
    "change": {
        "room": "209",
        "moved": 2,
        "people_affected": 120,
        "people_told": 120,
        "told_without_cause": 0,
        "told_twice": 0,
    },
}


def test_a_run_in_which_everything_held_has_no_failures() -> None:
    assert summary.failures(GOOD, people=600) == []


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("placed", 29, "not every session has a time and a room"),
        ("registrations", 599, "not everybody is registered"),
        ("signups_confirmed", 0, "nobody has a place"),
        ("messages_sent", 2699, "not every message arrived"),
        ("invites_attached", 1499, "confirmed people are without a calendar file"),
        ("change moved", 0, "the lost room moved nothing"),
        ("change people_told", 119, "not everybody concerned was told"),
        ("change told_without_cause", 1, "people were told who were not concerned"),
        ("change told_twice", 1, "people were told twice about one calendar entry"),
        ("hard_conflicts", 1, "hard_conflicts is 1"),
        ("oversold", 2, "oversold is 2"),
        ("double_booked", 3, "double_booked is 3"),
        ("messages_lost", 4, "messages_lost is 4"),
        ("messages_doubled", 5, "messages_doubled is 5"),
    ],
)
def test_each_failure_is_said(path: str, value: int, sentence: str) -> None:
    result = deepcopy(GOOD)
    *folders, name = path.split()
    (result[folders[0]] if folders else result)[name] = value
    assert summary.failures(result, people=600) == [sentence]


def test_a_lost_room_that_concerned_nobody_is_a_failure() -> None:
    change = GOOD["change"] | {"people_affected": 0, "people_told": 0}
    assert summary.failures(GOOD | {"change": change}, people=600) == ["the lost room concerned nobody"]


@pytest.fixture
def small(db: None) -> Small:
    return Small()


def published(small: Small) -> list[ReleasedPlacement]:
    release = newest_release(small.conference)
    assert release is not None
    return list(release.placements.select_related("session", "room"))


def place(session: Session, registration: int, state: str = "confirmed") -> SignUp:
    """A sign-up as it might stand in a database that does not keep the invariants."""
    return SignUp(session=session, registration_id=registration, state=state)


@pytest.mark.parametrize(
    ("seats", "held", "cap", "people", "oversold"),
    [(2, 0, None, 2, 0), (2, 0, None, 3, 1), (2, 1, None, 2, 1), (2, 0, 1, 2, 1), (2, 0, 5, 2, 0), (2, 2, 5, 1, 1)],
)
def test_a_session_with_more_people_than_places_is_oversold(
    small: Small, seats: int, held: int, cap: int | None, people: int, oversold: int
) -> None:
    rows = published(small)
    for row in rows:
        row.room.capacity, row.session.held_seats, row.session.capacity_cap = seats, held, cap
    signups = [place(small.morning, number) for number in range(people)]
    others = [place(small.morning, 100, state) for state in ("waiting", "offered", "left")]
    assert counting._oversold(rows, signups + others) == oversold


def test_each_oversold_session_is_counted(small: Small) -> None:
    signups = [place(session, number) for session in (small.morning, small.noon) for number in range(4)]
    assert counting._oversold(published(small), signups) == 2


@pytest.mark.parametrize(
    ("held", "pairs"),
    [
        ([("morning", 1), ("noon", 1)], 0),
        ([("morning", 1), ("parallel", 2)], 0),
        ([("morning", 1), ("parallel", 1)], 1),
        ([("morning", 1), ("parallel", 1), ("morning", 2), ("parallel", 2), ("noon", 2)], 2),
    ],
)
def test_two_places_of_one_person_at_one_time_are_counted(
    small: Small, held: list[tuple[str, int]], pairs: int
) -> None:
    rows = published(small)
    signups = [place(getattr(small, name), registration) for name, registration in held]
    assert counting._double_booked(rows, signups) == pairs
    assert counting._double_booked(rows, [place(one.session, one.registration_id, "waiting") for one in signups]) == 0


def test_places_that_touch_are_not_at_one_time(small: Small) -> None:
    small.publish(morning="09:00", noon="10:00")
    assert counting._double_booked(published(small), [place(small.morning, 1), place(small.noon, 1)]) == 0


def test_each_pair_is_counted_also_behind_a_short_one(small: Small) -> None:
    """Morning lasts until 13:00, parallel is over at 10:30, noon begins at 12:00."""
    rows = published(small)
    (morning,) = (row for row in rows if row.session == small.morning)
    morning.end = at(small.conference, "13:00")
    signups = [place(session, 1) for session in (small.morning, small.parallel, small.noon)]
    assert counting._double_booked(rows, signups) == 2


class Post:
    """An inbox, and mails put into it."""

    def __init__(self, path: Path) -> None:
        self.inbox = Inbox(path)
        self.number = 0

    def put(self, to: str, *, entry: str = "", message_id: str = "") -> None:
        self.number += 1
        mail = EmailMessage()
        mail["Subject"], mail["To"], mail["From"] = "News", to, "plenary@example.org"
        mail["Message-ID"] = message_id or f"<{self.number}@example.org>"
        mail.set_content("News")
        if entry:
            text = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{entry}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            mail.add_attachment(text, subtype="calendar", params={"method": "REQUEST"})
        with self.inbox.connect() as connection:
            self.inbox.add(connection, sender="plenary@example.org", recipients=[to], raw=mail.as_bytes())
        connection.close()


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path / "inbox.sqlite")


class Change:
    """Alice and Bob have places in the morning, Charlie at noon; Dora waits. Then the morning moves."""

    def __init__(self, small: Small, post: Post) -> None:
        self.small, self.post = small, post
        self.people = dict(zip("abcd", small.people(4), strict=True))
        wanted = {"a": "morning", "b": "morning", "c": "noon", "d": "morning"}
        self.signups = {who: small.sign_up(self.people[who], name) for who, name in wanted.items()}
        post.put(self.address("c"))
        release = newest_release(small.conference)
        assert isinstance(release, Release)
        self.before = counting.Before(release, steps.signup_states(small.conference), 1)
        small.publish(morning="15:00", parallel="09:30", noon="12:00")

    def address(self, who: str) -> str:
        return self.people[who].participant.email

    def effect(self) -> dict[str, Any]:
        states = steps.signup_states(self.small.conference)
        return counting.effect(self.small.conference, self.post.inbox, self.before, room="two", states=states)


EXACT = {
    "room": "two",
    "moved": 1,
    "people_affected": 2,
    "people_told": 2,
    "told_without_cause": 0,
    "told_twice": 0,
}


def test_exactly_those_concerned_were_told(small: Small, post: Post) -> None:
    change = Change(small, post)
    for who in "ab":
        post.put(change.address(who), entry=f"{who}@example.org")
    assert change.effect() == EXACT


def test_who_was_not_told_is_missed(small: Small, post: Post) -> None:
    change = Change(small, post)
    post.put(change.address("a"), entry="a@example.org")
    assert change.effect() == EXACT | {"people_told": 1}


@pytest.mark.parametrize("who", ["c", "d"])
def test_who_was_told_without_cause_is_noticed(small: Small, post: Post, who: str) -> None:
    change = Change(small, post)
    for one in ("a", "b", who):
        post.put(change.address(one), entry=f"{one}@example.org")
    assert change.effect() == EXACT | {"told_without_cause": 1}


def test_a_mail_to_a_stranger_is_without_cause(small: Small, post: Post) -> None:
    change = Change(small, post)
    for address in (change.address("a"), change.address("b"), "stranger@example.org"):
        post.put(address, entry=address)
    assert change.effect() == EXACT | {"told_without_cause": 1}


def test_two_mails_about_one_entry_are_one_too_many(small: Small, post: Post) -> None:
    change = Change(small, post)
    for entry in ("one@example.org", "one@example.org", "other@example.org"):
        post.put(change.address("a"), entry=entry)
    post.put(change.address("b"), entry="one@example.org")
    assert change.effect() == EXACT | {"told_twice": 1}


def test_who_is_called_from_the_line_is_concerned(small: Small, post: Post) -> None:
    change = Change(small, post)
    leave(change.signups["a"], actor=SYSTEM)
    for who in "abd":
        post.put(change.address(who), entry=f"{who}@example.org")
    assert change.effect() == EXACT | {"people_affected": 3, "people_told": 3}


def message(small: Small, key: str, *, state: str = "sent") -> Message:
    """A message in the outbox; one that was sent says when."""
    sent_at = timezone.now() if state == "sent" else None
    registration = make_registration(small.conference)
    return Message.objects.create(
        conference=small.conference,
        participant=registration.participant,
        registration=registration,
        kind="place_confirmed",
        dedup_key=key,
        state=state,
        sent_at=sent_at,
    )


def test_messages_are_counted_by_what_arrived(small: Small, post: Post) -> None:
    arrived, twice, _lost = (message(small, key) for key in ("arrived", "twice", "lost"))
    message(small, "superseded", state="superseded")
    post.put("a@example.org", entry="a@example.org", message_id=counting.message_id(arrived))
    for _ in range(2):
        post.put("b@example.org", message_id=counting.message_id(twice))
    found = counting.counts(small.conference, post.inbox)
    assert {name: value for name, value in found.items() if name.startswith(("messages", "invites"))} == {
        "messages_due": 3,
        "messages_sent": 2,
        "messages_lost": 1,
        "messages_doubled": 1,
        "invites_attached": 1,
    }


def test_programme_and_places_are_counted_from_the_rows(small: Small, post: Post) -> None:
    people = small.people(3)
    make_registration(small.conference, state="draft")
    for person in people:
        small.sign_up(person, "morning")
    Session.objects.filter(pk=small.noon.pk).update(fixed_start=at(small.conference, "16:00"))
    found = counting.counts(small.conference, post.inbox)
    assert {name: found[name] for name in list(found)[:8]} == {
        "sessions": 3,
        "placed": 3,
        "hard_conflicts": 1,
        "registrations": 3,
        "signups_confirmed": 2,
        "signups_waiting": 1,
        "oversold": 0,
        "double_booked": 0,
    }


def test_before_a_release_nothing_is_placed(small: Small, post: Post) -> None:
    conference = make_conference()
    make_session(conference)
    found = counting.counts(conference, post.inbox)
    assert (found["sessions"], found["placed"], found["oversold"], found["double_booked"]) == (1, 0, 0, 0)
    assert isinstance(found["hard_conflicts"], int)
    with pytest.raises(LookupError, match="nothing is published"):
        counting.effect(conference, post.inbox, counting.Before(Release(), {}, 0), room="", states={})
