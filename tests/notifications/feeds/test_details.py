"""What somebody's own calendar says of a session besides time and place, in their feed and in what they are mailed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from django.core.cache import cache
from django.test import Client
from i18nfield.strings import LazyI18nString

from journal.models import Entry
from notifications.feeds.personal_feeds import feed_url
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.intake import take_in
from registration.models import SignUp
from schedule.domain.editing.rows import change_row, lines_of, version_of
from schedule.domain.programme.people import take_down
from schedule.domain.programme.sessions import cancel_session
from schedule.facts.edits import SessionEdited
from schedule.models import Body, Person, Session, SignupPolicy
from tests.factories import at, both, make_body, make_person
from tests.notifications.calendars.factories import unfolded
from tests.notifications.feeds.test_personal_feeds import events
from tests.notifications.places import ACTOR, Stage, make_feed
from tests.present import present

pytestmark = pytest.mark.django_db

Channel = Callable[[SignUp], list[str]]


def in_feed(place: SignUp) -> list[str]:
    token = place.registration.feed_tokens.first() or make_feed(place.registration)
    return unfolded(Client().get(feed_url(token)).content)


def in_mail(place: SignUp) -> list[str]:
    """The calendar part that the newest mail about the place would have now."""
    take_in()
    message = Message.objects.filter(signup=place).latest("pk")
    [given] = gather([message.pk])
    mail = compose([given], at(place.session.conference, "08:00"))
    [part] = [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
    return unfolded(cast("bytes", part.get_payload(decode=True)))


CHANNELS = pytest.mark.parametrize("channel", [in_feed, in_mail])


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def stage() -> Stage:
    """A session with all that may be said of it, and people and hosts who must not be named."""
    stage = Stage()
    session = stage.session
    session.abstract = LazyI18nString({"en": "About **peace**, <b>now</b>.", "ko": "평화"})
    session.languages = ["en", "ko"]
    session.save()
    session.roles.create(person=make_person(stage.conference, name=both("Ada Lovelace")), role="speaker")
    gone = make_person(stage.conference, name=both("Gone Person"))
    session.roles.create(person=gone, role="chair", position=2)
    take_down(gone, actor=ACTOR)
    session.host_links.create(body=make_body(stage.conference, name=both("City of Graz")))
    session.host_links.create(body=make_body(stage.conference, name=both("Hidden Body")), is_shown=False, position=2)
    return stage


def edit(session: Session, field: str, moment: datetime) -> None:
    """Write down that the session was edited, later than its places were taken."""
    Entry.objects.create(
        at=moment,
        conference_id=session.conference_id,
        verb=SessionEdited.verb,
        concerns=SessionEdited.concerns,
        actor=str(ACTOR),
        subject_id=session.pk,
        data={"changes": {field: ["a", "b"]}},
        handled_at=moment,
    )


def change(row: Session | Person | Body, **values: Any) -> None:
    """As organizers do."""
    version = version_of(row)
    for name, value in values.items():
        setattr(row, name, value)
    change_row(row, version=version, actor=ACTOR)


def described(lines: list[str]) -> str:
    [(text,)] = events(lines, "DESCRIPTION")
    return text.replace("\\n", "\n").replace("\\,", ",")


@CHANNELS
@pytest.mark.parametrize("signup", [SignupPolicy.OPEN, SignupPolicy.INVITATION])
def test_who_has_a_place_reads_who_is_in_it(channel: Channel, signup: str, stage: Stage) -> None:
    place = stage.place()
    Session.objects.filter(pk=stage.session.pk).update(signup=signup)
    site = f"https://forum.example.org/{stage.conference.slug}/sessions/{stage.session.code}/"
    assert described(channel(place)) == (
        "About peace, now.\n\nWith: Ada Lovelace\nHosted by: City of Graz\nLanguage: English, Korean\n"
        f"{site}\n\n{stage.conference.name.localize('en')}\n"
        f"Change or give back your place: https://forum.example.org/my/{stage.conference.slug}/"
    )


@CHANNELS
def test_what_does_not_take_place_says_nothing_more(channel: Channel, stage: Stage) -> None:
    place = stage.place()
    channel(place)
    Message.objects.update(state="sent", calendar_method="REQUEST", sent_at=at(stage.conference, "08:00"))
    cancel_session(stage.session, actor=ACTOR)
    lines = channel(SignUp.objects.get(pk=place.pk))
    assert events(lines, "STATUS") == [("CANCELLED",)]
    assert [word for word in ("peace", "Ada", "Graz", "Gone", "Hidden") if word in "\n".join(lines)] == []


@CHANNELS
@pytest.mark.parametrize(("field", "is_newer"), [("abstract", True), ("roles", True), ("held_seats", False)])
def test_an_edit_is_a_newer_state_of_the_same_sequence(
    channel: Channel, field: str, is_newer: bool, stage: Stage
) -> None:
    place = stage.place()

    def told() -> list[tuple[str, ...]]:
        return events(channel(SignUp.objects.get(pk=place.pk)), "SEQUENCE", "LAST-MODIFIED", "DTSTAMP")

    before = f"{place.changed_at:%Y%m%dT%H%M%SZ}"
    assert told() == [("0", before, before)]
    edit(stage.session, field, datetime(2037, 5, 1, 12, tzinfo=UTC))
    stamp = "20370501T120000Z" if is_newer else before
    assert told() == [("0", stamp, stamp)]


@pytest.mark.parametrize("what", ["abstract", "person", "taken down", "host", "host hidden", "languages"])
def test_whoever_has_read_the_feed_is_sent_what_is_new(what: str, stage: Stage, client: Client) -> None:
    place = stage.place()
    path = feed_url(make_feed(place.registration))
    tag = {"If-None-Match": client.get(path)["ETag"]}
    assert client.get(path, headers=tag).status_code == 304
    person, link = present(stage.session.roles.earliest("pk").person), stage.session.host_links.earliest("pk")
    if what == "abstract":
        change(stage.session, abstract=both("Other words"))
    elif what == "person":
        change(person, name=both("Ada King"))
    elif what == "taken down":
        take_down(person, actor=ACTOR)
    elif what == "host":
        change(link.body, name=both("Graz"))
    elif what == "host hidden":
        lines = [{**line, "is_shown": False} for line in lines_of(stage.session)["host_links"]]
        change_row(stage.session, lines={"host_links": lines}, version=version_of(stage.session), actor=ACTOR)
    else:
        change(stage.session, languages=["ko"])
    assert client.get(path, headers=tag).status_code == 200
