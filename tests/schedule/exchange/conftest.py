"""A small valid programme file for tests to break, and a released programme with secrets beside it."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from i18nfield.strings import LazyI18nString

from schedule.models import Conference, Release, Session
from tests import factories as f
from website.files import views


class World(NamedTuple):
    conference: Conference
    release: Release
    old_release: Release
    open: Session
    closed: Session


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Files of another test's rows, which had the same keys, must not be served."""
    views.kept.clear()


def both(text: str) -> dict[str, str]:
    return {"en": text, "ko": f"{text} (한국어)"}


@pytest.fixture
def data() -> dict[str, Any]:
    """Two days, four rooms (one joined from two), three sessions; nothing wrong with it."""
    return {
        "format": "whrcf-scheduler-input",
        "format_version": 1,
        "conference": {
            "slug": "small-forum",
            "name": both("Small Forum"),
            "theme": both("Small things"),
            "timezone": "Asia/Seoul",
            "starts_on": "2017-09-14",
            "ends_on": "2017-09-15",
            "venue": both("Town hall"),
            "languages": ["en", "ko"],
            "expected_participants": 100,
        },
        "rules": {
            "slot_minutes": 15,
            "room_changeover_minutes": 15,
            "person_gap_same_group_minutes": 0,
            "person_gap_other_group_minutes": 15,
            "interpreter_teams": 1,
            "max_parallel_open_sessions": 2,
        },
        "day_windows": [
            {"date": "2017-09-14", "weekday": "Thursday", "opens": "09:00", "closes": "18:00"},
            {"date": "2017-09-15", "opens": "09:00", "closes": "13:00", "core_from": "09:30", "core_until": "12:30"},
        ],
        "kinds": [
            {"code": "talk", "name": both("Talk"), "signup": "open", "max_parallel": 2},
            {"code": "break", "name": both("Break"), "signup": "open"},
        ],
        "themes": [{"code": "peace", "name": both("Peace")}],
        "rooms": [
            {
                "code": "R1",
                "name": both("Room 1"),
                "capacity": 40,
                "parts": [],
                "features": ["projector"],
                "distance_group": "1F",
            },
            {"code": "R2", "name": both("Room 2"), "capacity": 40, "features": []},
            {"code": "R12", "name": both("Room 1+2"), "capacity": 90, "parts": ["R1", "R2"], "features": []},
            {"code": "LOBBY", "name": both("Lobby"), "capacity": 90, "parts": [], "features": []},
        ],
        "bodies": [{"code": "city", "name": both("City"), "single_team": True}],
        "people": [{"code": "kim", "name": both("Kim"), "affiliation": "City", "country": "KR"}],
        "sessions": [
            {
                "code": "T1",
                "kind": "talk",
                "title": both("Opening"),
                "abstract": both("We open."),
                "hosts": ["city"],
                "duration_minutes": 60,
                "roles": [{"person": "kim", "role": "speaker", "mode": "in-person"}],
                "languages": ["en", "ko"],
                "interpretation": {"pairs": ["ko-en"], "sign": ["KSL"], "captions": ["ko"]},
                "required_features": ["projector"],
                "expected_attendance": 30,
                "signup": "limited",
                "capacity_cap": 20,
                "fixed": {"date": "2017-09-14", "start": "09:00", "room": "R1"},
                "not_before": None,
                "not_after": None,
                "after": [],
                "not_parallel_with": ["T2"],
                "blocks_all": False,
            },
            {
                "code": "T2",
                "kind": "talk",
                "theme": "peace",
                "title": both("Closing"),
                "duration_minutes": 45,
                "not_before": "2017-09-14T12:00",
                "not_after": "2017-09-15T13:00",
                "after": ["T1"],
                "not_parallel_with": ["T1"],
                "preferred_rooms": ["R12"],
                "preferred_times": [{"from": "2017-09-15T09:00", "to": "2017-09-15T11:00"}],
            },
            {"code": "B1", "kind": "break", "title": both("Lunch"), "duration_minutes": 30},
        ],
        "unavailabilities": [
            {
                "subject_type": "room",
                "subject": "R2",
                "from": "2017-09-14T09:00",
                "to": "2017-09-14T12:00",
                "reason": both("let"),
            },
        ],
        "same_time": [["T2", "B1"]],
        "same_room": [["T1", "T2"]],
    }


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
