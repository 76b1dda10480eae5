"""A small valid programme file for tests to break."""

from __future__ import annotations

from typing import Any

import pytest


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
