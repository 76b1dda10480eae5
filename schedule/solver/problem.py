"""The timetabling problem as plain data: what the solver, its verifier and the conflict engine all read.

No Django, no database, no clock. Times are whole minutes counted from `Problem.origin`, an aware datetime
(midnight of the first day in the conference's zone). Minutes are elapsed time, not wall-clock time, so an
interval keeps its length across a daylight-saving switch. All intervals are half-open: [start, end).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from math import gcd


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A half-open stretch of time in minutes from the problem's origin."""

    start: int
    end: int

    def overlaps(self, other: Interval) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Interval) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Rules:
    """Conference-wide rules. None switches a rule off. `max_parallel_by_kind`: (kind, most at once) pairs."""

    slot_minutes: int = 5
    room_changeover_minutes: int = 0
    person_gap_same_group_minutes: int = 0
    person_gap_other_group_minutes: int = 0
    interpreter_teams: int | None = None
    max_parallel_open_sessions: int | None = None
    max_parallel_by_kind: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """The opening hours of one day: no session outside. Outside of `core` is allowed, but late or early."""

    day: date
    hours: Interval
    core: Interval | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A place. `parts` are the codes of the smallest rooms it occupies; a room without parts occupies itself.

    Outside its `open` times (if it has any) and during its `closed` times nothing may be in it or in a room joined
    from it.
    """

    code: str
    name: str
    capacity: int
    parts: frozenset[str] = frozenset()
    features: frozenset[str] = frozenset()
    distance_group: str = ""
    allows_parallel_use: bool = False
    breaks_only: bool = False
    closed: tuple[Interval, ...] = ()
    open: tuple[Interval, ...] = ()
    names: tuple[tuple[str, str], ...] = ()

    @property
    def occupies(self) -> frozenset[str]:
        """Codes that are taken while this room is in use."""
        return self.parts or frozenset({self.code})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who appears in person. `away` are the times they cannot."""

    code: str
    name: str
    away: tuple[Interval, ...] = ()
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation that hosts sessions. Its absences and overlaps count only with `single_team`."""

    code: str
    name: str
    single_team: bool = False
    away: tuple[Interval, ...] = ()
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """What has to be placed.

    `people` are those who must be there in person (recorded roles are left out by the reader).
    `seats_needed` is what the room must hold (expected attendance); `confirmed` counts places already given.
    `counts_as_parallel` says whether it counts against `Rules.max_parallel_open_sessions`.
    Sessions of one `track` want to stay in one room each day. `preferred_times` (the session lies in one of them) and
    `preferred_rooms` are wishes; empty means no wish.
    `capacity_cap` limits sign-ups below the room's seats: more seats than that serve nobody.
    `titles` (and `names` elsewhere) are (language, text) pairs, used where a sentence is written in that language.
    """

    code: str
    title: str
    duration: int
    kind: str = ""
    people: frozenset[str] = frozenset()
    bodies: tuple[str, ...] = ()
    required_features: frozenset[str] = frozenset()
    needs_interpreters: bool = False
    seats_needed: int = 0
    confirmed: int = 0
    is_break: bool = False
    counts_as_parallel: bool = True
    blocks_all: bool = False
    fixed_start: int | None = None
    fixed_room: str | None = None
    not_before: int | None = None
    not_after: int | None = None
    after: frozenset[str] = frozenset()
    not_parallel_with: frozenset[str] = frozenset()
    capacity_cap: int | None = None
    track: str = ""
    preferred_times: tuple[Interval, ...] = ()
    preferred_rooms: frozenset[str] = frozenset()
    titles: tuple[tuple[str, str], ...] = ()

    @property
    def seats(self) -> int:
        """Seats a room must have for this session: what is expected, or what is already promised if that is more."""
        return max(self.seats_needed, self.confirmed)


@dataclass(frozen=True, slots=True, order=True)
class Placement:
    """Where and when one session is; `end` is kept beside `start` so that a real plan may differ from the duration."""

    session: str
    start: int
    end: int
    room: str

    @property
    def interval(self) -> Interval:
        return Interval(self.start, self.end)


Timetable = tuple[Placement, ...]


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person's wishes: (session code, weight) pairs, heaviest first. Weight 1 is the least wish."""

    wishes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, order=True)
