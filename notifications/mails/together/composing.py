"""Writing one mail for several messages: a list of sessions, and of each what is new."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, gettext_lazy, ngettext

from notifications.calendars.checks import mail_address
from notifications.calendars.mail_parts import policy_for, with_calendar
from notifications.mails.context import context_of
from notifications.mails.render_input import RenderInput
from notifications.mails.rendering import MAX_SUBJECT, ComposedMail, compose, headers_of, sequence_of, uid_of_mail
from notifications.mails.together.grouping import Group
from notifications.rules.together import JOINS
from notifications.wordings.mail_files import rendered
from notifications.wordings.mail_lists import happened
from notifications.wordings.texts import one_line
from values.hosts import ascii_mailbox

_FILE = "several_sessions"
# Where the cause makes a difference.
_CAUSED = {
    ("place_confirmed", "promotion"): "promoted",
    ("place_confirmed", "exchange"): "exchanged",
    ("place_left", "registration"): "ended_with_registration",
    ("place_left", "exchange"): "given_up",
}
_WHY = {
    False: gettext_lazy("You receive this mail because you signed up for these sessions."),
    True: gettext_lazy(
        "You receive this mail because you appear in the programme of this conference or answer for one of its hosts."
    ),
}


def compose_group(group: Group, now: datetime) -> ComposedMail:
    """Write the mail for the messages of a group. No query.

    Raises ValueError (CalendarError among them) when an address or a time cannot be written truthfully.
    """
    return compose(group[0], now) if len(group) == 1 else _compose_list(group, now)


def _compose_list(group: Group, now: datetime) -> ComposedMail:
    first = group[0]
    recipient = mail_address("recipient", ascii_mailbox(first.message.address))
    with translation.override(first.our_language):
        lines = [_line(one) for one in group]
        context = context_of(first) | {
            "lines": lines,
            "why": str(_WHY[first.message.person is not None]),
            "holds": any(line["kind"] in ("place_confirmed", "place_back", "place_changed") for line in lines),
            "person": first.message.person is not None,
        }
        subject = _subject({line["kind"] for line in lines}, len(lines), context["conference"])
        text = rendered(f"{_FILE}.txt", context)
        html = rendered(f"{_FILE}.html", context | {"subject": subject})
    mail = with_calendar(text, html, None, None, "", policy_for(recipient))
    for header, value in headers_of(first, context, recipient, subject, now).items():
        mail[header] = value
    sequences = {one.message.pk: sequence_of(one, calendar=False) for one in group}
    return ComposedMail(mail, recipient, subject[:MAX_SUBJECT], "", uid_of_mail(first.message), sequences)


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
