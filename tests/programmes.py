"""A released programme with secrets beside it."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from i18nfield.strings import LazyI18nString

from schedule.models import Conference, Release, Session
from tests import factories as f


class World(NamedTuple):
    conference: Conference
    release: Release
    old_release: Release
    open: Session
    closed: Session


@pytest.fixture
def world(db: None) -> World:
    """A released programme, and beside it everything that must not be seen in any export.

    Each secret text holds the word "secret", so that a leak of any of them is noticed.
    """
    conference = f.make_conference(slug="open-forum", name=f.both("Open <Forum> & more"), timezone="Asia/Seoul")
    hall, lobby = f.make_room(conference, code="HALL"), f.make_room(conference, code="LOBBY")
    talk = f.make_kind(conference, code="talk", name=f.both("Talk"))
    open_session = f.make_session(
        conference,
        kind=talk,
        code="T1",
        title=LazyI18nString({"en": '=1+1 #read("x") <b>bold</b>', "ko": "열린 회의"}),
        abstract=f.both("What it is about"),
        languages=["ko", "en"],
        interpretation_pairs=["ko-en"],
        sign_languages=["KSL"],
        caption_languages=["ko"],
    )
    closed = f.make_session(
        conference,
        kind=talk,
        code="closed-1",
        signup="invitation",
        title=f.both("By invitation"),
        abstract=f.both("secret abstract"),
        interpretation_pairs=["secret-pair"],
    )
    cancelled = f.make_session(conference, kind=talk, title=f.both("secret cancelled"), state="cancelled")
    unplaced = f.make_session(conference, kind=talk, title=f.both("secret unplaced"))
    person = f.make_person(conference, code="kim", name=LazyI18nString({"en": "Kim", "ko": "김"}))
    open_session.roles.create(person=person, role="chair", position=0)
    open_session.roles.create(person=person, role="speaker", position=1)
    open_session.roles.create(person=None, role="secret role", position=2)
    closed.roles.create(person=f.make_person(conference, name=f.both("secret person")), role="speaker")
    open_session.host_links.create(body=f.make_body(conference, name=f.both("City")))
    open_session.host_links.create(body=f.make_body(conference, name=f.both("secret host")), is_shown=False)
    closed.host_links.create(body=f.make_body(conference, name=f.both("secret guest host")))
    old = f.make_release(conference, [(unplaced, hall, f.at(conference, "16:00"))])
    release = f.make_release(
        conference,
        [
            (closed, lobby, f.at(conference, "09:00", day=1)),
            (open_session, hall, f.at(conference, "10:00")),
            (cancelled, hall, f.at(conference, "12:00")),
        ],
    )
    draft = conference.drafts.create(name="secret draft")
    draft.placements.create(session=unplaced, room=hall, start=f.at(conference, "14:00"), end=f.at(conference, "15:00"))
    other = f.make_conference(name=f.both("secret conference"))
    elsewhere = f.make_session(other, title=f.both("secret other"))
    f.make_release(other, [(elsewhere, f.make_room(other), f.at(other, "10:00"))])
    return World(conference, release, old, open_session, closed)
