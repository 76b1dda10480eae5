"""Two timetables of a conference side by side, session by session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from organize.access import Desk, for_team
from organize.programme.conflict_rows import Subject, subject_key, subject_name, subject_named, subjects_of
from organize.queries import wishes
from schedule.domain.timetables.changes import PlacementChange, changes_between
from schedule.models import Release


@require_safe
@for_team()
def compare(desk: Desk) -> HttpResponse:
    """What differs from one draft or release (`old`) to another (`new`).

    Where the address names none one is chosen for the reader; where it names one that is gone, that is said instead.
    """
    subjects = {subject_key(subject): subject for subject in subjects_of(desk.conference)}
    asked = [desk.request.GET.get(name, "") for name in ("old", "new")]
    old, new = (subject_named(subjects, key) for key in asked)
    gone = [key for key, found in zip(asked, (old, new), strict=True) if key and found is None]
    if not gone:
        new = new or next((one for one in subjects.values() if one != old), None)
        old = old or _usual(list(subjects.values()), new)
    context: dict[str, Any] = {
        "subjects": [{"key": key, "name": subject_name(subject)} for key, subject in subjects.items()],
        "gone": gone,
        "old": _named(old),
        "new": _named(new),
        "changes": None,
    }
    if old is not None and new is not None and old != new:
        changes = changes_between(old, new)
        wished = wishes(desk.conference)
        context["changes"] = [Compared(one, wished.get(one.session.pk, 0)) for one in changes]
        context["counts"] = {
            "time": sum("time" in one.kinds for one in changes),
            "room": sum("room" in one.kinds for one in changes),
            "only_old": sum("removed" in one.kinds for one in changes),
            "only_new": sum("added" in one.kinds for one in changes),
        }
    return desk.page("organize/programme/compare.html", "programme", context)


_DIFFERENCES = {
    frozenset({"time", "room"}): gettext_lazy("time and room"),
    frozenset({"time"}): gettext_lazy("time"),
    frozenset({"room"}): gettext_lazy("room"),
    frozenset({"added"}): gettext_lazy("only in the second"),
    frozenset({"removed"}): gettext_lazy("only in the first"),
}


@dataclass(frozen=True)
class Compared:
    """A session that is elsewhere, and how many people wish for it."""

    change: PlacementChange
    wished: int

    @property
    def difference(self) -> str | Promise:
        return _DIFFERENCES[self.change.kinds]


def _usual(subjects: list[Subject], new: Subject | None) -> Subject | None:
    """What a timetable is mostly compared with: the release, or else another draft; the first of its kind."""
    others = [one for one in subjects if one != new]
    return next((one for one in others if isinstance(one, Release)), next(iter(others), None))


def _named(subject: Subject | None) -> dict[str, str]:
    return {"key": subject_key(subject), "name": subject_name(subject)} if subject else {"key": "", "name": ""}
