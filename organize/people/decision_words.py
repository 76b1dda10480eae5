"""What pages say about deciding on registrations."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.domain.registrations.deciding import Decision

VERBS = {
    Decision.APPROVE: gettext_lazy("Accept"),
    Decision.WAITLIST: gettext_lazy("Put on the waiting list"),
    Decision.DECLINE: gettext_lazy("Decline"),
}


@dataclass(frozen=True)
class DecisionQuestion:
    """What is asked before it is done, what follows from it, and the button that does it."""

    title: str
    consequence: str
    button: str


def question(decision: Decision, number: int) -> DecisionQuestion:
    """Ask whether `number` registrations are decided about like this."""
    if decision is Decision.APPROVE:
        title = ngettext("Accept %(number)d registration?", "Accept %(number)d registrations?", number)
        consequence = _("They can sign up for sessions at once, and get a mail that says so.")
    elif decision is Decision.WAITLIST:
        title = ngettext(
            "Put %(number)d registration on the waiting list?",
            "Put %(number)d registrations on the waiting list?",
            number,
        )
        consequence = _("They get a mail that says so. You accept them from there when there is room.")
    else:
        title = ngettext("Decline %(number)d registration?", "Decline %(number)d registrations?", number)
        consequence = _("They get a mail that says so. Places in sessions that they hold go to whoever waits for them.")
    return DecisionQuestion(title % {"number": number}, consequence, str(VERBS[decision]))


def outcome(decision: Decision, number: int) -> str:
    """Say what was done about `number` registrations."""
    if decision is Decision.APPROVE:
        said = ngettext("%(number)d registration is accepted.", "%(number)d registrations are accepted.", number)
    elif decision is Decision.WAITLIST:
        said = ngettext(
            "%(number)d registration is on the waiting list.",
            "%(number)d registrations are on the waiting list.",
            number,
        )
    else:
        said = ngettext("%(number)d registration is declined.", "%(number)d registrations are declined.", number)
    return said % {"number": number}


def nothing_changed(reason: str, number: int) -> str:
    """Say why nothing was done about `number` registrations."""
    said = ngettext(
        "%(number)d registration stays as it was: %(reason)s",
        "%(number)d registrations stay as they were: %(reason)s",
        number,
    )
    return said % {"number": number, "reason": reason}