class Pin:
    """A decision about one session that the search must keep: its start, its room, or both."""

    session: str
    start: int | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each soft term costs (see `objective`). The two last count against a previous timetable only."""

    wish_clashes: int = 10
    unseated: int = 10
    empty_seats: int = 1
    off_half_hour: int = 20
    off_core_hours: int = 20
    off_preferred_times: int = 20
    off_preferred_rooms: int = 10
    track_rooms: int = 10
    person_gaps: int = 0
    day_imbalance: int = 0
    moved_times: int = 0
    moved_rooms: int = 0

    def total(self, terms: Mapping[str, int]) -> int:
        return sum(getattr(self, name) * value for name, value in terms.items())


class ProblemError(ValueError):
    """A record of a problem names what the problem does not have, or something is there twice.

    `code` is "unknown" (a code nobody has), "twice" (a code two have) or "no_zone"; `record` and `field` say where
    ("session T1", "after"), `named` the code in question. Whoever makes a problem has to leave out what names it.
    """

    def __init__(self, code: str, record: str, field_: str, named: str = "") -> None:
        super().__init__(f"{code}: {record}, {field_}: {named}")
        self.code, self.record, self.field, self.named = code, record, field_, named


@dataclass(frozen=True)
class Problem:
    """Everything that decides whether a timetable is right, and how good it is.

    The sessions of each `same_time` group start together, those of each `same_room` group share one room. A problem
    that names a code nobody has cannot be made: `ProblemError` says which. So nobody who reads one has to ask.
    """

    origin: datetime
    timezone: str
    rules: Rules
    windows: tuple[Window, ...]
    rooms: tuple[Room, ...]
    people: tuple[Person, ...]
    bodies: tuple[Body, ...]
    sessions: tuple[Session, ...]
    attendees: tuple[Attendee, ...] = field(default=())
    pins: tuple[Pin, ...] = ()
    same_time: tuple[frozenset[str], ...] = ()
    same_room: tuple[frozenset[str], ...] = ()
    weights: Weights = Weights()

    def __post_init__(self) -> None:
        if self.origin.tzinfo is None:
            raise ProblemError("no_zone", "problem", "origin")
        known = {
            "room": _unique("room", self.rooms),
            "person": _unique("person", self.people),
            "body": _unique("body", self.bodies),
            "session": _unique("session", self.sessions),
        }
        for what, record, field_, named in self._named():
            for code in named:
                if code not in known[what]:
                    raise ProblemError("unknown", record, field_, code)
        # There are far more wishes than of anything else: one look at all of them, and a second only to say whose.
        if not known["session"].issuperset({code for attendee in self.attendees for code, _ in attendee.wishes}):
            number, code = next(
                (number, code)
                for number, attendee in enumerate(self.attendees)
                for code, _ in attendee.wishes
                if code not in known["session"]
            )
            raise ProblemError("unknown", f"attendee {number}", "wishes", code)

    @property
    def open_hours(self) -> tuple[Interval, ...]:
        """When anything may run, in order of time: the opening hours of days that touch are one stretch."""
        found: list[Interval] = []
        for hours in sorted(window.hours for window in self.windows):
            if found and hours.start <= found[-1].end:
                found[-1] = Interval(found[-1].start, max(found[-1].end, hours.end))
            else:
                found.append(hours)
        return tuple(found)

    @property
    def step(self) -> int:
        """Minutes: every start there can be is a multiple of it. The grid binds what is neither fixed nor pinned."""
        fixed = (session.fixed_start for session in self.sessions)
        pinned = (pin.start for pin in self.pins)
        return gcd(self.rules.slot_minutes, *(start for start in (*fixed, *pinned) if start is not None))

    def _named(self) -> Iterator[tuple[str, str, str, Iterable[str]]]:
        """What is named, by whom, in which field, and the codes."""
        for room in self.rooms:
            yield "room", f"room {room.code}", "parts", room.parts
        for session in self.sessions:
            record = f"session {session.code}"
            yield "person", record, "people", session.people
            yield "body", record, "bodies", session.bodies
            yield "room", record, "fixed_room", () if session.fixed_room is None else (session.fixed_room,)
            yield "room", record, "preferred_rooms", session.preferred_rooms
            yield "session", record, "after", session.after
            yield "session", record, "not_parallel_with", session.not_parallel_with
        for pin in self.pins:
            yield "session", "pin", "session", (pin.session,)
            yield "room", f"pin {pin.session}", "room", () if pin.room is None else (pin.room,)
        for field_, groups in (("same_time", self.same_time), ("same_room", self.same_room)):
            for number, group in enumerate(groups):
                yield "session", f"group {number}", field_, group


def _unique(what: str, records: Iterable[Room | Person | Body | Session]) -> set[str]:
    """The codes; refuses one that two have."""
    seen: set[str] = set()
    for record in records:
        if record.code in seen:
            raise ProblemError("twice", f"{what} {record.code}", "code", record.code)
        seen.add(record.code)
    return seen


def only(problem: Problem, codes: Collection[str]) -> Problem:
    """The problem of these sessions alone, everything else as it is: what named one of the others names it no more.

    Groups keep their places, whoever is left in them.
    """
    kept = set(codes)
    return replace(
        problem,
        sessions=tuple(
            replace(session, after=session.after & kept, not_parallel_with=session.not_parallel_with & kept)
            for session in problem.sessions
            if session.code in kept
        ),
        attendees=tuple(
            Attendee(tuple(wish for wish in attendee.wishes if wish[0] in kept)) for attendee in problem.attendees
        ),
        pins=tuple(pin for pin in problem.pins if pin.session in kept),
        same_time=tuple(group & kept for group in problem.same_time),
        same_room=tuple(group & kept for group in problem.same_room),
    )
