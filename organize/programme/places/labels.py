"""What the rules that stand against a place are called: by the names that conflicts have."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from organize.programme.conflict_rows import KIND_NAMES
from schedule.conflicts import ConflictKind

_KINDS = {
    "hours": ConflictKind.OUTSIDE_HOURS,
    "grid": ConflictKind.OFF_GRID,
    "fixed_start": ConflictKind.FIXED_TIME,
    "not_before": ConflictKind.TOO_EARLY,
    "not_after": ConflictKind.TOO_LATE,
    "person_away": ConflictKind.PERSON_AWAY,
    "body_away": ConflictKind.BODY_AWAY,
    "fixed_room": ConflictKind.FIXED_ROOM,
    "room_feature": ConflictKind.ROOM_FEATURE_MISSING,
    "breaks_only": ConflictKind.ROOM_BREAKS_ONLY,
    "room_closed": ConflictKind.ROOM_CLOSED,
    "room_hours": ConflictKind.ROOM_CLOSED,
    "person_twice": ConflictKind.PERSON_DOUBLE_BOOKED,
    "body_twice": ConflictKind.BODY_DOUBLE_BOOKED,
    "not_parallel": ConflictKind.NOT_PARALLEL,
    "blocks_all": ConflictKind.BLOCKS_ALL,
    "order": ConflictKind.ORDER,
    "same_time": ConflictKind.NOT_SAME_TIME,
    "same_room": ConflictKind.NOT_SAME_ROOM,
    "interpreters": ConflictKind.INTERPRETERS_SHORT,
    "max_parallel": ConflictKind.TOO_MANY_PARALLEL,
    "kind_parallel": ConflictKind.KIND_TOO_PARALLEL,
}
# Where a conflict says more than a cell has room for, or there is none of the kind.
_OWN = {
    "room_double": gettext_lazy("Taken"),
    "room_too_small": gettext_lazy("Too small"),
    "pinned": gettext_lazy("Kept elsewhere"),
}


def rule_name(rule: str) -> str:
    """A rule of `schedule.solver.verify` in the language of the page."""
    return str(_OWN.get(rule) or KIND_NAMES[_KINDS[rule]])
