"""A conference of tracks as data: the instance that is read and the schedule that is sought.

Sessions are consecutive stretches of the conference, each with a number of time slots; a cell is one room during one
session and hosts at most one track. Indices count from 0 in the order of the instance. Clock times are minutes of
the day; penalties are whole numbers of 0 or more.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

Name = str | int
"""What a cell of the workbook calls something; a number stays a number, because it must be written back as one."""


@dataclass(frozen=True, slots=True)
class Track:
    """A set of submissions that belong together."""

    name: Name
    chairs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TracksSession:
    """A stretch of `slots` time slots, from `start` to `end` in minutes of the local day."""

    name: Name
    slots: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Submission:
    """One talk: `slots` consecutive slots in one cell of its track; `order` 0 means that it has none."""

    name: Name
    track: int
    slots: int
    order: int
    zone: int  # hours ahead of GMT
    presenters: tuple[str, ...]
    attendees: tuple[str, ...]
    session_penalties: tuple[int, ...]
    room_penalties: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SlotClock:
    """Which hours suit people far away; windows are (from, to) in minutes of their day."""

    zone: int  # hours ahead of GMT
    suitable: tuple[int, int]
    less_suitable: tuple[int, int]
    small_penalty: int
    large_penalty: int


@dataclass(frozen=True, slots=True)
class TracksWeights:
    """What a unit of each term costs, in the order of the workbook."""

    tracks_sessions: int
    tracks_rooms: int
    sessions_rooms: int
    similar_tracks: int
    rooms_per_track: int
    parallel_tracks: int
    consecutive_tracks: int
    submissions_timezones: int
    submissions_order: int
    submissions_sessions: int
    submissions_rooms: int
    presenters_sessions: int
    attendees_sessions: int
    chairs: int
    presenters_slots: int
    attendees_slots: int


TERMS = tuple(field.name for field in fields(TracksWeights))
"""The names of the terms of the objective."""

MULTI_SLOT = "multi_slot"
"""The further term, always of weight 1: submissions of several slots that are cut up."""


@dataclass(frozen=True, slots=True)
class TracksInstance:
    """Everything a workbook says. `similar` is symmetric with a zero diagonal."""

    tracks: tuple[Track, ...]
    sessions: tuple[TracksSession, ...]
    rooms: tuple[Name, ...]
    submissions: tuple[Submission, ...]
    tracks_sessions: tuple[tuple[int, ...], ...]
    tracks_rooms: tuple[tuple[int, ...], ...]
    sessions_rooms: tuple[tuple[int, ...], ...]
    similar: tuple[tuple[int, ...], ...]
    clock: SlotClock
    weights: TracksWeights


@dataclass(frozen=True, slots=True)
class Schedule:
    """A solution: the track of every cell [session][room] and the submission of every slot [session][room][slot]."""

    tracks: tuple[tuple[int | None, ...], ...]
    slots: tuple[tuple[tuple[int | None, ...], ...], ...]
