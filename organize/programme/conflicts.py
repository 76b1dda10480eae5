"""What is wrong with a draft or with the published programme."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from organize.access import Desk, for_team
from organize.programme.conflict_rows import (
    KIND_NAMES,
    PUBLISHED,
    Checks,
    Subject,
    subject_key,
    subject_name,
    subject_named,
    subjects_of,
)
from schedule.conflicts import Conflict, Level
from schedule.models import Draft

LABELS = {"level": gettext_lazy("Level"), "kind": gettext_lazy("Kind")}


@require_safe
@for_team()
def conflicts(desk: Desk) -> HttpResponse:
    """Conflicts by level, in the language of the page; `of` names the draft or release, `level` and `kind` narrow."""
    query = desk.request.GET
    subjects = {subject_key(subject): subject for subject in subjects_of(desk.conference)}
    asked = query.get("of", "")
    # What is published comes first: whoever opens the page because of a lost room must not repair an experiment.
    usual = subject_named(subjects, PUBLISHED) or next(iter(subjects.values()), None)
    subject = subject_named(subjects, asked) if asked else usual
    narrowed = {"level": query.get("level", ""), "kind": query.get("kind", "")}
    known = {"level": [str(one) for one in Level], "kind": [str(one) for one in KIND_NAMES]}
    unknown = [name for name, value in narrowed.items() if value and value not in known[name]]
    level, kind = ("" if name in unknown else value for name, value in narrowed.items())
    context: dict[str, Any] = {
        "subjects": [{"key": one, "name": subject_name(each)} for one, each in subjects.items()],
        "subject_key": subject_key(subject) if subject else "",
        "gone": [asked] if asked and subject is None else [],
        "unknown": [(LABELS[name], narrowed[name]) for name in unknown],
        "subject_name": subject_name(subject) if subject else "",
        "level": level,
        "kind": kind,
        "groups": [],
    }
    if subject is not None:
        checks = Checks(desk.conference)
        found = checks.of(subject)
        kinds = sorted({(str(one.kind), str(KIND_NAMES[one.kind])) for one in found}, key=lambda pair: pair[1])
        shown = [c for c in found if level in ("", str(c.level)) and kind in ("", str(c.kind))]
        context |= {
            **checks.groups(shown, subject if desk.may_change else None, page=query.get("page")),
            "query": _without_page(query),
            "kinds": kinds,
            "total": len(found),
            "checked_at": timezone.now(),
            **_repairable(desk, subject, found),
        }
    return desk.page("organize/programme/conflicts.html", "conflicts", context)


def _without_page(query: QueryDict) -> str:
    """What the address asks for besides the page, for the links to other pages."""
    others = query.copy()
    others.pop("page", None)
    return f"{others.urlencode()}&" if others else ""


def _repairable(desk: Desk, subject: Subject, found: list[Conflict]) -> dict[str, Subject]:
    """The draft or release, where a repair would have something to do and may be asked for."""
    blocked = any(one.level is Level.BLOCK for one in found)
    if not (desk.may_change and blocked):
        return {}
    return {"repairable" if isinstance(subject, Draft) else "repairable_release": subject}
