"""What becomes of drafts as a whole, and of many of their sessions at once. Nothing of it is public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from journal.facts import Concern, Fact, Sentence, Words
from schedule.facts.things import DRAFT

TIMETABLE = Concern.TIMETABLE


@dataclass(frozen=True, kw_only=True)
class DraftCopied(Fact, verb="draft.copied", subject=DRAFT, concerns=TIMETABLE):
    """A draft that begins with the times and rooms of another one."""

    sentence = _("Draft “%(draft)s” made as a copy of “%(source)s”")
    source: Annotated[int, DRAFT]


@dataclass(frozen=True, kw_only=True)
class DraftBroughtOver(Fact, verb="draft.brought_over", subject=DRAFT, concerns=TIMETABLE):
    """A draft that begins with the times and rooms of another conference's sessions that are here by their codes."""

    sentence = _("Draft “%(draft)s” made from “%(conference)s” (sessions: %(sessions)s, left out: %(left_out)s)")
    conference: Words
    sessions: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class DraftRenamed(Fact, verb="draft.renamed", subject=DRAFT, concerns=TIMETABLE):
    """A draft has another name."""

    sentence = _("Name of a draft: “%(old)s” → “%(new)s”")
    old: Words
    new: Words


@dataclass(frozen=True, kw_only=True)
class DraftArchived(Fact, verb="draft.archived", subject=DRAFT, concerns=TIMETABLE):
    """A draft is put aside: it is changed and published no more."""

    sentence = _("Draft “%(draft)s” put aside")


@dataclass(frozen=True, kw_only=True)
class DraftTakenUp(Fact, verb="draft.taken_up", subject=DRAFT, concerns=TIMETABLE):
    """A draft that was put aside is worked on again."""

    sentence = _("Draft “%(draft)s” taken up again")


@dataclass(frozen=True, kw_only=True)
class DraftDeleted(Fact, verb="draft.deleted", subject=DRAFT, concerns=TIMETABLE):
    """A draft is gone, and with it where `placed` sessions were in it."""

    sentence = _("Draft “%(name)s” deleted (sessions with a time: %(placed)s)")
    name: Words
    placed: int


@dataclass(frozen=True, kw_only=True)
class StepUndone(Fact, verb="draft.undone", subject=DRAFT, concerns=TIMETABLE):
    """Somebody took back a change of their own: so many sessions are where they were before it."""

    sentence = _("Own change of draft “%(draft)s” undone (sessions: %(sessions)s)")
    sessions: int


@dataclass(frozen=True, kw_only=True)
class StepRedone(Fact, verb="draft.redone", subject=DRAFT, concerns=TIMETABLE):
    """Somebody made a change of their own again that they had undone."""

    sentence = _("Own change of draft “%(draft)s” made again (sessions: %(sessions)s)")
    sessions: int


@dataclass(frozen=True, kw_only=True)
class DifferenceApplied(Fact, verb="draft.applied", subject=DRAFT, concerns=TIMETABLE):
    """So many sessions got the time and room that they have in another draft, or in the release of this number."""

    sessions: int
    source: Annotated[int | None, DRAFT] = None
    release: int | None = None

    def phrase(self) -> Sentence:
        if self.release is None:
            return _("Draft “%(draft)s” follows draft “%(source)s” (sessions: %(sessions)s)")
        return _("Draft “%(draft)s” follows release %(release)s (sessions: %(sessions)s)")
