"""A programme as plain data: read and checked, but neither in the database nor a problem yet.

Cross-references are codes. Times are aware instants in the conference's zone. Texts are {language: text}.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from schedule.solver.files.reading.finding import Finding
from schedule.solver.problem import Attendee

Texts = dict[str, str]


@dataclass(frozen=True)
class ConferenceRecord:
    slug: str
    name: Texts
    theme: Texts
    venue: Texts
    timezone: str
    starts_on: date
    ends_on: date
    languages: tuple[str, ...]
    expected_participants: int


@dataclass(frozen=True)
class RulesRecord:
    """Minutes and limits that hold for the whole conference; None is "no limit"."""

    slot_minutes: int
    room_changeover_minutes: int
    person_gap_same_group_minutes: int
    person_gap_other_group_minutes: int
    interpreter_teams: int | None
    max_parallel_open_sessions: int | None


@dataclass(frozen=True)
class DayRecord:
    """`core` holds the hours that the scheduler prefers."""

    date: date
    opens_at: datetime
    closes_at: datetime
    core: tuple[datetime, datetime] | None


@dataclass(frozen=True)
class KindRecord:
    code: str
    name: Texts
    signup: str
    is_break: bool
    max_parallel: int | None


@dataclass(frozen=True)
class ThemeRecord:
    code: str
    name: Texts


@dataclass(frozen=True)
class RoomRecord:
    code: str
    name: Texts
    capacity: int
    parts: tuple[str, ...]
    features: tuple[str, ...]
    distance_group: str
    allows_parallel_use: bool
    breaks_only: bool


@dataclass(frozen=True)
class BodyRecord:
    code: str
    name: Texts
    single_team: bool


@dataclass(frozen=True)
class PersonRecord:
    code: str
    name: Texts
    affiliation: str
    country: str
    email: str
    biography: Texts


@dataclass(frozen=True)
class RoleRecord:
    """`person` is None while nobody is named."""

    person: str | None
    role: str
    mode: str


@dataclass(frozen=True)
class SessionRecord:
    code: str
    kind: str
    theme: str | None
    title: Texts
    abstract: Texts
    hosts: tuple[str, ...]
    # False where the file says that the hosts are a guess: they bind the timetable, but no page names them.
    hosts_shown: bool
    duration_minutes: int
    roles: tuple[RoleRecord, ...]
    languages: tuple[str, ...]
    interpretation_pairs: tuple[str, ...]
    sign_languages: tuple[str, ...]
    caption_languages: tuple[str, ...]
    required_features: tuple[str, ...]
    expected_attendance: int
    signup: str
    capacity_cap: int | None
    fixed_start: datetime | None
    fixed_room: str | None
    not_before: datetime | None
    not_after: datetime | None
    after: tuple[str, ...]
    not_parallel_with: tuple[str, ...]
    blocks_all: bool
    preferred_rooms: tuple[str, ...]
    preferred_times: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class UnavailabilityRecord:
    """Of a "room", a "person" or a "host" (an organisation)."""

    subject_type: str
    subject: str
    starts_at: datetime
    ends_at: datetime
    reason: Texts


@dataclass(frozen=True)
class Programme:
    """Everything one file holds. `warnings` are worth a look but stop nothing."""

    conference: ConferenceRecord
    rules: RulesRecord
    days: tuple[DayRecord, ...]
    kinds: tuple[KindRecord, ...]
    themes: tuple[ThemeRecord, ...]
    rooms: tuple[RoomRecord, ...]
    bodies: tuple[BodyRecord, ...]
    people: tuple[PersonRecord, ...]
    sessions: tuple[SessionRecord, ...]
    unavailabilities: tuple[UnavailabilityRecord, ...]
    # Codes of sessions that start together, and of those that share a room.
    same_time: tuple[tuple[str, ...], ...]
    same_room: tuple[tuple[str, ...], ...]
    # Parts of it are made up, which public pages say beside the programme.
    has_assumptions: bool
    # What attendees wish for; only the command line of the scheduler uses it.
    interests: tuple[Attendee, ...] = ()
    warnings: tuple[Finding, ...] = ()
