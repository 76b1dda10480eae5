"""The words of one mail for several messages: a list of sessions, and of each what is new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext

from notifications.mails.context import context_of
from notifications.mails.render_input import Group, RenderInput
from notifications.rules.together import JOINS
from notifications.wordings.mail_files import rendered
from notifications.wordings.mail_lists import happened
from notifications.wordings.texts import one_line

_FILE = "several_sessions"
# Where the cause makes a difference.
_CAUSED = {
    ("place_confirmed", "promotion"): "promoted",
    ("place_confirmed", "exchange"): "exchanged",
    ("place_left", "registration"): "ended_with_registration",
    ("place_left", "exchange"): "given_up",
}
# After these the reader has the place.
_HOLDING = ("place_confirmed", "place_back", "place_changed")
_WHY = {
    False: gettext_lazy("You receive this mail because you signed up for these sessions."),
    True: gettext_lazy(
        "You receive this mail because you appear in the programme of this conference or answer for one of its hosts."
    ),
}


def written_list(group: Group, context: Mapping[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of the mail for several messages. `context` is that of the first; no query."""
    person = group[0].message.person is not None
    lines = [_line(one) for one in group]
    kinds = {line["kind"] for line in lines}
    filled = {
        **context,
        "lines": lines,
        "why": str(_WHY[person]),
        "holds": not kinds.isdisjoint(_HOLDING),
        "person": person,
    }
    subject = _subject(kinds, len(lines), filled["conference"])
    return subject, rendered(f"{_FILE}.txt", filled), rendered(f"{_FILE}.html", filled | {"subject": subject})


def _line(one: RenderInput) -> dict[str, Any]:
    """One session: what happened, and all that a mail of its own would say of its time and place."""
    context, kind = context_of(one), one.message.kind
    cause = str(context["by"] or context["reason"])
    # A place that is back, of which its owner never heard that it was gone, has changed at most.
    if kind == "place_back" and context.get("changed"):
        kind = "place_changed"
    return {
        "kind": kind,
        "said": happened(_CAUSED.get((kind, cause), JOINS[kind])),
        "text": rendered("place_was.txt", context),
        "html": rendered("place_was.html", context),
        "position": context.get("position"),
    }


def _subject(kinds: set[str], number: int, conference: str) -> str:
    values = {"number": number, "conference": conference}
    if kinds <= {"place_confirmed", "place_back"}:
        said = ngettext(
            "You have a place in %(number)s session: %(conference)s",
            "You have places in %(number)s sessions: %(conference)s",
            number,
        )
    elif kinds <= {"place_changed", "appearance_changed"}:
        said = ngettext(
            "Changed: %(number)s session of yours at %(conference)s",
            "Changed: %(number)s of your sessions at %(conference)s",
            number,
        )
    else:
        said = gettext("News of your sessions: %(conference)s")
    return one_line(said % values)
