"""What an emergency assumes, and what it can do instead, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schedule.domain.emergencies.remedies import WayOut
from schedule.domain.emergencies.steps import Step
from schedule.domain.searches.words import SearchWords
from schedule.models import Person, Room, Session, SolverRun

_ASSUMED: Mapping[str, str | Promise] = {
    "room_lost": gettext_lazy("%(room)s cannot be used from %(starts_at)s to %(ends_at)s."),
    "session_off": gettext_lazy("“%(session)s” does not take place."),
    "starts_later": gettext_lazy("“%(session)s” starts at %(start)s."),
    "person_missing": gettext_lazy("Without %(person)s from %(starts_at)s to %(ends_at)s."),
    "shorter": gettext_lazy("“%(session)s” lasts only %(minutes)s minutes."),
    "without_person": gettext_lazy("“%(session)s” takes place without %(person)s."),
}
_OFFERED: Mapping[str, str | Promise] = {
    "session_off": gettext_lazy("Cancel “%(session)s”."),
    "shorter": gettext_lazy("Let “%(session)s” last only %(minutes)s minutes, and end as planned."),
    "without_person": gettext_lazy("Hold “%(session)s” without %(person)s."),
}


@dataclass(frozen=True)
class Way:
    """A way out on the page: its number, and what each of its steps says."""

    number: int
    texts: list[str]


class EmergencyWords:
    """The words of one emergency. Three queries for names, and those of `SearchWords`."""

    def __init__(self, run: SolverRun) -> None:
        conference = run.conference_id
        names: dict[str, dict[str, str]] = {}
        for kind, model, field in (("room", Room, "name"), ("session", Session, "title"), ("person", Person, "name")):
            rows = model._default_manager.filter(conference=conference).values_list("code", field)
            names[kind] = {code: str(name) for code, name in rows}
        self._names = names
        self._searched = SearchWords(conference)

    def assumed(self, run: SolverRun) -> list[str]:
        """What is taken for true, in the order in which it was said."""
        return [self._said(step, _ASSUMED) for step in run.assumed]

    def ways(self, offered: list[WayOut]) -> list[Way]:
        """What can be done instead."""
        return [Way(number, [self._said(step, _OFFERED) for step in steps]) for number, steps in enumerate(offered)]

    def _said(self, step: Step, sentences: Mapping[str, str | Promise]) -> str:
        if step["do"] not in sentences:
            return self._searched.say([step["message"]])
        return str(sentences[step["do"]]) % {**step, **self._named(step), **_moments(step)}

    def _named(self, step: Step) -> dict[str, str]:
        """Who or what is meant, by the name they have now."""
        code = str(step["whom"])
        found = {kind: names.get(code, code) for kind, names in self._names.items()}
        if "person" in step:
            person: str = step["person"]
            found["person"] = self._names["person"].get(person, person)
        return found


def _moments(step: Step) -> dict[str, str]:
    return {
        name: moment(datetime.fromisoformat(step[name])) for name in ("starts_at", "ends_at", "start") if name in step
    }


def moment(instant: datetime) -> str:
    """A day and a time on the clocks that are active."""
    return date_format(timezone.localtime(instant), _("D j, H:i"))
