"""What a schedule costs and what is wrong with it: a plain reading of the definitions, for any schedule at all.

Shares nothing with the search but the instance. The definitions, with every point where two readings are possible,
are in docs/solver-tracks.md; they are those of the CoSPLib project's own checker, except that a submission in a cell
without a track is wrong here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from .instance import MULTI_SLOT, TERMS, Schedule, Submission, TracksInstance

DAY = 24 * 60
SPLIT_OVER_CELLS = 10**7
"""For every cell that has a part of a submission of several slots."""
TORN = 10**9
"""For a submission of several slots with a hole between them; for the whole term if one is nowhere."""


@dataclass(frozen=True, slots=True)
class TracksReport:
    """The judgement on one schedule.

    `terms` are plain counts, `objective` is their weighted sum plus the multi-slot term. A schedule is `acceptable`
    if every submission has all its slots (`feasible`), in cells of its track (`valid`), in one piece.
    """

    feasible: bool
    valid: bool
    objective: int
    terms: dict[str, int]
    violations: tuple[dict[str, object], ...]

    @property
    def acceptable(self) -> bool:
        return not self.violations


def check(instance: TracksInstance, schedule: Schedule) -> TracksReport:
    """Judge `schedule`, which must have the shape of the instance (ValueError if not)."""
    _refuse_other_shape(instance, schedule)
    terms = {name: _TERMS[name](instance, schedule) for name in TERMS}
    terms[MULTI_SLOT] = _multi_slot(instance, schedule)
    objective = terms[MULTI_SLOT] + sum(getattr(instance.weights, name) * terms[name] for name in TERMS)
    incomplete = list(_incomplete(instance, schedule))
    misplaced = list(_misplaced(instance, schedule))
    torn = [_fault("in one piece", instance, i, "its slots do not follow each other") for i in _torn(schedule)]
    return TracksReport(
        feasible=not incomplete,
        valid=not misplaced,
        objective=objective,
        terms=terms,
        violations=(*incomplete, *misplaced, *torn),
    )


def _refuse_other_shape(instance: TracksInstance, schedule: Schedule) -> None:
    sessions, rooms = len(instance.sessions), len(instance.rooms)
    cells = [len(row) for row in (*schedule.tracks, *schedule.slots)]
    lengths = [[len(cell) for cell in row] for row in schedule.slots]
    if cells != [rooms] * (2 * sessions) or lengths != [[s.slots] * rooms for s in instance.sessions]:
        raise ValueError("the schedule is of another shape than the instance")


# What every schedule must do


def _fault(rule: str, instance: TracksInstance, i: int, detail: str) -> dict[str, object]:
    return {"rule": rule, "submission": instance.submissions[i].name, "detail": detail}


def _incomplete(instance: TracksInstance, schedule: Schedule) -> Iterator[dict[str, object]]:
    placed = Counter(i for _, _, _, i in _occupied(schedule))
    for i, submission in enumerate(instance.submissions):
        if placed[i] != submission.slots:
            yield _fault("all slots", instance, i, f"has {placed[i]} slots instead of {submission.slots}")


def _misplaced(instance: TracksInstance, schedule: Schedule) -> Iterator[dict[str, object]]:
    for s, r, k, i in _occupied(schedule):
        host = schedule.tracks[s][r]
        if host != instance.submissions[i].track:
            place = f"session {instance.sessions[s].name!r}, room {instance.rooms[r]!r}, slot {k + 1}"
            belongs = "no track" if host is None else f"the track {instance.tracks[host].name!r}"
            yield _fault("own track", instance, i, f"stands in {place}, which has {belongs}")


def _torn(schedule: Schedule) -> Iterator[int]:
    places: dict[int, list[tuple[int, int, int]]] = {}
    for s, r, k, i in _occupied(schedule):
        places.setdefault(i, []).append((s, r, k))
    for i, found in sorted(places.items()):
        s, r, k = found[0]
        if found != [(s, r, k + n) for n in range(len(found))]:
            yield i


def _occupied(schedule: Schedule) -> Iterator[tuple[int, int, int, int]]:
    """(session, room, slot, submission) in the order of sessions, rooms and slots."""
    for s, rooms in enumerate(schedule.slots):
        for r, slots in enumerate(rooms):
            for k, i in enumerate(slots):
                if i is not None:
                    yield s, r, k, i


def _cells(schedule: Schedule) -> Iterator[tuple[int, int, int]]:
    """(session, room, track) of the cells that have one."""
    for s, rooms in enumerate(schedule.tracks):
        for r, track in enumerate(rooms):
            if track is not None:
                yield s, r, track


# Terms of tracks


def _tracks_sessions(instance: TracksInstance, schedule: Schedule) -> int:
    return sum(instance.tracks_sessions[track][s] for s, _, track in _cells(schedule))


def _tracks_rooms(instance: TracksInstance, schedule: Schedule) -> int:
    return sum(instance.tracks_rooms[track][r] for _, r, track in _cells(schedule))


def _sessions_rooms(instance: TracksInstance, schedule: Schedule) -> int:
    return sum(instance.sessions_rooms[s][r] for s, r, _ in _cells(schedule))


def _pairs_of_hosts(schedule: Schedule) -> Iterator[tuple[int, int]]:
    """The tracks of every two rooms of a session that host different ones."""
    for rooms in schedule.tracks:
        for a, b in combinations([track for track in rooms if track is not None], 2):
            if a != b:
                yield a, b


def _similar_tracks(instance: TracksInstance, schedule: Schedule) -> int:
    return sum(instance.similar[a][b] for a, b in _pairs_of_hosts(schedule))


def _chairs(instance: TracksInstance, schedule: Schedule) -> int:
    chairs = [set(track.chairs) for track in instance.tracks]
    return sum(not chairs[a].isdisjoint(chairs[b]) for a, b in _pairs_of_hosts(schedule))


def _rooms_per_track(_: TracksInstance, schedule: Schedule) -> int:
    used = {(track, r) for _s, r, track in _cells(schedule)}
    return len(used) - len({track for track, _r in used})


def _parallel_tracks(_: TracksInstance, schedule: Schedule) -> int:
    return sum(count - 1 for count in Counter((s, track) for s, _r, track in _cells(schedule)).values())


def _consecutive_tracks(_: TracksInstance, schedule: Schedule) -> int:
    sessions: dict[int, set[int]] = {}
    for s, _r, track in _cells(schedule):
        sessions.setdefault(track, set()).add(s)
    return sum(max(used) - min(used) + 1 != len(used) for used in sessions.values())


# Terms of submissions


def _submissions_timezones(instance: TracksInstance, schedule: Schedule) -> int:
    return sum(_timezone(instance, instance.submissions[i], s) for s, _, _, i in _occupied(schedule))


def _timezone(instance: TracksInstance, submission: Submission, s: int) -> int:
    """What the hour of session s costs where the submission's people are. Dates are not looked at."""
    clock, session = instance.clock, instance.sessions[s]
    ahead = 60 * (submission.zone - clock.zone)
    start, end = (session.start + ahead) % DAY, (session.end + ahead) % DAY
    less_from, less_to = clock.less_suitable
    suitable_from, suitable_to = clock.suitable
    if start < less_from or end > less_to or end < less_from:
        return clock.large_penalty
    if start < suitable_from or end > suitable_to:
        return clock.small_penalty
    return 0


