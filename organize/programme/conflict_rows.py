"""Conflicts of a draft or release, ready for a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import F
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy

from schedule.conflicts import Conflict, ConflictKind, find_conflicts, in_words
from schedule.domain.known_problems import known_problem
from schedule.domain.problem import instant, timetable_in
from schedule.domain.programme.days import ProgrammeDays
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference, Draft, Release
from schedule.solver.problem import Timetable

KIND_NAMES = {
    ConflictKind.ROOM_DOUBLE_USE: gettext_lazy("Room used twice"),
    ConflictKind.ROOM_CHANGEOVER: gettext_lazy("No time to change over"),
    ConflictKind.ROOM_TOO_SMALL_CONFIRMED: gettext_lazy("Room too small for confirmed people"),
    ConflictKind.ROOM_TOO_SMALL_WANTED: gettext_lazy("Room smaller than wanted"),
    ConflictKind.ROOM_CLOSED: gettext_lazy("Room closed"),
    ConflictKind.ROOM_FEATURE_MISSING: gettext_lazy("Equipment missing"),
    ConflictKind.ROOM_BREAKS_ONLY: gettext_lazy("Room for breaks only"),
    ConflictKind.PERSON_DOUBLE_BOOKED: gettext_lazy("Person in two places"),
    ConflictKind.PERSON_WALKING_TIME: gettext_lazy("No time to walk"),
    ConflictKind.PERSON_AWAY: gettext_lazy("Person away"),
    ConflictKind.BODY_DOUBLE_BOOKED: gettext_lazy("Host in two places"),
    ConflictKind.BODY_AWAY: gettext_lazy("Host away"),
    ConflictKind.INTERPRETERS_SHORT: gettext_lazy("Too few interpreters"),
    ConflictKind.TOO_MANY_PARALLEL: gettext_lazy("Too many sessions at once"),
    ConflictKind.KIND_TOO_PARALLEL: gettext_lazy("Too many sessions of a kind at once"),
    ConflictKind.ORDER: gettext_lazy("Wrong order"),
    ConflictKind.NOT_PARALLEL: gettext_lazy("Must not be parallel"),
    ConflictKind.NOT_SAME_TIME: gettext_lazy("Must start at the same time"),
    ConflictKind.NOT_SAME_ROOM: gettext_lazy("Must be in the same room"),
    ConflictKind.BLOCKS_ALL: gettext_lazy("Nothing else at that time"),
    ConflictKind.OUTSIDE_HOURS: gettext_lazy("Outside opening hours"),
    ConflictKind.OFF_GRID: gettext_lazy("Off the time grid"),
    ConflictKind.FIXED_TIME: gettext_lazy("Not at its fixed time"),
    ConflictKind.FIXED_ROOM: gettext_lazy("Not in its fixed room"),
    ConflictKind.TOO_EARLY: gettext_lazy("Too early"),
    ConflictKind.TOO_LATE: gettext_lazy("Too late"),
    ConflictKind.TOO_SHORT: gettext_lazy("Too short"),
    ConflictKind.TOO_LONG: gettext_lazy("Too long"),
    ConflictKind.ATTENDEES_CLASH: gettext_lazy("Wanted by the same people"),
    ConflictKind.UNPLACED: gettext_lazy("Without a time"),
}
Subject = Draft | Release
PUBLISHED = "published"
"""What an address calls the newest release, whichever that is."""


@dataclass(frozen=True)
class Touched:
    """A session a conflict is about, with its time and room where it has them."""

    code: str
    title: str
    start: datetime | None
    end: datetime | None
    room: dict[str, str] | None


@dataclass(frozen=True)
class Shown:
    """A conflict in the language of the page."""

    kind: str
    kind_name: str
    level: str
    sentence: str
    sessions: list[Touched]
    fix_url: str


class Checks:
    """Checks timetables of one conference; the problem is read once if it is not known, each timetable with a query."""

    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        self.known = known_problem(conference, get_language() or "en")
        self.problem = self.known.index

    def of(self, subject: Subject) -> list[Conflict]:
        """Everything wrong with a draft or release. Sessions cancelled since it was made are left out."""
        return self.wrong_with(timetable_in(self.conference, subject.placements.all()))

    def wrong_with(self, timetable: Timetable) -> list[Conflict]:
        """The same of a timetable that has been read."""
        return find_conflicts(self.problem, self.planned(timetable))

    def planned(self, timetable: Timetable) -> Timetable:
        """A timetable without the sessions that are cancelled since it was made."""
        return tuple(row for row in timetable if row.session in self.problem.sessions)

    @cached_property
    def _days(self) -> ProgrammeDays:
        conference = self.conference
        windows = [
            (instant(conference, one.hours.start), instant(conference, one.hours.end), one.day)
            for one in self.problem.windows
        ]
        return ProgrammeDays(conference.zone, conference.starts_on, conference.ends_on, windows)

    def days_of(self, conflict: Conflict) -> set[date]:
        """The days of the programme on which the sessions of a conflict start. Reads nothing."""
        return {
            self._days.day_of(instant(self.conference, start)) for start in {at.start for at in conflict.placements}
        }

    @staticmethod
    def rooms_of(conflict: Conflict) -> set[str]:
        """The codes of the rooms of a conflict: those it is about, and those its sessions are in."""
        return {*conflict.rooms, *(at.room for at in conflict.placements)}

    def shown(self, conflict: Conflict, subject: Subject | None = None) -> Shown:
        placed = {placement.session: placement for placement in conflict.placements}
        sessions = []
        for code in conflict.sessions:
            at = placed.get(code)
            sessions.append(
                Touched(
                    code,
                    self.problem.sessions[code].title,
                    self.conference.local(instant(self.conference, at.start)) if at else None,
                    self.conference.local(instant(self.conference, at.end)) if at else None,
                    {"name": self.problem.rooms[at.room].name} if at else None,
                )
            )
        fix = ""
        if isinstance(subject, Draft):
            fix = reverse("organize:move", args=[self.conference.slug, subject.pk, conflict.sessions[-1]])
        elif subject is not None:
            fix = reverse("organize:move_released", args=[self.conference.slug, subject.number, conflict.sessions[-1]])
        name = str(KIND_NAMES[conflict.kind])
        return Shown(str(conflict.kind), name, str(conflict.level), str(in_words(conflict)), sessions, fix)


def subject_name(subject: Subject) -> str:
    """A draft or release as pages call it."""
    if isinstance(subject, Draft):
        return gettext("Draft “%(name)s”") % {"name": subject.name}
    return gettext("Release %(number)d") % {"number": subject.number}


def subject_key(subject: Subject) -> str:
    return f"draft-{subject.pk}" if isinstance(subject, Draft) else f"release-{subject.number}"


def subject_named(subjects: Mapping[str, Subject], key: str) -> Subject | None:
    """The one that an address names; "published" is the newest release."""
    if key == PUBLISHED:
        return next((one for one in subjects.values() if isinstance(one, Release)), None)
    return subjects.get(key)


def subjects_of(conference: Conference) -> list[Subject]:
    """What can be checked: the drafts that are worked on, the newest first, then the newest release. Two queries."""
    release = newest_release(conference)
    return [*Draft.objects.filter(conference=conference).worked_on(), *([release] if release else [])]


def every_timetable(conference: Conference) -> list[Subject]:
    """What can be compared: the drafts, those put aside last, then every release; the newest first. Two queries."""
    put_aside_last = F("archived_at").asc(nulls_first=True)
    drafts = Draft.objects.filter(conference=conference).order_by(put_aside_last, "-created_at", "-pk")
    return [*drafts, *Release.objects.filter(conference=conference)]
