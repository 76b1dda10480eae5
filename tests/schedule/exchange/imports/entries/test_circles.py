"""Circles that a file would make are found before it is imported, at each row that would close one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import translation

from journal.actors import SYSTEM
from schedule.exchange.imports import formats
from schedule.exchange.imports.applying import apply
from schedule.exchange.imports.entries.entry import ImportPreview, State
from schedule.exchange.imports.preview import Comparison
from schedule.exchange.imports.stored import KeptProgramme
from schedule.exchange.incoming.records import HowToRead, SaidRecord, What
from schedule.models import Conference, RoomPart, SessionOrder
from tests.factories import make_conference


def archive(sessions: dict[str, str], rooms: dict[str, str]) -> bytes:
    """Codes with the codes of those that each names."""
    kind = {"key": "code:K", "code": "K", "name": {"en": "K"}}
    data: dict[str, Any] = {"format": "plenary-archive", "version": 1, "timezone": "Asia/Seoul", "kind": [kind]}
    data["room"] = [
        {
            "key": f"code:{code}",
            "code": code,
            "name": {"en": code},
            "capacity": 5,
            "parts": [f"code:{one}" for one in to],
        }
        for code, to in rooms.items()
    ]
    data["session"] = [
        {"key": f"code:{code}", "code": code, "title": {"en": code}, "kind": "code:K", "duration_minutes": 30,
         "after": [f"code:{one}" for one in to]}
        for code, to in sessions.items()
    ]  # fmt: skip
    return json.dumps(data).encode()


def records_of(conference: Conference, sessions: dict[str, str], rooms: dict[str, str]) -> list[SaidRecord]:
    asked = HowToRead(zone=conference.zone, languages=("en",), kind="K")
    return formats.read(archive(sessions, rooms), formats.ARCHIVE, asked).records


def preview(conference: Conference, sessions: dict[str, str], rooms: dict[str, str]) -> ImportPreview:
    return Comparison(KeptProgramme(conference), records_of(conference, sessions, rooms)).preview()


def bring(conference: Conference, sessions: dict[str, str], rooms: dict[str, str]) -> None:
    version = preview(conference, sessions, rooms).version
    apply(conference, records_of(conference, sessions, rooms), version=version, actor=SYSTEM)


def wrong(found: ImportPreview) -> dict[str, list[str]]:
    """By name: the chains in what is said of what is wrong."""
    entries = [one for one in found.entries if one.state is State.WRONG]
    return {one.name: [said.partition(": ")[2].partition(". ")[0] for _label, said in one.problems] for one in entries}


CASES: list[tuple[dict[str, str], dict[str, str], dict[str, str]]] = [
    # What is there, what the file says, and what is wrong in it.
    ({}, {"A": "B", "B": "A", "C": "A"}, {"A": "A → B → A", "B": "B → A → B", "C": ""}),
    ({}, {"A": "A", "B": ""}, {"A": "A → A"}),
    ({}, {"A": "B", "B": "C", "C": "A"}, {"A": "A → B → C → A", "B": "B → C → A → B", "C": "C → A → B → C"}),
    ({"A": "B", "B": ""}, {"A": "B", "B": "A"}, {"B": "B → A → B"}),  # what is there already is not at fault
    ({"A": "B", "B": ""}, {"A": "", "B": "A"}, {}),  # turned around
    ({"A": "B", "B": "C", "C": ""}, {"A": "", "B": "A", "C": "B"}, {}),
    ({}, {"A": "BC", "B": "D", "C": "D", "D": ""}, {}),  # two ways are no circle
    (
        {},
        {"A": "B", "B": "C", "C": "D", "D": "E", "E": "F", "F": "G", "G": "A"},
        {one: f"{one} → {two} → {three} → {four} → … → {one}"
         for one, two, three, four in zip("ABCDEFG", "BCDEFGA", "CDEFGAB", "DEFGABC", strict=True)},
    ),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("there", "said", "expected"), CASES)
@pytest.mark.parametrize("is_of_rooms", [False, True])
def test_each_row_that_would_close_a_circle_is_wrong(
    there: dict[str, str], said: dict[str, str], expected: dict[str, str], *, is_of_rooms: bool
) -> None:
    conference = make_conference(timezone="Asia/Seoul")
    bring(conference, *(({}, there) if is_of_rooms else (there, {})))
    halves: tuple[dict[str, str], dict[str, str]] = ({}, said) if is_of_rooms else (said, {})
    found = preview(conference, *halves)
    assert {name: problems[0] for name, problems in wrong(found).items()} == expected
    bring(conference, *halves)  # what is not wrong can be imported
    links: Any = RoomPart if is_of_rooms else SessionOrder
    columns = ("room__code", "part__code") if is_of_rooms else ("later__code", "earlier__code")
    kept = {
        (code, one) for code, to in (there | {c: t for c, t in said.items() if c not in expected}).items() for one in to
    }
    assert set(links.objects.values_list(*columns)) == kept


@pytest.mark.django_db
def test_a_circle_is_said_in_both_languages() -> None:
    conference = make_conference(timezone="Asia/Seoul")
    told = {}
    for code in ("en", "ko"):
        with translation.override(code):
            entries = preview(conference, {"A": "A"}, {}).entries
            told[code] = [one.problems for one in entries if one.state is State.WRONG]
    assert told["en"] == [[("After", "This goes round in a circle: A → A. Remove one of these.")]]
    [[(label, sentence)]] = told["ko"]
    assert ("A → A" in sentence, sentence == told["en"][0][0][1], label == "After") == (True, False, False)


def said(code: str, **more: Any) -> SaidRecord:
    """A session as a file says it that says nothing of most."""
    return SaidRecord(What.SESSION, f"code:{code}", "", {"code": code, "title": {"en": code}} | more)


@pytest.mark.django_db
def test_what_the_file_does_not_say_stays_and_may_close_a_circle() -> None:
    conference = make_conference(timezone="Asia/Seoul")
    bring(conference, {"A": "B", "B": ""}, {})
    found = Comparison(KeptProgramme(conference), [said("A"), said("B", after=("code:A",))]).preview()
    assert wrong(found) == {"B": ["B → A → B"]}


@pytest.mark.django_db
def test_a_ring_of_thousands_is_found_in_a_moment() -> None:
    """Its way is not walked for each of its rows."""
    conference, many = make_conference(), 2000
    records = [said(f"S{n}", duration_minutes=30, after=(f"code:S{(n + 1) % many}",)) for n in range(many)]
    entries = Comparison(KeptProgramme(conference), records).preview().entries
    assert sum(1 for one in entries if one.state is State.WRONG) == many
    assert entries[0].problems == [("After", "This goes round in a circle: S0 → S1 → … → S0. Remove one of these.")]
