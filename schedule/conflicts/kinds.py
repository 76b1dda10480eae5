"""What can be wrong with a timetable, and how much each kind of wrong matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Level(StrEnum):
    """How much a conflict matters: `block` stops a release, `warn` is shown, `ignore` is not looked at."""

    BLOCK = "block"
    WARN = "warn"
    IGNORE = "ignore"


class ConflictKind(StrEnum):
    """Every kind of conflict. The values are stored (dismissals, levels) and must never change."""

    ROOM_DOUBLE_USE = "room_double_use"
    ROOM_CHANGEOVER = "room_changeover"
    ROOM_TOO_SMALL_CONFIRMED = "room_too_small_confirmed"
    ROOM_TOO_SMALL_WANTED = "room_too_small_wanted"
    ROOM_CLOSED = "room_closed"
    ROOM_FEATURE_MISSING = "room_feature_missing"
    ROOM_BREAKS_ONLY = "room_breaks_only"
    PERSON_DOUBLE_BOOKED = "person_double_booked"
    PERSON_WALKING_TIME = "person_walking_time"
    PERSON_AWAY = "person_away"
    BODY_DOUBLE_BOOKED = "body_double_booked"
    BODY_AWAY = "body_away"
    INTERPRETERS_SHORT = "interpreters_short"
    TOO_MANY_PARALLEL = "too_many_parallel"
    KIND_TOO_PARALLEL = "kind_too_parallel"
    ORDER = "order"
    NOT_PARALLEL = "not_parallel"
    NOT_SAME_TIME = "not_same_time"
    NOT_SAME_ROOM = "not_same_room"
    BLOCKS_ALL = "blocks_all"
    OUTSIDE_HOURS = "outside_hours"
    OFF_GRID = "off_grid"
    FIXED_TIME = "fixed_time"
    FIXED_ROOM = "fixed_room"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    ATTENDEES_CLASH = "attendees_clash"
    UNPLACED = "unplaced"


ABOUT_ROOMS: Final = frozenset(
    {
        ConflictKind.ROOM_DOUBLE_USE,
        ConflictKind.ROOM_CHANGEOVER,
        ConflictKind.ROOM_TOO_SMALL_CONFIRMED,
        ConflictKind.ROOM_TOO_SMALL_WANTED,
        ConflictKind.ROOM_CLOSED,
        ConflictKind.ROOM_FEATURE_MISSING,
        ConflictKind.ROOM_BREAKS_ONLY,
    }
)
"""Kinds whose identity includes the room: the same trouble in another room is another conflict."""

WARNINGS: Final = frozenset(
    {
        ConflictKind.ROOM_TOO_SMALL_WANTED,
        ConflictKind.TOO_SHORT,
        ConflictKind.TOO_LONG,
        ConflictKind.ATTENDEES_CLASH,
        ConflictKind.UNPLACED,
    }
)
"""Kinds that warn unless a conference says otherwise; all others block a release."""

SET_KINDS: Final = frozenset(
    {
        ConflictKind.INTERPRETERS_SHORT,
        ConflictKind.TOO_MANY_PARALLEL,
        ConflictKind.KIND_TOO_PARALLEL,
        ConflictKind.NOT_SAME_TIME,
        ConflictKind.NOT_SAME_ROOM,
    }
)
"""Kinds found on sets of sessions: moving one session can change such a set among the sessions that stay."""

NO_RULES: Final = frozenset({ConflictKind.ATTENDEES_CLASH})
"""Kinds that the scheduler keeps as no rule: it weighs them, or does not know them."""

DEFAULT_LEVELS: Final[Mapping[ConflictKind, Level]] = MappingProxyType(
    {kind: Level.WARN if kind in WARNINGS else Level.BLOCK for kind in ConflictKind}
)


class Levels(Mapping[ConflictKind, Level]):
    """The level of every kind: the defaults with one conference's overrides.

    Overrides are plain strings or members (`{"attendees_clash": "ignore"}`), as they come from a JSON field.
    Raises ValueError for a kind or level that does not exist.
    """

    __slots__ = ("_levels",)

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        levels = dict(DEFAULT_LEVELS)
        for kind, level in (overrides or {}).items():
            levels[ConflictKind(kind)] = Level(level)
        self._levels = levels

    def __getitem__(self, kind: ConflictKind) -> Level:
        return self._levels[kind]

    def __iter__(self) -> Iterator[ConflictKind]:
        return iter(self._levels)

    def __len__(self) -> int:
        return len(self._levels)
