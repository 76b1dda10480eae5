"""What a new draft may begin with: nothing, or a timetable of this conference or of another one of the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from journal.actors import Actor
from organize.access import Desk
from organize.programme.conflict_rows import subject_key, subject_name
from schedule.domain.timetables.changes import Timetable
from schedule.domain.timetables.copies import BroughtOver, bring_over, copy_draft
from schedule.domain.timetables.drafts import create_draft, draft_from_release
from schedule.models import Conference, Draft, Release

NOTHING = ""


@dataclass(frozen=True)
class Made:
    """The new draft; `brought` where it came from another conference."""

    draft: Draft
    brought: BroughtOver | None = None


class Sources:
    """Every timetable a new draft of a conference may begin with, by the name it has in a form. Four queries."""

    def __init__(self, desk: Desk) -> None:
        self.conference = desk.conference
        own: list[Timetable] = [*_drafts([self.conference]), *_releases([self.conference])]
        others = list(Conference.objects.for_user(desk.user).exclude(pk=self.conference.pk).order_by("-starts_on"))
        foreign: list[Timetable] = [*_drafts(others), *_releases(others)] if others else []
        self.found: dict[str, Timetable] = {subject_key(one): one for one in own}
        self.found |= {f"{one.conference.slug}/{subject_key(one)}": one for one in foreign}

    def choices(self) -> list[tuple[str, str] | tuple[str, list[tuple[str, str]]]]:
        """Grouped by conference, this one first; nothing at all comes before."""
        groups: dict[int, tuple[str, list[tuple[str, str]]]] = {}
        for key, one in self.found.items():
            name = _("This conference") if one.conference_id == self.conference.pk else str(one.conference.name)
            groups.setdefault(one.conference_id, (name, []))[1].append((key, subject_name(one)))
        return [(NOTHING, _("Nothing: an empty draft")), *groups.values()]

    def made_from(self, key: str, *, name: str, actor: Actor) -> Made:
        """A new draft that begins with what `key` names."""
        source = self.found.get(key)
        if source is None:
            return Made(create_draft(self.conference, name=name, actor=actor))
        if source.conference_id != self.conference.pk:
            brought = bring_over(source, self.conference, name=name, actor=actor)
            return Made(brought.draft, brought)
        if isinstance(source, Release):
            return Made(draft_from_release(source, name=name, actor=actor))
        return Made(copy_draft(source, name=name, actor=actor))


def _drafts(conferences: Sequence[Conference]) -> list[Draft]:
    rows = Draft.objects.filter(conference__in=conferences).select_related("conference")
    return list(rows.order_by("-conference__starts_on", "conference", "-created_at", "-pk"))


def _releases(conferences: Sequence[Conference]) -> list[Release]:
    rows = Release.objects.filter(conference__in=conferences).select_related("conference")
    return list(rows.order_by("-conference__starts_on", "conference", "-number"))