def _submissions_sessions(instance: TracksInstance, schedule: Schedule) -> int:
    return sum(instance.submissions[i].session_penalties[s] for s, _, _, i in _occupied(schedule))


def _submissions_rooms(instance: TracksInstance, schedule: Schedule) -> int:
    return sum(instance.submissions[i].room_penalties[r] for _, r, _, i in _occupied(schedule))


def _submissions_order(instance: TracksInstance, schedule: Schedule) -> int:
    return _out_of_turn(instance, schedule) + _ordered_in_parallel(instance, schedule)


def _out_of_turn(instance: TracksInstance, schedule: Schedule) -> int:
    """Submissions whose order is not their place in the sequence of their cells' track."""
    sequences: dict[int, dict[int, None]] = {}
    for s, r, _k, i in _occupied(schedule):
        host = schedule.tracks[s][r]
        if host is not None:
            sequences.setdefault(host, {}).setdefault(i)
    return sum(
        instance.submissions[i].order not in {0, place}
        for sequence in sequences.values()
        for place, i in enumerate(sequence, start=1)
    )


def _ordered_in_parallel(instance: TracksInstance, schedule: Schedule) -> int:
    """Pairs of ordered submissions of one track in the same slot, in cells that have a track."""
    ordered: dict[tuple[int, int, int], set[int]] = {}
    for s, r, k, i in _occupied(schedule):
        submission = instance.submissions[i]
        if schedule.tracks[s][r] is not None and submission.order:
            ordered.setdefault((s, k, submission.track), set()).add(i)
    return sum(len(group) * (len(group) - 1) // 2 for group in ordered.values())


Conflict = Callable[[TracksInstance, Submission, Submission], bool]


def _presenters_conflict(instance: TracksInstance, one: Submission, other: Submission) -> bool:
    """They share a presenter, or a presenter of one chairs the other's track."""
    a, b = set(one.presenters), set(other.presenters)
    return bool(a & b) or (one.track != other.track and _chairs_other(instance, one, a, other, b))


def _attendees_conflict(instance: TracksInstance, one: Submission, other: Submission) -> bool:
    """They share an attendee, or an attendee of one presents the other or chairs the other's track."""
    a, b = set(one.attendees), set(other.attendees)
    if a & b or a & set(other.presenters) or b & set(one.presenters):
        return True
    return one.track != other.track and _chairs_other(instance, one, a, other, b)


def _chairs_other(instance: TracksInstance, one: Submission, a: set[str], other: Submission, b: set[str]) -> bool:
    return bool(
        a.intersection(instance.tracks[other.track].chairs) or b.intersection(instance.tracks[one.track].chairs)
    )


def _session_level(instance: TracksInstance, schedule: Schedule, conflict: Conflict) -> int:
    """Pairs in one session, in different rooms; a submission counts once in a room."""
    entries: dict[int, set[tuple[int, int]]] = {}
    for s, r, _k, i in _occupied(schedule):
        entries.setdefault(s, set()).add((r, i))
    known = _Known(instance, conflict)
    return sum(known(i, j) for group in entries.values() for (p, i), (q, j) in combinations(sorted(group), 2) if p != q)


def _slot_level(instance: TracksInstance, schedule: Schedule, conflict: Conflict) -> int:
    """Pairs in one slot, in whatever rooms."""
    present: dict[tuple[int, int], set[int]] = {}
    for s, _r, k, i in _occupied(schedule):
        present.setdefault((s, k), set()).add(i)
    known = _Known(instance, conflict)
    return sum(known(i, j) for group in present.values() for i, j in combinations(sorted(group), 2))


class _Known:
    """A conflict relation that is worked out once for every pair; nothing conflicts with itself."""

    def __init__(self, instance: TracksInstance, conflict: Conflict) -> None:
        self._instance = instance
        self._conflict = conflict
        self._found: dict[tuple[int, int], bool] = {}

    def __call__(self, i: int, j: int) -> bool:
        if i == j:
            return False
        pair = (i, j) if i < j else (j, i)
        if pair not in self._found:
            one, other = (self._instance.submissions[number] for number in pair)
            self._found[pair] = self._conflict(self._instance, one, other)
        return self._found[pair]


def _presenters_sessions(instance: TracksInstance, schedule: Schedule) -> int:
    return _session_level(instance, schedule, _presenters_conflict)


def _attendees_sessions(instance: TracksInstance, schedule: Schedule) -> int:
    return _session_level(instance, schedule, _attendees_conflict)


def _presenters_slots(instance: TracksInstance, schedule: Schedule) -> int:
    return _slot_level(instance, schedule, _presenters_conflict)


def _attendees_slots(instance: TracksInstance, schedule: Schedule) -> int:
    return _slot_level(instance, schedule, _attendees_conflict)


def _multi_slot(instance: TracksInstance, schedule: Schedule) -> int:
    places: dict[int, list[tuple[int, int, int]]] = {}
    for s, r, k, i in _occupied(schedule):
        places.setdefault(i, []).append((s, r, k))
    total = 0
    for i, submission in enumerate(instance.submissions):
        if submission.slots == 1:
            continue
        if i not in places:
            return TORN
        cells = Counter((s, r) for s, r, _ in places[i])
        total += SPLIT_OVER_CELLS * sum(count != submission.slots for count in cells.values())
        slots = [k for _, _, k in places[i]]
        if sum(slots) != sum(range(slots[0], slots[-1] + 1)):
            total += TORN
    return total


_TERMS: dict[str, Callable[[TracksInstance, Schedule], int]] = {
    "tracks_sessions": _tracks_sessions,
    "tracks_rooms": _tracks_rooms,
    "sessions_rooms": _sessions_rooms,
    "similar_tracks": _similar_tracks,
    "rooms_per_track": _rooms_per_track,
    "parallel_tracks": _parallel_tracks,
    "consecutive_tracks": _consecutive_tracks,
    "submissions_timezones": _submissions_timezones,
    "submissions_order": _submissions_order,
    "submissions_sessions": _submissions_sessions,
    "submissions_rooms": _submissions_rooms,
    "presenters_sessions": _presenters_sessions,
    "attendees_sessions": _attendees_sessions,
    "chairs": _chairs,
    "presenters_slots": _presenters_slots,
    "attendees_slots": _attendees_slots,
}
