"""Is a timetable right, and what does it cost? A plain reading of the rules that shares no code with the search.

The counts are those of the competitions' official validators, also where these are odd (see `_unsuitable_rooms`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from .instance import UNPLACED, EnrolmentInstance, EnrolmentKind, Solution

Fault = dict[str, object]
"""One broken rule as a flat record: "rule", the events at fault, and where."""


@dataclass(frozen=True, slots=True)
class EnrolmentReport:
    """What a timetable is worth.

    `violations` counts broken hard rules by name (all zero: `valid`), `terms` the soft cost by name. `distance` is the
    number of attendees of unplaced events. `objective` is the sum of the optimised terms, whatever the validity.
    """

    violations: dict[str, int]
    unplaced: int
    distance: int
    terms: dict[str, int]
    objective: int

    @property
    def valid(self) -> bool:
        """No hard rule is broken among the placed events."""
        return not any(self.violations.values())

    @property
    def feasible(self) -> bool:
        """Valid, and every event is placed."""
        return self.valid and not self.unplaced

    @property
    def all_terms(self) -> dict[str, int]:
        """The terms, and how far an incomplete timetable is from complete."""
        missing = {"unplaced_events": self.unplaced, "distance_to_feasibility": self.distance}
        return self.terms | (missing if self.unplaced else {})


def check(instance: EnrolmentInstance, solution: Solution) -> EnrolmentReport:
    """Count every broken rule and every term of the cost."""
    slot, room = solution.slot.tolist(), solution.room.tolist()
    placed = [event for event in range(instance.events) if slot[event] != UNPLACED]
    size = Counter(event for row in instance.attended for event in row)
    violations: dict[str, int] = {
        "room_clashes": _pairs_in_one_cell((slot[event], room[event]) for event in placed),
        "ordering": sum(
            slot[earlier] >= slot[later]
            for earlier, later in instance.precedences
            if UNPLACED not in {slot[earlier], slot[later]}
        ),
        "unsuitable_slots": sum(not instance.available[event, slot[event]] for event in placed),
        "unsuitable_rooms": sum(_unsuitable_room(instance, event, room[event], size[event]) for event in placed),
    }
    at_once = [Counter(slot[event] for event in row if slot[event] != UNPLACED) for row in instance.attended]
    pairs = sum(n * (n - 1) // 2 for counts in at_once for n in counts.values())
    if instance.kind is EnrolmentKind.PREFERENCES:
        speakers = instance.speaker.tolist() if instance.speaker is not None else []
        violations["speaker_clashes"] = _pairs_in_one_cell((slot[event], speakers[event]) for event in placed)
        lost = sum(n - 1 for counts in at_once for n in counts.values())
        terms, objective = {"pair_conflicts": pairs, "lost_preferences": lost}, pairs
    else:
        violations["student_clashes"] = pairs
        terms = _week(instance, at_once)
        objective = sum(terms.values())
    return EnrolmentReport(
        violations=violations,
        unplaced=instance.events - len(placed),
        distance=sum(size[event] for event in range(instance.events) if slot[event] == UNPLACED),
        terms=terms,
        objective=objective,
    )


def _pairs_in_one_cell(cells: Iterator[tuple[int, int]]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(cells).values())


def _unsuitable_room(instance: EnrolmentInstance, event: int, room: int, size: int) -> int:
    """0 if the room will do.

    The validator of 2007 does not count rooms: it adds the number of features for a room that is too small, and
    otherwise that number less the index of the first missing one.
    """
    if room == UNPLACED:
        return 1
    if instance.kind is EnrolmentKind.PREFERENCES:
        return int(not instance.suitable[event, room])
    features = int(instance.event_features.shape[1])
    missing = [f for f in range(features) if instance.event_features[event, f] and not instance.room_features[room, f]]
    too_small = instance.capacity[room] < size
    if instance.kind is EnrolmentKind.ITC2002:
        return int(too_small or bool(missing))
    if too_small:
        return max(1, features)
    return features - missing[0] if missing else 0


def _week(instance: EnrolmentInstance, at_once: list[Counter[int]]) -> dict[str, int]:
    """The three terms of the competitions, each summed over students and days."""
    terms = {"last_slot": 0, "more_than_two_in_a_row": 0, "single_event": 0}
    length = instance.slots_per_day
    for counts in at_once:
        hours: defaultdict[int, set[int]] = defaultdict(set)
        for slot in counts:
            hours[slot // length].add(slot % length)
        for busy in hours.values():
            terms["last_slot"] += length - 1 in busy
            terms["more_than_two_in_a_row"] += sum({h - 1, h - 2} <= busy for h in busy)
            terms["single_event"] += len(busy) == 1
    return terms


def faults(instance: EnrolmentInstance, solution: Solution) -> tuple[Fault, ...]:
    """Every broken rule by itself, unplaced events among them; empty for a complete and right timetable."""
    return tuple(_faults_of_events(instance, solution)) + tuple(_faults_of_pairs(instance, solution))


def _faults_of_events(instance: EnrolmentInstance, solution: Solution) -> Iterator[Fault]:
    size = Counter(event for row in instance.attended for event in row)
    for event, (slot, room) in enumerate(zip(solution.slot.tolist(), solution.room.tolist(), strict=True)):
        if slot == UNPLACED:
            yield {"rule": "unplaced", "events": [event]}
            continue
        if not instance.available[event, slot]:
            yield {"rule": "unsuitable_slot", "events": [event], "slot": slot}
        if _unsuitable_room(instance, event, room, size[event]):
            yield {"rule": "unsuitable_room", "events": [event], "room": room}
    for earlier, later in instance.precedences:
        slots = [int(solution.slot[earlier]), int(solution.slot[later])]
        if UNPLACED not in slots and slots[0] >= slots[1]:
            yield {"rule": "ordering", "events": [earlier, later], "slots": slots}


def _faults_of_pairs(instance: EnrolmentInstance, solution: Solution) -> Iterator[Fault]:
    slot, room = solution.slot.tolist(), solution.room.tolist()
    placed = [event for event in range(instance.events) if slot[event] != UNPLACED]
    for first, second in combinations(placed, 2):
        if slot[first] != slot[second]:
            continue
        where: Fault = {"events": [first, second], "slot": slot[first]}
        if room[first] == room[second]:
            yield {"rule": "room_clash", **where, "room": room[first]}
        if instance.kind is not EnrolmentKind.PREFERENCES:
            students = int((instance.attendance[:, first] & instance.attendance[:, second]).sum())
            if students:
                yield {"rule": "student_clash", **where, "students": students}
        elif instance.speaker is not None and instance.speaker[first] == instance.speaker[second]:
            yield {"rule": "speaker_clash", **where, "speaker": int(instance.speaker[first])}
