"""What can happen to a place, from the domain function to what foreign parsers make of the mail and the feed.

Each step of a scenario is told by mail and stands in the personal feed; both must be one and the same entry, with the
UID it always had, a higher SEQUENCE, and what the database now says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from i18nfield.strings import LazyI18nString
from pytest_django import Settings

from notifications.delivery import deliver
from notifications.feeds import feed_url
from notifications.intake import take_in
from registration.models import SignUp
from registration.signing_up import leave, sign_up
from schedule.editing import cancel_session, change_online_address, reinstate_session, rename_session
from schedule.models import Session
from tests.contract.calendars.parsers import Parse, as_read_by
from tests.contract.calendars.test_text import INJECTIONS, TEXTS
from tests.factories import at
from tests.notifications.places import ACTOR, Stage, make_feed, publish
from tests.notifications.sending import later
from tests.smtp_sink import SmtpSink, running

pytestmark = pytest.mark.django_db
KOREAN = TEXTS["korean of 200 characters"]
EMOJI = TEXTS["emoji of 200 characters"]
HOSTILE, INERT = INJECTIONS["a second event"]
MEETING = "https://meet.example.org/room?pwd=x;y"


@dataclass(frozen=True)
class Told:
    """One step: the files that went out, and what they must say."""

    mail: bytes
    feed: bytes
    method: str
    uid: str
    sequence: int
    status: str
    start: datetime
    end: datetime
    summary: str
    location: str
    join: str


class Scene(Stage):
    """One person with a place, and their calendars."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        self.signup = self.place(language="ko")
        self.token = make_feed(self.signup.registration)

    def at(self, clock: str, day: int = 0) -> None:
        publish(self.conference, [(self.session, self.room, at(self.conference, clock, day))])

    def lasts(self, **length: int) -> None:
        minutes = timedelta(**length) // timedelta(minutes=1)
        Session.objects.filter(pk=self.session.pk).update(duration_minutes=minutes)
        self.session.refresh_from_db()

    def told(self, sink: SmtpSink) -> Told:
        before = len(sink.taken)
        take_in()
        later()
        deliver("bulk")
        [mail] = sink.taken[before:]
        [part] = [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
        cache.clear()
        feed = Client().get(feed_url(self.token).removeprefix("https://forum.example.org"))
        row = SignUp.objects.select_related("session", "room").get(pk=self.signup.pk)
        holds = row.state == SignUp.State.CONFIRMED
        placed = self.conference.releases.first().placements.get(session=self.session)
        return Told(
            mail=part.get_payload(decode=True),
            feed=feed.content,
            method="REQUEST" if holds else "CANCEL",
            uid=f"{row.uid}@forum.example.org",
            sequence=row.sequence,
            status="CONFIRMED" if holds else "CANCELLED",
            start=placed.start.astimezone(UTC),
            end=placed.end.astimezone(UTC),
            summary=row.session.title.localize("ko"),
            location=placed.room_name.localize("ko"),
            join=row.online_url if holds else "",
        )


Step = Callable[[Scene], object]
NEW_YORK = {"timezone": "America/New_York", "starts_on": date(2026, 10, 31), "days": 3}


def _rename(text: str) -> Step:
    return lambda scene: rename_session(scene.session, title={"en": text, "ko": text}, actor=ACTOR)


def _again(scene: Scene) -> None:
    """The session takes place after all, in the programme that is published next; the person comes back."""
    reinstate_session(scene.session, actor=ACTOR)
    sign_up(scene.signup.registration, scene.session, actor=ACTOR)


def _online(url: str) -> Step:
    return lambda scene: change_online_address(scene.session, url=url, actor=ACTOR)


def _long(clock: str, **length: int) -> Step:
    def step(scene: Scene) -> None:
        scene.lasts(**length)
        scene.at(clock)

    return step


SCENARIOS: dict[str, tuple[dict[str, Any], list[Step]]] = {
    "room change": ({}, [lambda scene: scene.move("10:00", scene.other_room)]),
    "time move": ({}, [lambda scene: scene.at("11:15"), lambda scene: scene.at("09:00", day=1)]),
    "rename": ({}, [_rename(text) for text in (KOREAN, EMOJI, HOSTILE)]),
    "cancellation": ({}, [lambda scene: cancel_session(scene.session, actor=ACTOR)]),
    "reinstatement": ({}, [lambda scene: cancel_session(scene.session, actor=ACTOR), _again]),
    "leaving and coming back": (
        {},
        [
            lambda scene: leave(SignUp.objects.get(pk=scene.signup.pk), actor=ACTOR),
            lambda scene: sign_up(scene.signup.registration, scene.session, actor=ACTOR),
        ],
    ),
    # Clocks go back in the night to 1 November: 09:00 is 13:00 UTC before and 14:00 after.
    "over the end of daylight saving": (
        NEW_YORK,
        [lambda scene: scene.at("09:00"), lambda scene: scene.at("09:00", 1)],
    ),
    "over the night clocks go back": (NEW_YORK, [_long("22:30", hours=9)]),
    "over midnight": ({}, [_long("23:15", hours=2)]),
    "multi-day": ({}, [_long("09:00", days=2, hours=8)]),
    "online link": ({}, [_online(MEETING), _online("https://meet.example.org/other"), _online("")]),
}


@pytest.fixture
def sink(settings: Settings) -> Any:
    settings.SITE_URL = "https://forum.example.org"
    settings.CALENDAR_DOMAIN = "forum.example.org"
    settings.MAIL_FROM = "calendar@forum.example.org"
    with running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = server.host, server.port, 2
        yield server


def inert(text: str) -> str:
    return INERT if text == HOSTILE else text


# The steps are taken once; each parser reads the same files.
_KEPT: dict[str, list[Told]] = {}


def play(name: str, sink: SmtpSink) -> list[Told]:
    if name not in _KEPT:
        fields, steps = SCENARIOS[name]
        scene = Scene(venue=LazyI18nString({"en": "Hall", "ko": "회관"}), **fields)
        told = [scene.told(sink)]
        for step in steps:
            step(scene)
            told.append(scene.told(sink))
        _KEPT[name] = told
    return _KEPT[name]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_step_updates_the_same_entry_in_mail_and_feed(
    name: str, parser: str, parse: Parse, sink: SmtpSink
) -> None:
    steps = play(name, sink)
    assert len({step.uid for step in steps}) == 1
    assert all(before.sequence + 1 == after.sequence for before, after in pairwise(steps))
    for step in steps:
        mailed, fed = parse(step.mail), parse(step.feed)
        assert (mailed.method, fed.method) == (step.method, None)
        [event] = mailed.events
        [same] = fed.events
        assert replace(same, names=frozenset()) == replace(event, names=frozenset())
        assert (event.uid, event.sequence, event.status) == (step.uid, step.sequence, step.status)
        assert (event.start, event.end) == (step.start, step.end)
        assert event.summary == as_read_by(parser, inert(step.summary))
        assert event.location == as_read_by(parser, f"{step.location}, 회관")
        assert (step.join in event.description) is True or parser == "sabre"
        assert event.description.count("온라인 참여") == bool(step.join)
