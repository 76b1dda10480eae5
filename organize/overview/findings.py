"""What is wrong with a programme, as the overview counts it.

To check a thousand sessions takes half a second, so it is kept as long as the programme and its timetables are what
they were, and a minute at most: people sign up meanwhile, which can make a room too small. The pages that show what
was counted look anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from journal.facts import Concern
from notifications.feeds.public_feeds import left_out
from organize.programme.conflict_rows import Checks, Subject, subject_key
from schedule.conflicts import ConflictKind, Level
from schedule.domain.published.programme import published
from schedule.domain.timetables.kept import Kept, kept_name
from schedule.domain.timetables.revision import state_of
from schedule.exchange.writers.printed.unshown import UnshownText, unshown
from schedule.models import Conference, Release

KEEP_SECONDS = 60
Value = TypeVar("Value")


@dataclass(frozen=True)
class ConflictCounts:
    """How much is wrong with one draft or release."""

    blocking: int
    unplaced: int
    warnings: int


class NotFoundYetError(Exception):
    """Nobody has looked since the programme changed, and this is not the page that waits for it."""


class OverviewFindings:
    """What was found in the present state of a conference. One query; what must be found anew costs its own.

    Where nothing is to be found `anew`, what is not kept raises `NotFoundYetError`.
    """

    def __init__(self, conference: Conference, *, anew: bool = True) -> None:
        self._conference, self._anew = conference, anew
        self._kept = Kept()
        # Asked before anything is read: what is committed meanwhile is looked at once more.
        self._state = state_of(conference, Concern.PROGRAMME, Concern.TIMETABLE)

    def conflicts(self, subjects: Sequence[Subject]) -> list[ConflictCounts]:
        """Of each of these drafts and releases. Anew: a problem's queries, and one for each of them."""
        name = ",".join(map(subject_key, subjects))
        return self._found(f"conflicts:{name}", lambda: self._count(subjects)) if subjects else []

    def left_out(self) -> list[tuple[str, str]]:
        """The codes of sessions that no calendar can hold, with the reason. Anew: seven queries."""
        return self._found("left-out", lambda: [(one.code, reason) for one, reason in left_out(self._conference)])

    def unshown(self, release: Release) -> list[UnshownText]:
        """Texts of a release that cannot be printed. Anew: six queries."""
        return self._found(f"unshown:{release.pk}", lambda: unshown(published(self._conference, release)))

    def _found(self, name: str, find: Callable[[], list[Value]]) -> list[Value]:
        key = kept_name(self._conference.pk, "found", name, self._state)
        known: list[Value] | None = self._kept.get(key, list)
        if known is None:
            if not self._anew:
                raise NotFoundYetError
            known = find()
            self._kept.put({key: known}, KEEP_SECONDS)
        return known

    def _count(self, subjects: Sequence[Subject]) -> list[ConflictCounts]:
        checks, counts = Checks(self._conference), []
        for subject in subjects:
            found = checks.of(subject)
            unplaced = sum(conflict.kind is ConflictKind.UNPLACED for conflict in found)
            blocking = sum(conflict.level is Level.BLOCK for conflict in found)
            counts.append(ConflictCounts(blocking, unplaced, len(found) - blocking - unplaced))
        return counts
