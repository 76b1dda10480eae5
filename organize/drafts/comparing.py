"""Two timetables of a conference side by side: session by session, and what it means to go from one to the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from organize.access import Desk, for_team
from organize.drafts.applying import NotFollowed, follow, versions_of
from organize.drafts.comparison import Figures, Side, figures_of
from organize.programme.conflict_rows import Subject, every_timetable, subject_key, subject_name, subject_named
from organize.programme.filters.changes import ChangeList
from organize.queries import people_with_places
from schedule.domain.timetables.applying import version_of
from schedule.domain.timetables.changes import PlacementChange, changes_among, places_of
from schedule.models import Draft, Release


@require_http_methods(["GET", "HEAD", "POST"])
@for_team()
def compare(desk: Desk) -> HttpResponse:
    """What differs from one draft or release (`old`) to another (`new`); posted, one of them follows the other.

    Where the address names none one is chosen for the reader; where it names one that is gone, that is said instead.
    Answers 409 with the comparison as it is now where somebody has moved what was chosen meanwhile.
    """
    subjects = {subject_key(subject): subject for subject in every_timetable(desk.conference)}
    if desk.request.method != "POST":
        return _page(desk, subjects, desk.request.GET)
    try:
        draft, count = follow(desk.request.POST, subjects, actor=desk.actor)
    except NotFollowed as refused:
        return _page(desk, subjects, desk.request.POST, refusal=str(refused), chosen=refused.chosen)
    said = ngettext(
        "%(count)d session of “%(name)s” was moved. You can undo it here.",
        "%(count)d sessions of “%(name)s” were moved. You can undo it here.",
        count,
    )
    notices.success(desk.request, said % {"count": count, "name": draft.name})
    return redirect("organize:draft", desk.conference.slug, draft.pk)


def _page(
    desk: Desk,
    subjects: Mapping[str, Subject],
    asked: Mapping[str, str],
    *,
    refusal: str = "",
    chosen: Collection[int] = (),
) -> HttpResponse:
    """The page of two timetables, named in `asked`; a `refusal` is told with 409, and `chosen` sessions stay chosen."""
    keys = [asked.get(name, "") for name in ("old", "new")]
    old, new = (subject_named(subjects, key) for key in keys)
    gone = [key for key, found in zip(keys, (old, new), strict=True) if key and found is None]
    if not gone:
        new = new or next((one for one in subjects.values() if one != old), None)
        old = old or _usual(list(subjects.values()), new)
    context: dict[str, Any] = {
        "subjects": [{"key": key, "name": subject_name(subject)} for key, subject in subjects.items()],
        "gone": gone,
        "refusal": refusal,
        "old": _named(old),
        "new": _named(new),
        "changes": None,
    }
    if old is not None and new is not None and old != new:
        context |= _compared(desk, old, new, asked=asked, chosen=chosen)
    return desk.page("organize/programme/compare.html", "programme", context, status=409 if refusal else 200)


_DIFFERENCES = {
    frozenset({"time", "room"}): gettext_lazy("time and room"),
    frozenset({"time"}): gettext_lazy("time"),
    frozenset({"room"}): gettext_lazy("room"),
    frozenset({"added"}): gettext_lazy("only in the second"),
    frozenset({"removed"}): gettext_lazy("only in the first"),
}


@dataclass(frozen=True)
class Compared:
    """A session that is elsewhere, how many people wish for it, and whether it was chosen when it was refused."""

    change: PlacementChange
    wished: int
    is_chosen: bool

    @property
    def difference(self) -> str | Promise:
        return _DIFFERENCES[self.change.kinds]

    @property
    def value(self) -> str:
        """What choosing it sends: the session, and the versions of where it is that the page shows."""
        return f"{self.change.session.pk}.{version_of(self.change.old)}.{version_of(self.change.new)}"


def _compared(
    desk: Desk, old: Subject, new: Subject, *, asked: Mapping[str, str], chosen: Collection[int]
) -> dict[str, Any]:
    before, after = places_of(old), places_of(new)
    changes = changes_among(before, after)
    listed = ChangeList(desk.conference, changes, asked)
    context = listed.context(old=subject_key(old), new=subject_key(new))
    figures: Figures | None = None
    if changes:
        # Nobody looks for what is mended already in what is left behind.
        left = Side(old, before.values(), may_fix=False)
        figures = figures_of(
            desk.conference, left, Side(new, after.values(), may_fix=desk.may_change and _is_open(new))
        )
    wished: Mapping[str, int] = figures.wished if figures else {}
    return context | {
        "rows": [
            Compared(one, wished.get(one.session.code, 0), one.session.pk in chosen) for one in context["shown_changes"]
        ],
        "counts": {
            "time": sum("time" in one.kinds for one in changes),
            "room": sum("room" in one.kinds for one in changes),
            "only_old": sum("removed" in one.kinds for one in changes),
            "only_new": sum("added" in one.kinds for one in changes),
        },
        "figures": figures,
        "concerned": people_with_places([one.session.pk for one in changes]) if changes else 0,
        "versions": versions_of(old, new),
        # Where it can be changed, and which of the two it would then follow.
        "targets": [
            {"draft": one, "into": into, "source": subject_name(other)}
            for one, other, into in ((new, old, "new"), (old, new, "old"))
            if desk.may_change and _is_open(one)
        ],
    }


def _is_open(subject: Subject) -> bool:
    return isinstance(subject, Draft) and subject.archived_at is None


def _usual(subjects: list[Subject], new: Subject | None) -> Subject | None:
    """What a timetable is mostly compared with: the release, or else another draft; the first of its kind."""
    others = [one for one in subjects if one != new]
    return next((one for one in others if isinstance(one, Release)), next(iter(others), None))


def _named(subject: Subject | None) -> dict[str, str]:
    return {"key": subject_key(subject), "name": subject_name(subject)} if subject else {"key": "", "name": ""}
