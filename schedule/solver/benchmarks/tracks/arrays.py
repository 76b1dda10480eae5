"""An instance and its schedules as the arrays that the compiled search works on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from schedule.solver.benchmarks.tracks.annealing.kernel import (
    CELL,
    FILLED,
    FIRST,
    HEAD,
    HOST,
    OUT_OF_TURN,
    PARALLEL,
    POSITIONS,
    ROOM_CHANGE,
    ROOMS,
    SLOTS,
    SPACE,
    SUB_COSTS,
    TORN,
    TRACK,
    TRACK_COSTS,
    Ints,
    TracksData,
    TracksState,
)

from .conflicts import Pair, session_conflicts, slot_conflicts, track_conflicts
from .instance import Schedule, TracksInstance

Contents = dict[int, list[int]]
"""cell (session * rooms + room) -> the submissions in it, in the order of their slots."""

DAY = 24 * 60


def session_costs(instance: TracksInstance) -> Ints:
    """[submission, session] what its slots cost there: penalties and hours of the day, weighted."""
    clock, weights = instance.clock, instance.weights
    zones = np.array([submission.zone for submission in instance.submissions], np.int64)
    ahead = 60 * (zones[:, None] - clock.zone)
    start = (np.array([session.start for session in instance.sessions])[None, :] + ahead) % DAY
    end = (np.array([session.end for session in instance.sessions])[None, :] + ahead) % DAY
    large = (start < clock.less_suitable[0]) | (end > clock.less_suitable[1]) | (end < clock.less_suitable[0])
    small = (start < clock.suitable[0]) | (end > clock.suitable[1])
    hours = np.where(large, clock.large_penalty, np.where(small, clock.small_penalty, 0))
    penalties = np.array([submission.session_penalties for submission in instance.submissions], np.int64)
    return _per_slot(instance, weights.submissions_timezones * hours + weights.submissions_sessions * penalties)


def room_costs(instance: TracksInstance) -> Ints:
    """[submission, room] what its slots cost there, weighted."""
    penalties = np.array([submission.room_penalties for submission in instance.submissions], np.int64)
    return _per_slot(instance, instance.weights.submissions_rooms * penalties)


def _per_slot(instance: TracksInstance, costs: Ints) -> Ints:
    slots = np.array([submission.slots for submission in instance.submissions], np.int64)
    return np.ascontiguousarray(slots[:, None] * costs, np.int64)


def cell_costs(instance: TracksInstance) -> Ints:
    """[track, session, room] what a cell costs that hosts the track, weighted."""
    weights = instance.weights
    sessions = weights.tracks_sessions * np.array(instance.tracks_sessions, np.int64)
    rooms = weights.tracks_rooms * np.array(instance.tracks_rooms, np.int64)
    both = weights.sessions_rooms * np.array(instance.sessions_rooms, np.int64)
    return np.ascontiguousarray(sessions[:, :, None] + rooms[:, None, :] + both[None, :, :])


def data_of(instance: TracksInstance) -> TracksData:
    """The instance as arrays."""
    weights, submissions = instance.weights, instance.submissions
    tracks, count = len(instance.tracks), len(submissions)
    pair_cost = np.zeros((tracks, tracks), np.int64)
    for (a, b), cost in track_conflicts(instance).items():
        pair_cost[a, b] = pair_cost[b, a] = cost
    slot_level = slot_conflicts(instance)
    lists = [*_neighbours(count, session_conflicts(instance)), *_neighbours(count, slot_level)]
    lists.extend([(i, 0) for i, one in enumerate(submissions) if one.track == track] for track in range(tracks))
    ends = np.cumsum([0, *map(len, lists)])
    near, close, members = (slice(n, n + m) for n, m in ((0, count), (count, count), (2 * count, tracks)))
    head = [0] * len(HEAD)
    head[ROOMS] = len(instance.rooms)
    head[ROOM_CHANGE], head[PARALLEL] = weights.rooms_per_track, weights.parallel_tracks
    head[TORN] = weights.consecutive_tracks
    head[OUT_OF_TURN] = weights.submissions_order if any(submission.order for submission in submissions) else 0
    head[POSITIONS] = bool(head[OUT_OF_TURN] or slot_level)
    columns = [
        *zip(*((submission.slots, submission.track, submission.order) for submission in submissions), strict=True),
        ends[:-1][near],
        ends[1:][near],
        ends[:-1][close],
        ends[1:][close],
        *session_costs(instance).T,
        *room_costs(instance).T,
    ]
    track_columns = [
        ends[:-1][members],
        ends[1:][members],
        *cell_costs(instance).reshape(tracks, -1).T,
        *pair_cost,
    ]
    return TracksData(
        head=np.array(head, np.int64),
        subs=np.array(columns, np.int64).T.copy(),
        tracks=np.array(track_columns, np.int64).T.copy(),
        sessions=np.array([session.slots for session in instance.sessions], np.int64),
        lists=np.array([entry for entries in lists for entry in entries], np.int64).T.copy(),
    )


def _neighbours(size: int, pairs: dict[Pair, int]) -> list[list[tuple[int, int]]]:
    """For every submission those that it conflicts with, and the costs."""
    lists: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for (i, j), cost in pairs.items():
        lists[i].append((j, cost))
        lists[j].append((i, cost))
    return lists


def floor(data: TracksData) -> int:
    """A bound without search: every submission where it costs least, and every track alone in its cheapest cell."""
    sessions, rooms = len(data.sessions), int(data.head[ROOMS])
    in_session = data.subs[:, SUB_COSTS : SUB_COSTS + sessions].min(axis=1)
    in_room = data.subs[:, SUB_COSTS + sessions :].min(axis=1)
    cells = data.tracks[:, TRACK_COSTS : TRACK_COSTS + sessions * rooms].min(axis=1)
    return int(in_session.sum() + in_room.sum() + cells.sum())


def contents_of(schedule: Schedule) -> Contents:
    """What is in the cells of a schedule in which every submission is in one piece."""
    rows = [slots for session in schedule.slots for slots in session]
    found = {cell: list(dict.fromkeys(i for i in slots if i is not None)) for cell, slots in enumerate(rows)}
    return {cell: submissions for cell, submissions in found.items() if submissions}


def state_of(data: TracksData, contents: Contents) -> TracksState:
    """The state with these contents, without empty slots before submissions."""
    sessions, rooms = len(data.sessions), int(data.head[ROOMS])
    state = TracksState(
        subs=np.zeros((len(data.subs), 3), np.int64),
        items=np.full((sessions * rooms, int(data.sessions.max(initial=0))), -1, np.int64),
        cells=np.zeros((sessions * rooms, 3), np.int64),
        uses=np.zeros((len(data.tracks), sessions + rooms), np.int64),
    )
    state.cells[:, HOST] = -1
    for cell, submissions in contents.items():
        track = data.subs[submissions[0], TRACK]
        lengths = data.subs[submissions, SLOTS]
        state.items[cell, : len(submissions)] = submissions
        state.cells[cell] = track, len(submissions), lengths.sum()
        state.subs[submissions, CELL] = cell
        state.subs[submissions, FIRST] = np.cumsum(lengths) - lengths
        state.uses[track, [cell // rooms, sessions + cell % rooms]] += 1
    return state


def schedule_of(instance: TracksInstance, state: TracksState) -> Schedule:
    """The schedule of a state; cells without submissions have no track."""
    rooms = len(instance.rooms)
    tracks: list[list[int | None]] = [[None] * rooms for _ in instance.sessions]
    cells: list[list[list[int | None]]] = [
        [[None] * session.slots for _ in range(rooms)] for session in instance.sessions
    ]
    for cell, filled in enumerate(state.cells[:, FILLED]):
        s, r = divmod(cell, rooms)
        slot = 0
        for i in map(int, state.items[cell, :filled]):
            slot += int(state.subs[i, SPACE])
            length = instance.submissions[i].slots
            cells[s][r][slot : slot + length] = [i] * length
            slot += length
            tracks[s][r] = instance.submissions[i].track
    return Schedule(_frozen(tracks), tuple(_frozen(row) for row in cells))


def _frozen(rows: Iterable[Iterable[int | None]]) -> tuple[tuple[int | None, ...], ...]:
    return tuple(tuple(row) for row in rows)
