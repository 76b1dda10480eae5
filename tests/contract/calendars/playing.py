"""What can happen to a place, played once through the domain functions for everybody who reads the files.

Each step is told by mail and stands in the personal calendar; both must be one and the same entry. Two people hold a
place: one reads Korean, the other a language in which every title and room is hostile. The session stands in a public
calendar too, under an identity of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache as kept
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from notifications.delivery.delivering import deliver
from notifications.feeds.personal_feeds import feed_url
from notifications.feeds.public_feeds import Published, published_sessions
from notifications.rules.intake import take_in
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import SignUp
from schedule.domain.programme.rooms import change_venue, rename_room
from schedule.domain.programme.sessions import cancel_session, change_online_address, reinstate_session, rename_session
from schedule.models import Session
from tests.contract.calendars.test_text import INJECTIONS, TEXTS
from tests.factories import at, publish
from tests.notifications.places import ACTOR, Stage, make_feed
from tests.notifications.sending import later
from tests.present import present
from tests.smtp_sink import SmtpSink
from values.text import one_form

KOREAN = TEXTS["korean of 200 characters"]
EMOJI = TEXTS["emoji of 200 characters"]
ATTACK, _ = INJECTIONS["a second event"]
MEETING = "https://meet.example.org/room?pwd=x;y"


def padded(text: str, letter: str) -> str:
    """`text` with as many letters behind it as make it 200 characters."""
    return text + letter * (200 - len(text))


# What every session is called before anything happens to it, and its room.
TITLE = {"ko": padded("🎉👩🏽‍🦽🇰🇷 인권도시는 모두의 존엄을 지킨다: ", "인"), "en": padded(ATTACK, "x")}
ROOM = {"ko": "대회의실 🏛️, 2층; 서쪽", "en": ATTACK}
OTHER_ROOM = {"ko": "소회의실 🌊", "en": "Hall\r\nX-EVIL:1"}
VENUE = {"ko": "회관", "en": "Hall"}
OTHER_VENUE = {"ko": "시청; 2층, 서쪽 🏛️", "en": ATTACK}
INERT = dict(INJECTIONS.values())
INERT[TITLE["en"]] = f"{INERT[ATTACK]}{TITLE['en'][len(ATTACK) :]}"
INERT[OTHER_ROOM["en"]] = "Hall X-EVIL:1"
# Names are kept in one line, whatever was typed.
INERT |= {one_form(hostile): INERT[hostile] for hostile in list(INERT)}


def inert(text: str) -> str:
    """What is left of a text in a calendar: hostile ones lose what makes them so."""
    return INERT.get(text, text)


@kept
def reader() -> Client:
    """Fetches calendars. One for all: the first request of each takes a third of a second to set up."""
    return Client()


@dataclass(frozen=True)
class Told:
    """One step as one person sees it: the files, and what they must say."""

    mail: bytes
    feed: bytes
    public: bytes
    method: str
    language: str
    uid: str
    sequence: int
    status: str
    start: datetime
    end: datetime
    summary: str
    room: str
    venue: str
    join: str
    public_uid: str
    public_sequence: int
    public_status: str
    called_off: bool

    @property
    def called(self) -> str:
        """What a calendar that is subscribed to calls it."""
        said = {"ko": "취소: ", "en": "Cancelled: "}[self.language] if self.called_off else ""
        return said + inert(self.summary)

    @property
    def stays(self) -> bool:
        """Whether it is in such a calendar at all: what was given back is gone from it."""
        return self.status == "CONFIRMED" or self.called_off


class Scene(Stage):
    """Two people with a place in one session, and their calendars."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(venue=LazyI18nString(VENUE), **fields)
        for thing, field, words in (
            (self.session, "title", TITLE),
            (self.room, "name", ROOM),
            (self.other_room, "name", OTHER_ROOM),
        ):
            setattr(thing, field, LazyI18nString(words))
            thing.save()
        self.move("10:00")
        self.signups = [self.place(language=language) for language in ("ko", "en")]
        self.feeds = {one.pk: make_feed(one.registration) for one in self.signups}

    def at(self, clock: str, day: int = 0) -> None:
        publish(self.conference, [(self.session, self.room, at(self.conference, clock, day))])

    def lasts(self, **length: int) -> None:
        minutes = timedelta(**length) // timedelta(minutes=1)
        Session.objects.filter(pk=self.session.pk).update(duration_minutes=minutes)
        self.session.refresh_from_db()

    def told(self, sink: SmtpSink) -> list[Told]:
        """What left since the last step, one mail for each person."""
        before = len(sink.taken)
        take_in()
        later()
        deliver("bulk")
        mails = {mail.recipient: mail.message for mail in sink.taken[before:]}
        assert len(mails) == len(sink.taken) - before == len(self.signups)
        cache.clear()
        self.conference.refresh_from_db()
        [published] = published_sessions(self.conference)
        found = []
        for signup in self.signups:
            message = mails[signup.registration.participant.email]
            [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
            body = part.get_payload(decode=True)
            assert isinstance(body, bytes)
            found.append(self._told(signup, body, published))
        return found

    def _told(self, signup: SignUp, mail: bytes, published: Published) -> Told:
        language = signup.registration.language
        personal = feed_url(self.feeds[signup.pk]).removeprefix("https://forum.example.org")
        public = reverse("website:public_feed_session", args=[self.conference.slug, self.session.code])
        row = SignUp.objects.select_related("session", "room").get(pk=signup.pk)
        holds = row.state == SignUp.State.CONFIRMED
        placed = present(self.conference.releases.first()).placements.get(session=self.session)
        return Told(
            mail=mail,
            feed=reader().get(personal).content,
            public=reader().get(public, {"lang": language}).content,
            method="REQUEST" if holds else "CANCEL",
            language=language,
            uid=f"{row.uid}@forum.example.org",
            sequence=row.sequence,
            status="CONFIRMED" if holds else "CANCELLED",
            start=placed.start.astimezone(UTC),
            end=placed.end.astimezone(UTC),
            summary=row.session.title.localize(language),
            room=placed.room.name.localize(language),
            venue=self.conference.venue.localize(language),
            join=row.online_url if holds else "",
            public_uid=f"{self.session.uid}@forum.example.org",
            public_sequence=published.sequence,
            public_status="CONFIRMED" if row.session.state == Session.State.ACCEPTED else "CANCELLED",
            called_off=row.session.state != Session.State.ACCEPTED,
        )


Step = Callable[[Scene], object]
NEW_YORK = {"timezone": "America/New_York", "starts_on": date(2035, 11, 3), "days": 3}


def _rename(text: str) -> Step:
    return lambda scene: rename_session(scene.session, title={"en": text, "ko": text}, actor=ACTOR)


def _rename_room(name: dict[str, str]) -> Step:
    return lambda scene: rename_room(scene.room, name=name, actor=ACTOR)


def _venue(venue: dict[str, str] | str) -> Step:
    return lambda scene: change_venue(scene.conference, venue=venue, actor=ACTOR)


def _leave(scene: Scene) -> None:
    for signup in scene.signups:
        leave(SignUp.objects.get(pk=signup.pk), actor=ACTOR)


def _come_back(scene: Scene) -> None:
    for signup in scene.signups:
        sign_up(signup.registration, scene.session, actor=ACTOR)


def _again(scene: Scene) -> None:
    """The session takes place after all, in the programme that is published next; the people come back."""
    reinstate_session(scene.session, actor=ACTOR)
    _come_back(scene)


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
    "rename": ({}, [_rename(text) for text in (KOREAN, EMOJI, ATTACK)]),
    "another name of the room": (
        {},
        [_rename_room(OTHER_ROOM), _rename_room({"ko": KOREAN, "en": EMOJI}), _venue(OTHER_VENUE), _venue("")],
    ),
    "cancellation": ({}, [lambda scene: cancel_session(scene.session, actor=ACTOR)]),
    "reinstatement": ({}, [lambda scene: cancel_session(scene.session, actor=ACTOR), _again]),
    "leaving and coming back": ({}, [_leave, _come_back]),
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
# The steps are taken once; each program reads the same files.
_KEPT: dict[str, list[list[Told]]] = {}


def play(name: str, sink: SmtpSink) -> list[list[Told]]:
    """For each step of a scenario what each person was told, in the same order of people."""
    if name not in _KEPT:
        fields, steps = SCENARIOS[name]
        scene = Scene(**fields)
        told = [scene.told(sink)]
        for step in steps:
            step(scene)
            told.append(scene.told(sink))
        _KEPT[name] = told
    return _KEPT[name]
