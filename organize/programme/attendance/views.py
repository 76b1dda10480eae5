"""What people get from two drafts or releases: a page of its own, which comparing them shows too, and JSON."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from organize.access import Desk, for_team
from organize.programme.attendance.between import AttendanceBetween, attendance_between
from organize.programme.conflict_rows import PUBLISHED, Subject, subject_key, subject_name
from schedule.domain.known_problems import known_problem
from schedule.domain.problem import timetable_in
from schedule.domain.timetables.queries import newest_release
from schedule.models import Draft, Release


@require_safe
@for_team()
def people(desk: Desk) -> HttpResponse:
    """What people get from one draft or release (`old`) and from another (`new`)."""
    old, new, found = _asked(desk)
    context = {
        "old": {"key": subject_key(old), "name": subject_name(old)},
        "new": {"key": subject_key(new), "name": subject_name(new)},
        "attendance": found and found.table(subject_name(old), subject_name(new)),
    }
    return desk.page("organize/programme/attendance/people.html", "programme", context)


@require_safe
@for_team()
def people_json(desk: Desk) -> HttpResponse:
    """The same for programs: the members of `AttendanceBetween`; null where nobody wishes for anything."""
    _old, _new, found = _asked(desk)
    return JsonResponse({"attendance": found and found.as_json()})


def _asked(desk: Desk) -> tuple[Subject, Subject, AttendanceBetween | None]:
    """The two that the address names and what people get from them; Http404 where it does not name two."""
    old, new = (_subject(desk, desk.request.GET.get(name, "")) for name in ("old", "new"))
    known = known_problem(desk.conference, get_language() or "en")
    before, after = (timetable_in(desk.conference, one.placements.all()) for one in (old, new))
    return old, new, attendance_between(known, before, after)


def _subject(desk: Desk, key: str) -> Subject:
    """A draft or release by the key that pages give it, the newest release by "published"."""
    kind, _dash, number = key.partition("-")
    found: Subject | None = None
    if key == PUBLISHED:
        found = newest_release(desk.conference)
    elif number.isascii() and number.isdecimal() and len(number) < 10:
        if kind == "draft":
            found = Draft.objects.filter(conference=desk.conference, pk=number).first()
        elif kind == "release":
            found = Release.objects.filter(conference=desk.conference, number=number).first()
    if found is None:
        raise Http404
    return found
