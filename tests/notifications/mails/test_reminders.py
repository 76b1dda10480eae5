"""Rows that a moment causes: planned once, recomputed when they are sent."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from notifications.mails.reminders import is_over, plan
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from registration.domain.registrations.preferences import set_announcements
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import Registration
from tests.factories import at
from tests.notifications.places import ACTOR, Stage
from tests.notifications.scenes import evening

pytestmark = pytest.mark.django_db


def planned() -> list[tuple[str, object]]:
    return list(Message.objects.order_by("pk").values_list("kind", "due_at"))


def over(stage: Stage, clock: str, day: int = 0) -> list[bool]:
    inputs = gather(list(Message.objects.values_list("pk", flat=True)))
    return [is_over(given, at(stage.conference, clock, day=day)) for given in inputs]


def test_agenda_is_planned_once_for_those_who_have_places_tomorrow() -> None:
    stage = Stage()
    stage.place(), stage.person(), stage.place(agenda_reminder=False)
    early = evening(stage) - timedelta(minutes=11)
    assert [plan(early), plan(early + timedelta(minutes=2)), plan(evening(stage))] == [0, 1, 0]
    assert planned() == [("agenda_reminder", evening(stage))]


def test_agenda_lists_tomorrows_sessions_in_order() -> None:
    stage = Stage()
    stage.place(language="en")
    plan(evening(stage))
    stage.move("11:30", stage.other_room)
    [given] = gather([Message.objects.get().pk])
    body = compose([given], evening(stage)).message.get_body(("plain",))
    assert body is not None
    text = str(body.get_content())
    title, room = stage.session.title.localize("en"), stage.other_room.name.localize("en")
    assert f"Your sessions on Mon 1 June 2037 (Asia/Seoul):\n\n11:30–12:30  {title}\n  {room}\n" in text


def test_agenda_is_dropped_when_nothing_is_left_of_the_day() -> None:
    stage = Stage()
    place = stage.place()
    plan(evening(stage))
    assert over(stage, "09:59") == [False]
    assert over(stage, "10:00") == [True]
    leave(place, actor=ACTOR)
    assert over(stage, "09:59") == [True]


def test_agenda_that_could_not_be_planned_in_time_is_not_planned_at_night() -> None:
    stage = Stage()
    stage.place()
    assert plan(evening(stage) + timedelta(hours=5)) == 0
    assert plan(evening(stage) + timedelta(hours=4, minutes=59)) == 1


def test_agenda_respects_quiet_hours_and_can_be_turned_off() -> None:
    stage = Stage(quiet_from=time(16), quiet_until=time(19))
    stage.place()
    plan(evening(stage))
    assert planned() == [("agenda_reminder", evening(stage) + timedelta(hours=2))]
    off = Stage(agenda_reminder_at=None)
    off.place()
    assert plan(evening(off)) == 0


@pytest.mark.parametrize(
    ("conference", "own", "due"), [(None, None, None), (30, None, 30), (30, 0, None), (None, 15, 15), (30, 60, 60)]
)
def test_reminder_before_a_session_is_a_matter_of_conference_and_person(
    conference: int | None, own: int | None, due: int | None
) -> None:
    stage = Stage(session_reminder_minutes=conference)
    stage.place(reminder_minutes=own)
    start = at(stage.conference, "10:00")
    plan(start - timedelta(minutes=due or 1))
    plan(start - timedelta(minutes=1))
    assert planned() == ([("session_reminder", start - timedelta(minutes=due))] if due else [])


def test_session_that_moves_is_reminded_of_at_its_new_time() -> None:
    stage = Stage(session_reminder_minutes=30)
    stage.place()
    plan(at(stage.conference, "09:30"))
    stage.move("12:00")
    assert over(stage, "09:31") == [True]
    plan(at(stage.conference, "11:30"))
    assert [due for _, due in planned()] == [at(stage.conference, "09:30"), at(stage.conference, "11:30")]
    assert over(stage, "11:31") == [True, False]
    assert over(stage, "12:00") == [True, True]


def test_reminder_leaves_the_calendar_alone_and_no_change_untold() -> None:
    stage = Stage(session_reminder_minutes=30)
    stage.place()
    plan(at(stage.conference, "09:30"))
    [given] = gather([Message.objects.get().pk])
    mail = compose([given], at(stage.conference, "09:30"))
    assert (mail.method, mail.sequence) == ("", None)


def test_thanks_are_given_on_the_day_after_if_there_is_a_survey() -> None:
    stage = Stage(survey_url="https://forum.example.org/survey")
    stage.person(), stage.person(state=Registration.State.CANCELLED)
    silent = Stage()
    silent.person()
    day = at(stage.conference, "10:00", day=2)
    assert [plan(day - timedelta(minutes=11)), plan(day), plan(day + timedelta(hours=1))] == [0, 1, 0]
    assert planned() == [("thanks", day)]
    assert over(stage, "10:01", day=2) == [False]
    stage.conference.survey_url = ""
    stage.conference.save()
    assert over(stage, "10:01", day=2) == [True]


def test_the_survey_can_be_refused_as_announcements_can() -> None:
    stage = Stage(survey_url="https://forum.example.org/survey")
    stage.person(announcements_by_mail=False)
    willing = stage.person()
    day = at(stage.conference, "10:00", day=2)
    assert (plan(day), [one.registration for one in Message.objects.all()]) == (1, [willing])
    assert over(stage, "10:01", day=2) == [False]
    set_announcements(willing, wanted=False, actor=ACTOR)
    assert over(stage, "10:01", day=2) == [True]


def dropped() -> None:
    assert Message.objects.update(state=Message.State.SUPERSEDED) == 1


def test_the_survey_and_reminders_that_were_dropped_are_planned_again_once_they_are_wanted() -> None:
    stage = Stage(survey_url="https://forum.example.org/survey")
    willing = stage.person()
    day = at(stage.conference, "10:00", day=2)
    plan(day)
    set_announcements(willing, wanted=False, actor=ACTOR)
    dropped()
    assert plan(day + timedelta(hours=1)) == 0
    set_announcements(willing, wanted=True, actor=ACTOR)
    later = day + timedelta(hours=2)
    assert [plan(later), plan(later)] == [1, 0]
    assert list(Message.objects.values_list("kind", "state", "due_at")) == [("thanks", "queued", later)]
    Message.objects.update(state=Message.State.SENT, sent_at=later)
    assert plan(later) == 0


def test_a_reminder_that_was_dropped_comes_in_its_quiet_hours_no_more_than_another() -> None:
    stage = Stage(survey_url="https://forum.example.org/survey", quiet_from=time(22), quiet_until=time(8))
    stage.person()
    plan(at(stage.conference, "10:00", day=2))
    dropped()
    assert plan(at(stage.conference, "23:00", day=2)) == 1
    assert planned() == [("thanks", at(stage.conference, "08:00", day=3))]


def test_tomorrows_sessions_are_reminded_of_once_a_place_is_taken_again() -> None:
    stage = Stage()
    place = stage.place()
    plan(evening(stage))
    leave(place, actor=ACTOR)
    dropped()
    assert plan(evening(stage) + timedelta(minutes=1)) == 0
    sign_up(place.registration, stage.session, actor=ACTOR)
    again = evening(stage) + timedelta(minutes=2)
    assert [plan(again), plan(again)] == [1, 0]
    assert planned() == [("agenda_reminder", again)]


def test_a_session_is_reminded_of_once_its_place_is_taken_again() -> None:
    stage = Stage(session_reminder_minutes=30)
    place = stage.place(agenda_reminder=False)
    lead = at(stage.conference, "09:30")
    plan(lead - timedelta(minutes=5))
    leave(place, actor=ACTOR)
    dropped()
    sign_up(place.registration, stage.session, actor=ACTOR)
    again = lead + timedelta(minutes=1)
    assert [plan(again), plan(again)] == [1, 0]
    assert planned() == [("session_reminder", again)]


def test_conference_that_is_long_over_is_left_in_peace() -> None:
    stage = Stage(survey_url="https://forum.example.org/survey", session_reminder_minutes=30)
    stage.place()
    assert plan(at(stage.conference, "10:00", day=5)) == 0
    assert plan(at(stage.conference, "10:00", day=400)) == 0


@pytest.mark.parametrize("people", [1, 3])
def test_number_of_queries_does_not_depend_on_the_people(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stage = Stage(survey_url="https://forum.example.org/survey")
    stage.move("10:00", stage.other_room)
    for _ in range(people):
        stage.place()
    # Conferences to come, their days, who has places tomorrow, what was dropped, insert, sessions that begin soon,
    # conferences over.
    with django_assert_num_queries(7):
        assert plan(evening(stage)) == people
