"""What happens to drafts and searches. Nothing of it is public before a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from journal.facts import Concern, Fact, Names, Sentence
from schedule.facts.things import CONFERENCE, DRAFT, REPAIR, ROOM, SEARCH, SESSION

TIMETABLE = Concern.TIMETABLE


@dataclass(frozen=True, kw_only=True)
class DraftCreated(Fact, verb="draft.created", subject=DRAFT, concerns=TIMETABLE):
    """A timetable to work on, by hand or from a search."""

    sentence = _("Draft “%(draft)s” made")


@dataclass(frozen=True, kw_only=True)
class DraftFromRelease(Fact, verb="draft.from_release", subject=DRAFT, concerns=TIMETABLE):
    """A timetable to work on that begins with the times and rooms of a release, by its number."""

    sentence = _("Draft “%(draft)s” made from release %(number)s")
    number: int


@dataclass(frozen=True, kw_only=True)
class SessionPlaced(Fact, verb="draft.placed", subject=DRAFT, concerns=TIMETABLE):
    """A session has this start and room in a draft, and had others or none before."""

    session: Annotated[int, SESSION]
    room: Annotated[int, ROOM]
    start: datetime
    old_room: Annotated[int | None, ROOM] = None
    old_start: datetime | None = None

    def phrase(self) -> Sentence:
        if self.old_start is None:
            return _("“%(session)s” placed in draft “%(draft)s”: %(start)s, %(room)s")
        return _("“%(session)s” moved in draft “%(draft)s”: %(old_start)s, %(old_room)s → %(start)s, %(room)s")


@dataclass(frozen=True, kw_only=True)
class SessionUnplaced(Fact, verb="draft.unplaced", subject=DRAFT, concerns=TIMETABLE):
    """A session has no time in a draft any more, and had this one before."""

    session: Annotated[int, SESSION]
    old_room: Annotated[int | None, ROOM] = None
    old_start: datetime | None = None

    def phrase(self) -> Sentence:
        if self.old_start is None:
            return _("“%(session)s” taken out of draft “%(draft)s”")
        return _("“%(session)s” taken out of draft “%(draft)s”: %(old_start)s, %(old_room)s → no time")


@dataclass(frozen=True, kw_only=True)
class ProgrammeRepaired(Fact, verb="programme.repaired", subject=CONFERENCE, concerns=TIMETABLE):
    """What is published was repaired in an emergency, with what had happened.

    `release` is the number of the new release, which is told at once; None where nothing had to move.
    """

    release: int | None

    def phrase(self) -> Sentence:
        if self.release is None:
            return _("Emergency settled without a new release, told at once")
        return _("Emergency settled with release %(release)s, told at once")


@dataclass(frozen=True, kw_only=True)
class SearchWeighed(Fact, verb="search.weighed", subject=CONFERENCE, concerns=TIMETABLE):
    """What counts in a search weighs something else: the weights of the terms that changed, by their names, as they are
    now and as they `were`.
    """

    sentence = _("Changed what counts when a timetable is searched for: %(weights)s")
    weights: Mapping[str, int]
    were: Mapping[str, int]

    def words(self, names: Names) -> dict[str, str]:
        said = (f"{term}: {self.were.get(term, '–')} → {weight}" for term, weight in self.weights.items())
        return super().words(names) | {"weights": "; ".join(said)}


@dataclass(frozen=True, kw_only=True)
class SearchAsked(Fact, verb="search.asked", subject=SEARCH, concerns=TIMETABLE):
    """A timetable is to be searched for."""

    sentence = _("Search for a timetable asked for (seconds: %(seconds)s)")
    seconds: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class SearchStopped(Fact, verb="search.stopped", subject=SEARCH, concerns=TIMETABLE):
    """Somebody ended a search."""

    sentence = _("Search for a timetable stopped")


@dataclass(frozen=True, kw_only=True)
class SearchEnded(Fact, verb="search.ended", subject=SEARCH, concerns=TIMETABLE):
    """A search is over. `state` is one of `SolverRun.State`; `draft` is None where nothing was found."""

    state: str
    draft: Annotated[int | None, DRAFT] = None

    def phrase(self) -> Sentence:
        if self.draft is None:
            return _("Search for a timetable ended without one")
        return _("Search for a timetable ended with draft “%(draft)s”")


@dataclass(frozen=True, kw_only=True)
class RepairAsked(Fact, verb="repair.asked", subject=REPAIR, concerns=TIMETABLE):
    """In an emergency, what is published is to be repaired. Nothing is changed before that is settled."""

    sentence = _("Repair of what is published asked for")


@dataclass(frozen=True, kw_only=True)
class RepairEnded(Fact, verb="repair.ended", subject=REPAIR, concerns=TIMETABLE):
    """The scheduler has looked for a repair. `state` is one of `SolverRun.State`; `moves` counts what it moves."""

    state: str
    moves: int

    def phrase(self) -> Sentence:
        if self.state == "done":
            return _("Repair found (sessions that move: %(moves)s)")
        return _("No repair found")
