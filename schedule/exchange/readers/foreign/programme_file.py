"""Programme files of ours, read by their one reader (ADR 14) and gathered like all others.

The conference's address and zone stay those of the conference that is imported into.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from schedule.exchange.incoming.records import Gathering, What, at
from schedule.exchange.readers.refusals import in_words
from schedule.solver.files.programme_file import plain
from schedule.solver.files.programme_file.reader import read
from schedule.solver.files.programme_file.vocabulary import FORMAT
from schedule.solver.files.reading.finding import FileRefused

# Columns of sessions that are called the same and need no look.
_SAME = (
    "duration_minutes", "languages", "interpretation_pairs", "sign_languages", "caption_languages", "required_features",
    "expected_attendance", "signup", "capacity_cap", "fixed_start", "not_before", "not_after", "blocks_all",
)  # fmt: skip


def is_one(data: Any) -> bool:
    """Whether this says that it is one."""
    return isinstance(data, Mapping) and data.get("format") == FORMAT


def gather(data: dict[str, Any], gathered: Gathering) -> None:
    """Gather everything a file says; where anything is wrong with it, tell all of that: the reader takes all of a file
    or nothing."""
    try:
        programme = read(data)
    except FileRefused as refused:
        for finding in refused.findings:
            problem = in_words(finding)
            where = ", ".join(part for part in (problem.record, problem.field) if part)
            gathered.wrong("programme_refused", where, what=problem.what, mend=problem.mend)
        return
    for warning in programme.warnings:
        problem = in_words(warning)
        gathered.note("programme_refused", problem.record, problem.field, what=problem.what, mend=problem.mend)
    if programme.conference.timezone != str(gathered.asked.zone):
        gathered.note("other_zone", said=programme.conference.timezone)
    _things(programme, gathered)
    for number, session in enumerate(programme.sessions, 1):
        gathered.add(
            What.SESSION, _key(session.code), at("record", number, "sessions"), _session(session), is_whole=True
        )
    _conference(programme, gathered)


def _key(code: str) -> str:
    return f"code:{code}"


def _keys(codes: Any) -> tuple[str, ...]:
    return tuple(_key(code) for code in codes)


def _things(programme: plain.Programme, gathered: Gathering) -> None:
    listed: list[tuple[What, str, Any]] = [
        (What.KIND, "kinds", programme.kinds),
        (What.THEME, "themes", programme.themes),
        (What.ROOM, "rooms", programme.rooms),
        (What.PERSON, "people", programme.people),
        (What.BODY, "bodies", programme.bodies),
    ]
    for what, name, records in listed:
        for number, record in enumerate(records, 1):
            said = {one.name: getattr(record, one.name) for one in fields(record)}
            if what in (What.KIND, What.THEME, What.ROOM):
                said["position"] = number - 1
            if what is What.ROOM:
                said["parts"] = _keys(record.parts)
            gathered.add(what, _key(record.code), at("record", number, name), said, is_whole=what is not What.PERSON)


def _session(session: plain.SessionRecord) -> dict[str, Any]:
    return {name: getattr(session, name) for name in _SAME} | {
        "code": session.code,
        "title": session.title,
        "abstract": session.abstract,
        "kind": _key(session.kind),
        "theme": _key(session.theme) if session.theme else None,
        "fixed_room": _key(session.fixed_room) if session.fixed_room else None,
        "hosts": tuple((_key(code), session.hosts_shown) for code in session.hosts),
        "people": tuple((_key(role.person) if role.person else None, role.role, role.mode) for role in session.roles),
        "after": _keys(session.after),
        "not_parallel_with": _keys(session.not_parallel_with),
        "preferred": (*_keys(session.preferred_rooms), *session.preferred_times),
    }


def _conference(programme: plain.Programme, gathered: Gathering) -> None:
    given, whose = programme.conference, {"room": What.ROOM, "person": What.PERSON, "host": What.BODY}
    said = {one.name: getattr(programme.rules, one.name) for one in fields(programme.rules)}
    said |= {name: getattr(given, name) for name in ("name", "theme", "venue", "starts_on", "ends_on", "languages")}
    said["expected_participants"] = given.expected_participants
    said["days"] = tuple((day.date, day.opens_at, day.closes_at, *(day.core or (None, None))) for day in programme.days)
    said["groups"] = (
        *(("time", _keys(codes)) for codes in programme.same_time),
        *(("room", _keys(codes)) for codes in programme.same_room),
    )
    said["absences"] = tuple(
        (whose[one.subject_type], _key(one.subject), one.starts_at, one.ends_at, one.reason)
        for one in programme.unavailabilities
    )
    gathered.add(What.CONFERENCE, "conference", "", said, is_whole=True)
