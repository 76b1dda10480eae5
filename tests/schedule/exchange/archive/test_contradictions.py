"""What an archive says that cannot be is told at its record, and not found when the import has begun."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schedule.exchange.imports import formats
from schedule.exchange.incoming.records import HowToRead, What
from schedule.exchange.incoming.words import in_words

EARLY, LATE = "2037-06-01T04:00:00Z", "2037-06-01T05:00:00Z"
HOURS = {"date": "2037-06-01", "opens_at": EARLY, "closes_at": LATE}
NEXT = {"date": "2037-06-02", "opens_at": LATE, "closes_at": "2037-06-01T06:00:00Z"}
ABSENCE = {"what": "room", "key": "code:R", "from": EARLY, "until": LATE, "reason": {}}
BACKWARDS = "It ends before it starts (“2037-06-01 04:00:00+00:00”)."


def read(session: dict[str, Any], conference: dict[str, Any]) -> tuple[list[str], Any]:
    """What is wrong, in words, and what is said of the session and the conference."""
    plain = {"kind": "code:K", "duration_minutes": 30}
    data = {
        "format": "plenary-archive", "version": 1, "timezone": "Asia/Seoul",
        "kind": [{"key": "code:K", "code": "K", "name": {"en": "K"}}],
        "person": [{"key": "code:P", "code": "P", "name": {"en": "P"}}],
        "body": [{"key": "code:B", "code": "B", "name": {"en": "B"}}],
        "room": [{"key": "code:R", "code": "R", "name": {"en": "R"}, "capacity": 5}],
        "session": [
            {"key": "code:S", "code": "S", "title": {"en": "S"}} | plain | session,
            {"key": "code:T", "code": "T", "title": {"en": "T"}} | plain,
        ],
        "conference": {"name": {"en": "Forum"}} | conference,
    }  # fmt: skip
    found = formats.read(json.dumps(data).encode(), formats.ARCHIVE, HowToRead(ZoneInfo("Asia/Seoul"), ("en",)))
    said = {(one.what, one.key): one.said for one in found.records}
    about = (said.get((What.SESSION, "code:S")), said.get((What.CONFERENCE, "conference")))
    return [in_words(one) for one in found.oddities if one.is_wrong], about


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ({"not_before": EARLY, "not_after": LATE}, {"not_before": LATE, "not_after": EARLY}, BACKWARDS),
        ({"not_before": EARLY}, {"not_before": EARLY, "not_after": EARLY}, BACKWARDS),
        ({"preferred": [{"from": EARLY, "until": LATE}]}, {"preferred": [{"from": LATE, "until": EARLY}]}, BACKWARDS),
        (
            {"not_parallel_with": ["code:T"]},
            {"not_parallel_with": ["code:S"]},
            "It is to be kept apart from itself. Name another session.",
        ),
    ],
)
def test_a_session_that_contradicts_itself_is_wrong(good: dict[str, Any], bad: dict[str, Any], told: str) -> None:
    wrong, (session, _conference) = read(good, {})
    assert (wrong, session is None) == ([], False)
    wrong, (session, _conference) = read(bad, {})
    assert (wrong, session) == ([told], None)


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        (
            {"starts_on": "2037-06-01", "ends_on": "2037-06-01"},
            {"starts_on": "2037-06-02", "ends_on": "2037-06-01"},
            "It ends before it starts (“2037-06-01”).",
        ),
        ({"days": [HOURS]}, {"days": [HOURS | {"opens_at": LATE, "closes_at": EARLY}]}, BACKWARDS),
        (
            {"days": [NEXT, HOURS]},
            {"days": [HOURS | {"date": "2037-06-02"}, HOURS]},
            "The hours of the day 2037-06-01 overlap those of 2037-06-02.",
        ),
        (
            {"days": [HOURS, NEXT]},
            {"days": [HOURS, NEXT | {"date": "2037-06-01"}]},
            "The day 2037-06-01 has its hours twice. Keep those that are right.",
        ),
        (
            {"days": [HOURS | {"core_from": EARLY, "core_until": LATE}]},
            {"days": [HOURS | {"core_from": EARLY}]},
            f"“{EARLY}” cannot be what “core_from” is.",
        ),
        ({"absences": [ABSENCE]}, {"absences": [ABSENCE | {"until": EARLY}]}, BACKWARDS),
        (
            {"groups": [{"same": "time", "sessions": ["code:S", "code:T"]}]},
            {"groups": [{"same": "time", "sessions": ["code:S", "code:S"]}]},
            "A group has two sessions or more.",
        ),
    ],
)
def test_a_conference_that_contradicts_itself_is_wrong(good: dict[str, Any], bad: dict[str, Any], told: str) -> None:
    wrong, (_session, conference) = read({}, good)
    assert (wrong, conference is None) == ([], False)
    wrong, (_session, conference) = read({}, bad)
    assert (wrong, conference) == ([told], None)


def test_what_is_said_twice_is_taken_once() -> None:
    speaker = {"person": "code:P", "role": "speaker", "mode": "in-person"}
    nobody = {"person": None, "role": "chair", "mode": "in-person"}
    hosts = [{"body": "code:B", "is_shown": True}] * 2
    preferred = [{"room": "code:R"}, {"room": "code:R"}, {"from": EARLY, "until": LATE}]
    people = [speaker, speaker | {"mode": "remote"}, speaker | {"role": "chair"}, nobody, nobody]
    wrong, (session, _conference) = read({"people": people, "hosts": hosts, "preferred": preferred}, {})
    assert wrong == []
    assert session["people"] == (
        ("code:P", "speaker", "in-person"),
        ("code:P", "chair", "in-person"),
        (None, "chair", "in-person"),
        (None, "chair", "in-person"),
    )
    assert (session["hosts"], len(session["preferred"])) == ((("code:B", True),), 2)
