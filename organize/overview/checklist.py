"""What a conference still needs until people can come, computed from what is there; each line leads to its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.models import Interest
from schedule.models import Conference, ConferenceText, Day, Draft, Person, Release, Room, Session


@dataclass(frozen=True)
class ToDo:
    """One thing to do, whether it is done, and where it is done."""

    what: str
    is_done: bool
    url: str


def checklist(conference: Conference) -> list[ToDo]:
    """Every step in the order in which they are taken; none once all are done. One query."""
    found = _found(conference)
    without, questions = found["silent"], bool(conference.contact_email)
    steps = [
        ToDo(_("Days have their hours"), found["has_days"], _at("conference_edit", conference)),
        ToDo(_("Rooms are there"), found["has_rooms"], _at("rooms", conference)),
        ToDo(_("Sessions are there"), found["has_sessions"], _at("setup_sessions", conference)),
        ToDo(_reachable(without), found["has_sessions"] and not without, _at("people", conference)),
        ToDo(
            _("A draft has times and rooms"), found["has_drafts"] or found["has_releases"], _at("searches", conference)
        ),
        ToDo(_("A timetable is published"), found["has_releases"], _at("programme", conference)),
        ToDo(
            _("There is a privacy notice"),
            found["has_privacy_notice"],
            reverse("organize:text", args=[conference.slug, ConferenceText.Kind.PRIVACY]),
        ),
        ToDo(_("There is an address for questions"), questions, _at("conference_edit", conference)),
        ToDo(_("The conference is public"), conference.is_public, _at("conference_edit", conference)),
        ToDo(_("Registration is open"), conference.registration_open, _at("registration_times", conference)),
        ToDo(_("Participants have said what they wish for"), found["has_wishes"], _at("signups", conference)),
    ]
    return [] if all(step.is_done for step in steps) else steps


def _reachable(without: int) -> str:
    if not without:
        return _("Whoever appears can be written to")
    said = ngettext(
        "Whoever appears can be written to (%(count)d has no mail address)",
        "Whoever appears can be written to (%(count)d have no mail address)",
        without,
    )
    return said % {"count": without}


def _found(conference: Conference) -> dict[str, Any]:
    silent = Person.objects.filter(conference=OuterRef("pk"), email="", roles__isnull=False).order_by()
    many = silent.values("conference").annotate(many=Count("pk", distinct=True)).values("many")
    found = Conference.objects.filter(pk=conference.pk).values(
        has_days=_any(Day.objects.all()),
        has_rooms=_any(Room.objects.all()),
        has_sessions=_any(Session.objects.all()),
        has_drafts=Exists(Draft.objects.filter(conference=OuterRef("pk"), placements__isnull=False)),
        has_releases=_any(Release.objects.all()),
        has_privacy_notice=_any(ConferenceText.objects.filter(kind=ConferenceText.Kind.PRIVACY)),
        has_wishes=Exists(Interest.objects.filter(registration__conference=OuterRef("pk"))),
        silent=Coalesce(Subquery(many), 0),
    )
    return dict(found.get())


def _any(rows: QuerySet[Any]) -> Exists:
    return Exists(rows.filter(conference=OuterRef("pk")))


def _at(name: str, conference: Conference) -> str:
    return reverse(f"organize:{name}", args=[conference.slug])
