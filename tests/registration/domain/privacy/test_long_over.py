"""Who is erased because all their conferences are long over, and who is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from journal.models import Entry
from notifications.models import Message
from notifications.rules.intake import take_in
from registration.domain.privacy import long_over
from registration.domain.privacy.long_over import KEEP_PEOPLE, forget_people
from registration.domain.signups.closing import close_lines
from registration.domain.signups.signing_up import sign_up
from registration.models import Interest, Participant, Registration, SignUp
from schedule.models import Conference
from tests.factories import make_conference, make_participant, make_registration
from tests.fixtures.conferences import Agenda

NOON = time(12)


def days_after(conference: Conference, days: int) -> datetime:
    return datetime.combine(conference.ends_on + timedelta(days=days), NOON, UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("later", "erased"),
    [
        (None, True),
        # By the days between the last days of both; a conference that is over for less than a year is not long over.
        ((-1, "accepted"), True),
        ((0, "checked-in"), True),
        ((1, "accepted"), False),
        ((364, "cancelled"), False),
        ((400, "accepted"), False),
        ((400, "draft"), False),
        ((400, "waitlisted"), False),
        ((400, "declined"), False),
    ],
)
def test_whoever_has_another_conference_is_left_alone(later: tuple[int, str] | None, erased: bool) -> None:
    over = make_conference()
    somebody = make_registration(over).participant
    if later:
        days, state = later
        other = make_conference(starts_on=over.starts_on + timedelta(days=days))
        make_registration(other, participant=somebody, state=state)
    assert forget_people(now=days_after(over, 365)) == 0
    assert forget_people(now=days_after(over, 366)) == erased
    assert Participant.objects.filter(pk=somebody.pk).exists() is not erased


@pytest.mark.django_db
def test_whoever_has_no_registration_is_known_for_a_year() -> None:
    now = datetime.combine(date(2039, 1, 1), NOON, UTC)
    since = (timedelta(days=1), KEEP_PEOPLE - timedelta(minutes=1), KEEP_PEOPLE + timedelta(minutes=1))
    new, nearly, old = (make_participant(created_at=now - age, verified_at=now - age) for age in since)
    assert forget_people(now=now) == 1
    assert list(Participant.objects.order_by("pk")) == [new, nearly]
    assert not Entry.objects.filter(verb="people.forgotten").exists()
    assert old.pk not in (new.pk, nearly.pk)


@pytest.fixture
def wished(agenda: Agenda, alice: Registration, bob: Registration) -> Agenda:
    """Alice has the place in B that Bob waits for, and wishes for A; Bob has one in C, and a conference to come."""
    sign_up(alice, agenda.b, actor=alice.actor)
    sign_up(bob, agenda.b, actor=bob.actor)
    sign_up(bob, agenda.c, actor=bob.actor)
    Interest.objects.create(registration=alice, session=agenda.a, rank=1)
    later = make_conference(starts_on=agenda.conference.starts_on + timedelta(days=400))
    make_registration(later, participant=bob.participant)
    take_in()
    return agenda


def test_it_is_as_if_they_had_erased_themselves(wished: Agenda, alice: Registration, bob: Registration) -> None:
    now = days_after(wished.conference, 366)
    close_lines(now=days_after(wished.conference, 1))
    take_in()
    mails = Message.objects.filter(participant=bob.participant).count()
    assert forget_people(now=now) == 1
    take_in()
    assert set(Participant.objects.all()) == {bob.participant}
    assert not Registration.objects.filter(pk=alice.pk).exists()
    assert (Interest.objects.count(), Message.objects.filter(registration=alice.pk).count()) == (0, 0)
    # What is over is given to nobody any more, and nobody is written to.
    theirs = SignUp.objects.filter(registration=bob).values_list("session__code", "state")
    assert dict(theirs) == {"B": "left", "C": "confirmed"}
    assert Message.objects.filter(participant=bob.participant).count() == mails
    told = Entry.objects.filter(verb__in=["registration.erased", "people.forgotten"]).order_by("pk")
    assert [(one.verb, one.subject_id, one.actor, one.data) for one in told] == [
        ("registration.erased", alice.pk, "system", {"was": "accepted", "by": "term"}),
        ("people.forgotten", None, "system", {"was": {"accepted": 1}, "places": 1}),
    ]
    assert forget_people(now=now) == 0
    assert Entry.objects.filter(verb="people.forgotten").count() == 1


def test_batches_are_told_one_by_one_and_the_rest_waits(agenda: Agenda, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_over, "BATCH", 2)
    monkeypatch.setattr(long_over, "MOST_AT_ONCE", 3)
    for state in ("accepted", "checked-in", "accepted", "cancelled", "draft"):
        make_registration(agenda.conference, state=state)
    now = days_after(agenda.conference, 366)
    assert [forget_people(now=now) for _hour in range(3)] == [3, 2, 0]
    told = Entry.objects.filter(verb="people.forgotten").order_by("pk")
    assert [one.data["was"] for one in told] == [
        {"accepted": 1, "checked-in": 1},
        {"accepted": 1},
        {"cancelled": 1, "draft": 1},
    ]
    assert len(set(told.values_list("act", flat=True))) == 3


def test_whoever_registers_while_they_are_looked_for_is_left_alone(
    agenda: Agenda, alice: Registration, bob: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Callable[[datetime], object] = long_over.long_over
    calls = 0

    def registers_meanwhile(now: datetime) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            later = make_conference(starts_on=agenda.conference.starts_on + timedelta(days=400))
            make_registration(later, participant=alice.participant, state="draft")
        return asked(now)

    monkeypatch.setattr(long_over, "long_over", registers_meanwhile)
    assert forget_people(now=days_after(agenda.conference, 366)) == 1
    assert list(Participant.objects.all()) == [alice.participant]
