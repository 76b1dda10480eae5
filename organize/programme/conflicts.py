"""What is wrong with a draft or with the published programme."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from organize.access import Desk, for_team
from organize.programme.conflict_rows import (
    PUBLISHED,
    Checks,
    Subject,
    every_timetable,
    subject_key,
    subject_name,
    subject_named,
    subjects_of,
)
from organize.programme.filters.conflicts import ConflictForm, ConflictList
from schedule.conflicts import Conflict, Level
from schedule.models import Draft


@require_safe
@for_team()
def conflicts(desk: Desk) -> HttpResponse:
    """Conflicts in the language of the page: how many of each kind, then those that must be solved first, by pages.

    `of` names the draft or release; `level`, `kind`, `day` and `room` narrow the list, and `without` leaves out what is
    wrong with another draft or release too.
    """
    query = desk.request.GET
    worked_on = subjects_of(desk.conference)
    subjects = {subject_key(subject): subject for subject in worked_on}
    asked = query.get("of", "")
    if {asked, query.get("without", "")} - {"", PUBLISHED, *subjects}:  # put aside, or an older release
        subjects |= {subject_key(subject): subject for subject in every_timetable(desk.conference)}
    # What is published comes first: whoever opens the page because of a lost room must not repair an experiment.
    usual = subject_named(subjects, PUBLISHED) or next(iter(subjects.values()), None)
    subject = subject_named(subjects, asked) if asked else usual
    context: dict[str, Any] = {
        "subjects": [{"key": one, "name": subject_name(each)} for one, each in subjects.items()],
        "subject_key": subject_key(subject) if subject else "",
        "gone": [asked] if asked and subject is None else [],
        "subject_name": subject_name(subject) if subject else "",
    }
    if subject is not None:
        checks = Checks(desk.conference)
        found = checks.of(subject)
        form = ConflictForm(query, checks, [one for one in subjects.values() if one != subject])
        other = subjects.get(form.chosen.get("without", ""))
        listed = ConflictList(checks, found, form, known={one.key for one in checks.of(other)} if other else set())
        may_fix = desk.may_change and not (isinstance(subject, Draft) and subject.archived_at)
        counts_query = {name: value for name, value in form.chosen.items() if name not in ("kind", "level")}
        context |= {
            **listed.context(subject if may_fix else None, query.get("page")),
            "form": form,
            "query": urlencode({"of": subject_key(subject)} | form.chosen) + "&",
            "counts_query": urlencode({"of": subject_key(subject)} | counts_query) + "&",
            "checked_at": timezone.now(),
            **(_repairable(subject, found) if may_fix and subject in worked_on else {}),
        }
    return desk.page("organize/programme/conflicts.html", "conflicts", context)


def _repairable(subject: Subject, found: list[Conflict]) -> dict[str, Subject]:
    """The draft or release, where a repair would have something to do."""
    if not any(one.level is Level.BLOCK for one in found):
        return {}
    return {"repairable" if isinstance(subject, Draft) else "repairable_release": subject}
