"""What a search is doing, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schedule.models import SolverRun

Purpose = SolverRun.Purpose

# By the solver's name of its phase; what is said before anything is heard depends on what was asked for.
_DOING = {
    "start": gettext_lazy("Making the draft’s timetable better."),
    "first": gettext_lazy("Making the first timetable better."),
    "local": gettext_lazy("Trying moves of sessions."),
    "moments": gettext_lazy("Searching exactly, and proving how much better it can be."),
    "cp-sat": gettext_lazy("Searching exactly, and proving how much better it can be."),
    "bound": gettext_lazy("Searching exactly, and proving how much better it can be."),
    "explain": gettext_lazy("There is no timetable that keeps every rule. Explaining why."),
    "help": gettext_lazy("Trying single changes."),
    "goals": gettext_lazy("Making a timetable for each goal, one after the other."),
    "repair": gettext_lazy("Looking for the timetable that moves least."),
}
_BEFORE_ANYTHING_IS_HEARD = {
    Purpose.SEARCH: gettext_lazy("Looking for a first timetable."),
    Purpose.HELP: gettext_lazy("Looking for changes to try."),
    Purpose.REPAIR: gettext_lazy("Looking for what breaks a rule."),
}
# What goes on after the seconds that were asked for.
_LATE = {"explain", "help"}


def doing(run: SolverRun, elapsed: int) -> str:
    """A sentence while it works; empty before and after."""
    if run.state != SolverRun.State.RUNNING:
        return ""
    if elapsed > run.seconds and run.phase not in _LATE:
        return _("The time is over. Finishing what was begun.")
    return str(_DOING.get(run.phase) or _BEFORE_ANYTHING_IS_HEARD[Purpose(run.purpose)])
