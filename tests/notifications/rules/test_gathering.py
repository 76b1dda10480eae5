"""Changes that come one after the other, quiet hours, and who wants no mail for each change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from i18nfield.strings import LazyI18nString
from pytest_django import DjangoAssertNumQueries

from notifications.delivery.superseding import is_pointless
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.intake import take_in
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import Registration, SignUp
from schedule.domain.emergencies.settling import settle
from schedule.domain.programme.rooms import change_venue, rename_room
from schedule.domain.programme.sessions import cancel_session
from schedule.domain.timetables.drafts import create_draft
from schedule.domain.timetables.queries import newest_release
from schedule.domain.timetables.releasing import release
from schedule.models import Placement, Room, SolverRun
from tests.factories import at
from tests.notifications.places import ACTOR, Stage, outbox

pytestmark = pytest.mark.django_db

# Four weeks before the conference: 12:00 in Seoul.
NOON = datetime(2026, 5, 4, 3, tzinfo=UTC)
NIGHT = datetime(2026, 5, 4, 14, tzinfo=UTC)
MORNING = datetime(2026, 5, 4, 22, tzinfo=UTC)


@pytest.fixture
def stage() -> Stage:
    """Its changes are gathered for two minutes, and nobody is written to at night."""
    return Stage(gather_seconds=120, quiet_from=time(22), quiet_until=time(7))


def settled(stage: Stage, **fields: Any) -> SignUp:
    """A place whose holder has been told about it, with an invitation."""
    place = stage.place(**fields)
    take_in(now=NOON)
    Message.objects.update(state="sent", sent_at=NOON, calendar_method="REQUEST", calendar_sequence=place.sequence)
    return place


def text_of(message: Message) -> str:
    [given] = gather([message.pk])
    body = compose([given], NOON).message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_ten_moves_in_ten_minutes_are_one_mail_with_the_net_change(stage: Stage) -> None:
    settled(stage)
    for minute, clock in enumerate(["11:00", "12:00", "13:00", "14:00", "15:00", "11:30", "12:30", "13:30", "14:30"]):
        stage.move(clock)
        take_in(now=NOON + timedelta(minutes=minute))
    stage.move("16:00", stage.other_room)
    take_in(now=NOON + timedelta(minutes=9))
    assert outbox() == [("place_confirmed", "sent"), ("place_changed", "queued")]
    message = Message.objects.get(kind="place_changed")
    assert message.due_at == NOON + timedelta(minutes=11)
    text = text_of(message)
    assert ("16:00–17:00" in text, "(before: Mon 1 June 2037, 10:00–11:00" in text) == (True, True)


def test_whatever_goes_on_changes_are_told_after_a_quarter_of_an_hour(stage: Stage) -> None:
    settled(stage)
    for minute in range(0, 20, 2):
        stage.move(f"{11 + minute // 4}:{'30' if minute % 4 else '00'}")
        take_in(now=NOON + timedelta(minutes=minute))
    [message] = Message.objects.filter(kind="place_changed")
    assert message.due_at == NOON + timedelta(minutes=15)


def test_moved_there_and_back_is_no_mail(stage: Stage) -> None:
    settled(stage)
    stage.move("12:00")
    take_in(now=NOON)
    stage.move("10:00")
    take_in(now=NOON)
    [message] = Message.objects.filter(kind="place_changed")
    [given] = gather([message.pk])
    assert is_pointless(given, NOON)


def test_another_name_of_the_room_is_told_with_the_one_before(stage: Stage) -> None:
    settled(stage)
    before = stage.room.name.localize("en")
    rename_room(stage.room, name={"en": "Aula", "ko": "강당"}, actor=ACTOR)
    change_venue(stage.conference, venue="Palace", actor=ACTOR)
    change_venue(stage.conference, venue="Town hall", actor=ACTOR)
    take_in(now=NOON)
    [message] = Message.objects.filter(kind="place_changed")
    [given] = gather([message.pk])
    mail = compose([given], NOON)
    assert mail.subject == f"Changed: {stage.session.title.localize('en')}"
    text = text_of(message)
    assert f"\nAula\n  Room renamed: {before} → Aula\n  Venue: Town hall\n" in text
    assert "(before:" not in text
    assert mail.sequence == SignUp.objects.get().sequence == 3


@pytest.mark.parametrize(
    ("venue", "subject", "said"),
    [
        ("Town hall", "Venue changed", "Venue changed: Palace → Town hall"),
        ("", "Venue changed", "The venue is not fixed any more (before: Palace)"),
    ],
)
def test_another_venue_is_told_with_the_one_before(venue: str, subject: str, said: str) -> None:
    stage = Stage(venue=LazyI18nString("Palace"))
    settled(stage)
    change_venue(stage.conference, venue=venue, actor=ACTOR)
    take_in(now=NOON)
    [message] = Message.objects.filter(kind="place_changed")
    [given] = gather([message.pk])
    assert compose([given], NOON).subject == f"{subject}: {stage.session.title.localize('en')}"
    assert f"\n  {said}\n" in text_of(message)


def test_renamed_and_renamed_back_is_no_mail(stage: Stage) -> None:
    settled(stage)
    before = stage.room.name
    rename_room(stage.room, name="Aula", actor=ACTOR)
    change_venue(stage.conference, venue="Palace", actor=ACTOR)
    take_in(now=NOON)
    [message] = Message.objects.filter(kind="place_changed")
    assert not is_pointless(gather([message.pk])[0], NOON)
    rename_room(stage.room, name=before, actor=ACTOR)
    change_venue(stage.conference, venue="", actor=ACTOR)
    take_in(now=NOON)
    assert outbox() == [("place_confirmed", "sent"), ("place_changed", "queued")]
    assert is_pointless(gather([message.pk])[0], NOON)


def test_cancelled_while_a_move_was_gathered_is_told_alone(stage: Stage) -> None:
    settled(stage)
    stage.move("12:00")
    take_in(now=NOON)
    cancel_session(stage.session, actor=ACTOR)
    take_in(now=NOON)
    assert outbox() == [
        ("place_confirmed", "sent"),
        ("place_changed", "superseded"),
        ("session_cancelled", "queued"),
    ]


def test_change_of_a_session_that_begins_soon_is_not_gathered(stage: Stage) -> None:
    settled(stage)
    stage.move("14:00")
    now = at(stage.conference, "09:00")
    take_in(now=now)
    assert Message.objects.get(kind="place_changed").due_at == now


def test_further_change_of_what_is_in_a_workers_hands_has_a_mail_of_its_own(stage: Stage) -> None:
    settled(stage)
    stage.move("12:00")
    take_in(now=NOON)
    Message.objects.filter(kind="place_changed").update(state="claimed", claimed_until=NOON)
    stage.move("13:00")
    take_in(now=NOON)
    assert outbox()[1:] == [("place_changed", "claimed"), ("place_changed", "queued")]


def publish_at_once(stage: Stage, clock: str, room: Room) -> None:
    draft = create_draft(stage.conference, name="Draft", actor=ACTOR)
    start = at(stage.conference, clock)
    Placement.objects.create(draft=draft, session=stage.session, room=room, start=start, end=start + timedelta(hours=1))
    release(draft, actor=ACTOR, at_once=True)


def test_a_release_can_be_told_at_once(stage: Stage) -> None:
    """A room is lost: whoever is concerned is told now, and a change that comes later waits again."""
    settled(stage)
    publish_at_once(stage, "10:00", stage.other_room)
    take_in(now=NOON)
    assert Message.objects.get(kind="place_changed").due_at == NOON
    Message.objects.update(state="sent", sent_at=NOON)
    rename_room(stage.other_room, name="Aula", actor=ACTOR)
    take_in(now=NOON)
    assert Message.objects.get(kind="place_changed", state="queued").due_at == NOON + timedelta(seconds=120)


def test_a_release_told_at_once_takes_along_what_was_waiting(stage: Stage) -> None:
    settled(stage)
    stage.move("11:00")
    take_in(now=NOON)
    publish_at_once(stage, "12:00", stage.room)
    take_in(now=NOON + timedelta(seconds=5))
    assert [message.due_at for message in Message.objects.filter(kind="place_changed")] == [NOON + timedelta(seconds=5)]


@pytest.mark.parametrize("seconds", [0, 5])
@pytest.mark.parametrize("waits", [False, True])
def test_what_follows_does_not_hold_up_what_is_told_at_once(stage: Stage, waits: bool, seconds: int) -> None:
    """A room is renamed in the same moment, or while thousands of mails leave: those left tell that too, and leave."""
    settled(stage)
    if waits:  # a change that was being gathered
        stage.move("11:00")
        take_in(now=NOON - timedelta(seconds=1))
    publish_at_once(stage, "12:00", stage.other_room)
    if seconds:
        take_in(now=NOON)
    rename_room(stage.other_room, name="Aula", actor=ACTOR)
    take_in(now=NOON + timedelta(seconds=seconds))
    [message] = Message.objects.filter(kind="place_changed")
    assert (message.due_at, "Aula" in text_of(message)) == (NOON, True)


def test_an_emergency_is_told_at_once(stage: Stage) -> None:
    """What starts later, and a session that is off without a release: nobody waits for further changes."""
    settled(stage)

    def carry_out(step: dict[str, Any], *, moves: list[dict[str, Any]]) -> None:
        run = SolverRun.objects.create(
            conference=stage.conference,
            purpose=SolverRun.Purpose.EMERGENCY,
            release=newest_release(stage.conference),
            state=SolverRun.State.DONE,
            assumed=[step],
            moves=moves,
        )
        settle(run, actor=ACTOR, now=NOON)
        take_in(now=NOON)

    code, start = stage.session.code, at(stage.conference, "14:00")
    new = {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat(), "room": stage.room.code}
    step = {"do": "starts_later", "whom": code, "start": start.isoformat()}
    carry_out(step, moves=[{"session": code, "old": None, "new": new}])
    assert Message.objects.get(kind="place_changed").due_at == NOON
    Message.objects.update(state="sent", sent_at=NOON)
    carry_out({"do": "session_off", "whom": code}, moves=[])
    assert Message.objects.get(kind="session_cancelled").due_at == NOON


def test_changes_of_two_people_are_gathered_apart(stage: Stage) -> None:
    alice, bob = settled(stage), settled(stage)
    stage.move("12:00")
    stage.move("13:00")
    take_in(now=NOON)
    changed = Message.objects.filter(kind="place_changed")
    assert set(changed.values_list("signup_id", flat=True)) == {alice.pk, bob.pk}
    assert changed.count() == 2


# --- Quiet hours ---------------------------------------------------------------------------------------------


def test_change_in_the_night_is_told_in_the_morning(stage: Stage) -> None:
    settled(stage)
    stage.move("14:00")
    take_in(now=NIGHT)
    assert Message.objects.get(kind="place_changed").due_at == MORNING


def test_night_is_that_of_the_recipient(stage: Stage) -> None:
    far = settled(stage, zone_name="America/New_York")
    stage.move("14:00")
    take_in(now=NIGHT)
    assert Message.objects.get(kind="place_changed", signup=far).due_at == NIGHT + timedelta(seconds=120)


def test_answer_to_what_one_has_just_done_does_not_wait_for_the_morning(stage: Stage) -> None:
    person = stage.person()
    sign_up(person, stage.session, actor=person.actor)
    sign_up(stage.person(), stage.session, actor=ACTOR)
    take_in(now=NIGHT)
    assert list(Message.objects.order_by("pk").values_list("due_at", flat=True)) == [NIGHT, MORNING]


# --- One mail a day, or none ---------------------------------------------------------------------------------

EVENING = datetime(2026, 5, 4, 9, tzinfo=UTC)


def test_daily_mail_gathers_what_happens_in_a_day(stage: Stage) -> None:
    place = stage.place(updates="digest", language="en")
    take_in(now=NOON)
    stage.move("14:00")
    take_in(now=NOON + timedelta(hours=1))
    [message] = Message.objects.all()
    assert (message.kind, message.due_at, message.registration) == ("digest", EVENING, place.registration)
    text = text_of(message)
    title = stage.session.title.localize("en")
    assert f"You have a place:\n{title}\nMon 1 June 2037, 14:00–15:00 (Asia/Seoul)" in text


def test_daily_mail_without_news_is_not_sent(stage: Stage) -> None:
    place = stage.place(updates="digest")
    leave(place, actor=ACTOR)
    take_in(now=NOON)
    [message] = Message.objects.all()
    [given] = gather([message.pk])
    assert (message.kind, is_pointless(given, EVENING)) == ("digest", True)


def test_next_day_has_a_daily_mail_of_its_own(stage: Stage) -> None:
    stage.place(updates="digest")
    take_in(now=NOON)
    Message.objects.update(state="sent", sent_at=EVENING)
    stage.move("14:00")
    take_in(now=EVENING + timedelta(minutes=1))
    assert [kind for kind, _ in outbox()] == ["digest", "digest"]
    text = text_of(Message.objects.latest("pk"))
    assert "Something about it has changed:" in text


def test_somebody_who_wants_no_mails_gets_none_that_can_wait(stage: Stage) -> None:
    stage.place(updates="feed")
    stage.move("14:00")
    assert (take_in(now=NOON), Message.objects.count()) == (0, 0)
    stage.move("15:00")
    take_in(now=at(stage.conference, "09:00"))
    assert outbox() == [("place_changed", "queued")]


@pytest.mark.parametrize("updates", ["digest", "feed"])
def test_entry_that_an_invitation_made_is_kept_right_by_mail(stage: Stage, updates: str) -> None:
    place = settled(stage)
    Registration.objects.filter(pk=place.registration_id).update(updates=updates)
    stage.move("14:00")
    take_in(now=NOON)
    assert outbox() == [("place_confirmed", "sent"), ("place_changed", "queued")]


def test_letters_of_daily_mails_cost_the_same_for_one_and_three(
    stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        stage.place(updates="digest")
    take_in(now=NOON)
    messages = list(Message.objects.values_list("pk", flat=True))
    assert len(messages) == 3
    for count in (1, 3):
        # Messages, their entries, wordings, sign-ups, what happened to them.
        with django_assert_num_queries(5):
            gather(messages[:count])


def test_times_are_given_on_the_recipients_own_clocks_as_well(stage: Stage) -> None:
    stage.place(zone_name="Europe/Berlin", language="en")
    take_in(now=NOON)
    assert (
        "Mon 1 June 2037, 10:00–11:00 (Asia/Seoul), your time: Mon 1 June 2037, 03:00–04:00 (Europe/Berlin)"
        in text_of(Message.objects.get())
    )
