"""What the pages of an import call columns, kinds of records and what would be done with them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from schedule.exchange.imports.entries.entry import State
from schedule.exchange.incoming.records import What
from schedule.exchange.readers.tables.columns import TARGETS, TEXTS
from schedule.exchange.readers.tables.labels import COLUMNS, SHEETS, Words
from schedule.models import Conference
from schedule.vocabulary.languages import language_name

ABOUT: Words = {
    What.CONFERENCE: gettext_lazy("Conference"),
    What.KIND: gettext_lazy("Kind"),
    What.THEME: gettext_lazy("Theme"),
    What.ROOM: gettext_lazy("Room"),
    What.PERSON: gettext_lazy("Person"),
    What.BODY: gettext_lazy("Organisation"),
    What.SESSION: gettext_lazy("Session"),
}
STATES: Words = {
    State.NEW: pgettext_lazy("import", "New"),
    State.CHANGED: pgettext_lazy("import", "Changed"),
    State.SAME: pgettext_lazy("import", "Unchanged"),
    State.WRONG: pgettext_lazy("import", "Wrong"),
}


def column_choices(conference: Conference) -> list[tuple[str, str | list[tuple[str, str]]]]:
    """What a column can hold, by what its sheet is about; texts in each language of the conference."""
    choices: list[tuple[str, str | list[tuple[str, str]]]] = [("", _("Leave out"))]
    for what, targets in TARGETS.items():
        held: list[tuple[str, str]] = []
        for target in targets:
            held.append((f"{what}.{target}", str(COLUMNS[target])))
            if target in TEXTS:
                held += [
                    (f"{what}.{target}:{code}", f"{COLUMNS[target]} ({language_name(code)})")
                    for code in conference.languages
                ]
        choices.append((str(SHEETS[what]), held))
    return choices
