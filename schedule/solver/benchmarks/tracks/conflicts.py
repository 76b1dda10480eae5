"""Who must not be in two places: the conflicts of submissions and of tracks, for the search and its model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from itertools import combinations, product

from .instance import TracksInstance

Pair = tuple[int, int]
"""Two indices, the smaller first."""


def _groups(lists: Iterable[Iterable[str]]) -> Mapping[str, set[int]]:
    """person -> the indices of the lists that name them."""
    found: dict[str, set[int]] = defaultdict(set)
    for index, people in enumerate(lists):
        for person in people:
            found[person].add(index)
    return found


def _within(groups: Mapping[str, Set[int]]) -> set[Pair]:
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}


def _between(groups: Mapping[str, Set[int]], others: Mapping[str, Set[int]]) -> set[Pair]:
    return {
        (min(i, j), max(i, j))
        for person, group in groups.items()
        for i, j in product(group, others.get(person, frozenset()))
        if i != j
    }


def _chaired(instance: TracksInstance) -> dict[str, set[int]]:
    """person -> the submissions of the tracks that they chair."""
    members: dict[int, list[int]] = defaultdict(list)
    for index, submission in enumerate(instance.submissions):
        members[submission.track].append(index)
    found: dict[str, set[int]] = defaultdict(set)
    for number, track in enumerate(instance.tracks):
        for person in track.chairs:
            found[person].update(members[number])
    return found


def _of_different_tracks(instance: TracksInstance, pairs: set[Pair]) -> set[Pair]:
    track = [submission.track for submission in instance.submissions]
    return {(i, j) for i, j in pairs if track[i] != track[j]}


def presenter_conflicts(instance: TracksInstance) -> set[Pair]:
    """Submissions with a common presenter, or of which one is presented by a chair of the other's track."""
    presenters = _groups(submission.presenters for submission in instance.submissions)
    return _within(presenters) | _of_different_tracks(instance, _between(presenters, _chaired(instance)))


def attendee_conflicts(instance: TracksInstance) -> set[Pair]:
    """Submissions that somebody attends and also attends, presents or (another track) chairs."""
    attendees = _groups(submission.attendees for submission in instance.submissions)
    presenters = _groups(submission.presenters for submission in instance.submissions)
    elsewhere = _of_different_tracks(instance, _between(attendees, _chaired(instance)))
    return _within(attendees) | _between(attendees, presenters) | elsewhere


def chair_conflicts(instance: TracksInstance) -> set[Pair]:
    """Tracks with a common chair."""
    return _within(_groups(track.chairs for track in instance.tracks))


def weighted(pairs: Iterable[tuple[set[Pair], int]]) -> dict[Pair, int]:
    """The sum of the weights of every pair; pairs of no weight are left out."""
    found: dict[Pair, int] = defaultdict(int)
    for conflicts, weight in pairs:
        for pair in conflicts:
            if weight:
                found[pair] += weight
    return dict(sorted(found.items()))


def session_conflicts(instance: TracksInstance) -> dict[Pair, int]:
    """Pairs of submissions -> the cost of having them in one session in different rooms."""
    weights = instance.weights
    return weighted(
        [
            (presenter_conflicts(instance), weights.presenters_sessions),
            (attendee_conflicts(instance), weights.attendees_sessions),
        ]
    )


def slot_conflicts(instance: TracksInstance) -> dict[Pair, int]:
    """Pairs of submissions -> the cost of every slot that they share."""
    weights = instance.weights
    return weighted(
        [
            (presenter_conflicts(instance), weights.presenters_slots),
            (attendee_conflicts(instance), weights.attendees_slots),
        ]
    )


def track_conflicts(instance: TracksInstance) -> dict[Pair, int]:
    """Pairs of tracks -> the cost of every two rooms of a session that host them."""
    similar = {
        (a, b): instance.weights.similar_tracks * instance.similar[a][b]
        for a, b in combinations(range(len(instance.tracks)), 2)
    }
    chairs = chair_conflicts(instance)
    found = {pair: cost + instance.weights.chairs * (pair in chairs) for pair, cost in similar.items()}
    return {pair: cost for pair, cost in found.items() if cost}
