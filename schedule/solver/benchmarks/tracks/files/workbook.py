"""Read a CoSPLib workbook: nine sheets, described in docs/solver-tracks.md."""

from __future__ import annotations

from pathlib import Path

from schedule.solver.benchmarks.tracks.instance import (
    Name,
    SlotClock,
    Submission,
    Track,
    TracksInstance,
    TracksSession,
    TracksWeights,
)
from schedule.solver.errors import FormatError

from .grid import SheetGrid, load_grids

SHEETS = (
    "parameters",
    "submissions",
    "tracks",
    "sessions",
    "rooms",
    "tracks_sessions|penalty",
    "tracks_rooms|penalty",
    "similar tracks",
    "sessions_rooms|penalty",
)
FIRST_PENALTY = 8
"""The column of the first session in the sheet of submissions."""


def read(source: Path | str) -> TracksInstance:
    """Read a workbook. Raises FormatError naming sheet, cell and reason, and OSError for a missing file."""
    grids = load_grids(source)
    missing = [title for title in SHEETS if title not in grids]
    if missing:
        raise FormatError("file", "", f"has no sheet {missing[0]!r}")
    tracks, sessions, rooms = _tracks(grids["tracks"]), _sessions(grids["sessions"]), _rooms(grids["rooms"])
    track_index = {track.name: number for number, track in enumerate(tracks)}
    session_index = {session.name: number for number, session in enumerate(sessions)}
    room_index = {room: number for number, room in enumerate(rooms)}
    instance = TracksInstance(
        tracks=tracks,
        sessions=sessions,
        rooms=rooms,
        submissions=_submissions(grids["submissions"], track_index, session_index, room_index),
        tracks_sessions=grids["tracks_sessions|penalty"].table(track_index, session_index, ("track", "session")),
        tracks_rooms=grids["tracks_rooms|penalty"].table(track_index, room_index, ("track", "room")),
        sessions_rooms=grids["sessions_rooms|penalty"].table(session_index, room_index, ("session", "room")),
        similar=_similar(grids["similar tracks"], track_index),
        clock=_clock(grids["parameters"]),
        weights=_weights(grids["parameters"]),
    )
    _refuse_what_cannot_fit(instance, grids["submissions"])
    return instance


def _tracks(grid: SheetGrid) -> tuple[Track, ...]:
    return tuple(Track(name, grid.people(row, 2)) for row, name in enumerate(_listed(grid, "track"), start=2))


def _sessions(grid: SheetGrid) -> tuple[TracksSession, ...]:
    return tuple(
        TracksSession(name, grid.whole(row, 2, minimum=1), grid.minutes(row, 4), grid.minutes(row, 5))
        for row, name in enumerate(_listed(grid, "session"), start=2)
    )


def _rooms(grid: SheetGrid) -> tuple[Name, ...]:
    return tuple(_listed(grid, "room"))


def _listed(grid: SheetGrid, what: str) -> dict[Name, int]:
    names = grid.names_down(what)
    if not names:
        raise grid.fail(2, 1, f"there is no {what}")
    return names


def _submissions(
    grid: SheetGrid, tracks: dict[Name, int], sessions: dict[Name, int], rooms: dict[Name, int]
) -> tuple[Submission, ...]:
    first_room = FIRST_PENALTY + len(sessions)
    end = first_room + len(rooms)
    if grid.width >= end:
        row = next(row for row in range(1, grid.height + 1) if grid.value(row, grid.width) is not None)
        raise grid.fail(
            row, grid.width, f"there are {len(sessions)} sessions and {len(rooms)} rooms: nothing may follow"
        )
    session_columns = grid.match(
        grid.names_across(range(FIRST_PENALTY, first_room), "session"), sessions, "session", first=FIRST_PENALTY
    )
    room_columns = grid.match(grid.names_across(range(first_room, end), "room"), rooms, "room", first=first_room)
    found = []
    for row, name in enumerate(_listed(grid, "submission"), start=2):
        track = grid.name(row, 2, "track")
        if track not in tracks:
            raise grid.fail(row, 2, f"{track!r} is no track of the sheet 'tracks'")
        found.append(
            Submission(
                name=name,
                track=tracks[track],
                slots=grid.whole(row, 3, minimum=1),
                order=grid.whole(row, 4, empty=0),
                zone=grid.zone(row, 5),
                presenters=grid.people(row, 6),
                attendees=grid.people(row, 7),
                session_penalties=tuple(grid.whole(row, column, empty=0) for column in session_columns),
                room_penalties=tuple(grid.whole(row, column, empty=0) for column in room_columns),
            )
        )
    used = {submission.track for submission in found}
    for track, number in tracks.items():
        if number not in used:
            raise FormatError("sheet 'tracks'", f"cell A{number + 2}", f"the track {track!r} has no submission")
    return tuple(found)


def _similar(grid: SheetGrid, tracks: dict[Name, int]) -> tuple[tuple[int, ...], ...]:
    """Column k belongs to the track of row k, whatever its header says; only the upper triangle counts."""
    rows = grid.match(grid.names_down("track"), tracks, "track", down_the_sheet=True)
    if grid.width > len(tracks) + 1:
        raise grid.fail(1, grid.width, f"there are {len(tracks)} tracks: nothing may follow the column of the last")
    return tuple(tuple(0 if a == b else grid.whole(min(a, b), max(a, b), empty=0) for b in rows) for a in rows)


def _clock(grid: SheetGrid) -> SlotClock:
    return SlotClock(
        zone=grid.zone(2, 2),
        suitable=(grid.minutes(4, 2), grid.minutes(5, 2)),
        less_suitable=(grid.minutes(7, 2), grid.minutes(8, 2)),
        small_penalty=grid.whole(9, 2),
        large_penalty=grid.whole(11, 2),
    )


def _weights(grid: SheetGrid) -> TracksWeights:
    return TracksWeights(*(grid.whole(row, 5) for row in range(2, 18)))


def _refuse_what_cannot_fit(instance: TracksInstance, grid: SheetGrid) -> None:
    offered = sum(session.slots for session in instance.sessions) * len(instance.rooms)
    required = sum(submission.slots for submission in instance.submissions)
    if required > offered:
        raise FormatError(
            f"sheet {grid.title!r}", "column C", f"{required} slots are required, but sessions and rooms have {offered}"
        )
