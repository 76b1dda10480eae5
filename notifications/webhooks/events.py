"""What can be subscribed to: the facts that webhooks may have, in the words of the page where they are chosen."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_lazy

from journal.facts import Concern, Sentence, facts

Group = Mapping[str, Sentence]


def _group(*concerns: Concern) -> Group:
    """The words for each verb, in the order in which the facts are declared."""
    return {fact.verb: fact.event.label for fact in facts(*concerns) if fact.event is not None}


GROUPS: tuple[tuple[Sentence, Group], ...] = (
    (gettext_lazy("Programme"), _group(Concern.PROGRAMME, Concern.TIMETABLE)),
    (gettext_lazy("Sign-ups"), _group(Concern.PLACE)),
    (gettext_lazy("Registrations"), _group(Concern.PERSON)),
)
EVENTS: Group = {verb: label for _, group in GROUPS for verb, label in group.items()}
# Sent on request only.
TEST = "webhook.test"


def event_name(verb: str) -> str:
    """An event in words; what is not on the list any more by its verb."""
    return gettext("Test event") if verb == TEST else str(EVENTS.get(verb, verb))
